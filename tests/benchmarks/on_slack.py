"""Commands over signed HTTP and over a socket, on a simulated Slack in this process."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot.platforms.slack.manifest import EVENTS_PATH
from db.keyring import Keyring
from tests.benchmarks.data import ENTRIES, count_entries, make_members
from tests.benchmarks.measure import Measured, Size, Variant, side_by_side, written
from tests.benchmarks.on_discord import typed
from tests.benchmarks.processes import Program, started
from tests.platforms.slack.server import SimulatedSlack
from tests.platforms.slack.state import Message
from tests.platforms.slack.wire import encoded, signed
from tests.platforms.slack_world import APP_TOKEN, SECRET

TRANSPORTS: Final = ("HTTP", "socket")
BARE: Final = "bare Bolt, a constant"
READS: Final = "`rejection list`"
WRITES: Final = "`rejection log`, typed in full"
TEAM: Final = "TMAIN"
TOKEN: Final = f"xoxb-{TEAM}"


class Slack(SimulatedSlack):
    """The simulated Slack, which checks and keeps nothing of an answer but its text."""

    def __init__(self) -> None:
        super().__init__()
        self.address = ""
        """Where the bot takes events over HTTP; empty for one on a socket."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._said: dict[str, str] = {}
        self.teams[TOKEN] = TEAM
        self.app_tokens.add(APP_TOKEN)

    async def stop(self) -> None:
        await self._session.close()
        await super().stop()

    async def ask(self, line: str, *, user: str) -> str:
        """Sends a command, and gives what was shown, once it is acknowledged as well."""
        payload = self.command(user, TEAM, "CGENERAL", line)
        if self.address:
            acknowledged = await self._over_http(payload)
        else:
            _, ack = await self.over_socket("slash_commands", payload)
            acknowledged = json.dumps(ack)
        return self._said.pop(payload["response_url"].rpartition("/")[2], acknowledged)

    async def _over_http(self, payload: dict[str, Any]) -> str:
        body, content_type = encoded("slash_commands", payload)
        headers = {**signed(body, SECRET), "Content-Type": content_type}
        async with self._session.post(f"{self.address}{EVENTS_PATH}", data=body, headers=headers) as answer:
            return await answer.text()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        answer = await super()._respond(request)
        self._said[request.match_info["id"]] = await request.text()
        self.requests.clear()
        return answer

    def _post(self, body: dict[str, Any], *, user: str | None, channel: str, ephemeral: bool) -> Message:
        return Message("1.0", channel, [body], user, ephemeral)


@asynccontextmanager
async def slack() -> AsyncIterator[Slack]:
    opened = Slack()
    await opened.start()
    try:
        yield opened
    finally:
        await opened.stop()


def reach(server: Slack, transport: str) -> dict[str, str]:
    """The settings with which our bot comes here."""
    way = {"SLACK_APP_TOKEN": APP_TOKEN} if transport == "socket" else {"SLACK_SIGNING_SECRET": SECRET}
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": server.api_url, **way}


async def measure(folder: Path, size: Size) -> dict[str, Measured]:
    """On each transport the bare app, then a reading and a writing command of ours on SQLite."""
    keys = Keyring.generate()
    users = [f"U{number}" for number in range(1001, 1001 + 2 * size.members)]
    urls = {transport: f"sqlite:///{folder / f'{transport}.db'}" for transport in TRANSPORTS}
    variants: list[Variant] = []
    async with AsyncExitStack() as stack:
        for transport, url in urls.items():
            variants.append(await _bare(stack, transport, folder))
            await make_members(url, keys, platform="slack", tenant=TEAM, community=TEAM, users=users)
            server = await stack.enter_async_context(slack())
            settings = {**reach(server, transport), "DATABASE_URL": url, "KEYS": keys, "HTTP_PORT": "0"}
            program = await stack.enter_async_context(started("bot", "run", folder=folder, **settings))
            address = await program.ready()
            server.address = address if transport == "HTTP" else ""
            server.profiles |= {user: {"tz": "Europe/Berlin", "profile": {"display_name": "Ada"}} for user in users}
            variants += _ours(transport, server, users, program)
        measured = await side_by_side(variants, size)
        for url in urls.values():
            assert await count_entries(url, keys) == len(users) * ENTRIES + written(size)
    return measured


async def _bare(stack: AsyncExitStack, transport: str, folder: Path) -> Variant:
    server = await stack.enter_async_context(slack())
    way = (APP_TOKEN, "") if transport == "socket" else ("", SECRET)
    arguments = ("tests.benchmarks.bare_slack", server.api_url, TOKEN, *way)
    program = await stack.enter_async_context(started(*arguments, folder=folder))
    if transport == "HTTP":
        server.address = await program.address()
    else:
        await server.connected.wait()
    return Variant(f"{BARE}, {transport}", lambda _: server.ask("", user="U1"), "pong", program.processor)


def _ours(transport: str, server: Slack, users: Sequence[str], program: Program) -> list[Variant]:
    half = len(users) // 2
    readers, writers = users[:half], users[half:]

    async def read(number: int) -> str:
        return await server.ask("rejection list", user=readers[number % half])

    async def write(number: int) -> str:
        answers = " ".join(f'{name}:"{value}"' for name, value in typed(number).items())
        return await server.ask(f"rejection log {answers}", user=writers[number % half])

    return [
        Variant(f"{READS}, {transport}", read, f"{ENTRIES} entries", program.processor),
        Variant(f"{WRITES}, {transport}", write, "Written down", program.processor),
    ]
