"""Two bots for the same shard on one database: one is connected, the other stands by, and takes over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import update

from bot.duty import Duty
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.connection import Turns
from bot.shards import Shards
from bot.supervise import Pace, keep_running
from db import duties
from db.session import Database
from tests.platforms.discord.running import COMMAND, TYPED
from tests.platforms.discord.server import Server
from tests.platforms.fake_desk import FakeDesk

LEASE_SECONDS = 0.8


class Noted(Duty):
    """Tells when somebody else has it."""

    def __init__(self, database: Database, key: str) -> None:
        super().__init__(database, key, lease_seconds=LEASE_SECONDS)
        self.refused = asyncio.Event()

    async def _ask(self) -> bool:
        mine = await super()._ask()
        if not mine:
            self.refused.set()
        return mine


class Process:
    """One bot, which is started again as `run` does it."""

    def __init__(self, server: Server, desk: FakeDesk, database: Database, *, shards: str | None = None) -> None:
        self.duties: list[Noted] = []
        self.stopping = asyncio.Event()

        def duty_of(name: str) -> Noted:
            self.duties.append(Noted(database, name))
            return self.duties[-1]

        self.platform = DiscordPlatform(
            desk,
            token="a.b.c",
            api_url=f"{server.address}/api",
            gateway_url=f"{server.address.replace('http', 'ws')}/gateway",
            shards=Shards.parse(shards) if shards else None,
            duty_of=duty_of,
            turns=Turns(seconds=0),
            pace=Pace(first=0),
        )
        self.running = asyncio.create_task(keep_running(self.platform, stop=self.stopping, pace=Pace(first=0)))

    async def stands_by(self) -> None:
        async with asyncio.timeout(60):
            await asyncio.gather(*(each.refused.wait() for each in self.duties))

    async def stop(self) -> None:
        self.stopping.set()
        await self.platform.close()
        await self.running

    async def die(self) -> None:
        """Ends without a word to anyone."""
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)


@asynccontextmanager
async def two_processes(
    server: Server, desk: FakeDesk, database: Database, *, shards: str | None = None, connections: int = 1
) -> AsyncIterator[tuple[Process, Process]]:
    """One that is connected, and one that stands by."""
    one = Process(server, desk, database, shards=shards)
    await server.has_connections(connections)
    two = Process(server, desk, database, shards=shards)
    try:
        await two.stands_by()
        yield one, two
    finally:
        for each in (one, two):
            await each.stop() if not each.running.done() else await each.platform.close()


async def asks(server: Server, number: int) -> None:
    await server.arrive(COMMAND, TYPED)
    await server.until(lambda sent: len(sent) >= number)


async def test_of_two_that_serve_the_same_one_is_connected_and_the_other_stands_by(
    server: Server, desk: FakeDesk, database: Database
) -> None:
    async with two_processes(server, desk, database) as (one, two):
        await asks(server, 1)
        assert (one.platform.ready, two.platform.ready) == (True, True)
        assert two.platform.can_send, "it sends what is due meanwhile"
        assert server.identified == [None]
    assert len(desk.asked) == 1


async def test_when_one_is_stopped_the_other_takes_over(server: Server, desk: FakeDesk, database: Database) -> None:
    async with two_processes(server, desk, database) as (one, _):
        await one.stop()
        await server.has_connections(2)
        await asks(server, 1)


async def test_when_one_dies_the_other_takes_over(server: Server, desk: FakeDesk, database: Database) -> None:
    async with two_processes(server, desk, database) as (one, _):
        await one.die()
        await server.has_connections(2)
        await asks(server, 1)


async def test_one_that_was_frozen_leaves_it_to_who_took_over_meanwhile(
    server: Server, desk: FakeDesk, database: Database
) -> None:
    async with two_processes(server, desk, database) as (one, two):
        async with database.writing() as db:
            await db.execute(update(duties.Duty).values(owner=two.duties[0].owner))
        await server.has_connections(2)
        await one.stands_by()
        await asks(server, 1)
        assert two.platform.ready
    assert len(server.identified) == 2
    assert len(desk.asked) == 1


async def test_each_shard_is_one_process_s(server: Server, desk: FakeDesk, database: Database) -> None:
    async with two_processes(server, desk, database, shards="0-1/2", connections=2) as (one, _):
        assert sorted(map(str, server.identified)) == ["[0, 2]", "[1, 2]"]
        await one.die()
        await server.has_connections(4)
        assert sorted(map(str, server.identified[2:])) == ["[0, 2]", "[1, 2]"]
