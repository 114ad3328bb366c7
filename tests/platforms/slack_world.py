"""The world of Slack: the real Bolt app on a simulated Slack, over a socket or over signed HTTP."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from aiohttp import web

from bot.app import App, build
from bot.clock import StillClock
from bot.feature import Feature
from bot.options import Raw
from bot.platforms.base import Desk, Platform
from bot.platforms.slack.adapter import SlackPlatform
from bot.platforms.slack.forms import ACTION
from bot.sending import Rate
from bot.settings import Settings
from db.keyring import Keyring
from tests.chat import Chat, Screen, World
from tests.platforms.ground import START, throw_away_settings
from tests.platforms.slack import kit
from tests.platforms.slack.fields import filled_with, raw_of, start_of
from tests.platforms.slack.screen import is_public, message_words, pinged, words_of
from tests.platforms.slack.server import SimulatedSlack
from tests.platforms.slack.state import Json, Message, View

SECRET: Final = "0123456789abcdef0123456789abcdef"
APP_TOKEN: Final = "xapp-test"
Transport = Literal["socket", "http"]


@asynccontextmanager
async def slack_world(
    database_url: str,
    *,
    transport: Transport = "socket",
    features: Sequence[Feature] | None = None,
    keyring: Keyring | None = None,
    clock: StillClock | None = None,
) -> AsyncIterator["SlackWorld"]:
    """A bot that runs on a migrated database. Every payload it sends is checked as it arrives."""
    with throw_away_settings(database_url) as settings:
        world = SlackWorld(
            settings,
            transport=transport,
            features=features,
            keyring=keyring or Keyring.parse(Keyring.generate()),
            clock=clock or StillClock(START),
        )
        async with world.running():
            yield world


class SlackWorld(World):
    """One simulated Slack with one bot in it."""

    def __init__(
        self,
        settings: Settings,
        *,
        transport: Transport,
        features: Sequence[Feature] | None,
        keyring: Keyring,
        clock: StillClock,
    ) -> None:
        self.platform = "slack"
        self.slack = SimulatedSlack()
        self._settings = settings
        self._transport: Transport = transport
        self._features = features
        self._keyring = keyring
        self._clock = clock
        self._chats: dict[tuple[str, bool, str], SlackChat] = {}
        self.running_bot: Bot
        self.app: App

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        await self.slack.start()
        await self._start()
        try:
            yield
        finally:
            await self._stop()
            await self.slack.stop()

    def person(self, name: str, *, admin: bool = False, direct: bool = False, community: str = "main") -> "SlackChat":
        key = (name, direct, community)
        if key not in self._chats:
            team, user = f"T{community.upper()}", f"U{name.upper()}"
            self.slack.teams[f"xoxb-{team}"] = team
            self.slack.profiles[user] = {"tz": "Europe/Berlin", "is_admin": admin, "profile": {"display_name": name}}
            channel = f"D{user}" if direct else "CGENERAL"
            self._chats[key] = SlackChat(self.running_bot_of, self.slack, team=team, user=user, channel=channel)
        return self._chats[key]

    def meeting(self, name: str) -> "SlackChat":
        *_, channel = self.slack.channels.all
        key = (name, False, channel)
        if key not in self._chats:
            user = f"U{name.upper()}"
            self._chats[key] = SlackChat(self.running_bot_of, self.slack, team="TMAIN", user=user, channel=channel)
        return self._chats[key]

    def running_bot_of(self) -> "Bot":
        """The bot as it runs now: a restart makes another."""
        return self.running_bot

    async def restart(self) -> None:
        await self._stop()
        await self._start()

    def now(self) -> datetime:
        return self._clock.now()

    def move(self, by: timedelta) -> None:
        self._clock.move(by)

    async def catch_up(self) -> None:
        await self.app.catch_up()

    async def next_due(self) -> datetime | None:
        return await self.app.next_due()

    def payloads(self) -> Sequence[Mapping[str, object]]:
        return [request.body for request in self.slack.requests]

    async def _start(self) -> None:
        made: list[SlackPlatform] = []

        def platforms(desk: Desk, _: object) -> Sequence[Platform]:
            made.append(slack_platform(desk, self.slack, transport=self._transport, clock=self._clock))
            return made

        self.app = build(
            self._settings, features=self._features, keyring=self._keyring, clock=self._clock, platforms=platforms
        )
        self.running_bot = Bot(made[0], self.slack, transport=self._transport)
        await self.running_bot.start()

    async def _stop(self) -> None:
        await self.running_bot.stop()
        async with self.app.running():
            pass


def slack_platform(
    desk: Desk, slack: SimulatedSlack, *, transport: Transport, clock: StillClock, **changes: Any
) -> SlackPlatform:
    """The real platform, pointed at the simulated Slack. It never defers unless a test lets it."""
    slack.app_tokens.add(APP_TOKEN)

    async def find_token(_: str | None, team: str | None) -> str | None:
        return next((token for token, each in slack.teams.items() if each == team), None)

    settings: dict[str, Any] = {
        "find_token": find_token,
        "app_token": APP_TOKEN if transport == "socket" else None,
        "signing_secret": SECRET,
        "api_url": slack.api_url,
        "defer_after": 30.0,
        "settle_seconds": 0.0,
        "retry_seconds": 0.0,
        "rate": Rate(per_second=1000, burst=1000),
        "ping_seconds": 0.2,
        "lost_after": 5.0,
    }
    return SlackPlatform(desk, clock=clock, **{**settings, **changes})


class Bot:
    """A platform that runs, and the way by which events reach it."""

    def __init__(self, platform: SlackPlatform, slack: SimulatedSlack, *, transport: Transport) -> None:
        self.platform = platform
        self.url = ""
        self._slack = slack
        self._transport = transport
        self._runner: web.AppRunner | None = None
        self._run: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._slack.connected.clear()
        self._run = asyncio.create_task(self.platform.run())
        if self._transport == "http":
            server = web.Application()
            server.add_routes(self.platform.routes())
            self._runner = web.AppRunner(server, shutdown_timeout=0.1)
            await self._runner.setup()
            await web.TCPSite(self._runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events"
        else:
            connected = asyncio.create_task(self._slack.connected.wait())
            await asyncio.wait({connected, self._run}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
            connected.cancel()

    async def stop(self) -> None:
        await self.platform.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._run is not None:
            self._run.cancel()
            with suppress(asyncio.CancelledError):
                await self._run

    async def deliver(self, kind: str, payload: Json) -> tuple[int, Json]:
        """Sends an event, and gives the status and the acknowledgement, once all that follows is done."""
        answer = await self.deliver_only(kind, payload)
        await self.platform.idle()
        return answer

    async def deliver_only(self, kind: str, payload: Json) -> tuple[int, Json]:
        """The same, as soon as it is acknowledged."""
        if self._transport == "socket":
            return await self._slack.over_socket(kind, payload)
        return await self._slack.over_http(kind, payload, to=self.url, secret=SECRET)


class SlackChat(Chat):
    """A person in a channel of a workspace, or in their direct messages with the bot."""

    def __init__(self, bot: Any, slack: SimulatedSlack, *, team: str, user: str, channel: str) -> None:
        self._bot = bot
        self._slack = slack
        self._team = team
        self.user = user
        self.channel = channel
        self._seen: dict[str, int] = {}
        """How often each message had been drawn when it was seen last."""
        self.screen = Screen()
        self.acknowledged: Json = {}

    async def say(self, line: str) -> None:
        await self._step("slash_commands", self._slack.command(self.user, self._team, self.channel, self._typed(line)))

    async def wait(self) -> None:
        here = [each for each in self._shown_to_me() if each.channel == self.channel and not each.ephemeral]
        fresh = [each for each in here if self._seen.get(each.id) != len(each.drawings)]
        self._seen = {each.id: len(each.drawings) for each in here}
        self._read([each.drawn for each in fresh])

    def close(self) -> None:
        self._slack.shut.add(self.channel)

    def open(self) -> None:
        self._slack.shut.remove(self.channel)

    async def press(self, label: str, *, old: bool = False) -> None:
        where, element = self._find(lambda each: each.get("text", {}).get("text") == label, label, old=old)
        await self._press(where, element)

    async def press_packed(self, packed: str) -> None:
        """Sends a button's id, wherever it came from, on the newest message."""
        element = {"type": "button", "action_id": "0", "value": packed}
        await self._press(self._shown_to_me()[-1], element)

    async def choose(self, placeholder: str, label: str) -> None:
        where, element = self._find(
            lambda each: each.get("placeholder", {}).get("text") == placeholder, placeholder, old=False
        )
        option = next(each for each in element["options"] if each["text"]["text"].startswith(label))
        await self._press(where, {**element, "selected_option": option})

    async def fill(self, **values: Raw) -> None:
        view = self._open_form()
        assert view is not None, "no form is open"
        asked = kit.inputs(view.drawn["blocks"])
        unknown = set(values) - set(asked)
        assert not unknown, f"the form does not ask {unknown}"
        typed = {name: each[ACTION] for name, each in view.typed.items()}
        state = {
            name: {ACTION: filled_with(block["element"], values[name]) if name in values else
                   typed.get(name) or start_of(block["element"])}
            for name, block in asked.items()
        }  # fmt: skip
        await self.submit(view, state)

    async def submit(self, view: View, state: Json) -> None:
        """Sends a form with exactly this state."""
        self._slack.shown.clear()
        status, self.acknowledged = await self._bot().deliver_only(
            "interactive", self._slack.submit(view, self._team, state)
        )
        assert status == 200
        self._slack.acknowledged(view, self.acknowledged)
        await self._bot().platform.idle()
        self._look()

    async def suggestions(self, line: str) -> Sequence[str]:  # noqa: ARG002 - Slack has no such thing
        return ()

    async def use_shortcut(self, key: str) -> None:
        await self._step("interactive", self._slack.shortcut(self.user, self._team, key))

    async def open_home(self) -> None:
        await self._step("events_api", self._slack.home_opened(self.user, self._team))

    async def press_in_home(self, label: str) -> None:
        blocks = self._slack.homes[self.user]["blocks"]
        element = next(each for each in kit.pressables(blocks) if each["text"]["text"] == label)
        await self._press(None, element)

    def close_form(self) -> None:
        """Closes all modals, which tells nobody."""
        self._slack.stacks[self.user].clear()

    @property
    def home(self) -> str:
        """The words of one's App Home."""
        return words_of(self._slack.homes[self.user]["blocks"])

    async def _press(self, where: Message | View | None, element: Mapping[str, Any]) -> None:
        names = {"type", "action_id", "value", "selected_option"}
        action = {name: each for name, each in element.items() if name in names}
        await self._step("interactive", self._slack.press(self.user, self._team, where, action))

    async def _step(self, kind: str, payload: Json) -> None:
        self._slack.shown.clear()
        status, self.acknowledged = await self._bot().deliver(kind, payload)
        assert status == 200
        self._look()

    def _look(self) -> None:
        drawn = [payload for user, payload in self._slack.shown if user in {self.user, None}]
        for each in self._shown_to_me():
            if any(each.drawn is payload for payload in drawn):
                self._seen[each.id] = len(each.drawings)
        view = self._top()
        if view is not None and view.drawn not in drawn:
            drawn.append(view.drawn)
        self._read(drawn)

    def _read(self, drawn: Sequence[Json]) -> None:
        pressed = [element for payload in drawn for element in kit.pressables(payload["blocks"])]
        files = [self._slack.files[each] for payload in drawn for each in payload.get("files", ())]
        form = self._open_form()
        self.screen = Screen(
            "\n".join(message_words(payload) for payload in drawn),
            tuple(each["text"]["text"] for each in pressed if each["type"] == "button"),
            {
                each["placeholder"]["text"]: tuple(option["text"]["text"] for option in each["options"])
                for each in pressed
                if each["type"] == "static_select"
            },
            form=None if form is None else dict(_form_values(form)),
            files=dict(files),
            private=not any(is_public(payload) for payload in drawn),
            pinged=frozenset(name for payload in drawn if is_public(payload) for name in pinged(payload)),
        )

    def _find(self, wanted: Any, what: str, *, old: bool) -> tuple[Message | View, Mapping[str, Any]]:
        view = self._top()
        if view is not None:
            for element in kit.pressables(view.drawn["blocks"]):
                if wanted(element):
                    return view, element
        for message in reversed(self._shown_to_me()):
            for element in kit.pressables((message.drawings[0] if old else message.drawn)["blocks"]):
                if wanted(element):
                    return message, element
        raise AssertionError(f"{what!r} is not there; there is {self.screen.buttons} {list(self.screen.selects)}")

    def _shown_to_me(self) -> list[Message]:
        """What is in this channel, and what reaches them alone wherever they are, as a file does."""
        shown = self._slack.messages.values()
        return [
            each
            for each in shown
            if each.only_for == self.user or (each.only_for, each.channel) == (None, self.channel)
        ]

    def _top(self) -> View | None:
        stack = self._slack.stacks[self.user]
        return stack[-1] if stack else None

    def _open_form(self) -> View | None:
        view = self._top()
        return view if view is not None and "submit" in view.drawn else None

    def _typed(self, line: str) -> str:
        """The line as Slack sends it: markup escaped, people by their ids."""
        escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        known = {user.removeprefix("U").lower(): user for user in self._slack.profiles}
        return re.sub(r"@(\w+)", lambda at: f"<@{known[at[1]]}|{at[1]}>" if at[1] in known else at[0], escaped)


def _form_values(view: View) -> Iterator[tuple[str, Raw]]:
    for name, block in kit.inputs(view.drawn["blocks"]).items():
        state = view.typed.get(name, {}).get(ACTION) or start_of(block["element"])
        yield name, raw_of(state)
