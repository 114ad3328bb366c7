"""`/stone` with the same words as everywhere: which command is meant, with which values, and how one is spelled."""

import re
from typing import Final

from bot.cards import Typed
from bot.options import TEXT_LIMIT, Field, Kind, Raw
from bot.platforms.base import Desk, Request
from bot.platforms.slack.manifest import COMMAND
from bot.typed import read_line, spell

HELP: Final = ("help",)
_ESCAPED: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def read_command(desk: Desk, text: str) -> Request:
    """What is asked by the words after `/stone`; for words that are no command, the help with these words."""
    words = text.split()
    longest = max((len(offer.path) for offer in desk.offers), default=0)
    for length in range(min(len(words), longest), 0, -1):
        offer = desk.find_command([word.casefold() for word in words[:length]])
        if offer is not None:
            return Request(offer.key, _values(_after(text, length), offer.fields))
    offer = desk.find_command(HELP)
    if offer is None:
        return Request(" ".join(HELP))
    field = offer.fields[0].name if offer.fields else None
    # What follows the words of a command is left out, so that the help is about the command.
    asked = decoded(" ".join(words[:longest]))[:TEXT_LIMIT]
    return Request(offer.key, {field: asked} if field and words else {})


def spelled(desk: Desk, typed: Typed) -> str:
    """A command as a person types it here."""
    offer = desk.find_command(typed.command.split())
    values = spell(offer.fields, typed.values) if offer else ""
    return f"{COMMAND} {typed.command} {values}".rstrip()


def decoded(text: str) -> str:
    """Typed text as it was typed: Slack sends `@bob` as `<@U1|bob>`, and `&`, `<`, `>` as entities."""
    return _unescaped(_ESCAPED.sub(_as_typed, text))


def _values(text: str, fields: tuple[Field, ...]) -> dict[str, Raw]:
    kinds = {field.name: field.kind for field in fields}
    values = read_line(text, fields).values
    return {
        name: value if kinds[name] is Kind.MEMBER or not isinstance(value, str) else decoded(value)
        for name, value in values.items()
    }


def _after(text: str, words: int) -> str:
    return re.sub(rf"^(?:\s*\S+){{{words}}}\s*", "", text)


def _as_typed(found: re.Match[str]) -> str:
    sigil, target, label = found.groups()
    if sigil == "!":
        return f"@{label or target}".replace("@@", "@")
    return f"{sigil}{label or target}"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
