"""A bot that is connected to the small Discord, and what its tests send it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.cards import Card, Text, say
from bot.options import Ask, Field, Kind
from bot.platforms.base import Offer
from bot.platforms.discord.adapter import DiscordPlatform
from tests.platforms.discord import schema
from tests.platforms.discord.server import Sent, Server
from tests.platforms.fake_desk import FakeDesk

COMMAND, PRESS, SUGGEST, SUBMIT = 2, 3, 4, 5
EPHEMERAL = 1 << 6
SOON = 0.01
LOG = Offer(
    key="log",
    path=("rejection", "log"),
    summary="Log a rejection.",
    group_summary="Rejections.",
    fields=(Field("company", Kind.TEXT, Ask("Which company?"), required=True),),
    admins=False,
    moderators=False,
    in_direct=True,
    in_community=True,
    shortcut="",
)
TYPED = {
    "id": "1",
    "name": "rejection",
    "type": 1,
    "options": [{"name": "log", "type": 1, "options": [{"name": "company", "type": 3, "value": "Acme"}]}],
}


def card(text: str, **more: object) -> Card:
    return Card((Text(say("{text}", text=text)),), **more)  # type: ignore[arg-type]  # as Card has them


def platform_of(
    server: Server, desk: FakeDesk, *, defer_after: float = 10.0, close_after: float = 10.0, start_seconds: float = 10.0
) -> DiscordPlatform:
    return DiscordPlatform(
        desk,
        token="a.b.c",
        api_url=f"{server.address}/api",
        gateway_url=f"{server.address.replace('http', 'ws')}/gateway",
        defer_after=defer_after,
        close_after=close_after,
        start_seconds=start_seconds,
    )


@asynccontextmanager
async def connected(server: Server, desk: FakeDesk, *, defer_after: float = 10.0) -> AsyncIterator[DiscordPlatform]:
    platform = platform_of(server, desk, defer_after=defer_after)
    running = asyncio.create_task(platform.run())
    await server.connected(or_ended=running)
    try:
        yield platform
    finally:
        await platform.close()
        await running
        for sent in server.of_interactions:
            if sent.body is not None:
                schema.check_request(sent.method, sent.path, sent.body)


def first(sent: list[Sent]) -> bool:
    return len(sent) >= 1


def second(sent: list[Sent]) -> bool:
    return len(sent) >= 2
