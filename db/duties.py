"""What one process at a time may do: it holds the duty by a lease, which ends by itself where the process dies."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Table, structural
from db.insert import insert_once
from db.jobs import changed_rows
from db.real_time import get_real_now


class Duty(Table):
    """Who has it, and until when by the database's clock."""

    __tablename__ = "duties"

    key: Mapped[str] = structural(primary_key=True)
    owner: Mapped[str] = structural()
    until: Mapped[datetime] = structural()


async def take_duty(db: AsyncSession, key: str, *, owner: str, lease_seconds: float) -> bool:
    """Have it for so long from now, where it is one's own already or nobody's; False where somebody else has it."""
    now = await get_real_now(db)
    until = now + timedelta(seconds=lease_seconds)
    if await insert_once(db, Duty, key=key, owner=owner, until=until):
        return True
    free = update(Duty).where(Duty.key == key, or_(Duty.owner == owner, Duty.until <= now))
    return changed_rows(await db.execute(free.values(owner=owner, until=until))) == 1


async def leave_duty(db: AsyncSession, key: str, *, owner: str) -> None:
    """Let another have it at once; nothing changes where it is not one's own."""
    await db.execute(delete(Duty).where(Duty.key == key, Duty.owner == owner))
