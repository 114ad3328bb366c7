"""Walks through everything that can be said, pressed, chosen and filled, as a curious person would."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.catalogue import Entry
from bot.loader import collect, discover
from bot.machine import machine
from bot.options import Field, Kind, Raw
from bot.typed import spell
from tests.chat import Chat, settle_in

DEPTH = 2
THOROUGH_DEPTH = 3
_turn = itertools.count()
FEATURES = collect((*discover(), machine))
SAMPLES: Mapping[Kind, Raw] = {
    Kind.TEXT: "Some *words* <b> & more",
    Kind.PARAGRAPH: "Two lines\nof `words` @everyone",
    Kind.NUMBER: "3",
    Kind.DATE: "2027-03-01",
    Kind.DURATION: "2 weeks",
    Kind.TOGGLE: "yes",
    Kind.MEMBER: "U1",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something on a screen: a button, or a select, of which each visit chooses another option."""

    kind: str
    label: str


async def crawl(chat: Chat, *, thorough: bool) -> set[tuple[str, tuple[Step, ...]]]:
    """Takes paths of at most DEPTH steps from every command, so that each step is taken once after that command.

    `thorough`: longer ones, and each step once after each step before it, too. Gives the paths taken.
    """
    await settle_in(chat)
    taken: set[tuple[str, tuple[Step, ...]]] = set()
    seen: set[tuple[str, tuple[Step, ...], Step]] = set()
    for entry in FEATURES.catalogue.values():
        waiting: list[tuple[Step, ...]] = [()]
        while waiting:
            path = waiting.pop(0)
            if not await _take(chat, entry, path):
                continue
            taken.add((entry.words, path))
            assert "Something went wrong" not in chat.screen.text, (entry.words, path)
            before = path[-1:] if thorough else ()
            fresh = [step for step in _steps(chat) if (entry.words, before, step) not in seen]
            seen.update((entry.words, before, step) for step in fresh)
            if len(path) < (THOROUGH_DEPTH if thorough else DEPTH):
                waiting += [(*path, step) for step in fresh]
    return taken


async def _take(chat: Chat, entry: Entry, path: tuple[Step, ...]) -> bool:
    """From the command along the path; False where the way is no longer there, as after a deletion."""
    line = f"{entry.words} {spell(entry.fields, _example(entry))}".strip()
    await chat.say(line)
    if "Keep my entries" in chat.screen.buttons and entry.words != "settings":
        await settle_in(chat)
        await chat.say(line)
    await _fill_what_opens(chat)
    for step in path:
        if step not in _steps(chat):
            return False
        if step.kind == "button":
            await chat.press(step.label)
        else:
            labels = chat.screen.selects[step.label]
            await chat.choose(step.label, labels[next(_turn) % len(labels)])
        await _fill_what_opens(chat)
    return True


async def _fill_what_opens(chat: Chat) -> None:
    form = chat.screen.form
    if form is not None:
        await chat.fill(**{name: sample(name, value) for name, value in form.items()})
    assert chat.screen.form is None, chat.screen


def _steps(chat: Chat) -> Iterator[Step]:
    yield from (Step("button", label) for label in chat.screen.buttons)
    yield from (Step("select", label) for label in chat.screen.selects)


def _example(entry: Entry) -> dict[str, str]:
    return {field.name: field.ask.example for field in entry.fields if field.ask.example}


def sample(name: str, start: Raw) -> Raw:
    if start:
        return start
    field = _FIELDS[name]
    if field.ask.example and field.kind not in {Kind.CHOICE, Kind.CHOICES}:
        return field.ask.example
    if field.options:
        values = tuple(option.value for option in field.options)
        return values[:2] if field.kind is Kind.CHOICES else values[-1]
    return SAMPLES[field.kind]


_FIELDS: Mapping[str, Field] = {field.name: field for act in FEATURES.acts.values() for field in act.fields}
