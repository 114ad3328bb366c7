from __future__ import annotations

import asyncio
import contextlib
import logging
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, make_url, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.members import Identity, Person, find_member, get_person
from db.sealed import Keyring
from db.session import Database, is_duplicate, is_transient
from tests.db.people import ANA, BEN, someone

WRONG_URLS = [
    "",
    "hunter2",
    "mysql://root:hunter2@db/name",
    "sqlite://",
    "sqlite:///:memory:",
    "postgresql://h:hunter2/x",
]


@pytest.mark.parametrize("url", WRONG_URLS)
def test_a_wrong_address_is_refused_and_not_repeated(url: str, keyring: Keyring) -> None:
    with pytest.raises(ValueError, match=r"A database address is sqlite:///") as refused:
        Database(url, keyring)
    assert "hunter2" not in repr(refused.value)


async def test_an_ordinary_address_is_taken_and_never_shown(keyring: Keyring) -> None:
    for url in ("postgres://ana:hunter2@db.example/app?sslmode=require", "postgresql+psycopg2://ana:hunter2@db/app"):
        database = Database(url, keyring)
        assert repr(database) == "<Database postgresql>"
        async with database.writing(), database.reading():
            pass  # nothing was asked for, so nothing connected: there is no such server
        await database.close()


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_settings_in_the_address_win_over_ours(database_url: str, keyring: Keyring) -> None:
    url = make_url(database_url).update_query_dict({"options": "-c statement_timeout=7s", "connect_timeout": "3"})
    database = Database(url.render_as_string(hide_password=False), keyring)
    async with database.reading() as db:
        assert await db.scalar(text("SHOW statement_timeout")) == "7s"
        assert await db.scalar(text("SHOW lock_timeout")) == "5s"
    await database.close()


async def test_many_sessions_as_one_are_seen_by_others_at_the_end(database: Database) -> None:
    async with database.as_one() as whole:
        ana = await someone(whole)
        async with whole.reading() as db:
            assert (await get_person(db, ana)).zone == "Europe/Lisbon"
        async with database.reading() as db:
            assert await find_member(db, ANA, community=None) is None
    async with database.reading() as db:
        assert await find_member(db, ANA, community=None) is not None


async def test_many_sessions_as_one_are_undone_by_an_error(database: Database) -> None:
    with contextlib.suppress(LookupError):
        async with database.as_one() as whole:
            await someone(whole)
            raise LookupError
    async with database.writing() as db:
        assert await find_member(db, ANA, community=None) is None


async def test_a_session_that_fails_among_many_is_undone_alone(database: Database) -> None:
    async with database.as_one() as whole:
        await someone(whole)
        with contextlib.suppress(LookupError):
            async with whole.writing() as db:
                (await db.scalars(select(Person))).one().zone = "Asia/Tokyo"
                await db.flush()
                raise LookupError
        await whole.close()
    async with database.reading() as db:
        assert (await db.scalars(select(Person))).one().zone == "Europe/Lisbon"


async def test_what_is_written_is_there_afterwards(database: Database) -> None:
    ana = await someone(database)

    await database.ping()
    async with database.reading() as db:
        assert (await get_person(db, ana)).zone == "Europe/Lisbon"
    with pytest.raises(LookupError):
        async with database.reading() as db:
            await get_person(db, uuid4())


async def test_an_error_undoes_everything(database: Database) -> None:
    ana = await someone(database)

    async def fail() -> None:
        async with database.writing() as db:
            (await get_person(db, ana)).zone = "Asia/Tokyo"
            await db.flush()
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await fail()

    async with database.reading() as db:
        assert (await get_person(db, ana)).zone == "Europe/Lisbon"


async def test_a_cancelled_writer_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    ana = await someone(database)
    inside = asyncio.Event()

    async def write() -> None:
        async with database.writing() as db:
            await db.execute(update(Person).values(zone="Asia/Tokyo"))
            inside.set()
            await asyncio.Event().wait()

    work = asyncio.create_task(write())
    await inside.wait()
    work.cancel()
    await asyncio.wait([work])

    async with database.writing() as db:
        person = await get_person(db, ana)
        assert person.zone == "Europe/Lisbon"
        person.zone = "Africa/Accra"


async def test_a_reader_cannot_write(database: Database) -> None:
    ana = await someone(database)
    for statement in (update(Person).values(zone="x"), text("DELETE FROM people"), text("CREATE TABLE x (y int)")):
        async with database.reading() as db:
            with pytest.raises(DBAPIError, match=r"read-?only"):
                await db.execute(statement)

    async with database.writing() as db:  # the same pool on PostgreSQL: the connection can write again
        (await get_person(db, ana)).zone = "Africa/Accra"


