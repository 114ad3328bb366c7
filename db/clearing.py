"""Empties a database, for a program whose data is made up: the demo begins anew."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from db.base import Table


async def delete_all_rows(db: AsyncSession, *, besides: Collection[str] = ()) -> None:
    """Delete every row of every table but those named; children before what they point to."""
    for table in reversed(Table.metadata.sorted_tables):
        if table.name not in besides:
            await db.execute(delete(table))
