"""An engine on a still clock, with a platform in memory and one small feature."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from bot.call import Asking, Run
from bot.cards import Card, Text, plain, say
from bot.clock import StillClock
from bot.engine.delivery import Delivery, Ended
from bot.engine.rhythm import Rhythm
from bot.engine.worker import Worker
from bot.feature import Feature
from bot.features import Features
from bot.loader import collect
from bot.outbox import JobCall
from bot.runs import Runs
from bot.turn import Turn
from db.jobs import Job
from db.schedules import create_schedule
from db.session import Database
from tests.platforms.sink import Sent, Sink

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROOM = "test:T1:C1"


@dataclass
class Bench:
    """An engine, and what tests say to it. `words` are what the cards say, by their number."""

    database: Database
    clock: StillClock
    sink: Sink
    worker: Worker
    rhythm: Rhythm
    hello: Callable[[int], JobCall]
    work: Callable[[int], JobCall]
    words: dict[int, str]
    features: Features
    done: list[int] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    """How each attempt ended."""

    @property
    def seen(self) -> list[str]:
        """What arrived, as words, in order."""
        return [" ".join(plain(e.words) for e in each.card.body if hasattr(e, "words")) for each in self.said]

    @property
    def said(self) -> list[Sent]:
        return list(self.sink.messages.values())

    async def post(self, number: int = 1, *, to: str = ROOM, **options: object) -> UUID | None:
        async with self.database.writing() as db:
            return await Asking(db, self.clock.now()).post(to, self.hello(number), **options)  # type: ignore[arg-type]  # as Outbox takes them

    async def later(self, number: int = 1, **options: object) -> bool:
        async with self.database.writing() as db:
            return await Asking(db, self.clock.now()).later(self.work(number), **options)  # type: ignore[arg-type]  # as above

    async def schedule(self, **options: object) -> UUID:
        given = {"weekdays": [0], "at": time(9), "zone": "Europe/Berlin", "grace_seconds": 43_200, **options}
        async with self.database.writing() as db:
            made = await create_schedule(db, kind="bench.weekly", subject=uuid4(), now=self.clock.now(), **given)  # type: ignore[arg-type]  # as above
            return made.id

    async def catch_up(self, after: timedelta = timedelta()) -> None:
        """What is due by then is done."""
        self.clock.move(after)
        await self.rhythm.turn()
        await self.worker.drain()

    async def jobs(self) -> list[Job]:
        async with self.database.reading() as db:
            return list(await db.scalars(select(Job).order_by(Job.due_at, Job.key)))

    async def states(self) -> list[str]:
        return sorted(job.state.value for job in await self.jobs())


def open_bench(database: Database, sink: Sink | None = None, *, clock: StillClock | None = None) -> Bench:
    clock, sink = clock or StillClock(MONDAY), sink or Sink()
    feature = Feature("bench", "To be delivered.")
    words, done, ended = dict.fromkeys(range(1000), "Hello"), list[int](), list[Ended]()

    @feature.job()
    async def hello(run: Run, number: int) -> Card | None:
        said = words.get(number)
        if said == "broken":
            raise RuntimeError("a secret")
        return None if said is None else Card((Text(say("{said} {number}", said=said, number=number)),), private=False)

    @feature.job()
    async def work(run: Run, number: int) -> None:
        if number < 0:
            raise RuntimeError("a secret")
        async with run.transaction() as db:
            await run.asking(db).post(ROOM, hello.call(number), key=f"work {number}")
        done.append(number)

    @feature.schedule("bench.weekly")
    async def weekly(turn: Turn) -> None:
        if words.get(0) == "broken":
            raise RuntimeError("a secret")
        await turn.post(ROOM, hello.call(turn.slot.day), at=turn.due_at, key=f"{turn.subject}:{turn.slot}")

    features = collect((feature,))
    platforms = {sink.name: sink}

    async def withdraw(_: UUID) -> bool:
        return False

    runs = Runs(features, database=database, clock=clock, platforms=platforms, withdraw=withdraw)
    delivery = Delivery(
        features,
        database=database,
        clock=clock,
        platforms=platforms,
        runs=runs,
        fraction=lambda: 1.0,
        on_end=ended.append,
    )
    rates = {sink.name: sink.rate}
    worker = Worker(
        database=database, clock=clock, delivery=delivery, rates=rates, can_send=lambda name: platforms[name].can_send
    )
    rhythm = Rhythm(database=database, clock=clock, schedules=features.schedules)
    return Bench(database, clock, sink, worker, rhythm, hello.call, work.call, words, features, done, ended)


@pytest.fixture
def bench(database: Database) -> Bench:
    return open_bench(database)
