"""What was typed and is not finished yet: waits sealed, for its owner alone, for a quarter of an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Base, kept
from db.sealed import Sealed, SealedText, sealed_text

DRAFT_MINUTES = 15
_UNTIL = f"{DRAFT_MINUTES} minutes"
V = TypeVar("V")


class Draft(Base):
    """One form in flight. Its owner is a fingerprint, since a draft may be older than its member's consent."""

    __tablename__ = "drafts"
    __owner__ = "owner"

    owner: Mapped[bytes] = kept(
        index=True, why="whose draft it is, as a fingerprint of the account", seen_by="nobody", until=_UNTIL
    )
    sealed_content: Mapped[Sealed] = kept(
        SealedText(), why="what was typed, to go on from there", seen_by="the member", until=_UNTIL
    )
    expires_at: Mapped[datetime] = kept(index=True, why="when the draft is deleted", seen_by="nobody", until=_UNTIL)

    content = sealed_text("sealed_content")


async def save_draft(
    db: AsyncSession,
    *,
    owner: bytes,
    content: str,
    now: datetime,
    minutes: int = DRAFT_MINUTES,
    draft_id: UUID | None = None,
) -> Draft:
    """Keep `content` for its owner (a fingerprint from the keyring). `draft_id` is one that was given out before."""
    draft = Draft(id=draft_id or uuid4(), owner=owner, content=content, expires_at=now + timedelta(minutes=minutes))
    db.add(draft)
    await db.flush()
    return draft


async def find_draft(db: AsyncSession, draft_id: UUID, *, owner: bytes, now: datetime) -> str | None:
    """What was typed; None when it has expired, was deleted, or is somebody else's."""
    draft = await db.scalar(select(Draft).where(Draft.id == draft_id, Draft.owner == owner, Draft.expires_at > now))
    return None if draft is None else draft.content


async def save_value(
    db: AsyncSession,
    value: object,
    *,
    owner: bytes,
    now: datetime,
    about: UUID | None = None,
    draft_id: UUID | None = None,
) -> UUID:
    """Keep a dataclass of plain values for its owner, and about the row with this id, where it is about one."""
    kind = _json(type(value))  # type: ignore[arg-type]  # a class can be hashed, whatever its instances can
    content = f"{_head(type(value), about)}\n{kind.dump_json(value).decode()}"
    return (await save_draft(db, owner=owner, content=content, now=now, draft_id=draft_id)).id


async def find_value(
    db: AsyncSession, kind: type[V], draft_id: UUID, *, owner: bytes, now: datetime, about: UUID | None = None
) -> V | None:
    """What was kept; None where `find_draft` gives None, and where it is of another kind or about another row."""
    head, _, value = (await find_draft(db, draft_id, owner=owner, now=now) or "").partition("\n")
    if head != _head(kind, about):
        return None
    try:
        found: V = _json(kind).validate_json(value)  # type: ignore[arg-type]  # as above
    except ValueError:  # An update has changed the kind since. The error would show what was typed.
        return None
    return found


async def delete_draft(db: AsyncSession, draft_id: UUID, *, owner: bytes) -> None:
    """Delete one's own draft, if it is still there."""
    await db.execute(delete(Draft).where(Draft.id == draft_id, Draft.owner == owner))


async def delete_drafts_of(db: AsyncSession, *, owner: bytes) -> int:
    """Delete all of an owner's drafts; how many there were."""
    return len((await db.scalars(delete(Draft).where(Draft.owner == owner).returning(Draft.id))).all())


async def purge_drafts(db: AsyncSession, *, now: datetime) -> int:
    """Delete what has expired; how many there were."""
    return len((await db.scalars(delete(Draft).where(Draft.expires_at <= now).returning(Draft.id))).all())


def _head(kind: type, about: UUID | None) -> str:
    return f"{kind.__module__}.{kind.__qualname__} {about or ''}"


@lru_cache
def _json(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
