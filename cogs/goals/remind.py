"""Reminders of goals, by the member's choice: the evening before a last day, and before the week ends."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Final
from uuid import UUID

from bot.acts import Needs
from bot.call import Call, Run
from bot.cards import Actions, Card, Element, Note, Row, Style, Text, Typed, Words, say, say_n
from bot.machine import write_to_me
from bot.options import Choice
from bot.turn import Turn
from cogs.goals import service, standings
from cogs.goals.commands import add
from cogs.goals.reading import Period
from cogs.goals.set import goals
from cogs.goals.standings import Standing
from cogs.goals.words import bar
from db.members import get_person
from db.quiet import zone_of
from db.schedules import create_schedule, delete_schedules_of, schedules_of

DUE: Final = "goals.due_tomorrow"
WEEK: Final = "goals.week_ends"
GRACE: Final = timedelta(hours=1)
"""A reminder that comes later than this reminds of nothing."""
SHOWN: Final = 5


class Reminder(Choice):
    """What a member may be reminded of."""

    DUE = DUE, "The evening before a goal is due"
    WEEK = WEEK, "On Saturday, before the week ends"

    @property
    def weekdays(self) -> Sequence[int]:
        return range(7) if self is Reminder.DUE else [5]

    @property
    def at(self) -> time:
        return time(18) if self is Reminder.DUE else time(10)


@goals.command("goal remind", needs=Needs(reads=True))
async def remind(call: Call) -> Card:
    """Choose what to be reminded of.

    Reminders come in direct messages, outside your quiet hours, and only where something is still open.
    """
    return await _card(call)


@goals.action()
async def switch(call: Call, reminder: Reminder, on: bool) -> Card:
    """Turns one kind on or off; the same card then offers the way back."""
    owner = call.member.id
    if on and not await schedules_of(call.db, owner, kind=reminder.value):
        await create_schedule(
            call.db,
            kind=reminder.value,
            subject=owner,
            person_id=owner,
            weekdays=reminder.weekdays,
            at=reminder.at,
            zone=call.member.zone or await zone_of(call.db, await get_person(call.db, owner)),
            grace_seconds=int(GRACE.total_seconds()),
            now=call.now,
        )
    elif not on:
        await delete_schedules_of(call.db, owner, kind=reminder.value)
    return await _card(call)


@goals.schedule(DUE)
async def evening(turn: Turn) -> None:
    await _tell(turn, Reminder.DUE)


@goals.schedule(WEEK)
async def saturday(turn: Turn) -> None:
    await _tell(turn, Reminder.WEEK)


@goals.job()
async def reminder(run: Run, person_id: UUID, kind: Reminder, day: date) -> Card | None:
    """What is still open; None where nothing is, and then nothing is sent."""
    async with run.reading() as db:
        found = await service.find_under_way(db, owner=person_id, today=day)
        stand = [each for each in await standings.find_standings(db, found, today=day) if _is_open(each, kind, day)]
        bars = [part for each in stand[:SHOWN] for part in (bar(each, today=day), _count_one(each))]
    if not stand:
        return None
    return Card((*bars, *_more(len(stand) - SHOWN), Note(say(_OFF, remind=Typed("goal remind")))), title=_TITLES[kind])


async def _tell(turn: Turn, kind: Reminder) -> None:
    job = reminder.call(turn.subject, kind, turn.slot)
    await turn.tell(turn.subject, job, at=turn.due_at, key=f"{kind.value}:{turn.subject}:{turn.slot}", grace=GRACE)


def _is_open(standing: Standing, kind: Reminder, day: date) -> bool:
    goal = standing.goal
    if standing.done >= goal.quantity:
        return False
    return goal.until == day + timedelta(days=1) if kind is Reminder.DUE else goal.period is Period.WEEK


def _count_one(standing: Standing) -> Row:
    goal = standing.goal
    return Row(say("Did something for it?"), add.button("+1", Style.PLAIN, goal.id, goal.version))


def _more(left: int) -> Sequence[Element]:
    if left <= 0:
        return ()
    return (Note(say_n(left, "And one more: {list}.", "And {n} more: {list}.", list=Typed("goal list"))),)


async def _card(call: Call) -> Card:
    chosen = {each for each in Reminder if await schedules_of(call.db, call.member.id, kind=each.value)}
    rows = [
        Row(
            say("**{label}:** {state}", label=each.label, state=say("on") if each in chosen else say("off")),
            switch.button("Turn off" if each in chosen else "Turn on", Style.PLAIN, each, each not in chosen),
        )
        for each in Reminder
    ]
    person = await get_person(call.db, call.member.id)
    nowhere: tuple[Element, ...] = ()
    if chosen and person.direct is None:
        nowhere = (Text(say(_NOWHERE)), Actions((write_to_me.button("Write to me there", Style.PRIMARY),)))
    return Card((*rows, *nowhere), title=say("Reminders"), redraw=remind.call())


_TITLES: Final[dict[Reminder, Words]] = {
    Reminder.DUE: say("Due tomorrow"),
    Reminder.WEEK: say("The week ends tomorrow"),
}
_NOWHERE: Final = "Reminders come in direct messages, and you have not chosen these yet."
_OFF: Final = "You asked to be reminded. To change that: {remind}."
