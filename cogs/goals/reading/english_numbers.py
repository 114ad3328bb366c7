"""How many, in English: figures, words, dozens, ranges, hours and a half, and the words before them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from cogs.goals.reading.parts import MOST, Bound, Reason
from cogs.goals.reading.tokens import Token, keys, word_list


@dataclass(frozen=True, slots=True)
class Amount:
    """What stands in `tokens[start:end]`; `problem` where it is no quantity that can be kept."""

    start: int
    end: int
    value: int
    upper: int | None = None
    bound: Bound = Bound.PLAIN
    unit: str = ""
    """The words that replace those read, "minutes" for half an hour."""
    times: bool = False
    in_figures: bool = False
    problem: Reason | None = None


def amount(tokens: Sequence[Token], at: int) -> Amount | None:
    """The amount that begins at a token, its "at least" or "up to" included."""
    start, bound, step = _qualifier(tokens, at)
    if keys(tokens, start, 1) == ("between",):
        found = _range(tokens, start + 1, ("and", "-"))
    else:
        found = _times_word(tokens, start) or _range(tokens, start, ("to", "or", "-", "till")) or _single(tokens, start)
    if found is None:
        return None
    found = _times(tokens, found)
    if keys(tokens, found.end, 2) in {("or", "more"), ("or", "so")}:
        bound = Bound.AT_LEAST if tokens[found.end + 1].key == "more" else Bound.ABOUT
        found = replace(found, end=found.end + 2)
    if bound is not Bound.PLAIN:
        found = replace(found, bound=bound)
    return _judged(replace(found, start=at, value=found.value + step))


def cardinal(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """A whole number and the index after it; anything beyond counting is `BEYOND`."""
    found = _number(tokens, at)
    if found is None or found[0].denominator != 1:
        return None
    return int(found[0]), found[1]


BEYOND: Final = 10**9
"""Stands for every number too large to be worth telling apart."""

_UNITS: Final = {
    word: value
    for value, word in enumerate(
        word_list(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
_FIRST_TEEN: Final = 10
_TENS: Final = {
    word: value
    for value, word in zip(
        range(20, 100, 10), word_list("twenty thirty forty fifty sixty seventy eighty ninety"), strict=True
    )
} | {"fourty": 40}
_POWERS: Final = {"hundred": 100, "thousand": 1000, "million": BEYOND, "millions": BEYOND, "billion": BEYOND}
_FIGURES: Final = re.compile(r"(-?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]+)?([+x]?)")
_PAIR: Final = re.compile(r"([0-9]{1,9})-([0-9]{1,9})(x?)")
_LONGEST_FIGURES: Final = 9
_TIMES_WORDS: Final = {"once": 1, "twice": 2, "thrice": 3}
_QUALIFIERS: Final[tuple[tuple[str, Bound, int], ...]] = (
    ("a minimum of", Bound.AT_LEAST, 0),
    ("at a minimum", Bound.AT_LEAST, 0),
    ("minimum of", Bound.AT_LEAST, 0),
    ("no fewer than", Bound.AT_LEAST, 0),
    ("no less than", Bound.AT_LEAST, 0),
    ("not less than", Bound.AT_LEAST, 0),
    ("at minimum", Bound.AT_LEAST, 0),
    ("at least", Bound.AT_LEAST, 0),
    ("minimum", Bound.AT_LEAST, 0),
    ("min", Bound.AT_LEAST, 0),
    ("a maximum of", Bound.UP_TO, 0),
    ("maximum of", Bound.UP_TO, 0),
    ("no more than", Bound.UP_TO, 0),
    ("not more than", Bound.UP_TO, 0),
    ("at most", Bound.UP_TO, 0),
    ("up to", Bound.UP_TO, 0),
    ("maximum", Bound.UP_TO, 0),
    ("max", Bound.UP_TO, 0),
    ("more than", Bound.AT_LEAST, 1),
    ("over", Bound.AT_LEAST, 1),
    ("fewer than", Bound.UP_TO, -1),
    ("less than", Bound.UP_TO, -1),
    ("approximately", Bound.ABOUT, 0),
    ("approx", Bound.ABOUT, 0),
    ("roughly", Bound.ABOUT, 0),
    ("around", Bound.ABOUT, 0),
    ("about", Bound.ABOUT, 0),
    ("~", Bound.ABOUT, 0),
    ("a total of", Bound.PLAIN, 0),
    ("total of", Bound.PLAIN, 0),
    ("exactly", Bound.PLAIN, 0),
    ("another", Bound.PLAIN, 0),
    ("only", Bound.PLAIN, 0),
    ("just", Bound.PLAIN, 0),
)
_QUALIFIER_WORDS: Final = tuple((word_list(words), bound, step) for words, bound, step in _QUALIFIERS)
_PARTICLES: Final = {
    "about": frozenset(word_list("talk learn write read think ask speak hear chat post know")),
    "around": frozenset(word_list("walk run travel ask look go")),
    "over": frozenset(word_list("go look talk think hand read run")),
    "up": frozenset(word_list("sign follow")),
}
"""Verbs that keep a word which elsewhere says how strict a number is: "talk about two topics"."""


def _qualifier(tokens: Sequence[Token], at: int) -> tuple[int, Bound, int]:
    before = tokens[at - 1].key if at else ""
    for words, bound, step in _QUALIFIER_WORDS:
        if tokens[at].key == words[0] and keys(tokens, at, len(words)) == words:
            if before in _PARTICLES.get(words[0], ()):
                break
            return at + len(words), bound, step
    return at, Bound.PLAIN, 0


def _times_word(tokens: Sequence[Token], at: int) -> Amount | None:
    here = keys(tokens, at, 3)
    if not here or here[0] not in _TIMES_WORDS:
        return None
    value = _TIMES_WORDS[here[0]]
    if len(here) == len(("once", "or", "twice")) and here[1] in {"or", "to"} and here[2] in _TIMES_WORDS:
        upper = _TIMES_WORDS[here[2]]
        return Amount(at, at + 3, value, upper, times=True) if upper > value else None
    return Amount(at, at + 1, value, times=True)


def _range(tokens: Sequence[Token], at: int, joints: tuple[str, ...]) -> Amount | None:
    """3-5, three to five, 3 or 4. One that does not rise is no range."""
    if at >= len(tokens):
        return None
    pair = _PAIR.fullmatch(tokens[at].key)
    if pair:
        low, high = int(pair[1]), int(pair[2])
        rises = low < high
        return Amount(at, at + 1, low, high, times=bool(pair[3]), in_figures=True) if rises else None
    low_found = _number(tokens, at)
    if low_found is None or low_found[1] >= len(tokens) or tokens[low_found[1]].key not in joints:
        return None
    high_found = _number(tokens, low_found[1] + 1)
    if (
        high_found is None
        or high_found[0] <= low_found[0]
        or {low_found[0].denominator, high_found[0].denominator} != {1}
    ):
        return None
    times = tokens[high_found[1] - 1].key.endswith("x") and tokens[high_found[1] - 1].key[0].isdecimal()
    return Amount(at, high_found[1], int(low_found[0]), int(high_found[0]), times=times)


def _single(tokens: Sequence[Token], at: int) -> Amount | None:
    part_of_hour = _hours(tokens, at)
    if part_of_hour:
        return part_of_hour
    here = keys(tokens, at, 2)
    if here[:1] == ("half",) and here[1:] in {("a",), ("an",)}:
        dozen = keys(tokens, at + 2, 1) == ("dozen",)
        return Amount(at, at + 3, 6) if dozen else Amount(at, at + 2, 1, problem=Reason.FRACTION)
    found = _number(tokens, at)
    if found is None:
        return None
    value, end = found
    figures = _FIGURES.fullmatch(tokens[at].key)
    # "3.000" is three to some and three thousand to others.
    decimals = value.denominator != 1 or (figures and figures[3])
    problem = Reason.FRACTION if decimals else None
    return Amount(
        at,
        end,
        int(value),
        bound=Bound.AT_LEAST if figures and figures[4] == "+" else Bound.PLAIN,
        times=bool(figures and figures[4] == "x"),
        in_figures=bool(figures),
        problem=problem,
    )


def _hours(tokens: Sequence[Token], at: int) -> Amount | None:
    """Parts of hours, counted in minutes."""
    for words, minutes in _PARTS_OF_HOURS:
        if keys(tokens, at, len(words)) == words:
            return Amount(at, at + len(words), minutes, unit="minutes")
    found = _number(tokens, at)
    if found is None:
        return None
    value, end = found
    if keys(tokens, end, 3) == ("and", "a", "half"):
        value, end = value + Fraction(1, 2), end + 3
    minutes_of = value * 60
    if value.denominator == 1 or minutes_of.denominator != 1 or keys(tokens, end, 1) not in {("hours",), ("hour",)}:
        return None
    return Amount(at, end + 1, int(minutes_of), unit="minutes", in_figures=tokens[at].key[0].isdecimal())


_PARTS_OF_HOURS: Final = tuple(
    (word_list(words), minutes)
    for words, minutes in (
        ("half an hour", 30),
        ("half hour", 30),
        ("a half hour", 30),
        ("an hour and a half", 90),
        ("one hour and a half", 90),
        ("a quarter of an hour", 15),
        ("quarter of an hour", 15),
        ("three quarters of an hour", 45),
    )
)


def _number(tokens: Sequence[Token], at: int) -> tuple[Fraction, int] | None:
    if at >= len(tokens):
        return None
    key = tokens[at].key
    figures = _FIGURES.fullmatch(key)
    if figures:
        end, value = at + 1, _figures_value(figures)
    else:
        if key in {"minus", "negative"}:
            below = _number(tokens, at + 1) if keys(tokens, at + 1, 1) not in {("minus",), ("negative",)} else None
            return (-below[0], below[1]) if below else None
        words = _number_words(tokens, at)
        if words is None:
            return None
        end, value = words[1], Fraction(words[0])
    following = keys(tokens, end, 1)
    if following in {("dozen",), ("dozens",)}:
        return value * 12, end + 1
    if figures and following and following[0] in _POWERS:
        return value * _POWERS[following[0]], end + 1
    return value, end


def _figures_value(figures: re.Match[str]) -> Fraction:
    whole = figures[2].replace(",", "")
    decimals = figures[3] or ""
    if len(whole.lstrip("0")) > _LONGEST_FIGURES:
        return Fraction(BEYOND)
    value = Fraction((whole + decimals)[: len(whole) + _LONGEST_FIGURES])
    return -value if figures[1] else value


def _number_words(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Words up to the thousands, as far as they make one number: "five five" is five."""
    for phrase, value in _FIXED:
        if keys(tokens, at, len(phrase)) == phrase:
            return value, at + len(phrase)
    total, end, last = 0, at, BEYOND * BEYOND
    if keys(tokens, at, 1) == ("a",) and keys(tokens, at + 1, 1) and tokens[at + 1].key in _POWERS:
        total, end = 1, at + 1
    while end < len(tokens):
        key = tokens[end].key
        if (
            key == "and"
            and last in {100, 1000}
            and keys(tokens, end + 1, 1)
            and _small(tokens[end + 1].key) is not None
        ):
            end += 1
            continue
        power = _POWERS.get(key)
        if power is not None and 0 < total < power:
            total, last, end = total * power, power, end + 1
            continue
        small = _small(key)
        if small is None or (end > at and not _fits(last, small)):
            break
        total, last, end = total + small, small, end + 1
    return (min(total, BEYOND), end) if end > at else None


