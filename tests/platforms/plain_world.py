"""The world of no platform: people who talk to the machine itself, quickly, and see what a card says."""

import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.app import App, build
from bot.cards import Button, Card, LinkButton, Select, buttons, plain
from bot.clock import StillClock
from bot.feature import Feature
from bot.options import Raw
from bot.pack import is_in_place, with_value
from bot.platforms.base import Answer, Arrival, Form, Offer, Request
from bot.settings import Settings
from bot.typed import read_line
from db.keyring import Keyring
from tests.chat import Chat, Screen, World
from tests.platforms.ground import START, throw_away_settings
from tests.platforms.sink import Sink
from tests.words import words_of


@asynccontextmanager
async def plain_world(
    database_url: str,
    *,
    features: Sequence[Feature] | None = None,
    keyring: Keyring | None = None,
    clock: StillClock | None = None,
) -> AsyncIterator["PlainWorld"]:
    """A machine with no platform on a migrated database."""
    with throw_away_settings(database_url) as settings:
        world = PlainWorld(settings, features, keyring or Keyring.parse(Keyring.generate()), clock or StillClock(START))
        try:
            yield world
        finally:
            await world.app.database.close()


class PlainWorld(World):
    """One machine."""

    platform = "plain"

    def __init__(
        self, settings: Settings, features: Sequence[Feature] | None, keyring: Keyring, clock: StillClock
    ) -> None:
        self._settings, self._features, self._keyring, self._clock = settings, features, keyring, clock
        self._people: dict[tuple[str, bool, str], PlainChat] = {}
        self.sink = Sink("plain")
        """What the bot posts, as others see it."""
        self.app = self._build()

    def person(self, name: str, *, admin: bool = False, direct: bool = False, community: str = "main") -> "PlainChat":
        key = (name, direct, community)
        if key not in self._people:
            self._people[key] = PlainChat(self, name, admin=admin, direct=direct, community=community)
        return self._people[key]

    def meeting(self, name: str) -> "PlainChat":
        *_, place = self.sink.places
        key = (name, False, place)
        if key not in self._people:
            self._people[key] = PlainChat(self, name, admin=False, direct=False, community="main", place=place)
        return self._people[key]

    async def restart(self) -> None:
        await self.app.database.close()
        self.app = self._build()

    def now(self) -> datetime:
        return self._clock.now()

    def move(self, by: timedelta) -> None:
        self._clock.move(by)

    async def catch_up(self) -> None:
        await self.app.catch_up()

    async def next_due(self) -> datetime | None:
        return await self.app.next_due()

    def payloads(self) -> Sequence[Mapping[str, object]]:
        return ()

    def _build(self) -> App:
        return build(
            self._settings,
            features=self._features,
            keyring=self._keyring,
            clock=self._clock,
            platforms=lambda _desk, _database: (self.sink,),
        )


