"""Writes made-up rows into a database in bulk, sealed as the program would seal them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Connection, create_engine, text
from sqlalchemy.pool import NullPool

from db.base import Table
from db.keyring import Keyring
from db.sealed import SealedText, owner_attribute, place_of
from db.url import SQLITE, read_url

_AT_ONCE: Final = 5_000
_SETTINGS: Final = {
    SQLITE: ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = OFF"),
    # No foreign key is looked up: what is made up leads somewhere, and the program's own keys are tested elsewhere.
    "postgresql": ("SET session_replication_role = replica",),
}


class Filling:
    """Rows on their way, some thousands at a time. Ids come from `random`, so that one seed gives one database."""

    def __init__(self, connection: Connection, keyring: Keyring, random: Random) -> None:
        self.random = random
        self._connection, self._keyring = connection, keyring
        self._waiting: dict[type[Table], _Rows] = {}
        for setting in _SETTINGS[connection.dialect.name]:
            connection.exec_driver_sql(setting)

    def id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def add(self, table: type[Table], **values: Any) -> UUID:
        """A row, and its id where it has one. Text given for a sealed column is sealed; what is left out is default."""
        rows = self._waiting.get(table) or self._begin(table)
        row_id: UUID = values.setdefault("id", self.id())
        owner = values[rows.owner] if rows.owner else None
        for name, column in rows.sealed:
            words = values.get(name)
            if words is not None:
                values[name] = self._keyring.seal(words, place=place_of(column, row=row_id, owner=owner))
        rows.add(values)
        if len(rows.waiting) >= _AT_ONCE:
            self._write(rows)
        return row_id

    def finish(self) -> None:
        """Writes what still waits."""
        for rows in self._waiting.values():
            self._write(rows)

    def _begin(self, table: type[Table]) -> _Rows:
        self._waiting[table] = made = _Rows.of(table, self._connection)
        return made

    def _write(self, rows: _Rows) -> None:
        driver = self._connection.connection.dbapi_connection
        assert driver is not None
        names = ", ".join(f'"{column.name}"' for column in rows.columns)
        cursor = driver.cursor()
        if self._connection.dialect.name == SQLITE:
            marks = ", ".join("?" * len(rows.columns))
            cursor.executemany(f"INSERT INTO {rows.name} ({names}) VALUES ({marks})", rows.waiting)  # noqa: S608 - the tables are ours
        else:
            # psycopg's own, several times as quick as any insert
            with cursor.copy(f"COPY {rows.name} ({names}) FROM STDIN") as copy:
                for row in rows.waiting:
                    copy.write_row(row)
        rows.waiting.clear()


def fill(url: str, keyring: Keyring, *, seed: int, tell: Callable[[Filling], None]) -> None:
    """Has `tell` add rows to a migrated database, and gathers PostgreSQL's statistics of them."""
    engine = create_engine(read_url(url), poolclass=NullPool)
    indexes = [index for table in Table.metadata.tables.values() for index in table.indexes]
    with engine.connect() as connection:
        filling = Filling(connection, keyring, Random(seed))  # noqa: S311 - nothing here is secret
        # To make an index of what is there takes a fraction of adding to it row by row.
        for index in indexes:
            index.drop(connection)
        tell(filling)
        filling.finish()
        for index in indexes:
            index.create(connection)
        connection.commit()
        if connection.dialect.name != SQLITE:  # which has none: nobody gathers them for the program either
            connection.execute(text("ANALYZE"))
            connection.commit()
    engine.dispose()


@dataclass(slots=True)
class _Rows:
    """Rows of one table as its driver takes them."""

    name: str
    columns: tuple[Column[Any], ...]
    sealed: tuple[tuple[str, Column[Any]], ...]
    owner: str | None
    """The column that says whose the rows are, where that seals them."""
    _ways: tuple[tuple[str, Any, Callable[[Any], Any] | None], ...]
    """Name, default and what makes the driver's value of one, for each column."""
    waiting: list[tuple[Any, ...]] = field(default_factory=list)

    @classmethod
    def of(cls, table: type[Table], connection: Connection) -> _Rows:
        dialect = connection.dialect
        columns = tuple(each for each in table.__mapper__.local_table.columns if isinstance(each, Column))
        sealed = tuple((column.name, column) for column in columns if isinstance(column.type, SealedText))
        ways = tuple(
            (column.name, _default(column), column.type.dialect_impl(dialect).bind_processor(dialect))
            for column in columns
        )
        return cls(table.__tablename__, columns, sealed, owner_attribute(table) if sealed else None, ways)

    def add(self, values: dict[str, Any]) -> None:
        self.waiting.append(tuple([
            value if process is None else process(value)
            for name, default, process in self._ways
            for value in (values.get(name, default),)
        ]))  # fmt: skip


def _default(column: Column[Any]) -> Any:
    scalar = column.default is not None and column.default.is_scalar
    return column.default.arg if scalar else None  # type: ignore[union-attr]  # a scalar default has one
