"""The machine alone, for what no platform would send."""

from collections.abc import AsyncIterator

import pytest

from db.sealed import Keyring
from tests.chat import Chat, World, settle_in
from tests.platforms.plain_world import PlainChat, PlainWorld, plain_world


@pytest.fixture
async def plain(sqlite_url: str, keyring: Keyring) -> AsyncIterator[PlainWorld]:
    """The machine alone, where a button's id can be sent by anybody."""
    async with plain_world(sqlite_url, keyring=keyring) as running:
        yield running


@pytest.fixture
async def bob(plain: PlainWorld) -> PlainChat:
    """A member who keeps entries, at the machine alone."""
    chat = plain.person("bob")
    await settle_in(chat)
    return chat


@pytest.fixture
async def direct(world: World, ada: Chat) -> Chat:
    """Ada's direct messages, which she chose; her clock is in UTC on every surface."""
    await ada.say("settings")
    await ada.press("Change time")
    await ada.choose("Europe and Africa", "Mon 09:00 · London")
    await ada.say("settings")
    await ada.press("Write to me there")
    chat = world.person("ada", direct=True)
    await chat.wait()
    return chat
