"""The rules of groups: who comes in, who goes, and who leads. A community's groups are its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final
from uuid import UUID

from sqlalchemy import Select, delete, exists, select, update
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.extensions import Record
from bot.roles import Standing
from db.groups import (
    Group,
    GroupMember,
    JoinRequest,
    RequestState,
    accounts_of,
    add_group_member,
    end_membership,
    find_group_by_name,
    find_group_member,
    forget_requests,
    groups_of,
    key_of_name,
    members_of,
)
from db.insert import insert_once
from db.members import IdentityKey, Membership, Role, find_member

UNDO_HOURS: Final = 24
ASK_AGAIN_DAYS: Final = 7
KEPT_DAYS: Final = 30


class Joining(Enum):
    """What came of wanting to come in."""

    IN = auto()
    IN_ALREADY = auto()
    ASKED = auto()
    ASKED_ALREADY = auto()
    DECLINED_LATELY = auto()
    FULL = auto()


class Leaving(Enum):
    """What came of wanting to leave."""

    OUT = auto()
    NOT_IN = auto()
    LEADS_ALONE = auto()


class Decision(Enum):
    """What came of deciding about somebody who asked."""

    ACCEPTED = auto()
    DECLINED = auto()
    DECIDED_BEFORE = auto()
    FULL = auto()


@dataclass(frozen=True, slots=True)
class Content:
    """What an admin says about a group."""

    name: str
    zone: str
    is_open: bool
    most_members: int


# Whose it is


async def get(db: AsyncSession, group_id: UUID, *, community: UUID | None, person: UUID, lock: bool = False) -> Group:
    """A group of the community of the call; in a direct message, of one that the person belongs to. Raises Gone.

    `lock` keeps others from coming in or going until the transaction ends.
    """
    group = await db.get(Group, group_id, with_for_update=lock, populate_existing=lock)
    if group is None:
        raise Gone
    if community is None and await find_role(db, person, community=group.community_id) is not None:
        return group
    if group.community_id != community:
        raise Gone
    return group


async def get_request(db: AsyncSession, request_id: UUID, *, community: UUID | None, person: UUID) -> JoinRequest:
    """Somebody's request to come into such a group. Raises Gone."""
    request = await db.get(JoinRequest, request_id)
    if request is None:
        raise Gone
    await get(db, request.group_id, community=community, person=person, lock=True)
    return request


async def find_role(db: AsyncSession, person: UUID, *, community: UUID) -> Role | None:
    """What a person is in a community; None where they do not belong to it."""
    return await db.scalar(
        select(Membership.role).where(Membership.person_id == person, Membership.community_id == community)
    )


async def get_standing(
    db: AsyncSession, group: Group, *, person: UUID, role: Role = Role.MEMBER, here: UUID | None = None
) -> Standing:
    """What a person is in a group and its community. `role` is what the platform and the call say of them `here`."""
    if here != group.community_id:
        role = await find_role(db, person, community=group.community_id) or Role.MEMBER
    member = await find_group_member(db, group.id, person)
    return Standing(role, member.role if member else None)


async def find_account(db: AsyncSession, person: UUID, *, community: UUID) -> IdentityKey | None:
    """The account by which a person is known where the community is."""
    return (await accounts_of(db, [person], community_id=community)).get(person)


async def find_member_of(db: AsyncSession, account: IdentityKey, *, community: UUID) -> UUID | None:
    """The person behind an account, where they belong to the community: bots and strangers never do."""
    found = await find_member(db, account, community=community)
    return found.person.id if found is not None and found.joined else None


# Looking


async def find_names(db: AsyncSession, *, community: UUID, typed: str) -> list[str]:
    """Names of groups that hold what is typed, those that begin with it first."""
    wanted = key_of_name(typed)
    named = await db.execute(
        select(Group.name, Group.name_key)
        .where(Group.community_id == community, Group.name_key.contains(wanted, autoescape=True))
        .order_by(Group.name_key)
    )
    return [name for name, _ in sorted(named, key=lambda each: not each[1].startswith(wanted))]


async def count_members(db: AsyncSession, group: Group) -> int:
    return await db.scalar(select(sql.count()).where(GroupMember.group_id == group.id)) or 0


async def find_waiting(db: AsyncSession, group: Group) -> Sequence[JoinRequest]:
    """Who asks to come in, those who have waited longest first."""
    query = select(JoinRequest).where(JoinRequest.group_id == group.id, JoinRequest.state == RequestState.WAITING)
    return (await db.scalars(query.order_by(JoinRequest.asked_at, JoinRequest.id))).all()


