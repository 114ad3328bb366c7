"""What is planned in the demo, and how one gets there: by the clock, or at once to what comes next."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from bot.logs import new_reference
from bot.platforms.web.adapter import WebPlatform
from bot.platforms.web.company import Company
from bot.platforms.web.habits import Habit

logger = logging.getLogger(__name__)

STEPS: Final = 50
"""Things that are planned may be without anything to see, such as a reminder of what is done by then."""
NOTHING: Final = "Nothing is planned. Turn on a reminder with /goal remind, or ask a facilitator for a check-in."
BEAT_SECONDS: Final = 1.0


async def _nothing_due() -> datetime | None:
    return None


async def _nothing_done() -> None: ...


class Future:
    """What the engine and the demo's people bring about, each thing at its own moment and in its order.

    `next_due` says when something is due next in the engine, and `catch_up` does all that is due by now; `habits` are
    what each persona does by themselves. Whoever moves the clock waits until the one before has arrived.
    """

    def __init__(
        self,
        page: WebPlatform,
        *,
        next_due: Callable[[], Awaitable[datetime | None]] = _nothing_due,
        catch_up: Callable[[], Awaitable[None]] = _nothing_done,
        habits: Mapping[str, Sequence[Habit]] | None = None,
    ) -> None:
        self._page = page
        self._next_due = next_due
        self._catch_up = catch_up
        self._company = Company(page, habits or {})
        self._moving = asyncio.Lock()

    async def move(self, by: timedelta) -> None:
        """Moves the clock, through everything that lies between."""
        async with self._moving:
            await self._set_out()
            end = self._page.clock.now() + by
            while (due := await self._next()) is not None and due <= end:
                await self._live_until(due)
            await self._live_until(end)
            self._page.has_moved()

    async def move_to_next(self) -> str:
        """Moves the clock until something new is to be seen; what to say where there is nothing to come.

        What the people do one after the other, with nothing of the bot between, comes at once.
        """
        async with self._moving:
            await self._set_out()
            seen = False
            for _ in range(STEPS):
                due, people = await self._next(), self._company.next_due
                if due is None or (seen and (people is None or due < people)):
                    break
                written, done = await self._live_until(due)
                seen = seen or written or done
                if written:
                    break
            self._page.has_moved()
            return "" if seen else NOTHING

    async def start_over(self) -> None:
        """Back to the beginning, with nobody on the way to anywhere."""
        async with self._moving:
            await self._page.start_over()

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Lets the people live on while nobody moves the clock, until the end of the block."""
        living = asyncio.create_task(self._go_on())
        try:
            yield
        finally:
            living.cancel()
            await asyncio.wait([living])

    async def _set_out(self) -> None:
        """What was there before the move did not come by it."""
        await self._catch_up()
        await self._live()
        self._page.chronicle.turn_over()

    async def _next(self) -> datetime | None:
        planned = (await self._next_due(), self._company.next_due)
        return min((each for each in planned if each is not None), default=None)

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                async with self._moving:
                    if any(await self._live()):
                        self._page.tell_time()
            except Exception:
                logger.exception("living on failed", extra={"fields": {"reference": new_reference()}})

    async def _live_until(self, due: datetime) -> tuple[bool, bool]:
        self._page.clock.move(max(due - self._page.clock.now(), timedelta()))
        await self._catch_up()
        return await self._live()

    async def _live(self) -> tuple[bool, bool]:
        """What the bot has written is read, and what somebody means to do by now is done; whether there was any."""
        written = self._company.look()
        done = await self._company.act()
        if done:
            await self._catch_up()
            written = self._company.look() or written
        return written, done
