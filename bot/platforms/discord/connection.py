"""One connection to Discord's gateway. It sees servers and interactions: no members, no messages, no presence."""

import asyncio
import logging
import random
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.duty import Duty
from bot.platforms.base import LoginRefused

logger = logging.getLogger(__name__)

AUTHENTICATION_FAILED: Final = 4004
SHARDING_REQUIRED: Final = 4011
IDENTIFY_SECONDS: Final = 5.0
"""Discord takes one connection of a bot in so long."""
_GATEWAY: Final = DiscordWebSocket.DEFAULT_GATEWAY
_REFUSED: Final = (
    "Discord does not take the bot's token. Reset it in the developer portal (Bot, Reset Token) "
    "and set STEPPINGSTONE_DISCORD_TOKEN to the new one."
)
_TOO_MANY_SERVERS: Final = (
    "The bot is in more servers than Discord lets so few shards serve. "
    "Set STEPPINGSTONE_DISCORD_SHARDS to more of them, in every process."
)

Handle = Callable[[discord.Interaction], Awaitable[None]]
Prepare = Callable[[discord.Client], Awaitable[None]]


class TooManyServers(Exception):  # noqa: N818 - named for what happened, as every error of ours
    """The bot is in more servers than one connection may serve."""


class Turns:
    """Lets the connections of one process identify themselves one after the other."""

    def __init__(
        self,
        *,
        seconds: float = IDENTIFY_SECONDS,
        fraction: Callable[[], float] = random.random,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._seconds = seconds
        self._fraction = fraction
        self._pause = pause
        self._lock = asyncio.Lock()
        self._free_at = 0.0

    async def take(self, *, initial: bool) -> None:
        """Waits for a turn. One that is not the first may come of two processes that met, and not meet again."""
        async with self._lock:
            loop = asyncio.get_running_loop()
            apart = 0.0 if initial else self._fraction() * self._seconds
            await self._pause(max(0.0, self._free_at - loop.time()) + apart)
            self._free_at = loop.time() + self._seconds


@dataclass(frozen=True, slots=True)
class Reach:
    """How Discord is reached, the same for every connection; times are in seconds."""

    token: str = field(repr=False)
    api_url: str
    gateway_url: str | None
    start_seconds: float
    turns: Turns


class Connection:
    """One shard of a bot, or all of a bot that has none. A lost one is started again with a new client.

    `handle` is given each interaction; `prepare` is called before the gateway is asked. With a `duty` it connects
    only while this process has that; else it is logged in, and stands by.
    """

    def __init__(
        self,
        name: str,
        reach: Reach,
        *,
        handle: Handle,
        prepare: Prepare | None = None,
        duty: Duty | None = None,
        shard: int | None = None,
        shard_count: int | None = None,
    ) -> None:
        self.name = name
        self.connected = False
        self.standing_by = False
        self.closing = False
        self._reach = reach
        self._handle = handle
        self._prepare = prepare
        self._duty = duty
        self._shard = shard
        self._shard_count = shard_count
        self.client = self._new_client()

    @property
    def ready(self) -> bool:
        """Connected, and answering; or standing by for the process that is."""
        return (self.connected or self.standing_by) and not self.closing

    @property
    def logged_in(self) -> bool:
        """Requests of our own need no gateway, but the token to have been taken."""
        return self.client.application_id is not None and not self.client.is_closed()

    async def run(self) -> None:
        """Connects and serves until cancelled or closed. Raises where the connection is lost: start it again.

        LoginRefused where a person has to act; TooManyServers where it is the only one and there have to be several.

        A lost gateway connection is resumed by discord.py itself; what it cannot resume ends here, because its own
        retry of a first handshake that failed dies of an AttributeError.
        """
        try:
            async with self._fresh() as client:
                await self._take_token(client)
                await self._stand_by()
                if self.closing:
                    return
                await self._serve(client)
        except discord.ConnectionClosed as closed:
            if closed.code == AUTHENTICATION_FAILED:
                raise LoginRefused(_REFUSED) from None
            if closed.code == SHARDING_REQUIRED:
                raise (TooManyServers if self._shard is None else LoginRefused(_TOO_MANY_SERVERS)) from None
            raise
        finally:
            self.connected = False
        if not self.closing:
            raise ConnectionError("Discord closed the connection")

    async def log_in(self) -> None:
        """Logs in, without the gateway: enough to send. Raises LoginRefused."""
        client = self._fresh()
        try:
            await self._take_token(client)
        except BaseException:
            await client.close()
            raise

    async def close(self) -> None:
        self.closing = True
        if not self.client.is_closed():
            await self.client.close()
        if self._duty is not None:
            await self._duty.leave()

    async def _stand_by(self) -> None:
        """Waits for the duty."""
        if self._duty is None:
            return
        self.standing_by = True
        try:
            await self._duty.take()
        finally:
            self.standing_by = False

    async def _serve(self, client: discord.Client) -> None:
        """Until the connection ends, or another process has the duty."""
        connecting = asyncio.create_task(self._connect(client))
        keeping = asyncio.create_task(self._duty.keep()) if self._duty is not None else None
        try:
            await asyncio.wait({connecting, keeping} if keeping else {connecting}, return_when=asyncio.FIRST_COMPLETED)
            if connecting.done():
                await connecting
            elif not self.closing:
                logger.warning("Another process serves %s now; this one stands by.", self.name)
        finally:
            tasks = [each for each in (connecting, keeping) if each is not None]
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _connect(self, client: discord.Client) -> None:
        if self._prepare is not None:
            await self._prepare(client)
        await client.connect(reconnect=False)

    def _fresh(self) -> discord.Client:
        """A client that was not used before: a closed one knows nobody any more."""
        if self.client.is_closed():
            self.client = self._new_client()
        return self.client

    async def _take_token(self, client: discord.Client) -> None:
        try:
            async with asyncio.timeout(self._reach.start_seconds):
                await client.login(self._reach.token)
        except discord.LoginFailure:
            raise LoginRefused(_REFUSED) from None

    def _new_client(self) -> discord.Client:
        _point_at(self._reach.api_url, self._reach.gateway_url)
        return _Client(self, self._handle, self._reach.turns, shard=self._shard, shard_count=self._shard_count)


class _Client(discord.Client):
    def __init__(
        self, connection: Connection, handle: Handle, turns: Turns, *, shard: int | None, shard_count: int | None
    ) -> None:
        # It never speaks, so at each start nobody has to read that it cannot.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=30.0,  # a longer wait comes back to whoever asked
            shard_id=shard,
            shard_count=shard_count,
        )
        self._handle_interaction = handle
        self._turns = turns
        self._owner = connection
        parsers = self._connection.parsers
        parsers.update({event: _surviving(event, parse) for event, parse in parsers.items()})

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - a hook of discord.py's
        await self._turns.take(initial=initial)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._handle_interaction(interaction)

    async def on_connect(self) -> None:
        # Not `on_ready`, which waits for the list of servers: what comes in is answered from now on.
        self._owner.connected = True

    async def on_resumed(self) -> None:
        self._owner.connected = True

    async def on_disconnect(self) -> None:
        self._owner.connected = False

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        # discord.py calls this while it handles the exception.
        logger.error("event failed", exc_info=sys.exception(), extra={"fields": {"event": event_method}})


def _surviving(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """Over one event that it cannot read, discord.py would end the connection, and everyone's with it."""

    def survive(data: Any) -> None:
        try:
            parse(data)
        except Exception:
            logger.exception("event not read", extra={"fields": {"event": event}})

    return survive


def _point_at(api_url: str, gateway_url: str | None) -> None:
    """Sends discord.py to another address.

    It keeps both addresses on its classes and builds every route from them, in its client as in its webhooks: this is
    the one place for it. A process has one Discord platform, so nobody else is led astray.
    """
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = type(_GATEWAY)(gateway_url) if gateway_url else _GATEWAY
