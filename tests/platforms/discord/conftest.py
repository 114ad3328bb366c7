"""A small Discord, and a machine of a few lines behind the bot."""

from collections.abc import AsyncIterator

import pytest

from tests.platforms.discord.running import LOG
from tests.platforms.discord.server import Server, small_discord
from tests.platforms.fake_desk import FakeDesk


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with small_discord() as running:
        yield running


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(offers=[LOG])
