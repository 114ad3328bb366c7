"""The hours in which the bot does not write first, and the clock that they follow."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.groups import Group, GroupMember
from db.members import Person
from db.wall_clock import moment_of

NOWHERE = "UTC"


async def zone_of(db: AsyncSession, person: Person, *, group_zone: str | None = None) -> str:
    """The IANA zone that a person lives by.

    Where they told none it is `group_zone`, that of the group it is about; else that of the group that they have been
    in for longest; else UTC.
    """
    found = person.zone or group_zone
    if found is None:
        theirs = select(Group.zone).join(GroupMember).where(GroupMember.person_id == person.id)
        found = await db.scalar(theirs.order_by(GroupMember.joined_at, GroupMember.id).limit(1))
    return found or NOWHERE


def after_quiet(at: datetime, person: Person, *, elsewhere: str) -> datetime:
    """`at`, or the end of the member's quiet hours where it falls into them; `elsewhere` where they have no zone."""
    zone = person.zone or elsewhere
    local = at.astimezone(ZoneInfo(zone))
    if not is_quiet(local.time(), quiet_from=person.quiet_from, quiet_until=person.quiet_until):
        return at
    end = moment_of(local.date(), person.quiet_until, zone)
    return end if end > at else moment_of(local.date() + timedelta(days=1), person.quiet_until, zone)


def is_quiet(at: time, *, quiet_from: time, quiet_until: time) -> bool:
    """Whether a local time lies in the quiet hours, which may go over midnight; none where both are the same."""
    if quiet_from <= quiet_until:
        return quiet_from <= at < quiet_until
    return at >= quiet_from or at < quiet_until
