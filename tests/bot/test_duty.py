"""A duty as a process sees it: it waits, has it, and keeps it while nobody can tell otherwise."""

import asyncio

import pytest

from bot.duty import Duty
from db.session import Database

SOON = 0.04


async def test_who_waits_has_it_when_it_is_left(database: Database) -> None:
    one, two = Duty(database, "x"), Duty(database, "x", lease_seconds=SOON)
    await one.take()
    waiting = asyncio.create_task(two.take())
    await one.leave()
    async with asyncio.timeout(30):
        await waiting


async def test_while_the_database_is_down_it_stays_with_who_has_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, others = Duty(database, "x", lease_seconds=SOON), Duty(database, "x", lease_seconds=SOON)
    await mine.take()
    asked: list[None] = []
    enough = asyncio.Event()

    def writing() -> object:
        asked.append(None)
        if len(asked) > 10:
            enough.set()
        raise ConnectionError

    monkeypatch.setattr(database, "writing", writing)
    await mine.take()  # as after a lost connection to the platform
    keeping, waiting = asyncio.create_task(mine.keep()), asyncio.create_task(others.take())
    async with asyncio.timeout(30):
        await enough.wait()
    assert not keeping.done()
    assert not waiting.done()
    await asyncio.gather(mine.leave(), others.leave())
    async with asyncio.timeout(30):
        await asyncio.gather(keeping, waiting)
