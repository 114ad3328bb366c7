"""Somebody with goals."""

import pytest

from tests.chat import settle_in
from tests.platforms.plain_world import PlainChat, PlainWorld


@pytest.fixture
async def bob(plain: PlainWorld) -> PlainChat:
    """A member who keeps entries, at the machine alone."""
    chat = plain.person("bob")
    await settle_in(chat)
    return chat
