"""Inserting rows that may already be there, without an error that would break the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningInsert

from db.base import Table
from db.url import SQLITE


async def insert_once(db: AsyncSession, table: type[Table], **values: Any) -> bool:
    """Insert; False when a unique key already has such a row.

    Somebody inserting the same row in an open transaction is waited for, so that False means it is committed.
    """
    statement = _statement(table, on_sqlite=db.get_bind().dialect.name == SQLITE)
    return (await db.execute(statement, values)).first() is not None


async def insert_all_once(db: AsyncSession, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> set[Any]:
    """The same for many rows in one statement; gives the primary keys of those that were not there.

    All rows name the same columns. Whoever inserts the same rows as somebody else gives them in the same order.
    """
    if not rows:
        return set()
    statement = _statement(table, on_sqlite=db.get_bind().dialect.name == SQLITE)
    return set(await db.scalars(statement, [*rows]))


@cache  # by table: to put it together takes as long as to carry it out
def _statement(table: type[Table], *, on_sqlite: bool) -> ReturningInsert[Any]:
    insert = insert_on_sqlite if on_sqlite else insert_on_postgresql
    key = table.__mapper__.primary_key[0]
    return insert(table.__table__).on_conflict_do_nothing().returning(key)  # type: ignore[arg-type]  # a mapped class's FromClause is its Table
