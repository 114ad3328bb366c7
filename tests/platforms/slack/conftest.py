"""A simulated Slack, and a bot with a desk of a few lines in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest

from bot.cards import Actions, Button, Card, Text, say
from bot.clock import StillClock
from bot.platforms.base import Arrival, Offer, Request
from bot.platforms.slack.adapter import SlackPlatform
from tests.platforms.fake_desk import FakeDesk
from tests.platforms.ground import START
from tests.platforms.slack.samples import BLANK, FIELDS
from tests.platforms.slack.server import SimulatedSlack
from tests.platforms.slack_world import Bot, SlackChat, Transport, slack_platform


@dataclass
class SlackDesk(FakeDesk):
    """A desk with a page of one's own, and with a note of what was posted."""

    page: Card = field(default_factory=lambda: Card((Text(say("Home.")),)))
    post: UUID | None = None
    noted: list[Mapping[str, object]] = field(default_factory=list)

    async def home(self, arrival: Arrival) -> Card:  # noqa: ARG002 - the same for everybody
        return self.page

    async def posted(self, arrival: Arrival, **note: object) -> UUID | None:  # noqa: ARG002 - the same
        self.noted.append(note)
        return self.post


@dataclass
class Stage:
    """A bot that runs, its desk, and one person."""

    slack: SimulatedSlack
    desk: SlackDesk
    bot: Bot
    maya: SlackChat

    @property
    def platform(self) -> SlackPlatform:
        return self.bot.platform

    def person(self, name: str, *, direct: bool = False) -> SlackChat:
        user = f"U{name.upper()}"
        self.slack.profiles[user] = {"tz": "Europe/Berlin", "profile": {"display_name": name}}
        return SlackChat(lambda: self.bot, self.slack, team="T1", user=user, channel=f"D{user}" if direct else "C1")


SetUp = Callable[..., Awaitable[Stage]]
"""`await set_up(defer_after=0.01)`: a stage whose platform is changed so."""


@pytest.fixture(params=["socket", "http"])
def transport(request: pytest.FixtureRequest) -> Transport:
    kind: Transport = request.param
    return kind


@pytest.fixture
async def slack() -> AsyncIterator[SimulatedSlack]:
    simulated = SimulatedSlack()
    await simulated.start()
    simulated.teams["xoxb-1"] = "T1"
    yield simulated
    await simulated.stop()


@pytest.fixture
async def set_up(slack: SimulatedSlack, transport: Transport) -> AsyncIterator[SetUp]:
    async with AsyncExitStack() as stack:

        async def make(**changes: Any) -> Stage:
            desk = SlackDesk(offers=OFFERS, above_members=frozenset({"setup"}))
            platform = slack_platform(desk, slack, transport=transport, clock=StillClock(START), **changes)
            bot = Bot(platform, slack, transport=transport)
            await bot.start()
            stack.push_async_callback(bot.stop)
            stage = Stage(slack, desk, bot, None)  # type: ignore[arg-type] # set in the next line
            stage.maya = stage.person("maya")
            return stage

        yield make


@pytest.fixture
async def stage(set_up: SetUp) -> Stage:
    return await set_up()


def offer(words: str, *, fields: tuple[Any, ...] = (), shortcut: str = "", admins: bool = False) -> Offer:
    return Offer(
        key=words.replace(" ", "."),
        path=tuple(words.split()),
        summary=f"About {words}.",
        group_summary="",
        fields=fields,
        admins=admins,
        moderators=admins,
        in_direct=True,
        in_community=True,
        shortcut=shortcut,
    )


def card(text: str, *buttons: Button, private: bool = True) -> Card:
    """A card with one text, and buttons below it."""
    rows = (Actions(buttons),) if buttons else ()
    return Card((Text(say("{text}", text=text)), *rows), private=private)


def asked(stage: Stage) -> tuple[Arrival, Request]:
    """What the desk was asked last."""
    return stage.desk.asked[-1]


FORM = replace(BLANK, fields=BLANK.fields[:2])
OFFERS = (
    offer("help", fields=(FIELDS[0],)),
    offer("rejection log", fields=(FIELDS[0], FIELDS[10], FIELDS[1]), shortcut="Log a rejection"),
    offer("rejection", fields=()),
    offer("setup", admins=True),
)
