"""The program on a made-up database: its people ask, press and fill in, and what is posted arrives in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import count, cycle
from random import Random
from typing import Final
from uuid import UUID

from bot.app import App, build
from bot.cards import Button, Card, LinkButton, Select, buttons
from bot.clock import StillClock
from bot.environment import read_settings
from bot.feature import Feature
from bot.loader import discover
from bot.options import Field, Kind, Raw
from bot.pack import with_value
from bot.platforms.base import Answer, Arrival, Request
from db.keyring import Keyring
from db.members import IdentityKey, Role
from tests.load.people import NOW, PLATFORMS, Circle, Somebody
from tests.platforms.sink import Sent, Sink

UNLIKE: Final = 0.25
"""How often something else is typed than the example."""
_SAMPLES: Final[Mapping[Kind, Raw]] = {
    Kind.TEXT: "Some words",
    Kind.PARAGRAPH: "Two lines\nof words",
    Kind.NUMBER: "3",
    Kind.DATE: "2026-12-01",
    Kind.DURATION: "2 weeks",
    Kind.TOGGLE: "yes",
}


class _Memory(Sink):
    """Also changes what was there before it."""

    async def edit(self, *, destination: str, message: str, card: Card) -> None:
        self.messages[message] = Sent(destination, UUID(int=0), card)


class Who(Enum):
    """Whom a town is walked by."""

    MEMBER = auto()
    LEADER = auto()
    MODERATOR = auto()
    ADMIN = auto()
    STRANGER = auto()


@dataclass(frozen=True, slots=True)
class Town:
    """A program that does nothing by itself; its clock stands still."""

    app: App
    clock: StillClock
    circles: Sequence[Circle]
    sinks: Mapping[str, Sink]
    random: Random
    _people: Mapping[Who, Iterator[Somebody]]
    _neighbours: Mapping[UUID, Circle]
    _events: Iterator[int]

    def next(self, who: Who) -> Somebody:
        """Another one each time, as long as there are others."""
        return next(self._people[who])

    def readers(self, destination: str) -> list[Somebody]:
        """Who reads what is posted there; nobody of these where it was chosen later."""
        return [each for circle in self.circles for each in circle.members if destination in {each.direct, each.place}]

    def arrival(self, somebody: Somebody) -> Arrival:
        """A new event of theirs."""
        return somebody.arrives(f"event {next(self._events)}")

    async def ask(self, somebody: Somebody, request: Request) -> list[Answer]:
        """All that is shown for it, one after the other."""
        answers = [await self.app.dispatcher.answer(self.arrival(somebody), request)]
        while (then := answers[-1].then) is not None:
            answers.append(await then())
        return answers

    async def look_home(self, somebody: Somebody) -> Card:
        """Their own page."""
        return await self.app.dispatcher.home(somebody.arrives("home"))

    async def typed(
        self, somebody: Somebody, key: str, fields: Sequence[Field], *, suggested: bool = True
    ) -> dict[str, Raw]:
        """What they could type or choose: how a field starts, what is suggested for it, else its example."""
        return {field.name: await self._value(somebody, key, field, suggested) for field in fields}

    async def _value(self, somebody: Somebody, key: str, field: Field, suggested: bool) -> Raw:
        if field.value:
            return _changed(field, field.value)
        if field.ask.complete is not None and suggested:
            found = await self.app.dispatcher.complete(somebody.arrives("typing"), key, field.name, "")
            if found:
                return self.random.choice(found)
        if field.kind is Kind.MEMBER:
            return self.random.choice(self._neighbours[somebody.person].members).account.user
        if field.options:
            chosen = self.random.choice(field.options).value
            return (chosen,) if field.kind is Kind.CHOICES else chosen
        unlike = field.kind is Kind.TEXT and self.random.random() < UNLIKE
        return _SAMPLES[field.kind] if unlike or not field.ask.example else field.ask.example


@asynccontextmanager
async def town(
    url: str, keyring: Keyring, circles: Sequence[Circle], *, features: Sequence[Feature] | None = None
) -> AsyncIterator[Town]:
    """The program with all features on a database of `populate`."""
    clock = StillClock(NOW)
    sinks = {name: _Memory(name) for name in PLATFORMS}
    for circle in circles:
        sinks[circle.platform].places[circle.place] = {somebody.account.user for somebody in circle.members}
    app = build(
        read_settings(database_url=url),
        features=discover() if features is None else features,
        keyring=keyring,
        clock=clock,
        platforms=lambda _desk, _database: [*sinks.values()],
    )
    random = Random(1)  # noqa: S311 - nothing here is secret
    neighbours = {somebody.person: circle for circle in circles for somebody in circle.members}
    try:
        yield Town(app, clock, circles, sinks, random, _parts(circles, random), neighbours, count())
    finally:
        await app.database.close()


def packed_on(card: Card, random: Random) -> Iterator[str]:
    """What can be pressed or chosen on a card; of each list one option."""
    for item in buttons(card):
        if isinstance(item, Button):
            yield item.packed
        elif isinstance(item, Select):
            yield with_value(item.packed, random.choice(item.options).value)
        else:
            assert isinstance(item, LinkButton)


def _changed(field: Field, value: Raw) -> Raw:
    """Where a form starts with words, one more is written."""
    writes = field.kind in {Kind.TEXT, Kind.PARAGRAPH} and field.ask.complete is None and isinstance(value, str)
    return f"{value} too"[: field.longest] if writes else value


def _parts(circles: Sequence[Circle], random: Random) -> Mapping[Who, Iterator[Somebody]]:
    everybody = [somebody for circle in circles for somebody in circle.members]
    random.shuffle(everybody)
    parts = {
        Who.MEMBER: [each for each in everybody if each.role is Role.MEMBER and not each.leads],
        Who.LEADER: [each for each in everybody if each.leads],
        Who.MODERATOR: [each for each in everybody if each.role is Role.MODERATOR],
        Who.ADMIN: [each for each in everybody if each.role is Role.ADMIN],
    }
    strangers = (
        replace(each, account=IdentityKey(each.account.platform, each.account.tenant, f"new-{number}"))
        for number, each in enumerate(cycle(everybody))
    )
    return {**{who: cycle(people) for who, people in parts.items()}, Who.STRANGER: strangers}
