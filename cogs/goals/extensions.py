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
from cogs.goals.set import goals, offer, set_goal
from cogs.goals.tables import Goal
from cogs.goals.words import bar, state_of, strength_of, title
from db import entries

__all__ = ["goals"]

MOVED: Final = 3
"""Bars in the answer of another feature."""
ON_HOME: Final = 3
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
    return await _bars(call, moved, most=MOVED)


@goals.listen(Undone)
async def count_back(call: Call, undone: Undone) -> Sequence[Element]:
    moved = await service.move_back(call.db, owner=call.member.id, source=undone.source, at=call.now)
    return await _bars(call, moved, most=MOVED)


@goals.listen(LessonLearned)
async def make_more_of_it(call: Call, lesson: LessonLearned) -> Sequence[Element]:
    if not call.member.keeps:
        return ()
    return (Row(say("A lesson can become something to do."), await offer(call, lesson.words)),)


@goals.home
async def under_way(call: Call) -> Sequence[Element]:
    found = await service.find_under_way(call.db, owner=call.member.id, today=call.today) if call.member.keeps else ()
    if not found:
        return (Actions((set_goal.button("Set a goal"),)),)
    stand = await standings.find_standings(call.db, found[:ON_HOME], today=call.today)
    rows = [
        Row(
            say("{goal} · {state}", goal=title(each.goal), state=state_of(each, today=call.today)),
            add.button("+1", Style.PLAIN, each.goal.id, each.goal.version),
        )
        for each in stand
    ]
    return (Heading(say("Your goals")), *rows)


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
    return (Heading(say("This week")), Text(effort), *await _bars(call, found, most=IN_PROGRESS, strengths=True))


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


async def _bars(call: Call, found: Sequence[Goal], *, most: int, strengths: bool = False) -> Sequence[Element]:
    parts: list[Element] = []
    for standing in await standings.find_standings(call.db, found[:most], today=call.today):
        parts.append(bar(standing, today=call.today))
        if strengths and (words := strength_of(standing)):
            parts.append(Note(words))
    more = len(found) - most
    if more > 0:
        words = say_n(more, "And one more: {list}.", "And {n} more: {list}.", list=Typed("goal list"))
        parts.append(Note(words))
    return parts
