"""Messages as data: a card says what to show, never how a platform shows it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote


class Style(StrEnum):
    """How much weight a button has."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


class Tone(StrEnum):
    """The mood of a card; each platform maps it to a colour, never to colour alone."""

    PLAIN = "plain"
    CALM = "calm"
    GOOD = "good"
    WARN = "warn"


class Shape(StrEnum):
    """How much of an instant to show; it is drawn in the reader's own zone."""

    MOMENT = "moment"
    DATE = "date"
    TIME = "time"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class When:
    """An instant to draw natively. A bare `datetime` among the values means `Shape.MOMENT`."""

    at: datetime
    shape: Shape = Shape.MOMENT


@dataclass(frozen=True, slots=True)
class Mention:
    """A person of this platform, by the platform's own id. Drawing it pings nobody."""

    user: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of this platform, by the platform's own id."""

    id: str


@dataclass(frozen=True, slots=True)
class Link:
    """A web address with words on it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as a person types it; each platform spells it in its own way."""

    command: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """A trusted template and untrusted values, kept apart until a platform draws them.

    The template may hold `{name}` for a value, `**bold**` and `` `code` ``; a value is never markup.
    """

    template: str
    values: Mapping[str, "Value"] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.template)


Value = str | int | date | datetime | When | Mention | Channel | Link | Typed | Words


@dataclass(frozen=True, slots=True)
class Span:
    """A run of one style: literal text or one value."""

    value: str | int | date | datetime | When | Mention | Channel | Link | Typed
    bold: bool = False
    code: bool = False


def say(template: str, /, **values: Value) -> Words:
    """Words for people: `say("Logged {company}.", company=entry.company)`."""
    return Words(template, values)


def say_n(count: int, one: str, many: str, /, **values: Value) -> Words:
    """Words that depend on a number; `{n}` is the number itself."""
    return Words(one if count == 1 else many, {"n": count, **values})


def join(separator: str, parts: Sequence[Words]) -> Words:
    """One `Words` of several, with a trusted separator between them."""
    names = [f"part{number}" for number in range(len(parts))]
    return Words(separator.join(f"{{{name}}}" for name in names), dict(zip(names, parts, strict=True)))


def spans(words: Words) -> tuple[Span, ...]:
    """The runs of a text in order, nested words flattened. Raises KeyError for a missing value."""
    return tuple(_spans(words, bold=False, code=False))


def plain(words: Words) -> str:
    """The text without style, for notifications, search and tests; instants in UTC."""
    return "".join(_plain(span.value) for span in spans(words))


@dataclass(frozen=True, slots=True)
class Button:
    """A packed call with a label; made by `action.button(...)`, never by hand."""

    label: str
    packed: str = field(repr=False)
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class LinkButton:
    """Opens a web address, or `tel:` and `mailto:` where a platform allows it; elsewhere it is `spelled_out`."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: what is kept, and what people read."""

    value: str
    label: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """A choice on a card; the chosen value is the last bound parameter of the action it calls."""

    placeholder: str
    packed: str = field(repr=False)
    options: tuple[Option, ...]
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    words: Words


@dataclass(frozen=True, slots=True)
class Text:
    words: Words


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    words: Words


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled values."""

    items: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line with one button at its end."""

    words: Words
    button: Button | LinkButton


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two parts."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of something is done: a bar with its numbers beside it."""

    label: Words
    value: int
    total: int


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers of a chart, one for each category."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over time. `alt` says the same in words, for those who do not see it."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    alt: Words


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of short cells under headers; at most 6 columns."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Actions:
    items: tuple[Button | LinkButton | Select, ...]


Element = Heading | Text | Note | Fields | Row | Divider | Progress | Chart | Table | Actions


@dataclass(frozen=True, slots=True)
class File:
    """A file that comes with a card."""

    name: str
    content: bytes = field(repr=False)
    description: str


@dataclass(frozen=True, slots=True)
class Card:
    """One message. Private unless it says otherwise."""

    body: tuple[Element, ...]
    title: Words = Words("")
    tone: Tone = Tone.PLAIN
    private: bool = True
    summary: Words = Words("")
    files: tuple[File, ...] = ()
    notify: tuple[Mention, ...] = ()
    redraw: str | None = field(default=None, repr=False)
    """The packed call that draws this card again from current data; shown when the same event comes twice."""


def summary(card: Card) -> str:
    """What a notification or a screen reader says first: never empty."""
    if card.summary:
        return plain(card.summary)
    texts = [plain(element.words) for element in card.body if isinstance(element, Heading | Text | Row)]
    first = [plain(card.title)] if card.title else []
    return " – ".join([*first, *texts[:1]]) or "Steppingstone"


def buttons(card: Card) -> Iterator[Button | LinkButton | Select]:
    """Everything on the card that can be pressed or chosen, in reading order."""
    for element in card.body:
        if isinstance(element, Row):
            yield element.button
        elif isinstance(element, Actions):
            yield from element.items


def spelled_out(link: LinkButton) -> str:
    """What stands beside its label where no button opens it: the number, the address, or what to do instead."""
    address = unquote(link.url.partition(":")[2].partition("?")[0])
    return address or "copy the words into a new e-mail"


def with_button(card: Card, button: Button) -> Card:
    """The card with one more button in its last row of buttons; unchanged where it already has it."""
    if any(isinstance(item, Button) and item.packed == button.packed for item in buttons(card)):
        return card
    last = card.body[-1] if card.body else None
    if isinstance(last, Actions) and not any(isinstance(item, Select) for item in last.items):
        return replace(card, body=(*card.body[:-1], Actions((*last.items, button))))
    return replace(card, body=(*card.body, Actions((button,))))


_MARKS = re.compile(r"(\*\*|`|\{[a-z_0-9]+\})")


def _spans(words: Words, *, bold: bool, code: bool) -> Iterator[Span]:
    for name, part in _parts(words.template):
        value = words.values[name] if name else part.value
        if isinstance(value, Words):
            yield from _spans(value, bold=bold ^ part.bold, code=code ^ part.code)
        elif name or bold or code:
            yield Span(value, bold ^ part.bold, code ^ part.code)
        else:
            yield part


@lru_cache(4096)  # templates are written in the code, so there are only so many
def _parts(template: str) -> tuple[tuple[str, Span], ...]:
    """The runs of a template in order: the name of a value or "", and the literal text in its style."""
    parts: list[tuple[str, Span]] = []
    bold = code = False
    for part in _MARKS.split(template):
        if part == "**":
            bold = not bold
        elif part == "`":
            code = not code
        elif part.startswith("{") and part.endswith("}"):
            parts.append((part[1:-1], Span("", bold, code)))
        elif part:
            parts.append(("", Span(part, bold, code)))
    return tuple(parts)


def _plain(value: object) -> str:
    match value:
        case When(at=at, shape=Shape.DATE):
            return f"{at.day} {at:%b %Y}"
        case When(at=at):
            return f"{at.day} {at:%b %Y %H:%M} UTC"
        case datetime():
            return f"{value.day} {value:%b %Y %H:%M} UTC"
        case date():
            return f"{value.day} {value:%b %Y}"
        case Link():
            return value.label
        case Typed():
            return f"/{value.command}"
        case Mention():
            return "a member"
        case Channel():
            return "a channel"
        case _:
            return str(value)
