"""Strength bends with what was left out, comes back, and never breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cogs.goals.strength import Share, strength

DONE, MISSED, OPEN = Share(1, settled=True), Share(0, settled=True), Share(0, settled=False)
DAILY, WEEKLY, MONTHLY = 1.0, 1 / 7, 1 / 30
SHARES = some.lists(some.builds(Share, some.floats(0, 50), some.booleans()), max_size=60)
FREQUENCIES = some.sampled_from((DAILY, 5 / 7, 2 / 7, WEEKLY, 1 / 14, MONTHLY))


@pytest.mark.parametrize("days", [1, 13, 26, 91])
def test_a_daily_goal_follows_the_recipe_day_by_day(days: int) -> None:
    m = 0.5 ** (DAILY**0.5 / 13)
    score = 0.0
    for _ in range(days):
        score = score * m + 1 * (1 - m)
    assert strength([DONE] * days, per_day=DAILY) == pytest.approx(score)


def test_a_week_takes_seven_steps_of_the_recipe() -> None:
    m = 0.5 ** (WEEKLY**0.5 / 13)
    score = 0.0
    for value in (1, 1, 0, 1):
        for _ in range(7):
            score = score * m + value * (1 - m)
    assert strength([DONE, DONE, MISSED, DONE], per_day=WEEKLY) == pytest.approx(score)


def test_half_of_the_way_is_gone_in_thirteen_days_and_in_five_weeks() -> None:
    assert strength([DONE] * 13, per_day=DAILY) == pytest.approx(0.5)
    assert strength([DONE] * 5, per_day=WEEKLY) == pytest.approx(0.5, abs=0.01)


def test_one_missed_week_bends_what_a_year_made_and_breaks_nothing() -> None:
    year = strength([DONE] * 52, per_day=WEEKLY)
    assert year > 0.99
    assert 0.85 < strength([*[DONE] * 52, MISSED], per_day=WEEKLY) < year


def test_an_open_period_never_lowers_it_and_raises_it_at_once() -> None:
    before = strength([DONE] * 4, per_day=WEEKLY)
    assert strength([*[DONE] * 4, OPEN], per_day=WEEKLY) == before
    assert strength([*[DONE] * 4, Share(1, settled=False)], per_day=WEEKLY) > before


@given(SHARES, FREQUENCIES)
def test_it_is_never_below_nothing_or_above_all(shares: list[Share], per_day: float) -> None:
    assert 0 <= strength(shares, per_day=per_day) <= 1


@given(SHARES, FREQUENCIES, some.data())
def test_to_do_more_never_weakens(shares: list[Share], per_day: float, data: some.DataObject) -> None:
    more = [Share(each.done + data.draw(some.floats(0, 5)), each.settled) for each in shares]
    assert strength(more, per_day=per_day) >= strength(shares, per_day=per_day)


@given(SHARES, FREQUENCIES, some.integers(0, 200))
def test_rest_freezes_it(shares: list[Share], per_day: float, periods: int) -> None:
    assert strength([*shares, *[OPEN] * periods], per_day=per_day) == strength(shares, per_day=per_day)


@given(SHARES, FREQUENCIES)
def test_it_never_falls_to_nothing_again(shares: list[Share], per_day: float) -> None:
    assert strength([DONE, *shares], per_day=per_day) > 0
