"""Rows for every table there is, made from the tables themselves, and all rows read back as plain values."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    NullPool,
    Text,
    Time,
    Uuid,
    create_engine,
    insert,
    select,
)
from sqlalchemy import Table as SqlTable

from db.base import Coded, Instant, Table
from db.sealed import Keyring, SealedText, owner_attribute, place_of
from db.url import read_url
from tests.db.people import NOW

ROWS = 3
WORDS = "Zanzibar-4913, für später ✓"

Row = dict[str, Any]


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A plain connection, for what the program itself would not do."""
    engine = create_engine(read_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def fill_every_table(url: str, metadata: MetaData, keyring: Keyring) -> None:
    """Three rows in each: the first without what may be missing, the others with all of it."""
    made: dict[str, list[Row]] = {}
    with connected(url) as connection:
        for table in metadata.sorted_tables:
            made[table.name] = [_row(table, number, made, keyring) for number in range(ROWS)]
            connection.execute(insert(table), made[table.name])
        connection.commit()


def all_rows(url: str, metadata: MetaData) -> dict[str, list[str]]:
    """Every row of every table, in an order that no database changes."""
    with connected(url) as connection:
        return {
            table.name: sorted(repr([*map(_shown, row)]) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


def _row(table: SqlTable, number: int, made: dict[str, list[Row]], keyring: Keyring) -> Row:
    row: Row = {}
    for column in table.columns:
        if column.foreign_keys:
            [key] = column.foreign_keys
            row[column.name] = made[key.column.table.name][number][key.column.name]
        elif not isinstance(column.type, SealedText):
            row[column.name] = None if column.nullable and number == 0 else _value(column, number)
    for column in table.columns:
        if isinstance(column.type, SealedText):
            whole = place_of(column, row=row[_key(table)], owner=_owner(table, row))
            row[column.name] = None if column.nullable and number == 0 else keyring.seal(WORDS, place=whole)
    return row


def _value(column: Column[Any], number: int) -> Any:
    match column.type:
        case Coded() as kind:
            codes = list(kind.codes)  # type: ignore[call-overload]  # an enum class can be listed
            return codes[number % len(codes)]
        case Instant():
            return NOW + timedelta(days=number, microseconds=1 + number)
        case Uuid():
            return uuid4()
        case Boolean():
            return number % 2 == 0
        case Integer():
            return 40 + number
        case Date():
            return date(2026, 3, 29) + timedelta(days=number)
        case Time():
            return time(8 + number, 30, 0, 250_000)
        case JSON():
            return [WORDS, str(number)]
        case Text():
            return f"{secrets.token_hex(4)} {WORDS}"
    return secrets.token_bytes(32)


def _key(table: SqlTable) -> str:
    [key] = table.primary_key.columns
    return key.name


def _owner(table: SqlTable, row: Row) -> Any:
    [mapper] = [each for each in Table.registry.mappers if each.local_table is table]
    name = owner_attribute(mapper.class_)
    return None if name is None else row[mapper.column_attrs[name].columns[0].name]


def _shown(value: Any) -> Any:
    return bytes(value) if isinstance(value, bytes) else json.dumps(value) if isinstance(value, list) else value
