"""Peer groups: who is in which, who leads it, and who asked to come in."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Base, Coded, Versioned, kept, structural
from db.insert import insert_once
from db.members import Identity, IdentityKey, Role
from db.places import Community

MOST_MEMBERS = 8
"""Of a group where nobody chose another size: so few that each is heard."""

_COMMUNITY = "the community"
_GROUP = "the group"
_UNTIL_DISSOLVED = "until the group is dissolved"
_UNTIL_LEFT = "until the member leaves the group"
_UNTIL_DECIDED = "until 30 days after it was decided"


class Group(Base, Versioned):
    """One peer group of a community. `destination` is its private channel or thread; None until there is one.

    An `open` group is joined at once, others by a request that a facilitator decides.
    """

    __tablename__ = "groups"
    __table_args__ = (UniqueConstraint("community_id", "name_key"),)

    community_id: Mapped[UUID] = structural(ForeignKey("communities.id", ondelete="CASCADE"))
    name: Mapped[str] = kept(why="to find the group", seen_by=_COMMUNITY, until=_UNTIL_DISSOLVED)
    name_key: Mapped[str] = structural()
    """The name as it is compared: case and spaces do not count."""
    destination: Mapped[str | None] = kept(
        index=True, why="where the group meets", seen_by=_GROUP, until=_UNTIL_DISSOLVED
    )
    zone: Mapped[str] = kept(why="when the group's day begins", seen_by=_COMMUNITY, until=_UNTIL_DISSOLVED)
    open: Mapped[bool] = kept(default=False, why="how to come in", seen_by=_COMMUNITY, until=_UNTIL_DISSOLVED)
    most_members: Mapped[int] = kept(
        default=MOST_MEMBERS, why="how many may come in", seen_by=_COMMUNITY, until=_UNTIL_DISSOLVED
    )
    created_at: Mapped[datetime] = kept(why="since when there is the group", seen_by=_GROUP, until=_UNTIL_DISSOLVED)


class GroupMember(Base):
    """One member of one group. `role` is MEMBER or FACILITATOR: what one may do here, and nowhere else."""

    __tablename__ = "group_members"
    __table_args__ = (UniqueConstraint("group_id", "person_id"),)

    group_id: Mapped[UUID] = structural(ForeignKey("groups.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = kept(
        Coded(Role), default=Role.MEMBER, why="what they may do in the group", seen_by=_GROUP, until=_UNTIL_LEFT
    )
    joined_at: Mapped[datetime] = kept(why="since when they belong to it", seen_by=_GROUP, until=_UNTIL_LEFT)
    let_in_at: Mapped[datetime | None] = kept(
        why="since when they are in the group's place: only who was in it can have left it",
        seen_by="nobody",
        until=_UNTIL_LEFT,
    )


class RequestState(StrEnum):
    """What became of asking to come in."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"
    """They were in it and left by themselves: for a while they may come back as they went."""
    GONE = "gone"
    """They were in it and are no longer in its place, or in the community: the platform says so."""


