from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Connection, MetaData, TableClause, inspect, text

from db import backup
from db.backup import NoBackup, back_up, name_at, remove_oldest, restore
from db.keyring import Keyring, Sealed, place
from db.members import find_member, get_person
from db.migrate import LOCK_KEY, current, head, migrate, upgrade
from db.session import Database
from tests.db.people import ANA, someone
from tests.db.rows import ROWS, WORDS, all_rows, connected, fill_every_table
from tests.db.test_migrate import differences, fill, upgrade_to
from tests.postgres import new_database

PATIENCE_SECONDS = 30


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Where a backup goes."""
    return tmp_path / "backups" / "saved.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Another database with nothing in it, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'other.db'}"
    else:
        with new_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
async def sqlite_backup(sqlite_url: str, keyring: Keyring, saved: Path) -> Path:
    """A backup in which Ana has written something."""
    database = Database(sqlite_url, keyring)
    await someone(database, looking_for=WORDS)
    await database.close()
    await back_up(sqlite_url, saved)
    return saved


async def test_every_row_of_every_table_comes_back_in_either_database(
    database_url: str, other_url: str, saved: Path, metadata: MetaData, keyring: Keyring
) -> None:
    fill_every_table(database_url, metadata, keyring)
    before = all_rows(database_url, metadata)
    assert {len(rows) for rows in before.values()} == {ROWS}

    written = await back_up(database_url, saved)
    returned = await restore(other_url, saved, keyring)

    assert (returned.tables, returned.rows) == (len(before), ROWS * len(before))
    assert written == returned
    assert all_rows(other_url, metadata) == before
    assert differences(other_url, metadata) == []


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)  # it knows of both what SQLite would not say
def test_rows_can_be_copied_table_by_table(database_url: str, metadata: MetaData) -> None:
    """A row that points into its own table, or a number that the database counts up, would need more than that."""
    for table in metadata.sorted_tables:
        assert table not in {key.column.table for key in table.foreign_keys}
    with connected(database_url) as connection:
        look = inspect(connection)
        columns = [each for name in look.get_table_names() for each in look.get_columns(name)]
    assert not [each for each in columns if each.get("identity") or "nextval" in str(each["default"])]


async def test_a_backup_is_one_file_for_its_owner_alone_and_tells_nothing(sqlite_backup: Path) -> None:
    assert names_in(sqlite_backup.parent) == [sqlite_backup.name]
    assert (mode_of(sqlite_backup.parent), mode_of(sqlite_backup)) == (0o700, 0o600)
    with sqlite3.connect(sqlite_backup) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert WORDS not in "".join(file.iterdump())
    file.close()


async def test_a_backup_is_of_one_moment_beside_somebody_who_writes(
    database: Database, database_url: str, saved: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await someone(database, looking_for=WORDS)
    copy_rows, loop = vars(backup)["_copy_rows"], asyncio.get_running_loop()
    written = 0

    async def write() -> None:
        async with database.writing() as db:
            (await get_person(db, ana)).looking_for = "something else"
            await db.execute(text("DELETE FROM identities"))

    def write_between(source: Connection, target: Connection, which: TableClause) -> int:
        nonlocal written
        asyncio.run_coroutine_threadsafe(write(), loop).result(PATIENCE_SECONDS)
        written += 1
        count: int = copy_rows(source, target, which)
        return count

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_copy_rows", write_between)
        assert (await back_up(database_url, saved)).tables == written

    old = Database(f"sqlite:///{saved}", keyring)
    async with old.reading() as db:
        assert await find_member(db, ANA, community=None) is not None
        assert (await get_person(db, ana)).looking_for == WORDS
    await old.close()


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_backup_waits_for_an_upgrade_and_sees_all_of_it(database_url: str, saved: Path) -> None:
    with connected(database_url) as upgrading:
        upgrading.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        work = asyncio.create_task(back_up(database_url, saved))
        await asyncio.to_thread(until_somebody_waits, upgrading)
        upgrading.execute(text("INSERT INTO communities VALUES (gen_random_uuid(), 'slack', 'T1', now())"))
        upgrading.commit()
        assert (await work).rows == 1


async def test_an_older_database_is_backed_up_as_it_is_and_upgraded_when_restored(
    empty_database_url: str, other_url: str, saved: Path, metadata: MetaData, keyring: Keyring
) -> None:
    upgrade_to(empty_database_url, "0001")
    fill(empty_database_url)
    await migrate(other_url)  # newer, and empty: as the one who is about to restore may well have it

    assert (await back_up(empty_database_url, saved)).revision == "0001"
    assert await current(empty_database_url) == "0001"
    assert (await restore(other_url, saved, keyring)).revision == "0001"

    assert await current(other_url) == head()
    assert differences(other_url, metadata) == []
    assert all_rows(other_url, metadata)["identities"][0].endswith("'slack', 'T1', 'U1']")


async def test_a_stopped_bots_own_sqlite_file_is_a_backup_too(
    sqlite_url: str, other_url: str, metadata: MetaData, keyring: Keyring
) -> None:
    fill_every_table(sqlite_url, metadata, keyring)
    await restore(other_url, Path(sqlite_url.removeprefix("sqlite:///")), keyring)
    assert all_rows(other_url, metadata) == all_rows(sqlite_url, metadata)


async def test_nothing_is_restored_over_anything(
    database: Database, database_url: str, sqlite_backup: Path, metadata: MetaData, keyring: Keyring
) -> None:
    await someone(database)
    before = all_rows(database_url, metadata)

    with pytest.raises(NoBackup, match="is not empty"):
        await restore(database_url, sqlite_backup, keyring)
    assert all_rows(database_url, metadata) == before


async def test_somebody_elses_tables_are_left_alone(
    empty_database_url: str, sqlite_backup: Path, metadata: MetaData, keyring: Keyring
) -> None:
    assert metadata.tables
    with connected(empty_database_url) as connection:
        connection.execute(text("CREATE TABLE theirs (n integer)"))
        connection.commit()
    with pytest.raises(NoBackup, match="tables of something else"):
        await restore(empty_database_url, sqlite_backup, keyring)
    with connected(empty_database_url) as connection:
        assert inspect(connection).get_table_names() == ["theirs"]


async def test_the_wrong_keys_are_found_out_before_anything_is_kept(
    empty_database_url: str, sqlite_backup: Path, keyring: Keyring, metadata: MetaData
) -> None:
    assert metadata.tables
    wrong = Keyring.parse(Keyring.generate())
    with pytest.raises(NoBackup, match=f"1 of 1 sealed values do not open.*They need the key {keyring.first}"):
        await restore(empty_database_url, sqlite_backup, wrong)
    assert await current(empty_database_url) is None

    assert (await restore(empty_database_url, sqlite_backup, wrong, unreadable=True)).rows
    assert await current(empty_database_url) == head()


async def test_a_value_that_was_changed_in_the_file_is_found_out(
    empty_database_url: str, sqlite_backup: Path, keyring: Keyring, metadata: MetaData
) -> None:
    assert metadata.tables
    elsewhere = keyring.seal(WORDS, place=place(table="people", column="x", owner="", row=""))
    for value, words in ((elsewhere, f"the key {keyring.first}"), (Sealed(b"?"), "no key, being damaged")):
        with sqlite3.connect(sqlite_backup) as file:
            file.execute("UPDATE people SET sealed_looking_for = ?", [bytes(value)])
        file.close()
        with pytest.raises(NoBackup, match=words):
            await restore(empty_database_url, sqlite_backup, keyring)


async def test_a_newer_version_is_left_to_that_version(
    database_url: str, empty_database_url: str, sqlite_backup: Path, saved: Path, keyring: Keyring
) -> None:
    for url in (database_url, f"sqlite:///{sqlite_backup}"):
        with connected(url) as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            connection.commit()
    with pytest.raises(NoBackup, match="newer version of Steppingstone, revision 9999"):
        await back_up(database_url, saved.with_name("second.db"))
    with pytest.raises(NoBackup, match="newer version of Steppingstone, revision 9999"):
        await restore(empty_database_url, sqlite_backup, keyring)
    assert names_in(saved.parent) == [saved.name]


@pytest.mark.parametrize("damage", ["cut", "scribbled", "another", "empty", "missing"])
async def test_a_damaged_file_is_refused(damage: str, sqlite_backup: Path, tmp_path: Path, keyring: Keyring) -> None:
    spoil(sqlite_backup, damage)
    target = tmp_path / "fresh.db"
    with pytest.raises(NoBackup, match=r"damaged|no tables|is not there"):
        await restore(f"sqlite:///{target}", sqlite_backup, keyring)
    assert await current(f"sqlite:///{target}") is None


async def test_rows_that_do_not_arrive_are_missed(
    sqlite_backup: Path, empty_database_url: str, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swallowing(connection: Connection, to: str = "head") -> None:
        upgrade(connection, to)
        if connection.dialect.name == "sqlite":
            ignore = "CREATE TRIGGER t BEFORE INSERT ON identities BEGIN SELECT RAISE(IGNORE); END"
        else:
            ignore = "CREATE RULE t AS ON INSERT TO identities DO INSTEAD NOTHING"
        connection.execute(text(ignore))

    monkeypatch.setattr(backup, "upgrade", swallowing)
    with pytest.raises(NoBackup, match="Not all rows of identities arrived"):
        await restore(empty_database_url, sqlite_backup, keyring)
    assert await current(empty_database_url) is None


async def test_a_value_that_the_other_database_refuses_is_a_sentence_without_it(
    sqlite_backup: Path, postgres_server: str, keyring: Keyring
) -> None:
    with sqlite3.connect(sqlite_backup) as file:
        file.execute("UPDATE people SET zone = 'hunter2' || char(0)")
    file.close()
    with new_database(postgres_server) as url:
        with pytest.raises(NoBackup, match="stopped halfway, and nothing was changed") as refused:
            await restore(url, sqlite_backup, keyring)
        assert "hunter2" not in repr(refused.value)
        assert await current(url) is None


async def test_a_place_that_cannot_be_written_is_a_sentence(sqlite_url: str, sqlite_backup: Path) -> None:
    for target, words in (
        (sqlite_backup, "is there already"),
        (sqlite_backup / "under" / "a-file.db", "cannot be written"),
        (sqlite_backup.with_name("n" * 300 + ".db"), "cannot be written"),
    ):
        with pytest.raises(NoBackup, match=words):
            await back_up(sqlite_url, target)
    assert names_in(sqlite_backup.parent) == [sqlite_backup.name]


async def test_there_is_nothing_to_back_up_before_the_first_start(empty_database_url: str, saved: Path) -> None:
    with pytest.raises(NoBackup, match=r"nothing to copy"):
        await back_up(empty_database_url, saved)
    assert not names_in(saved.parent)


def test_names_are_in_order_of_time_and_only_the_oldest_go(tmp_path: Path) -> None:
    moments = [datetime(2026, month, 1, 9, 30, tzinfo=UTC) for month in (1, 2, 10, 12)]
    names = [name_at(moment) for moment in moments]
    assert names == sorted(names)
    kept = ["steppingstone-mine.db", "steppingstone-20200101-000000.db.part", "notes.db"]
    for name in (*reversed(names), *kept):
        (tmp_path / name).touch()
    assert {path.name for path in remove_oldest(tmp_path, keep=2)} == set(names[:2])
    assert {path.name for path in tmp_path.iterdir()} == {*names[2:], *kept}


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def spoil(path: Path, damage: str) -> None:
    whole = path.read_bytes()
    path.unlink()
    if damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "scribbled":
        path.write_bytes(whole[:4096] + b"\xa5" * 8192 + whole[12288:])
    elif damage == "another":
        path.write_bytes(b"-- PostgreSQL database dump\n" * 400)
    elif damage == "empty":
        path.touch()


def until_somebody_waits(connection: Connection) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    deadline = monotonic() + PATIENCE_SECONDS
    while not connection.scalar(waiting):
        assert monotonic() < deadline
