"""Where goals meet the other features: what those announce moves them; their part of one's pages, export, deletion."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Call
from bot.cards import Actions, Element, Heading, Note, Row, Style, Text, Typed, say, say_n
from bot.events import Done, LessonLearned, Undone
from bot.extensions import Exported
from cogs.goals import service, standings
from cogs.goals.commands import add
from cogs.goals.remind import remind
from cogs.goals.set import goals, offer, set_goal
from cogs.goals.standings import Standing
from cogs.goals.tables import Goal
from cogs.goals.words import bar, strength_of
from db import entries

__all__ = ["goals"]

MOVED: Final = 3
"""Bars in the answer of another feature."""
IN_PROGRESS: Final = 5


@goals.listen(Done)
async def count(call: Call, done: Done) -> Sequence[Element]:
    if not call.member.keeps:
        return ()
    moved = await service.move(
        call.db,
        owner=call.member.id,
        deed=done.deed,
        source=done.source,
        on=done.on,
        number=done.count,
        at=call.now,
    )
    return await _bars(call, moved)


@goals.listen(Undone)
async def count_back(call: Call, undone: Undone) -> Sequence[Element]:
    moved = await service.move_back(call.db, owner=call.member.id, source=undone.source, at=call.now)
    return await _bars(call, moved)


@goals.listen(LessonLearned)
async def make_more_of_it(call: Call, lesson: LessonLearned) -> Sequence[Element]:
    if not call.member.keeps:
        return ()
    return (Row(say("A lesson can become something to do."), await offer(call, lesson.words)),)


@goals.home
async def set_one(call: Call) -> Sequence[Element]:  # noqa: ARG001 - a section takes a call
    """Goals under way are shown with one's progress, which stands on the same page."""
    return (Actions((set_goal.button("Set a goal"), remind.button("Reminders"))),)


@goals.progress
async def this_week(call: Call) -> Sequence[Element]:
    if not call.member.keeps:
        return ()
    found = await service.find_under_way(call.db, owner=call.member.id, today=call.today)
    if not found:
        return ()
    done = await standings.count_week(call.db, owner=call.member.id, today=call.today)
    words = say_n(done, "You did one thing for your goals.", "You did {n} things for your goals.")
    effort = words if done else say("The week is open. One small thing is a start.")
    stand = await standings.find_standings(call.db, found[:IN_PROGRESS], today=call.today)
    shown = [part for each in stand for part in (bar(each, today=call.today), _count_one(each))]
    return (Heading(say("This week")), Text(effort), *shown, *_more(len(found) - IN_PROGRESS))


@goals.export
async def export(db: AsyncSession, person_id: UUID) -> Exported:
    number = await service.count(db, owner=person_id, deleted_too=True)
    return Exported("Goals", number, service.find_all(db, owner=person_id))


@goals.export
async def export_progress(db: AsyncSession, person_id: UUID) -> Exported:
    number = await service.count_progress(db, owner=person_id)
    return Exported("Done for goals", number, service.find_progress(db, owner=person_id))


@goals.export
async def export_pauses(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported.of("Pauses of goals", await service.find_pauses(db, owner=person_id))


@goals.erase
async def erase(db: AsyncSession, person_id: UUID) -> None:
    await entries.delete_all(db, Goal, owner=person_id)


@goals.tidy
async def tidy(db: AsyncSession, now: datetime) -> None:
    await entries.delete_expired(db, Goal, now=now)


async def _bars(call: Call, found: Sequence[Goal]) -> Sequence[Element]:
    stand = await standings.find_standings(call.db, found[:MOVED], today=call.today)
    return (*(bar(each, today=call.today) for each in stand), *_more(len(found) - MOVED))


def _count_one(standing: Standing) -> Row:
    goal = standing.goal
    words = strength_of(standing) or say("Did something for it?")
    return Row(words, add.button("+1", Style.PLAIN, goal.id, goal.version))


def _more(left: int) -> Sequence[Element]:
    if left <= 0:
        return ()
    return (Note(say_n(left, "And one more: {list}.", "And {n} more: {list}.", list=Typed("goal list"))),)
