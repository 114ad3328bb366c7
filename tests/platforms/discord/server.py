"""A small Discord over real sockets, for what the simulated one has not: the gateway, lost connections, deferrals."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import BodyPartReader, WSMsgType, web
from aiohttp.test_utils import TestServer

APPLICATION: Final = "900000000000000002"
CHANNEL: Final = "900000000000000003"
GUILD: Final = "900000000000000004"
IDENTIFY, RESUME = 2, 6
OK, NO_CONTENT, BAD, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, DOWN_FROM, DOWN = 200, 204, 400, 401, 403, 404, 500, 503


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of the bot."""

    method: str
    path: str
    body: Any
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)


Fault = Callable[[Sent], web.Response | None]


class Server:
    """Its state, and what a test does to it."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.commands: list[dict[str, Any]] = []
        self.token_works = True
        self.gateway_up = True
        self.commands_work = True
        self.commands_come = asyncio.Event()
        """Until it is set, nobody is told which commands are registered."""
        self.commands_come.set()
        self.login_comes = asyncio.Event()
        self.login_comes.set()
        self.messages_come = asyncio.Event()
        """Until it is set, a message that is sent is there, but nobody is told."""
        self.messages_come.set()
        self.identified: list[list[int] | None] = []
        """The shard of each connection that began anew, as number and count; None for one that has all."""
        self.wanted_shards = 1
        """With fewer than that, a connection is closed."""
        self.faults: list[Fault] = []
        """Asked in turn for another answer than the usual one, after the request had its effect."""
        self.deleted: dict[str, int] = {}
        """Message -> the status its deletion gives."""
        self._acknowledged: set[str] = set()
        self._news = asyncio.Condition()
        self._sockets: list[web.WebSocketResponse] = []
        self._ids = itertools.count(910000000000000000)
        self.address = ""

    async def until(self, ready: Callable[[list[Sent]], bool]) -> None:
        """Waits until the requests so far satisfy this."""
        async with self._news, asyncio.timeout(60):
            await self._news.wait_for(lambda: ready(self.of_interactions))

    @property
    def of_interactions(self) -> list[Sent]:
        return [each for each in self.sent if each.path.startswith(("/interactions", "/webhooks"))]

    async def connected(self, *, or_ended: asyncio.Task[None] | None = None) -> None:
        """Waits until the bot's connection is ready; raises what it ended with, where it ended instead."""
        known = len(self._sockets)
        waiting = asyncio.create_task(self._connected(known))
        await asyncio.wait({waiting, or_ended} if or_ended else {waiting}, return_when=asyncio.FIRST_COMPLETED)
        if or_ended is not None and or_ended.done():
            waiting.cancel()
            or_ended.result()
        await waiting

    async def _connected(self, known: int) -> None:
        async with self._news, asyncio.timeout(60):
            await self._news.wait_for(lambda: len(self._sockets) > known)

    async def has_messages(self, count: int) -> None:
        """Waits until so many messages were sent."""
        async with self._news, asyncio.timeout(30):
            await self._news.wait_for(lambda: len(self.messages) >= count)

    @property
    def messages(self) -> list[Sent]:
        return [each for each in self.sent if each.method == "POST" and each.path.endswith("/messages")]

    async def arrive(self, kind: int, data: Mapping[str, Any], *, number: str = "", **more: Any) -> str:
        """Delivers an interaction to the bot, in a direct message unless `guild_id` is given. Gives its id."""
        number = number or str(next(self._ids))
        user = {"id": "77", "username": "ada", "global_name": "Ada", "discriminator": "0", "avatar": None}
        event = {
            "id": number,
            "application_id": APPLICATION,
            "type": kind,
            "token": f"token{number}",
            "version": 1,
            "data": data,
            "channel_id": CHANNEL,
            "channel": {
                "id": CHANNEL,
                "type": 0 if "guild_id" in more else 1,
                "name": "room",
                "position": 0,
                "recipients": [],
            },
            "locale": "en-GB",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "attachment_size_limit": 1000000,
            "app_permissions": "0",
            **({"member": _member(user)} if "guild_id" in more else {"user": user}),
            **more,
        }
        await self._sockets[-1].send_json({"op": 0, "s": int(number), "t": "INTERACTION_CREATE", "d": event})
        return number

    async def drop(self, code: int, *, number: int = -1) -> None:
        """Closes a connection to the gateway, the latest if not said otherwise, with this code."""
        await self._sockets[number].close(code=code)

    async def has_connections(self, count: int) -> None:
        """Waits until so many were made, those that are lost counted too."""
        async with self._news, asyncio.timeout(60):
            await self._news.wait_for(lambda: len(self._sockets) >= count)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/users/@me", self._me),
            web.get("/api/oauth2/applications/@me", self._application),
            web.get("/api/applications/{id}/commands", self._get_commands),
            web.put("/api/applications/{id}/commands", self._put_commands),
            web.get("/api/gateway/bot", self._advise),
            web.post("/api/channels/{channel}/messages", self._new_message),
            web.delete("/api/channels/{channel}/messages/{message}", self._delete_message),
            web.post("/api/interactions/{id}/{token}/callback", self._callback),
            web.patch("/api/webhooks/{id}/{token}/messages/{message}", self._message),
            web.delete("/api/webhooks/{id}/{token}/messages/{message}", self._message),
            web.post("/api/webhooks/{id}/{token}", self._message),
            web.get("/gateway", self._gateway),
        ]

    async def _me(self, _: web.Request) -> web.Response:
        await self.login_comes.wait()
        if not self.token_works:
            return reply({"code": 0, "message": "401: Unauthorized"}, status=UNAUTHORIZED)
        return reply(_bot())

    async def _application(self, _: web.Request) -> web.Response:
        owner = _bot()
        return reply(
            {
                "id": APPLICATION, "name": "bot", "icon": None, "description": "", "bot_public": True, "flags": 0,
                "bot_require_code_grant": False, "owner": owner, "summary": "", "verify_key": "", "team": None,
            }
        )  # fmt: skip

    async def _advise(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        url = f"{self.address.replace('http', 'ws')}/gateway"
        return reply({"url": url, "shards": self.wanted_shards, "session_start_limit": limit})

    async def _new_message(self, request: web.Request) -> web.Response:
        await self._record(request)
        await self.messages_come.wait()
        return reply(_message(str(next(self._ids))))

    async def _get_commands(self, request: web.Request) -> web.Response:
        await self._record(request)
        await self.commands_come.wait()
        if not self.commands_work:
            return reply({"code": 50001, "message": "Missing Access"}, status=FORBIDDEN)
        return reply(self.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        sent = await self._record(request)
        # Stored as Discord stores them: with ids, versions and nulls that were not sent.
        self.commands = [
            {
                **command, "id": str(next(self._ids)), "application_id": APPLICATION, "version": "1", "nsfw": False,
                "name_localizations": None, "description_localizations": None,
                "default_member_permissions": _text(command.get("default_member_permissions")),
            }
            for command in sent.body
        ]  # fmt: skip
        return reply(self.commands)

    async def _delete_message(self, request: web.Request) -> web.Response:
        status = self.deleted.get(request.match_info["message"], NO_CONTENT)
        if status == NO_CONTENT:
            return web.Response(status=status)
        return reply({"code": 10008, "message": "no"}, status=status)

    async def _callback(self, request: web.Request) -> web.Response:
        number = request.match_info["id"]
        if number in self._acknowledged:
            await self._record(request)
            body = {"code": 40060, "message": "Interaction has already been acknowledged."}
            return reply(body, status=BAD)
        sent = await self._record(request)
        fault = self._fault(sent)
        if fault is None or not BAD <= fault.status < DOWN_FROM:
            self._acknowledged.add(number)
        return fault or reply({"interaction": {"id": number, "type": 2}})

    async def _message(self, request: web.Request) -> web.Response:
        sent = await self._record(request)
        fault = self._fault(sent)
        if fault is not None:
            return fault
        if request.method == "DELETE":
            return web.Response(status=NO_CONTENT)
        return reply(_message(str(next(self._ids))))

    def _fault(self, sent: Sent) -> web.Response | None:
        return self.faults.pop(0)(sent) if self.faults else None

    async def _record(self, request: web.Request) -> Sent:
        files: dict[str, bytes] = {}
        body: Any = None
        if request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader)
                if part.name == "payload_json":
                    body = await part.json()
                else:
                    files[str(part.filename)] = bytes(await part.read())
        elif request.can_read_body:
            body = await request.json()
        sent = Sent(request.method, request.path.removeprefix("/api"), body, files)
        async with self._news:
            self.sent.append(sent)
            self._news.notify_all()
        return sent

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        if not self.gateway_up:
            return web.Response(status=DOWN)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45000}})
        async for message in socket:
            assert message.type is WSMsgType.TEXT
            said = json.loads(message.data)
            event = {IDENTIFY: "READY", RESUME: "RESUMED"}.get(said["op"])
            if event == "READY":
                shard = said["d"].get("shard")
                self.identified.append(shard)
                if (shard[1] if shard else 1) < self.wanted_shards:
                    await socket.close(code=4011)
                    break
            if event is not None:
                await socket.send_json({"op": 0, "s": 1, "t": event, "d": self._ready()})
                async with self._news:
                    self._sockets.append(socket)
                    self._news.notify_all()
        return socket

    def _ready(self) -> dict[str, Any]:
        return {
            "v": 10, "user": _bot(), "guilds": [], "session_id": "s", "private_channels": [],
            "resume_gateway_url": f"{self.address.replace('http', 'ws')}/gateway",
            "application": {"id": APPLICATION, "flags": 0},
        }  # fmt: skip


@asynccontextmanager
async def small_discord() -> AsyncIterator[Server]:
    """A Discord at `address`: its API under `/api`, its gateway at `/gateway`."""
    discord = Server()
    application = web.Application()
    application.add_routes(discord.routes())
    async with TestServer(application) as server:
        discord.address = f"http://{server.host}:{server.port}"
        yield discord


def reply(body: object, status: int = OK, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON as Discord labels it; discord.py takes no other label."""
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json")


def _bot() -> dict[str, Any]:
    return {"id": "900000000000000001", "username": "bot", "discriminator": "0", "avatar": None, "bot": True}


def _member(user: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0,
        "permissions": "32",
    }  # fmt: skip


def _message(number: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number, "channel_id": CHANNEL, "author": _bot(), "content": "", "edited_timestamp": None, "tts": False,
        "timestamp": "2026-11-23T09:00:00+00:00", "mention_everyone": False, "mentions": [], "mention_roles": [],
        "attachments": [], "embeds": [], "pinned": False, "type": 0, "flags": 0, "components": [], **more,
    }  # fmt: skip


def private_message() -> dict[str, Any]:
    """A message that only one person sees, as a press on it brings it along."""
    return _message("950000000000000001", flags=(1 << 6) | (1 << 15))


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
