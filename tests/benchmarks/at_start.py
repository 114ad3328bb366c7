"""How long a start takes, and how much memory a bot holds that has nothing to do."""

import asyncio
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from tests.benchmarks import on_discord, on_slack
from tests.benchmarks.measure import MILLISECONDS, Size, Spread
from tests.benchmarks.processes import Program, started
from tests.bot.program import environment
from tests.platforms.slack_world import APP_TOKEN

PYTHON: Final = "python that does nothing"
HELP: Final = "`python -m bot --help`"
BARE_DISCORD: Final = "bare discord.py"
BARE_SLACK: Final = "bare Bolt on a socket"
DISCORD: Final = "`run` on Discord"
SLACK: Final = "`run` on Slack, on a socket"
BOTH: Final = "`run` on both"
FIRST: Final = "`run` on both, the first start: makes key and database"


@dataclass(frozen=True, slots=True)
class Started:
    """Milliseconds from the start of the process until it is ready (or has ended), and MB of memory at rest."""

    ready: Spread
    memory: Spread | None


@dataclass(frozen=True, slots=True)
class _Start:
    name: str
    command: tuple[str, ...]
    settings: Callable[[], dict[str, str]]
    ready: Callable[[Program], Awaitable[object]]


async def measure(folder: Path, size: Size) -> dict[str, Started]:
    """Every start by turns, `size.starts` times after those that only compile the modules."""
    took: dict[str, list[float]] = defaultdict(list)
    memory: dict[str, list[float]] = defaultdict(list)
    async with _starts(folder) as starts:
        for turn in range(-size.uncounted_starts, size.starts):
            for name, arguments in ((PYTHON, ("-c", "pass")), (HELP, ("-m", "bot", "--help"))):
                ended = await asyncio.to_thread(_run, folder, arguments)
                took[name] += [ended] if turn >= 0 else []
            for start in starts:
                ready, held = await _once(start, folder, idle_seconds=size.idle_seconds)
                took[start.name] += [ready] if turn >= 0 else []
                memory[start.name] += [held] if turn >= 0 else []
    return {
        name: Started(Spread(tuple(each)), Spread(tuple(memory[name])) if name in memory else None)
        for name, each in took.items()
    }


async def _once(start: _Start, folder: Path, *, idle_seconds: float) -> tuple[float, float]:
    began = time.perf_counter()
    async with started(*start.command, folder=folder, **start.settings()) as program:
        await start.ready(program)
        took = (time.perf_counter() - began) * MILLISECONDS
        await asyncio.sleep(idle_seconds)
        return took, program.memory()


def _run(folder: Path, arguments: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=folder, env=environment({}), stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * MILLISECONDS


@asynccontextmanager
async def _starts(folder: Path) -> AsyncIterator[list[_Start]]:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(on_discord.discord())
        slack = await stack.enter_async_context(on_slack.slack())
        on_both = {**discord.reach, **on_slack.reach(slack, "socket")}

        def ours(name: str, reach: dict[str, str], data: str = "") -> _Start:
            def settings() -> dict[str, str]:
                return {**reach, "HTTP_PORT": "0", "DATA_DIR": str(folder / (data or str(uuid4())))}

            return _Start(name, ("bot", "run"), settings, Program.ready)

        async def connected(_: Program) -> None:
            slack.connected.clear()
            await slack.connected.wait()

        bare_discord = ("tests.benchmarks.bare_discord", *discord.addresses)
        bare_slack = ("tests.benchmarks.bare_slack", slack.api_url, on_slack.TOKEN, APP_TOKEN, "")
        yield [
            _Start(BARE_DISCORD, bare_discord, dict, lambda _: discord.connected()),
            ours(DISCORD, discord.reach, "for-discord"),
            _Start(BARE_SLACK, bare_slack, dict, connected),
            ours(SLACK, on_slack.reach(slack, "socket"), "for-slack"),
            ours(BOTH, on_both, "for-both"),
            ours(FIRST, on_both),
        ]
