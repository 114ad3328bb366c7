"""Words as Slack draws them: `rich_text` elements always, `mrkdwn` only where nothing in it could become markup."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.cards import Channel, Link, Mention, Shape, Span, Typed, When, Words, plain, say, spans
from bot.platforms.slack.limits import Json

Spelling = Callable[[Typed], str]
"""How a command is typed here: `/stone rejection log Acme`."""

_NATIVE = (When, datetime, Mention, Channel, Link)
_BREAKS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKUP: Final = re.compile(r"[*_~`>]|:[\w+'-]+:")
_FORMATS: Final = {
    Shape.MOMENT: "{date_short_pretty} {time}",
    Shape.DATE: "{date_short_pretty}",
    Shape.TIME: "{time}",
    Shape.RELATIVE: "{ago}",
}


@dataclass(frozen=True, slots=True)
class Ink:
    """What drawing needs to know beside the words."""

    spelling: Spelling
    pings: frozenset[str] | None = None
    """The users that may be mentioned where others see it; None where only the member does."""


def is_web(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def shown(text: str) -> str:
    """The text without characters that Slack refuses or that turn the line around."""
    return _BREAKS.sub("", text)


def escaped(text: str) -> str:
    """The text for a place that Slack reads as markup."""
    return shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_plain(words: Words) -> bool:
    """Whether the words hold nothing that Slack draws for the reader, such as a date."""
    return not any(isinstance(span.value, _NATIVE) for span in spans(words))


def rich(words: Words, ink: Ink, *, bold: bool = False) -> list[Json]:
    """The elements of a `rich_text_section`; none where there are no words. No value can become markup here."""
    elements = [_element(span, ink) for span in spans(words)]
    if bold:
        elements = [{**each, "style": {**each.get("style", {}), "bold": True}} for each in elements]
    return [each for each in elements if each.get("text", True)]


def marked(words: Words, ink: Ink) -> str | None:
    """The words as `mrkdwn`, or None where a part could be read as markup, since Slack has no way to escape it."""
    runs: list[tuple[str, str]] = []
    for span in spans(words):
        text = _mark(span, ink)
        if text is None:
            return None
        style = "`" if _is_code(span) else "*" if span.bold else ""
        if runs and runs[-1][0] == style:
            runs[-1] = (style, runs[-1][1] + text)
        elif text:
            runs.append((style, text))
    return _joined(runs)


def _joined(runs: list[tuple[str, str]]) -> str | None:
    drawn = ""
    for number, (style, text) in enumerate(runs):
        if style:
            # Slack reads a mark as one only at the edge of a word.
            after = runs[number + 1][1][:1] if number + 1 < len(runs) else ""
            before = drawn[-1:]
            if text != text.strip() or "\n" in text or before.isalnum() or before in {"*", "`"} or after.isalnum():
                return None
        drawn += f"{style}{text}{style}"
    return drawn


def _is_code(span: Span) -> bool:
    return span.code or isinstance(span.value, Typed)


def _element(span: Span, ink: Ink) -> Json:
    match span.value:
        case When(at=at, shape=shape):
            return _date(at, shape, bold=span.bold)
        case datetime():
            return _date(span.value, Shape.MOMENT, bold=span.bold)
        case Mention(user) if ink.pings is None or user in ink.pings:
            return {"type": "user", "user_id": user}
        case Mention(user):
            # A mention pings in Slack; a link to the person does not.
            return {"type": "link", "url": _profile(user), "text": "a member"}
        case Channel(id=channel):
            return {"type": "channel", "channel_id": channel}
        case Link(label, url) if is_web(url):
            return {"type": "link", "url": url, "text": shown(label) or url}
        case _:
            style = {name: True for name, has in (("bold", span.bold), ("code", _is_code(span))) if has}
            return {"type": "text", "text": shown(_text(span.value, ink)), **({"style": style} if style else {})}


def _mark(span: Span, ink: Ink) -> str | None:
    match span.value:
        case When(at=at, shape=shape):
            return _marked_date(at, shape)
        case datetime():
            return _marked_date(span.value, Shape.MOMENT)
        case Mention(user) if ink.pings is None or user in ink.pings:
            return f"<@{user}>"
        case Mention(user):
            return f"<{_profile(user)}|a member>"
        case Channel(id=channel):
            return f"<#{channel}>"
        case Link(label, url) if is_web(url):
            return None if _MARKUP.search(label) or re.search("[|<>]", label + url) else f"<{url}|{escaped(label)}>"
        case _:
            text = _text(span.value, ink)
            unsafe = "`" in text or span.bold if _is_code(span) else _MARKUP.search(text)
            return None if unsafe else escaped(text)


def _text(value: str | int | date | datetime | When | Mention | Channel | Link | Typed, ink: Ink) -> str:
    match value:
        case Typed():
            return ink.spelling(value)
        case Link(label, url):
            return f"{label} ({url})"
        case _:
            return plain(say("{value}", value=value))


def _date(at: datetime, shape: Shape, *, bold: bool) -> Json:
    drawn: Json = {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": _FORMATS[shape],
        "fallback": plain(say("{at}", at=When(at, shape))),
    }
    return {**drawn, "style": {"bold": True}} if bold else drawn


def _marked_date(at: datetime, shape: Shape) -> str:
    return f"<!date^{int(at.timestamp())}^{_FORMATS[shape]}|{plain(say('{at}', at=When(at, shape)))}>"


def _profile(user: str) -> str:
    return f"https://slack.com/app_redirect?channel={user}"
