"""What members write down: each entry is its owner's alone, and what is changed or deleted can be put back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from sqlalchemy import Executable, ForeignKey, Select, func, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Base, Versioned, kept, structural
from db.drafts import find_value, save_value

UNDO_HOURS = 24
MEMBER_ALONE = "the member"
_OPENED_AT_ONCE = 50


def until_deleted(what: str) -> str:
    """How long a column of an entry is kept, for its declaration."""
    return f"until {UNDO_HOURS} hours after the member deletes {what}, or at once with all their data"


class Entry(Base, Versioned):
    """Something that a member wrote down. A deleted one is off all lists, and gone for good after UNDO_HOURS."""

    __abstract__ = True

    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = kept(
        why="when it was written down", seen_by=MEMBER_ALONE, until=until_deleted("it"), sort_order=1
    )
    changed_at: Mapped[datetime] = kept(
        why="when it was last changed", seen_by=MEMBER_ALONE, until=until_deleted("it"), sort_order=1
    )
    deleted_at: Mapped[datetime | None] = kept(
        index=True,
        why="when it was deleted, so that this can be undone",
        seen_by=MEMBER_ALONE,
        until=until_deleted("it"),
        sort_order=1,
    )

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def is_as_drawn(self, version: int) -> bool:
        """Whether nothing has happened to it since that version was drawn; a deleted one never is."""
        return self.version == version and not self.is_deleted

    def is_deleted_as_drawn(self, version: int) -> bool:
        """Whether the last that happened to it is the deletion that was drawn then."""
        return self.version == version and self.is_deleted


E = TypeVar("E", bound=Entry)
Q = TypeVar("Q", bound=Executable)
Written_contra = TypeVar("Written_contra", bound=Entry, contravariant=True)


class Content(Protocol[Written_contra]):
    """What a member says in an entry, as a dataclass of plain values."""

    @classmethod
    def of(cls, entry: Written_contra, /) -> Self:
        """What the entry says now."""

    def write(self, entry: Written_contra, /) -> None:
        """Makes the entry say it."""


C = TypeVar("C", bound=Content[Any])


def all_of(kind: type[E], owner: UUID) -> Select[E]:
    """One's own entries, deleted ones too while they last."""
    return select(kind).where(kind.person_id == owner)


def kept_of(kind: type[E], owner: UUID) -> Select[E]:
    """One's own entries that are not deleted."""
    return all_of(kind, owner).where(kind.deleted_at.is_(None))


def few_at_a_time(query: Q) -> Q:
    """The query for a stream: to open thousands of sealed rows in one go would keep everybody else waiting."""
    return query.execution_options(yield_per=_OPENED_AT_ONCE)


async def find(db: AsyncSession, kind: type[E], entry_id: UUID, *, owner: UUID) -> E | None:
    """One's own entry, a deleted one too while it lasts; None for any other id."""
    return await db.scalar(all_of(kind, owner).where(kind.id == entry_id))


async def count(db: AsyncSession, entries: Select[Any]) -> int:
    """How many entries a query finds."""
    return await db.scalar(select(func.count()).select_from(entries.subquery())) or 0


async def change(db: AsyncSession, entry: E, content: Content[E], *, editor: bytes, at: datetime) -> UUID | None:
    """Writes what is new. The old words wait sealed for `editor` in the draft whose id is given; None: no change."""
    before = type(content).of(entry)
    if before == content:
        return None
    draft_id = await save_value(db, before, about=entry.id, owner=editor, now=at)
    await _write(db, entry, content, at=at)
    return draft_id


async def change_back(
    db: AsyncSession, entry: Entry, kind: type[C], *, draft_id: UUID, editor: bytes, at: datetime
) -> C | None:
    """Undoes `change` and gives the old words; None where they are no longer kept, or are not this entry's."""
    before = await find_value(db, kind, draft_id, about=entry.id, owner=editor, now=at)
    if before is not None:
        await _write(db, entry, before, at=at)
    return before


async def delete(db: AsyncSession, entry: Entry, *, at: datetime) -> None:
    """Takes it off all lists."""
    entry.deleted_at = at
    await db.flush()


async def undo_delete(db: AsyncSession, entry: Entry) -> None:
    """Puts it back on its lists."""
    entry.deleted_at = None
    await db.flush()


async def delete_as_drawn(db: AsyncSession, entry: Entry, version: int, *, at: datetime) -> bool:
    """Deletes what a button was drawn for; False where something has happened to it since."""
    if not entry.is_as_drawn(version):
        return False
    await delete(db, entry, at=at)
    return True


async def put_back_as_drawn(db: AsyncSession, entry: Entry, version: int) -> bool:
    """Undoes the deletion that a button was drawn for; False where something has happened to it since."""
    if not entry.is_deleted_as_drawn(version):
        return False
    await undo_delete(db, entry)
    return True


async def delete_expired(db: AsyncSession, kind: type[Entry], *, now: datetime) -> None:
    """Removes what was deleted UNDO_HOURS ago, with all that hangs on it."""
    await db.execute(delete_rows(kind).where(kind.deleted_at <= now - timedelta(hours=UNDO_HOURS)))


async def delete_all(db: AsyncSession, kind: type[Entry], *, owner: UUID) -> None:
    """Removes all of one's own at once, with all that hangs on them."""
    await db.execute(delete_rows(kind).where(kind.person_id == owner))


async def _write(db: AsyncSession, entry: Entry, content: Content[Any], *, at: datetime) -> None:
    content.write(entry)
    entry.changed_at = at
    await db.flush()
