"""What a command may ask for, and how words become values.

`Annotated[type, Ask(...)]` on a handler's parameter becomes a slash option, a modal field, an HTML input and a line
of help. `read` turns what a person typed or chose into the parameter's type, or says what to type instead.
"""

import re
import types
import unicodedata
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, StrEnum, auto
from typing import Annotated, Any, Final, Self, Union, get_args, get_origin

from bot.cards import Mention, Option, Words, say
from bot.errors import WrongFields

Raw = str | tuple[str, ...]
"""What a platform hands over for one field: text, or the chosen values of several."""

Completer = Callable[..., Awaitable[Sequence[str]]]
"""`async (call, typed) -> suggestions`, the person's own first; at most 25 are shown."""

ASKED: Final[Any] = object()
"""Default of a required asked parameter of an action, so that its buttons need not supply it."""

TEXT_LIMIT = 100
PARAGRAPH_LIMIT = 1000
LONGEST_NUMBER = 12
COMBINING_MARKS_IN_A_ROW = 4


class Choice(StrEnum):
    """A fixed choice: `NO_REPLY = "no_reply", "No reply"` gives what is kept and what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        made = str.__new__(cls, value)
        made._value_ = value
        made.label = label
        return made


class Kind(Enum):
    """How a field is asked for."""

    TEXT = auto()
    PARAGRAPH = auto()
    NUMBER = auto()
    DATE = auto()
    DURATION = auto()
    TOGGLE = auto()
    CHOICE = auto()
    CHOICES = auto()
    MEMBER = auto()


@dataclass(frozen=True, slots=True)
class Ask:
    """The words and limits of a question.

    `at_least` and `at_most` bound a number's value or a text's length in characters. `example` is what help and the
    refusal of a wrong value show.
    """

    label: str
    hint: str = ""
    example: str = ""
    at_least: int | None = None
    at_most: int | None = None
    paragraph: bool = False
    complete: Completer | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One thing asked of a person, bound to one parameter of a handler; `value` is what the form starts with."""

    name: str
    kind: Kind
    ask: Ask
    required: bool
    options: tuple[Option, ...] = ()
    value: Raw | None = field(default=None, repr=False)
    choice: type[Enum] | None = None
    """The enum of a choice."""

    @property
    def longest(self) -> int:
        """The most characters a text may have."""
        return self.ask.at_most or (PARAGRAPH_LIMIT if self.kind is Kind.PARAGRAPH else TEXT_LIMIT)


def field_of(name: str, annotation: Any, *, required: bool) -> Field | None:
    """The field that a parameter declares, or None where it is bound rather than asked. Raises TypeError."""
    if get_origin(annotation) is not Annotated:
        return None
    kind_of, *extras = get_args(annotation)
    asks = [extra for extra in extras if isinstance(extra, Ask)]
    if not asks:
        return None
    bare, optional = _without_none(kind_of)
    kind, options, element = _kind(bare, asks[0])
    return Field(name, kind, asks[0], required and not optional, options, choice=element)


def read_all(fields: Sequence[Field], raw: Mapping[str, Raw], *, today: date) -> dict[str, Any]:
    """Every field's value by name. Raises WrongFields naming all that cannot be read; absent ones are left out."""
    values: dict[str, Any] = {}
    errors: dict[str, Words] = {}
    for each in fields:
        try:
            value = read(each, raw.get(each.name), today=today)
        except ValueError as refused:
            errors[each.name] = _words_of(refused)
        else:
            if value is not None:
                values[each.name] = value
    if errors:
        raise WrongFields(errors)
    return values


def read(asked: Field, raw: Raw | None, *, today: date) -> Any:
    """One field's value, None for an optional one left empty. Raises ValueError(Words) with what to type instead."""
    if asked.kind is Kind.CHOICES:
        return _several(asked, raw)
    text = clean(raw if isinstance(raw, str) else " ".join(raw or ()))
    if not text:
        if asked.kind is Kind.TOGGLE:
            return False
        if asked.required:
            raise ValueError(say("This one is needed."))
        return None
    return _READERS[asked.kind](asked, text, today)


