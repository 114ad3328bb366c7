"""The regular work: what has had its time goes, and one part's failure stops no other."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import StillClock
from bot.engine.rhythm import Rhythm
from bot.extensions import Extensions
from bot.heartbeat import Heartbeat
from db.drafts import Draft, save_draft
from db.handled import Handled, claim
from db.session import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def beating(
    database: Database,
    clock: StillClock,
    *,
    extensions: Extensions | None = None,
) -> Heartbeat:
    return Heartbeat(
        database=database,
        clock=clock,
        extensions=extensions or Extensions(),
        rhythm=Rhythm(database=database, clock=clock, schedules={}),
    )


async def count(database: Database, table: type) -> int:
    async with database.reading() as db:
        return await db.scalar(select(func.count()).select_from(table)) or 0


async def test_drafts_and_events_go_when_their_time_has_come(database: Database) -> None:
    clock = StillClock(NOW)
    async with database.writing() as db:
        await save_draft(db, owner=b"x" * 32, content="words", now=NOW)
        await claim(db, b"y" * 32, at=NOW)
    heartbeat = beating(database, clock)
    await heartbeat.beat()
    assert (await count(database, Draft), await count(database, Handled)) == (1, 1)
    clock.move(timedelta(minutes=15))
    await heartbeat.beat()
    assert (await count(database, Draft), await count(database, Handled)) == (0, 1)
    clock.move(timedelta(days=1))
    await heartbeat.beat()
    assert await count(database, Handled) == 0


async def test_one_features_failure_is_logged_with_a_reference_and_stops_nothing_else(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(db: AsyncSession, now: datetime) -> None:
        raise RuntimeError("secret")

    noted: list[datetime] = []

    async def note(db: AsyncSession, now: datetime) -> None:
        noted.append(now)

    async with database.writing() as db:
        await save_draft(db, owner=b"x" * 32, content="words", now=NOW - timedelta(hours=1))
    with caplog.at_level(logging.ERROR, "bot"):
        await beating(database, StillClock(NOW), extensions=Extensions(tidy=[fail, note])).beat()
    assert [record.fields["reference"] for record in caplog.records]  # type: ignore[attr-defined]  # ours
    assert await count(database, Draft) == 0
    assert noted == [NOW]


async def test_it_starts_and_stops(database: Database) -> None:
    heartbeat = beating(database, StillClock(NOW))
    await heartbeat.stop(seconds=1)
    heartbeat.start()
    await heartbeat.stop(seconds=1)


async def test_what_is_under_way_when_it_stops_ends_in_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    class Slow(Rhythm):
        async def reap(self) -> None:
            begun.set()
            await asyncio.sleep(0.05)
            ended.set()

    heartbeat = Heartbeat(
        database=database,
        clock=StillClock(NOW),
        extensions=Extensions(),
        rhythm=Slow(database=database, clock=StillClock(NOW), schedules={}),
        reap_seconds=0.01,
    )
    heartbeat.start()
    async with asyncio.timeout(5):
        await begun.wait()
    await heartbeat.stop(seconds=5)
    assert ended.is_set()
