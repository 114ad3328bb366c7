"""Words as Discord's markdown: the template's style is drawn, a value is never markup and never a ping."""

import re
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from bot.cards import Channel, Link, Mention, Shape, Span, Typed, When, Words, plain, say, spans
from bot.options import clean


def draw(words: Words) -> str:
    """The text, its values escaped; instants, members, channels and links drawn natively."""
    drawn = ""
    # Runs of one style are wrapped together: `**a****b**` would show its stars.
    for (bold, code), run in groupby(spans(words), key=_STYLE):
        parts = [_bare(span) if code else _value(span) for span in run]
        text = code_span("".join(parts)) if code else "".join(parts)
        drawn += f"**{text}**" if bold and text.strip() else text
    return drawn


def one_line(words: Words) -> str:
    """The same without line breaks, for headings."""
    return " ".join(draw(words).split("\n"))


def escape(text: str) -> str:
    """Text that shows as itself: no style, no link, no mention, no heading, no list."""
    if _WORDS.fullmatch(text):
        return text
    escaped = _PUNCTUATION.sub(r"\\\g<0>", visible(text))
    return _LINE_START.sub(r"\g<indent>\\\g<mark>", _NUMBERED.sub(r"\g<number>\\.", escaped))


def visible(text: str) -> str:
    """Text without what could break a drawing, the space around it kept."""
    if _WORDS.fullmatch(text):
        return text
    body = clean(text)
    if not body:
        return text if set(text) <= {" ", "\n"} else ""
    before = text[: len(text) - len(text.lstrip(" \n"))]
    return before + body + text[len(text.rstrip(" \n")) :]


def code_span(text: str) -> str:
    """Text in a box, as it is: inside one nothing can be escaped, so a backtick becomes its look-alike."""
    shown = visible(text).replace("`", "\u02cb").replace("\n", " ")
    return f"`{shown}`" if shown.strip() else shown


def code_block(text: str) -> str:
    """Lines of fixed width."""
    return "```\n" + text.replace("`", "\u02cb") + "\n```"


def spell(typed: Typed) -> str:
    """A command as it is typed on Discord: `/rejection log company:Acme`."""
    return " ".join([f"/{typed.command}", *(f"{name}:{value}" for name, value in typed.values.items())])


def _value(span: Span) -> str:
    match span.value:
        case str() as text:
            return escape(text)
        case When(at=at, shape=shape):
            return f"<t:{int(at.timestamp())}:{_SHAPES[shape]}>"
        case datetime() as at:
            return f"<t:{int(at.timestamp())}:f>"
        case Mention(user=user) if user.isdecimal():
            return f"<@{user}>"
        case Channel(id=channel) if channel.isdecimal():
            return f"<#{channel}>"
        case Link(label=label, url=url) if _WEB.match(url):
            return f"[{escape(label)}](<{_address(url)}>)"
        case Typed() as typed:
            return code_span(spell(typed))
        case _:
            return escape(_bare(span))


def _bare(span: Span) -> str:
    """The value without any markup, as a box of code or an unknown kind of id needs it."""
    match span.value:
        case Typed() as typed:
            return spell(typed)
        case str() | int() as value:
            return str(value)
        case Link(label=label, url=url) if not _WEB.match(url):
            return f"{label}: {url}"
        case date() | datetime() | When() | Mention() | Channel() | Link() as value:
            return plain(say("{value}", value=value))


def _address(url: str) -> str:
    return re.sub(r"[<>()\s\\]", lambda found: f"%{ord(found[0]):02X}", url)


_SHAPES: Final = {Shape.MOMENT: "f", Shape.DATE: "D", Shape.TIME: "t", Shape.RELATIVE: "R"}
_WEB: Final = re.compile(r"https?://[^\s]+", re.IGNORECASE)
# A colon before slashes would make a bare address a link; an `@` would colour `@everyone` though it pings nobody.
_PUNCTUATION: Final = re.compile(r"[\\*_~`|<>\[\]@]|:(?=//)")
_WORDS: Final = re.compile(r" *[A-Za-z·][A-Za-z0-9 .,!?’·()/'&;%–]*")
"""Most of what is drawn, in which nothing is to be escaped or taken out."""
_STYLE: Final = attrgetter("bold", "code")
_LINE_START: Final = re.compile(r"(?m)^(?P<indent>[ \t]*)(?P<mark>[#+-])")
_NUMBERED: Final = re.compile(r"(?m)^(?P<number>[ \t]*\d+)\.")
