"""Who is who: people, the accounts that reach them, and the communities they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import IntEnum, StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid, and_, bindparam, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Base, Coded, Versioned, kept, structural
from db.insert import insert_once
from db.jobs import is_missed
from db.sealed import Sealed, SealedText, sealed_text

QUIET_FROM = time(21)
QUIET_UNTIL = time(8)
_UNTIL_DELETED = "until the member deletes their data"
_MEMBER_ALONE = "the member"


class Consent(StrEnum):
    """What a member chose on first use."""

    KEEP = "keep"
    WITHOUT_SAVING = "without_saving"


class Role(IntEnum):
    """What a member may do in a community; a higher one may do more."""

    MEMBER = 0
    FACILITATOR = 1
    MODERATOR = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """One account. `tenant` is the Slack workspace, or "" where user ids are unique on the whole platform."""

    platform: str
    tenant: str
    user: str = field(repr=False)


class Person(Base, Versioned):
    """One member, however many accounts they use. Owns all private entries."""

    __tablename__ = "people"
    __owner__ = "id"

    consent: Mapped[Consent] = kept(
        Coded(Consent),
        why="whether anything may be kept at all",
        seen_by=_MEMBER_ALONE,
        until=_UNTIL_DELETED,
    )
    consented_at: Mapped[datetime] = kept(why="when that was chosen", seen_by=_MEMBER_ALONE, until=_UNTIL_DELETED)
    zone: Mapped[str | None] = kept(
        why="to show times and to write at a fitting hour", seen_by=_MEMBER_ALONE, until=_UNTIL_DELETED
    )
    quiet_from: Mapped[time] = kept(
        default=QUIET_FROM,
        why="the local time from which the bot does not write first",
        seen_by=_MEMBER_ALONE,
        until=_UNTIL_DELETED,
    )
    quiet_until: Mapped[time] = kept(
        default=QUIET_UNTIL,
        why="the local time until which the bot does not write first",
        seen_by=_MEMBER_ALONE,
        until=_UNTIL_DELETED,
    )
    country: Mapped[str | None] = kept(
        why="to show that country's helplines (two letters, ISO 3166)",
        seen_by=_MEMBER_ALONE,
        until=_UNTIL_DELETED,
    )
    may_write_first: Mapped[bool] = kept(
        default=True,
        why="whether the bot may write without being asked",
        seen_by=_MEMBER_ALONE,
        until=_UNTIL_DELETED,
    )
    direct: Mapped[str | None] = kept(
        why="where the bot writes to the member first, where they chose direct messages",
        seen_by=_MEMBER_ALONE,
        until=_UNTIL_DELETED,
    )
    sealed_looking_for: Mapped[Sealed | None] = kept(
        SealedText(), why="what the member is looking for", seen_by=_MEMBER_ALONE, until=_UNTIL_DELETED
    )
    created_at: Mapped[datetime] = kept(
        why="since when the member is known", seen_by=_MEMBER_ALONE, until=_UNTIL_DELETED
    )

    looking_for = sealed_text("sealed_looking_for", optional=True)


class Identity(Base):
    """An account that reaches a person. The raw user id is needed to write to it."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("platform", "tenant", "user_id"),)

    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    platform: Mapped[str] = kept(why="to reach the member", seen_by="nobody", until=_UNTIL_DELETED)
    tenant: Mapped[str] = kept(
        why="the Slack workspace in which the user id holds", seen_by="nobody", until=_UNTIL_DELETED
    )
    user_id: Mapped[str] = kept(
        why="to know the member again and to write to them", seen_by="nobody", until=_UNTIL_DELETED
    )


