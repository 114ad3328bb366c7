"""What a host is shown of the work, and what `jobs` and `doctor` do about it, on both databases."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.__main__ import main
from bot.clock import StillClock
from bot.doctor import Finding, State, examine
from bot.environment import variable
from bot.jobs import age_of
from bot.sending import Unreachable
from bot.settings import Settings
from db.jobs import Job, JobState
from db.session import Database
from tests.bot.engine.conftest import Bench, open_bench
from tests.bot.program import Done

PLACES = [f"test:T1:hunter2-{number}" for number in range(9)]
Do = Callable[..., Awaitable[Done]]


@pytest.fixture
def bench(database: Database) -> Bench:
    """By the time of this machine, as the verbs have it."""
    return open_bench(database, clock=StillClock(datetime.now(UTC)))


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str, keys: str) -> Settings:
    """Those of a host, in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    for name, given in {"database_url": database_url, "keys": keys, "http_port": "0"}.items():
        monkeypatch.setenv(variable(name), given)
    return Settings(_env_file=None)


@pytest.fixture
def do(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Do:
    """Does a verb as its host would."""

    def act(*arguments: str) -> Done:
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
        return Done(code, *capsys.readouterr())

    return lambda *arguments: asyncio.to_thread(act, *arguments)


async def fail(bench: Bench, count: int) -> list[Job]:
    """So many messages are dead."""
    bench.sink.trouble = [Unreachable("closed")] * count
    for number in range(count):
        await bench.post(number, to=PLACES[number], at=bench.clock.now() - timedelta(hours=3))
    await bench.catch_up()
    return await bench.jobs()


async def test_where_there_is_nothing_it_says_so(do: Do, bench: Bench) -> None:
    assert (await do("jobs")).said == "Nothing is due, and nothing was given up.\n"


async def test_counts_and_the_latest_are_shown_without_a_word_or_an_id_of_anyone(do: Do, bench: Bench) -> None:
    dead = await fail(bench, 3)
    await bench.post(7, to=PLACES[7], at=bench.clock.now() - timedelta(minutes=12))
    await bench.post(8, to=PLACES[8], at=bench.clock.now() + timedelta(hours=1))
    done = await do("jobs", "--limit", "2")
    lines = [line.split() for line in done.said.splitlines()]
    assert ["dead", "3", "0", "3", "h", "test", "bench.hello"] in lines
    assert ["due", "1", "1", "12", "min", "test", "bench.hello"] in lines
    assert done.said.count("due 3 h ago, attempts 1, error closed, reference ") == 2
    assert sum(str(each.reference) in done.said for each in dead) == 2
    assert "Places that take no messages any more: 3." in done.said
    assert "jobs retry ID" in done.said
    assert "hunter2" not in done.said


async def test_programs_are_told_the_same(do: Do, bench: Bench) -> None:
    (dead,) = await fail(bench, 1)
    said = (await do("jobs", "--json")).said
    seen = json.loads(said)
    assert [(each["state"], each["jobs"], each["kind"]) for each in seen["counts"]] == [("dead", 1, "bench.hello")]
    assert [(each["id"], each["error"]) for each in seen["latest"]] == [(str(dead.id), "closed")]
    assert seen["closed_destinations"] == 1
    assert "hunter2" not in said


async def test_one_that_is_tried_again_arrives(do: Do, bench: Bench) -> None:
    first, second = await fail(bench, 2)
    done = await do("jobs", "retry", str(first.id))
    assert (done.code, done.said.startswith("To be tried again: 1.")) == (0, True)
    await bench.catch_up(timedelta(seconds=5))
    assert {job.id: job.state for job in await bench.jobs()} == {first.id: JobState.DONE, second.id: JobState.DEAD}
    assert [sent.destination for sent in bench.said] == [first.destination]


async def test_all_of_one_state_are_tried_again_and_no_others(do: Do, bench: Bench) -> None:
    dead = await fail(bench, 3)
    async with bench.database.writing() as db:
        await db.execute(update(Job).where(Job.id == dead[0].id).values(state=JobState.UNCERTAIN))
    assert (await do("jobs", "retry", "--all", "dead")).said.startswith("To be tried again: 2.")
    await bench.catch_up(timedelta(seconds=5))
    assert await bench.states() == ["done", "done", "uncertain"]


async def test_one_that_is_dropped_is_forgotten(do: Do, bench: Bench) -> None:
    first, second = await fail(bench, 2)
    assert (await do("jobs", "drop", str(first.id))).said == "Forgotten: 1.\n"
    assert [job.id for job in await bench.jobs()] == [second.id]


async def test_what_cannot_be_done_is_said_and_the_rest_is_done(do: Do, bench: Bench) -> None:
    dead, claimed = await fail(bench, 2)
    async with bench.database.writing() as db:
        await db.execute(update(Job).where(Job.id == claimed.id).values(state=JobState.LEASED))
    for verb in ("retry", "drop"):
        done = await do("jobs", verb, str(claimed.id), str(dead.id))
        assert done.code == 1
        assert done.complained.startswith(f"{claimed.id} is not there, or not to be ")
        assert ": 1." in done.said


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "words",
    [
        ["retry"],
        ["drop", "17"],
        ["list", "--all", "dead"],
        ["retry", "--all", "done"],
        ["retry", "01234567-89ab-cdef-0123-456789abcdef", "--all", "dead"],
    ],
)
async def test_wrong_use_is_said(do: Do, words: list[str]) -> None:
    done = await do("jobs", *words)
    assert (done.code, bool(done.complained)) == (2, True)


