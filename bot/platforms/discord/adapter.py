"""The bot on Discord: one connection, one stateless router, and the sync of commands."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.cards import Card, Text, say
from bot.platforms.base import Answer, Capabilities, Desk, LoginRefused
from bot.platforms.discord import delivering, reading, register
from bot.platforms.discord.register import Difference
from bot.platforms.discord.reply import TOO_LATE, Reply
from bot.sending import Rate, TryLater

logger = logging.getLogger(__name__)

API_URL: Final = "https://discord.com/api/v10"
DEFER_SECONDS: Final = 2.0
"""Discord waits 3 s for the first answer."""
CLOSE_SECONDS: Final = 7.0
"""A little less than the supervisor waits, so that the connection still closes in order."""
START_SECONDS: Final = 15.0
"""For each of the first answers: who the bot is, and which commands are registered."""
AUTHENTICATION_FAILED: Final = 4004
_GATEWAY: Final = DiscordWebSocket.DEFAULT_GATEWAY
_REFUSED: Final = (
    "Discord does not take the bot's token. Reset it in the developer portal (Bot, Reset Token) "
    "and set STEPPINGSTONE_DISCORD_TOKEN to the new one."
)


class DiscordPlatform:
    """Discord as a surface of the machine. Holds no state of conversations: all of it travels in ids."""

    def __init__(
        self,
        desk: Desk,
        *,
        token: str,
        api_url: str = API_URL,
        gateway_url: str | None = None,
        defer_after: float = DEFER_SECONDS,
        close_after: float = CLOSE_SECONDS,
        start_seconds: float = START_SECONDS,
        rate: Rate = delivering.RATE,
        nonce_seconds: float = delivering.NONCE_SECONDS,
    ) -> None:
        """`defer_after`, `close_after`, `start_seconds` and `nonce_seconds` are seconds."""
        self._desk = desk
        self._token = token
        self._api_url = api_url
        self._gateway_url = gateway_url
        self._defer_after = defer_after
        self._close_after = close_after
        self._start_seconds = start_seconds
        self._rate = rate
        self._nonce_seconds = nonce_seconds
        self._in_hand: set[asyncio.Task[Any]] = set()
        self._connected = False
        self._closing = False
        self.client = self._new_client()

    @property
    def name(self) -> str:
        return reading.NAME

    @property
    def capabilities(self) -> Capabilities:
        return reading.CAPABILITIES

    @property
    def rate(self) -> Rate:
        return self._rate

    @property
    def ready(self) -> bool:
        """Connected, and answering."""
        return self._connected and not self._closing

    async def run(self) -> None:
        """Connects and serves until cancelled or closed. Raises where the connection is lost: start it again.

        A lost gateway connection is resumed by discord.py itself; what it cannot resume ends here, because its own
        retry of a first handshake that failed dies of an AttributeError.
        """
        if self.client.is_closed():
            self.client = self._new_client()
        client = self.client
        try:
            async with client:
                async with asyncio.timeout(self._start_seconds):
                    await client.login(self._token)
                await self._sync_at_start(client)
                await client.connect(reconnect=False)
        except discord.LoginFailure:
            raise LoginRefused(_REFUSED) from None
        except discord.ConnectionClosed as closed:
            if closed.code == AUTHENTICATION_FAILED:
                raise LoginRefused(_REFUSED) from None
            raise
        finally:
            self._connected = False
        if not self._closing:
            raise ConnectionError("Discord closed the connection")

    async def log_in(self) -> None:
        """Logs in, without the gateway: enough to send. Raises LoginRefused."""
        if self.client.is_closed():
            self.client = self._new_client()
        try:
            async with asyncio.timeout(self._start_seconds):
                await self.client.login(self._token)
        except discord.LoginFailure:
            raise LoginRefused(_REFUSED) from None

    async def close(self) -> None:
        """Stops taking in, lets work in hand finish for a few seconds, disconnects."""
        self._closing = True
        if self._in_hand:
            _, late = await asyncio.wait(self._in_hand, timeout=self._close_after)
            for task in late:
                task.cancel()
        if not self.client.is_closed():
            await self.client.close()

    async def withdraw(self, *, destination: str, message: str) -> bool:
        """Deletes a message; `destination` ends in the channel's id. False where it is not ours to delete."""
        channel = int(destination.rpartition(":")[2])
        try:
            await self.client.http.delete_message(channel, int(message))
        except discord.NotFound:
            return True
        except discord.Forbidden:
            return False
        return True

    async def send(self, *, destination: str, card: Card, delivery: UUID) -> str:
        return await delivering.send(self._sender(), destination=destination, card=card, delivery=delivery)

    async def edit(self, *, destination: str, message: str, card: Card) -> None:
        await delivering.edit(self._sender(), destination=destination, message=message, card=card)

    async def find(self, *, destination: str, delivery: UUID, seconds: float) -> str | None:
        if seconds < self._nonce_seconds:
            return None
        since = seconds + self._nonce_seconds
        return await delivering.find(self._sender(), destination=destination, delivery=delivery, seconds=since)

    async def open_direct(self, *, tenant: str, user: str) -> str:  # noqa: ARG002 - users are global here
        return await delivering.open_direct(self._sender(), user)

    def _sender(self) -> discord.Client:
        """The client for requests of our own. They need no gateway, but the token to have been taken."""
        if self.client.application_id is None or self.client.is_closed():
            raise TryLater("not logged in")
        return self.client

    async def difference(self) -> Difference:
        """What `sync` would change. Logs in for it, without the gateway."""
        async with self._logged_in() as client:
            return await register.difference(client, self._desk.offers)

    async def sync(self) -> Difference:
        """Registers the commands where they differ. Logs in for it, without the gateway."""
        async with self._logged_in() as client:
            return await register.sync(client, self._desk.offers)

    async def handle(self, interaction: discord.Interaction) -> None:
        """Routes one interaction by what it carries, and answers it. Never raises."""
        task = asyncio.current_task()
        if task is not None:
            self._in_hand.add(task)
        try:
            await self._route(interaction)
        except discord.HTTPException as error:
            # What was asked is committed; only the answer is lost. The text of the error may quote the answer.
            event = "too late to answer" if error.code in TOO_LATE else "not answered"
            logger.warning(event, extra={"fields": {"status": error.status, "code": error.code}})
        except Exception:
            logger.exception("not answered")
        finally:
            if task is not None:
                self._in_hand.discard(task)

    async def _route(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            await self._suggest(interaction)
            return
        asked = reading.request(interaction, self._desk)
        reply = Reply(interaction, asked)
        if self._closing:
            await reply.show(Answer(_notice("I am restarting. Please try again in a minute.")))
        elif asked is None:
            await reply.show(Answer(_notice("This command has changed. Type / again to see how it is called now.")))
        else:
            work = self._desk.answer(reading.arrival(interaction), asked)
            await reply.give(work, defer_after=self._defer_after)

    async def _suggest(self, interaction: discord.Interaction[Any]) -> None:
        typing = reading.typing(interaction, self._desk)
        found: list[tuple[str, str]] = []
        if typing is not None and not self._closing:
            try:
                async with asyncio.timeout(self._defer_after):
                    found = await reading.suggestions(typing, self._desk, reading.arrival(interaction))
            except TimeoutError:
                logger.warning("suggestions too slow", extra={"fields": {"key": typing.offer.key}})
        choices = [discord.app_commands.Choice(name=shown, value=value) for shown, value in found]
        await interaction.response.autocomplete(choices)

    async def _sync_at_start(self, client: discord.Client) -> None:
        try:
            async with asyncio.timeout(self._start_seconds):
                found = await register.sync(client, self._desk.offers)
        except TimeoutError:  # the commands that are registered go on working
            logger.warning("commands not synced", extra={"fields": {"code": "too slow"}})
        except discord.HTTPException as error:
            # As above; `sync` shows the trouble.
            logger.warning("commands not synced", extra={"fields": {"status": error.status, "code": error.code}})
        else:
            counts = {"added": len(found.added), "changed": len(found.changed), "removed": len(found.removed)}
            logger.info("commands synced", extra={"fields": counts})

    @asynccontextmanager
    async def _logged_in(self) -> AsyncIterator[discord.Client]:
        async with self._new_client() as client:
            try:
                await client.login(self._token)
            except discord.LoginFailure:
                raise LoginRefused(_REFUSED) from None
            yield client

    def _new_client(self) -> discord.Client:
        _point_at(self._api_url, self._gateway_url)
        return _Client(self)

    def _set_connected(self, *, connected: bool) -> None:
        self._connected = connected


class _Client(discord.Client):
    """The connection. Sees servers and interactions only: no members, no messages, no presence."""

    def __init__(self, platform: DiscordPlatform) -> None:
        # It never speaks, so at each start nobody has to read that it cannot.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=30.0,  # a longer wait comes back to whoever asked
        )
        self._platform = platform
        parsers = self._connection.parsers
        parsers.update({event: _surviving(event, parse) for event, parse in parsers.items()})

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._platform.handle(interaction)

    async def on_connect(self) -> None:
        # Not `on_ready`, which waits for the list of servers: what comes in is answered from now on.
        self._platform._set_connected(connected=True)  # noqa: SLF001 - one class in two halves

    async def on_resumed(self) -> None:
        self._platform._set_connected(connected=True)  # noqa: SLF001 - one class in two halves

    async def on_disconnect(self) -> None:
        self._platform._set_connected(connected=False)  # noqa: SLF001 - one class in two halves

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


def _notice(words: str) -> Card:
    return Card((Text(say(words)),))
