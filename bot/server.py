"""The web server of a running bot: is it alive, is it ready, and the routes that a platform asks for."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol, runtime_checkable

from aiohttp import web

from bot.environment import WrongSettings, variable
from bot.metrics import CONTENT_TYPE, Metrics
from bot.supervise import Served

logger = logging.getLogger(__name__)

PING_SECONDS = 2.0


@runtime_checkable
class Routed(Protocol):
    """A platform that people reach over HTTP."""

    def routes(self) -> Sequence[web.RouteDef]: ...


Ping = Callable[[], Awaitable[None]]
"""Reaches the database, or raises."""


def application(
    platforms: Sequence[Served],
    ping: Ping,
    *,
    stopping: asyncio.Event | None = None,
    metrics: Metrics | None = None,
    ping_seconds: float = PING_SECONDS,
) -> web.Application:
    """`/healthz` answers while the loop lives; `/readyz` is 503 and names what is not ready, else 200.

    `/metrics` is for Prometheus, where there are `metrics`. From `stopping` on it is not ready, so that a balancer
    sends people elsewhere while work in hand finishes.
    """

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readiness(_: web.Request) -> web.Response:
        waiting = [each.name for each in platforms if not each.ready]
        if not await _answers(ping, ping_seconds):
            waiting.insert(0, "database")
        if stopping is not None and stopping.is_set():
            waiting.insert(0, "stopping")
        body = {"ready": not waiting, "not_ready": waiting}
        return web.json_response(body, status=503 if waiting else 200, dumps=json.dumps)

    async def numbers(_: web.Request) -> web.Response:
        if metrics is None:
            raise web.HTTPNotFound
        return web.Response(body=await metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    server = web.Application()
    server.add_routes([web.get("/healthz", health), web.get("/readyz", readiness), web.get("/metrics", numbers)])
    for each in platforms:
        if isinstance(each, Routed):
            server.add_routes(each.routes())
    return server


@asynccontextmanager
async def listening(server: web.Application, *, host: str, port: int) -> AsyncIterator[str]:
    """Serves until the end of the block; gives the address. Raises WrongSettings where it cannot be used."""
    runner = web.AppRunner(server, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise WrongSettings(
                f"{variable('http_port')}: nothing can listen on {host} port {port} "
                f"({type(error).__name__}, {error.errno}). Another program may have it: set another port, or 0 for any."
            ) from None
        name, bound = runner.addresses[0][:2]
        yield f"http://{f'[{name}]' if ':' in name else name}:{bound}"
    finally:
        await runner.cleanup()


async def _answers(ping: Ping, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await ping()
    except Exception as error:  # noqa: BLE001 - whatever the driver raises, the answer is no
        logger.debug("the database does not answer: %s", type(error).__name__)
        return False
    return True