async def find_gone(db: AsyncSession, group: Group) -> Sequence[JoinRequest]:
    """Who has left the group's place or the community, and has not come back; the latest first."""
    back = exists().where(GroupMember.group_id == group.id, GroupMember.person_id == JoinRequest.person_id)
    query = select(JoinRequest).where(JoinRequest.group_id == group.id, JoinRequest.state == RequestState.GONE, ~back)
    return (await db.scalars(query.order_by(JoinRequest.asked_at.desc(), JoinRequest.id))).all()


async def find_asked(db: AsyncSession, *, person: UUID, community: UUID) -> Mapping[UUID, JoinRequest]:
    """The groups that a person has asked to come into and waits for, by the group's id."""
    query = (
        select(JoinRequest)
        .join(Group, Group.id == JoinRequest.group_id)
        .where(
            JoinRequest.person_id == person,
            JoinRequest.state == RequestState.WAITING,
            Group.community_id == community,
        )
    )
    return {request.group_id: request for request in await db.scalars(query)}


async def find_unled(db: AsyncSession, *, community: UUID) -> Sequence[Group]:
    """The groups that nobody leads, by name."""
    leads = exists().where(GroupMember.group_id == Group.id, GroupMember.role == Role.FACILITATOR)
    query = select(Group).where(Group.community_id == community, ~leads).order_by(Group.name_key)
    return (await db.scalars(query)).all()


async def find_facilitators(db: AsyncSession, group: Group) -> Sequence[GroupMember]:
    return [member for member in await members_of(db, group.id) if member.role is Role.FACILITATOR]


# Coming and going. Each is given a group that was locked.


async def join(db: AsyncSession, group: Group, *, person: UUID, at: datetime) -> Joining:
    """In at once where the group is open and has room, else a request waits for its facilitators."""
    if await find_group_member(db, group.id, person) is not None:
        return Joining.IN_ALREADY
    if group.open and await count_members(db, group) < group.most_members:
        await add_group_member(db, group.id, person, at=at)
        await forget_requests(db, group.id, person)
        return Joining.IN
    declined = await db.scalar(_requests(group, person, RequestState.DECLINED).with_only_columns(
        sql.max(JoinRequest.decided_at)))  # fmt: skip
    if declined is not None and declined > at - timedelta(days=ASK_AGAIN_DAYS):
        return Joining.DECLINED_LATELY
    asked = await insert_once(
        db, JoinRequest, group_id=group.id, person_id=person, state=RequestState.WAITING, asked_at=at
    )
    return Joining.ASKED if asked else Joining.ASKED_ALREADY


async def get_waiting(db: AsyncSession, group: Group, *, person: UUID) -> JoinRequest:
    """One's own request that waits. Raises Gone."""
    found = (await db.scalars(_requests(group, person, RequestState.WAITING))).first()
    if found is None:
        raise Gone
    return found


async def decide(db: AsyncSession, request: JoinRequest, group: Group, *, accept: bool, at: datetime) -> Decision:
    """Lets somebody in who asked, or not. In a full group they go on waiting."""
    await db.refresh(request)
    if request.state is not RequestState.WAITING:
        return Decision.DECIDED_BEFORE
    if not accept:
        request.state, request.decided_at = RequestState.DECLINED, at
        return Decision.DECLINED
    if await count_members(db, group) >= group.most_members:
        return Decision.FULL
    request.state, request.decided_at = RequestState.ACCEPTED, at
    await add_group_member(db, group.id, request.person_id, at=at)
    return Decision.ACCEPTED


async def leave(db: AsyncSession, group: Group, *, person: UUID, at: datetime) -> Leaving:
    """Out at once; who leads others alone hands over first. For UNDO_HOURS they may come back."""
    members = {member.person_id: member for member in await members_of(db, group.id)}
    if person not in members:
        return Leaving.NOT_IN
    others = [member for each, member in members.items() if each != person]
    if (
        members[person].role is Role.FACILITATOR
        and others
        and not any(member.role is Role.FACILITATOR for member in others)
    ):
        return Leaving.LEADS_ALONE
    await end_membership(db, group.id, person, how=RequestState.LEFT, at=at)
    return Leaving.OUT


