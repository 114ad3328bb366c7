"""How often, in English: "each week", "every other Monday", "on Mondays and Thursdays", and what is not kept."""

from collections.abc import Callable, Sequence
from typing import Final

from cogs.goals.reading.english_days import PARTS_OF_DAY, UNITS, WEEKDAYS, length
from cogs.goals.reading.english_phrases import Phrase
from cogs.goals.reading.parts import Period, Reason, Weekday
from cogs.goals.reading.tokens import Token, after, clause_ends, key_at, keys, word_list


def rhythm(tokens: Sequence[Token], at: int) -> Phrase | None:
    """The phrase that begins at a token and says how often."""
    return next((found for reader in _READERS if (found := reader(tokens, at))), None)


_WORKDAYS: Final = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)
_WEEKEND: Final = (Weekday.SATURDAY, Weekday.SUNDAY)
_PERIODS: Final = {"day": Period.DAY, "week": Period.WEEK, "fortnight": Period.FORTNIGHT, "month": Period.MONTH}
_ADVERBS: Final = {
    "daily": Period.DAY,
    "nightly": Period.DAY,
    "weekly": Period.WEEK,
    "biweekly": Period.FORTNIGHT,
    "bi-weekly": Period.FORTNIGHT,
    "fortnightly": Period.FORTNIGHT,
    "monthly": Period.MONTH,
    "bimonthly": None,
    "bi-monthly": None,
    "quarterly": None,
    "yearly": None,
    "annually": None,
    "hourly": None,
}
_EVERY_SO_MANY: Final = {
    (1, "day"): Period.DAY,
    (7, "day"): Period.WEEK,
    (14, "day"): Period.FORTNIGHT,
    (1, "week"): Period.WEEK,
    (2, "week"): Period.FORTNIGHT,
    (1, "fortnight"): Period.FORTNIGHT,
    (1, "month"): Period.MONTH,
}
_UNKNOWN_UNITS: Final = frozenset(
    word_list("year years quarter quarters hour hours minute minutes semester semesters term season decade half-year")
)
_ORDINALS: Final = frozenset(word_list("first second third fourth fifth last 1st 2nd 3rd 4th 5th"))
_MOST_WEEKDAYS: Final = 14
_A_FEW: Final = 2
"""Two days without "every" may be two days or a habit; three or more are a habit."""
_NOT_PERIODS: Final = frozenset(word_list("off of out trip long"))
"""After them "a week" is no period: a week off."""


def _every(tokens: Sequence[Token], at: int) -> Phrase | None:
    """Each week, every other Monday, per month, a day, /week."""
    word = key_at(tokens, at)
    if word in {"a", "an"}:
        return _each_of_unit(tokens, at)
    if word in {"each", "every"}:
        begin = after(tokens, at + 1, "single")
        begin = begin + 2 if keys(tokens, begin, 2) == ("and", "every") else begin
    elif word in {"per", "/"}:
        begin = at + 1
    else:
        return None
    return _every_other(tokens, at, begin) or _every_unit(tokens, at, begin)


def _each_of_unit(tokens: Sequence[Token], at: int) -> Phrase | None:
    key = key_at(tokens, at + 1)
    if at == 0 or key_at(tokens, at + 2) in _NOT_PERIODS:
        return None
    period = _period(key)
    if period:
        return _except(tokens, Phrase(at, at + 2, period))
    if key in PARTS_OF_DAY and clause_ends(tokens, at + 2):
        return Phrase(at, at + 2, Period.DAY)
    unknown = key in _UNKNOWN_UNITS and clause_ends(tokens, at + 2)
    return Phrase(at, at + 2, problem=Reason.UNKNOWN_PERIOD) if unknown else None


def _every_other(tokens: Sequence[Token], at: int, begin: int) -> Phrase | None:
    """Every second week, every 2 weeks, every third month: two weeks are kept, the others are understood."""
    if key_at(tokens, begin) in {"other", "second", "2nd", "alternate"}:
        listed = _weekdays(tokens, begin + 1)
        if listed:
            return Phrase(at, listed[1], Period.FORTNIGHT, listed[0])
        number, unit, end = 2, UNITS.get(key_at(tokens, begin + 1)), begin + 2
    else:
        found = length(tokens, begin)
        if found is None or found[2] == begin + 1:
            return _every_few(tokens, at, begin)
        number, unit, end = found
    if unit is None:
        return None
    period = _EVERY_SO_MANY.get((number, unit))
    return Phrase(at, end, period, problem=None if period else Reason.UNKNOWN_PERIOD)


def _every_few(tokens: Sequence[Token], at: int, begin: int) -> Phrase | None:
    few = key_at(tokens, begin) in {"few", "third", "fourth"} or key_at(tokens, begin).isdecimal()
    units = key_at(tokens, begin + 1) in _UNKNOWN_UNITS or key_at(tokens, begin + 1) in UNITS
    return Phrase(at, begin + 2, problem=Reason.UNKNOWN_PERIOD) if few and units else None


def _every_unit(tokens: Sequence[Token], at: int, begin: int) -> Phrase | None:
    key = key_at(tokens, begin)
    period = Period.DAY if key in PARTS_OF_DAY else _period(key)
    if period:
        return _except(tokens, Phrase(at, begin + 1, period))
    if key in {"weekday", "workday"}:
        return Phrase(at, after(tokens, begin + 1, *PARTS_OF_DAY), Period.WEEKDAYS, _WORKDAYS)
    if key in {"working", "work", "business", "week"} and key_at(tokens, begin + 1) == "day":
        return Phrase(at, begin + 2, Period.WEEKDAYS, _WORKDAYS)
    if key == "weekend":
        return Phrase(at, begin + 1, Period.WEEK, _WEEKEND)
    if key in _UNKNOWN_UNITS:
        return Phrase(at, begin + 1, problem=Reason.UNKNOWN_PERIOD)
    listed = _weekday_span(tokens, begin) or _weekdays(tokens, begin)
    return Phrase(at, listed[1], Period.WEEKDAYS, listed[0]) if listed else None