class PlainChat(Chat):
    """One person, who remembers every card as it was drawn."""

    _events = itertools.count(1)

    def __init__(
        self, world: PlainWorld, name: str, *, admin: bool, direct: bool, community: str, place: str = ""
    ) -> None:
        self._world = world
        self._name, self._admin, self._direct, self._community = name, admin, direct, community
        self._form: Form | None = None
        self._destination = place or f"plain:{community}:{f'direct/{name}' if direct else 'room'}"
        self._seen: dict[str, Card] = {}
        self.cards: list[Card] = []
        self.answer = Answer()
        self.screen = Screen()
        self.zone: str | None = None

    async def wait(self) -> None:
        posted = self._world.sink.at(self._destination)
        fresh = {message: card for message, card in posted.items() if self._seen.get(message) is not card}
        self._seen = posted
        self.cards += fresh.values()
        self._read(*fresh.values())

    def close(self) -> None:
        self._world.sink.shut.add(self._destination)

    def open(self) -> None:
        self._world.sink.shut.remove(self._destination)

    async def say(self, line: str) -> None:
        offer, rest = self._command(line)
        values = read_line(rest, offer.fields).values
        await self._send(Request(offer.key, values), own=False)

    async def press(self, label: str, *, old: bool = False) -> None:
        drawn = self.cards if old else reversed(self.cards)
        packed = next(
            item.packed for card in drawn for item in buttons(card) if isinstance(item, Button) and item.label == label
        )
        await self.press_packed(packed)

    async def press_packed(self, packed: str, *, event: str = "") -> None:
        """Sends a button's id, wherever it came from."""
        await self._send(Request(packed), own=True, event=event)

    async def submit_packed(self, packed: str, values: Mapping[str, Raw]) -> None:
        """Sends a form that was never opened."""
        await self._send(Request(packed, values, submitted=True), own=True)

    def packed(self, label: str) -> str:
        """The id of the newest button with this label, for somebody else to send."""
        items = [item for card in self.cards for item in buttons(card)]
        return [item.packed for item in items if isinstance(item, Button) and item.label == label][-1]

    async def look_home(self) -> None:
        """Opens one's own page."""
        self.answer = Answer(await self._world.app.dispatcher.home(self._arrival("")))
        self._look()

    async def choose(self, placeholder: str, label: str) -> None:
        select = next(
            item
            for card in reversed(self.cards)
            for item in buttons(card)
            if isinstance(item, Select) and item.placeholder == placeholder
        )
        value = next(option.value for option in select.options if option.label.startswith(label))
        await self._send(Request(with_value(select.packed, value)), own=True)

    async def fill(self, **values: Raw) -> None:
        form = self._form
        assert form is not None, "no form is open"
        unknown = set(values) - {field.name for field in form.fields}
        assert not unknown, f"the form does not ask {unknown}"
        filled = {field.name: values.get(field.name, field.value) for field in form.fields}
        given = {name: value for name, value in filled.items() if value}
        await self._send(Request(form.packed, given, submitted=True), own=is_in_place(form.packed))

    async def suggestions(self, line: str) -> Sequence[str]:
        offer, rest = self._command(line)
        read = read_line(rest, offer.fields)
        last = read.last or offer.fields[0].name
        typed = str(read.values.get(last, ""))
        return await self._world.app.dispatcher.complete(self._arrival(""), offer.key, last, typed)

    def _command(self, line: str) -> tuple[Offer, str]:
        words = line.split()
        offer = next(
            found
            for found in (self._world.app.dispatcher.find_command(words[:length]) for length in (2, 1))
            if found is not None
        )
        return offer, line.strip().split(None, len(offer.path))[len(offer.path)] if len(words) > len(offer.path) else ""

    async def _send(self, request: Request, *, own: bool, event: str = "") -> None:
        self.answer = await self._world.app.dispatcher.answer(self._arrival(event, own=own), request)
        self._look()
        while self.answer.then is not None:
            self.answer = await self.answer.then()
            self._look()

    def _look(self) -> None:
        self._form = self.answer.form
        if self._form is not None:
            errors = [plain(words) for words in self._form.errors.values()]
            form = {field.name: field.value or "" for field in self._form.fields}
            self.screen = Screen("\n".join([self._form.title, *errors]), form=form)
        if self.answer.card is not None:
            self.cards.append(self.answer.card)
            self._read(self.answer.card)

    def _read(self, *cards: Card) -> None:
        for card in cards:
            ids = [item.packed for item in buttons(card) if not isinstance(item, LinkButton)]
            assert len(set(ids)) == len(ids), "two parts of one card do the same"
        items = [item for card in cards for item in buttons(card)]
        self.screen = Screen(
            "\n".join(line for card in cards for line in words_of(card)),
            tuple(item.label for item in items if isinstance(item, Button)),
            {
                item.placeholder: tuple(option.label for option in item.options)
                for item in items
                if isinstance(item, Select)
            },
            files={file.name: file.content for card in cards for file in card.files},
            private=all(card.private for card in cards),
            pinged=frozenset(each.user for card in cards for each in card.notify),
        )

    def _arrival(self, event: str, *, own: bool = False) -> Arrival:
        return Arrival(
            id=event or f"event {next(self._events)}",
            platform="plain",
            tenant="",
            user=self._name,
            name=self._name.title(),
            channel="room",
            direct=self._direct,
            destination=self._destination,
            community=None if self._direct else self._community,
            is_admin=self._admin,
            zone=self.zone,
            on_own_message=own,
        )
