"""Habit strength: bends with what was not done, comes back with what is, and never breaks.

The recipe is Loop Habit Tracker's (iSoron/uhabits, `core/models/Score.kt`): `score*m + value*(1-m)` with
`m = 0.5 ** (sqrt(frequency) / 13)`, one step for each day. Its frequency is repetitions divided by days; as with its
measurable habits, a period is one repetition here, and the part of it that was done is the value. A period takes the
steps of its days at once: what was done in it decides, and on which of its days does not. Half of the way is gone in
13 days of a daily goal, and in 5 weeks of a weekly one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Final

HALF_DAYS: Final = 13
"""Days in which a daily goal goes half of the way."""


@dataclass(frozen=True, slots=True)
class Share:
    """What was done in one period."""

    done: float
    """As a part of what was meant to be done; above 1 counts as 1."""
    settled: bool
    """Over, and without a day of rest: only then it may lower the strength."""


def strength(shares: Iterable[Share], *, per_day: float) -> float:
    """From 0 to 1, after all the periods in their order."""
    keeps = 0.5 ** (sqrt(per_day) / HALF_DAYS / per_day)
    score = 0.0
    for share in shares:
        moved = score * keeps + min(share.done, 1.0) * (1 - keeps)
        score = moved if share.settled else max(score, moved)
    return score
