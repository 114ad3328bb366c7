"""What Prometheus is told: how long answers take, how jobs end, and what waits. Never where, or for whom."""

import asyncio
import logging
import time
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.cards import Card
from bot.catalogue import Catalogue
from bot.clock import Clock
from bot.engine.delivery import Ended
from bot.features import Features
from bot.pack import key_of, without_mark
from bot.platforms.base import Answer, Arrival, Departure, Desk, Offer, Request
from db.jobs import JobState
from db.queue import Behind, Count, count_queue, find_behind
from db.session import Database

logger = logging.getLogger(__name__)

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
KEPT_SECONDS: Final = 5.0
"""However often they are asked for, the database is looked through only so often."""
QUERY_SECONDS: Final = 2.0
UNKNOWN: Final = "unknown"
_ANSWER_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
"""Up to a platform's patience, 3 s, and beyond it."""
_LATENESS_BUCKETS: Final = (1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200)
_STATES: Final = {JobState.READY: "due", JobState.LEASED: "claimed"}
"""As a host calls them; the others are called as they are."""


class Metrics:
    """The numbers of one process, and those of the database, which every process tells alike."""

    def __init__(
        self, *, database: Database, clock: Clock, features: Features, kept_seconds: float = KEPT_SECONDS
    ) -> None:
        kinds = features.jobs.keys()
        self._queue = _Queue(database=database, clock=clock, kinds=kinds, kept_seconds=kept_seconds)
        self._acts = features.acts.keys()
        self._registry = CollectorRegistry()
        self._registry.register(self._queue)
        ProcessCollector(registry=self._registry)
        self._answers = Histogram(
            "steppingstone_answer_seconds",
            "How long it took to answer what somebody did, until the platform was given the answer.",
            ["kind", "platform"],
            buckets=_ANSWER_BUCKETS,
            registry=self._registry,
        )
        self._ended = Counter(
            "steppingstone_jobs_ended",
            "Attempts at jobs, by how they ended: done, sent, edited, found, unneeded; again, dead, uncertain, lost.",
            ["kind", "platform", "outcome"],
            registry=self._registry,
        )
        self._lateness = Histogram(
            "steppingstone_job_lateness_seconds",
            "How long after its time a job was done.",
            ["platform"],
            buckets=_LATENESS_BUCKETS,
            registry=self._registry,
        )

    def ended(self, ended: Ended) -> None:
        """Counts an attempt at a job."""
        self._ended.labels(ended.key, ended.platform, ended.outcome).inc()
        if ended.well:
            self._lateness.labels(ended.platform).observe(ended.late_seconds)

    def answered(self, key: str, platform: str, seconds: float) -> None:
        """Counts an answer."""
        self._answers.labels(key if key in self._acts else UNKNOWN, platform).observe(seconds)

    async def text(self) -> bytes:
        """All of it, in Prometheus' own format."""
        await self._queue.look()
        # A thousand lines take a while: nobody who waits for an answer has to wait for them.
        return await asyncio.to_thread(generate_latest, self._registry)


class MeasuredDesk:
    """A desk whose answers are timed."""

    def __init__(self, desk: Desk, metrics: Metrics) -> None:
        self._desk = desk
        self._metrics = metrics

    @property
    def catalogue(self) -> Catalogue:
        return self._desk.catalogue

    @property
    def offers(self) -> Sequence[Offer]:
        return self._desk.offers

    def find_command(self, path: Sequence[str]) -> Offer | None:
        return self._desk.find_command(path)

    def needs_role(self, packed: str) -> bool:
        return self._desk.needs_role(packed)

    async def answer(self, arrival: Arrival, request: Request) -> Answer:
        started = time.monotonic()
        answer = await self._desk.answer(arrival, request)
        seconds = time.monotonic() - started
        self._metrics.answered(key_of(without_mark(request.packed)), arrival.platform, seconds)
        return answer

    async def complete(self, arrival: Arrival, key: str, field_name: str, typed: str) -> Sequence[str]:
        return await self._desk.complete(arrival, key, field_name, typed)

    async def home(self, arrival: Arrival) -> Card:
        return await self._desk.home(arrival)

    async def posted(self, arrival: Arrival, *, destination: str, message: str, job: str, hours: int) -> UUID | None:
        return await self._desk.posted(arrival, destination=destination, message=message, job=job, hours=hours)

    async def departed(self, departure: Departure) -> None:
        await self._desk.departed(departure)


class _Queue(Collector):
    """What the database has of work that is due; nothing while it does not answer."""

    def __init__(self, *, database: Database, clock: Clock, kinds: Collection[str], kept_seconds: float) -> None:
        self._database = database
        self._clock = clock
        self._kinds = kinds
        self._kept_seconds = kept_seconds
        self._seen_at: float | None = None
        self._looking = asyncio.Lock()
        self._counts: Sequence[Count] = ()
        self._behind: Behind | None = None
        self._now = clock.now()

    async def look(self) -> None:
        async with self._looking:
            if self._seen_at is not None and time.monotonic() - self._seen_at < self._kept_seconds:
                return
            self._now, self._counts, self._behind = self._clock.now(), (), None
            try:
                async with asyncio.timeout(QUERY_SECONDS), self._database.reading() as db:
                    self._counts = await count_queue(db, now=self._now)
                    self._behind = await find_behind(db, now=self._now)
            except Exception as error:  # noqa: BLE001 - whatever the driver raises, it is told as a number
                logger.debug("the database does not answer: %s", type(error).__name__)
            self._seen_at = time.monotonic()

    def collect(self) -> Iterator[Metric]:
        up = self._behind is not None
        yield GaugeMetricFamily("steppingstone_database_up", "Whether the database answers: 1 or 0.", value=up)
        if self._behind is None:
            return
        jobs = GaugeMetricFamily(
            "steppingstone_jobs",
            "Jobs whose time has come, by state: due, claimed, dead, expired, uncertain. The same in every process.",
            labels=["kind", "platform", "state"],
        )
        late = GaugeMetricFamily(
            "steppingstone_jobs_late",
            "Of those that are due or claimed, the ones that are overdue by more than a minute.",
            labels=["kind", "platform"],
        )
        found: dict[tuple[str, str, str], int] = {}
        overdue: dict[tuple[str, str], int] = {}
        ages: dict[str, timedelta] = {}
        for each in self._counts:
            kind = each.kind if each.kind in self._kinds else UNKNOWN
            state = _STATES.get(each.state, each.state.value)
            found[kind, each.platform, state] = found.get((kind, each.platform, state), 0) + each.count
            if each.state in _STATES:
                overdue[kind, each.platform] = overdue.get((kind, each.platform), 0) + each.late
                ages[each.platform] = max(ages.get(each.platform, timedelta()), self._now - each.oldest)
        for names, count in found.items():
            jobs.add_metric(names, count)
        for pair, count in overdue.items():
            late.add_metric(pair, count)
        age = GaugeMetricFamily(
            "steppingstone_queue_age_seconds", "How long the oldest job that is not done is due.", labels=["platform"]
        )
        for platform, longest in ages.items():
            age.add_metric([platform], longest.total_seconds())
        yield from (jobs, late, age)
        yield GaugeMetricFamily(
            "steppingstone_schedules_late",
            "Dates of schedules that were due more than a minute ago, and that no worker has turned.",
            value=self._behind.schedules,
        )
