"""Until when and from when, in English: "by Friday", "for 12 weeks", "within the next two months"."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from cogs.goals.reading import calendar_days
from cogs.goals.reading.english_days import Found, day, length, stretch
from cogs.goals.reading.english_phrases import Phrase
from cogs.goals.reading.english_rhythms import rhythm
from cogs.goals.reading.parts import FURTHEST_YEARS, Period, Reason
from cogs.goals.reading.tokens import Token, after, clause_ends, key_at, keys, word_list


def deadline(tokens: Sequence[Token], at: int, today: date) -> Phrase | None:
    """The phrase that begins at a token and says when the goal ends, starts, or both."""
    return next((found for reader in _READERS if (found := reader(tokens, at, today))), None)


_UNTIL: Final = tuple(
    word_list(words)
    for words in (
        "no later than",
        "not later than",
        "at the latest by",
        "up until",
        "up till",
        "due by",
        "due on",
        "due",
        "deadline :",
        "deadline is",
        "deadline",
        "ending on",
        "ending",
        "until",
        "till",
        "til",
        "through",
        "thru",
        "before",
        "by",
        "latest",
    )
)
_OPEN: Final = frozenset({"until", "till", "til"})
"""After them all words are about time, known or not."""
_HABIT: Final = frozenset({"until", "till", "til", "up", "through", "thru", "ending"})
"""The words before an end which ask for a habit as readily as for one thing done."""
_STARTING: Final = tuple(
    word_list(words)
    for words in (
        "starting from",
        "starting on",
        "starting in",
        "starting",
        "beginning on",
        "beginning in",
        "beginning",
        "as of",
        "from",
        "between",
    )
)
_NOW: Final = (("starting", "from", "now"), ("from", "now", "on"), ("starting", "now"), ("from", "now"))
_LONGER: Final = {"day": (Period.WEEK, Period.FORTNIGHT, Period.MONTH), "week": (Period.MONTH,)}
"""Unit -> the periods in which several of it are counted: "volunteer for 2 days a month"."""


def _lasting(tokens: Sequence[Token], at: int, today: date) -> Phrase | None:
    """For 12 weeks, for the next three weeks, for the rest of the month."""
    if key_at(tokens, at) != "for":
        return None
    begin = after(tokens, at + 1, "the")
    rest = stretch(tokens, begin, today) if key_at(tokens, begin) == "rest" else None
    if rest:
        return _until(at, rest, today)
    begin = after(tokens, begin, "next", "coming", "following")
    found = length(tokens, begin)
    if found is None or (found[2] == begin + 1 == at + 2):
        return None
    number, unit, end = found
    often = rhythm(tokens, end)
    if (often and often.period in _LONGER.get(unit, ())) or key_at(tokens, end) in {"of", "in"}:
        return None
    return _sound(Phrase(at, end, lasts=(number, unit)), today, number, unit)


def _within(tokens: Sequence[Token], at: int, today: date) -> Phrase | None:
    """Within the next two months, in 10 days, over the next week, within the month, two weeks from now."""
    begin = after(tokens, at, "within", "in", "over", "during", "inside")
    the = after(tokens, begin, "the")
    ahead = after(tokens, the, "next", "coming", "following")
    found = length(tokens, ahead)
    if found is None or key_at(tokens, found[2]) == "of":
        return None
    number, unit, end = found
    if ahead == at:
        from_now = keys(tokens, end, 2) in {("from", "now"), ("from", "today")}
        return _ahead(Phrase(at, end + 2), today, number, unit) if from_now else None
    if end > ahead + 1 or (begin > at and ahead > the):
        return _ahead(Phrase(at, end), today, number, unit)
    if ahead == the > begin and key_at(tokens, at) == "within":
        return Phrase(at, end, until=calendar_days.last_of(today, unit), is_deadline=True)
    return None


def _ahead(phrase: Phrase, today: date, number: int, unit: str) -> Phrase:
    phrase = _sound(phrase, today, number, unit)
    if phrase.problem:
        return phrase
    return replace(phrase, until=calendar_days.add(today, number, unit), is_deadline=True)


def _sound(phrase: Phrase, today: date, number: int, unit: str) -> Phrase:
    """The same, refused where its length is nothing, or more than goals are kept for."""
    if number <= 0:
        return replace(phrase, problem=Reason.UNCLEAR, lasts=None)
    try:
        too_far = calendar_days.add(today, number, unit) > _furthest(today)
    except (ValueError, OverflowError):
        too_far = True
    return replace(phrase, problem=Reason.TOO_FAR, lasts=None) if too_far else phrase


def _furthest(today: date) -> date:
    return calendar_days.add(today, FURTHEST_YEARS, "year")


def _by(tokens: Sequence[Token], at: int, today: date) -> Phrase | None:
    """By Friday, until March 1, before Christmas, no later than the 15th."""
    words = _first_of(_UNTIL, tokens, at)
    if words is None:
        return None
    begin = at + len(words)
    begin = after(tokens, begin, ":", "on", "by") if words[0] not in {"before", "by"} else begin
    found = day(tokens, begin, today)
    if found:
        # "before the end of March" still has all of it.
        phrase = _until(at, found, today, before=words == ("before",) and not found.is_end)
        return replace(phrase, starts=None, is_deadline=words[0] not in _HABIT)
    if words[-1] not in _OPEN:
        return None
    end = next((end for end in range(begin, len(tokens)) if tokens[end].is_mark), len(tokens))
    return Phrase(at, end, problem=Reason.UNCLEAR)


def _first_of(phrases: Sequence[tuple[str, ...]], tokens: Sequence[Token], at: int) -> tuple[str, ...] | None:
    key = key_at(tokens, at)
    return next((each for each in phrases if key == each[0] and keys(tokens, at, len(each)) == each), None)


def _until(at: int, found: Found, today: date, *, before: bool = False) -> Phrase:
    if found.problem:
        return Phrase(at, found.end, problem=found.problem, dates=found.days)
    last = found.days[0]
    if last < today or (before and last == today):
        return Phrase(at, found.end, problem=Reason.PAST)
    if last > _furthest(today):
        return Phrase(at, found.end, problem=Reason.TOO_FAR)
    starts = found.starts if found.starts and found.starts > today else None
    return Phrase(at, found.end, until=last - timedelta(days=1 if before else 0), starts=starts)


def _starting(tokens: Sequence[Token], at: int, today: date) -> Phrase | None:
    """From Monday, starting next week, from December 1 to January 31, from now on."""
    now = _first_of(_NOW, tokens, at)
    if now:
        return Phrase(at, at + len(now))
    words = _first_of(_STARTING, tokens, at)
    found = _first_day(tokens, at + len(words), today) if words else None
    if words is None or found is None:
        return None
    if found.problem:
        return Phrase(at, found.end, problem=found.problem, dates=found.days)
    if found.days[0] > _furthest(today):
        return Phrase(at, found.end, problem=Reason.TOO_FAR)
    starts = found.days[0] if found.days[0] > today else None
    finish = day(tokens, found.end + 1, today) if key_at(tokens, found.end) in {"to", "and", "-"} else None
    if finish:
        return replace(_until(at, finish, today), starts=starts)
    return None if words == ("between",) else Phrase(at, found.end, starts=starts)


def _first_day(tokens: Sequence[Token], at: int, today: date) -> Found | None:
    """A day, or the first one of a stretch: what starts in March starts on its first."""
    found, whole = day(tokens, at, today), stretch(tokens, at, today)
    if found and found.problem is Reason.AMBIGUOUS and whole and whole.starts:
        return Found(whole.end, (whole.starts,))
    return found


def _that_day(tokens: Sequence[Token], at: int, today: date) -> Phrase | None:
    """On Friday, this Friday, in January, next week, tomorrow."""
    key = key_at(tokens, at)
    if key == "on":
        return _single(at, day(tokens, at + 1, today), today)
    if key in {"in", "during", "throughout"}:
        month_of = at + 4 if keys(tokens, at + 1, 3) == ("the", "month", "of") else at + 1
        found = stretch(tokens, month_of, today)
        return _until(at, found, today) if found else None
    if key in {"this", "next"}:
        found = stretch(tokens, at, today)
        if found:
            return _until(at, found, today)
        found = day(tokens, at, today)
        return _single(at, found, today) if found and found.is_weekday else None
    apart = at == 0 or clause_ends(tokens, at + 1) or key_at(tokens, at + 1) in {"each", "every", "until", "by", "from"}
    if key in {"today", "tonight"} and apart:
        return Phrase(at, at + 1, until=today)
    return _single(at, day(tokens, at, today), today) if key == "tomorrow" and apart else None


def _single(at: int, found: Found | None, today: date) -> Phrase | None:
    """One day and no other."""
    if found is None:
        return None
    phrase = _until(at, found, today)
    return replace(phrase, starts=phrase.until, is_weekday=found.is_weekday)


_READERS: Final[tuple[Callable[[Sequence[Token], int, date], Phrase | None], ...]] = (
    _lasting,
    _within,
    _by,
    _starting,
    _that_day,
)
