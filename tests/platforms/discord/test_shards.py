"""Several connections of one bot, and none at all: over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from bot.platforms.base import LoginRefused
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.connection import Turns
from bot.sending import TryLater
from bot.shards import Shards
from bot.supervise import Pace
from tests.platforms.discord.running import COMMAND, TYPED, card, first, second
from tests.platforms.discord.server import Server
from tests.platforms.fake_desk import FakeDesk

ROOM = "discord:900000000000000002:900000000000000003"


def platform_of(server: Server, desk: FakeDesk, shards: str | None) -> DiscordPlatform:
    return DiscordPlatform(
        desk,
        token="a.b.c",
        api_url=f"{server.address}/api",
        gateway_url=f"{server.address.replace('http', 'ws')}/gateway",
        shards=Shards.parse(shards) if shards else None,
        turns=Turns(seconds=0),
        pace=Pace(first=0),
    )


@asynccontextmanager
async def running(server: Server, desk: FakeDesk, shards: str, *, connections: int) -> AsyncIterator[DiscordPlatform]:
    platform = platform_of(server, desk, shards)
    task = asyncio.create_task(platform.run())
    await server.has_connections(connections)
    try:
        yield platform
    finally:
        await platform.close()
        await task


def registrations(server: Server) -> int:
    return sum(each.path.endswith("/commands") and each.method == "PUT" for each in server.sent)


async def test_a_process_connects_the_shards_it_is_given_and_no_other(server: Server, desk: FakeDesk) -> None:
    async with running(server, desk, "1-2/4", connections=2):
        assert sorted(map(str, server.identified)) == ["[1, 4]", "[2, 4]"]
    assert registrations(server) == 0, "the process with the first shard does that"


async def test_of_all_processes_the_one_with_the_first_shard_registers_the_commands(
    server: Server, desk: FakeDesk
) -> None:
    async with running(server, desk, "0-1/2", connections=2):
        assert registrations(server) == 1


async def test_every_shard_is_answered_and_one_that_is_lost_comes_back_by_itself(
    server: Server, desk: FakeDesk
) -> None:
    async with running(server, desk, "0-1/2", connections=2) as platform:
        await server.drop(4013, number=0)
        await server.has_connections(3)
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
        lost, *_, again = server.identified
        assert (again, len(server.identified)) == (lost, 3)
        assert platform.can_send
        await server.arrive(COMMAND, TYPED)
        await server.until(second)


async def test_where_discord_wants_more_it_is_asked_how_many(server: Server, desk: FakeDesk) -> None:
    server.wanted_shards = 3
    platform = platform_of(server, desk, None)
    with pytest.raises(ConnectionError, match="wants 3 connections"):
        await platform.run()
    task = asyncio.create_task(platform.run())
    await server.has_connections(3)
    assert sorted(map(str, server.identified)) == ["None", "[0, 3]", "[1, 3]", "[2, 3]"]
    await platform.close()
    await task


async def test_too_few_that_are_set_are_said_with_the_setting(server: Server, desk: FakeDesk) -> None:
    server.wanted_shards = 3
    with pytest.raises(LoginRefused, match="STEPPINGSTONE_DISCORD_SHARDS to more"):
        await platform_of(server, desk, "0/2").run()


async def test_it_can_send_after_logging_in_without_any_connection(server: Server, desk: FakeDesk) -> None:
    platform = platform_of(server, desk, "0-1/2")
    assert not platform.can_send
    with pytest.raises(TryLater):
        await platform.send(destination=ROOM, card=card("Hello"), delivery=uuid4())
    await platform.log_in()
    assert platform.can_send
    await platform.send(destination=ROOM, card=card("Hello"), delivery=uuid4())
    assert ["Hello" in each.text for each in server.messages] == [True]
    assert (server.identified, registrations(server)) == ([], 0)
    await platform.close()
    assert not platform.can_send


async def test_a_login_that_is_refused_says_what_to_do_and_may_be_tried_again(server: Server, desk: FakeDesk) -> None:
    server.token_works = False
    platform = platform_of(server, desk, None)
    with pytest.raises(LoginRefused, match="STEPPINGSTONE_DISCORD_TOKEN"):
        await platform.log_in()
    assert not platform.can_send
    server.token_works = True
    await platform.log_in()
    assert platform.can_send
    await platform.close()


async def test_connections_identify_themselves_one_after_the_other() -> None:
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    turns = Turns(seconds=1000, fraction=lambda: 0.5, pause=pause)
    await turns.take(initial=True)
    await turns.take(initial=True)
    await turns.take(initial=False)
    # The last one may have met another process, and does not meet it again.
    assert waits == pytest.approx([0, 1000, 1500], abs=10)
