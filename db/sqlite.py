"""SQLite on the event loop: what waits for nothing is done at once, what may wait is waited for without blocking.

A statement of ours takes SQLite less time than to hand it to a thread and back, and a reader waits for no writer.
Two things may take long: the lock that another process holds, for which is asked again and again, and the disk that a
commit may write to, which a thread waits for.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

from sqlalchemy import URL, AsyncAdaptedQueuePool, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.util import await_

DRIVER = "sqlite+inline"
ASK_AGAIN_SECONDS = 0.01
_GIVES_WAY: ContextVar[bool] = ContextVar("gives way", default=False)


@contextmanager
def giving_way() -> Iterator[None]:
    """For work that nobody waits for: before each statement in the block, and of tasks begun in it, others go first."""
    token = _GIVES_WAY.set(True)
    try:
        yield
    finally:
        _GIVES_WAY.reset(token)


class InlineSQLite(SQLiteDialect_pysqlite):
    """SQLAlchemy's own dialect for `sqlite3`, for an AsyncSession. `begin` opens a transaction."""

    driver = "inline"
    supports_statement_cache = True
    is_async = True
    has_terminate = True  # closing waits for nothing, so it may be done anywhere

    def __init__(self, begin: str = "BEGIN", busy_seconds: float = 0.0, **options: Any) -> None:
        super().__init__(**options)
        self._begin = begin
        self._busy_seconds = busy_seconds

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:  # noqa: ARG003 - SQLAlchemy's
        return AsyncAdaptedQueuePool

    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        """Begin, for `busy_seconds` again and again while another process writes."""
        until = monotonic() + self._busy_seconds
        while True:
            try:
                dbapi_connection.cursor().execute(self._begin)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                    raise
                await_(asyncio.sleep(ASK_AGAIN_SECONDS))
            else:
                return

    def do_commit(self, dbapi_connection: DBAPIConnection) -> None:
        await_(_in_a_thread(dbapi_connection.commit))


class InlineConnection(sqlite3.Connection):
    """What is fetched some rows at a time lets others come in between."""

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or _Cursor)


class _Cursor(sqlite3.Cursor):
    def execute(self, *statement: Any) -> _Cursor:
        _give_way()
        super().execute(*statement)
        return self

    def executemany(self, *statement: Any) -> _Cursor:
        _give_way()
        super().executemany(*statement)
        return self

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        await_(asyncio.sleep(0))
        return super().fetchmany(size)

    async def _async_soft_close(self) -> None:
        """What an AsyncSession asks of every cursor: to let go of the connection. This one holds nothing of it."""


def _give_way() -> None:
    if _GIVES_WAY.get():
        await_(asyncio.sleep(0))


async def _in_a_thread(commit: Callable[[], None]) -> None:
    """To its end even where the caller is cancelled: a connection is never used by two threads."""
    work = asyncio.ensure_future(asyncio.to_thread(commit))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise


registry.register("sqlite.inline", __name__, InlineSQLite.__name__)
