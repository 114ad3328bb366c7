"""Wall-clock times against a brute-force look at every minute, over all zones."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.wall_clock import moment_of, slots

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))


def minute_by_minute(day: date, at: time, zone: str) -> datetime:
    """The first minute at which the zone's clocks show the time; in a gap, as much after it as the time lies in it."""
    tz = ZoneInfo(zone)
    wanted = datetime.combine(day, at)
    start = datetime.combine(day, time(), UTC) - timedelta(hours=27)
    before = None
    for minute in range(60 * 72):
        moment = start + timedelta(minutes=minute)
        shown = moment.astimezone(tz).replace(tzinfo=None)
        if shown == wanted:
            return moment
        if shown < wanted:
            before = moment
        elif before is not None and shown > wanted and before == moment - timedelta(minutes=1):
            last = before.astimezone(tz).replace(tzinfo=None)
            return before + (wanted - last)
    raise AssertionError("the scan ended")


@settings(max_examples=120, deadline=None)
@given(day=DAYS, at=TIMES, zone=st.sampled_from(ZONES))
def test_a_local_time_is_the_moment_that_a_minute_by_minute_look_finds(day: date, at: time, zone: str) -> None:
    assert moment_of(day, at, zone) == minute_by_minute(day, at, zone)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2027, 3, 14), time(2, 30), "America/New_York", "2027-03-14T07:30+00:00"),  # skipped: 03:30 EDT
        (date(2026, 11, 1), time(1, 30), "America/New_York", "2026-11-01T05:30+00:00"),  # twice: the first
        (date(2026, 9, 6), time(0, 0), "America/Santiago", "2026-09-06T04:00+00:00"),  # midnight is skipped
        (date(2026, 4, 5), time(1, 45), "Australia/Lord_Howe", "2026-04-04T14:45+00:00"),  # half an hour, twice
    ],
)
def test_where_clocks_change(day: date, at: time, zone: str, expected: str) -> None:
    assert moment_of(day, at, zone) == datetime.fromisoformat(expected)


@settings(max_examples=150, deadline=None)
@given(
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    at=TIMES,
    zone=st.sampled_from(ZONES),
    after=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds it
)
def test_slots_come_in_order_miss_none_and_never_repeat_a_date(
    weekdays: set[int], at: time, zone: str, after: datetime
) -> None:
    found = list(islice(slots(weekdays, at, zone, after=after), 10))
    assert [each.day for each in found] == sorted({each.day for each in found})
    assert all(each.due_at > after and each.day.weekday() in weekdays for each in found)
    first, last = found[0].day, found[-1].day
    between = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert [each.day for each in found] == [day for day in between if day.weekday() in weekdays]
    earlier = [first - timedelta(days=n) for n in range(1, 9)]
    assert all(moment_of(day, at, zone) <= after for day in earlier if day.weekday() in weekdays)


@settings(max_examples=150, deadline=None)
@given(
    edits=st.lists(st.tuples(st.sets(st.integers(0, 6), min_size=1), TIMES, st.sampled_from(ZONES)), min_size=1),
    steps=st.lists(st.integers(1, 60 * 24 * 9), min_size=1, max_size=8),
)
def test_no_date_comes_twice_however_often_time_zone_and_days_are_changed(
    edits: list[tuple[set[int], time, str]], steps: list[int]
) -> None:
    now, last = datetime(2026, 10, 20, 6, tzinfo=UTC), None
    seen: list[date] = []
    for number, minutes in enumerate(steps):
        weekdays, at, zone = edits[number % len(edits)]
        slot = next(slots(weekdays, at, zone, after=now, last=last))
        now += timedelta(minutes=minutes)
        if slot.due_at <= now:
            seen.append(slot.day)
            last = slot.day
    assert len(seen) == len(set(seen))


def test_a_schedule_without_a_weekday_is_refused() -> None:
    with pytest.raises(ValueError, match="weekday"):
        next(slots([], time(9), "UTC", after=datetime(2026, 1, 1, tzinfo=UTC)))
