"""Much that is asked for at once is there once, and all of it or nothing, on both databases."""

from datetime import timedelta

import pytest

from bot.call import Asking
from bot.outbox import gathered, post_id_of
from db.jobs import JobState
from tests.bot.engine.conftest import ROOM, Bench

PLACES = [f"test:T{number}:C1" for number in range(4)]


async def test_what_was_gathered_arrives_and_is_done(bench: Bench) -> None:
    async with bench.database.writing() as db, gathered(Asking(db, bench.clock.now())) as together:
        for number, place in enumerate(PLACES):
            assert await together.post(place, bench.hello(number), key=f"post {number}") == post_id_of(f"post {number}")
        assert await together.later(bench.work(7), at=bench.clock.now() + timedelta(hours=1), key="work")
    await bench.catch_up()
    assert sorted(bench.seen) == [f"Hello {number}" for number in range(len(PLACES))]
    assert [each.destination for each in bench.said] != [ROOM] * len(PLACES)
    await bench.catch_up(timedelta(hours=1))
    assert bench.done == [7]


async def test_a_key_is_used_once_within_and_across(bench: Bench) -> None:
    await bench.post(1, key="earlier")
    await bench.later(1, key="work")
    async with bench.database.writing() as db, gathered(Asking(db, bench.clock.now())) as together:
        for number, key in ((2, "earlier"), (3, "twice"), (3, "twice")):
            await together.post(ROOM, bench.hello(number), key=key)
        await together.later(bench.work(2), key="work")
    assert len(await bench.jobs()) == 3
    await bench.catch_up()
    assert sorted(bench.seen) == ["Hello 1", "Hello 1", "Hello 3"]
    assert bench.done == [1]


async def test_where_gathering_fails_nothing_is_asked_for(bench: Bench) -> None:
    async def fail() -> None:
        async with bench.database.writing() as db, gathered(Asking(db, bench.clock.now())) as together:
            await together.post(ROOM, bench.hello(1), key="post")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await bench.jobs() == []


async def test_what_was_gathered_waits_for_its_own_time(bench: Bench) -> None:
    async with bench.database.writing() as db, gathered(Asking(db, bench.clock.now())) as together:
        await together.post(ROOM, bench.hello(1), at=bench.clock.now() + timedelta(hours=2), grace=timedelta(hours=1))
    await bench.catch_up()
    assert bench.seen == []
    await bench.catch_up(timedelta(hours=4))
    await bench.rhythm.reap()
    assert [job.state for job in await bench.jobs()] == [JobState.EXPIRED]
