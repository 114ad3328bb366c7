"""Walks through all that is declared: each act is reached from a command or a message, each time by somebody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum, auto
from functools import wraps
from typing import Any, Final
from uuid import UUID, uuid4

from bot.acts import Act, Job
from bot.cards import Card
from bot.feature import Feature
from bot.loader import discover
from bot.pack import key_of, pack, without_mark
from bot.platforms.base import Answer, Request
from db.jobs import create_job
from tests.load.people import NOW, Somebody
from tests.load.town import Town, Who, packed_on

TRIES: Final = 4
"""How many people are tried where what was seen on one screen is not on another's."""
TRAILS: Final = 4
"""How many trails are tried to one act."""
AHEAD: Final = tuple(timedelta(hours=hours) for hours in (1.3, 4, 22.7, 24, 72))
"""Through the afternoon, to the end of Friday's round, through the Monday of the plan, and to where Friday begins."""


class Typing(Enum):
    """What is typed after a command."""

    SUGGESTED = auto()
    EXAMPLES = auto()
    NOTHING = auto()


TYPING: Final[Mapping[Typing, Sequence[Who]]] = {
    Typing.SUGGESTED: tuple(Who),
    Typing.EXAMPLES: (Who.LEADER, Who.ADMIN),
    Typing.NOTHING: (Who.MEMBER,),
}
Begin = Callable[[], Awaitable[tuple[Somebody, list[Card]]]]
"""Where a trail begins: somebody, and what is before them."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A beginning, and the acts that are pressed one after the other."""

    begin: Begin
    reaches: str = ""
    """The key of the act that it begins with, where it is one."""
    pressed: tuple[str, ...] = ()

    def goes_on(self, walked: Walked) -> bool:
        """Whether its end was not reached by another one."""
        return not self.pressed or self.pressed[-1] not in walked.acts


@dataclass(slots=True)
class Walked:
    """The keys of what was reached: acts, jobs and kinds of schedules."""

    acts: set[str] = field(default_factory=set)
    jobs: set[str] = field(default_factory=set)


def noting(walked: Walked) -> Sequence[Feature]:
    """All features, whose jobs and schedules note that they ran."""
    return [_noting(each, walked) for each in discover()]


async def walk(town: Town, walked: Walked) -> None:
    """Takes every act that can be found, lets five days go by with all that is due in them, and walks on from there.

    The town's features are those of `noting`.
    """
    offers = town.app.dispatcher.offers
    commands = [
        Trail(_commanding(town, who, offer.key, typing), offer.key)
        for typing, people in TYPING.items()
        for offer in offers
        for who in people
    ]
    homes = [Trail(_home(town, who)) for who in Who]
    await _follow(town, [*commands, *homes], walked)
    for ahead in AHEAD:
        await _let_pass(town, ahead)
    await town.app.rhythm.resolve_again()
    await _follow(town, [*_posted(town)], walked)
    await _let_pass(town, timedelta(minutes=2))


async def make_up(town: Town, keys: AbstractSet[str]) -> None:
    """Asks for acts and jobs that no way was found to, with ids of nothing: that shows their first queries alone."""
    features, somebody = town.app.features, town.next(Who.ADMIN)
    for act in (features.acts[key] for key in sorted(keys & features.acts.keys())):
        packed = _packed_with_nothing(act)
        await town.ask(somebody, Request(packed))
        if act.fields:
            values = await town.typed(somebody, act.key, act.fields)
            await town.ask(somebody, Request(packed, values, submitted=True))
    async with town.app.database.writing() as db:
        for job in (features.jobs[key] for key in sorted(keys & features.jobs.keys())):
            await create_job(db, key=f"made up {job.key}", call=_packed_with_nothing(job), at=town.clock.now())
    await town.app.catch_up()


async def _follow(town: Town, trails: list[Trail], walked: Walked) -> None:
    tried: Counter[str] = Counter()
    while trails:
        trail = trails.pop(0)
        found = await _take(town, trail, walked) if trail.goes_on(walked) else ()
        fresh = sorted({key_of(without_mark(packed)) for packed in found} - walked.acts)
        tried.update(fresh)
        trails += [replace(trail, pressed=(*trail.pressed, key)) for key in fresh if tried[key] <= TRAILS]


