"""What is planned in the demo, and how one gets there: by the clock, or at once to what comes next."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.platforms.web.adapter import WebPlatform

STEPS: Final = 50
"""Things that are planned may be without anything to see, such as a reminder of what is done by then."""
NOTHING: Final = "Nothing is planned. Turn on a reminder with /goal remind, or ask a facilitator for a check-in."


async def _nothing_due() -> datetime | None:
    return None


async def _nothing_done() -> None: ...


@dataclass(frozen=True, slots=True)
class Future:
    """What the page asks of the engine: when something is due next, and to do all that is due by now."""

    next_due: Callable[[], Awaitable[datetime | None]] = _nothing_due
    catch_up: Callable[[], Awaitable[None]] = _nothing_done

    async def move(self, page: WebPlatform, by: timedelta) -> None:
        """Moves the clock, and lets come what is due by then; what is long past by then says so, or is left out."""
        page.move(by)
        await self.catch_up()

    async def move_to_next(self, page: WebPlatform) -> str:
        """Moves the clock until something new is to be seen; what to say where there is nothing to come."""
        for _ in range(STEPS):
            due = await self.next_due()
            if due is None:
                return NOTHING
            page.move(max(due - page.clock.now(), timedelta()))
            before = page.transcript.number
            await self.catch_up()
            if page.transcript.number != before:
                return ""
        return NOTHING
