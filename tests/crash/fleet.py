"""The processes under test, and what befalls them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.bot.program import environment

LOG: Final = "processes.log"


@dataclass
class Fleet:
    """Some processes of the same kind, each in its place. Who is killed or ends is started anew."""

    arguments: tuple[str, ...]
    settings: Mapping[str, str]
    folder: Path
    log: Path
    places: list[asyncio.subprocess.Process] = field(default_factory=list)
    frozen: set[int] = field(default_factory=set)
    """Places whose process stands still."""

    async def kill(self, place: int) -> int:
        """SIGKILL, in the middle of whatever it does; the process's id."""
        return await self._replace(place, signal.SIGKILL)

    async def end(self, place: int) -> int:
        """SIGTERM, as a host that deploys a new version; it must end by itself, in order."""
        return await self._replace(place, signal.SIGTERM)

    async def freeze(self, place: int, *, seconds: float) -> int:
        """SIGSTOP, and SIGCONT after a while: as a machine that sleeps, or swaps."""
        process = self.places[place]
        process.send_signal(signal.SIGSTOP)
        self.frozen.add(place)

        def wake() -> None:
            self.frozen.discard(place)
            process.send_signal(signal.SIGCONT)

        asyncio.get_running_loop().call_later(seconds, wake)
        return process.pid

    async def _replace(self, place: int, number: signal.Signals) -> int:
        process = self.places[place]
        if number is signal.SIGTERM:  # which it takes note of only when it has started
            assert process.stdout is not None
            assert await process.stdout.readline(), self.log.read_text()
        process.send_signal(number)
        code = await process.wait()
        assert code == (0 if number is signal.SIGTERM else -number), self.log.read_text()
        self.places[place] = await self.start_one()
        return process.pid

    async def start_one(self) -> asyncio.subprocess.Process:
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.crash.process",
                *self.arguments,
                cwd=self.folder,
                env=environment(self.settings),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )


@asynccontextmanager
async def fleet(
    count: int, *, lease_seconds: float, nonce_seconds: float, settings: Mapping[str, str], folder: Path
) -> AsyncIterator[Fleet]:
    """So many processes until the end of the block."""
    made = Fleet((str(lease_seconds), str(nonce_seconds)), settings, folder, folder / LOG)
    try:
        for _ in range(count):
            made.places.append(await made.start_one())
        yield made
    finally:
        for process in made.places:
            if process.returncode is None:
                os.kill(process.pid, signal.SIGKILL)
            await process.wait()
