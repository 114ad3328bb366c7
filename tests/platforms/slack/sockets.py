"""The sockets of a simulated Slack, over which events reach a bot."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import aiohttp
from aiohttp import web

Json = dict[str, Any]
PATIENCE_SECONDS = 60


class Sockets:
    """As Slack does, it sends what was not acknowledged again to whoever connects next."""

    def __init__(self) -> None:
        self.opened: list[web.WebSocketResponse] = []
        """The newest last."""
        self.connected = asyncio.Event()
        self._waiting: dict[str, tuple[Json, asyncio.Future[Json]]] = {}

    async def deliver(self, envelope_id: str, kind: str, payload: Json) -> Json:
        """Sends an event over the newest socket, and gives what it is acknowledged with."""
        envelope = {
            "type": kind,
            "envelope_id": envelope_id,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        acknowledged: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = envelope, acknowledged
        with suppress(ConnectionError):  # lost, as on a busy machine
            await self.opened[-1].send_json(envelope)
        ack = await asyncio.wait_for(acknowledged, PATIENCE_SECONDS)
        return ack.get("payload") or {}

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.opened.append(socket)
        self.connected.set()
        await socket.send_json({"type": "hello", "num_connections": 1})
        for envelope, _ in list(self._waiting.values()):
            await socket.send_json(envelope)
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                ack = json.loads(message.data)
                _, acknowledged = self._waiting.pop(ack.get("envelope_id", ""), (None, None))
                if acknowledged is not None and not acknowledged.done():
                    acknowledged.set_result(ack)
        return socket

    async def close(self) -> None:
        for socket in self.opened:
            await socket.close()
