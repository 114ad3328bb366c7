"""The worlds in which conversations are held: one per platform, and the machine alone on each database."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Final

from bot.feature import Feature
from db.sealed import Keyring
from tests.chat import World
from tests.platforms.discord_world import discord_world
from tests.platforms.page_world import page_world
from tests.platforms.plain_world import plain_world
from tests.platforms.slack_world import slack_world

WORLDS: Final[Mapping[str, Callable[..., AbstractAsyncContextManager[World]]]] = {
    "plain": plain_world,
    "discord": discord_world,
    "slack over a socket": partial(slack_world, transport="socket"),
    "slack over http": partial(slack_world, transport="http"),
    "page": page_world,
}


def open_world(
    kind: str, database_url: str, keyring: Keyring, *, features: Sequence[Feature] | None = None
) -> AbstractAsyncContextManager[World]:
    """A running bot with all features, or with these, as a context."""
    return WORLDS[kind](database_url, keyring=keyring, features=features)
