"""What has been said in the demo: kept in memory, bounded, and enough to catch up after a lost connection."""

import base64
import re
import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from bot.cards import Card, File

KEPT_PER_ROOM: Final = 120
"""Messages kept for each room, and for each person's private answers in it."""

_OWN: Final = "own-"
_SHARED: Final = "all-"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: a person's `text`, or the bot's `card`. `only` is the one persona who sees it, if any."""

    id: str
    room: str
    at: datetime
    persona: str | None = None
    """Who said it; None for the bot."""
    text: str = field(default="", repr=False)
    card: Card | None = field(default=None, repr=False)
    only: str | None = None
    asked: str = ""
    """The command or press that it answers, in words."""
    number: int = 0
    """Of its last change; grows over the whole transcript."""
    pending: bool = False
    """The bot is still at work on it, and will edit it."""
    tokens: tuple[str, ...] = field(default=(), repr=False)
    """One per file of the card; empty where it has been fetched."""


class Transcript:
    """All messages, in order of their first appearance."""

    def __init__(self) -> None:
        self.epoch = secrets.token_hex(4)
        """Differs after every start and reset, so that a page knows what it has seen."""
        self.number = 0
        self._messages: dict[str, Message] = {}
        self._shelves: dict[tuple[str, str | None], deque[str]] = {}
        self._files: dict[str, tuple[str, File]] = {}

    def add(self, message: Message) -> Message:
        """Puts a message in: a new one at the end, a known id in its place."""
        self.number += 1
        known = self._messages.get(message.id)
        for token in known.tokens if known else ():
            self._files.pop(token, None)
        tokens = tuple(secrets.token_urlsafe(24) for _ in message.card.files) if message.card else ()
        message = replace(message, number=self.number, tokens=tokens)
        if message.card:
            self._files.update(
                {token: (message.id, file) for token, file in zip(tokens, message.card.files, strict=True)}
            )
        self._messages[message.id] = message
        if known is None:
            self._shelve(message)
        return message

    def find(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def since(self, number: int) -> Iterator[Message]:
        """What was said or changed after a number, whoever sees it, in the order of its first appearance."""
        return (each for each in self._messages.values() if each.number > number)

    def seen_by(self, persona: str, rooms: set[str], *, after: int = 0) -> Iterator[Message]:
        """What a persona may see in these rooms and has not seen yet, oldest first."""
        return (each for each in self.since(after) if each.room in rooms and each.only in {None, persona})

    def take_file(self, token: str, persona: str) -> tuple[File, Message] | None:
        """A file by its token, this once, for the persona who was given it."""
        message_id, file = self._files.get(token, ("", None))
        message = self._messages.get(message_id)
        if file is None or message is None or message.only not in {None, persona}:
            return None
        del self._files[token]
        left = tuple("" if each == token else each for each in message.tokens)
        self.number += 1
        self._messages[message_id] = message = replace(message, tokens=left, number=self.number)
        return file, message

    def _shelve(self, message: Message) -> None:
        shelf = self._shelves.setdefault((message.room, message.only), deque())
        shelf.append(message.id)
        if len(shelf) > KEPT_PER_ROOM:
            gone = self._messages.pop(shelf.popleft())
            for token in gone.tokens:
                self._files.pop(token, None)


def new_id(*, private: bool, delivery: UUID | None = None) -> str:
    """An id nobody can guess, which says whether the message is its reader's own, also after a restart.

    That of a delivery is always the same.
    """
    secret = secrets.token_bytes(12) if delivery is None else delivery.bytes[:12]
    return (_OWN if private else _SHARED) + base64.urlsafe_b64encode(secret).decode()


def is_own(message_id: str) -> bool:
    """Whether an id that is not known any more was that of a private message."""
    return re.fullmatch(_OWN + r"[\w-]{16}", message_id, re.ASCII) is not None
