"""No handler reaches the network: a transaction must not wait for somebody else's server."""

import asyncio
import socket

import pytest

from bot.acts import Needs
from bot.call import Call
from bot.cards import Card
from bot.clock import StillClock
from bot.feature import Feature
from db.keyring import Keyring
from tests.chat import World
from tests.crawl import crawl
from tests.platforms.ground import START
from tests.platforms.plain_world import plain_world


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a handler reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("surface", ["plain"], indirect=True)
async def test_no_handler_of_any_feature_reaches_the_network(world: World, no_network: None) -> None:
    await crawl(world.person("ada"), thorough=False)


async def test_one_that_did_would_be_found_out(sqlite_url: str, keyring: Keyring, no_network: None) -> None:
    curious = Feature("curious", "Looks outside.")

    @curious.command("look", needs=Needs(before_consent=True))
    async def look(call: Call) -> Card:
        """Look outside."""
        await asyncio.open_connection("127.0.0.1", 9)
        return Card(())

    async with plain_world(sqlite_url, features=[curious], keyring=keyring, clock=StillClock(START)) as world:
        ada = world.person("ada")
        await ada.say("look")
        ada.see("Something went wrong")