class Membership(Base, Versioned):
    """That a person belongs to a community, and what they may do there."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("person_id", "community_id"),)

    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"))
    community_id: Mapped[UUID] = structural(ForeignKey("communities.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = kept(
        Coded(Role),
        default=Role.MEMBER,
        why="what the member may do in the community",
        seen_by="the community",
        until=_UNTIL_DELETED,
    )
    joined_at: Mapped[datetime] = kept(
        why="when the member first used the bot in the community",
        seen_by="the member and the community's moderators",
        until=_UNTIL_DELETED,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A person, and their standing in the community that was asked about."""

    person: Person
    role: Role
    joined: bool
    missed: bool
    """Something could not be delivered to them, or perhaps was not, and they have not seen it."""


async def find_member(db: AsyncSession, key: IdentityKey, *, community: UUID | None) -> Found | None:
    """The person behind an account. Where they have not joined the community (or none is given) they are a MEMBER."""
    asked = {"platform": key.platform, "tenant": key.tenant, "user": key.user, "community": community}
    row = (await db.execute(_MEMBER, asked)).one_or_none()
    if row is None:
        return None
    person: Person = row[0]
    role: Role | None = row[1]
    return Found(person, Role.MEMBER if role is None else role, joined=role is not None, missed=row[2])


# Made once: every command asks it, and to put it together takes as long as to carry it out.
_MEMBER = (
    select(Person, Membership.role, exists().where(is_missed(Person.id)))
    .join(Identity, Identity.person_id == Person.id)
    .outerjoin(
        Membership,
        and_(Membership.person_id == Person.id, Membership.community_id == bindparam("community", type_=Uuid())),
    )
    .where(
        Identity.platform == bindparam("platform"),
        Identity.tenant == bindparam("tenant"),
        Identity.user_id == bindparam("user"),
    )
)


async def get_identity(db: AsyncSession, key: IdentityKey) -> Identity:
    """The account of somebody who is known; LookupError when there is none."""
    query = select(Identity).where(
        Identity.platform == key.platform, Identity.tenant == key.tenant, Identity.user_id == key.user
    )
    found = await db.scalar(query)
    if found is None:
        message = "no such account"
        raise LookupError(message)
    return found


async def get_person(db: AsyncSession, person_id: UUID) -> Person:
    """A person by id; LookupError when there is none."""
    person = await db.get(Person, person_id)
    if person is None:
        message = "no such person"
        raise LookupError(message)
    return person


async def create_person(
    db: AsyncSession, key: IdentityKey, *, consent: Consent, zone: str | None, at: datetime
) -> Person:
    """The person behind an account, made now unless another call was quicker: then theirs, unchanged."""
    person = Person(consent=consent, consented_at=at, zone=zone, created_at=at)
    db.add(person)
    await db.flush()
    if await insert_once(db, Identity, person_id=person.id, platform=key.platform, tenant=key.tenant, user_id=key.user):
        return person
    await db.delete(person)
    await db.flush()
    found = await find_member(db, key, community=None)
    if found is None:
        message = "an account is taken, and yet belongs to nobody"
        raise LookupError(message)
    return found.person


async def join(db: AsyncSession, person_id: UUID, *, community: UUID, at: datetime, role: Role = Role.MEMBER) -> bool:
    """Make a person a member of a community; False (and nothing changes) when they are one already."""
    return await insert_once(db, Membership, person_id=person_id, community_id=community, role=role, joined_at=at)


async def leave(db: AsyncSession, person_id: UUID, *, community: UUID) -> bool:
    """Ends a person's part in a community, with whatever role they had there; False where they had none."""
    gone = delete(Membership).where(Membership.person_id == person_id, Membership.community_id == community)
    return (await db.scalars(gone.returning(Membership.id))).first() is not None


async def delete_person(db: AsyncSession, person_id: UUID) -> None:
    """Delete a person, and with them by cascade all that is theirs.

    What was posted for them stays known without their name (`posts.person_id` becomes null), so that it can still
    be withdrawn: call `posts.withdraw_posts_of` first.
    """
    await db.execute(delete(Identity).where(Identity.person_id == person_id))
    await db.execute(delete(Membership).where(Membership.person_id == person_id))
    await db.execute(delete(Person).where(Person.id == person_id))
