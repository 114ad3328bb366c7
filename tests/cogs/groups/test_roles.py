"""Every line of the table of roles that a command asks, tried by each role on each kind of group."""

import itertools
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from bot.cards import plain as words_of
from bot.errors import Gone
from bot.options import Raw
from bot.roles import Permission, Standing, may
from cogs.groups.commands import accept, hand_over
from cogs.groups.setup import ask_to_dissolve
from cogs.groups.who import appoint, end_lead, show
from db.groups import Group, GroupMember, JoinRequest
from db.members import Identity, Membership, Role
from tests.chat import settle_in
from tests.platforms.plain_world import PlainChat, PlainWorld

OWN, OTHER, FAR = "Own group", "Other group", "Far group"
ROLES = {"member": Role.MEMBER, "facilitator": Role.MEMBER, "moderator": Role.MODERATOR, "admin": Role.ADMIN}
GONE = words_of(Gone().words)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody by name, and the groups by theirs."""

    world: PlainWorld
    chats: dict[str, PlainChat]
    people: dict[str, UUID]
    groups: dict[str, UUID]

    def standing(self, name: str, group: str) -> Standing:
        """What somebody is in a group: everybody with a role is in the own one, and in no other."""
        member = Role.FACILITATOR if name == "facilitator" else Role.MEMBER
        return Standing(ROLES[name], member if group == OWN else None)

    async def as_at_first(self) -> None:
        """Puts everybody back in their place, with somebody who asks to come into each group."""
        async with self.world.app.database.writing() as db:
            await db.execute(delete(GroupMember))
            await db.execute(delete(JoinRequest))
            for name in (*ROLES, "target"):
                role = Role.FACILITATOR if name == "facilitator" else Role.MEMBER
                db.add(GroupMember(
                    group_id=self.groups[OWN], person_id=self.people[name], role=role, joined_at=self.world.now()
                ))  # fmt: skip
            for group_id in self.groups.values():
                db.add(JoinRequest(
                    id=request_of(group_id), group_id=group_id, person_id=self.people["asker"],
                    asked_at=self.world.now(),
                ))  # fmt: skip

    async def do(self, name: str, packed: str, **values: Raw) -> str:
        """Presses a button, or sends its form; what is seen then."""
        chat = self.chats[name]
        if values:
            await chat.submit_packed(packed, values)
        else:
            await chat.press_packed(packed)
        return chat.screen.text


@pytest.fixture
async def cast(plain: PlainWorld) -> Cast:
    chats = {}
    for name in (*ROLES, "asker", "target"):
        chats[name] = await settled(plain, name, admin=name == "admin")
    await (await settled(plain, "far", admin=True, community="elsewhere")).say(f'setup group name:"{FAR}"')
    for name in (OWN, OTHER):
        await chats["admin"].say(f'setup group name:"{name}"')
    async with plain.app.database.writing() as db:
        rows = await db.execute(select(Identity.user_id, Identity.person_id))
        people = dict(rows.all())
        await db.execute(
            update(Membership).where(Membership.person_id == people["moderator"]).values(role=Role.MODERATOR)
        )
        groups = dict((await db.execute(select(Group.name, Group.id))).all())
    return Cast(plain, chats, people, groups)


async def test_every_role_may_what_the_table_says_in_every_group(cast: Cast) -> None:
    for permission, name, group in itertools.product(SUCCESS, ROLES, (OWN, OTHER, FAR)):
        await cast.as_at_first()
        seen = await attempt(cast, permission, name, group)
        allowed = group != FAR and may(permission, cast.standing(name, group))
        assert (SUCCESS[permission] in seen) is allowed, (permission, name, group, seen)


async def test_a_group_of_another_community_is_answered_like_none(cast: Cast) -> None:
    for permission, name in itertools.product(SUCCESS, ROLES):
        await cast.as_at_first()
        foreign = await attempt(cast, permission, name, FAR)
        nothing = await attempt(cast, permission, name, "")
        assert foreign == nothing, (permission, name)
        assert GONE in foreign or (permission is Permission.SET_UP_GROUPS and name != "admin")


async def test_roles_are_read_anew_at_each_act(cast: Cast) -> None:
    await cast.as_at_first()
    show_it = show.call(cast.groups[OWN])
    assert "leads it" in await cast.do("moderator", show_it)
    async with cast.world.app.database.writing() as db:
        await db.execute(update(Membership).values(role=Role.MEMBER))
        await db.execute(update(GroupMember).values(role=Role.MEMBER))
    for name in ("moderator", "facilitator"):
        assert "This is for those who lead this group" in await cast.do(name, show_it)


async def test_nobody_acts_on_themselves_or_on_who_is_as_high(cast: Cast) -> None:
    await cast.as_at_first()
    own = cast.groups[OWN]
    for by, other in (("moderator", "moderator"), ("admin", "admin")):
        assert "Nobody decides this about themselves" in await cast.do(by, appoint.call(own), member=other)
        assert "Nobody decides this about themselves" in await cast.do(by, end_lead.call(own), member=other)
    assert "is in Own group" in await cast.do("admin", appoint.call(own), member="moderator")
    assert "like the others now" in await cast.do("moderator", end_lead.call(own), member="facilitator")


async def test_somebody_of_another_community_cannot_be_appointed(cast: Cast) -> None:
    await cast.as_at_first()
    unknown = await cast.do("admin", appoint.call(cast.groups[OWN]), member="nobody")
    assert "They have not used me here yet" in unknown
    assert await cast.do("admin", appoint.call(cast.groups[OWN]), member="far") == unknown


async def test_nobody_decides_about_their_own_request(cast: Cast) -> None:
    await cast.as_at_first()
    async with cast.world.app.database.writing() as db:
        await db.execute(update(JoinRequest).values(person_id=cast.people["moderator"]))
    seen = await cast.do("moderator", accept.call(request_of(cast.groups[OTHER])))
    assert "Somebody else decides about your own request" in seen


SUCCESS = {
    Permission.SEE_MEMBERS: "places left",
    Permission.DECIDE_JOINING: "is in ",
    Permission.HAND_OVER: "from now on",
    Permission.APPOINT_FACILITATORS: "is in ",
    Permission.SET_UP_GROUPS: "Everybody leaves",
}
"""The permissions that a command asks for, and what is seen where it is given."""


async def attempt(cast: Cast, permission: Permission, name: str, group: str) -> str:
    group_id = cast.groups[group] if group else uuid4()
    match permission:
        case Permission.SEE_MEMBERS:
            return await cast.do(name, show.call(group_id))
        case Permission.DECIDE_JOINING:
            return await cast.do(name, accept.call(request_of(group_id)))
        case Permission.HAND_OVER:
            return await cast.do(name, hand_over.call(group_id), member="target")
        case Permission.APPOINT_FACILITATORS:
            return await cast.do(name, appoint.call(group_id), member="target")
        case _:
            return await cast.do(name, ask_to_dissolve.call(group_id))


def request_of(group_id: UUID) -> UUID:
    """The request to join a group, as `as_at_first` writes it."""
    return UUID(int=group_id.int ^ 1)


async def settled(plain: PlainWorld, name: str, *, admin: bool = False, community: str = "main") -> PlainChat:
    chat = plain.person(name, admin=admin, community=community)
    await settle_in(chat)
    await chat.say("group find")
    return chat
