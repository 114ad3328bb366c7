"""The private channels of groups on Slack: made by the bot, or made before and the bot invited to them."""

import re
from collections.abc import Awaitable, Collection, Mapping
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Words, say
from bot.platforms.slack.delivering import called
from bot.sending import Lacking, NotDelivered

NAME_LENGTH: Final = 80
PAGE: Final = 200
PAGES: Final = 5
MEMBERS: Final = 1000
"""In one page, the most that Slack gives."""


async def make(client: AsyncWebClient, *, team: str, name: str, mark: str) -> str:
    """The destination of a private channel with the bot alone in it. Raises NotDelivered.

    A crash may leave one behind that nobody knows of. So the channel's purpose carries the `mark`; where the name is
    taken by a channel of the bot's own with this mark, or with none yet, and nobody else in it, that one is taken.
    """
    wanted = channel_name(name)
    try:
        made: Mapping[str, Any] = (await called(client.conversations_create(name=wanted, is_private=True)))["channel"]
    except NotDelivered as refused:
        found = await _find_own(client, wanted, mark) if refused.code == "name_taken" else None
        if found is None:
            raise _lacking(refused, _MAKING) from None
        made = found
    await _asked(client.conversations_setPurpose(channel=made["id"], purpose=_purpose(mark)), _MAKING)
    return f"slack:{team}:{made['id']}"


async def adopt(client: AsyncWebClient, *, team: str, channel: str) -> str:
    """The destination of a private channel that the bot was invited to. Raises NotDelivered."""
    if not channel or channel.startswith("D"):
        raise Lacking("no channel", say("Run this in the group’s own private channel."))
    found = (await _asked(client.conversations_info(channel=channel), _USING))["channel"]
    if not found.get("is_private") or found.get("is_mpim"):
        raise Lacking("public", say("This channel is open to everyone. Run it again in a private channel."))
    if not found.get("is_member"):
        raise Lacking("not in channel", _INVITE)
    return f"slack:{team}:{channel}"


async def let_in(client: AsyncWebClient, *, destination: str, user: str) -> None:
    """Invites a member to the channel. Raises NotDelivered."""
    channel = destination.rpartition(":")[2]
    try:
        await called(client.conversations_invite(channel=channel, users=[user]))
    except NotDelivered as refused:
        if refused.code != "already_in_channel":
            raise _lacking(refused, _ADDING) from None


async def let_out(client: AsyncWebClient, *, destination: str, user: str) -> None:
    """Removes a member from the channel. Raises NotDelivered."""
    channel = destination.rpartition(":")[2]
    try:
        await called(client.conversations_kick(channel=channel, user=user))
    except NotDelivered as refused:
        if refused.code not in _OUT_ALREADY:
            raise _lacking(refused, _REMOVING) from None


async def find_absent(client: AsyncWebClient, *, destination: str, users: Collection[str]) -> Collection[str]:
    """Those of these people who are not in the channel. Raises NotDelivered."""
    absent, cursor = set(users), ""
    while absent:
        page = await called(
            client.conversations_members(channel=destination.rpartition(":")[2], limit=MEMBERS, cursor=cursor)
        )
        absent.difference_update(page["members"])
        cursor = _next_cursor(page)
        if not cursor:
            break
    return absent


async def has_left(client: AsyncWebClient, *, user: str) -> bool:
    """Whether a person's account in the workspace was ended. Raises NotDelivered."""
    try:
        found = await called(client.users_info(user=user))
    except NotDelivered as refused:
        if refused.code == "user_not_found":
            return True
        raise
    return bool(found["user"].get("deleted"))


def channel_name(name: str) -> str:
    """A group's name as Slack takes it for a channel: small letters, digits and hyphens."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")[:NAME_LENGTH] or "group"


async def _find_own(client: AsyncWebClient, name: str, mark: str) -> Mapping[str, Any] | None:
    """The channel of this name that the bot made for this mark, and that nobody has been in yet."""
    me = (await called(client.auth_test()))["user_id"]
    cursor = ""
    for _ in range(PAGES):
        page = await called(
            client.conversations_list(types="private_channel", exclude_archived=True, limit=PAGE, cursor=cursor)
        )
        for each in page["channels"]:
            purpose = (each.get("purpose") or {}).get("value", "")
            if each["name"] == name and each["creator"] == me and purpose in {"", _purpose(mark)}:
                found = await called(client.conversations_info(channel=each["id"], include_num_members=True))
                return found["channel"] if found["channel"].get("num_members", 0) <= 1 else None
        cursor = _next_cursor(page)
        if not cursor:
            return None
    return None


def _next_cursor(page: Mapping[str, Any]) -> str:
    """Empty after the last page."""
    return (page.get("response_metadata") or {}).get("next_cursor") or ""


def _purpose(mark: str) -> str:
    return f"A peer group of Steppingstone, {mark}"


async def _asked(call: Awaitable[object], words: Mapping[str, Words]) -> Mapping[str, Any]:
    try:
        return await called(call)
    except NotDelivered as refused:
        raise _lacking(refused, words) from None


def _lacking(refused: NotDelivered, words: Mapping[str, Words]) -> NotDelivered:
    """The refusal as what is missing, where somebody can give it; else as it was."""
    found = words.get(refused.code)
    return refused if found is None else Lacking(refused.code, found)


_INVITE: Final = say("I am not in this channel. Invite me there with `/invite @Steppingstone`.")
_SCOPE: Final = say(
    "The app may not handle private channels here. Ask an admin of the workspace to install it again, with its newest "
    "manifest."
)
_RESTRICTED: Final = say(
    "The workspace’s settings do not let me do this with private channels. Ask an owner of the workspace to allow it."
)
_ARCHIVED: Final = say("The group’s channel is archived. Open it again, or choose another.")
_MAKING: Final[Mapping[str, Words]] = {
    "name_taken": say("There is a channel of that name already. Choose another name for the group."),
    "restricted_action": _RESTRICTED,
    "missing_scope": _SCOPE,
}
_USING: Final[Mapping[str, Words]] = {"channel_not_found": _INVITE, "missing_scope": _SCOPE}
_ADDING: Final[Mapping[str, Words]] = {
    "not_in_channel": say("I am no longer in the group’s channel. Invite me there with `/invite @Steppingstone`."),
    "channel_not_found": say("I no longer see the group’s channel. Invite me there with `/invite @Steppingstone`."),
    "is_archived": _ARCHIVED,
    "missing_scope": _SCOPE,
    "restricted_action": _RESTRICTED,
    "cant_invite": say("Slack does not let me invite this person. Ask somebody in the channel to do it."),
    "user_is_restricted": say("This person is a guest here. Ask an admin of the workspace to add them."),
    "user_is_ultra_restricted": say("This person is a guest here. Ask an admin of the workspace to add them."),
    "user_not_found": say("This person is no longer in the workspace."),
}
_REMOVING: Final[Mapping[str, Words]] = {
    **_ADDING,
    "restricted_action": say("The workspace’s settings do not let me remove people. Ask somebody who may to do it."),
}
_OUT_ALREADY: Final = frozenset({"not_in_channel", "user_not_found", "user_not_in_channel"})
