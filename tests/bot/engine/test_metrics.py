"""What Prometheus is told, and what it is never told."""

from collections.abc import Sequence
from datetime import timedelta

import aiohttp
import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from bot.metrics import MeasuredDesk, Metrics
from bot.sending import TryLater, Unreachable
from bot.server import application, listening
from db.jobs import Job, JobState, create_job
from db.sealed import Keyring
from db.session import Database
from tests.bot.account import Account
from tests.bot.engine.conftest import Bench
from tests.bot.test_server import answers
from tests.chat import World
from tests.platforms.plain_world import PlainWorld

ALLOWED = {
    "kind": {"bench.hello", "bench.work", "help.show", "unknown"},
    "platform": {"test", "work"},
    "outcome": {"done", "sent", "edited", "found", "unneeded", "again", "dead", "uncertain", "lost"},
    "state": {"due", "claimed", "dead", "expired", "uncertain"},
}


def metrics_of(bench: Bench, *, kept_seconds: float = 0) -> Metrics:
    return Metrics(database=bench.database, clock=bench.clock, features=bench.features, kept_seconds=kept_seconds)


async def read(metrics: Metrics) -> Sequence[Metric]:
    return list(text_string_to_metric_families((await metrics.text()).decode()))


async def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Of the sample with this name and exactly these labels."""
    samples = [sample for family in await read(metrics) for sample in family.samples if sample.name == name]
    return next((sample.value for sample in samples if sample.labels == labels), None)


async def test_the_queue_is_told_by_kind_platform_and_state(bench: Bench) -> None:
    metrics = metrics_of(bench)
    for number in range(5):
        await bench.post(number, to=f"test:T1:C{number}")
    await bench.post(9, at=bench.clock.now() + timedelta(days=1))
    hello = {"kind": "bench.hello", "platform": "test"}
    assert await value(metrics, "steppingstone_jobs", **hello, state="due") == 5
    assert await value(metrics, "steppingstone_jobs_late", **hello) == 0
    bench.clock.move(timedelta(seconds=61))
    assert await value(metrics, "steppingstone_jobs_late", **hello) == 5
    assert await value(metrics, "steppingstone_queue_age_seconds", platform="test") == 61
    bench.sink.trouble = [Unreachable("closed")]
    await bench.catch_up()
    assert await value(metrics, "steppingstone_jobs", **hello, state="dead") == 1
    assert await value(metrics, "steppingstone_jobs", **hello, state="due") is None, "nothing else is due"
    assert await value(metrics, "steppingstone_queue_age_seconds", platform="test") is None


async def test_dates_that_no_worker_turned_are_told(bench: Bench) -> None:
    metrics = metrics_of(bench)
    await bench.schedule()
    assert await value(metrics, "steppingstone_schedules_late") == 0
    bench.clock.move(timedelta(days=8))
    assert await value(metrics, "steppingstone_schedules_late") == 1
    await bench.catch_up()
    assert await value(metrics, "steppingstone_schedules_late") == 0


async def test_attempts_are_counted_by_how_they_ended_and_when(bench: Bench) -> None:
    metrics = metrics_of(bench)
    bench.sink.trouble = [TryLater("refused")]
    await bench.post(1)
    await bench.catch_up()
    await bench.catch_up(timedelta(minutes=2))
    for each in bench.ended:
        metrics.ended(each)
    hello = {"kind": "bench.hello", "platform": "test"}
    assert await value(metrics, "steppingstone_jobs_ended_total", **hello, outcome="again") == 1
    assert await value(metrics, "steppingstone_jobs_ended_total", **hello, outcome="sent") == 1
    assert await value(metrics, "steppingstone_job_lateness_seconds_sum", platform="test") == 120


@pytest.mark.parametrize("surface", ["plain"], indirect=True)
async def test_answers_are_timed_by_kind_and_platform(world: World) -> None:
    assert isinstance(world, PlainWorld)
    metrics = world.app.metrics
    account = Account(MeasuredDesk(world.app.dispatcher, metrics))
    await account.ask("help.show")
    await account.ask("help.show")
    await account.ask("of.somebody:17")
    count = "steppingstone_answer_seconds_count"
    assert await value(metrics, count, kind="help.show", platform="test") == 2
    assert await value(metrics, count, kind="unknown", platform="test") == 1


async def test_no_label_tells_of_anyone(bench: Bench) -> None:
    metrics = metrics_of(bench)
    metrics.answered("hunter2.help", "test", 1.0)
    metrics.answered("help.show:hunter2", "test", 1.0)
    for place in ("test:Thunter2:C1", "test:T1:hunter2"):
        await bench.post(1, to=place)
    async with bench.database.writing() as db:
        await create_job(db, key="hunter2", call="hunter2.job:hunter2", at=bench.clock.now())
        await create_job(db, key="hunter3", call="bench.hello", at=bench.clock.now())
    await read(metrics)
    for state in JobState:
        async with bench.database.writing() as db:
            await db.execute(update(Job).values(state=state, error="hunter2", reference="hunter2"))
        families = await read(metrics)
        ours = [each for each in families if each.name.startswith("steppingstone")]
        assert ours
        for sample in (sample for family in ours for sample in family.samples):
            for name, given in sample.labels.items():
                assert name == "le" or given in ALLOWED[name], sample
    assert b"hunter2" not in await metrics.text()


async def test_every_label_name_is_an_allowed_one_and_the_process_has_none(bench: Bench) -> None:
    names = {name for family in await read(metrics_of(bench)) for sample in family.samples for name in sample.labels}
    assert names <= {*ALLOWED, "le"}


async def test_the_database_is_not_asked_each_time(bench: Bench) -> None:
    metrics = metrics_of(bench, kept_seconds=1000)
    assert await value(metrics, "steppingstone_database_up") == 1
    await bench.post(1)
    assert await value(metrics, "steppingstone_jobs", kind="bench.hello", platform="test", state="due") is None


async def test_a_database_that_is_away_is_told_as_a_number(bench: Bench, keyring: Keyring) -> None:
    away = Database("postgresql://user:hunter2@127.0.0.1:1/name", keyring)
    metrics = Metrics(database=away, clock=bench.clock, features=bench.features)
    metrics.answered("help.show", "test", 0.1)
    assert await value(metrics, "steppingstone_database_up") == 0
    assert await value(metrics, "steppingstone_schedules_late") is None
    assert await value(metrics, "steppingstone_answer_seconds_count", kind="unknown", platform="test") == 1
    await away.close()


async def test_it_is_served_as_prometheus_reads_it(bench: Bench) -> None:
    with_numbers = application([], answers, metrics=metrics_of(bench))
    async with (
        listening(with_numbers, host="127.0.0.1", port=0) as address,
        aiohttp.ClientSession() as session,
        session.get(f"{address}/metrics") as answer,
    ):
        assert (answer.status, answer.content_type) == (200, "text/plain")
        assert "steppingstone_database_up 1.0" in await answer.text()
