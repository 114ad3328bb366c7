"""The demo's clock: it goes forward, and on from there after a restart."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import MovableClock

WEEK = timedelta(weeks=1)


def ahead(clock: MovableClock) -> timedelta:
    return timedelta(days=round((clock.now() - datetime.now(UTC)) / timedelta(days=1)))


def test_it_is_as_far_ahead_after_a_restart_until_it_is_set_back(tmp_path: Path) -> None:
    kept = tmp_path / "demo.clock"
    clock = MovableClock(kept)
    assert ahead(clock) == timedelta()
    clock.move(WEEK)
    clock.move(WEEK)
    assert ahead(clock) == ahead(MovableClock(kept)) == 2 * WEEK
    clock.reset()
    assert ahead(clock) == ahead(MovableClock(kept)) == timedelta()


@pytest.mark.parametrize("left", ["", "604", "six"])
def test_what_was_left_of_a_file_stops_no_start(tmp_path: Path, left: str) -> None:
    kept = tmp_path / "demo.clock"
    kept.write_text(left)
    assert ahead(MovableClock(kept)) == timedelta()


def test_it_never_goes_back(tmp_path: Path) -> None:
    clock = MovableClock(tmp_path / "demo.clock")
    clock.move(WEEK)
    with pytest.raises(ValueError, match="forward"):
        clock.move(-WEEK)
    assert ahead(clock) == WEEK
