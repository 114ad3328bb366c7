"""The hours in which the bot does not write first."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.members import Person
from db.wall_clock import moment_of


def after_quiet(at: datetime, person: Person, *, elsewhere: str = "UTC") -> datetime:
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
