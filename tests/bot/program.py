"""The real program as a host starts it: another process, in a folder of its own, with an environment of its own."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.server import listening

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Done:
    """A program that has ended: its exit code, and what it said on both streams."""

    code: int
    said: str
    complained: str


def do(*arguments: str, folder: Path, python: Sequence[str] = (), **settings: str) -> Done:
    """Runs a verb to its end. `settings` are names without the prefix: `LOG_LEVEL="DEBUG"`."""
    done = subprocess.run(
        [sys.executable, *python, "-m", "bot", *arguments],
        cwd=folder,
        env=environment(settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@dataclass(slots=True)
class Running:
    """A program that serves; `address` is that of its web server."""

    process: asyncio.subprocess.Process
    address: str = ""
    lines: list[str] = field(default_factory=list)

    async def until(self, pattern: str) -> str:
        """Reads what it says up to a line with `pattern` in it; gives the match."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while line := (await self.process.stdout.readline()).decode():
                self.lines.append(line)
                if found := re.search(pattern, line):
                    return found[0]
        raise AssertionError(f"{pattern!r} was not said:\n{''.join(self.lines)}")

    async def until_ready(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await self.get("/readyz"))[0] != HTTPStatus.OK:
                pass

    async def get(self, path: str) -> tuple[int, str]:
        return await self._ask("GET", path)

    async def post(self, path: str) -> tuple[int, str]:
        return await self._ask("POST", path)

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE_SECONDS):
            rest, _ = await self.process.communicate()
        self.lines.append(rest.decode())
        assert self.process.returncode is not None
        return self.process.returncode

    async def _ask(self, method: str, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.request(method, self.address + path) as answer:
            return answer.status, await answer.text()

    @property
    def said(self) -> str:
        return "".join(self.lines)


@asynccontextmanager
async def running(folder: Path, *arguments: str, **settings: str) -> AsyncIterator[Running]:
    """`run`, or the given verb, with a free port for its web server, until the end of the block."""
    async with started(
        "-m", "bot", *(arguments or ("run",)), folder=folder, **{"HTTP_PORT": "0", **settings}
    ) as program:
        program.address = await program.until(r"http://[\d.]+:\d+")
        yield program


@asynccontextmanager
async def started(*python: str, folder: Path, **settings: str) -> AsyncIterator[Running]:
    """Python with these arguments; both its streams as one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *python,
        cwd=folder,
        env=environment(settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def answering(status: int, body: object) -> AsyncIterator[str]:
    """The address of a platform's server that answers everything so."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    server = web.Application()
    server.add_routes([web.route("*", "/{path:.*}", answer)])
    async with listening(server, host="127.0.0.1", port=0) as address:
        yield address


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours, without any setting but the given ones; compiled modules are kept, as an installed program has them."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STEPPINGSTONE_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    given = {f"STEPPINGSTONE_{name}": value for name, value in settings.items()}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", "PYTHONUNBUFFERED": "1", **given}
