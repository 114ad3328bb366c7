"""The regular work: what has had its time goes, and posts that are due are taken back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import StillClock
from bot.engine.rhythm import Rhythm
from bot.extensions import Extensions
from bot.heartbeat import WITHDRAWAL_RETRY, WITHDRAWALS_AT_ONCE, Heartbeat
from bot.withdrawals import Withdrawals
from db.drafts import Draft, save_draft
from db.handled import Handled, claim
from db.posts import Post, PostState, create_post, mark_posted
from db.session import Database
from tests.platforms.sink import Sink

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Surface(Sink):
    """A platform of which only the taking back is used; it keeps what is on it."""

    def __init__(self, *messages: str) -> None:
        super().__init__()
        self.present = set(messages)
        self.fails = False

    async def withdraw(self, *, destination: str, message: str) -> bool:
        if self.fails:
            raise ConnectionError(destination)
        there = message in self.present
        self.present.discard(message)
        return there


def beating(
    database: Database,
    clock: StillClock,
    *,
    extensions: Extensions | None = None,
    withdraw: Callable[[UUID], Awaitable[bool]] | None = None,
) -> Heartbeat:
    return Heartbeat(
        database=database,
        clock=clock,
        extensions=extensions or Extensions(),
        rhythm=Rhythm(database=database, clock=clock, schedules={}),
        withdraw=withdraw or Withdrawals(database, {}).withdraw,
    )


async def count(database: Database, table: type) -> int:
    async with database.reading() as db:
        return await db.scalar(select(func.count()).select_from(table)) or 0


async def posted(database: Database, *, message: str, after: timedelta) -> UUID:
    async with database.writing() as db:
        post = await create_post(db, job="x", args=[], destination="test:T1:D1", at=NOW, withdraw_at=NOW + after)
        await mark_posted(db, post.id, message_ref=message)
        return post.id


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


async def test_a_due_post_is_taken_back_and_one_that_is_not_due_stays(database: Database) -> None:
    clock, surface = StillClock(NOW), Surface("due", "later")
    await posted(database, message="due", after=timedelta(hours=1))
    await posted(database, message="later", after=timedelta(hours=3))
    clock.move(timedelta(hours=2))
    await beating(database, clock, withdraw=Withdrawals(database, {"test": surface}).withdraw).beat()
    assert surface.present == {"later"}


async def test_taking_back_while_the_platform_is_down_is_tried_again(database: Database) -> None:
    clock, surface = StillClock(NOW), Surface("file")
    post_id = await posted(database, message="file", after=timedelta())
    surface.fails = True
    heartbeat = beating(database, clock, withdraw=Withdrawals(database, {"test": surface}).withdraw)
    await heartbeat.beat()
    assert surface.present == {"file"}
    surface.fails = False
    clock.move(WITHDRAWAL_RETRY)
    await heartbeat.beat()
    assert surface.present == set()
    async with database.reading() as db:
        post = await db.get(Post, post_id)
        assert post
        assert post.state is PostState.WITHDRAWN


async def test_posts_that_cannot_be_taken_back_now_do_not_stand_before_those_that_can(database: Database) -> None:
    surface = Surface("file")
    async with database.writing() as db:
        for _ in range(WITHDRAWALS_AT_ONCE):
            await create_post(db, job="x", args=[], destination="elsewhere:T1:D1", at=NOW, withdraw_at=NOW)
    await posted(database, message="file", after=timedelta(seconds=1))
    clock = StillClock(NOW + timedelta(minutes=1))
    heartbeat = beating(database, clock, withdraw=Withdrawals(database, {"test": surface}).withdraw)
    await heartbeat.beat()
    await heartbeat.beat()
    assert surface.present == set()


async def test_what_the_platform_does_not_remove_is_not_tried_for_ever(database: Database) -> None:
    surface = Surface()
    post_id = await posted(database, message="file", after=timedelta())
    withdraw = Withdrawals(database, {"test": surface}).withdraw
    assert not await withdraw(post_id)
    async with database.reading() as db:
        post = await db.get(Post, post_id)
        assert post
        assert post.state is PostState.FAILED


async def test_a_post_of_a_platform_that_is_not_running_stays_due(database: Database) -> None:
    post_id = await posted(database, message="file", after=timedelta())
    assert not await Withdrawals(database, {}).withdraw(post_id)
    async with database.reading() as db:
        post = await db.get(Post, post_id)
        assert post
        assert post.state is PostState.POSTED


async def test_one_features_failure_is_logged_with_a_reference_and_stops_nothing_else(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(db: AsyncSession, now: datetime) -> None:
        raise RuntimeError("secret")

    async with database.writing() as db:
        await save_draft(db, owner=b"x" * 32, content="words", now=NOW - timedelta(hours=1))
    surface = Surface("due")
    await posted(database, message="due", after=timedelta())
    withdraw = Withdrawals(database, {"test": surface}).withdraw
    with caplog.at_level(logging.ERROR, "bot"):
        await beating(database, StillClock(NOW), extensions=Extensions(tidy=[fail]), withdraw=withdraw).beat()
    assert [record.fields["reference"] for record in caplog.records]  # type: ignore[attr-defined]  # ours
    assert await count(database, Draft) == 0
    assert surface.present == set()


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
        withdraw=Withdrawals(database, {}).withdraw,
        reap_seconds=0.01,
    )
    heartbeat.start()
    async with asyncio.timeout(5):
        await begun.wait()
    await heartbeat.stop(seconds=5)
    assert ended.is_set()
