"""The Slack platform: one real Bolt app, reached through Socket Mode or over signed HTTP."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final
from uuid import UUID

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler, AsyncServerErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Card, Typed
from bot.clock import Clock
from bot.platforms.base import Capabilities, Desk
from bot.platforms.slack import delivering, places
from bot.platforms.slack.answering import CAPABILITIES, SETTLE_SECONDS, Answering
from bot.platforms.slack.commands import spelled
from bot.platforms.slack.incoming import read_event
from bot.platforms.slack.leaving import noted, read_departure
from bot.platforms.slack.login import Workspace, socket_address, workspace_of
from bot.platforms.slack.manifest import EVENTS_PATH
from bot.platforms.slack.outgoing import TRIGGER_SECONDS, Outgoing, error_code
from bot.platforms.slack.people import People
from bot.platforms.slack.quiet import quiet_logger
from bot.platforms.slack.verify import Verifier
from bot.sending import Rate, TryLater, Unknowable, Unreachable
from bot.waiting import pause

log = logging.getLogger(__name__)

SLACK_API: Final = "https://slack.com/api/"
BODY_BYTES: Final = 1024 * 1024
BODY_SECONDS: Final = 5.0
DEFER_SECONDS: Final = 2.0
CALL_SECONDS: Final = 30.0
CONNECT_SECONDS: Final = 20.0
FINISH_SECONDS: Final = 6.0
TOKEN_SECONDS: Final = 0.5
"""Of the 3 seconds that Slack waits; an answer may take 2, and comes after."""
RETRIES: Final = 2
_GONE: Final = frozenset({"file_not_found", "file_deleted", "message_not_found", "channel_not_found"})

FindToken = Callable[[str | None, str | None], Awaitable[str | None]]
"""`async (enterprise, team) -> bot token`, as the installations have it."""


async def _not_kept(_: Workspace) -> None:
    return None


class SlackPlatform:
    """Slack. With an app-level token it connects by itself; else it offers `routes()` for signed HTTP.

    `install` is given the workspace of `bot_token` before anything else is done, so that `find_token` finds it.
    """

    name = "slack"
    capabilities: Capabilities = CAPABILITIES

    def __init__(
        self,
        desk: Desk,
        *,
        clock: Clock,
        find_token: FindToken,
        bot_token: str | None = None,
        app_token: str | None = None,
        signing_secret: str | None = None,
        install: Callable[[Workspace], Awaitable[None]] = _not_kept,
        api_url: str = SLACK_API,
        rate: Rate = delivering.RATE,
        defer_after: float = DEFER_SECONDS,
        settle_seconds: float = SETTLE_SECONDS,
        retry_seconds: float = 1.0,
        ping_seconds: float = 5.0,
        lost_after: float = 60.0,
        trigger_seconds: float = TRIGGER_SECONDS,
        body_seconds: float = BODY_SECONDS,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.rate = rate
        self._desk = desk
        self._find_token = find_token
        self._bot_token = bot_token
        self._app_token = app_token
        self._install = install
        self._api_url = api_url
        self._retry_seconds = retry_seconds
        self._ping_seconds = ping_seconds
        self._lost_after = lost_after
        self._body_seconds = body_seconds
        self._verifier = None if app_token or not signing_secret else Verifier(signing_secret, now=now)
        self._session: aiohttp.ClientSession | None = None
        self._socket: SocketModeClient | None = None
        self._tokens: dict[tuple[str | None, str | None], str] = {}
        self._closing = asyncio.Event()
        self._serving = False
        self._logged_in = bot_token is None

        def spelling(typed: Typed) -> str:
            return spelled(desk, typed)

        self._outgoing = Outgoing(
            spelling=spelling,
            session=self._open_session,
            retry_seconds=retry_seconds,
            trigger_seconds=trigger_seconds,
        )
        self._answering = Answering(
            desk,
            clock=clock,
            outgoing=self._outgoing,
            people=People(),
            spelling=spelling,
            defer_after=defer_after,
            settle_seconds=settle_seconds,
        )
        self._bolt = self._make_bolt()

    @property
    def ready(self) -> bool:
        if self._app_token is None:
            return self._serving
        session = self._socket.current_session if self._socket else None
        return session is not None and not session.closed

    @property
    def can_send(self) -> bool:
        return self._logged_in

    def routes(self) -> Sequence[web.RouteDef]:
        """What the web server has to offer; nothing in Socket Mode."""
        return [] if self._verifier is None else [web.post(EVENTS_PATH, self._receive)]

    async def run(self) -> None:
        """Serves until closed or cancelled. Raises LoginRefused, and ConnectionError for a connection that is lost."""
        try:
            await self.log_in()
            self._serving = not self._closing.is_set()
            if self._app_token is None:
                await self._closing.wait()
            else:
                await self._run_socket(self._app_token)
        finally:
            self._serving = False

    async def log_in(self) -> None:
        if self._bot_token is not None:
            workspace = await workspace_of(self._client(self._bot_token))
            self._tokens[workspace.enterprise or None, workspace.team] = self._bot_token
            await self._install(workspace)
        self._logged_in = True

    async def idle(self) -> None:
        """Waits until every event that came in is answered to its end."""
        await self._answering.idle()

    async def close(self) -> None:
        self._serving = False
        await self._answering.finish(seconds=FINISH_SECONDS)
        self._closing.set()
        if self._socket is not None:
            await self._socket.close()  # type: ignore[no-untyped-call] # the SDK leaves it without types
        if self._session is not None:
            await self._session.close()

    async def withdraw(self, *, destination: str, message: str) -> bool:
        _, team, channel = destination.split(":")
        token = await self._token_of(team)
        if token is None:
            return False
        client = self._client(token)
        try:
            if message.startswith("F"):
                await client.files_delete(file=message)
            else:
                await client.chat_delete(channel=channel, ts=message)
        except SlackApiError as error:
            if error_code(error) in _GONE:
                return True
            # What the SDK raises quotes Slack's whole answer.
            raise ConnectionError(f"Slack answers {error_code(error)}") from None
        return True

    async def send(self, *, destination: str, card: Card, delivery: UUID) -> str:  # noqa: ARG002 - Slack knows no key
        client = await self._single_client(destination)
        return await delivering.send(self._outgoing, client, destination=destination, card=card)

    async def edit(self, *, destination: str, message: str, card: Card) -> None:
        client = await self._single_client(destination)
        await delivering.edit(self._outgoing, client, destination=destination, message=message, card=card)

    async def find(self, *, destination: str, delivery: UUID, seconds: float) -> str | None:  # noqa: ARG002 - see below
        # Only the history of a channel would tell, and the bot does not ask for leave to read any.
        raise Unknowable

    async def open_direct(self, *, tenant: str, user: str) -> str:
        client = await self._single_client(f"{self.name}:{tenant}:")
        return await delivering.open_direct(client, team=tenant, user=user)

    async def make_place(self, *, community: str, near: str, name: str, mark: str) -> str:  # noqa: ARG002 - channels stand alone
        client = await self._single_client(f"{self.name}:{community}:")
        return await places.make(client, team=community, name=name, mark=mark)

    async def adopt_place(self, *, community: str, channel: str) -> str:
        client = await self._single_client(f"{self.name}:{community}:")
        return await places.adopt(client, team=community, channel=channel)

    async def let_in(self, *, destination: str, user: str) -> None:
        await places.let_in(await self._single_client(destination), destination=destination, user=user)

    async def let_out(self, *, destination: str, user: str) -> None:
        await places.let_out(await self._single_client(destination), destination=destination, user=user)

    async def find_absent(self, *, destination: str, users: Collection[str]) -> Collection[str]:
        return await places.find_absent(await self._single_client(destination), destination=destination, users=users)

    async def has_left(self, *, community: str, user: str) -> bool:
        return await places.has_left(await self._single_client(f"{self.name}:{community}:"), user=user)

    def _make_bolt(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
            token = await self._token(enterprise_id, team_id)
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token) if token else None

        async def answer_everything(req: AsyncBoltRequest) -> BoltResponse:
            # Bolt polls for a listener's ack every 10 ms; what a middleware returns goes out at once.
            return await self._everything(req)

        app = AsyncApp(
            name="steppingstone",
            logger=quiet_logger(),
            client=AsyncWebClient(base_url=self._api_url, logger=quiet_logger()),
            authorize=authorize,  # type: ignore[arg-type] # Bolt takes None for a workspace without the app
            signing_secret="",
            request_verification_enabled=False,  # ours stands in front: this one logs bodies, and raises
            attaching_function_token_enabled=False,
        )
        app.middleware(answer_everything)
        return app

    async def _everything(self, request: AsyncBoltRequest) -> BoltResponse:
        if not self._serving:
            return BoltResponse(status=503, body="")
        try:
            departure = read_departure(request.body)
            event = read_event(request.body)
        except Exception as error:  # noqa: BLE001 - whatever shape it has, it is not for us
            log.warning("an event that cannot be read", extra={"fields": {"error": type(error).__name__}})
            return BoltResponse(status=200, body="")
        if departure is not None:
            return await noted(self._desk, departure)
        if event is None:
            return BoltResponse(status=200, body="")
        result = request.context.authorize_result
        return await self._answering.respond(event, self._client(result.bot_token if result else None))

    async def _receive(self, request: web.Request) -> web.Response:
        if not self._serving or self._verifier is None:
            return web.Response(status=503)
        try:
            async with asyncio.timeout(self._body_seconds):
                body = await _read(request)
        except TimeoutError:
            return web.Response(status=408)
        if body is None:
            return web.Response(status=413)
        headers = request.headers
        timestamp, signature = headers.get("X-Slack-Request-Timestamp"), headers.get("X-Slack-Signature")
        if not self._verifier.accepts(timestamp=timestamp, signature=signature, body=body):
            return web.Response(status=401)
        try:
            asked = AsyncBoltRequest(body=body.decode(), headers={"content-type": headers.get("Content-Type", "")})
        except (ValueError, TypeError, AttributeError, RecursionError):  # Bolt looks into the body as it reads it
            return web.Response(status=400)
        return await to_aiohttp_response(await self._bolt.async_dispatch(asked))

    async def _run_socket(self, app_token: str) -> None:
        client = self._client(None)
        address = await socket_address(client, app_token=app_token)
        handler = AsyncSocketModeHandler(
            self._bolt, app_token, logger=quiet_logger(), web_client=client, ping_interval=self._ping_seconds
        )
        handler.client.wss_uri = address
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt leaves it without types
            self._socket = handler.client
            await self._watch(handler.client)
        finally:
            self._socket = None
            await handler.close_async()  # type: ignore[no-untyped-call] # Bolt leaves it without types

    async def _watch(self, socket: SocketModeClient) -> None:
        """Waits while the SDK keeps the connection; it never gives up by itself, so this does, for the supervisor."""
        loop = asyncio.get_running_loop()
        seen = loop.time()
        while not self._closing.is_set():
            if await socket.is_connected():
                seen = loop.time()
            elif loop.time() - seen > self._lost_after:
                raise ConnectionError("the connection to Slack is lost")
            await pause(self._ping_seconds, unless=self._closing)

    async def _token(self, enterprise: str | None, team: str | None) -> str | None:
        """The bot token of a workspace; the last known one while the database does not answer."""
        try:
            async with asyncio.timeout(TOKEN_SECONDS):
                token = await self._find_token(enterprise, team)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, support answers
            log.warning("answering with a token known before", extra={"fields": {"error": type(error).__name__}})
            return self._tokens.get((enterprise, team))
        if token is not None:
            self._tokens[enterprise, team] = token
        return token

    async def _token_of(self, team: str) -> str | None:
        return await self._token(None, team) or self._known_token(team)

    async def _single_client(self, destination: str) -> AsyncWebClient:
        """A client of the destination's workspace that tries nothing twice: the engine knows when it may."""
        team = destination.split(":")[1]
        try:
            token = await self._find_token(None, team) or self._known_token(team)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, the bot is not uninstalled
            token = self._known_token(team)
            if token is None:
                raise TryLater(type(error).__name__) from None
        if token is None:
            raise Unreachable("not installed")
        return self._client(token, retries=[])

    def _known_token(self, team: str) -> str | None:
        """A destination does not name its enterprise, so the team alone has to do."""
        return next((token for (_, each), token in self._tokens.items() if each == team), None)

    def _client(self, token: str | None, *, retries: list[AsyncRetryHandler] | None = None) -> AsyncWebClient:
        return AsyncWebClient(
            token=token,
            base_url=self._api_url,
            session=self._open_session(),
            logger=quiet_logger(),
            retry_handlers=_retries(self._retry_seconds) if retries is None else retries,
        )

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS), trust_env=True)
        return self._session


def _retries(seconds: float) -> list[AsyncRetryHandler]:
    """Only where Slack says that it did not do it. A lost connection leaves that open, so nothing is sent twice."""
    return [
        AsyncRateLimitErrorRetryHandler(max_retry_count=RETRIES),
        AsyncServerErrorRetryHandler(
            max_retry_count=RETRIES, interval_calculator=FixedValueRetryIntervalCalculator(seconds)
        ),
    ]


async def _read(request: web.Request) -> bytes | None:
    """The body, or None where it is larger than Slack's ever are."""
    if (request.content_length or 0) > BODY_BYTES:
        return None
    body = b""
    while chunk := await request.content.readany():
        body += chunk
        if len(body) > BODY_BYTES:
            return None
    return body
