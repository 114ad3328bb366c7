"""The machine alone, for what no platform would send."""

from collections.abc import AsyncIterator

import pytest

from db.sealed import Keyring
from tests.platforms.plain_world import PlainWorld, plain_world


@pytest.fixture
async def plain(sqlite_url: str, keyring: Keyring) -> AsyncIterator[PlainWorld]:
    """The machine alone, where a button's id can be sent by anybody."""
    async with plain_world(sqlite_url, keyring=keyring) as running:
        yield running
