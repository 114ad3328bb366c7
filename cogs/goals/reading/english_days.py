"""Days in English: "March 1", "next Friday", "the end of January", "25.3.2027", "New Year's Eve"."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from cogs.goals.reading import calendar_days
from cogs.goals.reading.english_numbers import cardinal
from cogs.goals.reading.parts import Reason
from cogs.goals.reading.tokens import Token, after, key_at, keys, word_list

UNITS: Final = {
    "day": "day", "days": "day", "week": "week", "weeks": "week", "wk": "week", "wks": "week",
    "fortnight": "fortnight", "fortnights": "fortnight", "month": "month", "months": "month", "mo": "month",
    "year": "year", "years": "year",
}  # fmt: skip
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in word_list(names)
}  # fmt: skip
_WHOLE_MONTHS: Final = frozenset(
    word_list("january february march april may june july august september october november december")
)
WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        ("mon monday", "tue tues tuesday", "wed weds wednesday", "thu thur thurs thursday", "fri friday",
         "sat saturday", "sun sunday")
    )
    for name in word_list(names)
}  # fmt: skip
PARTS_OF_DAY: Final = frozenset(
    word_list("morning mornings noon lunchtime afternoon afternoons evening evenings night nights")
)


@dataclass(frozen=True, slots=True)
class Found:
    """The days that words may mean, ending before `tokens[end]`: one, several to choose from, or none and why.

    A stretch of time has its first day too: `starts` of "next week".
    """

    end: int
    days: tuple[date, ...] = ()
    problem: Reason | None = None
    starts: date | None = None
    is_weekday: bool = False
    is_end: bool = False


def day(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    """The day that these words name as a deadline or a start; years that are not said are the next to come."""
    if at >= len(tokens):
        return None
    for reader in _READERS:
        found = reader(tokens, at, today)
        if found:
            return _with_hour(tokens, found)
    return None


def stretch(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    """Next week, the rest of the year, March 2027: its first day as `starts` and its last in `days`."""
    at = after(tokens, at, "the")
    if keys(tokens, at, 2) == ("rest", "of"):
        at = after(tokens, at + 2, "the", "this")
        unit = _CALENDAR.get(key_at(tokens, at))
        return Found(at + 1, (calendar_days.last_of(today, unit),), starts=today) if unit else None
    if keys(tokens, at, 2) in {("this", "weekend"), ("next", "weekend")}:
        saturday = calendar_days.next_weekday(calendar_days.first_of(today, "week"), 5)
        saturday += timedelta(days=7 if tokens[at].key == "next" else 0)
        return Found(at + 2, (saturday + timedelta(days=1),), starts=saturday)
    word, unit = key_at(tokens, at), _CALENDAR.get(key_at(tokens, at + 1))
    if word in {"this", "next", "last"} and unit:
        inside = calendar_days.add(calendar_days.first_of(today, unit), {"this": 0, "next": 1, "last": -1}[word], unit)
        return Found(at + 2, (calendar_days.last_of(inside, unit),), starts=inside)
    quarter = _QUARTERS.get(word)
    month = MONTHS.get(word, quarter)
    if month is None:
        return None
    first, end = _month(tokens, at, month, today, months=3 if quarter else 1)
    return Found(end, (calendar_days.last_of(first, "quarter" if quarter else "month"),), starts=first)


_CALENDAR: Final = {"week": "week", "month": "month", "quarter": "quarter", "year": "year"}
_QUARTERS: Final = {"q1": 1, "q2": 4, "q3": 7, "q4": 10}
_ORDINAL: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_HOUR: Final = re.compile(r"[0-9]{1,2}(?:[:.][0-9]{2})?(?:am|pm)?")
_YEAR: Final = re.compile(r"(?:19|20|21)[0-9]{2}")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?")
_FESTIVE: Final = {
    ("christmas", "eve"): (12, 24),
    ("christmas", "day"): (12, 25),
    ("christmas",): (12, 25),
    ("xmas",): (12, 25),
    ("new", "year's", "eve"): (12, 31),
    ("new", "years", "eve"): (12, 31),
    ("new", "year's", "day"): (1, 1),
    ("new", "years", "day"): (1, 1),
    ("new", "year's"): (1, 1),
    ("new", "years"): (1, 1),
    ("new", "year"): (1, 1),
    ("year", "end"): (12, 31),
    ("year's", "end"): (12, 31),
    ("year-end",): (12, 31),
    ("eoy",): (12, 31),
}
_NO_DATES: Final = frozenset(
    word_list(
        "easter thanksgiving ramadan eid diwali passover hanukkah lent pentecost spring summer autumn fall winter"
    )
)
_ENDS: Final = {("month", "end"): "month", ("month's", "end"): "month", ("eom",): "month", ("eow",): "week"}


def _near(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    at = after(tokens, at, "the")
    if keys(tokens, at, 3) == ("day", "after", "tomorrow"):
        return Found(at + 3, (today + timedelta(days=2),))
    days = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}.get(key_at(tokens, at))
    if days is not None:
        return Found(at + 1, (today + timedelta(days=days),))
    return Found(at + 1, (today,)) if key_at(tokens, at) == "eod" else None


def _numeric(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    key = key_at(tokens, at)
    year_first = _YEAR_FIRST.fullmatch(key)
    if year_first:
        return _exact(at + 1, int(year_first[1]), int(year_first[2]), int(year_first[3]))
    found = _YEAR_LAST.fullmatch(key)
    if not found or (found[2] == "-" and not found[4]):
        return None
    one, two = int(found[1]), int(found[3])
    year = int(found[4]) + (2000 if len(found[4]) == 2 else 0) if found[4] else None  # noqa: PLR2004 "27" is 2027
    orders = {(month, number) for month, number in ((one, two), (two, one)) if 1 <= month <= 12}  # noqa: PLR2004 months
    readings = [_month_day(at + 1, month, number, year, today) for month, number in orders]
    days = tuple(sorted(each.days[0] for each in readings if each.days))
    return Found(at + 1, days, Reason.NO_SUCH_DATE if not days else Reason.AMBIGUOUS if len(days) > 1 else None)


def _weekday(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    at = after(tokens, at, "the")
    word = key_at(tokens, at)
    at = after(tokens, at, "this", "next", "last", "coming")
    number = WEEKDAYS.get(key_at(tokens, at))
    if number is None:
        return None
    nearest = calendar_days.next_weekday(today, number)
    if word == "last":
        return Found(at + 1, (nearest - timedelta(days=7),), is_weekday=True)
    if word == "next":
        # A week from now is meant by some, the nearest by others; said on the day itself it can only be the later.
        later = nearest + timedelta(days=7)
        days: tuple[date, ...] = (nearest, later) if nearest > today else (later,)
        return Found(at + 1, days, Reason.AMBIGUOUS if len(days) > 1 else None, is_weekday=True)
    dated = _dated(tokens, after(tokens, at + 1, ","), today)
    if not dated:
        return Found(at + 1, (nearest,), is_weekday=True)
    days = tuple(each for each in dated.days if each.weekday() == number)
    return Found(dated.end, days, None if len(days) == 1 else Reason.NO_SUCH_DATE)


def _dated(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    return _numeric(tokens, at, today) or _month_first(tokens, at, today) or _day_first(tokens, at, today)


def _month_first(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    month = MONTHS.get(key_at(tokens, at))
    if month is None:
        return None
    shortened = tokens[at].key not in _WHOLE_MONTHS
    number_at = after(tokens, at + 1, "the", *("." if shortened else ""))
    number = _day_number(tokens, number_at)
    if number is not None:
        year, end = _year(tokens, number_at + 1)
        return _month_day(end, month, number, year, today)
    first, end = _month(tokens, at, month, today)
    return Found(end, (first, calendar_days.last_of(first, "month")), Reason.AMBIGUOUS)


def _day_first(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    at = after(tokens, at, "the")
    number = _day_number(tokens, at)
    if number is None:
        return None
    month_at = after(tokens, at + 1, "of")
    month = MONTHS.get(key_at(tokens, month_at))
    if month is not None:
        year, end = _year(tokens, month_at + 1)
        return _month_day(end, month, number, year, today)
    if not _ORDINAL.fullmatch(tokens[at].key):
        return None
    shift = {"this": 0, "the": 0, "next": 1}.get(key_at(tokens, at + 2))
    if shift is not None and key_at(tokens, at + 1) == "of" and key_at(tokens, at + 3) == "month":
        month_of = calendar_days.add_months(today.replace(day=1), shift)
        return _exact(at + 4, month_of.year, month_of.month, number)
    day_of = calendar_days.next_day_of_month(today, number)
    return Found(at + 1, (day_of,)) if day_of else Found(at + 1, (), Reason.NO_SUCH_DATE)


def _edge(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    """The end, the middle and the beginning of a week, a month or a year."""
    at = after(tokens, at, "the")
    for words, unit in _ENDS.items():
        if keys(tokens, at, len(words)) == words:
            return Found(at + len(words), (calendar_days.last_of(today, unit),))
    edge = key_at(tokens, at)
    if edge.startswith("mid-"):
        month = MONTHS.get(edge.removeprefix("mid-"))
        return _middle(*_month(tokens, at, month, today), today) if month else None
    if edge == "mid":
        at = after(tokens, at + 1, "-")
    elif edge in _EDGES:
        at = after(tokens, at + 1, "of")
    else:
        return None
    within = _stretch_of(tokens, at, today)
    if within is None or within.starts is None:
        return None
    if _EDGES.get(edge) == "end":
        return Found(within.end, within.days, is_end=True)
    if _EDGES.get(edge) == "start":
        return Found(within.end, (within.starts,))
    is_month = within.starts.day == 1 and within.days == (calendar_days.last_of(within.starts, "month"),)
    return _middle(within.starts, within.end, today) if is_month else None


_EDGES: Final = {"end": "end", "close": "end", "start": "start", "beginning": "start", "middle": "middle"}


def _middle(first: date, end: int, today: date) -> Found:
    middle = first.replace(day=15)
    if middle < today <= calendar_days.last_of(first, "month") and first <= today:
        return Found(end, (), Reason.PAST)
    return Found(end, (middle,))


def _stretch_of(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    """What an end can be of: the month, next week, January 2027, 2027, the day."""
    bare = after(tokens, at, "the")
    if _YEAR.fullmatch(key_at(tokens, bare)):
        first = date(int(tokens[bare].key), 1, 1)
        return Found(bare + 1, (calendar_days.last_of(first, "year"),), starts=first)
    unit = _CALENDAR.get(key_at(tokens, bare))
    if unit:
        return Found(bare + 1, (calendar_days.last_of(today, unit),), starts=calendar_days.first_of(today, unit))
    if key_at(tokens, bare) == "day":
        return Found(bare + 1, (today,), starts=today)
    return stretch(tokens, at, today)


def _festive(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    at = after(tokens, at, "the")
    for words, (month, number) in _FESTIVE.items():
        if keys(tokens, at, len(words)) == words:
            year, end = _year(tokens, at + len(words))
            return _month_day(end, month, number, year, today)
    return None


def _whole(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    """A stretch where a day was expected: this week ends once, next week could mean either end."""
    at = after(tokens, at, "the")
    if key_at(tokens, at) == "weekend":
        sunday = calendar_days.last_of(today, "week")
        days = tuple(each for each in (sunday - timedelta(days=2), sunday) if each >= today)
        return Found(at + 1, days, Reason.AMBIGUOUS if len(days) > 1 else None)
    if _YEAR.fullmatch(key_at(tokens, at)):
        first = date(int(tokens[at].key), 1, 1)
        return Found(at + 1, (first, calendar_days.last_of(first, "year")), Reason.AMBIGUOUS)
    found = stretch(tokens, at, today)
    if found is None or found.starts is None or found.starts <= today:
        return found
    return Found(found.end, (found.starts, *found.days), Reason.AMBIGUOUS)


def _unknown(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    """Words that name a time which has no fixed date."""
    at = after(tokens, at, "the")
    if key_at(tokens, at) in {"early", "late", "end", "middle", "mid"}:
        at = after(tokens, at + 1, "of")
        at = after(tokens, at, "the", "this", "next")
        found = _dated(tokens, at, today) is not None or key_at(tokens, at) in {
            *_NO_DATES,
            *UNITS,
            *_QUARTERS,
            "quarter",
        }
        return Found(at + 1, (), Reason.UNCLEAR) if found else None
    at = after(tokens, at, "this", "next", "last")
    return Found(at + 1, (), Reason.UNCLEAR) if key_at(tokens, at) in {*_NO_DATES, *_QUARTERS} else None


_READERS: Final[tuple[Callable[[Sequence[Token], int, date], Found | None], ...]] = (
    _near,
    _weekday,
    _dated,
    _festive,
    _edge,
    _whole,
    _unknown,
)


def _day_number(tokens: Sequence[Token], at: int) -> int | None:
    key = key_at(tokens, at)
    ordinal = _ORDINAL.fullmatch(key)
    if ordinal:
        return int(ordinal[1])
    return int(key) if key.isascii() and key.isdecimal() and len(key) <= len("31") else None


def _year(tokens: Sequence[Token], at: int) -> tuple[int | None, int]:
    if keys(tokens, at, 3) == ("of", "this", "year"):
        return None, at
    comma = after(tokens, at, ",")
    key = key_at(tokens, comma)
    return (int(key), comma + 1) if _YEAR.fullmatch(key) else (None, at)


def _month(tokens: Sequence[Token], at: int, month: int, today: date, *, months: int = 1) -> tuple[date, int]:
    """The first of the months named at a token, and where their words end: those running, or the next to come."""
    year, end = _year(tokens, at + 1)
    if year is None:
        year = today.year if month + months > today.month else today.year + 1
    return date(year, month, 1), end


def _month_day(end: int, month: int, number: int, year: int | None, today: date) -> Found:
    if year is not None:
        return _exact(end, year, month, number)
    found = calendar_days.next_date(today, month, number) if number else None
    return Found(end, (found,)) if found else Found(end, (), Reason.NO_SUCH_DATE)


def _exact(end: int, year: int, month: int, number: int) -> Found:
    try:
        return Found(end, (date(year, month, number),))
    except ValueError:
        return Found(end, (), Reason.NO_SUCH_DATE)


def _with_hour(tokens: Sequence[Token], found: Found) -> Found:
    """The hour of a day is understood and not kept."""
    end = found.end
    if key_at(tokens, end) in PARTS_OF_DAY:
        end += 1
    if key_at(tokens, end) == "at" and (
        _HOUR.fullmatch(key_at(tokens, end + 1)) or key_at(tokens, end + 1) in {"noon", "midnight"}
    ):
        end += 3 if key_at(tokens, end + 2) in {"am", "pm", "o'clock"} else 2
    return replace(found, end=end)


def length(tokens: Sequence[Token], at: int) -> tuple[int, str, int] | None:
    """`12 weeks`, `a month`, `couple of days`: number, unit, and the index after them."""
    if key_at(tokens, at) in {"a", "an"} and key_at(tokens, at + 1) in UNITS:
        return 1, UNITS[tokens[at + 1].key], at + 2
    if keys(tokens, at, 2) == ("couple", "of"):
        number, end = 2, at + 2
    else:
        found = cardinal(tokens, at)
        if found is None:
            return (1, UNITS[tokens[at].key], at + 1) if key_at(tokens, at) in UNITS else None
        number, end = found
    return (number, UNITS[tokens[end].key], end + 1) if key_at(tokens, end) in UNITS else None
