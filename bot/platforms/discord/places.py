"""The private places of groups on Discord: threads of the bot's own, and threads or channels that were there before.

Everything is asked of the REST API, so any process can do it, and no list of members is ever read.
"""

from collections.abc import Awaitable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import discord

from bot.cards import Words, say
from bot.platforms.discord.delivering import called_by_its_meaning, channel_of
from bot.sending import Lacking, Unreachable

PRIVATE_THREAD: Final = 12
TEXT_CHANNEL: Final = 0
ARCHIVE_MINUTES: Final = 10_080
"""A week of silence, the longest there is; the next message opens the thread again."""
_MEMBER: Final = 1
_MISSING_ACCESS: Final = 50001
_MISSING_PERMISSIONS: Final = 50013
_WRONG_KIND: Final = 50024
_TOO_MANY_THREADS: Final = 160006
_UNKNOWN_CHANNEL: Final = 10003
_UNKNOWN_MEMBERS: Final = frozenset({10007, 10009, 10013})
_NOBODY: Final = frozenset({"10007", "10013"})
"""Such a member, or such a user, there is not. Any other refusal tells nothing of anybody."""
_ENTERS: Final = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)


async def make(client: discord.Client, *, guild: str, near: str, name: str) -> str:
    """The destination of a private thread in the channel `near`, with the bot alone in it.

    A crash may leave one behind that nobody knows of: one of that name, in which nobody has been and nothing was
    said, is taken rather than a second one made. Raises NotDelivered.
    """
    channel = _number(near)
    with called_by_its_meaning(), _missing(_MAKING):
        threads = await client.http.get_active_threads(int(guild))
        unused = next((each for each in threads["threads"] if _is_unused(client, each, channel, name)), None)
        made: Mapping[str, Any] = unused or await client.http.start_thread_without_message(
            channel, name=name, auto_archive_duration=ARCHIVE_MINUTES, type=PRIVATE_THREAD, invitable=False
        )
    return _destination(client, made["id"])


async def adopt(client: discord.Client, *, guild: str, channel: str) -> str:
    """The destination of a private thread or channel of this server. Raises NotDelivered."""
    with called_by_its_meaning(), _missing(_USING):
        found: Mapping[str, Any] = await client.http.get_channel(_number(channel))
    if found.get("guild_id") != guild:
        raise Lacking("another server", _USING[_MISSING_ACCESS])
    if found["type"] == PRIVATE_THREAD or (found["type"] == TEXT_CHANNEL and _is_private(found, guild)):
        return _destination(client, found["id"])
    raise Lacking("public", say("This channel is open to everyone. Run it again in a private thread or channel."))


async def let_in(client: discord.Client, *, destination: str, user: str) -> None:
    """Adds a person to the thread, or lets them see the channel. Raises NotDelivered."""
    channel = channel_of(destination)
    with called_by_its_meaning(), _missing(_ADDING):
        if await _is_thread(client, channel):
            await client.http.add_user_to_thread(channel, int(user))
        else:
            allowed = str(_ENTERS.value)
            await client.http.edit_channel_permissions(channel, int(user), allowed, "0", _MEMBER)


async def let_out(client: discord.Client, *, destination: str, user: str) -> None:
    """The other way round. Somebody who has left the server is out already. Raises NotDelivered."""
    channel = channel_of(destination)
    try:
        with called_by_its_meaning(), _missing(_REMOVING):
            if await _is_thread(client, channel):
                await client.http.remove_user_from_thread(channel, int(user))
            else:
                await client.http.delete_channel_permissions(channel, int(user))
    except Lacking as gone:
        if gone.code not in {str(code) for code in _UNKNOWN_MEMBERS}:
            raise


async def find_absent(client: discord.Client, *, destination: str, users: Collection[str]) -> Collection[str]:
    """Those of these people who have left the thread, or the server that a channel is in. Raises NotDelivered.

    Each is asked about alone: only bots that may read lists of members are given the list of a thread.
    """
    channel = channel_of(destination)
    with called_by_its_meaning():
        found: Mapping[str, Any] = await client.http.get_channel(channel)
    if int(found["type"]) == PRIVATE_THREAD:
        return [each for each in users if await _is_unknown(client.http.get_thread_member(channel, int(each)))]
    return [each for each in users if await has_left(client, guild=found["guild_id"], user=each)]


