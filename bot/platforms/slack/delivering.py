"""Sends and edits messages of Slack's: never twice, and with every failure called by what it means."""

from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Card
from bot.platforms.slack.limits import Json, TooLarge
from bot.platforms.slack.outgoing import UNKNOWN_BLOCKS, NotSentError, Outgoing, error_code, post, update
from bot.sending import InDoubt, Rate, Refused, TryLater, Unreachable

RATE: Final = Rate(per_second=4, burst=4, gap_seconds=1.1)
"""Slack takes about one message a second in one channel, and some hundreds a minute in one workspace."""
_UNREACHABLE: Final = frozenset({
    "cannot_dm_bot", "channel_not_found", "ekm_access_denied", "is_archived", "is_inactive",
    "method_not_supported_for_channel_type", "messages_tab_disabled", "not_in_channel", "restricted_action",
    "user_disabled", "user_not_found", "user_not_visible",
})  # fmt: skip
_LATER: Final = frozenset({
    "accesslimited", "ratelimited", "rate_limited", "message_limit_exceeded", "invalid_auth", "not_authed",
    "account_inactive", "token_expired", "token_revoked", "service_unavailable", "team_added_to_org",
})  # fmt: skip
_IN_DOUBT: Final = frozenset({"fatal_error", "internal_error", "request_timeout", "unknown"})
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500


async def send(outgoing: Outgoing, client: AsyncWebClient, *, destination: str, card: Card) -> str:
    """Posts a card; the message's `ts`. Raises NotDelivered. `client` tries nothing twice by itself."""
    _, team, channel = destination.split(":")
    sent = await _drawn_and_sent(outgoing, team, card, lambda drawn: called(post(client, channel, drawn)))
    return str(sent["ts"])


async def edit(outgoing: Outgoing, client: AsyncWebClient, *, destination: str, message: str, card: Card) -> None:
    """Draws a message anew. Raises NotDelivered; Refused where it is gone."""
    _, team, channel = destination.split(":")
    await _drawn_and_sent(outgoing, team, card, lambda drawn: called(update(client, channel, message, drawn)))


async def open_direct(client: AsyncWebClient, *, team: str, user: str) -> str:
    """The destination of the bot's direct messages with a member. Raises NotDelivered."""
    opened = await called(client.conversations_open(users=[user]))
    return f"slack:{team}:{opened['channel']['id']}"


async def _drawn_and_sent(outgoing: Outgoing, team: str, card: Card, send: Callable[[Json], Awaitable[Json]]) -> Json:
    if card.files:
        raise Refused("files")
    try:
        return await outgoing.draw_and_send(team, card, send)
    except NotSentError as refused:  # the plain drawing too
        raise Refused(refused.code) from None
    except TooLarge as error:
        raise Refused("too large") from error


async def called(call: Awaitable[object]) -> Json:
    """The answer of a call. What the SDK raises quotes the whole answer, so it goes no further."""
    try:
        answer = await call
    except SlackApiError as error:
        raise _meaning(error) from None
    except aiohttp.ClientConnectorError as error:
        raise TryLater(type(error).__name__) from None
    except (aiohttp.ClientError, OSError) as error:
        raise InDoubt(type(error).__name__) from None
    data = getattr(answer, "data", None)
    return data if isinstance(data, dict) else {}


def _meaning(error: SlackApiError) -> Exception:
    code, status = error_code(error), getattr(error.response, "status_code", 0)
    if status == _TOO_MANY or code in _LATER:
        wait = str(getattr(error.response, "headers", {}).get("Retry-After", ""))
        return TryLater(code, seconds=float(wait) if wait.isdecimal() else 0.0)
    if status >= _SERVER_ERROR or code in _IN_DOUBT:
        return InDoubt(code)
    if code in UNKNOWN_BLOCKS:
        return NotSentError(code)
    return Unreachable(code) if code in _UNREACHABLE else Refused(code)
