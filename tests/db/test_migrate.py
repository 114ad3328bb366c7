from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, NullPool, create_engine, text

import db.migrations
from db.migrate import WrongDatabase, changing, current, head, migrate
from db.sealed import Keyring
from db.session import Database
from db.url import read_url

REPOSITORY = Path(db.migrations.__file__).parents[2]


def test_the_newest_revision_is_the_one_that_alembic_means() -> None:
    scripts = ScriptDirectory(str(Path(db.migrations.__file__).parent))

    assert scripts.get_heads() == [head()]
    assert {script.path for script in scripts.walk_revisions()} == {
        str(path) for path in Path(scripts.versions).glob("r*.py")
    }


def test_revisions_import_no_tables() -> None:
    for path in Path(db.migrations.__file__).parent.rglob("*.py"):
        words = path.read_text()
        assert "from db" not in words.replace("from db.migrations.shapes import INSTANT", ""), path


async def test_an_empty_database_becomes_what_the_tables_say(empty_database_url: str, metadata: MetaData) -> None:
    assert await current(empty_database_url) is None
    await migrate(empty_database_url)

    assert await current(empty_database_url) == head()
    assert differences(empty_database_url, metadata) == []
    await migrate(empty_database_url)
    assert await current(empty_database_url) == head()


async def test_a_filled_database_keeps_its_rows(empty_database_url: str, metadata: MetaData) -> None:
    upgrade_to(empty_database_url, "0001")
    assert await current(empty_database_url) == "0001"
    fill(empty_database_url)

    await migrate(empty_database_url)

    assert await current(empty_database_url) == head()
    assert differences(empty_database_url, metadata) == []
    with connected(empty_database_url) as connection:
        assert connection.execute(text("SELECT user_id FROM identities")).scalars().all() == ["U1"]


async def test_processes_that_start_together_migrate_once(empty_database_url: str, metadata: MetaData) -> None:
    await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))

    assert await current(empty_database_url) == head()
    assert differences(empty_database_url, metadata) == []


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_start_waits_for_another_that_writes_in_the_same_new_file(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(read_url(empty_database_url).database or "", isolation_level=None)
    other.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    other.execute("BEGIN IMMEDIATE")
    # SQLite itself does not wait here: it says at once that the file is locked.
    monkeypatch.setattr("db.migrate.sleep", lambda _: other.rollback() if other.in_transaction else None)

    with changing(read_url(empty_database_url)) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    other.close()


async def test_a_failed_migration_changes_nothing(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, metadata: MetaData
) -> None:
    def fall(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (done integer)"))
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr("db.migrate.upgrade", fall)
        with pytest.raises(RuntimeError, match="power cut"):
            await migrate(empty_database_url)

    await migrate(empty_database_url)
    assert differences(empty_database_url, metadata) == []  # nothing of "half" either


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # PostgreSQL never lets such a row in
async def test_an_upgrade_that_would_leave_rows_pointing_at_nothing_is_undone(empty_database_url: str) -> None:
    upgrade_to(empty_database_url, "0001")
    with connected(empty_database_url) as connection:
        connection.execute(text("INSERT INTO identities VALUES ('1', 'nobody', 'slack', 'T1', 'U1')"))
        connection.commit()

    with pytest.raises(WrongDatabase, match="point at nothing"):
        await migrate(empty_database_url)
    assert await current(empty_database_url) == "0001"


async def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    with connected(database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()

    with pytest.raises(WrongDatabase, match="newer version of Steppingstone"):
        await migrate(database_url)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_a_new_file_is_its_owners_alone(empty_database_url: str, keyring: Keyring) -> None:
    await migrate(empty_database_url)
    database = Database(empty_database_url, keyring)
    async with database.writing() as db:
        await db.execute(text("DELETE FROM posts"))
        path = Path(read_url(empty_database_url).database or "")
        files = list(path.parent.glob(path.name + "*"))
        assert len(files) > 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    await database.close()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_second_start_does_not_wait_for_alembic(database_url: str) -> None:
    program = (
        "import asyncio, sys, db.migrate\nasyncio.run(db.migrate.migrate(sys.argv[1]))\nprint('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", program, database_url]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def differences(url: str, metadata: MetaData) -> list[object]:
    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(read_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def upgrade_to(url: str, revision: str) -> None:
    with connected(url) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(db.migrations.__file__).parent))
        command.upgrade(config, revision)
        connection.commit()


def fill(url: str) -> None:
    at = 1772443800000000 if url.startswith("sqlite") else datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    values = {"at": at, "person": uuid4().hex, "community": uuid4().hex, "id": uuid4().hex}
    with connected(url) as connection:
        for statement in (
            "INSERT INTO people VALUES (:person, 1, 'keep', :at, null, '21:00', '08:00', null, true, null, :at)",
            "INSERT INTO identities VALUES (:id, :person, 'slack', 'T1', 'U1')",
            "INSERT INTO communities VALUES (:community, 'slack', 'T1', :at)",
            "INSERT INTO memberships VALUES (:id, 1, :person, :community, 0, :at)",
        ):
            connection.execute(text(statement), values)
        connection.commit()
