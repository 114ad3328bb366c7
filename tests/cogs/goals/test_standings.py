"""What was done on which days gives the same standing, whatever the order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as some

from cogs.goals import standings
from cogs.goals.periods import span_of
from cogs.goals.reading import Bound, Goal, Period
from cogs.goals.standings import Standing, rhythm_of
from cogs.goals.tables import Goal as Kept

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
WEEKLY = Goal("apply to", 5, "job postings", Period.WEEK)
EVENTS = Goal("attend", 2, "networking events", Period.MONTH, bound=Bound.AT_LEAST)


def days(number: int) -> timedelta:
    return timedelta(days=number)


DAY_NUMBERS = some.integers(0, 60)


@given(
    some.lists(some.tuples(DAY_NUMBERS, some.integers(1, 4)), max_size=30),
    some.randoms(use_true_random=False),
    some.sampled_from([WEEKLY, EVENTS, replace(WEEKLY, period=Period.FORTNIGHT), replace(WEEKLY, period=Period.DAY)]),
)
def test_in_which_order_things_are_counted_does_not_matter(
    done: Sequence[tuple[int, int]], random: Random, goal: Goal
) -> None:
    shuffled = list(done)
    random.shuffle(shuffled)
    assert _said(_told(goal, done)) == _said(_told(goal, shuffled))


@given(
    some.lists(some.tuples(DAY_NUMBERS, some.integers(1, 4)), max_size=30),
    some.integers(0, 60),
    some.sampled_from([WEEKLY, EVENTS, replace(WEEKLY, period=Period.FORTNIGHT), replace(WEEKLY, period=Period.DAY)]),
)
def test_within_a_period_the_day_does_not_matter(done: Sequence[tuple[int, int]], day: int, goal: Goal) -> None:
    rhythm = rhythm_of(_row(goal))
    early = [((span_of(rhythm, MONDAY + days(each)).first - MONDAY).days, number) for each, number in done]
    assert _said(_told(goal, done, day=day + 60)) == _said(_told(goal, early, day=day + 60))


@given(
    some.lists(some.tuples(DAY_NUMBERS, some.integers(1, 4)), max_size=30),
    some.integers(1, 60),
    some.integers(0, 400),
    some.sampled_from([WEEKLY, EVENTS, replace(WEEKLY, period=Period.FORTNIGHT), replace(WEEKLY, period=Period.DAY)]),
)
def test_any_rest_freezes_the_strength(done: Sequence[tuple[int, int]], begins: int, length: int, goal: Goal) -> None:
    earlier = [(day, number) for day, number in done if day <= begins]
    before = _told(goal, earlier, day=begins)
    resting = standings.stand(
        _row(goal, paused_on=MONDAY + days(begins)), _by_day(earlier), [], today=MONDAY + days(begins + length)
    )
    rest = (MONDAY + days(begins), MONDAY + days(begins + length))
    resumed = standings.stand(_row(goal), _by_day(earlier), [rest], today=MONDAY + days(begins + length))
    assert resting.strength == before.strength
    assert resting.done == before.done
    assert resumed.strength == before.strength


def _row(goal: Goal, *, paused_on: date | None = None) -> Kept:
    return Kept(
        period=goal.period,
        days=0,
        quantity=goal.quantity,
        starts=MONDAY,
        until=None,
        paused_on=paused_on,
        finished_on=None,
    )


def _by_day(done: Sequence[tuple[int, int]]) -> dict[date, int]:
    by_day: dict[date, int] = {}
    for day, number in done:
        by_day[MONDAY + days(day)] = by_day.get(MONDAY + days(day), 0) + number
    return by_day


def _told(goal: Goal, done: Sequence[tuple[int, int]], *, day: int = 61) -> Standing:
    return standings.stand(_row(goal), _by_day(done), [], today=MONDAY + days(day))


def _said(standing: Standing) -> tuple[object, ...]:
    return standing.span, standing.done, standing.strength