async def test_a_reader_waits_for_no_writer_and_sees_one_moment(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as writer, database.reading() as reader:
        (await get_person(writer, ana)).zone = "Asia/Tokyo"
        await writer.flush()
        assert await reader.scalar(select(Person.zone)) == "Europe/Lisbon"
        await writer.commit()
        assert await reader.scalar(select(Person.zone)) == "Europe/Lisbon"


async def test_many_writers_at_once_lose_nothing(database: Database) -> None:
    async with database.writing() as db:
        await db.execute(text("CREATE TABLE counts (n integer NOT NULL)"))
        await db.execute(text("INSERT INTO counts VALUES (0)"))

    async def count() -> None:
        async with database.writing() as db:
            on_sqlite, query = database.dialect == "sqlite", "SELECT n FROM counts"
            n = await db.scalar(text(query if on_sqlite else f"{query} FOR UPDATE"))
            await db.execute(text("UPDATE counts SET n = :n"), {"n": n + 1})

    await asyncio.gather(*(count() for _ in range(40)))

    async with database.reading() as db:
        assert await db.scalar(text("SELECT n FROM counts")) == 40


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_deadlock_is_worth_another_try(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    holding = asyncio.Barrier(2)

    async def change(first: object, second: object) -> None:
        async with database.writing() as db:
            await db.execute(update(Person).where(Person.id == first).values(zone="x"))
            await holding.wait()
            await db.execute(update(Person).where(Person.id == second).values(zone="x"))

    ends = await asyncio.gather(change(ana, ben), change(ben, ana), return_exceptions=True)

    [error] = [end for end in ends if end is not None]
    assert is_transient(error)
    assert not is_duplicate(error)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_lock_waited_for_too_long_is_worth_another_try(database: Database) -> None:
    await someone(database)
    async with database.writing() as holder:
        await holder.execute(update(Person).values(zone="x"))
        async with database.writing() as db:
            await db.execute(text("SET LOCAL lock_timeout = '10ms'"))
            with pytest.raises(DBAPIError) as refused:
                await db.execute(update(Person).values(zone="y"))
    assert is_transient(refused.value)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_a_locked_file_is_worth_another_try(
    database: Database, database_url: str, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    await someone(database)
    monkeypatch.setattr("db.session.BUSY_SECONDS", 0.01)
    other_process = Database(database_url, keyring)
    async with database.writing() as holder:
        await holder.execute(update(Person).values(zone="x"))
        with pytest.raises(DBAPIError) as refused:
            async with other_process.writing() as db:
                await db.execute(update(Person).values(zone="y"))
    await other_process.close()

    assert is_transient(refused.value)
    told = RuntimeError("the work failed")
    told.__cause__ = refused.value
    assert is_transient(told)
    assert not is_transient(RuntimeError("something else"))


async def test_a_duplicate_is_told_from_other_errors_and_names_nobody(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ana = await someone(database)
    twice = {"platform": ANA.platform, "tenant": ANA.tenant, "user_id": ANA.user}
    with pytest.raises(IntegrityError) as duplicate:
        async with database.writing() as db:
            await db.execute(insert(Identity).values(person_id=ana, **twice))
    with pytest.raises(IntegrityError) as orphan:
        async with database.writing() as db:
            await db.execute(insert(Identity).values(person_id=uuid4(), **twice | {"user_id": "U9"}))

    assert is_duplicate(duplicate.value)
    assert not is_transient(duplicate.value)
    assert not is_duplicate(orphan.value)
    shown = f"{duplicate.value} {duplicate.value!r} {duplicate.value.orig} {orphan.value} {caplog.text}"
    assert ANA.user not in shown
    assert "unique" in shown.lower()


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_value_that_the_server_quotes_is_cut_out(database: Database) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with database.reading() as db:
            await db.execute(text("SELECT CAST(:words AS integer)"), {"words": "Zanzibar-4913"})
    assert "Zanzibar" not in f"{refused.value} {refused.value.orig}"


async def test_looking_somebody_up_takes_one_statement(database: Database) -> None:
    await someone(database)
    statements: list[str] = []
    async with database.reading() as db:
        connection = (await db.connection()).sync_connection
        event.listen(connection, "before_cursor_execute", lambda *told: statements.append(told[2]))
        assert await find_member(db, ANA, community=uuid4()) is not None
    assert len(statements) == 1


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("idle_seconds", [0.0, 60.0])
async def test_a_lost_connection_is_met_before_it_is_used_or_is_worth_another_try(
    database: Database, monkeypatch: pytest.MonkeyPatch, idle_seconds: float
) -> None:
    monkeypatch.setattr("db.session.IDLE_SECONDS", idle_seconds)
    ana = await someone(database)
    async with database.writing() as one:
        await one.scalar(text("SELECT 1"))
        async with database.writing() as other:
            number = await other.scalar(text("SELECT pg_backend_pid()"))
        await one.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})

    met: list[DBAPIError] = []
    for _ in range(3):
        try:
            async with database.reading() as one, database.reading() as other:
                assert await get_person(one, ana) is not None
                assert await get_person(other, ana) is not None
        except DBAPIError as error:
            met.append(error)
    assert [is_transient(error) for error in met] == ([True] if idle_seconds else [])