class JoinRequest(Base):
    """Somebody asks to come into a group; later what became of it."""

    __tablename__ = "join_requests"
    __table_args__ = (
        Index(
            "uq_join_requests_waiting",
            "group_id",
            "person_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(None, "group_id", "person_id"),
    )

    group_id: Mapped[UUID] = structural(ForeignKey("groups.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    state: Mapped[RequestState] = kept(
        Coded(RequestState),
        default=RequestState.WAITING,
        why="what became of it",
        seen_by="the member and the group's facilitators",
        until=_UNTIL_DECIDED,
    )
    asked_at: Mapped[datetime] = kept(
        why="since when they wait", seen_by="the member and the group's facilitators", until=_UNTIL_DECIDED
    )
    decided_at: Mapped[datetime | None] = kept(
        index=True, why="when it was decided", seen_by="the member", until=_UNTIL_DECIDED
    )


async def create_group(
    db: AsyncSession,
    *,
    community_id: UUID,
    name: str,
    zone: str,
    at: datetime,
    destination: str | None = None,
    is_open: bool = False,
    most_members: int = MOST_MEMBERS,
) -> Group | None:
    """A new group; None where the community has one of that name."""
    group_id = uuid4()
    made = await insert_once(
        db,
        Group,
        id=group_id,
        version=1,
        community_id=community_id,
        name=" ".join(name.split()),
        name_key=key_of_name(name),
        destination=destination,
        zone=zone,
        open=is_open,
        most_members=most_members,
        created_at=at,
    )
    return await db.get(Group, group_id) if made else None


def key_of_name(name: str) -> str:
    """A group's name as it is compared: letters of another width or case, marks that are not seen, and spaces."""
    seen = (each for each in unicodedata.normalize("NFKC", name) if unicodedata.category(each) != "Cf")
    return " ".join("".join(seen).casefold().split())


async def find_group(db: AsyncSession, group_id: UUID, *, community_id: UUID) -> Group | None:
    """A group of this community alone."""
    group = await db.get(Group, group_id)
    return group if group is not None and group.community_id == community_id else None


async def find_group_by_name(db: AsyncSession, name: str, *, community_id: UUID) -> Group | None:
    return await db.scalar(select(Group).where(Group.community_id == community_id, Group.name_key == key_of_name(name)))


async def find_group_at(db: AsyncSession, destination: str) -> Group | None:
    """The group that meets there."""
    return await db.scalar(select(Group).where(Group.destination == destination))


async def groups_in(db: AsyncSession, community_id: UUID) -> Sequence[tuple[Group, int]]:
    """All groups of a community by name, each with how many members it has."""
    counted = select(func.count()).where(GroupMember.group_id == Group.id).correlate(Group).scalar_subquery()
    rows = await db.execute(select(Group, counted).where(Group.community_id == community_id).order_by(Group.name_key))
    return [(group, count) for group, count in rows]


async def groups_of(
    db: AsyncSession, person_id: UUID, *, community_id: UUID | None = None
) -> Sequence[tuple[Group, GroupMember]]:
    """The groups that a person is in, by name, with what they are there; of one community, or of all."""
    query = select(Group, GroupMember).join(GroupMember).where(GroupMember.person_id == person_id)
    if community_id is not None:
        query = query.where(Group.community_id == community_id)
    return [(group, member) for group, member in await db.execute(query.order_by(Group.name_key))]


async def members_of(db: AsyncSession, group_id: UUID) -> Sequence[GroupMember]:
    """A group's members, those who lead it first, then by when they came."""
    query = select(GroupMember).where(GroupMember.group_id == group_id)
    return (await db.scalars(query.order_by(GroupMember.role.desc(), GroupMember.joined_at, GroupMember.id))).all()


async def find_group_member(db: AsyncSession, group_id: UUID, person_id: UUID) -> GroupMember | None:
    return await db.scalar(
        select(GroupMember).where(GroupMember.group_id == group_id, GroupMember.person_id == person_id)
    )


async def add_group_member(
    db: AsyncSession, group_id: UUID, person_id: UUID, *, at: datetime, role: Role = Role.MEMBER
) -> bool:
    """False where they are in it already, and then their role stays."""
    return await insert_once(db, GroupMember, group_id=group_id, person_id=person_id, role=role, joined_at=at)


async def remove_group_member(db: AsyncSession, group_id: UUID, person_id: UUID) -> bool:
    """False where they were not in it."""
    gone = delete(GroupMember).where(GroupMember.group_id == group_id, GroupMember.person_id == person_id)
    return (await db.scalars(gone.returning(GroupMember.id))).first() is not None


async def end_membership(db: AsyncSession, group_id: UUID, person_id: UUID, *, how: RequestState, at: datetime) -> bool:
    """Takes a member out, and notes how they went; False where they were not in it."""
    if not await remove_group_member(db, group_id, person_id):
        return False
    await forget_requests(db, group_id, person_id)
    db.add(JoinRequest(group_id=group_id, person_id=person_id, state=how, asked_at=at, decided_at=at))
    await db.flush()
    return True


async def forget_requests(db: AsyncSession, group_id: UUID, person_id: UUID) -> None:
    await db.execute(delete(JoinRequest).where(JoinRequest.group_id == group_id, JoinRequest.person_id == person_id))


async def mark_let_in(db: AsyncSession, group_id: UUID, person_id: UUID, *, at: datetime) -> None:
    """Notes that a member is in the group's place; nothing changes for one who is no member any more."""
    theirs = update(GroupMember).where(GroupMember.group_id == group_id, GroupMember.person_id == person_id)
    await db.execute(theirs.values(let_in_at=at))


async def find_group_meeting_at(db: AsyncSession, destination: str, *, person_id: UUID) -> Group | None:
    """The group whose place this is, where the person is in it."""
    query = select(Group).join(GroupMember).where(GroupMember.person_id == person_id)
    return await db.scalar(query.where(Group.destination == destination))


async def accounts_of(db: AsyncSession, people: Collection[UUID], *, community_id: UUID) -> Mapping[UUID, IdentityKey]:
    """The accounts by which people are known on the community's platform; without those who have none there."""
    rows = await db.execute(
        select(Identity.person_id, Identity.platform, Identity.tenant, Identity.user_id)
        .join(Community, Community.platform == Identity.platform)
        .where(Community.id == community_id, Identity.person_id.in_(people))
        .order_by(Identity.tenant == Community.external_id)  # of several accounts, that of this very workspace
    )
    return {person: IdentityKey(platform, tenant, user) for person, platform, tenant, user in rows}
