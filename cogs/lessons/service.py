"""The rules of lessons: each is its owner's alone, every change can be undone, a deleted one lasts a day."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import or_gone
from bot.extensions import Record
from cogs.lessons.tables import Checklist, Lesson
from db import entries
from db.drafts import delete_draft, find_value, save_value
from db.entries import all_of, few_at_a_time, kept_of

OLD_HOURS: Final = 24
"""What was ticked off longer ago stands behind what is open; until then it stays where it was ticked."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a member says about a lesson."""

    words: str = field(repr=False)
    checklist: Checklist

    @classmethod
    def of(cls, lesson: Lesson, /) -> Self:
        return cls(lesson.words, lesson.checklist)

    def write(self, lesson: Lesson, /) -> None:
        lesson.words = self.words
        lesson.checklist = self.checklist


@dataclass(frozen=True, slots=True)
class Offer:
    """What may become a lesson."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Count:
    """How many lessons a checklist has."""

    all: int
    done: int


async def create(db: AsyncSession, *, owner: UUID, content: Content, at: datetime) -> Lesson:
    lesson = Lesson(person_id=owner, created_at=at, changed_at=at)
    content.write(lesson)
    db.add(lesson)
    await db.flush()
    return lesson


async def get(db: AsyncSession, lesson_id: UUID, *, owner: UUID) -> Lesson:
    """One's own lesson, a deleted one too while it lasts. Raises Gone for any other id."""
    return or_gone(await entries.find(db, Lesson, lesson_id, owner=owner))


async def find_page(
    db: AsyncSession, *, owner: UUID, checklist: Checklist | None, now: datetime, limit: int, skip: int = 0
) -> Sequence[Lesson]:
    """One's own lessons, of one checklist or list by list, as they were added; those done long ago come last."""
    place = case({each: number for number, each in enumerate(Checklist)}, value=Lesson.checklist)
    done_long_ago = case((Lesson.done_at <= now - timedelta(hours=OLD_HOURS), 1), else_=0)
    query = kept_of(Lesson, owner).order_by(place, done_long_ago, Lesson.created_at, Lesson.id)
    if checklist is not None:
        query = query.where(Lesson.checklist == checklist)
    return (await db.scalars(query.limit(limit).offset(skip))).all()


async def count(db: AsyncSession, *, owner: UUID) -> Mapping[Checklist, Count]:
    """How many lessons each checklist has that has any."""
    kept = kept_of(Lesson, owner).subquery()
    query = select(kept.c.checklist, func.count(), func.count(kept.c.done_at)).group_by(kept.c.checklist)
    return {checklist: Count(every, done) for checklist, every, done in await db.execute(query)}


async def change_done(db: AsyncSession, lesson: Lesson, *, at: datetime | None) -> None:
    """Ticks it off, or, with None, opens it again."""
    lesson.done_at = at
    await db.flush()


async def create_offer(db: AsyncSession, *, words: str, editor: bytes, at: datetime) -> UUID:
    """Keeps words that may become a lesson, sealed and for as long as drafts last."""
    return await save_value(db, Offer(words), owner=editor, now=at)


async def find_offer(db: AsyncSession, *, draft_id: UUID, editor: bytes, at: datetime) -> str | None:
    """The words that wait; None when they have expired or were used."""
    offer = await find_value(db, Offer, draft_id, owner=editor, now=at)
    return offer.words if offer else None


async def delete_offer(db: AsyncSession, *, draft_id: UUID, editor: bytes) -> None:
    await delete_draft(db, draft_id, owner=editor)


async def count_all(db: AsyncSession, *, owner: UUID) -> int:
    """Deleted ones too, while they last."""
    return await entries.count(db, all_of(Lesson, owner))


async def find_all(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Everything that is kept of one, oldest first, what was deleted in the last hours too."""
    query = all_of(Lesson, owner).order_by(Lesson.created_at, Lesson.id)
    async for lesson in await db.stream_scalars(few_at_a_time(query)):
        yield {
            "lesson": lesson.words,
            "checklist": lesson.checklist.label,
            "added at": lesson.created_at,
            "changed at": lesson.changed_at,
            "done at": lesson.done_at,
            "deleted at": lesson.deleted_at,
        }
