"""A page with a machine of a few lines behind it."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.clock import StillClock
from bot.platforms.web import CAST, ROOMS, Inspectors, WebPlatform, application
from bot.server import listening
from tests.platforms.fake_desk import FakeDesk

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Browser:
    """What a browser sends and hears; `post` sends as the page's own code does."""

    address: str
    session: aiohttp.ClientSession
    desk: FakeDesk
    page: WebPlatform
    clock: StillClock
    events: "itertools.count[int]" = field(default_factory=lambda: itertools.count(10_000_000))

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": self.address, "Sec-Fetch-Site": "same-origin"}

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(self.address + path, headers=headers) as response:
            return response.status, await response.text()

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, str]:
        sent = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with self.session.post(self.address + path, json=body, headers=sent) as response:
            return response.status, await response.text()

    async def act(self, persona: str, verb: str, *, room: str = "welcome", **parts: object) -> dict[str, Any]:
        body = {"room": room, **({} if verb == "complete" else {"event": str(next(self.events))}), **parts}
        status, text = await self.post(f"/as/{persona}/{verb}", body)
        assert status == 200, text
        answer: dict[str, Any] = json.loads(text)
        return answer

    @asynccontextmanager
    async def listen(self, persona: str, after: str = "") -> AsyncIterator["Hearing"]:
        url = f"{self.address}/as/{persona}/events"
        async with self.session.get(url, params={"after": after}) as response:
            yield Hearing(response.content)


@dataclass
class Hearing:
    """A stream of events, read one by one."""

    stream: aiohttp.StreamReader
    position: str = ""

    async def next(self, *, tour: bool = False) -> Mapping[str, Any]:
        """The next event; where the tour is, only for who asks for it."""
        async with asyncio.timeout(60):
            while line := (await self.stream.readline()).decode():
                if line.startswith("id: "):
                    self.position = line.removeprefix("id: ").strip()
                if line.startswith("data: "):
                    event: Mapping[str, Any] = json.loads(line.removeprefix("data: "))
                    if tour or event["kind"] != "tour":
                        return event
        return {"kind": "end"}

    async def until(self, kind: str) -> list[Mapping[str, Any]]:
        """What comes before the next event of a kind; the clock always ends a catching up."""
        heard = []
        while (event := await self.next())["kind"] != kind:
            heard.append(event)
        return heard


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def inspectors() -> Inspectors:
    return Inspectors(cards={"Discord": lambda card: {"title": card.title.template}})


@pytest.fixture
async def browser(desk: FakeDesk, inspectors: Inspectors) -> AsyncIterator[Browser]:
    clock = StillClock(NOW)
    people = {each.slug: each for each in CAST}

    async def reset() -> None:
        desk.asked.clear()

    page = WebPlatform(desk, personas=people, rooms=ROOMS, clock=clock, inspectors=inspectors, reset=reset)
    async with aiohttp.ClientSession() as session, listening(application(page), host="127.0.0.1", port=0) as address:
        yield Browser(address, session, desk, page, clock)
        await page.close()
