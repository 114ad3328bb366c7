"""What a phrase of time in an English sentence says."""

from dataclasses import dataclass
from datetime import date

from cogs.goals.reading.parts import Period, Reason, Weekday


@dataclass(frozen=True, slots=True)
class Phrase:
    """What `tokens[start:end]` says about time."""

    start: int
    end: int
    period: Period | None = None
    weekdays: tuple[Weekday, ...] = ()
    until: date | None = None
    starts: date | None = None
    lasts: tuple[int, str] | None = None
    """For so long, counted from the start: number and unit."""
    problem: Reason | None = None
    dates: tuple[date, ...] = ()
    is_adverb: bool = False
    """An adverb may also belong to the thing, as in "two weekly meetups"."""
    is_deadline: bool = False
    """Said with "by" and its like, which ask for one thing done rather than for a habit."""
    is_weekday: bool = False
    """A single day, said by its name: "on Friday"."""
    is_vague: bool = False
    """Tells nothing, like "soon", and is no part of the thing either."""