def _period(key: str) -> Period | None:
    return _PERIODS.get(UNITS.get(key, "")) if not key.endswith("s") else None


def _except(tokens: Sequence[Token], found: Phrase) -> Phrase:
    """Every day except Sunday."""
    if found.period is not Period.DAY or key_at(tokens, found.end) not in {"except", "but"}:
        return found
    at = after(tokens, after(tokens, found.end + 1, "for"), "on", "the")
    if key_at(tokens, at) in {"weekend", "weekends"}:
        listed: tuple[tuple[Weekday, ...], int] | None = _WEEKEND, at + 1
    else:
        listed = _weekdays(tokens, at)
    if not listed:
        return found
    return Phrase(found.start, listed[1], Period.WEEKDAYS, tuple(each for each in Weekday if each not in listed[0]))


def _adverb(tokens: Sequence[Token], at: int) -> Phrase | None:
    key = key_at(tokens, at)
    if key not in _ADVERBS:
        return None
    period = _ADVERBS[key]
    return Phrase(at, at + 1, period, problem=None if period else Reason.UNKNOWN_PERIOD, is_adverb=True)


def _nth(tokens: Sequence[Token], at: int) -> Phrase | None:
    """On the first Monday of each month: understood, and not kept."""
    begin = after(tokens, after(tokens, at, "on"), "the")
    if key_at(tokens, begin) not in _ORDINALS:
        return None
    end = after(tokens, begin + 1, *WEEKDAYS, "day", "week", "weekend", "weekday")
    end = after(tokens, end, "of", "in")
    recurring = key_at(tokens, end) in {"each", "every", "a"} or key_at(tokens, begin + 1) in WEEKDAYS
    month = key_at(tokens, end) in {"each", "every", "a", "the"} and key_at(tokens, end + 1) == "month"
    return Phrase(at, end + 2, problem=Reason.UNKNOWN_PERIOD) if month and recurring else None


def _on_days(tokens: Sequence[Token], at: int) -> Phrase | None:
    """On Mondays and Thursdays, weekends, Monday to Friday."""
    begin = after(tokens, after(tokens, at, "on", "at", "from"), "the")
    key = key_at(tokens, begin)
    if key in {"weekdays", "workdays"}:
        return Phrase(at, begin + 1, Period.WEEKDAYS, _WORKDAYS)
    if key == "weekends" or (key == "weekend" and key_at(tokens, at) in {"on", "at"}):
        return Phrase(at, begin + 1, Period.WEEK, _WEEKEND)
    spanned = _weekday_span(tokens, begin)
    if spanned:
        return Phrase(at, spanned[1], Period.WEEKDAYS, spanned[0])
    listed = _weekdays(tokens, begin)
    if listed is None or key_at(tokens, at) not in {"on", key}:
        return None
    plural = any(token.key.endswith("s") and token.key[:-1] in WEEKDAYS for token in tokens[begin : listed[1]])
    if plural or len(listed[0]) > _A_FEW:
        return Phrase(at, listed[1], Period.WEEKDAYS, listed[0])
    return Phrase(at, listed[1], problem=Reason.UNCLEAR) if len(listed[0]) > 1 else None


def _weekday_span(tokens: Sequence[Token], at: int) -> tuple[tuple[Weekday, ...], int] | None:
    """Monday to Friday, Mon-Fri."""
    if key_at(tokens, at) == "m-f":
        return _WORKDAYS, at + 1
    first, joint, last = key_at(tokens, at).partition("-")
    end = at + 1
    if not joint:
        through = key_at(tokens, at + 1) in {"to", "through", "thru", "-", "till", "until"}
        last, end = (key_at(tokens, at + 2), at + 3) if through else ("", at)
    begin, finish = WEEKDAYS.get(first), WEEKDAYS.get(last)
    if begin is None or finish is None:
        return None
    return tuple(sorted(Weekday((begin + step) % 7) for step in range((finish - begin) % 7 + 1))), end


def _weekdays(tokens: Sequence[Token], at: int) -> tuple[tuple[Weekday, ...], int] | None:
    """Monday, Wednesday and Friday; Mon/Wed; Tuesdays; with a part of the day or without."""
    found: set[Weekday] = set()
    end = at
    for _ in range(_MOST_WEEKDAYS):
        number = _weekday_number(key_at(tokens, end))
        if number is None:
            break
        found.add(Weekday(number))
        at = after(tokens, end + 1, *PARTS_OF_DAY)
        end = after(tokens, at, ",", "/", "and", "&", "or")
        if end == at:
            break
        end = after(tokens, after(tokens, end, "and", "&"), "on", "every", "each")
    return (tuple(sorted(found)), at) if found else None


def _weekday_number(key: str) -> int | None:
    number = WEEKDAYS.get(key)
    return WEEKDAYS.get(key.removesuffix("s").removesuffix("'")) if number is None else number


_READERS: Final[tuple[Callable[[Sequence[Token], int], Phrase | None], ...]] = (_nth, _every, _on_days, _adverb)
