"""Where rejections meet the other features: their part of one's pages, of one's export, and of its deletion."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Call
from bot.cards import Actions, Element, Heading, Shape, Style, Text, When, say, say_n
from bot.extensions import Exported, Part
from cogs.rejections import learning_service as learning
from cogs.rejections import service
from cogs.rejections.commands import log, rejections, row
from cogs.rejections.tables import Reflection, Rejection
from db import entries

__all__ = ["rejections"]

ON_HOME: Final = 3


@rejections.home
async def newest(call: Call) -> Sequence[Element]:
    add = Actions((log.button("Log a rejection", Style.PRIMARY),))
    found = await service.find_newest(call.db, owner=call.member.id, limit=ON_HOME) if call.member.keeps else ()
    return (Heading(say("Your last entries")), *map(row, found), add) if found else (add,)


@rejections.progress(part=Part.OUTCOMES)
async def this_month(call: Call) -> Sequence[Element]:
    if not call.member.keeps:
        return ()
    month = await service.count_month(call.db, owner=call.member.id, today=call.today, zone=call.member.tzinfo)
    if not month.entries:
        return ()
    sent_out = say_n(
        month.entries,
        "One application that you sent out came to an end, and you wrote it down.",
        "{n} applications that you sent out came to an end, and you wrote them down.",
    )
    learned = say_n(month.lessons, "You took one lesson along.", "You took {n} lessons along.")
    return (Heading(say("This month")), Text(sent_out), *((Text(learned),) if month.lessons else ()))


@rejections.progress(part=Part.LESSONS)
async def best_lesson(call: Call) -> Sequence[Element]:
    entry = await service.find_best_lesson(call.db, owner=call.member.id) if call.member.keeps else None
    if entry is None:
        return ()
    words = "From {day}, after {company}: {lesson}"
    day, lesson = When(entry.created_at, Shape.DATE), entry.lesson or ""
    return (Heading(say("A lesson of yours")), Text(say(words, day=day, company=entry.company, lesson=lesson)))


@rejections.export
async def export(db: AsyncSession, person_id: UUID) -> Exported:
    count = await service.count(db, owner=person_id, deleted_too=True)
    return Exported("Rejections", count, service.find_all(db, owner=person_id))


@rejections.export
async def export_reflections(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported("Reflections", await learning.count(db, owner=person_id), learning.find_all(db, owner=person_id))


@rejections.erase
async def erase(db: AsyncSession, person_id: UUID) -> None:
    for kind in (Reflection, Rejection):
        await entries.delete_all(db, kind, owner=person_id)


@rejections.tidy
async def tidy(db: AsyncSession, now: datetime) -> None:
    for kind in (Rejection, Reflection):
        await entries.delete_expired(db, kind, now=now)
