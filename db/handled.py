"""Once is once: what came in is remembered in the transaction that handles it, so that a second arrival is known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Table, kept, structural
from db.insert import insert_once

_UNTIL = "one day"


class Handled(Table):
    """Something that came in, by the fingerprint of its platform's id for it."""

    __tablename__ = "handled"

    id: Mapped[bytes] = structural(LargeBinary(32), primary_key=True)
    answer: Mapped[str | None] = kept(
        why="how to draw its answer again (a call and ids, no words)", seen_by="nobody", until=_UNTIL
    )
    at: Mapped[datetime] = kept(index=True, why="when it came in", seen_by="nobody", until=_UNTIL)


async def claim(db: AsyncSession, fingerprint: bytes, *, at: datetime) -> bool:
    """True for the first arrival. A second one waits for the first one's transaction, and is then False.

    When the first one's transaction was undone, the second is the first.
    """
    return await insert_once(db, Handled, id=fingerprint, at=at)


async def set_answer(db: AsyncSession, fingerprint: bytes, packed: str) -> None:
    """Remember the packed call that draws the answer's current state."""
    await db.execute(_SET_ANSWER, {"fingerprint": fingerprint, "packed": packed})


# Made once, since every command that writes needs it. On the table, since there is no row in the session.
_SET_ANSWER = (
    update(Handled.__table__)  # type: ignore[arg-type]  # a mapped class's FromClause is its Table
    .where(Handled.__table__.c.id == bindparam("fingerprint"))
    .values(answer=bindparam("packed"))
)


async def find_answer(db: AsyncSession, fingerprint: bytes) -> str | None:
    """The packed call of the first arrival; None when it left none, or never came."""
    return await db.scalar(select(Handled.answer).where(Handled.id == fingerprint))


async def purge_handled(db: AsyncSession, *, before: datetime) -> int:
    """Forget what came in earlier; how many there were."""
    return len((await db.scalars(delete(Handled).where(Handled.at < before).returning(Handled.id))).all())
