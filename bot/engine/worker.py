"""Claims what is due and carries it out, as much at a time as it can hold, until it is asked to stop."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.clock import Clock
from bot.engine.delivery import Delivery
from bot.logs import new_reference
from bot.owner import new_owner
from bot.sending import Rate
from bot.waiting import pause
from db.claims import Claimed, claim, release
from db.jobs import WORK
from db.session import Database
from db.sqlite import giving_way

logger = logging.getLogger(__name__)

AT_ONCE: Final = 20
LEASE_SECONDS: Final = 60.0
POLL_SECONDS: Final = 0.3
BREATH_SECONDS: Final = 0.1
"""Between two claims of which the first left room; a burst of every platform lasts longer."""
TROUBLE_SECONDS: Final = 2.0
"""After a claim that failed, as while the database restarts."""
OWN_WORK: Final = Rate(per_second=1000, burst=1000)


class Worker:
    """One process's share of the work. Any number of them may run; none leads."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        delivery: Delivery,
        rates: Mapping[str, Rate],
        at_once: int = AT_ONCE,
        lease_seconds: float = LEASE_SECONDS,
        poll_seconds: float = POLL_SECONDS,
        can_send: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """`rates` are those of the platforms that this process sends to; `can_send` tells whether it can now."""
        self._database = database
        self._clock = clock
        self._delivery = delivery
        self._rates = rates
        self._can_send = can_send
        self._at_once = at_once
        self._lease_seconds = lease_seconds
        self._poll_seconds = poll_seconds
        self._owner = new_owner()
        self._running: set[asyncio.Task[None]] = set()
        self._claiming = asyncio.Lock()
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()

    def wake(self) -> None:
        """There is something to look for now."""
        self._woken.set()

    async def run(self) -> None:
        """Works until `stop`. A failed claim is logged and tried again."""
        with giving_way():
            while not self._stopping.is_set():
                await self._work()

    async def drain(self) -> None:
        """Carries out everything that is due now, and what follows from it at once."""
        idle = False
        while not idle:
            # One that ends while we look may have had the place that the next one waits for: that is another look.
            idle = not self._running
            idle = not await self._start_some() and idle
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, *, seconds: float) -> None:
        """Claims no more, and lets what is on its way end; what is not done by then is found again by its lease."""
        self._stopping.set()
        self._woken.set()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work(self) -> None:
        try:
            found = await self._start_some()
        except Exception:
            logger.exception("claiming failed", extra={"fields": {"reference": new_reference()}})
            await pause(TROUBLE_SECONDS, unless=self._stopping)
            return
        if not found:
            await pause(self._poll_seconds, unless=self._woken)
            self._woken.clear()
        if found < self._at_once // 2:
            # Where a rate lets one through after the other, some of them are worth a claim.
            await pause(BREATH_SECONDS, unless=self._stopping)

    async def _start_some(self) -> int:
        """Claims from one lane after another as much as there is room for, and begins it; how much that was."""
        async with self._claiming:
            return await self._start_what_fits()

    async def _start_what_fits(self) -> int:
        while (free := self._at_once - len(self._running)) < max(1, self._at_once // 2):  # a claim is worth as much
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        if self._stopping.is_set():
            return 0
        started, looked_at = 0, list[str]()
        while started < free:
            lane, jobs = await self._claim(free - started, besides=looked_at)
            if lane is None:
                break
            looked_at.append(lane)
            if self._stopping.is_set():
                await self._release(jobs)
                break
            for job in jobs:
                task = asyncio.create_task(self._delivery.carry_out(job))
                self._running.add(task)
                task.add_done_callback(self._ended)
            started += len(jobs)
        return started

    async def _claim(self, wanted: int, *, besides: Sequence[str]) -> tuple[str | None, Sequence[Claimed]]:
        # What cannot go out now is not begun: that would cost it one of its attempts.
        rates = {name: rate for name, rate in self._rates.items() if self._can_send(name)}
        async with self._database.writing() as db:
            return await claim(
                db,
                rates={**rates, WORK: OWN_WORK},
                wanted=wanted,
                now=self._clock.now(),
                owner=self._owner,
                lease_seconds=self._lease_seconds,
                besides=besides,
            )

    async def _release(self, jobs: Sequence[Claimed]) -> None:
        async with self._database.writing() as db:
            await release(db, jobs)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        # The next one for its destination may be waiting for this.
        self._woken.set()
