"""Which group is meant, whether the caller may do it there, and who is meant by a mention."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from bot.call import Call
from bot.cards import Mention, Typed, say
from bot.errors import NotAllowed, Refusal
from bot.roles import Permission, Standing, may
from cogs.groups import service
from db.groups import Group, find_group_by_name, groups_of
from db.members import IdentityKey

NAME_LENGTH: Final = 40


async def names(call: Call, typed: str) -> Sequence[str]:
    return await service.find_names(call.db, community=here(call), typed=typed)


async def own_names(call: Call, typed: str) -> Sequence[str]:
    own = await groups_of(call.db, call.member.id, community_id=here(call))
    return [group.name for group, _ in own if typed.casefold() in group.name.casefold()]


def here(call: Call) -> UUID:
    """The community of the call. Raises NotAllowed where there is none, or none that has used the bot."""
    if call.place.community is None:
        raise NotAllowed("There are no groups here yet. An admin of the server or workspace sets one up.")
    return call.place.community


async def get_group(call: Call, group_id: UUID, *, lock: bool = False) -> Group:
    """A group of the caller's community. Raises Gone."""
    return await service.get(call.db, group_id, community=call.place.community, person=call.member.id, lock=lock)


async def get_named(call: Call, name: str, *, lock: bool = False) -> Group:
    """The group of this name. Raises Refusal."""
    found = await find_group_by_name(call.db, name, community_id=here(call))
    if found is None:
        raise Refusal(
            say("There is no group called {name} here. {find} shows which there are.", name=name,
                find=Typed("group find"))
        )  # fmt: skip
    return await get_group(call, found.id, lock=lock)


async def standing(call: Call, group: Group) -> Standing:
    """What the caller is in a group and its community, read now."""
    return await service.get_standing(
        call.db, group, person=call.member.id, role=call.member.role, here=call.place.community
    )


async def allow(call: Call, group: Group, permission: Permission) -> Standing:
    """The caller's standing, where it allows this. Raises NotAllowed."""
    by = await standing(call, group)
    if not may(permission, by):
        raise NotAllowed("This is for those who lead this group or look after the community. Ask one of them.")
    return by


def account(call: Call, member: Mention) -> IdentityKey:
    """The account of somebody whom the caller named, who is on the same platform."""
    return IdentityKey(call.member.key.platform, call.member.key.tenant, member.user)


def mention(known: IdentityKey | None) -> Mention | str:
    return Mention(known.user) if known else "Somebody from elsewhere"
