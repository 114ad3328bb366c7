"""Bringing a database to the newest shape: at every start, by any number of processes at once."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import URL, Connection, NullPool, create_engine, event, inspect, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from db.session import postgresql_arguments
from db.url import SQLITE, read_url

LOCK_SECONDS = 60
BUSY_PAUSE_SECONDS = 0.02


class WrongDatabase(RuntimeError):  # noqa: N818 - named for what is wrong
    """The database is not one that this version can work with; the message says what to do."""


async def migrate(url: str) -> None:
    """Upgrade to the newest revision, in one transaction.

    Of several processes the first one migrates and the others wait for it. WrongDatabase when a newer version of
    the program has been here.
    """
    await asyncio.to_thread(_migrate, read_url(url))


async def current(url: str) -> str | None:
    """The revision a database is at; None when it is empty."""
    return await asyncio.to_thread(_current, read_url(url))


def head() -> str:
    """The newest revision, told by the names of the files: Alembic itself takes long to import."""
    return max(revisions())


def revisions() -> set[str]:
    """The numbers in the names of the files: 0001 of versions/r0001_shared_tables.py."""
    return {path.name[1:5] for path in (_FOLDER / "versions").glob("r[0-9][0-9][0-9][0-9]_*.py")}


@contextmanager
def changing(url: URL) -> Iterator[Connection]:
    """One transaction in which tables may be made and changed, by one process at a time: the others wait.

    WrongDatabase where it would leave rows that point at nothing.
    """
    with _connect(url, begin="BEGIN IMMEDIATE") as connection:
        if connection.dialect.name != SQLITE:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        yield connection
        if connection.dialect.name == SQLITE and connection.execute(text("PRAGMA foreign_key_check")).first():
            message = "After it some rows would point at nothing, so nothing was changed. Please report this."
            raise WrongDatabase(message)


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the tables to a revision, within the transaction that `connection` is in."""
    from alembic import command  # noqa: PLC0415 - only when needed: it takes 100 ms
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    command.upgrade(config, to)


def version(connection: Connection) -> str | None:
    """The revision that a connection finds; None where there are no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _migrate(url: URL) -> None:
    if _current(url) == head():
        return
    with changing(url) as connection:
        found = version(connection)  # again, now that nobody else migrates
        if found == head():
            return
        if found is not None and found not in revisions():
            raise WrongDatabase(
                "The database was made by a newer version of Steppingstone. "
                "Start that version, or give another database."
            )
        upgrade(connection)


def _current(url: URL) -> str | None:
    if url.get_backend_name() == SQLITE and not Path(url.database or "").exists():
        return None
    with _connect(url, begin="BEGIN") as connection:
        return version(connection)


@contextmanager
def _connect(url: URL, *, begin: str) -> Iterator[Connection]:
    if url.get_backend_name() == SQLITE:
        os.close(os.open(url.database or "", os.O_RDWR | os.O_CREAT, 0o600))  # a new file is its owner's alone
        arguments = {"isolation_level": None, "timeout": LOCK_SECONDS}
    else:
        arguments = postgresql_arguments(url, settings={"lock_timeout": f"{LOCK_SECONDS}s", "timezone": "UTC"})
    engine = create_engine(url, poolclass=NullPool, connect_args=arguments, hide_parameters=True)
    if engine.dialect.name == SQLITE:
        # The driver would commit before DDL; and foreign keys stay off, so that a table can be made anew.
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        if begin == "BEGIN IMMEDIATE":
            # Here, because changing it later needs the file to itself, and readers may be there by then.
            event.listen(engine, "connect", _keep_journal)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _keep_journal(connection: DBAPIConnection, _record: object) -> None:
    """Set the journal that lets readers go on beside a writer.

    SQLite waits for no lock here: with one to read it asks for one to write, and two that do so are told "locked" at
    once.
    """
    until = monotonic() + LOCK_SECONDS
    while True:
        try:
            connection.cursor().execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(BUSY_PAUSE_SECONDS)
        else:
            return


_FOLDER = Path(__file__).parent / "migrations"
LOCK_KEY = int.from_bytes(b"stepping")
