import asyncio
import socket
from collections.abc import Sequence

import aiohttp
import pytest
from aiohttp import web

from bot.environment import WrongSettings
from bot.server import Ping, application, listening
from tests.platforms.sink import Sink


class Surface(Sink):
    """A platform that is ready or not, and can be reached over HTTP."""

    def routes(self) -> Sequence[web.RouteDef]:
        async def events(_: web.Request) -> web.Response:
            return web.Response(text=f"events of {self.name}")

        return [web.post(f"/{self.name}/events", events)]


async def answers() -> None: ...


async def refuses() -> None:
    raise ConnectionError("postgresql://user:hunter2@host")


async def hangs() -> None:
    await asyncio.Event().wait()


async def ask(server: web.Application, path: str, method: str = "GET") -> tuple[int, str]:
    async with (
        listening(server, host="127.0.0.1", port=0) as address,
        aiohttp.ClientSession() as session,
        session.request(method, address + path) as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("ready", "ping", "status", "body"),
    [
        (True, answers, 200, '{"ready": true, "not_ready": []}'),
        (False, answers, 503, '{"ready": false, "not_ready": ["slack"]}'),
        (True, refuses, 503, '{"ready": false, "not_ready": ["database"]}'),
        (False, hangs, 503, '{"ready": false, "not_ready": ["database", "slack"]}'),
    ],
)
async def test_readiness_names_what_is_not_ready(ready: bool, ping: Ping, status: int, body: str) -> None:
    server = application([Surface("discord"), Surface("slack", ready=ready)], ping, ping_seconds=0.01)
    assert await ask(server, "/readyz") == (status, body)


async def test_from_the_first_moment_of_a_stop_it_is_not_ready_and_still_serves() -> None:
    stopping = asyncio.Event()
    server = application([Surface("slack")], answers, stopping=stopping)
    async with listening(server, host="127.0.0.1", port=0) as address, aiohttp.ClientSession() as session:
        async with session.get(f"{address}/readyz") as answer:
            assert answer.status == 200
        stopping.set()
        async with session.get(f"{address}/readyz") as answer:
            assert (answer.status, await answer.text()) == (503, '{"ready": false, "not_ready": ["stopping"]}')
        async with session.post(f"{address}/slack/events") as answer:
            assert answer.status == 200


async def test_without_numbers_there_is_no_page_of_them() -> None:
    assert (await ask(application([], answers), "/metrics"))[0] == 404


async def test_it_is_alive_also_when_nothing_is_ready() -> None:
    assert (await ask(application([Surface("slack", ready=False)], refuses), "/healthz"))[0] == 200


async def test_a_platform_s_own_routes_are_served() -> None:
    server = application([Surface("slack")], answers)
    assert await ask(server, "/slack/events", "POST") == (200, "events of slack")


async def test_a_taken_port_is_said_with_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WrongSettings, match=f"STEPPINGSTONE_HTTP_PORT: .*port {port}"):
            async with listening(application([], answers), host="127.0.0.1", port=port):
                pass
