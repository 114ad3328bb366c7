"""Sends drawings to where they belong: the conversation, a modal, a direct message, App Home."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Card, File
from bot.platforms.slack import draw
from bot.platforms.slack.limits import Json
from bot.platforms.slack.words import Spelling

log = logging.getLogger(__name__)

UNKNOWN_BLOCKS: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "unsupported_block", "invalid_arguments"})
_FINAL: Final = UNKNOWN_BLOCKS | {"no_text", "expired_url", "used_url", "action_prohibited", "channel_is_archived"}
ATTEMPTS: Final = 3
TRIGGER_SECONDS: Final = 5.0
"""Slack takes a trigger for 3 seconds; what it has not answered soon after, it will not open."""
LONGEST_WAIT: Final = 60
"""Seconds. Whoever asks to wait longer is not waited for."""
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """In the conversation, privately. Only a press can replace, and only the message it came from."""

    url: str = field(repr=False)
    replace: bool


@dataclass(frozen=True, slots=True)
class View:
    """In place of what a modal shows."""

    id: str


@dataclass(frozen=True, slots=True)
class NewView:
    """In a modal on top of the one that was pressed in, or in one of its own."""

    trigger: str = field(repr=False)
    on_top: bool


@dataclass(frozen=True, slots=True)
class Direct:
    """In the bot's direct messages with a member."""

    user: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """In place of a message of ours."""

    channel: str
    ts: str


Destination = Reply | View | NewView | Direct | Message


class NotSentError(Exception):
    """Slack did not take it; `code` is Slack's own word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Send(Protocol):
    async def __call__(self, *, native: bool) -> Json: ...


class Outgoing:
    """Sends for one workspace at a time; remembers which of them do not know the newer blocks."""

    def __init__(
        self,
        *,
        spelling: Spelling,
        session: Callable[[], aiohttp.ClientSession],
        retry_seconds: float,
        trigger_seconds: float,
    ) -> None:
        self._spelling = spelling
        self._session = session
        self._retry_seconds = retry_seconds
        self._trigger_seconds = trigger_seconds
        self._plain: set[str] = set()

    async def show(self, client: AsyncWebClient, team: str, where: Destination, card: Card) -> Destination:
        """Shows a card, and gives where a later one takes its place. Raises NotSentError, TooLarge."""
        match where:
            case Reply(url, replace):
                await self.draw_and_send(team, card, lambda drawn: self._reply(url, drawn, replace=replace, card=card))
                return where
            case View(id=view_id):
                await _sent(client.views_update(view_id=view_id, view=draw.page(card, spelling=self._spelling)))
                return where
            case NewView(trigger, on_top):
                opened = await self._open(client, trigger, draw.page(card, spelling=self._spelling), on_top=on_top)
                return View(opened["view"]["id"])
            case Direct(user):
                channel = await self.direct_channel(client, user)
                posted = await self.draw_and_send(team, card, lambda drawn: _sent(post(client, channel, drawn)))
                return Message(channel, posted["ts"])
            case Message(channel, ts):
                await self.draw_and_send(team, card, lambda drawn: _sent(update(client, channel, ts, drawn)))
                return where

    async def open_form(self, client: AsyncWebClient, trigger: str, view: Json, *, on_top: bool) -> None:
        """Opens a form. Raises NotSentError, also where the trigger is too old."""
        await self._open(client, trigger, view, on_top=on_top)

    async def update_view(self, client: AsyncWebClient, view_id: str, view: Json) -> None:
        """Puts a form in place of what a modal shows. Raises NotSentError, also where it was closed."""
        await _sent(client.views_update(view_id=view_id, view=view))

    async def publish_home(self, client: AsyncWebClient, team: str, user: str, card: Card) -> None:
        """Draws a member's App Home. Raises NotSentError, TooLarge."""

        async def publish(*, native: bool) -> Json:
            view = draw.home(card, spelling=self._spelling, native=native)
            return await _sent(client.views_publish(user_id=user, view=view))

        await self._ladder(team, publish)

    async def upload(self, client: AsyncWebClient, user: str, file: File, *, words: str) -> tuple[str, str]:
        """Puts a file into the direct messages with a member: channel and file id. Raises NotSentError."""
        channel = await self.direct_channel(client, user)
        uploaded = await _sent(
            client.files_upload_v2(
                channel=channel,
                filename=file.name,
                title=file.name,
                content=file.content,
                alt_txt=file.description,
                initial_comment=words,
            )
        )
        return channel, uploaded["files"][0]["id"]

    async def draw_and_send(self, team: str, card: Card, send: Callable[[Json], Awaitable[Json]]) -> Json:
        """Gives the drawing to `send`, and once more a plain one where the workspace knows no newer blocks."""

        async def draw_then_send(*, native: bool) -> Json:
            return await send(draw.message(card, spelling=self._spelling, native=native))

        return await self._ladder(team, draw_then_send)

    async def direct_channel(self, client: AsyncWebClient, user: str) -> str:
        """The bot's direct messages with a member. Raises NotSentError."""
        opened = await _sent(client.conversations_open(users=[user]))
        return str(opened["channel"]["id"])

    async def _open(self, client: AsyncWebClient, trigger: str, view: Json, *, on_top: bool) -> Json:
        send = client.views_push if on_top else client.views_open
        try:
            async with asyncio.timeout(self._trigger_seconds):
                return await _sent(send(trigger_id=trigger, view=view))
        except TimeoutError as late:
            raise NotSentError(type(late).__name__) from None

    async def _ladder(self, team: str, send: _Send) -> Json:
        """Newer blocks first; where the workspace does not know them, the plain drawing, and from then on always."""
        native = team not in self._plain
        try:
            return await send(native=native)
        except NotSentError as refused:
            if not native or refused.code not in UNKNOWN_BLOCKS:
                raise
        sent = await send(native=False)
        self._plain.add(team)
        return sent

    async def _reply(self, url: str, drawn: Json, *, replace: bool, card: Card) -> Json:
        body = {**drawn, **_AS_WRITTEN, "replace_original": replace}
        if not replace:  # a message keeps its kind when it is replaced
            body["response_type"] = "ephemeral" if card.private else "in_channel"
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._session().post(url, json=body) as answer:
                    code = _code(await answer.text())
                    status, wait = answer.status, answer.headers.get("Retry-After", "")
            except (aiohttp.ClientError, TimeoutError) as error:
                # It may have arrived, so it is not sent there again: what follows elsewhere is a second drawing.
                raise NotSentError(type(error).__name__) from None
            if code == "ok":
                return {}
            again = (status >= _SERVER_ERROR or status == _TOO_MANY) and not _asks_too_long(wait)
            if not again or code in _FINAL or attempt == ATTEMPTS:
                raise NotSentError(code)
            await asyncio.sleep(int(wait) if wait.isdecimal() else self._retry_seconds * attempt)
        raise AssertionError("the last attempt returns or raises")