async def come_back(db: AsyncSession, group: Group, *, person: UUID, at: datetime) -> Joining:
    """Undoes leaving, as a member like any other. Raises Gone where they have not left of late."""
    left = (await db.scalars(_requests(group, person, RequestState.LEFT))).first()
    if await find_group_member(db, group.id, person) is not None:
        return Joining.IN_ALREADY
    if left is None or left.asked_at <= at - timedelta(hours=UNDO_HOURS):
        raise Gone
    if await count_members(db, group) >= group.most_members:
        return Joining.FULL
    await db.delete(left)
    await add_group_member(db, group.id, person, at=at)
    return Joining.IN


async def appoint(db: AsyncSession, group: Group, *, person: UUID, at: datetime) -> Joining:
    """Lets somebody lead a group, who need not be in it yet; FULL where there is no place for them."""
    member = await find_group_member(db, group.id, person)
    if member is not None and member.role is Role.FACILITATOR:
        return Joining.IN_ALREADY
    if member is None:
        if await count_members(db, group) >= group.most_members:
            return Joining.FULL
        await add_group_member(db, group.id, person, at=at, role=Role.FACILITATOR)
        await forget_requests(db, group.id, person)
    else:
        member.role = Role.FACILITATOR
        await db.flush()
    return Joining.IN


async def end_lead(db: AsyncSession, group: Group, *, person: UUID) -> bool:
    """Makes a facilitator a member like the others; False where they do not lead it."""
    member = await find_group_member(db, group.id, person)
    if member is None or member.role is not Role.FACILITATOR:
        return False
    member.role = Role.MEMBER
    await db.flush()
    return True


async def hand_over(db: AsyncSession, group: Group, *, person: UUID, to: UUID) -> bool:
    """Passes the lead from one member to another; False where the other is not in the group."""
    theirs = await find_group_member(db, group.id, to)
    if theirs is None or to == person or not await end_lead(db, group, person=person):
        return False
    theirs.role = Role.FACILITATOR
    await db.flush()
    return True


# Setting up


async def change(db: AsyncSession, group: Group, *, content: Content) -> bool:
    """Writes what is new; False where another group has the name, and then nothing changes."""
    other = await find_group_by_name(db, content.name, community_id=group.community_id)
    if other is not None and other.id != group.id:
        return False
    group.name, group.name_key = content.name, key_of_name(content.name)
    group.zone, group.open, group.most_members = content.zone, content.is_open, content.most_members
    await db.flush()
    return True


async def set_destination(db: AsyncSession, group_id: UUID, *, destination: str) -> bool:
    """Notes where a group meets; False where another group meets there, or this one has a place by now."""
    taken = exists().where(Group.destination == destination)
    written = await db.scalars(
        update(Group)
        .where(Group.id == group_id, Group.destination.is_(None), ~taken)
        .values(destination=destination, version=Group.version + 1)
        .returning(Group.id)
    )
    return written.first() is not None


async def dissolve(db: AsyncSession, group: Group) -> None:
    """Ends a group, with who was in it and who asked. Its place stays as it is."""
    await db.execute(delete(Group).where(Group.id == group.id))


# A member's own


async def delete_all(db: AsyncSession, *, owner: UUID) -> None:
    """Takes a member out of every group, and their requests with them."""
    await db.execute(delete(JoinRequest).where(JoinRequest.person_id == owner))
    await db.execute(delete(GroupMember).where(GroupMember.person_id == owner))


async def delete_expired(db: AsyncSession, *, now: datetime) -> None:
    """Removes requests KEPT_DAYS after they were decided."""
    await db.execute(delete(JoinRequest).where(JoinRequest.decided_at <= now - timedelta(days=KEPT_DAYS)))


async def find_memberships(db: AsyncSession, *, owner: UUID) -> Sequence[Record]:
    return [
        {
            "group": group.name,
            "as": member.role.name.lower(),
            "since": member.joined_at,
            "in its place since": member.let_in_at,
        }
        for group, member in await groups_of(db, owner)
    ]


async def find_requests(db: AsyncSession, *, owner: UUID) -> Sequence[Record]:
    query = select(JoinRequest, Group.name).join(Group).where(JoinRequest.person_id == owner)
    return [
        {"group": name, "asked at": request.asked_at, "state": request.state.value, "decided at": request.decided_at}
        for request, name in await db.execute(query.order_by(JoinRequest.asked_at, JoinRequest.id))
    ]


def _requests(group: Group, person: UUID, state: RequestState) -> Select[JoinRequest]:
    return select(JoinRequest).where(
        JoinRequest.group_id == group.id, JoinRequest.person_id == person, JoinRequest.state == state
    )
