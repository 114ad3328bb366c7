"""The database's own clock, for leases and rates: the same for every process, and never moved by the demo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from db.base import Instant


class real_now(FunctionElement[datetime]):  # noqa: N801 - reads as the SQL function it is
    """The moment of the statement by the database's clock."""

    type = Instant()
    inherit_cache = True


@compiles(real_now)
def _on_postgresql(_element: real_now, _compiler: Any, **_options: Any) -> str:
    return "clock_timestamp()"


@compiles(real_now, "sqlite")
def _on_sqlite(_element: real_now, _compiler: Any, **_options: Any) -> str:
    # As `Instant` stores it: microseconds since 1970, which is Julian day 2440587.5.
    return "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"


async def get_real_now(db: AsyncSession) -> datetime:
    """The moment by the database's clock."""
    return (await db.execute(select(real_now()))).scalar_one()
