"""Draws messages, cards and forms as HTML, for one reader: their zone, their names, their clock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from bot.cards import (
    Channel,
    Chart,
    Link,
    Mention,
    Shape,
    Span,
    Typed,
    When,
    Words,
    plain,
    spans,
)
from bot.chart import IN_PAGE, NARROW, WIDE, numbers, svg
from bot.options import Field, Kind
from bot.platforms.base import Form
from bot.platforms.web.chronicle import Shown
from bot.platforms.web.tour import CLOSING, STEPS, Tour
from bot.platforms.web.transcript import Message

PAGE: Final = Path(__file__).parent / "page"
RADIOS_AT_MOST: Final = 10
_LAST_LATIN: Final = "\u02ff"
_SAFE_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})

Spelling = Callable[[Typed], str]


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is drawn."""

    slug: str
    zone: ZoneInfo
    now: datetime
    names: Mapping[str, str] = field(repr=False)
    """The identity's id -> name."""
    rooms: Mapping[str, str]
    """Room -> name."""
    spell: Spelling
    """How a command is typed here."""


def draw_form(form: Form, reader: Reader, *, room: str, message: str) -> Markup:
    """The inside of the dialog: each question with its error, and what was typed or kept before."""
    return _macro("form", form, reader, room, message)


def draw_message(message: Message, reader: Reader, author: Any) -> Markup:
    """One message as it stands in the log."""
    return _macro("message", message, reader, author)


def draw_tour(tour: Tour, reader: Reader, me: Any, newcomer: Any) -> Markup:
    """Where the tour is, for the newcomer and for the others."""
    return _macro("tour", tour, reader, me, newcomer)


def draw_came(came: Sequence[Shown], reader: Reader) -> Markup:
    """What came while the clock was moved, line by line."""
    return _macro("came", came, reader)


def draw_page(**values: Any) -> str:
    """The whole page."""
    return _environment().get_template("page.html").render(values)


