"""A Bolt app that answers a constant, as its documentation has it. Arguments: API, bot and app token, secret."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

api, bot_token, app_token, secret = sys.argv[1:]
app = AsyncApp(client=AsyncWebClient(token=bot_token, base_url=api), signing_secret=secret)


@app.command("/stone")
async def ping(ack: Callable[[str], Awaitable[object]]) -> None:
    await ack("pong")


async def over_http() -> None:
    runner = web.AppRunner(app.web_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
    await asyncio.Event().wait()


async def over_socket() -> None:
    handler = AsyncSocketModeHandler(app, app_token)
    await handler.start_async()  # type: ignore[no-untyped-call]  # Bolt leaves it without types


asyncio.run(over_http() if secret else over_socket())