async def test_a_database_that_is_not_there_yet_is_said(
    do: Do, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable("database_url"), empty_database_url)
    done = await do("jobs")
    assert (done.code, "python -m bot migrate" in done.complained) == (1, True)


async def finding(settings: Settings, subject: str) -> Finding | None:
    return next((each for each in await examine(settings) if each.subject == subject), None)


async def test_doctor_finds_work_that_nobody_does(bench: Bench, settings: Settings) -> None:
    found = await finding(settings, "work")
    assert found == Finding("work", State.OK, "Nothing is overdue.")
    await bench.post(1, at=bench.clock.now() - timedelta(seconds=30))
    assert await finding(settings, "work") == found, "a worker may be about to do it"
    await bench.post(2, at=bench.clock.now() - timedelta(minutes=20), to=PLACES[2])
    found = await finding(settings, "work")
    assert found is not None
    assert (found.state, "Overdue: 1, the oldest by 20 min" in found.words) == (State.WARN, True)


async def test_doctor_finds_schedules_that_nobody_turns(bench: Bench, settings: Settings) -> None:
    bench.clock.move(-timedelta(days=9))
    await bench.schedule()
    found = await finding(settings, "work")
    assert found is not None
    assert (found.state, "Overdue: 1" in found.words) == (State.WARN, True)


async def test_doctor_finds_what_was_given_up_in_the_last_day(bench: Bench, settings: Settings) -> None:
    assert await finding(settings, "jobs") is None
    await fail(bench, 2)
    found = await finding(settings, "jobs")
    assert found is not None
    assert (found.state, found.words.endswith("last day: 2. See: python -m bot jobs")) == (State.WARN, True)
    work = await finding(settings, "work")
    assert work is not None
    assert "any more: 2." in work.words
    async with bench.database.writing() as db:
        await db.execute(update(Job).values(due_at=bench.clock.now() - timedelta(days=2)))
    assert await finding(settings, "jobs") is None


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_doctor_finds_clocks_that_disagree(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await finding(settings, "clock")
    assert found is not None
    assert found.state is State.OK

    async def ahead(_: AsyncSession) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=90)

    monkeypatch.setattr("bot.doctor.get_real_now", ahead)
    found = await finding(settings, "clock")
    assert found is not None
    assert (found.state, "90 s ahead of" in found.words) == (State.WARN, True)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-1), "0 s"),
        (timedelta(seconds=119), "119 s"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=9), "9 d"),
    ],
)
def test_ages(age: timedelta, words: str) -> None:
    assert age_of(age) == words
