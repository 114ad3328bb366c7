"""Messages go out once, to whom they are for, or it is known why not."""

import asyncio
import logging
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from bot.call import Asking
from bot.cards import Card
from bot.outbox import post_id_of
from bot.sending import InDoubt, Rate, Refused, TryLater, Unreachable
from db.claims import ATTEMPTS, claim, mark_sending, reap
from db.jobs import (
    Destination,
    Job,
    JobState,
    forget_waiting,
    is_open,
    open_destination,
    retry_all_at,
    retry_job,
    waiting_at,
)
from db.members import delete_person
from db.posts import Post, PostState
from db.real_time import get_real_now
from tests.bot.engine.conftest import ROOM, Bench, open_bench
from tests.db.people import someone
from tests.platforms.sink import Sink

MINUTE = timedelta(minutes=1)


async def killed_while_sending(bench: Bench, *, seconds_ago: float = 90) -> None:
    """What is left of a process that was killed between marking its one job and noting its end."""
    async with bench.database.writing() as db:
        _, (job,) = await claim(
            db, rates={"test": bench.sink.rate}, wanted=1, now=bench.clock.now(), owner="dead", lease_seconds=60
        )
    async with bench.database.writing() as db:
        assert await mark_sending(db, [job])
    async with bench.database.writing() as db:
        then = await get_real_now(db) - timedelta(seconds=seconds_ago)
        await db.execute(update(Job).values(sending_at=then, lease_until=then + timedelta(seconds=60)))
        await db.execute(update(Destination).values(free_at=then))
    await bench.rhythm.reap()


async def test_a_message_goes_out_after_the_commit_and_once(bench: Bench) -> None:
    await bench.post(1)
    await bench.catch_up()
    await bench.catch_up(timedelta(days=1))
    assert bench.seen == ["Hello 1"]
    assert bench.said[0].destination == ROOM


