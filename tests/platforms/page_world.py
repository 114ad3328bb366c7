"""The world of the demo page: the real page over HTTP, and people who read the HTML that a browser would show them."""

import itertools
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp

from bot.app import App, build
from bot.clock import StillClock
from bot.feature import Feature
from bot.options import Raw
from bot.platforms.web import Future, Inspectors, Persona, Room, WebPlatform, application
from bot.server import listening
from bot.settings import Settings
from db.keyring import Keyring
from tests.chat import Chat, Screen, World
from tests.platforms.ground import START, throw_away_settings
from tests.platforms.html import Node, parse

ROOM: Final = Room("general", "general", "Where everybody is.")


@asynccontextmanager
async def page_world(
    database_url: str,
    *,
    features: Sequence[Feature] | None = None,
    keyring: Keyring | None = None,
    clock: StillClock | None = None,
) -> AsyncIterator["PageWorld"]:
    """A page that is served on this machine, on a migrated database."""
    with throw_away_settings(database_url) as settings:
        world = PageWorld(settings, features, keyring or Keyring.parse(Keyring.generate()), clock or StillClock(START))
        async with world.running():
            yield world


class PageWorld(World):
    """One page, and everybody who has it open."""

    platform = "web"

    def __init__(
        self, settings: Settings, features: Sequence[Feature] | None, keyring: Keyring, clock: StillClock
    ) -> None:
        self._settings = settings
        self._features = features
        self._keyring = keyring
        self._clock = clock
        self._personas: dict[str, Persona] = {}
        self._chats: dict[tuple[str, str], PageChat] = {}
        self._stack = AsyncExitStack()
        self.events = itertools.count(10_000_000)
        self.app: App
        self.address: str
        self.session: aiohttp.ClientSession

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as self.session:
            try:
                await self._start()
                yield
            finally:
                await self._stack.aclose()

    @property
    def page(self) -> WebPlatform:
        page = self.app.platforms["web"]
        assert isinstance(page, WebPlatform)
        return page

    def person(self, name: str, *, admin: bool = False, direct: bool = False, community: str = "main") -> "PageChat":
        slug = name if community == "main" else f"{name}-of-{community}"
        self._personas.setdefault(slug, Persona(slug, name.title(), "UTC", user=name, admin=admin, community=community))
        room = "direct" if direct else ROOM.slug
        return self._chats.setdefault((slug, room), PageChat(self, slug, room))

    def meeting(self, name: str) -> "PageChat":
        *_, room = self.page.rooms
        return self._chats.setdefault((name, room), PageChat(self, name, room))

    async def restart(self) -> None:
        rooms = dict(self.page.rooms)
        await self._stack.aclose()
        await self._start()
        self.page.rooms.update(rooms)

    def now(self) -> datetime:
        return self._clock.now()

    def move(self, by: timedelta) -> None:
        self.page.move(by)

    async def catch_up(self) -> None:
        await self.app.catch_up()

    async def next_due(self) -> datetime | None:
        return await self.app.next_due()

    def payloads(self) -> Sequence[Mapping[str, object]]:
        return []

    async def _start(self) -> None:
        self._stack = AsyncExitStack()
        self.app = build(
            self._settings,
            features=self._features,
            keyring=self._keyring,
            clock=self._clock,
            platforms=lambda desk, _: [
                WebPlatform(desk, personas=self._personas, rooms=[ROOM], clock=self._clock, inspectors=Inspectors())
            ],
        )
        future = Future(self.page, next_due=self.app.next_due, catch_up=self.app.catch_up)
        served = listening(application(self.page, future), host="127.0.0.1", port=0)
        self.address = await self._stack.enter_async_context(served)
        await self._stack.enter_async_context(self.app.running())