def clean(text: str) -> str:
    """What a person typed, without what could break a drawing: control characters, direction overrides, piled marks.

    Empty where nothing of it can be seen.
    """
    if text.isascii() and text.isprintable():
        return text.strip()  # nothing else to do, for most of what is typed or drawn
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")):
        category = unicodedata.category(character)
        if category in {"Mn", "Me"}:
            marks += 1
            if marks > COMBINING_MARKS_IN_A_ROW:
                continue
        else:
            marks = 0
        if category in {"Cc", "Cs"} and character not in "\n\t":
            continue
        if character in _DIRECTION_CONTROLS:
            continue
        kept.append(character)
    return "".join(kept).strip() if any(map(_can_be_seen, kept)) else ""


def bare_type(annotation: Any) -> Any:
    """The type without `| None`. Raises TypeError for a union of more than one type."""
    return _without_none(annotation)[0]


def write(value: object) -> Raw:
    """A value as the raw text that `read` gives back, for a form that starts filled in."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case Enum():
            return str(value.value)
        case timedelta():
            return f"{int(value.total_seconds() // 60)} minutes"
        case date():
            return value.isoformat()
        case Mention():
            return value.user
        case tuple() | list():
            return tuple(str(write(each)) for each in value)
        case _:
            return str(value)


def _can_be_seen(character: str) -> bool:
    return character not in _BLANKS and unicodedata.category(character) not in _INVISIBLE


def _without_none(kind_of: Any) -> tuple[Any, bool]:
    if get_origin(kind_of) in {Union, types.UnionType}:
        bare = [each for each in get_args(kind_of) if each is not type(None)]
        if len(bare) == 1:
            return bare[0], True
        raise TypeError(f"{kind_of} is more than one type")
    return kind_of, False


def _kind(bare: Any, ask: Ask) -> tuple[Kind, tuple[Option, ...], type[Enum] | None]:
    if get_origin(bare) is tuple:
        element = get_args(bare)[0]
        return Kind.CHOICES, _options(element), element
    if isinstance(bare, type) and issubclass(bare, Enum):
        return Kind.CHOICE, _options(bare), bare
    if bare is str:
        return (Kind.PARAGRAPH if ask.paragraph else Kind.TEXT), (), None
    kinds = {
        bool: Kind.TOGGLE,
        int: Kind.NUMBER,
        date: Kind.DATE,
        timedelta: Kind.DURATION,
        Mention: Kind.MEMBER,
    }
    if bare not in kinds:
        raise TypeError(f"{bare} cannot be asked for")
    return kinds[bare], (), None


def _options(choices: type[Enum]) -> tuple[Option, ...]:
    return tuple(Option(str(each.value), getattr(each, "label", str(each.value))) for each in choices)


def _words_of(refused: ValueError) -> Words:
    words = refused.args[0]
    return words if isinstance(words, Words) else say("This could not be read.")


def _read_text(asked: Field, text: str, _: date) -> str:
    if asked.kind is Kind.TEXT:
        text = " ".join(text.split())
    if len(text) > asked.longest:
        raise ValueError(
            say("That is {n} characters; at most {most} fit. Shorten it a little.", n=len(text), most=asked.longest)
        )
    if asked.ask.at_least and len(text) < asked.ask.at_least:
        raise ValueError(say("Write at least {least} characters.", least=asked.ask.at_least))
    return text


def _read_number(asked: Field, text: str, _: date) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(say("Type a whole number, such as {example}.", example=asked.ask.example or "5"))
    number = int(re.sub(r"[ ,_]", "", text))
    least, most = asked.ask.at_least, asked.ask.at_most
    if least is not None and number < least:
        raise ValueError(say("Type a number from {least} up.", least=least))
    if most is not None and number > most:
        raise ValueError(say("Type a number up to {most}.", most=most))
    return number


def _read_date(asked: Field, text: str, today: date) -> date:
    found = _date(text.casefold(), today)
    if found is None:
        raise ValueError(
            say(
                "I could not read that date. Try {example}, `tomorrow` or `in 2 weeks`.",
                example=asked.ask.example or f"{today + timedelta(days=7):%Y-%m-%d}",
            )
        )
    return found


def _read_duration(asked: Field, text: str, _: date) -> timedelta:
    parts = _DURATION_PART.findall(text.casefold())
    if not 0 < len(parts) <= len(_MINUTES) or _DURATION_PART.sub("", text.casefold()).replace("and", "").strip(" ,"):
        raise ValueError(say("Type a length of time, such as {example}.", example=asked.ask.example or "45 minutes"))
    minutes = sum(int(number) * _MINUTES[unit[0]] for number, unit in parts)
    return timedelta(minutes=minutes)


def _read_toggle(_: Field, text: str, __: date) -> bool:
    if text.casefold() in {"yes", "y", "true", "on", "1"}:
        return True
    if text.casefold() in {"no", "n", "false", "off", "0"}:
        return False
    raise ValueError(say("Answer `yes` or `no`."))


def _read_choice(asked: Field, text: str, _: date) -> Any:
    return _member(asked, text)


def _read_mention(_: Field, text: str, __: date) -> Mention:
    found = re.fullmatch(r"<@!?([A-Z0-9a-z_.-]+)(?:\|[^>]*)?>|([A-Z0-9a-z_.-]+)", text)
    if found is None:
        raise ValueError(say("Choose one member."))
    return Mention(found[1] or found[2])


def _several(asked: Field, raw: Raw | None) -> tuple[Any, ...]:
    texts = [clean(each) for each in (raw.split(",") if isinstance(raw, str) else raw or ())]
    chosen = dict.fromkeys(_member(asked, text) for text in texts if text)
    if asked.required and not chosen:
        raise ValueError(say("Choose at least one."))
    return tuple(chosen)


def _member(asked: Field, text: str) -> Any:
    wanted = " ".join(text.casefold().split())
    by_word = {word.casefold(): each.value for each in asked.options for word in (each.label, each.value)}
    starting = {value for word, value in by_word.items() if word.startswith(wanted)}
    value = by_word.get(wanted) or (starting.pop() if len(starting) == 1 else None)
    if value is None:
        known = ", ".join(each.label for each in asked.options)
        raise ValueError(say("Choose one of: {known}.", known=known))
    return asked.choice(value) if asked.choice else value


def _date(text: str, today: date) -> date | None:
    if text in _NAMED_DAYS:
        return today + timedelta(days=_NAMED_DAYS[text])
    if ahead := re.fullmatch(r"in (\d{1,3}) (day|week)s?", text):
        return today + timedelta(days=int(ahead[1]) * (7 if ahead[2] == "week" else 1))
    weekday = text.removeprefix("next ").removeprefix("on ")
    if weekday in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS.index(weekday) - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _day_and_month(text, today)


def _day_and_month(text: str, today: date) -> date | None:
    found = _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text)
    if found is None:
        return None
    month = next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(found["month"][:3])), None)
    if month is None or not _MONTHS[month - 1].startswith(found["month"]):
        return None
    years = [int(found["year"])] if found["year"] else [today.year, today.year + 1]
    for year in years:
        try:
            day = date(year, month, int(found["day"]))
        except ValueError:
            continue
        if found["year"] or day >= today:
            return day
    return None


_READERS: Final[Mapping[Kind, Callable[[Field, str, date], Any]]] = {
    Kind.TEXT: _read_text,
    Kind.PARAGRAPH: _read_text,
    Kind.NUMBER: _read_number,
    Kind.DATE: _read_date,
    Kind.DURATION: _read_duration,
    Kind.TOGGLE: _read_toggle,
    Kind.CHOICE: _read_choice,
    Kind.MEMBER: _read_mention,
}
_DIRECTION_CONTROLS: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Mn", "Me", "Zl", "Zp", "Zs"})
_BLANKS: Final = "\u115f\u1160\u2800\u3164\uffa0"
"""Drawn as nothing, though Unicode calls them letters or symbols."""
_NAMED_DAYS: Final = {"today": 0, "tomorrow": 1, "yesterday": -1}
_WEEKDAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS: Final = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_DAY_MONTH: Final = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.? (?P<month>[a-z]{3,9})(?:,? (?P<year>\d{4}))?")
_MONTH_DAY: Final = re.compile(r"(?P<month>[a-z]{3,9}) (?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<year>\d{4}))?")
_NUMBER: Final = re.compile(rf"[+-]?(?:\d{{1,{LONGEST_NUMBER}}}|\d{{1,3}}(?:[ ,_]\d{{3}}){{1,3}})", re.ASCII)
_DURATION_PART: Final = re.compile(r"(\d{1,5})\s*(m|min|mins|minutes?|h|hours?|hrs?|d|days?|w|weeks?)\b")
_MINUTES: Final = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
