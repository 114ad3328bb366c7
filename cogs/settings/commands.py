"""The settings card: every setting with the button that changes it, and the change undone where it was made."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Filling, Needs
from bot.call import Call
from bot.cards import Actions, Button, Card, Element, Note, Option, Row, Style, Text, Typed, Words, say
from bot.countries import COUNTRIES, countries
from bot.errors import Gone
from bot.events import ReachChanged
from bot.extensions import Exported
from bot.feature import Feature
from bot.machine import write_in_group, write_to_me
from bot.options import Ask
from bot.undoing import as_before, changed
from bot.zones import REGIONS, clock, clocks
from cogs.settings import service
from cogs.settings.service import NO, YES, Setting
from db.members import Consent, Person

settings = Feature("settings", "Your time, quiet hours, country, and what I keep.")

READS: Final = Needs(reads=True, without_saving=True)
CHANGES: Final = Needs(without_saving=True)


@settings.command("settings", needs=READS)
async def show(call: Call) -> Card:
    """See and change your settings.

    Each change can be undone on the card.
    """
    return _card(call, _person(call))


@settings.action(needs=READS)
async def back(call: Call) -> Card:
    return _card(call, _person(call))


@settings.action(needs=READS)
async def ask(call: Call, setting: Setting) -> Card:
    """The choices of one setting, drawn for the version they would change."""
    person = _person(call)
    if setting not in _QUESTIONS:
        raise Gone
    return Card((*_QUESTIONS[setting](call, person), Actions((back.button("Back"),))), title=say("Settings"))


@settings.action(needs=CHANGES)
async def change(call: Call, setting: Setting, version: int, value: str) -> Card:
    return await _change(call, setting, version, value)


@settings.action(needs=CHANGES)
async def choose_clock(call: Call, version: int, region: int, zone: str) -> Card:  # noqa: ARG001 - no two choices of a card share an id
    return await _change(call, Setting.ZONE, version, zone)


@settings.action(needs=CHANGES)
async def put_back(call: Call, setting: Setting, version: int, value: str | None) -> Card:
    person = _person(call)
    if person.version != version:
        return _card(call, person)
    await service.change(call.db, person, setting=setting, value=value, at=call.now)
    await call.announce(ReachChanged(person.id))
    return _card(call, person, as_before())


async def _filled(call: Call) -> Filling:
    return Filling({"words": _person(call).looking_for})


@settings.action(title="What you look for", form=_filled)
async def look_for(
    call: Call,
    words: Annotated[
        str | None, Ask("What are you looking for?", example="A job in retail near home", at_most=200)
    ] = None,
) -> Card:
    person = _person(call)
    draft_id = await service.change_looking_for(
        call.db, person, words=words, editor=call.member.fingerprint, at=call.now
    )
    if draft_id is None:
        return _card(call, person)
    undo = undo_look_for.button("Undo", Style.PLAIN, draft_id, person.version)
    return _card(call, person, changed(undo))


@settings.action()
async def undo_look_for(call: Call, draft_id: UUID, version: int) -> Card:
    person = _person(call)
    if person.version != version:
        return _card(call, person)
    await service.change_looking_for_back(
        call.db, person, draft_id=draft_id, editor=call.member.fingerprint, at=call.now
    )
    return _card(call, person, as_before())


@settings.export
async def export_settings(db: AsyncSession, person_id: UUID) -> Exported:
    count = await service.count_settings(db, owner=person_id)
    return Exported("Settings", count, service.find_settings(db, owner=person_id))


@settings.export
async def export_accounts(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported.of("Accounts", await service.find_accounts(db, owner=person_id))


@settings.export
async def export_communities(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported.of("Communities", await service.find_communities(db, owner=person_id))


async def _change(call: Call, setting: Setting, version: int, value: str) -> Card:
    person = _person(call)
    if person.version != version or value == service.text_of(person, setting):
        return _card(call, person)
    former = await service.change(call.db, person, setting=setting, value=value, at=call.now)
    await call.announce(ReachChanged(person.id))
    undo = put_back.button("Undo", Style.PLAIN, setting, person.version, former)
    return _card(call, person, Row(_CHANGED.get((setting, value), say("Changed.")), undo))


def _card(call: Call, person: Person, *said: Element) -> Card:
    keeps = person.consent is Consent.KEEP
    first = person.may_write_first
    other = NO if first else YES
    write = change.button(
        "Stop writing first" if first else "Allow writing first",
        Style.PLAIN,
        Setting.WRITES_FIRST,
        person.version,
        other,
    )
    kept = say("I keep your entries.") if keeps else say("I keep nothing new.")
    body: list[Element] = [
        Row(_label("Your time", _time(call, person)), ask.button("Change time", Style.PLAIN, Setting.ZONE)),
        Row(_label("Quiet hours", _quiet(person)), ask.button("Change hours", Style.PLAIN, Setting.QUIET_FROM)),
        Row(_label("Country", _country(person)), ask.button("Change country", Style.PLAIN, Setting.COUNTRY)),
        Row(_label("What I keep", kept), ask.button("Change what is kept", Style.PLAIN, Setting.CONSENT)),
        Row(
            _label("Writing first", say("I may write to you first.") if first else say("I answer, and never begin.")),
            write,
        ),
    ]
    if keeps:
        direct = person.direct is not None
        body.append(
            Row(
                _label(
                    "Direct messages", say("I write there first.") if direct else say("I do not write there first.")
                ),
                (write_in_group if direct else write_to_me).button("Stop that" if direct else "Write to me there"),
            )
        )
        words = say("{words}", words=person.looking_for) if person.looking_for else say("Not said.")
        body.append(Row(_label("You look for", words), look_for.button("Change what you look for")))
    mydata = say("See, export or delete what is kept: {mydata}.", mydata=Typed("mydata show"))
    return Card((*said, *body, Note(mydata)), title=say("Settings"), redraw=back.call())


def _direct(person: Person) -> Row:
    if person.direct is None:
        words, button = say("I do not write there first."), write_to_me.button("Write to me there")
    else:
        words, button = say("I write there first."), write_in_group.button("Stop that")
    return Row(_label("Direct messages", words), button)


def _ask_time(call: Call, person: Person) -> Sequence[Element]:
    choices = [
        choose_clock.select(
            region, clocks(region, now=call.now), person.version, number, chosen=_in(region, person.zone)
        )
        for number, region in enumerate(REGIONS)
    ]
    return (Text(say("What time is it for you?")), *(Actions((choice,)) for choice in choices))


def _ask_quiet(_call: Call, person: Person) -> Sequence[Element]:
    hours = [Option(str(hour), f"{hour:02}:00") for hour in range(24)]
    asked = (("From", Setting.QUIET_FROM), ("Until", Setting.QUIET_UNTIL))
    choices = [
        Actions((change.select(name, hours, each, person.version, chosen=service.text_of(person, each)),))
        for name, each in asked
    ]
    return (
        Text(say("When should I not write first? I still answer you at any hour.")),
        *choices,
        Note(say("The same hour in both means that there are no quiet hours.")),
    )


def _ask_country(_call: Call, person: Person) -> Sequence[Element]:
    choice = change.select("Your country", countries(), Setting.COUNTRY, person.version, chosen=person.country)
    return (Text(say("Where are you? The support card then shows that country’s lines first.")), Actions((choice,)))


def _ask_consent(_call: Call, person: Person) -> Sequence[Element]:
    keep = _choice("Keep my entries", person, Setting.CONSENT, Consent.KEEP)
    without = _choice("Use without saving", person, Setting.CONSENT, Consent.WITHOUT_SAVING)
    return (
        Text(
            say(
                "With kept entries you have lists, lessons and undo, and only you see them. Without saving I answer "
                "and keep nothing new."
            )
        ),
        Text(
            say("What is kept already stays until you delete it: {delete}.", delete=Typed("mydata delete")),
        ),
        Actions((keep, without)),
    )


def _choice(label: str, person: Person, setting: Setting, value: str) -> Button:
    chosen = service.text_of(person, setting) == value
    return change.button(label, Style.PRIMARY if chosen else Style.PLAIN, setting, person.version, value)


def _label(name: str, words: Words) -> Words:
    return say("**{name}:** {words}", name=name, words=words)


def _time(call: Call, person: Person) -> Words:
    if person.zone is None:
        return say("Not chosen. I take the one of your account, or else UTC.")
    return say("{clock}", clock=clock(person.zone, now=call.now))


def _quiet(person: Person) -> Words:
    if person.quiet_from == person.quiet_until:
        return say("None.")
    return say(
        "I do not write first from {begin} to {end}.",
        begin=f"{person.quiet_from:%H:%M}",
        end=f"{person.quiet_until:%H:%M}",
    )


def _country(person: Person) -> Words:
    name = COUNTRIES.get(person.country or "")
    return say("{name}.", name=name) if name else say("Not said, or one without lines of its own.")


def _in(region: str, zone: str | None) -> str | None:
    return zone if zone in REGIONS[region] else None


def _person(call: Call) -> Person:
    if call.member.person is None:
        raise Gone
    return call.member.person


_QUESTIONS: Final[Mapping[Setting, Callable[[Call, Person], Sequence[Element]]]] = {
    Setting.ZONE: _ask_time,
    Setting.QUIET_FROM: _ask_quiet,
    Setting.QUIET_UNTIL: _ask_quiet,
    Setting.COUNTRY: _ask_country,
    Setting.CONSENT: _ask_consent,
}
_CHANGED: Final[Mapping[tuple[Setting, str], Words]] = {
    (Setting.CONSENT, Consent.WITHOUT_SAVING.value): say(
        "From now on I keep nothing new. What was kept stays until you delete it: {delete}.",
        delete=Typed("mydata delete"),
    ),
    (Setting.CONSENT, Consent.KEEP.value): say("From now on I keep your entries. Only you see them."),
}
