"""The programs that are measured, each a process of its own that logs to a file, as under a supervisor."""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from tests.benchmarks.measure import MILLISECONDS
from tests.bot.program import environment

PATIENCE_SECONDS: Final = 30
LOOK_SECONDS: Final = 0.002
OK: Final = 200
_ADDRESS: Final = re.compile(r"http://[\d.]+:\d+")


@dataclass(frozen=True, slots=True)
class Program:
    """A program that runs."""

    process: asyncio.subprocess.Process
    log: Path

    async def address(self) -> str:
        """Where its web server listens, as soon as it says so."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (found := _ADDRESS.search(self.log.read_text())) is None:
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(LOOK_SECONDS)
        return found[0]

    async def ready(self) -> str:
        """The same, as soon as it says that it is ready."""
        address = await self.address()
        async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession() as session:
            while True:
                async with session.get(f"{address}/readyz") as answer:
                    if answer.status == OK:
                        return address
                await asyncio.sleep(LOOK_SECONDS)

    def processor(self) -> float:
        """Milliseconds of processor that it has used so far; 0 where the system does not tell by /proc."""
        told = Path(f"/proc/{self.process.pid}/stat")
        if not told.exists():
            return 0.0
        user, system = told.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") * MILLISECONDS

    def memory(self) -> float:
        """Resident memory in MB."""
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        return int(told.stdout) / 1024


@asynccontextmanager
async def started(*module: str, folder: Path, **settings: str) -> AsyncIterator[Program]:
    """`python -m <module>` until the end of the block. `settings` are names without the prefix."""
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".log") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *module, cwd=folder, env=environment(settings), stdout=log, stderr=log
        )
        try:
            yield Program(process, Path(log.name))
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
