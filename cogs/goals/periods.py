"""The periods of a goal, by the member's own dates: days, weeks from Monday, fortnights, months, certain days, once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cogs.goals.reading import Period, Weekday

_DAY: Final = timedelta(days=1)
_DAYS_A_WEEK: Final = 7
_DAYS_A_FORTNIGHT: Final = 14
_DAYS_A_MONTH: Final = 30
"""As far as the weight of a month goes; where it begins and ends is the calendar's."""


@dataclass(frozen=True, slots=True)
class Span:
    """One period: its first and its last day, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, from when, until when (included). ONCE has an end, and WEEKDAYS has days."""

    period: Period
    weekdays: tuple[Weekday, ...]
    starts: date
    until: date | None

    @property
    def counts_from(self) -> date:
        """The first day that counts: a goal set on a Thursday has the whole of that week."""
        return span_of(self, self.starts).first

    @property
    def per_day(self) -> float:
        """Periods in a day, on average."""
        match self.period:
            case Period.DAY:
                return 1
            case Period.WEEKDAYS:
                return len(self.weekdays) / _DAYS_A_WEEK
            case Period.WEEK:
                return 1 / _DAYS_A_WEEK
            case Period.FORTNIGHT:
                return 1 / _DAYS_A_FORTNIGHT
            case Period.MONTH | Period.ONCE:
                return 1 / _DAYS_A_MONTH


def span_of(rhythm: Rhythm, day: date) -> Span:
    """The period that a day is in. Each day is in exactly one, so nothing done counts twice or is lost.

    On certain days: from such a day until the next one, since a day late is not too late.
    """
    match rhythm.period:
        case Period.DAY:
            return Span(day, day)
        case Period.WEEK:
            return _of_days(_monday(day), _DAYS_A_WEEK)
        case Period.FORTNIGHT:
            into = (day - _monday(rhythm.starts)).days % _DAYS_A_FORTNIGHT
            return _of_days(day - timedelta(days=into), _DAYS_A_FORTNIGHT)
        case Period.MONTH:
            first = day.replace(day=1)
            return Span(first, (first + timedelta(days=31)).replace(day=1) - _DAY)
        case Period.WEEKDAYS:
            ago = min((day.weekday() - each) % _DAYS_A_WEEK for each in rhythm.weekdays)
            ahead = min((each - day.weekday() - 1) % _DAYS_A_WEEK for each in rhythm.weekdays)
            return Span(day - timedelta(days=ago), day + timedelta(days=ahead))
        case Period.ONCE:
            return Span(rhythm.starts, rhythm.until or day)


def spans(rhythm: Rhythm, *, since: date, to: date) -> Iterator[Span]:
    """The periods in order, from the one of `since` to the one of `to`."""
    span = span_of(rhythm, since)
    yield span
    while rhythm.period is not Period.ONCE and span.last < to:
        span = span_of(rhythm, span.last + _DAY)
        yield span


def takes(rhythm: Rhythm, day: date) -> bool:
    """Whether what is done on this day counts."""
    return rhythm.counts_from <= day and (rhythm.until is None or day <= rhythm.until)


def _of_days(first: date, days: int) -> Span:
    return Span(first, first + timedelta(days=days - 1))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
