"""Backup and restore: every row in one SQLite file, whichever database it came from and whichever it goes to."""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    URL,
    Connection,
    DateTime,
    Engine,
    MetaData,
    NullPool,
    TableClause,
    column,
    create_engine,
    event,
    func,
    insert,
    literal,
    select,
    table,
    text,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import DatabaseError
from sqlalchemy.types import TypeEngine

from db.base import Instant, Table
from db.keyring import Keyring, Sealed, Unopenable
from db.migrate import LOCK_KEY, LOCK_SECONDS, changing, revisions, upgrade, version
from db.sealed import owner_attribute, place_of, sealed_columns
from db.session import postgresql_arguments
from db.url import SQLITE, read_url

OWNER_ONLY = 0o600
ROWS_AT_ONCE = 500


class NoBackup(RuntimeError):  # noqa: N818 - named for what there is not
    """A backup or a restore that did not happen and left nothing behind; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What went from one database to another, and the revision of its tables."""

    revision: str
    tables: int
    rows: int


async def back_up(url: str, target: Path) -> Copied:
    """Write every row, as it was at one moment, to a new SQLite file of mode 0600; beside a running bot.

    Sealed values stay sealed, and the keys are not in it. The tables have the shape they had, so a database can be
    backed up before it is upgraded. Raises NoBackup.
    """
    return await asyncio.to_thread(_back_up, read_url(url), target)


async def restore(url: str, source: Path, keyring: Keyring, *, unreadable: bool = False) -> Copied:
    """Fill an empty database from a backup, upgrade it, and open every sealed value once, in one transaction.

    `source` may also be the SQLite database of a bot. Knows the tables that have been imported. With `unreadable`,
    what no key of the keyring opens is restored too. Raises NoBackup, or WrongDatabase as `changing` does.
    """
    return await asyncio.to_thread(_restore, read_url(url), source, keyring, unreadable=unreadable)


def name_at(moment: datetime) -> str:
    """The name of a backup in a folder of backups: in order of their time."""
    return f"steppingstone-{moment.astimezone(UTC):%Y%m%d-%H%M%S}.db"


