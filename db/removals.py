"""Accounts that are still to be taken out of the places of groups, after all else of a person was deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Base, kept, structural
from db.groups import Group, GroupMember, JoinRequest, RequestState, accounts_of
from db.sealed import Sealed, SealedText, sealed_text

LEFT_LATELY = timedelta(days=1)
"""Who left a group by themselves may still be on their way out of its place."""
_UNTIL = "until the account is out of the place, a day at most"


class Removal(Base):
    """One account and one place; `leaving` is the same for all places of one person. Nothing tells whose it was."""

    __tablename__ = "removals"
    __owner__ = None

    leaving: Mapped[UUID] = structural(index=True)
    destination: Mapped[str] = kept(
        why="the place of a group that somebody was in who was deleted", seen_by="nobody", until=_UNTIL
    )
    sealed_user: Mapped[Sealed] = kept(
        SealedText(),
        why="their id on the platform, to take them out of it: nothing else knows it any more",
        seen_by="nobody",
        until=_UNTIL,
    )
    created_at: Mapped[datetime] = kept(index=True, why="to give up in time", seen_by="nobody", until=_UNTIL)

    user = sealed_text("sealed_user")


async def create_removals(db: AsyncSession, person_id: UUID, *, leaving: UUID, at: datetime) -> Sequence[Removal]:
    """One for each place that a person is in with a group, or may still be in; to be called before they are deleted."""
    in_it = select(GroupMember.group_id).where(GroupMember.person_id == person_id)
    left = select(JoinRequest.group_id).where(
        JoinRequest.person_id == person_id,
        JoinRequest.state == RequestState.LEFT,
        JoinRequest.decided_at > at - LEFT_LATELY,
    )
    made: list[Removal] = []
    for group in (await db.scalars(select(Group).where(Group.id.in_(in_it.union(left))))).all():
        account = (await accounts_of(db, [person_id], community_id=group.community_id)).get(person_id)
        if account is not None and group.destination is not None:
            removal = Removal(leaving=leaving, destination=group.destination, user=account.user, created_at=at)
            db.add(removal)
            made.append(removal)
    await db.flush()
    return made


async def find_removals(db: AsyncSession, leaving: UUID) -> Sequence[Removal]:
    """The places that are still to be left."""
    return (await db.scalars(select(Removal).where(Removal.leaving == leaving).order_by(Removal.id))).all()


async def delete_removal(db: AsyncSession, removal_id: UUID) -> None:
    await db.execute(delete(Removal).where(Removal.id == removal_id))


async def delete_old_removals(db: AsyncSession, *, before: datetime) -> None:
    """Forgets whom no attempt got out of a place."""
    await db.execute(delete(Removal).where(Removal.created_at <= before))
