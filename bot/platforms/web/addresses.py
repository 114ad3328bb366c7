"""Where the demo's messages go: rooms, and each persona's direct messages."""

from datetime import datetime
from typing import Final
from uuid import UUID

from bot.cards import Card
from bot.platforms.web.cast import DIRECT
from bot.platforms.web.transcript import Message, new_id

TENANT: Final = "demo"


def direct_of(persona: str) -> str:
    """The destination of a persona's direct messages."""
    return f"web:{TENANT}:{DIRECT}/{persona}"


def room_of(room: str) -> str:
    """The destination of a room."""
    return f"web:{TENANT}:{room}"


def addressed(destination: str, card: Card, delivery: UUID, *, at: datetime) -> Message:
    """A card as the message at a destination. The same delivery always is the same message."""
    room, _, persona = destination.rpartition(":")[2].partition("/")
    only = persona if room == DIRECT else None
    return Message(new_id(private=only is not None, delivery=delivery), room, at, card=card, only=only)
