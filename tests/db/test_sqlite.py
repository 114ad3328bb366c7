"""SQLite on the event loop: whatever takes long, others go on."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, update

from db.members import Consent, Person
from db.session import Database
from db.sqlite import giving_way
from tests.db.people import NOW, someone

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def path_of(url: str) -> Path:
    return Path(make_url(url).database or "")


async def test_while_another_process_writes_a_writer_waits_and_nobody_else_does(
    database: Database, database_url: str
) -> None:
    await someone(database)
    other = sqlite3.connect(path_of(database_url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with database.writing() as db:
            await db.execute(update(Person).values(zone="Asia/Tokyo"))

    writer = asyncio.create_task(write())
    async with database.reading() as db:  # the loop is free, or this would not come to its turn
        assert await db.scalar(select(Person.zone)) == "Europe/Lisbon"
    assert not writer.done()
    other.execute("COMMIT")
    other.close()
    await writer
    async with database.reading() as db:
        assert await db.scalar(select(Person.zone)) == "Asia/Tokyo"


async def test_a_commit_that_takes_long_holds_up_nobody_and_is_done_even_when_cancelled(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await someone(database)
    committing, go = threading.Event(), threading.Event()
    commit = sqlite3.Connection.commit

    def slowly(connection: sqlite3.Connection) -> None:
        committing.set()
        assert go.wait(10)
        commit(connection)

    monkeypatch.setattr("db.sqlite.InlineConnection.commit", slowly, raising=False)

    async def write() -> None:
        async with database.writing() as db:
            await db.execute(update(Person).values(zone="Asia/Tokyo"))

    writer = asyncio.create_task(write())
    await asyncio.to_thread(committing.wait, 10)
    async with database.reading() as db:
        assert (await db.get_one(Person, ana)).zone == "Europe/Lisbon"
    writer.cancel()
    go.set()
    await asyncio.wait([writer])
    assert writer.cancelled()
    async with database.writing() as db:
        person = await db.get_one(Person, ana)
        assert person.zone == "Asia/Tokyo"
        person.consented_at = NOW


async def test_a_long_answer_lets_others_come_in_between(database: Database) -> None:
    async with database.writing() as db:
        db.add_all([Person(consent=Consent.KEEP, consented_at=NOW, created_at=NOW) for _ in range(100)])
    read: list[Person] = []

    async def read_all() -> None:
        async with database.reading() as db:
            async for person in await db.stream_scalars(select(Person).execution_options(yield_per=10)):
                read.append(person)  # noqa: PERF401 - seen from outside while it grows

    reader = asyncio.create_task(read_all())
    seen = set()
    while not reader.done():
        await asyncio.sleep(0)
        seen.add(len(read))
    assert seen >= {0, 10, 50, 90, 100}


@pytest.mark.parametrize("gives_way", [False, True])
async def test_what_nobody_waits_for_lets_others_go_first(database: Database, *, gives_way: bool) -> None:
    others = 0

    async def go_on() -> None:
        nonlocal others
        while True:
            others += 1
            await asyncio.sleep(0)

    going = asyncio.create_task(go_on())
    with giving_way() if gives_way else nullcontext():
        async with database.reading() as db:
            await db.scalar(select(Person.zone))
            before = others
            for _ in range(10):
                await db.scalar(select(Person.zone))
            turns = others - before
    going.cancel()
    assert (turns >= 10) is gives_way
