"""Sentences about goals and what each one says. Written before the reader; a new one is added before it is taught."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from cogs.goals.reading import Bound, Gap, Period, Reason, Weekday

TODAY: Final = date(2026, 11, 23)
"""A Monday. Sentences are read on it unless they say another day."""

FRIDAY: Final = date(2026, 11, 27)
SUNDAY: Final = date(2026, 11, 29)
MONTH_END: Final = date(2026, 11, 30)
YEAR_END: Final = date(2026, 12, 31)
MARCH_1: Final = date(2027, 3, 1)

DAY, WEEK, FORTNIGHT, MONTH = Period.DAY, Period.WEEK, Period.FORTNIGHT, Period.MONTH
DAYS, ONCE = Period.WEEKDAYS, Period.ONCE
MON, TUE, WED, THU, FRI, SAT, SUN = Weekday
WORKDAYS: Final = (MON, TUE, WED, THU, FRI)


@dataclass(frozen=True)
class Says:
    """A sentence that is a goal."""

    text: str
    verb: str
    quantity: int
    thing: str
    period: Period
    weekdays: tuple[Weekday, ...] = ()
    until: date | None = None
    starts: date | None = None
    upper: int | None = None
    bound: Bound = Bound.PLAIN
    today: date = TODAY


@dataclass(frozen=True)
class Lacks:
    """A sentence that is not one yet: what to ask for, why, and the words that it is about."""

    text: str
    gaps: tuple[Gap, ...]
    reason: Reason = Reason.NOT_SAID
    words: str = ""
    dates: tuple[date, ...] = ()
    today: date = TODAY


def on(month: int, day: int, year: int = 2027) -> date:
    return date(year, month, day)


THING, QUANTITY, TIME = Gap.THING, Gap.QUANTITY, Gap.TIME
