"""The regular work of a process: turns schedules, takes back lost jobs, and forgets what has had its time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.engine.rhythm import Rhythm
from bot.extensions import Extensions, Tidy
from bot.logs import new_reference
from db.drafts import purge_drafts
from db.handled import purge_handled
from db.jobs import purge_jobs
from db.session import Database
from db.sqlite import giving_way

logger = logging.getLogger(__name__)

TURN_SECONDS: Final = 1
REAP_SECONDS: Final = 5.0
TIDY_SECONDS: Final = 60
RESOLVE_SECONDS: Final = 86_400
JOBS_KEPT: Final = timedelta(days=30)
HANDLED_KEPT: Final = timedelta(days=1)


class Heartbeat:
    """Calls the regular work by APScheduler, whose memory store holds nothing that may not be lost."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        extensions: Extensions,
        rhythm: Rhythm,
        reap_seconds: float = REAP_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._extensions = extensions
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._running: set[asyncio.Task[None]] = set()
        for work, seconds in (
            (rhythm.turn, TURN_SECONDS),
            (rhythm.reap, reap_seconds),
            (self.beat, TIDY_SECONDS),
            (rhythm.resolve_again, RESOLVE_SECONDS),
        ):
            # Not all processes at the same moment: whoever comes second finds it done.
            self._scheduler.add_job(partial(self._run, work), "interval", seconds=seconds, jitter=seconds / 5)

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self, *, seconds: float) -> None:
        """No new beat begins, and what is under way may end; safe to call when it never started."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        self._scheduler.shutdown(wait=False)  # it cancels what is left

    async def beat(self) -> None:
        """One round, in which each part stands alone; a failure has a reference, and the next round tries again."""
        now = self._clock.now()
        for tidy in (_forget, *self._extensions.tidy):
            await _alone(partial(self._tidy, tidy, now))

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        with giving_way():
            task = asyncio.create_task(_alone(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await task

    async def _tidy(self, tidy: Tidy, now: datetime) -> None:
        async with self._database.writing() as db:
            await tidy(db, now)


async def _alone(work: Callable[[], Awaitable[None]]) -> None:
    """Whatever it raises stops nothing else."""
    try:
        await work()
    except Exception:
        logger.exception("regular work failed", extra={"fields": {"reference": new_reference()}})


async def _forget(db: AsyncSession, now: datetime) -> None:
    await purge_drafts(db, now=now)
    await purge_handled(db, before=now - HANDLED_KEPT)
    await purge_jobs(db, before=now - JOBS_KEPT)
