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
from typing import Protocol

from bot.backoff import full_jitter
from bot.platforms.base import LoginRefused, Platform

logger = logging.getLogger(__name__)

WORK_SECONDS = 30.0
"""For messages that are on their way when the program is asked to stop: longer than any of them may take."""
STOP_SECONDS = 8.0
"""Then, for answers that people wait for."""
LIMIT_SECONDS = 40.0
"""For all of it, with the database and the web server. What starts the bot has to wait longer than that."""


class Served(Protocol):
    """What is kept running: a platform, or a part of one."""

    @property
    def name(self) -> str: ...

    @property
    def ready(self) -> bool: ...

    async def run(self) -> None: ...

    async def close(self) -> None: ...


class Sending:
    """A platform in a process that only sends: logged in, without events."""

    def __init__(self, platform: Platform) -> None:
        self.name = platform.name
        self._platform = platform
        self._closing = asyncio.Event()

    @property
    def ready(self) -> bool:
        return self._platform.can_send and not self._closing.is_set()

    async def run(self) -> None:
        await self._platform.log_in()
        await self._closing.wait()

    async def close(self) -> None:
        self._closing.set()
        await self._platform.close()


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
        return full_jitter(failures, first=self.first, longest=self.longest, fraction=self.fraction)


async def serve(
    platforms: Sequence[Served],
    *,
    stop: asyncio.Event,
    finish: Callable[[], Awaitable[None]] | None = None,
    pace: Pace | None = None,
    stop_seconds: float = STOP_SECONDS,
) -> None:
    """Runs every platform until `stop` is set and `finish` has ended, which still needs them.

    Then lets answers in hand finish, for `stop_seconds` at most.
    """
    tasks = [
        asyncio.create_task(keep_running(each, stop=stop, pace=pace or Pace()), name=each.name) for each in platforms
    ]
    await stop.wait()
    if finish is not None:
        await finish()
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


async def keep_running(platform: Served, *, stop: asyncio.Event, pace: Pace) -> None:
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
