"""How the database would carry out what it is asked: which tables it would read through."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, func, make_url, select
from sqlalchemy.engine.interfaces import DBAPICursor

from db.base import Table
from db.session import Database
from db.url import SQLITE

_EXPLAINED: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_LISTED: Final = re.compile(r"IN \((?!SELECT)(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
"""A list of values, of which there may be any number."""
_ROW: Final = r"\((?:[^()]|\([^()]*\))*\)"
_ROWS: Final = re.compile(rf"(VALUES {_ROW})(?:, {_ROW})+")
"""Any number of rows at once."""
_NAMED: Final = re.compile(r"\b(\w+) AS (\w+)")


@dataclass(slots=True)
class Read:
    """One statement, and how much its plan reads: of whole tables, and rows that are looked at in vain."""

    statement: str
    through: set[str] = field(default_factory=set)
    """Tables of which every row is read."""
    in_vain: dict[str, float] = field(default_factory=dict)
    """Table -> rows that its index led to, and that were not wanted; PostgreSQL alone tells it."""


@contextmanager
def explaining() -> Iterator[Mapping[str, Read]]:
    """Explains each different statement once, before it is carried out; on PostgreSQL by doing and undoing it."""
    found: dict[str, Read] = {}

    def explain(
        connection: Connection, _cursor: DBAPICursor, statement: str, given: Any, _: Any, executemany: bool
    ) -> None:
        short = _ROWS.sub(r"\1", _LISTED.sub("IN (…)", statement))
        if not statement.startswith(_EXPLAINED) or short in found:
            return
        found[short] = read = Read(short)
        values = given[0] if executemany and isinstance(given, list) else given
        cursor = connection.connection.cursor()  # theirs may be one of the server's, which explains nothing
        if connection.dialect.name == SQLITE:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            _read_sqlite(read, statement, [row[-1] for row in cursor.fetchall()])
        else:
            cursor.execute("SAVEPOINT explained", ())
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
            (told,) = cursor.fetchall()[0]
            cursor.execute("ROLLBACK TO SAVEPOINT explained", ())
            plan = told if isinstance(told, list) else json.loads(told)
            _read_postgresql(read, plan[0]["Plan"])

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", explain)


def never_through(url: str) -> str:
    """The address of a PostgreSQL database in which a table is read through only where there is no other way.

    However small the tables are, a plan then shows whether there is an index for it.
    """
    options = " ".join(f"-c enable_{way}=off" for way in ("seqscan", "hashjoin", "mergejoin"))
    return make_url(url).update_query_dict({"options": options}).render_as_string(hide_password=False)


async def read_through(database: Database, reads: Iterable[Read], *, few: int) -> list[Read]:
    """Those that read all of a table which has more than a few rows."""
    async with database.reading() as db:
        sizes = {
            name: await db.scalar(select(func.count()).select_from(Table.metadata.tables[name])) or 0
            for name in {name for read in reads for name in read.through}
        }
    return [read for read in reads if any(sizes[name] > few for name in read.through)]


def _read_postgresql(read: Read, node: Mapping[str, Any], *, limited: bool = False) -> None:
    kind, table = node["Node Type"], node.get("Relation Name")
    # An index of few rows may be read as a whole, and one that gives the wanted order is read as far as the limit.
    led = "Index Cond" in node or limited or node.get("Index Name") in _partial_indexes()
    if kind == "Seq Scan" or (kind in {"Index Scan", "Index Only Scan"} and not led):
        read.through.add(table or "")
    if table is not None:
        read.in_vain[table] = read.in_vain.get(table, 0) + node.get("Rows Removed by Filter", 0) * node["Actual Loops"]
    for child in node.get("Plans", ()):
        _read_postgresql(read, child, limited=kind == "Limit" or (limited and kind in {"LockRows", "Nested Loop"}))


@cache
def _partial_indexes() -> Collection[str | None]:
    indexes = (index for table in Table.metadata.tables.values() for index in table.indexes)
    return {index.name for index in indexes if index.dialect_options["postgresql"]["where"] is not None}


def _read_sqlite(read: Read, statement: str, steps: list[str]) -> None:
    tables = {name: name for name in Table.metadata.tables} | {alias: name for name, alias in _NAMED.findall(statement)}
    in_order = "ORDER BY" in statement and "LIMIT" in statement and not any("ORDER BY" in step for step in steps)
    for step in steps:
        kind, name, *how = step.split()
        table = tables.get(name, "")
        # A plan also names tables whose foreign keys lead here: `test_every_foreign_key_has_an_index` is for these.
        read_whole = kind == "SCAN" and not (in_order and "INDEX" in how)
        if table and table in statement and (read_whole or "AUTOMATIC" in how):
            read.through.add(table)