def _asks_too_long(wait: str) -> bool:
    return wait.isdecimal() and int(wait) > LONGEST_WAIT


_AS_WRITTEN: Final[Json] = {
    "parse": "none",
    "link_names": False,
    "mrkdwn": False,
    "unfurl_links": False,
    "unfurl_media": False,
}


def post(client: AsyncWebClient, channel: str, drawn: Json) -> Awaitable[object]:
    """The call that posts a drawing, exactly as written."""
    return client.chat_postMessage(channel=channel, **drawn, **_AS_WRITTEN)


def update(client: AsyncWebClient, channel: str, ts: str, drawn: Json) -> Awaitable[object]:
    """The call that puts a drawing in place of another."""
    return client.chat_update(channel=channel, ts=ts, parse="none", link_names=False, **drawn)


async def _sent(call: Awaitable[object]) -> Json:
    """The answer of a call, or NotSentError: what the SDK raises quotes the whole answer, so it goes no further."""
    try:
        answer = await call
    except SlackApiError as error:
        raise NotSentError(error_code(error)) from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotSentError(type(error).__name__) from None
    data = getattr(answer, "data", None)
    return data if isinstance(data, dict) else {}


def error_code(error: SlackApiError) -> str:
    """Slack's own word for what is wrong; `unknown` where its answer is none of its API."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "unknown")) if isinstance(data, dict) else "unknown"


def _code(text: str) -> str:
    """Slack's word in the answer of a response_url: `ok`, or what is wrong, as text or as JSON."""
    try:
        answer = json.loads(text)
    except ValueError:
        return text.strip() or "unknown"
    if not isinstance(answer, dict):
        return str(answer)
    return "ok" if answer.get("ok") else str(answer.get("error", "unknown"))