async def _take(town: Town, trail: Trail, walked: Walked) -> list[str]:
    """Goes along a trail; what can be pressed at its end, nothing where nobody of some can go there."""
    for _ in range(TRIES):
        somebody, cards = await trail.begin()
        walked.acts.update({trail.reaches} - {""})
        for key in trail.pressed:
            packed = next((each for each in _packed(town, cards) if key_of(without_mark(each)) == key), None)
            if packed is None:
                break
            cards = await _press(town, somebody, packed)
            walked.acts.add(key)
        else:
            return _packed(town, cards)
    return []


async def _press(town: Town, somebody: Somebody, packed: str) -> list[Card]:
    """All cards that come of it; a form that opens is filled in."""
    return await _shown(town, somebody, await town.ask(somebody, Request(packed)))


async def _shown(town: Town, somebody: Somebody, answers: list[Answer]) -> list[Card]:
    form = answers[-1].form
    if form is not None:
        values = await town.typed(somebody, key_of(without_mark(form.packed)), form.fields)
        answers += await town.ask(somebody, Request(form.packed, values, submitted=True))
    return [answer.card for answer in answers if answer.card is not None]


async def _let_pass(town: Town, time: timedelta) -> None:
    """With all that is due by then, and what follows from it."""
    town.clock.move(time)
    await town.app.catch_up()
    await town.app.heartbeat.beat()
    await town.app.catch_up()


def _packed_with_nothing(declared: Act[...] | Job[...]) -> str:
    return pack(declared.key, [_any(bound.type) for bound in declared.bound])


def _any(kind: Any) -> object:
    if kind is UUID:
        return uuid4()
    if issubclass(kind, Enum):
        return next(iter(kind))
    return NOW.date() if kind is date else kind("1")


def _commanding(town: Town, who: Who, key: str, typing: Typing) -> Begin:
    async def begin() -> tuple[Somebody, list[Card]]:
        somebody = town.next(who)
        fields = () if typing is Typing.NOTHING else town.app.features.acts[key].fields
        values = await town.typed(somebody, key, fields, suggested=typing is Typing.SUGGESTED)
        return somebody, await _shown(town, somebody, await town.ask(somebody, Request(key, values)))

    return begin


def _home(town: Town, who: Who) -> Begin:
    async def begin() -> tuple[Somebody, list[Card]]:
        somebody = town.next(who)
        return somebody, [await town.look_home(somebody)]

    return begin


def _posted(town: Town) -> Iterator[Trail]:
    """A message with each set of things to press that was posted."""
    seen: set[frozenset[str]] = set()
    for sink in town.sinks.values():
        for sent in sink.messages.values():
            keys = frozenset(key_of(packed) for packed in _packed(town, [sent.card]))
            readers = town.readers(sent.destination)
            if keys not in seen and readers:
                seen.add(keys)
                yield Trail(_reading(town, readers, sent.card))


def _reading(town: Town, readers: Sequence[Somebody], card: Card) -> Begin:
    async def begin() -> tuple[Somebody, list[Card]]:
        return town.random.choice(readers), [card]

    return begin


def _packed(town: Town, cards: Sequence[Card]) -> list[str]:
    """The newest card first; also what draws a card anew."""
    found = [packed for card in reversed(cards) for packed in packed_on(card, town.random)]
    return [*found, *(card.redraw for card in cards if card.redraw)]


def _noting(feature: Feature, walked: Walked) -> Feature:
    def note(key: str, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @wraps(work)
        async def noted(*args: Any) -> Any:
            walked.jobs.add(key)
            return await work(*args)

        return noted

    made = copy(feature)
    made.jobs = [replace(job, handler=note(job.key, job.handler)) for job in feature.jobs]
    made.schedules = {kind: note(kind, expand) for kind, expand in feature.schedules.items()}
    return made