def stamp(at: datetime, reader: Reader) -> str:
    """When something was said, as short as can be: the time, with the day where it was not today."""
    local, today = at.astimezone(reader.zone), reader.now.astimezone(reader.zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"Yesterday {local:%H:%M}"
    return f"{local.day} {local:%b %H:%M}"


def weekday(at: datetime, reader: Reader) -> str:
    """The day of the week and the time where the reader is."""
    return f"{at.astimezone(reader.zone):%a %H:%M}"


def moment(at: datetime, reader: Reader) -> str:
    """The full date and time where the reader is."""
    local = at.astimezone(reader.zone)
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"


def relative(at: datetime, now: datetime) -> str:
    """How far away an instant is, in the largest unit that fits: `in 3 days`, `2 hours ago`."""
    seconds = round((at - now).total_seconds())
    for unit, size in (("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60)):
        count = round(abs(seconds) / size)
        if count >= 1 and abs(seconds) >= size:
            many = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"in {many}" if seconds > 0 else f"{many} ago"
    return "now"


def spell_line(typed: Typed, fields: Sequence[Field]) -> str:
    """A command as it is typed on this page, every value by name, so that it can be edited where it stands."""
    parts = [f"/{typed.command}"]
    known = [field.name for field in fields]
    for name, value in sorted(typed.values.items(), key=lambda item: known.index(item[0]) if item[0] in known else 0):
        quoted = f'"{value}"' if not value or any(each in value for each in " :") else value
        parts.append(f"{name}:{quoted}")
    return " ".join(parts)


_made: list[Environment] = []


def _environment() -> Environment:
    if not _made:
        made = Environment(
            loader=FileSystemLoader(PAGE),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        made.filters.update(words=_words, kind=lambda value: type(value).__name__, safe_url=_safe_url, size=_size)
        made.globals.update(
            stamp=stamp, weekday=weekday, moment=moment, Kind=Kind, radios=_radios, raw=_raw, input_type=_input_type,
            zip=zip, plain=plain, numbers=numbers, charts=_charts, STEPS=STEPS, closing=CLOSING,
        )  # fmt: skip
        _made.append(made)
    return _made[0]


def _macro(name: str, *args: Any) -> Markup:
    macro = getattr(_environment().get_template("parts.html").module, name)
    return Markup(macro(*args))  # noqa: S704 - a template's own output, escaped by the environment


@pass_context
def _words(context: Context, words: Words, reader: Reader) -> Markup:
    del context
    return Markup().join(_span(span, reader) for span in spans(words))


def _span(span: Span, reader: Reader) -> Markup:
    drawn = _value(span.value, reader)
    if span.code and not isinstance(span.value, Typed):
        drawn = Markup("<code>{}</code>").format(drawn)
    return Markup("<strong>{}</strong>").format(drawn) if span.bold else drawn


def _value(value: object, reader: Reader) -> Markup:
    match value:
        case When(at=at, shape=shape):
            return _when(at, shape, reader)
        case datetime():
            return _when(value, Shape.MOMENT, reader)
        case date():
            return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), f"{value.day} {value:%b %Y}")
        case Mention(user=user):
            return Markup('<span class="mention">@{}</span>').format(reader.names.get(user, "someone"))
        case Channel(id=room):
            return Markup('<span class="mention">#{}</span>').format(reader.rooms.get(room, "a room"))
        case Link(label=label, url=url):
            safe = _safe_url(url)
            if safe is None:
                return _text(label)
            return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(safe, label)
        case Typed():
            line = reader.spell(value)
            return Markup('<button type="button" class="typed" data-line="{}">{}</button>').format(line, line)
        case _:
            return _text(str(value))


def _text(text: str) -> Markup:
    # <bdi> keeps what a person wrote from turning the direction of the words around it.
    return Markup("<bdi>{}</bdi>").format(text) if max(text, default="") > _LAST_LATIN else escape(text)


def _when(at: datetime, shape: Shape, reader: Reader) -> Markup:
    local = at.astimezone(reader.zone)
    shown = {
        Shape.MOMENT: f"{local.day} {local:%b %Y, %H:%M}",
        Shape.DATE: f"{local.day} {local:%b %Y}",
        Shape.TIME: f"{local:%H:%M}",
        Shape.RELATIVE: relative(at, reader.now),
    }[shape]
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), moment(at, reader), shown)


def _charts(chart: Chart) -> Mapping[str, Markup]:
    """The same chart for a screen with room and for a phone; the style sheet shows the one that fits."""
    widths = {"wide": WIDE, "narrow": NARROW}
    return {name: Markup(svg(chart, theme=IN_PAGE, width=width)) for name, width in widths.items()}  # noqa: S704 - ours


def _safe_url(url: str) -> str | None:
    try:
        return url if urlsplit(url).scheme in _SAFE_SCHEMES else None
    except ValueError:
        return None


def _size(content: bytes) -> str:
    kilobytes = len(content) / 1000
    return f"{len(content)} bytes" if kilobytes < 1 else f"{kilobytes:.0f} kB"


def _radios(field: Field) -> bool:
    return len(field.options) <= RADIOS_AT_MOST


def _raw(field: Field) -> tuple[str, ...]:
    """What the field starts with, always as several: a choice may have been typed by its label."""
    given = field.value
    texts = (given,) if isinstance(given, str) else (given or ())
    if field.kind is Kind.CHOICES and isinstance(given, str):
        texts = tuple(part.strip() for part in given.split(","))
    by_word = {word.casefold(): each.value for each in field.options for word in (each.label, each.value)}
    return tuple(by_word.get(text.casefold(), text) for text in texts)


def _input_type(field: Field) -> str:
    """The browser's own field, unless what was typed would be lost in it."""
    typed = "".join(_raw(field))
    if field.kind is Kind.NUMBER and (not typed or (typed.isascii() and typed.isdigit())):
        return "number"
    if field.kind is Kind.DATE and (not typed or _is_iso(typed)):
        return "date"
    return "text"


def _is_iso(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
