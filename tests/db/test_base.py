from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, select, text, update
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from db.base import Coded, Instant
from db.members import Consent, Person, Role
from db.session import Database, is_transient
from tests.db.people import NOW, someone

POSTGRESQL: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its makers untyped
SQLITE: Dialect = SQLiteDialect_pysqlite()
zones = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=zones)  # noqa: DTZ001 - hypothesis adds the zone
both = pytest.mark.parametrize("kind", [POSTGRESQL, SQLITE], ids=["postgresql", "sqlite"])


@both
@given(moment=moments)
def test_an_instant_comes_back_as_itself_in_utc(kind: Dialect, moment: datetime) -> None:
    stored = Instant().process_bind_param(moment, kind)
    read = Instant().process_result_value(stored, kind)

    assert read == moment
    assert read is not None
    assert read.utcoffset() == timedelta(0)


@given(first=moments, second=moments)
def test_instants_on_sqlite_sort_as_the_moments_do(first: datetime, second: datetime) -> None:
    def stored(moment: datetime) -> int:
        return int(Instant().process_bind_param(moment, SQLITE))

    assert (stored(first) < stored(second)) == (first < second)


@both
def test_a_datetime_without_a_zone_is_refused(kind: Dialect) -> None:
    with pytest.raises(ValueError, match="time zone"):
        Instant().process_bind_param(NOW.replace(tzinfo=None), kind)
    with pytest.raises(TypeError, match="str"):
        Instant().process_bind_param("2026-03-02", kind)  # type: ignore[arg-type]  # the mistake under test


def test_a_datetime_without_a_zone_is_refused_from_the_database_too() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Instant().process_result_value(NOW.replace(tzinfo=None), POSTGRESQL)


async def test_an_instant_survives_the_database_to_the_microsecond(database: Database) -> None:
    moment = datetime(2026, 10, 25, 3, 30, 0, 123457, tzinfo=timezone(timedelta(hours=2)))
    person_id = await someone(database)
    async with database.writing() as db:
        await db.execute(update(Person).values(consented_at=moment))
    async with database.reading() as db:
        assert await db.scalar(select(Person.consented_at)) == moment
        assert await db.scalar(select(Person.id).where(Person.consented_at <= moment)) == person_id
        assert await db.scalar(select(Person.id).where(Person.consented_at < moment)) is None


async def test_a_naive_instant_in_a_statement_is_an_error(database: Database) -> None:
    async with database.writing() as db:
        with pytest.raises(StatementError, match="time zone"):
            await db.execute(update(Person).values(consented_at=NOW.replace(tzinfo=None)))


def test_an_enum_is_stored_by_value_and_nothing_else_is() -> None:
    assert Coded(Consent).process_bind_param(Consent.KEEP, SQLITE) == "keep"
    assert Coded(Role).process_bind_param(Role.ADMIN, SQLITE) == 3
    assert Coded(Role).process_result_value(2, SQLITE) is Role.MODERATOR
    with pytest.raises(ValueError, match="nonsense"):
        Coded(Consent).process_bind_param("nonsense", SQLITE)  # type: ignore[arg-type]  # the mistake under test


def test_a_row_has_its_id_before_the_flush() -> None:
    chosen = uuid4()

    assert Person().id != Person().id
    assert Person(id=chosen).id == chosen


async def test_of_two_changes_to_one_row_the_second_is_told_to_look_again(database: Database) -> None:
    person_id = await someone(database)
    async with database.reading() as db:
        old = await db.get_one(Person, person_id)
    async with database.writing() as db:
        (await db.get_one(Person, person_id)).country = "PT"

    async def change_what_was_seen() -> None:
        async with database.writing() as db:
            old.country = "ES"
            db.add(old)

    with pytest.raises(StaleDataError) as refused:
        await change_what_was_seen()

    assert is_transient(refused.value)
    async with database.reading() as db:
        now = await db.get_one(Person, person_id)
        assert (now.version, now.country) == (2, "PT")


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_postgresql_speaks_utc_and_gives_up_in_time(database: Database) -> None:
    async with database.reading() as db:
        settings = {
            name: await db.scalar(text(f"SHOW {name}"))
            for name in (
                "timezone",
                "idle_in_transaction_session_timeout",
                "lock_timeout",
                "statement_timeout",
            )
        }
    assert list(settings.values()) == ["UTC", "15s", "5s", "30s"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_sqlite_keeps_its_promises(database: Database) -> None:
    async with database.writing() as db:
        names = ("journal_mode", "foreign_keys", "synchronous", "secure_delete")
        assert [await db.scalar(text(f"PRAGMA {name}")) for name in names] == ["wal", 1, 1, 1]
        with pytest.raises(DBAPIError, match="FOREIGN KEY"):
            await db.execute(text("INSERT INTO identities VALUES (:id, :id, 'slack', 'T', 'U')"), {"id": uuid4().hex})
