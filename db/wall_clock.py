"""Local dates and times as moments: right across daylight saving, and never the same date twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """One date of a schedule, where the schedule is, and the moment it is due."""

    day: date
    due_at: datetime


def moment_of(day: date, at: time, zone: str) -> datetime:
    """The moment when clocks in `zone` show `at` on `day`.

    A time that daylight saving skips moves forward by what is skipped; of one that comes twice it is the first
    (RFC 5545, 3.3.5).
    """
    return datetime.combine(day, at, ZoneInfo(zone)).replace(fold=0).astimezone(UTC)


def slots(
    weekdays: Collection[int], at: time, zone: str, *, after: datetime, last: date | None = None
) -> Iterator[Slot]:
    """The coming slots without end: due later than `after`, on dates later than `last`. Monday is 0.

    ValueError where there is no weekday. `last` is the last date that was due, under whatever time and zone, so that
    changing these repeats no date.
    """
    if not set(weekdays) & set(range(7)):
        message = "a schedule has at least one weekday"
        raise ValueError(message)
    # The day before, for a time that is skipped at midnight and so falls on the next date.
    day = after.astimezone(ZoneInfo(zone)).date() - _DAY
    if last is not None:
        day = max(day, last + _DAY)
    while True:
        if day.weekday() in weekdays:
            due_at = moment_of(day, at, zone)
            if due_at > after:
                yield Slot(day, due_at)
        day += _DAY