async def test_nothing_goes_out_where_the_transaction_fails(bench: Bench) -> None:
    async def post_and_fail() -> None:
        async with bench.database.writing() as db:
            await Asking(db, bench.clock.now()).post(ROOM, bench.hello(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await post_and_fail()
    await bench.catch_up()
    assert bench.seen == []


async def test_what_is_asked_for_twice_under_one_key_comes_once(bench: Bench) -> None:
    assert await bench.post(1, key="round 7") is not None
    assert await bench.post(1, key="round 7") is None
    await bench.catch_up()
    assert await bench.post(1, key="round 7") is None
    await bench.catch_up()
    assert bench.seen == ["Hello 1"]


async def test_a_message_waits_for_its_time(bench: Bench) -> None:
    await bench.post(1, at=bench.clock.now() + MINUTE)
    await bench.catch_up()
    assert bench.seen == []
    await bench.catch_up(MINUTE)
    assert bench.seen == ["Hello 1"]


async def test_a_card_is_drawn_from_what_is_there_at_that_moment(bench: Bench) -> None:
    await bench.post(1, at=bench.clock.now() + MINUTE)
    bench.words[1] = "Good morning"
    await bench.catch_up(MINUTE)
    assert bench.seen == ["Good morning 1"]


async def test_what_is_no_longer_needed_is_not_sent(bench: Bench) -> None:
    await bench.post(1)
    del bench.words[1]
    await bench.catch_up()
    assert bench.seen == []
    assert await bench.states() == ["done"]


async def test_a_redraw_changes_the_message_in_place(bench: Bench) -> None:
    post_id = await bench.post(1)
    await bench.catch_up()
    bench.words[1] = "Good evening"
    async with bench.database.writing() as db:
        assert post_id is not None
        await Asking(db, bench.clock.now()).redraw(post_id)
    await bench.catch_up()
    assert bench.seen == ["Good evening 1"]


async def test_a_late_message_says_so_and_one_too_late_does_not_come(bench: Bench) -> None:
    await bench.post(1, grace=timedelta(hours=12))
    await bench.post(2, to="test:T1:C2", grace=timedelta(hours=1))
    bench.clock.move(timedelta(hours=3))
    await bench.rhythm.reap()
    await bench.catch_up()
    assert bench.seen == ["I was away, so this comes 3 hours late. Hello 1"]
    assert await bench.states() == ["done", "expired"]


async def test_messages_to_one_place_come_in_order_and_others_do_not_wait_for_them(bench: Bench) -> None:
    for number in range(1, 6):
        await bench.post(number, at=bench.clock.now() + number * timedelta(seconds=1))
    await bench.post(9, to="test:T1:C2")
    await bench.catch_up(MINUTE)
    assert [said for said in bench.seen if said != "Hello 9"] == [f"Hello {number}" for number in range(1, 6)]
    assert "Hello 9" in bench.seen[:2]


@pytest.mark.parametrize("trouble", [TryLater("refused"), InDoubt("timeout"), RuntimeError("a secret")])
async def test_a_failure_is_tried_again_after_a_while(bench: Bench, trouble: Exception) -> None:
    bench.sink.trouble = [trouble]
    await bench.post(1)
    await bench.catch_up()
    assert bench.seen == []
    await bench.catch_up(MINUTE)
    assert bench.seen == ["Hello 1"]


async def test_what_arrived_though_the_connection_broke_is_not_sent_again(bench: Bench) -> None:
    bench.sink.trouble = [(InDoubt("disconnected"),)]
    await bench.post(1)
    await bench.catch_up()
    await bench.catch_up(MINUTE)
    assert bench.seen == ["Hello 1"]
    assert await bench.states() == ["done"]


async def test_where_the_platform_cannot_tell_it_is_not_sent_twice_and_its_member_can_see_that(
    bench: Bench,
) -> None:
    bench.sink.knows = False
    bench.sink.trouble = [(InDoubt("disconnected"),)]
    await bench.post(1)
    await bench.catch_up()
    await bench.catch_up(MINUTE)
    assert bench.seen == ["Hello 1"]
    assert await bench.states() == ["uncertain"]


async def test_a_platform_that_wants_nothing_for_a_while_is_left_alone(bench: Bench) -> None:
    bench.sink.trouble = [TryLater("429", seconds=3600)]
    await bench.post(1)
    await bench.post(2)
    await bench.catch_up()
    await bench.catch_up(timedelta(minutes=59))
    assert bench.seen == []
    assert bench.sink.calls == 1


async def test_a_closed_place_gets_nothing_more_until_it_is_opened(bench: Bench) -> None:
    bench.sink.trouble = [Unreachable("50007")]
    await bench.post(1)
    await bench.catch_up()
    await bench.post(2)
    await bench.catch_up(MINUTE)
    assert bench.seen == []
    async with bench.database.writing() as db:
        assert not await is_open(db, ROOM)
        await open_destination(db, ROOM, at=bench.clock.now())
    await bench.catch_up()
    assert bench.seen == ["Hello 2"]


async def test_what_was_given_up_in_a_closed_place_comes_once_it_is_opened_unless_it_is_too_late(bench: Bench) -> None:
    bench.sink.shut = {ROOM}
    await bench.post(1, grace=MINUTE)
    await bench.post(2, grace=60 * MINUTE, at=bench.clock.now() + MINUTE / 2)
    await bench.catch_up()
    async with bench.database.writing() as db:
        await open_destination(db, ROOM, at=bench.clock.now())
    await bench.catch_up(MINUTE / 2)
    assert await bench.states() == ["dead", "dead"]
    bench.sink.shut.clear()
    async with bench.database.writing() as db:
        assert await retry_all_at(db, ROOM, at=bench.clock.now() + MINUTE) == 1
    await bench.catch_up(MINUTE)
    assert bench.seen == ["Hello 2"]


async def test_what_waits_for_a_member_can_be_forgotten_and_asked_for_again_and_what_was_begun_cannot(
    bench: Bench,
) -> None:
    ana = await someone(bench.database)
    bench.sink.trouble = [InDoubt("503")]
    await bench.post(1, person=ana)
    await bench.catch_up()
    later = bench.clock.now() + 60 * MINUTE
    assert await bench.post(2, person=ana, key="hello", at=later) is not None
    assert await bench.post(2, person=ana, key="hello", at=later) is None
    async with bench.database.writing() as db:
        await forget_waiting(db, ana, destination="test:T1:elsewhere")
        assert [job.key for job in await waiting_at(db, ROOM, person_id=ana)] == [f"post:{post_id_of('hello')}"]
        await forget_waiting(db, ana, destination=ROOM)
        assert await waiting_at(db, ROOM, person_id=ana) == []
    assert len(await bench.jobs()) == 1
    assert await bench.post(2, person=ana, key="hello", at=later) is not None


async def test_a_message_the_platform_refuses_closes_nothing(bench: Bench) -> None:
    bench.sink.trouble = [Refused("too large")]
    await bench.post(1)
    await bench.post(2, at=bench.clock.now() + timedelta(seconds=1))
    await bench.catch_up(MINUTE)
    assert bench.seen == ["Hello 2"]
    assert await bench.states() == ["dead", "done"]


async def test_it_is_given_up_after_some_attempts_with_a_reference(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.words[1] = "broken"
    post_id = await bench.post(1, grace=timedelta(days=9))
    with caplog.at_level(logging.WARNING, "bot"):
        for _ in range(ATTEMPTS + 1):
            await bench.catch_up(timedelta(minutes=11))
    (job,) = await bench.jobs()
    assert job.state is JobState.DEAD
    assert job.reference in {record.fields.get("reference") for record in caplog.records}  # type: ignore[attr-defined]  # ours
    assert "secret" not in str([record.__dict__.get("fields") for record in caplog.records])
    async with bench.database.writing() as db:
        assert (await db.get_one(Post, post_id)).state is PostState.FAILED
        bench.words[1] = "Hello"
        assert await retry_job(db, job.id, at=bench.clock.now())
    await bench.catch_up()
    assert bench.seen == ["Hello 1"] or bench.seen[0].endswith("Hello 1")


async def test_a_process_that_dies_before_sending_loses_nothing(bench: Bench) -> None:
    await bench.post(1)
    async with bench.database.writing() as db:
        await claim(
            db, rates={"test": bench.sink.rate}, wanted=1, now=bench.clock.now(), owner="dead", lease_seconds=-1
        )
        await db.execute(update(Destination).values(free_at=await get_real_now(db)))
    await bench.catch_up()
    assert bench.seen == []
    await bench.rhythm.reap()
    await bench.catch_up()
    assert bench.seen == ["Hello 1"]


async def test_a_process_that_dies_while_sending_doubles_nothing(bench: Bench) -> None:
    post_id = await bench.post(1)
    assert post_id is not None
    await killed_while_sending(bench)
    await bench.sink.send(destination=ROOM, card=Card(()), delivery=post_id)
    await bench.catch_up()
    assert len(bench.said) == 1
    assert await bench.states() == ["done"]


async def test_a_process_that_dies_while_sending_what_never_arrived_loses_nothing(bench: Bench) -> None:
    await bench.post(1)
    await killed_while_sending(bench)
    await bench.catch_up()
    assert bench.seen == ["Hello 1"]


async def test_a_job_that_kills_every_process_is_given_up(bench: Bench) -> None:
    await bench.later(1)
    async with bench.database.writing() as db:
        await db.execute(update(Job).values(attempts=ATTEMPTS - 1))
    async with bench.database.writing() as db:
        await claim(
            db,
            rates={"work": bench.sink.rate},
            wanted=1,
            now=bench.clock.now(),
            owner="dead",
            lease_seconds=-1,
        )
    async with bench.database.writing() as db:
        assert await reap(db, at=bench.clock.now()) == 1
    assert await bench.states() == ["dead"]


async def test_who_comes_back_after_the_lease_changes_nothing(bench: Bench) -> None:
    await bench.post(1)
    async with bench.database.writing() as db:
        _, (job,) = await claim(
            db, rates={"test": bench.sink.rate}, wanted=1, now=bench.clock.now(), owner="slow", lease_seconds=-1
        )
        await db.execute(update(Destination).values(free_at=await get_real_now(db)))
    await bench.rhythm.reap()
    await bench.catch_up()
    async with bench.database.writing() as db:
        assert not await mark_sending(db, [job])
    assert bench.seen == ["Hello 1"]


async def test_deleting_a_member_deletes_what_would_have_been_sent(bench: Bench) -> None:
    person = await someone(bench.database)
    await bench.post(1, person=person, at=bench.clock.now() + MINUTE)
    await bench.later(2, person=person, at=bench.clock.now() + MINUTE)
    async with bench.database.writing() as db:
        await delete_person(db, person)
    await bench.catch_up(MINUTE)
    assert bench.seen == []
    assert bench.done == []


async def test_work_goes_on_to_ask_for_more_and_asks_once_though_it_runs_twice(bench: Bench) -> None:
    await bench.later(5)
    await bench.later(5)
    await bench.catch_up()
    assert bench.done == [5, 5]
    assert bench.seen == ["Hello 5"]


async def test_work_under_one_key_runs_once(bench: Bench) -> None:
    assert await bench.later(5, key="five")
    assert not await bench.later(5, key="five")
    await bench.catch_up()
    assert bench.done == [5]


async def test_one_failing_job_stops_no_other(bench: Bench) -> None:
    await bench.later(-1)
    await bench.later(2)
    await bench.catch_up()
    assert bench.done == [2]


async def test_a_job_of_a_feature_that_is_gone_is_dead_and_said_to_be(bench: Bench) -> None:
    await bench.post(1)
    async with bench.database.writing() as db:
        await db.execute(update(Job).values(call="gone.job:1"))
    await bench.catch_up()
    assert await bench.states() == ["dead"]


async def test_what_is_withdrawn_before_it_is_sent_is_not_sent(bench: Bench) -> None:
    post_id = await bench.post(1)
    async with bench.database.writing() as db:
        await db.execute(update(Post).where(Post.id == post_id).values(state=PostState.WITHDRAWN))
    await bench.catch_up()
    assert bench.seen == []


async def test_many_workers_on_one_database_send_each_message_once(bench: Bench) -> None:
    sink = Sink(knows=False)
    benches = [open_bench(bench.database, sink, clock=bench.clock) for _ in range(3)]
    for number in range(60):
        await bench.post(number, to=f"test:T{number % 2}:C{number % 40}")
    await asyncio.gather(*(each.worker.drain() for each in benches))
    await benches[0].worker.drain()
    assert sorted(sent.delivery for sent in sink.messages.values()) == sorted(
        [job.post_id for job in await bench.jobs() if job.post_id is not None]
    )
    assert len(sink.messages) == 60


async def test_a_rate_is_kept_by_all_processes_together(bench: Bench) -> None:
    rates = {"test": Rate(per_second=1, burst=4)}
    for number in range(20):
        await bench.post(number, to=f"test:T1:C{number}")
    taken: list[UUID] = []
    for owner in ("one", "two", "three"):
        async with bench.database.writing() as db:
            _, jobs = await claim(db, rates=rates, wanted=10, now=bench.clock.now(), owner=owner, lease_seconds=60)
            taken += [job.id for job in jobs]
    assert 4 <= len(taken) <= 6
    async with bench.database.reading() as db:
        assert len((await db.scalars(select(Job).where(Job.state == JobState.LEASED))).all()) == len(taken)
