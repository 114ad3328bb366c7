"""The regular work of a process: removes what has had its time, and takes back posts that are due."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.extensions import Extensions
from bot.logs import new_reference
from db.drafts import purge_drafts
from db.handled import purge_handled
from db.posts import due_withdrawals
from db.session import Database

logger = logging.getLogger(__name__)

TIDY_SECONDS: Final = 60
HANDLED_KEPT: Final = timedelta(days=1)
WITHDRAWALS_AT_ONCE: Final = 20


class Heartbeat:
    """Calls the regular work by APScheduler, whose memory store holds nothing that may not be lost."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        extensions: Extensions,
        withdraw: Callable[[UUID], Awaitable[bool]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._extensions = extensions
        self._withdraw = withdraw
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_job(self.beat, "interval", seconds=TIDY_SECONDS)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        """No new beat begins; safe to call when it never started."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def beat(self) -> None:
        """One round; a failure is logged with a reference and the next round tries again."""
        try:
            await self._tidy()
            await self._take_back()
        except Exception:
            logger.exception("regular work failed", extra={"fields": {"reference": new_reference()}})

    async def _tidy(self) -> None:
        now = self._clock.now()
        async with self._database.writing() as db:
            await purge_drafts(db, now=now)
            await purge_handled(db, before=now - HANDLED_KEPT)
            for tidy in self._extensions.tidy:
                await tidy(db, now)

    async def _take_back(self) -> None:
        async with self._database.reading() as db:
            due = await due_withdrawals(db, now=self._clock.now(), limit=WITHDRAWALS_AT_ONCE)
        for post in due:
            await self._withdraw(post.id)
