"""The tests' vocabulary: people who say, press, choose and fill, and see only what their platform would draw.

A `World` is one running bot on one platform; `World.person` gives a `Chat`. The four worlds (Discord through the real
client, Slack over a socket and over signed HTTP, the demo page over HTTP) live in `tests/platforms/`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.options import Raw


@dataclass(slots=True)
class Screen:
    """What a person has before them after their last step."""

    text: str = ""
    """All words of the answers to the last step, as the platform was sent them, its escapes undone."""
    buttons: tuple[str, ...] = ()
    """What can be pressed; links to web addresses are not among them."""
    selects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Placeholder -> labels that can be chosen."""
    form: Mapping[str, Raw] | None = None
    """Field name -> what it starts with, where a form is open."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    private: bool = True
    pinged: frozenset[str] = frozenset()
    """Whom it calls, by their names: their client makes a sound."""


class Chat(ABC):
    """One person at one surface. Every step waits until the bot's answer is there; nothing sleeps."""

    screen: Screen

    @abstractmethod
    async def say(self, line: str) -> None:
        """Types a command: `rejection log company:Acme stage:final`, values in quotes where they have spaces."""

    @abstractmethod
    async def press(self, label: str, *, old: bool = False) -> None:
        """Presses the newest button with this label; `old` presses it on the message as it was drawn first."""

    @abstractmethod
    async def choose(self, placeholder: str, label: str) -> None:
        """Chooses from a select on a card; `label` may be the start of the option's label."""

    @abstractmethod
    async def fill(self, **values: Raw) -> None:
        """Fills the open form by field name, leaves the rest as it starts, and sends it."""

    @abstractmethod
    async def suggestions(self, line: str) -> Sequence[str]:
        """What the platform suggests for the last value being typed; empty on Slack, which has no such thing."""

    @abstractmethod
    async def wait(self) -> None:
        """Looks at what the bot has posted or changed here since the last look, which may be nothing."""

    @abstractmethod
    def close(self) -> None:
        """Where this person reads, nothing of the bot's is taken any more: it is locked, or lets nobody in."""

    @abstractmethod
    def open(self) -> None:
        """It is again."""

    def see(self, *texts: str) -> None:
        """Asserts that all of these are before the person."""
        for text in texts:
            assert text in self.screen.text, f"{text!r} is not in:\n{self.screen.text}"

    def not_see(self, *texts: str) -> None:
        for text in texts:
            assert text not in self.screen.text, f"{text!r} is in:\n{self.screen.text}"

    async def fix(self, **values: Raw) -> None:
        """Corrects a form that was refused, wherever the platform offers that."""
        if self.screen.form is None:
            await self.press("Fix it")
        await self.fill(**values)


class World(ABC):
    """A bot that runs, with people around it."""

    platform: str

    @abstractmethod
    def person(self, name: str, *, admin: bool = False, direct: bool = False, community: str = "main") -> Chat:
        """A person, the same for the same name; in a shared channel, or in their direct messages with the bot."""

    @abstractmethod
    def meeting(self, name: str) -> Chat:
        """The same person of the main community, in the private place that was made last: where a group meets."""

    @abstractmethod
    async def restart(self) -> None:
        """Stops the bot and starts it anew on the same database; what is on people's screens stays."""

    @abstractmethod
    def now(self) -> datetime: ...

    @abstractmethod
    def move(self, by: timedelta) -> None:
        """Moves the bot's clock forward."""

    @abstractmethod
    async def catch_up(self) -> None:
        """Lets the bot do all that is due by now, and what follows from that at once."""

    async def wait_for(self, time: timedelta) -> None:
        """Moves the clock forward, and lets the bot do what is due by then."""
        self.move(time)
        await self.catch_up()

    @abstractmethod
    async def next_due(self) -> datetime | None:
        """When the bot has planned something next, after now."""

    async def wait_until(self, moment: datetime) -> None:
        """Moves the clock forward to all that is due on the way, each thing in its order, and then to `moment`."""
        await self.catch_up()
        while (due := await self.next_due()) is not None and due <= moment:
            await self.wait_for(due - self.now())
        await self.wait_for(max(moment - self.now(), timedelta()))

    @abstractmethod
    def payloads(self) -> Sequence[Mapping[str, object]]:
        """All bodies that were sent to the platform, for schema checks."""


async def settle_in(chat: Chat) -> None:
    """Answers the welcome of a newcomer: keep entries, skip the rest."""
    await chat.say("settings")
    await chat.press("Keep my entries")
    while "Skip" in chat.screen.buttons:
        await chat.press("Skip")
