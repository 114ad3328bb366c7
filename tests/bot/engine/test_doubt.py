"""What may have arrived is neither sent twice nor taken for lost, whatever happens next."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from bot.cards import Card
from bot.sending import InDoubt, TryLater, Unreachable
from db.claims import ATTEMPTS
from db.jobs import Job, JobState
from db.posts import Post, PostState, mark_withdrawn
from db.session import Database
from tests.bot.engine.conftest import ROOM, Bench, open_bench
from tests.platforms.sink import Sink

MINUTE = timedelta(minutes=1)


@dataclass
class Asked(Sink):
    """Remembers how long ago each message in doubt was sent, as it was asked."""

    asked: list[float] = field(default_factory=list)

    async def find(self, *, destination: str, delivery: UUID, seconds: float) -> str | None:
        self.asked.append(seconds)
        return await super().find(destination=destination, delivery=delivery, seconds=seconds)


async def test_a_note_that_fails_after_the_message_arrived_is_tried_until_the_lease_ends(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = ["the database restarts"] * 2
    write = bench.database.writing

    def writing() -> object:
        if bench.said and broken:
            raise ConnectionError(broken.pop())
        return write()

    monkeypatch.setattr(bench.database, "writing", writing)
    bench.sink.knows = False
    await bench.post(1)
    await bench.catch_up()
    assert bench.seen == ["Hello 1"]
    assert await bench.states() == ["done"]
    assert not broken


async def test_whatever_breaks_while_it_is_sent_it_is_in_doubt(bench: Bench) -> None:
    bench.sink.knows = False
    bench.sink.trouble = [(RuntimeError("a library's surprise"),)]
    await bench.post(1)
    await bench.catch_up()
    await bench.catch_up(MINUTE)
    assert bench.seen == ["Hello 1"]
    assert await bench.states() == ["uncertain"]


@pytest.mark.parametrize("after", [[TryLater("refused")], [TryLater("refused"), TryLater("429", seconds=0)]])
async def test_a_failure_that_is_certain_does_not_end_the_doubt_of_an_earlier_one(
    database: Database, after: list[Exception]
) -> None:
    sink = Asked()
    bench = open_bench(database, sink)
    sink.trouble = [InDoubt("disconnected"), *after]
    await bench.post(1)
    for _ in range(4):
        await bench.catch_up(10 * MINUTE)
    assert bench.seen[0].endswith("Hello 1")
    assert len(sink.asked) == len(after) + 1


async def test_how_far_back_to_look_counts_from_the_first_sending(database: Database) -> None:
    sink = Asked()
    bench = open_bench(database, sink)
    sink.trouble = [InDoubt("disconnected")] * 2
    await bench.post(1)
    await bench.catch_up()
    async with database.writing() as db:
        (job,) = await bench.jobs()
        assert job.sending_at is not None
        await db.execute(update(Job).values(sending_at=job.sending_at - timedelta(seconds=90)))
    for _ in range(2):
        await bench.catch_up(10 * MINUTE)
    assert [seconds >= 90 for seconds in sink.asked] == [True, True]


async def test_what_is_given_up_after_a_doubt_is_uncertain_and_not_taken_for_lost(bench: Bench) -> None:
    bench.sink.trouble = [InDoubt("disconnected"), Unreachable("50007")]
    await bench.post(1)
    await bench.catch_up()
    await bench.catch_up(MINUTE)
    assert await bench.states() == ["uncertain"]


async def test_while_a_platform_is_down_nothing_is_given_up_before_its_time_is_over(bench: Bench) -> None:
    bench.sink.trouble = [TryLater("refused")] * (ATTEMPTS + 4)
    await bench.post(1)
    for _ in range(ATTEMPTS + 5):
        await bench.catch_up(15 * MINUTE)
    assert bench.seen == ["I was away, so this comes 3 hours late. Hello 1"]


async def test_and_it_is_given_up_when_its_time_is_over(bench: Bench) -> None:
    bench.sink.trouble = [TryLater("refused")] * 99
    await bench.post(1)
    for _ in range(13):
        await bench.catch_up(60 * MINUTE)
    await bench.rhythm.reap()
    (job,) = await bench.jobs()
    assert job.state is JobState.EXPIRED
    assert bench.seen == []


async def test_what_was_found_is_not_sent_again(bench: Bench) -> None:
    bench.sink.trouble = [InDoubt("disconnected")]
    post_id = await bench.post(1)
    assert post_id is not None
    await bench.catch_up()
    await bench.sink.send(destination=ROOM, card=Card(()), delivery=post_id)  # it was only slow
    calls = bench.sink.calls
    await bench.catch_up(MINUTE)
    assert bench.sink.calls == calls
    assert await bench.states() == ["done"]


async def test_a_message_that_arrives_after_it_was_withdrawn_is_withdrawn_again(bench: Bench) -> None:
    post_id = await bench.post(1)
    assert post_id is not None

    class Overtaken(Sink):
        async def send(self, *, destination: str, card: Card, delivery: UUID) -> str:
            async with bench.database.writing() as db:
                await mark_withdrawn(db, delivery)
            return await super().send(destination=destination, card=card, delivery=delivery)

    await open_bench(bench.database, Overtaken(), clock=bench.clock).worker.drain()
    assert [job.call.partition(":")[0] for job in await bench.jobs()] == ["bench.hello", "remove"]
    async with bench.database.reading() as db:
        assert (await db.get_one(Post, post_id)).state is PostState.POSTED
