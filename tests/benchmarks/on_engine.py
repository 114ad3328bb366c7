"""The engine alone: deliveries to a sink in memory, many schedules, commands meanwhile, and processes at rest."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, text

from bot.app import App, build
from bot.call import Asking, Run
from bot.cards import Card, Note, Text, plain, say
from bot.clock import StillClock
from bot.environment import read_settings
from bot.feature import Feature
from bot.loader import discover
from bot.platforms.base import Arrival, Request
from bot.sending import Rate
from bot.turn import Turn
from db.keyring import Keyring
from db.migrate import migrate
from db.schedules import Schedule
from db.session import Database
from tests.benchmarks.data import ENTRIES, make_members
from tests.benchmarks.measure import MILLISECONDS, percentile
from tests.benchmarks.processes import Program
from tests.crash.fleet import fleet
from tests.crash.receiving import Receiving
from tests.crash.scenarios import surroundings
from tests.platforms.sink import Sink

UNLIMITED: Final = Rate(per_second=10_000, burst=10_000)
LIMITED: Final = Rate(per_second=50, burst=10)
NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
MOMENT_SECONDS: Final = 0.002
_WARMING_UP: Final = 10
_WARM_SECONDS: Final = 5.0
"""A process that has just started is not at rest: each statement is compiled once."""
_ROWS: Final = 5_000
_POSTS: Final = 500
_SOON: Final = timedelta(minutes=1)
_GROUP, _TENANT, _USER = "G1", "T1", "U1"

greetings = Feature("greetings", "One message a week.")


@greetings.job()
async def hello(run: Run, number: int) -> Card:
    return Card((Text(say("Good morning, number {number}. How was your week?", number=number)),), private=False)


@greetings.schedule("greetings.weekly")
async def weekly(turn: Turn) -> None:
    number = turn.subject.int
    await turn.post(_destination(number), hello.call(number), at=turn.due_at, key=f"{number}:{turn.slot}")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    deliveries: int = 3_000
    schedules: int = 100_000
    due: int = 10_000
    commands: int = 300
    rest_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Delivered:
    """What goes through one process, as fast as it can."""

    per_second: float
    processor: float
    """Milliseconds of processor for each."""


@dataclass(frozen=True, slots=True)
class Drained:
    """Many schedules, and those due at one instant at a sink of `LIMITED`. Milliseconds, but `seconds`."""

    idle_tick: float
    turned: float
    """Until all that was due had become jobs, in seconds, while the first of them were sent."""
    blocked: float
    """The longest that nothing else had its turn meanwhile."""
    seconds: float
    """From when they were due until the last one was sent."""
    expected: float


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A reading command, p50 and p99 in milliseconds: at rest, and while a fan-out runs at `LIMITED`."""

    at_rest: tuple[float, float]
    during: tuple[float, float]


@dataclass(frozen=True, slots=True)
class AtRest:
    """Three processes with nothing to do: percent of one core and MB, together."""

    percent: float
    memory: float


async def measure_deliveries(url: str, size: Size) -> Delivered:
    """Deliveries that all are due, through one process."""
    async with _engine(url, UNLIMITED) as (app, sink, _):
        await _ask(app, size.deliveries)
        began, used = time.perf_counter(), time.process_time()
        await app.worker.drain()
        took, used = time.perf_counter() - began, time.process_time() - used
        assert len(sink.messages) == size.deliveries
        return Delivered(size.deliveries / took, used / size.deliveries * MILLISECONDS)


async def measure_schedules(url: str, size: Size) -> Drained:
    """Schedules of which some are due at one instant, turned and sent in real time."""
    async with _engine(url, LIMITED) as (app, sink, clock):
        await _make_schedules(app, size)
        idle = [await _timed(app.rhythm.turn()) for _ in range(20)]
        clock.move(_SOON)
        arrived = asyncio.Event()
        sink.before = lambda: arrived.set() if sink.calls + 1 >= size.due else None
        async with _watched() as blocked:
            began = time.perf_counter()
            working = asyncio.create_task(app.worker.run())
            await app.rhythm.turn()
            turned = time.perf_counter() - began
            await arrived.wait()
            took = time.perf_counter() - began
            await app.worker.stop(seconds=5)
            await working
        return Drained(
            percentile(idle, 50), turned, max(blocked), took, (size.due - LIMITED.burst) / LIMITED.per_second
        )


async def measure_commands(url: str, size: Size) -> Meanwhile:
    """One member reads, while nothing happens and while others are written to."""
    keys = Keyring.generate()
    await make_members(url, keys, platform="sink", tenant=_TENANT, community=_GROUP, users=[_USER])
    async with _engine(url, LIMITED, keys=keys, everything=True) as (app, sink, _):
        await _read(app, _WARMING_UP)
        at_rest = await _read(app, size.commands)
        fan_out = 3 * size.commands + 10 * LIMITED.burst
        await _ask(app, fan_out)
        begun = asyncio.Event()
        sink.before = begun.set
        working = asyncio.create_task(app.worker.run())
        await begun.wait()
        during = await _read(app, size.commands)
        assert len(sink.messages) < fan_out, "the fan-out was over before the commands were"
        await app.worker.stop(seconds=5)
        await working
    return Meanwhile(*((percentile(took, 50), percentile(took, 99)) for took in (at_rest, during)))


