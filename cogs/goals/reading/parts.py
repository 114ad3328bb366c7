"""What a sentence about a goal can say, whatever its language: the goal, or what is still to be asked."""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from bot.options import Choice

MOST = 1000
"""The largest quantity that is taken for one period."""

FURTHEST_YEARS = 5
"""How far ahead a deadline or a start may lie."""


class Period(Choice):
    """How often the quantity is to be reached."""

    DAY = "day", "Each day"
    WEEK = "week", "Each week"
    FORTNIGHT = "fortnight", "Every other week"
    MONTH = "month", "Each month"
    WEEKDAYS = "weekdays", "On certain days"
    ONCE = "once", "Once"


class Weekday(IntEnum):
    """As `date.weekday()` counts."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class Bound(Choice):
    """How strictly the quantity was said."""

    PLAIN = "plain", "As said"
    AT_LEAST = "at_least", "At least"
    UP_TO = "up_to", "Up to"
    ABOUT = "about", "About"


class Gap(Choice):
    """What can be missing, in the order in which it is asked for."""

    THING = "thing", "What"
    QUANTITY = "quantity", "How many"
    TIME = "time", "How often, or by when"


class Reason(Choice):
    """Why a part is asked for; `Missing.words` and `Missing.dates` say more where noted."""

    NOT_SAID = "not_said", "Not said"
    VAGUE = "vague", "Not a number or a date"  # words: "several", "soon"
    ZERO = "zero", "Zero"  # words
    NEGATIVE = "negative", "Below zero, or a thing not to do"  # words
    FRACTION = "fraction", "Not a whole number"  # words
    TOO_MANY = "too_many", "More than can be counted here"  # words
    SEVERAL = "several", "More than one goal"  # words: the second period
    UNKNOWN_PERIOD = "unknown_period", "A rhythm that is not kept here"  # words: "every quarter"
    HOW_OFTEN = "how_often", "A length of time without how often"  # words: "for 12 weeks"; read.until is there
    AMBIGUOUS = "ambiguous", "Could be several dates"  # words: "1/3"; dates: what it could be, earliest first
    UNCLEAR = "unclear", "No date is known for it"  # words: "until I'm hired"
    NO_SUCH_DATE = "no_such_date", "Not in the calendar"  # words: "February 30"
    PAST = "past", "Already over"  # words
    TOO_FAR = "too_far", "Too far ahead"  # words
    ENDS_BEFORE_START = "ends_before_start", "Ends before it starts"  # words


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal as read: `verb quantity thing` in each `period`, from `starts` to `until`, both days included.

    `thing` is empty where the verb itself is counted: "go to the gym" 2 times each week, "finish my portfolio" once.
    `verb` is empty where only a thing was named: 5 "job applications".
    """

    verb: str = field(repr=False)
    quantity: int
    """1 to `MOST`: of the thing, or times, in each period; the lower end of a range."""
    thing: str = field(repr=False)
    period: Period
    weekdays: tuple[Weekday, ...] = ()
    """WEEKDAYS: the quantity is meant for each of them. WEEK, FORTNIGHT: it is meant for all of them together."""
    until: date | None = None
    """Always there for ONCE."""
    starts: date | None = None
    """Where a later start was said; None is now."""
    upper: int | None = None
    """The upper end, where a range was said."""
    bound: Bound = Bound.PLAIN


@dataclass(frozen=True, slots=True)
class Read:
    """What was read so far, each part None or empty until it was said."""

    text: str = field(repr=False)
    """The whole sentence, spaces tidied."""
    verb: str = field(default="", repr=False)
    thing: str = field(default="", repr=False)
    """With an empty verb, all the words that are not time: it cannot be told yet which of them are counted."""
    quantity: int | None = None
    period: Period | None = None
    weekdays: tuple[Weekday, ...] = ()
    until: date | None = None
    starts: date | None = None
    upper: int | None = None
    bound: Bound = Bound.PLAIN
    when: str = field(default="", repr=False)
    """The words that were understood as time, as typed."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Not a goal yet: ask for `gap`, for this `reason`, and leave the other gaps for later."""

    gaps: tuple[Gap, ...]
    """At least one. A part that was said but cannot be kept comes first, then the order of `Gap`."""
    reason: Reason
    """Why the first gap is asked for."""
    read: Read
    words: str = field(default="", repr=False)
    """The words that the reason is about, as typed."""
    dates: tuple[date, ...] = ()
    """What an ambiguous date could be, earliest first: a choice to offer."""

    @property
    def gap(self) -> Gap:
        """What to ask for now."""
        return self.gaps[0]