def _small(key: str) -> int | None:
    """Zero to ninety-nine, in one token."""
    tens, _, unit = key.partition("-")
    if unit:
        fits = tens in _TENS and 0 < _UNITS.get(unit, 0) < _FIRST_TEEN
        return _TENS[tens] + _UNITS[unit] if fits else None
    return _UNITS.get(key, _TENS.get(key))


def _fits(last: int, small: int) -> bool:
    """Whether a small number may follow: five after twenty, anything after a hundred."""
    return (last in {100, 1000} and small > 0) or (last in _TENS.values() and 0 < small < _FIRST_TEEN)


_FIXED: Final = tuple(
    (word_list(words), value)
    for words, value in (("a couple of", 2), ("a couple", 2), ("a pair of", 2), ("a dozen", 12), ("one dozen", 12))
)


def _times(tokens: Sequence[Token], found: Amount) -> Amount:
    if not found.times and not found.unit and keys(tokens, found.end, 1) in {("times",), ("time",), ("x",)}:
        return replace(found, end=found.end + 1, times=True)
    return found


def _judged(found: Amount) -> Amount:
    if found.problem or (1 <= found.value <= MOST and (found.upper or 1) <= MOST):
        return found
    if found.value > 0:
        return replace(found, problem=Reason.TOO_MANY)
    return replace(found, problem=Reason.NEGATIVE if found.value else Reason.ZERO)
