"""Commands over a real gateway and a real REST API, on a small Discord in this process."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestServer

from db.keyring import Keyring
from tests.benchmarks.data import ENTRIES, count_entries, make_members
from tests.benchmarks.measure import Measured, Size, Variant, side_by_side, written
from tests.benchmarks.processes import Program, started
from tests.platforms.discord.running import COMMAND
from tests.platforms.discord.server import GUILD, Sent, Server

BARE: Final = "bare discord.py, a constant"
READS: Final = "`rejection list`"
WRITES: Final = "`rejection log`, typed in full"
_PING: Final = {"id": "1", "name": "ping", "type": 1}
_ANSWER_SECONDS: Final = 20
_DEFERRED: Final = frozenset({5, 6})


class Discord(Server):
    """The small Discord, which forgets what it was sent as soon as it has come."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, asyncio.Future[Sent]] = {}
        self._number = 10**18

    async def ask(self, data: Mapping[str, Any], *, user: str = "77") -> str:
        """Sends a command in a server, and gives the body of its answer."""
        self._number += 1
        number = str(self._number)
        answer: asyncio.Future[Sent] = asyncio.get_running_loop().create_future()
        self._asked[f"token{number}"] = answer
        await self.arrive(COMMAND, data, number=number, guild_id=GUILD, member=_member(user))
        async with asyncio.timeout(_ANSWER_SECONDS):
            return (await answer).text

    async def _record(self, request: web.Request) -> Sent:
        sent = await super()._record(request)
        self.sent.clear()
        if not _defers(sent):  # the answer itself comes later, by the same token
            waiting = self._asked.pop(request.match_info.get("token", ""), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(sent)
        return sent

    @property
    def reach(self) -> dict[str, str]:
        """The settings with which our bot comes here."""
        api, gateway = self.addresses
        return {"DISCORD_TOKEN": "a.b.c", "DISCORD_API_URL": api, "DISCORD_GATEWAY_URL": gateway}

    @property
    def addresses(self) -> tuple[str, str]:
        return f"{self.address}/api", f"{self.address.replace('http', 'ws')}/gateway"


@asynccontextmanager
async def discord() -> AsyncIterator[Discord]:
    opened = Discord()
    application = web.Application()
    application.add_routes(opened.routes())
    async with TestServer(application) as server:
        opened.address = f"http://{server.host}:{server.port}"
        yield opened


async def measure(databases: Mapping[str, str], folder: Path, size: Size) -> dict[str, Measured]:
    """The bare bot, then a reading and a writing command of ours on each database, by its name."""
    keys = Keyring.generate()
    users = [f"{number}" for number in range(1001, 1001 + 2 * size.members)]
    async with AsyncExitStack() as stack:
        bare = await stack.enter_async_context(discord())
        program = await stack.enter_async_context(
            started("tests.benchmarks.bare_discord", *bare.addresses, folder=folder)
        )
        await bare.connected()
        variants = [Variant(BARE, lambda _: bare.ask(_PING), "pong", program.processor)]
        for name, url in databases.items():
            await make_members(url, keys, platform="discord", tenant="", community=GUILD, users=users)
            ours = await stack.enter_async_context(discord())
            reach = {**ours.reach, "DATABASE_URL": url, "KEYS": keys, "HTTP_PORT": "0"}
            program = await stack.enter_async_context(started("bot", "run", folder=folder, **reach))
            await ours.connected()
            variants += _ours(name, ours, users, program)
        measured = await side_by_side(variants, size)
        for url in databases.values():
            assert await count_entries(url, keys) == len(users) * ENTRIES + written(size)
    return measured


def _ours(name: str, server: Discord, users: Sequence[str], program: Program) -> list[Variant]:
    half = len(users) // 2
    readers, writers = users[:half], users[half:]

    async def read(number: int) -> str:
        return await server.ask(_command("list"), user=readers[number % half])

    async def write(number: int) -> str:
        return await server.ask(_command("log", **typed(number)), user=writers[number % half])

    return [
        Variant(f"{READS}, {name}", read, f"{ENTRIES} entries", program.processor),
        Variant(f"{WRITES}, {name}", write, "Written down", program.processor),
    ]


def typed(number: int) -> dict[str, str]:
    """The questions of `rejection log`, each with an answer."""
    return {
        "company": f"Firm {number}",
        "stage": "final",
        "role": "Shift lead",
        "feelings": "disappointed, tired",
        "note": "The second interview went well, and then nothing.",
    }


def _command(word: str, **values: str) -> dict[str, Any]:
    options = [{"name": name, "type": 3, "value": value} for name, value in values.items()]
    return {
        "id": "1",
        "name": "rejection",
        "type": 1,
        "options": [{"name": word, "type": 1, "options": options}],
    }


def _defers(sent: Sent) -> bool:
    return sent.path.endswith("/callback") and sent.body["type"] in _DEFERRED


def _member(user: str) -> dict[str, Any]:
    return {
        "user": {"id": user, "username": f"user{user}", "global_name": "Ada", "discriminator": "0", "avatar": None},
        "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0,
        "permissions": "0",
    }  # fmt: skip
