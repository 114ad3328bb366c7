"""The database: one per process; sessions that write, sessions that only read, and what its errors mean."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from sqlalchemy import URL, event, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from db.sealed import Keyring, SealingSession
from db.sqlite import DRIVER, InlineConnection
from db.url import SQLITE, read_url

ASKED = "asked for work"
"""In a session's info where its transaction created a job."""
BUSY_SECONDS = 5
SQLITE_READERS = 4
POSTGRESQL_CONNECTIONS = 10
IDLE_SECONDS = 1.0
"""A connection that nobody used for so long is looked at before it is used again: it may be lost."""


class Database:
    """Opens sessions. Nothing connects before a session's first statement.

    On SQLite one connection writes, under BEGIN IMMEDIATE: a deferred BEGIN that reads first and writes later
    fails with "database is locked" as soon as somebody else wrote in between, and no waiting helps it.
    """

    def __init__(self, url: str, keyring: Keyring) -> None:
        """`url` as in `read_url`; its ValueError shows no part of it."""
        address = read_url(url)
        for name in _TALKATIVE_LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)
        self.dialect = address.get_backend_name()
        self.keyring = keyring
        self.on_work: Callable[[], None] = _nobody
        """Called after a commit that asked for work, so that it need not wait to be looked for."""
        if self.dialect == SQLITE:
            self._writer = _sqlite(address, pool_size=1, begin="BEGIN IMMEDIATE", pragmas=_WRITER_PRAGMAS)
            self._reader = _sqlite(address, pool_size=SQLITE_READERS, begin="BEGIN", pragmas=_READER_PRAGMAS)
        else:
            self._writer = _postgresql(address)
            # One moment for all of a reader's statements, as on SQLite; a read-only one is never refused for it.
            self._reader = self._writer.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are committed at the end, and undone by any error."""
        async with self._session(self._writer) as db:
            yield db
            await db.commit()
            if db.info.get(ASKED):
                self.on_work()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that takes no write lock, waits for no writer and cannot write (DBAPIError)."""
        async with self._session(self._reader) as db:
            yield db

    @asynccontextmanager
    async def as_one(self) -> AsyncIterator[Database]:
        """The same database for work in many sessions that is done as a whole, or not at all.

        What its sessions commit is seen by each other, and by everybody else from the end on; any error undoes it all.
        Others cannot write meanwhile. Its sessions follow each other: no two of them are open at once.
        """
        async with self._writer.connect() as connection, connection.begin():
            yield _OneTransaction(self, connection)

    async def ping(self) -> None:
        """Reach the database, or raise what is in the way."""
        async with self.reading() as db:
            await db.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self._reader.dispose()
        await self._writer.dispose()

    def __repr__(self) -> str:
        return f"<Database {self.dialect}>"

    def _session(self, bind: AsyncEngine | AsyncConnection) -> AsyncSession:
        return AsyncSession(
            bind,
            expire_on_commit=False,
            sync_session_class=SealingSession,
            info={"keyring": self.keyring},
        )


def _nobody() -> None:
    """Whoever works looks for it from time to time."""


class _OneTransaction(Database):
    """A database inside a transaction of another one."""

    def __init__(self, whole: Database, connection: AsyncConnection) -> None:
        self.dialect, self.keyring = whole.dialect, whole.keyring
        self._connection = connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        async with self._session(self._connection) as db, db.begin_nested():
            yield db

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        async with self._session(self._connection) as db:
            yield db

    async def close(self) -> None:
        """Nothing: the connection is the other one's."""


def is_transient(error: BaseException) -> bool:
    """Whether the same work may well succeed when done once more from its beginning.

    True for a deadlock, a serialization failure, a lock or a free connection waited for too long, a locked SQLite
    file, a row that somebody else changed in between, and a lost connection: what it had committed by then is known
    again by its claim (`db.handled`).
    """
    return any(
        isinstance(each, StaleDataError | PoolTimeoutError)
        or (isinstance(each, DBAPIError) and (each.connection_invalidated or _is_busy(each)))
        for each in _causes(error)
    )


def is_duplicate(error: BaseException) -> bool:
    """Whether a unique constraint or a primary key refused a row."""
    return any(
        isinstance(each, IntegrityError)
        and (_sqlstate(each) == _UNIQUE_VIOLATION or _sqlite_code(each) in _UNIQUE_FAILURES)
        for each in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _is_busy(error: DBAPIError) -> bool:
    return _sqlstate(error) in _TRANSIENT or _sqlite_code(error) & 0xFF in _BUSY


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _sqlite_code(error: DBAPIError) -> int:
    return getattr(error.orig, "sqlite_errorcode", 0)


def _sqlite(address: URL, *, pool_size: int, begin: str, pragmas: tuple[str, ...]) -> AsyncEngine:
    engine = create_async_engine(
        address.set(drivername=DRIVER),
        # Without a level of its own the driver would begin late and only for some statements.
        connect_args={"isolation_level": None, "factory": InlineConnection},
        begin=begin,
        busy_seconds=BUSY_SECONDS,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _postgresql(address: URL) -> AsyncEngine:
    engine = create_async_engine(
        address,
        connect_args=postgresql_arguments(address, settings=_POSTGRESQL_SETTINGS),
        pool_size=POSTGRESQL_CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        pool_recycle=1800,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "handle_error", _hide_values)

    @event.listens_for(engine.sync_engine, "checkin")
    def remember(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["used"] = monotonic()

    # SQLAlchemy's own ping comes before every transaction, and takes half as long as a short one. A connection that
    # is lost within the second is met by `is_transient`.
    @event.listens_for(engine.sync_engine, "checkout")
    def look(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if monotonic() - record.info.get("used", float("inf")) > IDLE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    return engine


def postgresql_arguments(address: URL, *, settings: dict[str, str]) -> dict[str, Any]:
    """What a connection is opened with: `settings` of the session, then the address's own, which win."""
    defaults = {
        "application_name": "steppingstone",
        "connect_timeout": 5,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    own = address.query.get("options", "")
    return {name: value for name, value in defaults.items() if name not in address.query} | {
        "options": f"{options} {own if isinstance(own, str) else ' '.join(own)}".rstrip()
    }


def _hide_values(context: ExceptionContext) -> None:
    """Cut the server's words about a row ("Key (user_id)=(U123) already exists") out of what may be logged."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    if primary is None or wrapped is None:
        return
    state = getattr(error, "sqlstate", None) or ""
    # Class 22 quotes the value in its first sentence: 'invalid input syntax for type uuid: "..."'.
    error.args = ("a value has the wrong form" if state.startswith("22") else primary,)
    wrapped.args = (f"({type(error).__name__}) {error.args[0]}",)


_TALKATIVE_LOGGERS = ("psycopg", "sqlalchemy")  # at DEBUG they write statements with their values
_WRITER_PRAGMAS = (
    "busy_timeout=0",  # `db.sqlite` asks again without blocking anybody
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what a member deletes is overwritten, not left in free pages
)
_READER_PRAGMAS = (f"busy_timeout={BUSY_SECONDS * 1000}", "query_only=ON")
_POSTGRESQL_SETTINGS = {
    "idle_in_transaction_session_timeout": "15s",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "timezone": "UTC",
}
_TRANSIENT = {"40001", "40P01", "55P03"}  # serialization_failure, deadlock_detected, lock_not_available
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNIQUE_VIOLATION = "23505"
_UNIQUE_FAILURES = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
