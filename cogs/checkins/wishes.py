"""The rules of how a member wants to be asked, and of being away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cogs.checkins import rounds
from cogs.checkins.tables import Pause, Way, Wish
from db.groups import Group
from db.insert import insert_once

WEEKS_AT_MOST: Final = 8


async def pause(db: AsyncSession, *, owner: UUID, group_id: UUID, weeks: int, at: datetime) -> datetime:
    """Nothing is asked in this group for 1 to 8 weeks; until when. ValueError for another number."""
    if not 1 <= weeks <= WEEKS_AT_MOST:
        message = "a pause takes 1 to 8 weeks"
        raise ValueError(message)
    until = at + timedelta(weeks=weeks)
    if not await insert_once(db, Pause, person_id=owner, group_id=group_id, until=until):
        mine = (Pause.person_id == owner, Pause.group_id == group_id)
        await db.execute(update(Pause).where(*mine).values(until=until))
    await rounds.unplan(db, person_id=owner, group_id=group_id, now=at)
    return until


async def resume(db: AsyncSession, *, owner: UUID) -> int:
    """Come back to all groups; how many pauses that ends."""
    ended = await db.scalars(delete(Pause).where(Pause.person_id == owner).returning(Pause.id))
    return len(ended.all())


async def find_pauses(db: AsyncSession, *, owner: UUID, now: datetime) -> Sequence[tuple[Pause, Group]]:
    """Where a member is away now, by the group's name."""
    query = select(Pause, Group).join(Group, Group.id == Pause.group_id)
    query = query.where(Pause.person_id == owner, Pause.until > now).order_by(Group.name_key)
    return [(found, group) for found, group in await db.execute(query)]


async def is_away(db: AsyncSession, *, owner: UUID, group_id: UUID, now: datetime) -> bool:
    away = select(Pause.id).where(Pause.person_id == owner, Pause.group_id == group_id, Pause.until > now)
    return await db.scalar(away) is not None


async def find_wish(db: AsyncSession, *, owner: UUID) -> Wish:
    """What the member said, else how it is where nobody said anything; that one is not kept."""
    found = await db.scalar(select(Wish).where(Wish.person_id == owner))
    return found or Wish(person_id=owner, way=Way.DIRECT, nudges=True)


async def change_wish(db: AsyncSession, *, owner: UUID, way: Way | None = None, nudges: bool | None = None) -> None:
    """Change where to ask, or whether to remind; what is None stays."""
    await insert_once(db, Wish, person_id=owner, way=Way.DIRECT, nudges=True)
    wish = await find_wish(db, owner=owner)
    wish.way = wish.way if way is None else way
    wish.nudges = wish.nudges if nudges is None else nudges
    await db.flush()


async def delete_over(db: AsyncSession, *, now: datetime) -> None:
    """Forget the pauses that are over."""
    await db.execute(delete(Pause).where(Pause.until <= now))
