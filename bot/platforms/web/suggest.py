"""What to suggest while someone types a command: commands, then the names and values of their options."""

import difflib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.cards import Actions, Button, Card, Text, Typed, say
from bot.options import Field, Kind, Raw
from bot.platforms.base import Desk, Offer
from bot.typed import read_line

MOST: Final = 25

Completing = Callable[[Offer, Field, str], Awaitable[Sequence[str]]]
"""`async (offer, field, typed) -> suggestions`"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One row of the list; choosing it makes the whole line become `line`."""

    label: str
    hint: str
    line: str


def find_offer(line: str, offers: Sequence[Offer]) -> tuple[Offer, str] | None:
    """The command that a line begins with, the longest name first, and the rest of the line as typed."""
    words = line.removeprefix("/")
    for offer in sorted(offers, key=lambda each: -len(each.path)):
        found = re.match(r"\s*" + r"\s+".join(map(re.escape, offer.path)) + r"(?=\s|$)", words, re.IGNORECASE)
        if found:
            return offer, words[found.end() :]
    return None


def unknown_command(text: str, desk: Desk) -> Card:
    """What to say of a line that begins with no command."""
    near = nearest(text, desk.offers)
    words = say("Did you mean {command}?", command=Typed(near)) if near else say("Type `/` to see what there is.")
    overview = desk.find_command(("help",))
    more = (Actions((Button("See all commands", overview.key),)),) if overview else ()
    return Card((Text(words), *more), title=say("There is no such command"))


def nearest(line: str, offers: Sequence[Offer]) -> str | None:
    """The words of the command that an unknown one was meant to be, where one is near."""
    known = [" ".join(offer.path) for offer in offers]
    typed = line.removeprefix("/").casefold().split()
    for words in (typed[:2], typed[:1]):
        near = difflib.get_close_matches(" ".join(words), known, n=1, cutoff=0.6)
        if near:
            return near[0]
    return next((each for each in known if typed and each.split()[0] == typed[0]), None)


async def suggest(
    line: str, offers: Sequence[Offer], *, members: Mapping[str, str], completing: Completing
) -> list[Suggestion]:
    """Suggestions for the end of the line; `members` are the people who can be named, id -> name."""
    found = find_offer(line, offers)
    if found is None or not found[1]:
        return _commands(line, offers)[:MOST]
    offer, rest = found
    typing = _typing(rest, offer.fields)
    if typing is None:
        return []
    start = f"/{' '.join(offer.path)} {typing.before}".rstrip() + " "
    values = await _values(offer, typing, members, completing) if typing.field else []
    rows = [
        Suggestion(value, hint, f"{start}{typing.field.name}:{_quoted(value)} ")
        for value, hint in values
        if typing.field and typing.typed != value
    ]
    if not typing.named:
        rows += [
            Suggestion(f"{field.name}:", _about(field), f"{start}{field.name}:")
            for field in offer.fields
            if field.name not in typing.values and field.name.startswith(typing.typed.casefold())
        ]
    return rows[:MOST]


@dataclass(frozen=True, slots=True)
class _Typing:
    """The value being typed: what stands before it, whose it is, and whether it was named."""

    before: str
    values: Mapping[str, Raw]
    field: Field | None
    typed: str
    named: bool


def _commands(line: str, offers: Sequence[Offer]) -> list[Suggestion]:
    typed = " ".join(line.removeprefix("/").casefold().split())
    words = {" ".join(offer.path): offer for offer in offers}
    starting = [each for each in words if each.startswith(typed)]
    within = [each for each in words if typed in each and each not in starting]
    return [
        Suggestion(f"/{each}", words[each].summary, f"/{each}" + (" " if words[each].fields else ""))
        for each in starting + within
    ]


_QUOTED_TAIL: Final = re.compile(r'(?:(?<![a-z_])(?P<name>[a-z_]+):\s*)?["“](?P<typed>[^"”]*)$')
_BARE_TAIL: Final = re.compile(r'(?:(?<=\s)(?P<name>[a-z_]+):\s*)?(?P<typed>[^\s"“”]*)$')


def _typing(rest: str, fields: Sequence[Field]) -> _Typing | None:
    by_name = {field.name: field for field in fields}
    open_quote = rest.count('"') % 2 or rest.count("“") > rest.count("”")
    tail = (_QUOTED_TAIL if open_quote else _BARE_TAIL).search(rest)
    if tail is None:
        return None
    name, typed, start = tail["name"], tail["typed"], tail.start()
    if name is not None and name not in by_name:
        # A colon in ordinary words names no option.
        name, typed, start = None, tail[0], tail.start()
    before = rest[:start].strip()
    values = read_line(before, fields).values
    left = [field for field in fields if field.name not in values]
    field = by_name[name] if name else (left[0] if left else None)
    return _Typing(before, values, field, typed, named=name is not None)


async def _values(
    offer: Offer, typing: _Typing, members: Mapping[str, str], completing: Completing
) -> list[tuple[str, str]]:
    field = typing.field
    if field is None:
        return []
    typed = typing.typed.casefold()
    if field.kind is Kind.CHOICES:
        *chosen, last = [part.strip() for part in typing.typed.split(",")]
        left = [each.label for each in field.options if each.label not in chosen]
        found = [each for each in left if each.casefold().startswith(last.casefold())]
        return [(", ".join([*chosen, each]), field.ask.label) for each in found]
    if field.kind is Kind.MEMBER:
        return [(user, name) for user, name in members.items() if typed in f"{user} {name}".casefold()]
    if field.ask.complete is not None:
        known = await completing(offer, field, typing.typed)
        return [(each, field.ask.label) for each in known]
    fixed = ["yes", "no"] if field.kind is Kind.TOGGLE else [each.label for each in field.options]
    return [(each, field.ask.label) for each in fixed if each.casefold().startswith(typed)]


def _about(field: Field) -> str:
    return field.ask.label if field.required else f"{field.ask.label} (optional)"


def _quoted(value: str) -> str:
    plain = value.replace('"', "”")
    return f'"{plain}"' if re.search(r"[\s:“”]", plain) else plain
