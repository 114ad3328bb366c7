"""Sends and edits messages by REST alone: once, with a nonce, and with every failure called by what it means."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import aiohttp
import discord
from discord.http import handle_message_parameters

from bot.cards import Card
from bot.platforms.discord import draw
from bot.platforms.discord.limits import TooLarge
from bot.platforms.discord.pictures import pictures
from bot.sending import InDoubt, Rate, Refused, TryLater, Unknowable, Unreachable

RATE: Final = Rate(per_second=40, burst=10)
"""Discord takes 50 requests a second of one bot; the rest is for what people ask."""
NONCE_SECONDS: Final = 100.0
"""Discord knows a nonce again for a few minutes, by its own word; so long a second sending is the same message."""
PAGE: Final = 100
PAGES: Final = 5
_UNAUTHORIZED: Final = 401
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_UNKNOWN_MESSAGE: Final = 10008


async def send(client: discord.Client, *, destination: str, card: Card, delivery: UUID) -> str:
    """Posts a card once, whatever is tried again; the message's id. Raises NotDelivered."""
    drawn = await _drawn(card, mark=mark_of(delivery))
    with (
        called_by_its_meaning(),
        handle_message_parameters(
            view=drawn.view(),
            files=drawn.uploads(),
            allowed_mentions=drawn.mentions,
            nonce=base64.urlsafe_b64encode(delivery.bytes).decode().rstrip("="),
        ) as parameters,
    ):
        sent = await client.http.send_message(channel_of(destination), params=parameters)
    return str(sent["id"])


async def edit(client: discord.Client, *, destination: str, message: str, card: Card) -> None:
    """Draws a message anew. Raises NotDelivered; Refused where it is gone, since others may still go there."""
    drawn = await _drawn(card)
    with (
        called_by_its_meaning(),
        handle_message_parameters(
            view=drawn.view(), attachments=drawn.uploads(), allowed_mentions=discord.AllowedMentions.none()
        ) as parameters,
    ):
        await client.http.edit_message(channel_of(destination), int(message), params=parameters)


async def find(client: discord.Client, *, destination: str, delivery: UUID, seconds: float) -> str | None:
    """The message of a delivery, by its mark among those of the last `seconds`; None where it is not there."""
    after = discord.utils.time_snowflake(datetime.now(UTC) - timedelta(seconds=seconds))
    for _ in range(PAGES):
        with called_by_its_meaning():
            found: list[Any] = list(await client.http.logs_from(channel_of(destination), PAGE, after=after))
        for message in found:
            if _has_mark(message, delivery):
                return str(message["id"])
        if len(found) < PAGE:
            return None
        after = max(int(message["id"]) for message in found)
    raise Unknowable


async def open_direct(client: discord.Client, user: str) -> str:
    """The destination of the bot's direct messages with a person. Raises NotDelivered."""
    with called_by_its_meaning():
        opened = await client.http.start_private_message(int(user))
    return f"discord:{client.application_id}:{opened['id']}"


def mark_of(delivery: UUID) -> int:
    """A number for the outermost component, which Discord gives back with the message."""
    return int.from_bytes(delivery.bytes[:4]) & 0x7FFFFFFF or 1


def _has_mark(message: dict[str, Any], delivery: UUID) -> bool:
    return any(component.get("id") == mark_of(delivery) for component in message.get("components") or ())


async def _drawn(card: Card, *, mark: int | None = None) -> draw.Message:
    try:
        return draw.message(card, await pictures(card), mark=mark)
    except TooLarge as error:
        raise Refused("too large") from error


def channel_of(destination: str) -> int:
    """The channel's own number."""
    return int(destination.rpartition(":")[2])


@contextmanager
def called_by_its_meaning() -> Iterator[None]:
    """Discord's refusals and broken connections as ours. What discord.py raises may quote the message."""
    try:
        yield
    except discord.RateLimited as limited:
        raise TryLater("rate limited", seconds=limited.retry_after) from None
    except discord.HTTPException as error:
        code = str(error.code or error.status)
        if error.status in {_TOO_MANY, _UNAUTHORIZED}:
            raise TryLater(code) from None
        if error.status >= _SERVER_ERROR:
            raise InDoubt(code) from None
        if isinstance(error, discord.Forbidden | discord.NotFound) and error.code != _UNKNOWN_MESSAGE:
            raise Unreachable(code) from None
        raise Refused(code) from None
    except aiohttp.ClientConnectorError as error:
        raise TryLater(type(error).__name__) from None
    except (aiohttp.ClientError, OSError) as error:
        raise InDoubt(type(error).__name__) from None