class PageChat(Chat):
    """A person with the page open in one room."""

    def __init__(self, world: PageWorld, slug: str, room: str) -> None:
        self._world = world
        self._slug = slug
        self._room = room
        self._shown: dict[str, Node] = {}
        """Messages as they stand, the latest changed at the end."""
        self._first: dict[str, Node] = {}
        """Messages as they were drawn first, as a page shows them that was not told of a change."""
        self._numbers: dict[str, int] = {}
        """The last change seen of each message."""
        self._form: Node | None = None
        self._gone: Room | None = None
        self.screen = Screen()

    async def wait(self) -> None:
        events = [each async for each in self._heard() if each["room"] == self._room]
        fresh = [each for each in events if self._numbers.get(each["id"]) != each["number"]]
        await self._take_in(fresh)

    def close(self) -> None:
        self._gone = self._world.page.rooms.pop(self._room)  # nobody's direct messages can be closed there

    def open(self) -> None:
        assert self._gone is not None
        self._world.page.rooms[self._room] = self._gone

    async def say(self, line: str) -> None:
        await self._act("say", text=f"/{line.removeprefix('/')}")

    async def press(self, label: str, *, old: bool = False) -> None:
        for message_id, article in reversed((self._first if old else self._shown).items()):
            for button in article.all("button", "data-press"):
                if button.text == label:
                    await self._act("press", message=message_id, packed=button.attributes["data-press"])
                    return
        raise AssertionError(f"{label!r} is not there; there is {self.screen.buttons}")

    async def choose(self, placeholder: str, label: str) -> None:
        for message_id, article in reversed(self._shown.items()):
            for choice in article.all("span", "class", "choose"):
                select = choice.all("select")[0]
                if select.attributes["aria-label"] == placeholder:
                    options = [each for each in select.all("option") if each.text.startswith(label)]
                    assert options, f"{label!r} cannot be chosen"
                    packed = choice.all("button", "data-choose")[0].attributes["data-choose"]
                    value = options[0].attributes["value"]
                    await self._act("press", message=message_id, packed=packed, value=value)
                    return
        raise AssertionError(f"{placeholder!r} is not there; there is {list(self.screen.selects)}")

    async def fill(self, **values: Raw) -> None:
        assert self._form is not None, "no form is open"
        form = self._form.all("form")[0]
        questions = {each.attributes["data-field"]: each for each in form.all(None, "data-field")}
        unknown = set(values) - set(questions)
        assert not unknown, f"the form does not ask {unknown}"
        filled = {
            name: _answer(each, values[name]) if name in values else _start(each) for name, each in questions.items()
        }
        await self._act(
            "submit", message=form.attributes["data-message"], packed=form.attributes["data-packed"], values=filled
        )

    async def suggestions(self, line: str) -> Sequence[str]:
        found = await self.post("complete", {"room": self._room, "line": f"/{line.removeprefix('/')}"})
        return [each["label"] for each in found["suggestions"] if not each["label"].endswith(":")]

    async def post(self, verb: str, body: Mapping[str, object]) -> Any:
        """What the page's own code sends, as its browser sends it."""
        url = f"{self._world.address}/as/{self._slug}/{verb}"
        headers = {"Origin": self._world.address, "Sec-Fetch-Site": "same-origin"}
        async with self._world.session.post(url, json=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def _act(self, verb: str, **parts: object) -> None:
        event = str(next(self._world.events))
        answer = await self.post(verb, {"event": event, "room": self._room, **parts})
        self._form = parse(answer["form"]) if answer.get("form") else None
        events = [await self._finished(each) if each["pending"] else each for each in answer.get("events", ())]
        await self._take_in(events, answer.get("notice", ""))

    async def _take_in(self, events: Sequence[Mapping[str, Any]], notice: str = "") -> None:
        for each in events:
            self._numbers[each["id"]] = each["number"]
            article = parse(each["html"])
            self._shown.pop(each["id"], None)
            self._shown[each["id"]] = article
            self._first.setdefault(each["id"], article)
        await self._look([parse(each["html"]) for each in events], notice)
        self.screen.pinged = frozenset(name for each in events for name in self._pinged(each["id"]))

    def _pinged(self, message_id: str) -> Iterator[str]:
        """The page makes no sound: whom the message would call elsewhere."""
        message = self._world.page.transcript.find(message_id)
        if message is not None and message.card is not None:
            yield from (each.user for each in message.card.notify)

    async def _heard(self) -> AsyncIterator[Mapping[str, Any]]:
        """Every message as it stands, which a page is told when it opens its stream; then comes the clock."""
        async with self._world.session.get(f"{self._world.address}/as/{self._slug}/events") as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    heard: Mapping[str, Any] = json.loads(line.removeprefix(b"data: "))
                    if heard["kind"] == "clock":
                        return
                    if heard["kind"] == "message":
                        yield heard

    async def _finished(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """The message as it is edited when the work on it is done, which the page hears of by its stream."""
        async with self._world.session.get(f"{self._world.address}/as/{self._slug}/events") as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    heard: Mapping[str, Any] = json.loads(line.removeprefix(b"data: "))
                    if heard.get("id") == event["id"] and not heard["pending"]:
                        return heard
        raise AssertionError("the stream ended before the work was done")

    async def _look(self, articles: Sequence[Node], notice: str) -> None:
        cards = [card for article in articles for card in article.all("div", "class", "card")]
        links = [link for card in cards for link in card.all("a", "download")]
        self.screen = Screen(
            text="\n".join([*(card.words for card in cards), *([notice] if notice else [])]),
            buttons=tuple(
                each.text
                for card in cards
                for each in card.all(None, "class", "button")
                if "data-press" in each.attributes
            ),
            selects={
                each.attributes["aria-label"]: tuple(
                    option.text for option in each.all("option") if option.attributes["value"]
                )
                for card in cards
                for each in card.all("select")
            },
            form=None,
            files={link.attributes["download"]: await self._fetch(link.attributes["href"]) for link in links},
            private=all("own" in each.attributes["class"].split() for each in _inner(articles))
            or self._room == "direct",
        )
        if self._form is not None:
            questions = self._form.all(None, "data-field")
            self.screen.form = {each.attributes["data-field"]: _start(each) for each in questions}
            self.screen.text = self._form.words

    async def _fetch(self, path: str) -> bytes:
        async with self._world.session.get(self._world.address + path) as response:
            assert response.status == 200
            return await response.read()


def _inner(articles: Sequence[Node]) -> list[Node]:
    return [each for article in articles for each in article.all("article")]


def _start(question: Node) -> Raw:
    """What a field starts with."""
    ticked = [each.attributes["value"] for each in question.all("input", "checked")]
    if question.attributes["data-kind"] == "CHOICES":
        return tuple(ticked)
    if question.tag == "fieldset":
        return "".join(ticked[:1])
    for select in question.all("select"):
        return "".join(each.attributes["value"] for each in select.all("option", "selected"))
    for area in question.all("textarea"):
        return area.raw.removeprefix("\n")
    return question.all("input")[0].attributes["value"]


def _answer(question: Node, raw: Raw) -> Raw:
    """A value as the page's own inputs would give it."""
    kind = question.attributes["data-kind"]
    if kind == "TOGGLE":
        return "yes" if raw in {"yes", "on", "true"} else ""
    if kind not in {"CHOICE", "CHOICES"}:
        return raw
    several = [each.strip() for each in raw.split(",") if each.strip()] if isinstance(raw, str) else list(raw)
    options = [(each.attributes["value"], each.text) for each in question.all("option") if each.attributes["value"]]
    options += [
        (each.all("input")[0].attributes["value"], each.text) for each in question.all("label", "class", "option")
    ]
    chosen = [_chosen(options, each) for each in several]
    return tuple(chosen) if kind == "CHOICES" else "".join(chosen[:1])


def _chosen(options: Sequence[tuple[str, str]], text: str) -> str:
    wanted = text.casefold()
    exact = [value for value, label in options if wanted in {value.casefold(), label.casefold()}]
    starting = [value for value, label in options if label.casefold().startswith(wanted)]
    assert exact or starting, f"the page offers only {[label for _, label in options]}, not {text!r}"
    return (exact or starting)[0]
