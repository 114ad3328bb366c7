"""Where the periods of a goal begin and end, for every rhythm, every day and every zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cogs.goals.periods import Rhythm, Span, span_of, spans, takes
from cogs.goals.reading import Period, Weekday

MONDAY = date(2026, 11, 23)
MON, TUE, WED, THU, FRI, SAT, SUN = Weekday
DAYS = some.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31))
RECURRING = tuple(period for period in Period if period is not Period.ONCE)
RHYTHMS = some.builds(
    Rhythm,
    some.sampled_from(RECURRING),
    some.sets(some.sampled_from(Weekday), min_size=1).map(lambda days: tuple(sorted(days))),
    DAYS,
    some.none(),
)


def on(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("period", "weekdays", "day", "first", "last"),
    [
        (Period.DAY, (), on(11, 25), on(11, 25), on(11, 25)),
        (Period.WEEK, (), on(11, 23), on(11, 23), on(11, 29)),
        (Period.WEEK, (SAT, SUN), on(11, 29), on(11, 23), on(11, 29)),
        (Period.WEEK, (), on(1, 1, 2027), on(12, 28), on(1, 3, 2027)),
        (Period.FORTNIGHT, (), on(11, 25), on(11, 23), on(12, 6)),
        (Period.FORTNIGHT, (), on(12, 6), on(11, 23), on(12, 6)),
        (Period.FORTNIGHT, (), on(12, 7), on(12, 7), on(12, 20)),
        (Period.FORTNIGHT, (), on(11, 22), on(11, 9), on(11, 22)),
        (Period.MONTH, (), on(2, 28, 2028), on(2, 1, 2028), on(2, 29, 2028)),
        (Period.MONTH, (), on(12, 31), on(12, 1), on(12, 31)),
        (Period.WEEKDAYS, (MON,), on(11, 23), on(11, 23), on(11, 29)),
        (Period.WEEKDAYS, (MON,), on(11, 29), on(11, 23), on(11, 29)),
        (Period.WEEKDAYS, (MON, THU), on(11, 25), on(11, 23), on(11, 25)),
        (Period.WEEKDAYS, (MON, THU), on(11, 26), on(11, 26), on(11, 29)),
        (Period.WEEKDAYS, tuple(Weekday)[:5], on(11, 28), on(11, 27), on(11, 29)),
    ],
)
def test_a_day_is_in_its_period(
    period: Period, weekdays: tuple[Weekday, ...], day: date, first: date, last: date
) -> None:
    assert span_of(Rhythm(period, weekdays, MONDAY, None), day) == Span(first, last)


def test_every_other_week_counts_from_the_week_it_began_in() -> None:
    for starts in (on(11, 23), on(11, 26), on(11, 29)):
        assert span_of(Rhythm(Period.FORTNIGHT, (), starts, None), on(12, 1)) == Span(on(11, 23), on(12, 6))
    assert span_of(Rhythm(Period.FORTNIGHT, (), on(11, 30), None), on(12, 1)) == Span(on(11, 30), on(12, 13))


def test_what_is_done_once_has_one_period_up_to_its_day() -> None:
    once = Rhythm(Period.ONCE, (), MONDAY, on(12, 24))
    assert span_of(once, on(12, 1)) == Span(MONDAY, on(12, 24))
    assert list(spans(once, since=MONDAY, to=on(12, 1))) == [Span(MONDAY, on(12, 24))]


def test_the_first_week_counts_whole_and_the_last_day_too() -> None:
    weekly = Rhythm(Period.WEEK, (), on(11, 26), on(12, 9))
    expected = {on(11, 22): False, on(11, 23): True, on(12, 9): True, on(12, 10): False}
    assert {day: takes(weekly, day) for day in expected} == expected


@given(RHYTHMS, DAYS)
def test_every_day_is_in_exactly_one_period(rhythm: Rhythm, day: date) -> None:
    span = span_of(rhythm, day)
    assert span.first <= day <= span.last
    assert span_of(rhythm, span.first) == span_of(rhythm, span.last) == span
    assert span_of(rhythm, span.last + timedelta(days=1)).first == span.last + timedelta(days=1)
    assert span_of(rhythm, span.first - timedelta(days=1)).last == span.first - timedelta(days=1)


@given(RHYTHMS, DAYS, some.integers(0, 400))
def test_periods_follow_each_other_without_a_gap(rhythm: Rhythm, since: date, days: int) -> None:
    to = since + timedelta(days=days)
    found = list(spans(rhythm, since=since, to=to))
    assert found[0] == span_of(rhythm, since)
    assert found[-1] == span_of(rhythm, to)
    assert all(one.last + timedelta(days=1) == next_one.first for one, next_one in pairwise(found))


def test_in_every_zone_a_year_of_instants_walks_through_the_same_weeks() -> None:
    """Clocks go forward and back, and a day may be 23 or 25 hours long; dates go on one by one, weeks from Monday."""
    instants = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=8 * each) for each in range(3 * 366)]
    weekly = Rhythm(Period.WEEK, (), on(1, 1), None)
    for name in available_timezones():
        zone = ZoneInfo(name)
        days = [instant.astimezone(zone).date() for instant in instants]
        steps = {(after - before).days for before, after in pairwise(days)}
        assert steps == {0, 1}, name
        weeks = sorted({span_of(weekly, day) for day in days}, key=lambda span: span.first)
        assert weeks == list(spans(weekly, since=days[0], to=days[-1])), name


@given(some.sampled_from(sorted(available_timezones())), some.integers(0, 17 * 366 * 86400))
def test_what_was_counted_stays_in_its_week_when_the_zone_changes(name: str, seconds: int) -> None:
    """The date is kept, not the instant: a move across the world makes no day count twice."""
    instant = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    weekly = Rhythm(Period.WEEK, (), on(1, 1, 2020), None)
    counted = instant.astimezone(ZoneInfo(name)).date()
    for other in ("Pacific/Kiritimati", "Pacific/Niue", "Europe/London"):
        today = instant.astimezone(ZoneInfo(other)).date()
        assert abs((counted - today).days) <= 2
        assert (span_of(weekly, counted) == span_of(weekly, today)) == (
            counted.isocalendar()[:2] == today.isocalendar()[:2]
        )
