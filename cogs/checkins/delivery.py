"""Where and whether a member is asked and reminded."""

from bot.acts import Needs
from bot.call import Call
from bot.cards import Actions, Card, Element, Note, Row, Style, Text, Typed, Words, say
from bot.errors import Gone
from bot.events import ReachChanged
from bot.machine import write_to_me
from cogs.checkins import wishes
from cogs.checkins.pause import resume
from cogs.checkins.tables import Way
from cogs.checkins.words import checkins
from db.jobs import is_open
from db.members import Person


@checkins.command("checkin delivery", needs=Needs(reads=True))
async def delivery(call: Call) -> Card:
    """See and change where check-ins reach you, and whether you are reminded.

    In direct messages or in your group's place, never in your quiet hours.
    """
    return await _card(call)


@checkins.action()
async def ask_me(call: Call, way: Way) -> Card:
    await wishes.change_wish(call.db, owner=call.member.id, way=way)
    await call.announce(ReachChanged(call.member.id))
    return await _card(call, Text(say("Changed.")))


@checkins.action()
async def remind_me(call: Call, wanted: bool) -> Card:
    await wishes.change_wish(call.db, owner=call.member.id, nudges=wanted)
    return await _card(call, Text(say("Changed.")))


async def _card(call: Call, *first: Element) -> Card:
    person = call.member.person
    if person is None:
        raise Gone
    wish = await wishes.find_wish(call.db, owner=call.member.id)
    away = await wishes.find_pauses(call.db, owner=call.member.id, now=call.now)
    nudges = "Do not remind me" if wish.nudges else "Remind me"
    body: list[Element] = [
        *first,
        _where(person, wish.way, works=person.direct is None or await is_open(call.db, person.direct)),
        Row(
            say("**Reminder:** once, before a check-in closes.") if wish.nudges else say("**Reminder:** none."),
            remind_me.button(nudges, Style.PLAIN, not wish.nudges),
        ),
        Text(_hours(person)),
    ]
    for pause, group in away:
        until = pause.until.astimezone(call.member.tzinfo).date()
        body.append(Text(say("**Away** from {group} until {until}.", group=group.name, until=until)))
    if away:
        body.append(Actions((resume.button("Come back now", Style.PLAIN),)))
    body.append(Note(say("A reminder comes in direct messages alone, never in a place that others read.")))
    return Card(tuple(body), title=say("How check-ins reach you"), redraw=delivery.call())


def _where(person: Person, way: Way, *, works: bool) -> Element:
    """`works`: nothing is known to be in the way of direct messages."""
    if not person.may_write_first:
        words = "**Where:** nowhere, since I do not write to you first. Change that with {settings}."
        return Text(say(words, settings=Typed("settings")))
    if person.direct is None:
        words = "**Where:** in your group’s place, where you are named once. You have not chosen direct messages."
        return Row(say(words), write_to_me.button("Write to me directly"))
    if way is not Way.GROUP and not works:
        words = "**Where:** in your group’s place, since your direct messages are closed to me."
        return Row(say(words), write_to_me.button("Try again"))
    if way is Way.GROUP:
        return Row(say("**Where:** in your group’s place."), ask_me.button("Ask me directly", Style.PLAIN, Way.DIRECT))
    return Row(say("**Where:** in your direct messages."), ask_me.button("Ask me in the group", Style.PLAIN, Way.GROUP))


def _hours(person: Person) -> Words:
    settings = Typed("settings")
    if person.quiet_from == person.quiet_until:
        return say("**Quiet hours:** none. Change them with {settings}.", settings=settings)
    return say(
        "**Quiet hours:** from {begin} to {end}. Change them with {settings}.",
        begin=f"{person.quiet_from:%H:%M}",
        end=f"{person.quiet_until:%H:%M}",
        settings=settings,
    )
