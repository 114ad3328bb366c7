"""The rules of lessons: each is its owner's alone, every change can be undone, a deleted one lasts a day."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.extensions import Record
from cogs.lessons.tables import Checklist, Lesson
from db.drafts import delete_draft, find_draft, save_draft

UNDO_HOURS: Final = 24
OLD_HOURS: Final = 24
"""What was ticked off longer ago stands behind what is open; until then it stays where it was ticked."""
OPENED_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Content:
    """What a member says about a lesson."""

    words: str = field(repr=False)
    checklist: Checklist

    @classmethod
    def of(cls, lesson: Lesson) -> Self:
        return cls(lesson.words, lesson.checklist)


@dataclass(frozen=True, slots=True)
class Count:
    """How many lessons a checklist has."""

    all: int
    done: int


async def create(db: AsyncSession, *, owner: UUID, content: Content, at: datetime) -> Lesson:
    lesson = Lesson(person_id=owner, words=content.words, checklist=content.checklist, created_at=at, changed_at=at)
    db.add(lesson)
    await db.flush()
    return lesson


async def get(db: AsyncSession, lesson_id: UUID, *, owner: UUID) -> Lesson:
    """One's own lesson, a deleted one too while it lasts. Raises Gone for any other id."""
    lesson = await db.scalar(_all(owner).where(Lesson.id == lesson_id))
    if lesson is None:
        raise Gone
    return lesson


async def find_page(
    db: AsyncSession, *, owner: UUID, checklist: Checklist | None, now: datetime, limit: int, skip: int = 0
) -> Sequence[Lesson]:
    """One's own lessons, of one checklist or list by list, as they were added; those done long ago come last."""
    place = case({each: number for number, each in enumerate(Checklist)}, value=Lesson.checklist)
    done_long_ago = case((Lesson.done_at <= now - timedelta(hours=OLD_HOURS), 1), else_=0)
    query = _kept(owner).order_by(place, done_long_ago, Lesson.created_at, Lesson.id)
    if checklist is not None:
        query = query.where(Lesson.checklist == checklist)
    return (await db.scalars(query.limit(limit).offset(skip))).all()


async def count(db: AsyncSession, *, owner: UUID) -> Mapping[Checklist, Count]:
    """How many lessons each checklist has that has any."""
    kept = _kept(owner).subquery()
    query = select(kept.c.checklist, func.count(), func.count(kept.c.done_at)).group_by(kept.c.checklist)
    return {checklist: Count(every, done) for checklist, every, done in await db.execute(query)}


async def change(db: AsyncSession, lesson: Lesson, *, content: Content, editor: bytes, at: datetime) -> UUID | None:
    """Writes what is new. The old words wait sealed for `editor` in the draft whose id is given; None: no change."""
    before = Content.of(lesson)
    if before == content:
        return None
    draft = await save_draft(db, owner=editor, content=json.dumps({"of": str(lesson.id), **asdict(before)}), now=at)
    await _write(db, lesson, content, at=at)
    return draft.id


async def change_back(db: AsyncSession, lesson: Lesson, *, draft_id: UUID, editor: bytes, at: datetime) -> None:
    """Writes the old words again. Raises Gone when they are no longer kept, or are not this lesson's."""
    text = await find_draft(db, draft_id, owner=editor, now=at)
    values: dict[str, Any] = json.loads(text) if text else {}
    if values.get("of") != str(lesson.id):
        raise Gone
    await _write(db, lesson, Content(values["words"], Checklist(values["checklist"])), at=at)


async def change_done(db: AsyncSession, lesson: Lesson, *, at: datetime | None) -> None:
    """Ticks it off, or, with None, opens it again."""
    lesson.done_at = at
    await db.flush()


async def delete(db: AsyncSession, lesson: Lesson, *, at: datetime | None) -> None:
    """Takes it off its list; it is gone for good after UNDO_HOURS. With None, this is undone."""
    lesson.deleted_at = at
    await db.flush()


async def delete_expired(db: AsyncSession, *, now: datetime) -> None:
    """Removes what was deleted UNDO_HOURS ago."""
    await db.execute(delete_rows(Lesson).where(Lesson.deleted_at <= now - timedelta(hours=UNDO_HOURS)))


async def create_offer(db: AsyncSession, *, words: str, editor: bytes, at: datetime) -> UUID:
    """Keeps words that may become a lesson, sealed and for as long as drafts last."""
    return (await save_draft(db, owner=editor, content=json.dumps({"learned": words}), now=at)).id


async def find_offer(db: AsyncSession, *, draft_id: UUID, editor: bytes, at: datetime) -> str | None:
    """The words that wait; None when they have expired or were used."""
    text = await find_draft(db, draft_id, owner=editor, now=at)
    words: str | None = (json.loads(text) if text else {}).get("learned")
    return words


async def delete_offer(db: AsyncSession, *, draft_id: UUID, editor: bytes) -> None:
    await delete_draft(db, draft_id, owner=editor)


async def count_all(db: AsyncSession, *, owner: UUID) -> int:
    """Deleted ones too, while they last."""
    return await db.scalar(select(func.count()).select_from(_all(owner).subquery())) or 0


async def find_all(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Everything that is kept of one, oldest first, what was deleted in the last hours too."""
    query = _all(owner).order_by(Lesson.created_at, Lesson.id)
    # A few at a time: to open thousands in one go would keep everybody else waiting.
    async for lesson in await db.stream_scalars(query.execution_options(yield_per=OPENED_AT_ONCE)):
        yield {
            "lesson": lesson.words,
            "checklist": lesson.checklist.label,
            "added at": lesson.created_at,
            "changed at": lesson.changed_at,
            "done at": lesson.done_at,
            "deleted at": lesson.deleted_at,
        }


async def delete_all(db: AsyncSession, *, owner: UUID) -> None:
    await db.execute(delete_rows(Lesson).where(Lesson.person_id == owner))


def _all(owner: UUID) -> Select[Lesson]:
    return select(Lesson).where(Lesson.person_id == owner)


def _kept(owner: UUID) -> Select[Lesson]:
    return _all(owner).where(Lesson.deleted_at.is_(None))


async def _write(db: AsyncSession, lesson: Lesson, content: Content, *, at: datetime) -> None:
    lesson.words = content.words
    lesson.checklist = content.checklist
    lesson.changed_at = at
    await db.flush()
