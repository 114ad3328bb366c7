"""Keeps every platform running, one apart from the other, until the program is asked to stop."""

import asyncio
import logging
import os
import random
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from bot.platforms.base import LoginRefused, Platform

logger = logging.getLogger(__name__)

LIMIT_SECONDS = 10.0
STOP_SECONDS = 8.0  # of those 10; the rest is for the database and the web server


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait between attempts, in seconds: a random part of a longest wait that doubles each time."""

    first: float = 1.0
    longest: float = 60.0
    healthy: float = 60.0
    """A run that lasted so long was well: the next attempt comes as soon as the first."""
    refused: float = 300.0
    """After a refused token, which only a person can put right."""
    fraction: Callable[[], float] = random.random
    pause: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep)
    monotonic: Callable[[], float] | None = None

    def now(self) -> float:
        return (self.monotonic or asyncio.get_running_loop().time)()

    def wait_after(self, failures: int) -> float:
        """Full jitter, so that many that lost one server do not come back at once."""
        return self.fraction() * min(self.longest, self.first * 2.0 ** min(failures - 1, 16))


async def serve(
    platforms: Sequence[Platform],
    *,
    stop: asyncio.Event,
    pace: Pace | None = None,
    stop_seconds: float = STOP_SECONDS,
) -> None:
    """Runs every platform until `stop` is set, then lets work in hand finish for `stop_seconds` at most."""
    tasks = [
        asyncio.create_task(keep_running(each, stop=stop, pace=pace or Pace()), name=each.name) for each in platforms
    ]
    await stop.wait()
    closing = {asyncio.create_task(each.close()): each.name for each in platforms}
    if closing:
        done, late = await asyncio.wait(closing, timeout=stop_seconds)
        for task in done:
            if error := task.exception():
                logger.warning("%s did not close cleanly (%s).", closing[task], _kind(error))
        for task in late:
            logger.warning("%s still had work in hand after %.0f s; it stops now.", closing[task], stop_seconds)
    for task in (*closing, *tasks):
        task.cancel()
    await asyncio.gather(*closing, *tasks, return_exceptions=True)


async def keep_running(platform: Platform, *, stop: asyncio.Event, pace: Pace) -> None:
    """Runs one platform for ever. A failed start or a lost connection is waited out; nothing that it raises leaves."""
    failures = 0
    while not stop.is_set():
        started = pace.now()
        refused = False
        try:
            await platform.run()
            reason = "the connection ended"
        except LoginRefused as error:
            refused, reason = True, str(error)
        except Exception as error:
            reason = _kind(error)
            logger.debug("%s failed.", platform.name, exc_info=error)
        if stop.is_set():
            return
        failures = 1 if pace.now() - started >= pace.healthy else failures + 1
        seconds = pace.refused if refused else pace.wait_after(failures)
        logger.warning("%s is down: %s. Next attempt in %.3g s.", platform.name, reason.removesuffix("."), seconds)
        await pace.pause(seconds)


@contextmanager
def stop_on_signals(*, limit_seconds: float = LIMIT_SECONDS) -> Iterator[asyncio.Event]:
    """An event that SIGTERM or SIGINT sets. A second signal, or a stop that takes too long, ends the process at once.

    For all of a program's life: what follows the event is part of the stop.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    limit = threading.Timer(limit_seconds, os._exit, (1,))
    limit.daemon = True
    asked = False

    def ask(number: int, _: FrameType | None) -> None:
        nonlocal asked
        if asked:
            # The loop may be stuck, so nothing of it is waited for. SQLite and PostgreSQL keep what was committed.
            os._exit(128 + number)
        asked = True
        limit.start()
        loop.call_soon_threadsafe(stop.set)

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        limit.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def _kind(error: BaseException) -> str:
    """What kind of failure it was. Never its message: those of the libraries may hold an address with a ticket."""
    names = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    # A time limit is kept by cancelling, which tells nothing.
    if cause is not None and type(cause) not in {type(error), asyncio.CancelledError}:
        names.append(type(cause).__name__)
    if isinstance(error, OSError) and error.strerror:
        names.append(os.strerror(error.errno) if error.errno else "no connection")
    return ", ".join(names)