async def measure_rest(url: str, folder: Path, size: Size) -> AtRest:
    """Real processes, logged in on both platforms."""
    keys = Keyring.generate()
    await migrate(url)
    receiving = Receiving(seed=1)
    async with receiving.listening():
        settings = surroundings(receiving, url, keys)
        async with fleet(3, lease_seconds=60.0, nonce_seconds=100.0, settings=settings, folder=folder) as running:
            programs = [Program(process, running.log) for process in running.places]
            for process in running.places:
                assert process.stdout is not None
                assert await process.stdout.readline()
            await asyncio.sleep(min(_WARM_SECONDS, size.rest_seconds))
            used = sum(program.processor() for program in programs)
            await asyncio.sleep(size.rest_seconds)
            used = sum(program.processor() for program in programs) - used
            return AtRest(
                used / MILLISECONDS / max(size.rest_seconds, MOMENT_SECONDS) * 100,
                sum(program.memory() for program in programs),
            )


@asynccontextmanager
async def _engine(
    url: str, rate: Rate, *, keys: str | None = None, everything: bool = False
) -> AsyncIterator[tuple[App, Sink, StillClock]]:
    """The program with a sink for a platform, at a moment that stands still."""
    await migrate(url)
    clock, sink = StillClock(NOW), Sink(name="sink", knows=False, rate=rate)
    app = build(
        read_settings(database_url=url),
        features=(*(discover() if everything else ()), greetings),
        keyring=Keyring.parse(keys or Keyring.generate()),
        clock=clock,
        platforms=lambda _desk, _database: [sink],
    )
    try:
        yield app, sink, clock
    finally:
        await app.database.close()


async def _ask(app: App, count: int) -> None:
    for numbers in _batches(count):
        async with app.database.writing() as db:
            asking = Asking(db, app.clock.now())
            for number in numbers:
                await asking.post(_destination(number), hello.call(number))


async def _make_schedules(app: App, size: Size) -> None:
    """`size.due` of them a moment later, the others in the days after."""
    for first in range(0, size.schedules, _ROWS):
        async with app.database.writing() as db:
            await db.execute(
                insert(Schedule),
                [
                    _schedule(number, due=number < size.due)
                    for number in range(first, min(first + _ROWS, size.schedules))
                ],
            )
    await _analyze(app.database)


def _schedule(number: int, *, due: bool) -> Mapping[str, object]:
    at = NOW + _SOON if due else NOW + timedelta(days=1, seconds=number)
    return {
        "id": uuid4(),
        "version": 1,
        "kind": "greetings.weekly",
        "subject": UUID(int=number),
        "weekdays": [at.weekday()],
        "at": at.time(),
        "zone": "UTC",
        "own_hour": False,
        "grace_seconds": 43_200,
        "next_slot": at.date(),
        "next_due_at": at,
    }


async def _analyze(database: Database) -> None:
    async with database.writing() as db:
        await db.execute(text("ANALYZE"))


async def _read(app: App, count: int) -> list[float]:
    """Milliseconds of each."""
    offer = app.dispatcher.find_command(("rejection", "list"))
    assert offer is not None
    took = []
    for number in range(count):
        arrival = Arrival(
            id=f"{number}:{uuid4()}", platform="sink", tenant=_TENANT, user=_USER, name="Ada", channel="C1",
            direct=False, community=_GROUP,
        )  # fmt: skip
        began = time.perf_counter()
        answer = await app.dispatcher.answer(arrival, Request(offer.key))
        took.append((time.perf_counter() - began) * MILLISECONDS)
        assert answer.card is not None
        head = answer.card.body[0]
        assert isinstance(head, Note)
        assert f"{ENTRIES} entries" in plain(head.words)
        await asyncio.sleep(MOMENT_SECONDS)  # a person's command comes at any moment, not right after another
    return took


async def _timed(work: Awaitable[None]) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * MILLISECONDS


@asynccontextmanager
async def _watched() -> AsyncIterator[list[float]]:
    """By how many milliseconds the loop was late, each time."""
    late = [0.0]

    async def watch() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(MOMENT_SECONDS)
            late.append((time.perf_counter() - began - MOMENT_SECONDS) * MILLISECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield late
    finally:
        watching.cancel()


def _batches(count: int) -> Sequence[range]:
    return [range(first, min(first + _POSTS, count)) for first in range(0, count, _POSTS)]


def _destination(number: int) -> str:
    return f"sink:bench:{number}"