async def has_left(client: discord.Client, *, guild: str, user: str) -> bool:
    """Whether a person is no longer in a server. Raises NotDelivered."""
    return await _is_unknown(client.http.get_member(int(guild), int(user)))


async def _is_unknown(asked: Awaitable[object]) -> bool:
    try:
        with called_by_its_meaning():
            await asked
    except Unreachable as refused:
        if refused.code in _NOBODY:
            return True
        raise
    return False


async def _is_thread(client: discord.Client, channel: int) -> bool:
    found = await client.http.get_channel(channel)
    return int(found["type"]) == PRIVATE_THREAD


def _is_unused(client: discord.Client, thread: Mapping[str, Any], channel: int, name: str) -> bool:
    owner = client.user.id if client.user else 0
    return (
        int(thread["type"]) == PRIVATE_THREAD
        and thread["name"] == name
        and int(thread["parent_id"]) == channel
        and int(thread["owner_id"]) == owner
        and int(thread.get("member_count") or 0) <= 1
        and int(thread.get("total_message_sent") or 0) == 0
    )


def _is_private(channel: Mapping[str, Any], guild: str) -> bool:
    """Everyone, whose role has the server's own id, may not see it."""
    everyone = next((each for each in channel.get("permission_overwrites") or () if each["id"] == guild), None)
    return everyone is not None and discord.Permissions(int(everyone["deny"])).view_channel


def _destination(client: discord.Client, channel: object) -> str:
    return f"discord:{client.application_id}:{channel}"


def _number(channel: str) -> int:
    if not channel.isdecimal():
        raise Lacking("no channel", _MAKING[_WRONG_KIND])
    return int(channel)


@contextmanager
def _missing(words: Mapping[int, Words]) -> Iterator[None]:
    """Discord's refusals as what is missing, where somebody can give it."""
    try:
        yield
    except discord.HTTPException as error:
        code = error.code
        if code in _UNKNOWN_MEMBERS:
            raise Lacking(str(code), say("This person is no longer in the server.")) from None
        if code in words:
            raise Lacking(str(code), words[code]) from None
        raise


_NOT_SEEN: Final = say("I do not see this channel. Add me to it, or give me **View Channel** there.")
_MAKING: Final[Mapping[int, Words]] = {
    _MISSING_ACCESS: _NOT_SEEN,
    _MISSING_PERMISSIONS: say(
        "I may not make private threads in this channel. Give me **Create Private Threads** and **Send Messages in "
        "Threads** there."
    ),
    _WRONG_KIND: say("A private thread can be made in a text channel only. Run it again in one."),
    _TOO_MANY_THREADS: say("This server has as many open threads as Discord allows. Close some of them."),
    _UNKNOWN_CHANNEL: _NOT_SEEN,
}
_USING: Final[Mapping[int, Words]] = {_MISSING_ACCESS: _NOT_SEEN, _UNKNOWN_CHANNEL: _NOT_SEEN}
_ADDING: Final[Mapping[int, Words]] = {
    _MISSING_ACCESS: say("I am no longer in the group’s place. Add me to it."),
    _MISSING_PERMISSIONS: say(
        "I may not add people to the group’s place. In a thread I need **Send Messages in Threads**, in a channel "
        "**Manage Permissions**."
    ),
    _UNKNOWN_CHANNEL: say("The group’s place is gone."),
}
_REMOVING: Final[Mapping[int, Words]] = {
    _MISSING_ACCESS: _ADDING[_MISSING_ACCESS],
    _MISSING_PERMISSIONS: say(
        "I may not remove people from the group’s place. In a thread that I did not make I need **Manage Threads**, "
        "in a channel **Manage Permissions**."
    ),
    _UNKNOWN_CHANNEL: say("The group’s place is gone."),
}
