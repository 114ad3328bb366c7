"""One date of a schedule, as the feature that declares its kind is given it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Turn(Outbox):
    """One date of a schedule, in the transaction that makes something of it, once."""

    db: AsyncSession
    now: datetime
    subject: UUID
    """The row that the schedule is for."""
    slot: date
    """The date, where the schedule is."""
    due_at: datetime
    at: time
    zone: str
    """The local time and the IANA zone that held when the date came."""


Expand = Callable[[Turn], Awaitable[None]]
"""`async (turn)`: asks for what follows from the date; nothing where its subject is gone."""
