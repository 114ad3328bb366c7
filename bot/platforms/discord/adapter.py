"""The bot on Discord: its connections, one stateless router, and the sync of commands."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import discord

from bot.cards import Card, Text, say
from bot.duty import Duty
from bot.platforms.base import Answer, Capabilities, Desk
from bot.platforms.discord import delivering, places, reading, register
from bot.platforms.discord.connection import Connection, Reach, TooManyServers, Turns
from bot.platforms.discord.register import Difference
from bot.platforms.discord.reply import TOO_LATE, Reply
from bot.sending import Rate, TryLater
from bot.shards import Shards
from bot.supervise import Pace, keep_running

logger = logging.getLogger(__name__)

API_URL: Final = "https://discord.com/api/v10"
DEFER_SECONDS: Final = 2.0
"""Discord waits 3 s for the first answer."""
CLOSE_SECONDS: Final = 7.0
"""A little less than the supervisor waits, so that the connection still closes in order."""
START_SECONDS: Final = 15.0
"""For each of the first answers: who the bot is, and which commands are registered."""


class DiscordPlatform:
    """Discord as a surface of the machine. Holds no state of conversations: all of it travels in ids."""

    def __init__(
        self,
        desk: Desk,
        *,
        token: str,
        api_url: str = API_URL,
        gateway_url: str | None = None,
        shards: Shards | None = None,
        duty_of: Callable[[str], Duty] | None = None,
        defer_after: float = DEFER_SECONDS,
        close_after: float = CLOSE_SECONDS,
        start_seconds: float = START_SECONDS,
        turns: Turns | None = None,
        pace: Pace | None = None,
        rate: Rate = delivering.RATE,
        nonce_seconds: float = delivering.NONCE_SECONDS,
    ) -> None:
        """Without `shards` it serves all, as many as Discord wants. `..._after` and `..._seconds` are seconds.

        With `duty_of`, which gives the duty of a name, one of several processes at a time serves a shard.
        """
        self._desk = desk
        self._duty_of = duty_of
        self._defer_after = defer_after
        self._close_after = close_after
        self._start_seconds = start_seconds
        self._pace = pace or Pace()
        self._reach = Reach(token, api_url, gateway_url, start_seconds, turns or Turns())
        self._rate = rate
        self._nonce_seconds = nonce_seconds
        self._in_hand: set[asyncio.Task[Any]] = set()
        self._closing = asyncio.Event()
        self._connections = self._connect_as(shards)

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
    def client(self) -> discord.Client:
        """That of the first connection."""
        return self._connections[0].client

    @property
    def ready(self) -> bool:
        """Every shard of this process is connected, and answering."""
        return not self._closing.is_set() and all(each.ready for each in self._connections)

    @property
    def can_send(self) -> bool:
        return any(each.logged_in for each in self._connections)

    async def run(self) -> None:
        """Connects and serves until cancelled or closed. Raises where the only connection is lost: start it again.

        Of several, each is started again by itself.
        """
        try:
            if len(self._connections) == 1:
                await self._connections[0].run()
            else:
                async with asyncio.TaskGroup() as group:
                    for each in self._connections:
                        group.create_task(keep_running(each, stop=self._closing, pace=self._pace))
        except TooManyServers:
            count = await self._advised()
            self._connections = self._connect_as(Shards.all_of(count))
            raise ConnectionError(f"Discord wants {count} connections for so many servers") from None

    async def log_in(self) -> None:
        await self._connections[0].log_in()

    async def close(self) -> None:
        """Stops taking in, lets work in hand finish for a few seconds, disconnects."""
        self._closing.set()
        for each in self._connections:
            each.closing = True
        if self._in_hand:
            _, late = await asyncio.wait(self._in_hand, timeout=self._close_after)
            for task in late:
                task.cancel()
        await asyncio.gather(*(each.close() for each in self._connections))

    async def withdraw(self, *, destination: str, message: str) -> bool:
        """Deletes a message; `destination` ends in the channel's id. False where it is not ours to delete."""
        channel = int(destination.rpartition(":")[2])
        try:
            await self._sender().http.delete_message(channel, int(message))
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

    async def make_place(self, *, community: str, near: str, name: str, mark: str) -> str:  # noqa: ARG002 - the name marks it
        return await places.make(self._sender(), guild=community, near=near, name=name)

    async def adopt_place(self, *, community: str, channel: str) -> str:
        return await places.adopt(self._sender(), guild=community, channel=channel)

    async def let_in(self, *, destination: str, user: str) -> None:
        await places.let_in(self._sender(), destination=destination, user=user)

    async def let_out(self, *, destination: str, user: str) -> None:
        await places.let_out(self._sender(), destination=destination, user=user)

    async def find_absent(self, *, destination: str, users: Collection[str]) -> Collection[str]:
        return await places.find_absent(self._sender(), destination=destination, users=users)

    async def has_left(self, *, community: str, user: str) -> bool:
        return await places.has_left(self._sender(), guild=community, user=user)

    def _sender(self) -> discord.Client:
        """A client for requests of our own."""
        for each in self._connections:
            if each.logged_in:
                return each.client
        raise TryLater("not logged in")

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
        if self._closing.is_set():
            await reply.show(Answer(_notice("I am restarting. Please try again in a minute.")))
        elif asked is None:
            await reply.show(Answer(_notice("This command has changed. Type / again to see how it is called now.")))
        else:
            work = self._desk.answer(reading.arrival(interaction), asked)
            await reply.give(work, defer_after=self._defer_after)

    async def _suggest(self, interaction: discord.Interaction[Any]) -> None:
        typing = reading.typing(interaction, self._desk)
        found: list[tuple[str, str]] = []
        if typing is not None and not self._closing.is_set():
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
        """A client of its own, for one question."""
        connection = Connection(self.name, self._reach, handle=self.handle)
        await connection.log_in()
        try:
            yield connection.client
        finally:
            await connection.close()

    async def _advised(self) -> int:
        """How many connections Discord wants for all servers."""
        async with self._logged_in() as client:
            count, *_ = await client.http.get_bot_gateway()
        return count

    def _connect_as(self, shards: Shards | None) -> list[Connection]:
        """A connection for each shard. Of all processes, the one with the first shard registers the commands."""
        if shards is None:
            duty = self._duty_of(self.name) if self._duty_of else None
            return [Connection(self.name, self._reach, handle=self.handle, prepare=self._sync_at_start, duty=duty)]
        return [
            Connection(
                f"{self.name} shard {number}",
                self._reach,
                handle=self.handle,
                prepare=self._sync_at_start if number == 0 else None,
                duty=self._duty_of(f"{self.name} {number}/{shards.count}") if self._duty_of else None,
                shard=number,
                shard_count=shards.count,
            )
            for number in shards
        ]


def _notice(words: str) -> Card:
    return Card((Text(say(words)),))