def remove_oldest(folder: Path, *, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups that are named as `name_at` does; which those were."""
    found = sorted(folder.glob(f"steppingstone-{'[0-9]' * 8}-{'[0-9]' * 6}.db"), reverse=True)
    for path in found[keep:]:
        path.unlink()
    return found[keep:]


def _back_up(url: URL, target: Path) -> Copied:
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        if target.exists():
            raise NoBackup(f"{target} is there already, and a backup never writes over anything. Give another name.")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        with _reading(url) as database, _writing(draft) as copy:
            copied = _copy(database, copy)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.rename(target)
    except OSError as error:
        raise NoBackup(f"{target} cannot be written: {error.strerror}. Make room, or give another place.") from None
    except DatabaseError as error:
        raise NoBackup(f"It stopped halfway, and nothing was kept: {_reason(error)}.") from None
    finally:
        with suppress(OSError):  # it may be the folder that could not be made
            draft.unlink()
    return copied


def _restore(url: URL, source: Path, keyring: Keyring, *, unreadable: bool) -> Copied:
    if not source.is_file():
        raise NoBackup(f"{source} is not there. Give the path of a backup.")
    with _file(source, mode="ro", begin="BEGIN") as backup:
        _refuse_damaged(backup, source)
        try:
            with changing(url) as database:
                _make_empty(database)
                copied = _copy(backup, database)
                upgrade(database)
                if not unreadable:
                    _open_all(database, keyring)
        except DatabaseError as error:
            raise NoBackup(f"It stopped halfway, and nothing was changed: {_reason(error)}.") from None
    return copied


def _copy(source: Connection, target: Connection) -> Copied:
    """Make the tables in an empty target as they are in the source, with all rows."""
    revision = version(source)
    if revision is None:
        raise NoBackup("There are no tables of Steppingstone in it, so there is nothing to copy.")
    if revision not in revisions():
        raise NoBackup(f"It is of a newer version of Steppingstone, revision {revision}. Use that version for it.")
    upgrade(target, revision)
    tables = _tables(source, target)
    return Copied(revision, len(tables), sum(_copy_rows(source, target, each) for each in tables))


def _tables(source: Connection, target: Connection) -> list[TableClause]:
    """The tables of the target, parents before children, with types that mean the same on both sides.

    PostgreSQL knows what each column is. Between two SQLite files values go as they are.
    """
    made = _reflected(target)
    if source.dialect.name != SQLITE:
        made = _reflected(source, only=[name for name in made.tables if name != "alembic_version"])
    raw = source.dialect.name == target.dialect.name == SQLITE
    return [_plain(each, raw=raw) for each in made.sorted_tables if each.name != "alembic_version"]


def _plain(reflected: SqlTable, *, raw: bool) -> TableClause:
    return table(
        reflected.name,
        *(column(each.name) if raw else column(each.name, _common(each.type)) for each in reflected.columns),
    )


def _common(found: TypeEngine[Any]) -> TypeEngine[Any]:
    kind = found.as_generic()
    if isinstance(kind, DateTime):
        return Instant()
    if isinstance(kind, JSON):
        return JSON(none_as_null=True)
    return kind


def _copy_rows(source: Connection, target: Connection, which: TableClause) -> int:
    count = 0
    found = source.execute(select(which), execution_options={"yield_per": ROWS_AT_ONCE})
    for rows in found.mappings().partitions():
        target.execute(insert(which), [dict(row) for row in rows])
        count += len(rows)
    if target.scalar(select(func.count()).select_from(which)) != count:
        raise NoBackup(f"Not all rows of {which.name} arrived, so nothing was kept. Please report this.")
    return count


def _make_empty(database: Connection) -> None:
    """Drop our own tables where none of them has a row."""
    found = _reflected(database)
    marker = found.tables.get("alembic_version")
    ours = [each for each in found.sorted_tables if each is not marker]
    if any(each.name not in Table.metadata.tables for each in ours):
        raise NoBackup("The database holds tables of something else. Give one that is Steppingstone's alone.")
    if any(database.execute(select(each).limit(1)).first() for each in ours):
        raise NoBackup("The database is not empty, and a restore never writes over anything. Give an empty one.")
    found.drop_all(database)


def _open_all(database: Connection, keyring: Keyring) -> None:
    closed, count, keys = 0, 0, set()
    for whole, value in _sealed_values(database):
        count += 1
        try:
            keyring.open(value, place=whole)
        except Unopenable:
            closed += 1
            keys.add(_key_of(value))
    if closed:
        raise NoBackup(
            f"{closed} of {count} sealed values do not open with the keys that are here, so nothing was changed. "
            f"They need {', '.join(sorted(keys))}. Put back the keys that belong to this backup; "
            "or give --unreadable to restore what cannot be read as well."
        )


def _sealed_values(database: Connection) -> Iterator[tuple[bytes, Sealed]]:
    """Each with the place it was sealed for."""
    for mapper in Table.registry.mappers:
        key, name = mapper.primary_key[0], owner_attribute(mapper.class_)
        for sealed in sealed_columns(mapper).values():
            owner = literal(None) if name is None else mapper.column_attrs[name].columns[0]
            query = select(sealed, key, owner).where(sealed.is_not(None))
            for value, row, whose in database.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}):
                yield place_of(sealed, row=row, owner=whose), value


def _key_of(value: Sealed) -> str:
    try:
        return f"the key {value.key_id}"
    except Unopenable:
        return "no key, being damaged"


def _refuse_damaged(backup: Connection, path: Path) -> None:
    try:
        whole = backup.execute(text("PRAGMA integrity_check(1)")).scalar() == "ok"
    except DatabaseError:
        whole = False
    if not whole:
        raise NoBackup(f"{path} is not a backup, or is damaged. Take another one.")


def _reflected(connection: Connection, *, only: list[str] | None = None) -> MetaData:
    found = MetaData()
    found.reflect(connection, only=only)
    return found


@contextmanager
def _reading(url: URL) -> Iterator[Connection]:
    """A connection whose statements all see the database as it was at one moment, and that cannot write."""
    if url.get_backend_name() == SQLITE:
        path = Path(url.database or "")
        if not path.exists():
            raise NoBackup(f"There is no database at {path} yet, so there is nothing to copy.")
        # Not "ro": the last connection that closes puts the log away, and that one could not.
        with _file(path, mode="rw", begin="BEGIN", pragmas=("query_only=ON",)) as connection:
            yield connection
        return
    settings = {"lock_timeout": f"{LOCK_SECONDS}s", "timezone": "UTC"}
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args=postgresql_arguments(url, settings=settings),
        execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
        hide_parameters=True,
    )
    with _closing(engine) as connection:
        # Held to the end of the connection, so that no upgrade begins; and the moment that is read comes after it.
        connection.execute(text("SELECT pg_advisory_lock_shared(:key)"), {"key": LOCK_KEY})
        connection.commit()
        yield connection


@contextmanager
def _writing(path: Path) -> Iterator[Connection]:
    """A new SQLite file. It is thrown away when anything fails, so it needs no journal."""
    with _file(path, mode="rw", begin="BEGIN EXCLUSIVE", pragmas=("journal_mode=OFF", "synchronous=OFF")) as connection:
        yield connection
        connection.commit()


@contextmanager
def _file(path: Path, *, mode: str, begin: str, pragmas: tuple[str, ...] = ()) -> Iterator[Connection]:
    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
        for pragma in pragmas:
            opened.execute(f"PRAGMA {pragma}")
        return opened

    engine = create_engine(f"{SQLITE}://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    with _closing(engine) as connection:
        yield connection


@contextmanager
def _closing(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _reason(error: DatabaseError) -> str:
    """SQLite's own words, which name no value; of PostgreSQL's only the kind, since they may quote a row."""
    return str(error.orig) if isinstance(error.orig, sqlite3.Error) else type(error.orig).__name__
