"""The receiving side: a Discord and a Slack over real sockets that count what comes in, and have their bad days."""

import asyncio
import itertools
import json
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from tests.crash.asks import APPLICATION, DISCORD, SLACK, TEAM

OK, TOO_MANY = 200, 429
_DISCORD_EPOCH: Final = 1_420_070_400_000
_BOT: Final = {"id": "900000000000000001", "username": "bot", "discriminator": "0", "avatar": None, "bot": True}


@dataclass
class Days:
    """How it behaves: seconds for each half of a call, and the share of calls that meet a fault."""

    latency: float = 0.02
    dropped: float = 0.0
    """The connection is closed after the message was taken, without a word."""
    too_many: float = 0.0
    """Refused with 429, and `retry_after` whole seconds to wait."""
    retry_after: int = 1


class Receiving:
    """Takes messages like the two platforms do. `nonce_seconds` is how long Discord knows a nonce again."""

    def __init__(self, *, seed: int, days: Days | None = None, nonce_seconds: float = 180.0) -> None:
        self.days = days or Days()
        self.messages: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        """What arrived, by destination."""
        self.calls = 0
        self.drops: dict[str, int] = {DISCORD: 0, SLACK: 0}
        self.early = 0
        """Calls for a destination that came before the time it had been told to wait was over."""
        self.strange = 0
        """Calls for what sending a message has no use for, as editing one that it does not know to be there."""
        self.port = 0
        self._nonce_seconds = nonce_seconds
        self._nonces: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}
        self._not_before: dict[str, float] = {}
        self._numbers = itertools.count()
        self._random = random.Random(seed)  # noqa: S311 - to be had again from the seed

    def count_without(self, words: str) -> int:
        """How many messages do not say that."""
        return sum(words not in json.dumps(each) for found in self.messages.values() for each in found)

    @property
    def arrived(self) -> int:
        """Destinations that have something."""
        return len(self.messages)

    @property
    def discord_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/discord"

    @property
    def slack_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/"

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Can be reached for the length of the block, each time at the same address; else connections are refused."""
        server = web.Application()
        server.add_routes([
            web.get("/discord/users/@me", self._me),
            web.get("/discord/oauth2/applications/@me", self._application),
            web.get("/discord/channels/{channel}/messages", self._history),
            web.post("/discord/channels/{channel}/messages", self._create_message),
            web.post("/slack/auth.test", self._auth_test),
            web.post("/slack/chat.postMessage", self._post_message),
            web.route("*", "/{rest:.*}", self._unknown),
        ])  # fmt: skip
        runner = web.AppRunner(server, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.port, backlog=512).start()
            self.port = runner.addresses[0][1]
            yield
        finally:
            await runner.cleanup()

    async def _me(self, _: web.Request) -> web.Response:
        return _json(_BOT)

    async def _application(self, _: web.Request) -> web.Response:
        return _json({
            "id": APPLICATION, "name": "bot", "icon": None, "description": "", "bot_public": True, "flags": 0,
            "bot_require_code_grant": False, "owner": _BOT, "summary": "", "verify_key": "", "team": None,
        })  # fmt: skip

    async def _create_message(self, request: web.Request) -> web.Response:
        channel = request.match_info["channel"]
        destination = f"{DISCORD}:{channel}"
        body = await request.json()
        wait = await self._begin(destination)
        if wait:
            told = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
            return _json(told, status=TOO_MANY, headers={"Via": "1.1 google", "Retry-After": str(wait)})
        message = self._known(channel, body) or self._take(
            destination, {"id": self._snowflake(), "channel_id": channel, "components": body["components"]}
        )
        if body.get("enforce_nonce"):
            self._nonces.setdefault((channel, body["nonce"]), (time.monotonic(), message))
        return await self._end(request, DISCORD, {"author": _BOT, **message})

    async def _history(self, request: web.Request) -> web.Response:
        await self._half()
        after, limit = int(request.query["after"]), int(request.query["limit"])
        found = self.messages.get(f"{DISCORD}:{request.match_info['channel']}", [])
        later = sorted((each for each in found if int(each["id"]) > after), key=lambda each: int(each["id"]))
        return _json(later[:limit][::-1])

    async def _auth_test(self, _: web.Request) -> web.Response:
        return _json({"ok": True, "team_id": TEAM, "user_id": "U1", "bot_id": "B1"})

    async def _post_message(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        destination = f"{SLACK}:{body['channel']}"
        wait = await self._begin(destination)
        if wait:
            return _json({"ok": False, "error": "ratelimited"}, status=TOO_MANY, headers={"Retry-After": str(wait)})
        ts = f"{time.time():.0f}.{next(self._numbers):06}"
        self._take(destination, {"ts": ts, "blocks": body["blocks"]})
        return await self._end(request, SLACK, {"ok": True, "channel": body["channel"], "ts": ts})

    async def _unknown(self, _: web.Request) -> web.Response:
        self.strange += 1
        raise web.HTTPNotFound

    async def _begin(self, destination: str) -> int:
        """The first half of a call; the seconds to wait where it is refused."""
        self.calls += 1
        now = time.monotonic()
        self.early += now < self._not_before.get(destination, 0.0)
        await self._half()
        if self._random.random() >= self.days.too_many:
            return 0
        self._not_before[destination] = time.monotonic() + self.days.retry_after
        return self.days.retry_after

    async def _end(self, request: web.Request, platform: str, answer: Mapping[str, Any]) -> web.Response:
        await self._half()
        if self._random.random() < self.days.dropped and request.transport is not None:
            self.drops[platform] += 1
            request.transport.close()
        return _json(answer)

    def _take(self, destination: str, message: dict[str, Any]) -> dict[str, Any]:
        self.messages[destination].append(message)
        return message

    def _known(self, channel: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """The message of the same nonce, where Discord is asked to look and still knows it."""
        if not body.get("enforce_nonce") or (channel, body["nonce"]) not in self._nonces:
            return None
        at, message = self._nonces[channel, body["nonce"]]
        if time.monotonic() - at <= self._nonce_seconds:
            return message
        del self._nonces[channel, body["nonce"]]
        return None

    async def _half(self) -> None:
        await asyncio.sleep(self.days.latency * self._random.uniform(0.5, 1.5))

    def _snowflake(self) -> str:
        return str(((int(time.time() * 1000) - _DISCORD_EPOCH) << 22) | (next(self._numbers) & 0x3FFFFF))


def _json(body: object, *, status: int = OK, headers: Mapping[str, str] | None = None) -> web.Response:
    """As Discord labels it; discord.py takes no other label."""
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json")
