"""Schedules that are due become occurrences, and each of these becomes what its feature makes of it."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.logs import new_reference
from bot.turn import Expand, Turn
from db.claims import ATTEMPTS, expire, reap
from db.schedules import (
    Occurrence,
    OccurrenceState,
    is_anything_due,
    postpone_occurrence,
    resolve_again,
    take_occurrence,
    tick,
)
from db.session import Database

logger = logging.getLogger(__name__)

RETRY: Final = timedelta(minutes=5)


class Rhythm:
    """Any process may do any of it at any time: each step is one transaction and happens once."""

    def __init__(self, *, database: Database, clock: Clock, schedules: Mapping[str, Expand]) -> None:
        self._database = database
        self._clock = clock
        self._schedules = schedules

    async def turn(self) -> None:
        """Brings about all that is due by now. Mostly that is nothing, and to see that locks nothing."""
        async with self._database.reading() as db:
            if not await is_anything_due(db, now=self._clock.now()):
                return
        while await self._tick():
            pass
        while await self._expand():
            pass

    async def reap(self) -> None:
        """Takes back what others left behind, and gives up what is too late."""
        now = self._clock.now()
        async with self._database.writing() as db:
            lost = await reap(db, at=now)
            late = await expire(db, now=now)
        if lost or late:
            logger.warning("jobs taken back", extra={"fields": {"lost": lost, "expired": late}})
            self._database.on_work()

    async def resolve_again(self) -> None:
        """Computes every coming moment anew: the rules of time zones change."""
        after = None
        while True:
            async with self._database.writing() as db:
                after = await resolve_again(db, now=self._clock.now(), after=after)
            if after is None:
                return

    async def _tick(self) -> int:
        async with self._database.writing() as db:
            return await tick(db, now=self._clock.now())

    async def _expand(self) -> bool:
        """One occurrence in one transaction; True where there was one."""
        taken: list[tuple[UUID, str]] = []
        try:
            async with self._database.writing() as db:
                occurrence = await take_occurrence(db, now=self._clock.now())
                if occurrence is None:
                    return False
                taken.append((occurrence.id, occurrence.schedule.kind))
                await self._make(db, occurrence)
        except Exception as error:
            if not taken:
                raise
            await self._failed(*taken[0], error)
        return True

    async def _make(self, db: AsyncSession, occurrence: Occurrence) -> None:
        schedule = occurrence.schedule
        expand = self._schedules.get(schedule.kind)
        if expand is None:  # of a feature that is gone
            occurrence.state = OccurrenceState.CANCELLED
            return
        occurrence.state = OccurrenceState.EXPANDED
        await expand(
            Turn(
                db,
                self._clock.now(),
                subject=schedule.subject,
                slot=occurrence.slot,
                due_at=occurrence.due_at,
                at=occurrence.at,
                zone=occurrence.zone,
            )
        )

    async def _failed(self, occurrence_id: UUID, kind: str, error: Exception) -> None:
        """Puts it off, so that it does not stand before others."""
        fields = {"kind": kind, "reference": new_reference()}
        logger.error("a schedule's turn failed", exc_info=error, extra={"fields": fields})
        until = self._clock.now() + RETRY
        async with self._database.writing() as db:
            if not await postpone_occurrence(db, occurrence_id, until=until, attempts=ATTEMPTS):
                logger.error("a schedule's turn was given up", extra={"fields": fields})
