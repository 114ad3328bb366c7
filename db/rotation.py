"""Re-sealing under the newest key, in the background, beside a live bot."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from sqlalchemy import Column, LargeBinary, and_, func, or_, select, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper

from db.base import Table
from db.keyring import Keyring, Unopenable
from db.sealed import owner_attribute, place_of, sealed_columns
from db.session import Database

BATCH_ROWS = 50
log = logging.getLogger(__name__)


async def rotate(database: Database) -> int:
    """Re-seal everything that the first key did not seal; how many values that were.

    Knows the tables that have been imported. May be stopped and started again at any time. When it returns, the
    other keys may be removed, unless a warning was logged about values that no key here opens.
    """
    count = 0
    for mapper in sorted(Table.registry.mappers, key=lambda mapper: mapper.class_.__tablename__):
        columns = list(sealed_columns(mapper).values())
        if columns:
            # Rows that somebody holds are skipped, so that we never wait while holding locks, which could end in a
            # deadlock; what was skipped comes in the second walk, one row at a time, and that one may wait.
            count += await _walk(database, mapper, columns, rows=BATCH_ROWS, skip_locked=True)
            count += await _walk(database, mapper, columns, rows=1, skip_locked=False)
    return count


async def _walk(
    database: Database, mapper: Mapper[Any], columns: list[Column[Any]], *, rows: int, skip_locked: bool
) -> int:
    count = 0
    last: UUID | None = None
    key = mapper.primary_key[0]
    owner = owner_attribute(mapper.class_)
    owned = [] if owner is None else [mapper.column_attrs[owner].columns[0]]
    header = database.keyring.header
    stale = or_(*(and_(column.is_not(None), _header(column, len(header)) != header) for column in columns))
    query = select(key, *owned, *columns).where(stale).order_by(key).limit(rows)
    query = query.with_for_update(skip_locked=skip_locked)
    while True:
        async with database.writing() as db:
            batch = (await db.execute(query if last is None else query.where(key > last))).mappings().all()
            for row in batch:
                whose = row[owned[0]] if owned else None
                for column in columns:
                    count += await _reseal(db, database.keyring, column, row[column], row=row[key], owner=whose)
        if not batch:
            return count
        last = batch[-1][key]


async def _reseal(db: AsyncSession, keyring: Keyring, column: Column[Any], old: Any, *, row: UUID, owner: Any) -> int:
    if old is None or old.startswith(keyring.header):
        return 0
    place = place_of(column, row=row, owner=owner)
    try:
        new = keyring.seal(keyring.open(old, place=place), place=place)
    except Unopenable:
        log.warning("a value of %s.%s opens with no key of the keyring", column.table.name, column.name)
        return 0
    table = column.table
    assert isinstance(table, SqlTable)  # noqa: S101 - for the type checker: mapped tables are tables
    changed = await db.execute(
        # Compared with what was read: a member's newer text is never written over.
        update(table).where(table.primary_key.columns[0] == row, column == old).values({column: new})
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult


def _header(column: Column[Any], length: int) -> Any:
    return func.substr(column, 1, length, type_=LargeBinary())
