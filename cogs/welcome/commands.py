"""The first steps of a newcomer; what they had asked for waits, and goes on after the last one."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from bot.acts import Needs, Resume
from bot.call import Call
from bot.cards import Actions, Card, Element, Note, Style, Text, Tone, Typed, say
from bot.errors import Gone
from bot.extensions import Hold
from bot.feature import Feature
from bot.options import ASKED, Ask
from bot.zones import REGIONS, clock, clocks
from cogs.welcome import service
from db.drafts import DRAFT_MINUTES
from db.members import Consent, Person

welcome = Feature("welcome", "The first steps: what is kept, your time, what you look for.")

FIRST: Final = Needs(before_consent=True, without_saving=True)
STEP: Final = Needs(reads=True)


@welcome.gate
async def choose_first(call: Call, needs: Needs, hold: Hold) -> Card | None:
    """Nothing is kept before a member has chosen what may be."""
    if call.member.consent is None and not needs.before_consent:
        return _what_is_kept(call, await hold())
    if call.member.consent is Consent.WITHOUT_SAVING and not (needs.without_saving or needs.before_consent):
        return _unavailable(await hold())
    return None


@welcome.home
async def nothing_kept(call: Call) -> Sequence[Element]:
    """What one's own page says while nothing is kept."""
    match call.member.consent:
        case None:
            return (Text(say("This is going to be your own page. Nothing is kept yet: you choose that first.")),)
        case Consent.WITHOUT_SAVING:
            words = "You use me without saving, so there is nothing to show here. {settings} changes that."
            return (Text(say(words, settings=Typed("settings"))),)
        case Consent.KEEP:
            return ()


@welcome.action(needs=FIRST)
async def keep(call: Call, draft_id: UUID) -> Card | Resume:
    person = await service.create(call.db, call.member.key, consent=Consent.KEEP, zone=call.member.zone, at=call.now)
    if call.member.consent is Consent.WITHOUT_SAVING:
        return Resume(draft_id)
    return _what_to_look_for(call, draft_id, person) if person.zone else _what_time(call, draft_id)


@welcome.action(needs=FIRST)
async def without_saving(call: Call, draft_id: UUID) -> Card | Resume:
    person = await service.create(call.db, call.member.key, consent=Consent.WITHOUT_SAVING, zone=None, at=call.now)
    return _kept_before(draft_id) if person.consent is Consent.KEEP else Resume(draft_id)


@welcome.action()
async def choose_clock(call: Call, draft_id: UUID, region: int, zone: str) -> Card:  # noqa: ARG001 - no two choices of a card share an id
    person = _person(call)
    await service.change_zone(call.db, person, zone=zone)
    return _what_to_look_for(call, draft_id, person)


@welcome.action(needs=STEP)
async def skip_clock(call: Call, draft_id: UUID) -> Card:
    return _what_to_look_for(call, draft_id, _person(call))


@welcome.action(title="What you look for")
async def tell(
    call: Call,
    draft_id: UUID,
    words: Annotated[str, Ask("What are you looking for?", example="A job in retail near home", at_most=200)] = ASKED,
) -> Card:
    await service.change_looking_for(call.db, _person(call), words=words)
    # A form cannot be opened from a form, and what waits may open one: so a press stands between.
    return Card(
        (
            Text(say("Thank you. I wrote down: {words}", words=words)),
            Actions((go_on.button("Go on", Style.PRIMARY, draft_id),)),
        ),
        title=say("That is all"),
    )


@welcome.action(needs=STEP)
async def go_on(call: Call, draft_id: UUID) -> Resume:  # noqa: ARG001 - an action takes a call
    return Resume(draft_id)


def _what_is_kept(call: Call, draft_id: UUID) -> Card:
    zone: tuple[Element, ...] = ()
    if call.member.zone:
        now = clock(call.member.zone, now=call.now)
        zone = (Note(say("Your time comes with your account here: {now}.", now=now)),)
    return Card(
        (
            Text(
                say(
                    "**Keep my entries:** what you write here is kept, so that you can find it again. You alone see "
                    "it. It is sealed before it is stored; whoever runs this bot holds the key."
                )
            ),
            Text(
                say(
                    "**Use without saving:** I answer and keep nothing you write, only this one choice and the account "
                    "it belongs to. There are then no lists, no lessons and no undo."
                )
            ),
            Text(
                say(
                    "Either can be changed later with {settings}, and all of it deleted with {delete}.",
                    settings=Typed("settings"),
                    delete=Typed("mydata delete"),
                )
            ),
            *zone,
            Note(
                say(
                    "Nothing is written down before you choose, but what you asked for now: it waits, sealed, for "
                    "{minutes} minutes.",
                    minutes=DRAFT_MINUTES,
                )
            ),
            Actions(
                (
                    keep.button("Keep my entries", Style.PRIMARY, draft_id),
                    without_saving.button("Use without saving", Style.PLAIN, draft_id),
                )
            ),
        ),
        title=say("Before we begin"),
        tone=Tone.CALM,
    )


def _kept_before(draft_id: UUID) -> Card:
    words = say(
        "You had chosen before that I keep your entries, so nothing was changed now. Change the choice with "
        "{settings}, or go on with what you asked for and have it kept.",
        settings=Typed("settings"),
    )
    return Card((Text(words), Actions((go_on.button("Go on", Style.PRIMARY, draft_id),))), tone=Tone.CALM)


def _what_time(call: Call, draft_id: UUID) -> Card:
    choices = [
        Actions((choose_clock.select(region, clocks(region, now=call.now), draft_id, number),))
        for number, region in enumerate(REGIONS)
    ]
    return Card(
        (
            Text(say("So that dates are yours, and nothing reaches you at night.")),
            *choices,
            Actions((skip_clock.button("Skip", Style.PLAIN, draft_id),)),
        ),
        title=say("What time is it for you?"),
    )


def _what_to_look_for(call: Call, draft_id: UUID, person: Person) -> Card:
    time: tuple[Element, ...] = ()
    if person.zone:
        now, settings = clock(person.zone, now=call.now), Typed("settings")
        time = (Note(say("Your time is {now}. Change it with {settings}.", now=now, settings=settings)),)
    return Card(
        (
            Text(say("A few words are enough, and only you see them. You can also leave it open.")),
            Actions(
                (
                    tell.button("Write it down", Style.PRIMARY, draft_id),
                    go_on.button("Skip", Style.PLAIN, draft_id),
                )
            ),
            *time,
        ),
        title=say("What are you looking for?"),
    )


def _unavailable(draft_id: UUID) -> Card:
    return Card(
        (
            Text(
                say(
                    "This needs kept entries, and you chose to use me without saving. {log}, {support} and {help} "
                    "answer all the same.",
                    log=Typed("rejection log"),
                    support=Typed("support"),
                    help=Typed("help"),
                )
            ),
            Text(
                say(
                    "From now on I can keep what you write. Only you see it, and {delete} removes it.",
                    delete=Typed("mydata delete"),
                )
            ),
            Actions((keep.button("Keep my entries", Style.PRIMARY, draft_id),)),
        ),
        title=say("Not without saving"),
        tone=Tone.CALM,
    )


def _person(call: Call) -> Person:
    if call.member.person is None:
        raise Gone
    return call.member.person
