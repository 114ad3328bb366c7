"""A platform in memory that takes messages: what arrives, what goes wrong, and whether it knows a message again."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from uuid import UUID

from bot.cards import Card, say
from bot.platforms.base import Capabilities
from bot.sending import Lacking, Rate, Refused, Unknowable, Unreachable


async def _nothing() -> None:
    return None


@dataclass
class Sent:
    """One message as it stands."""

    destination: str
    delivery: UUID
    card: Card


@dataclass
class Sink:
    """Messages by their id, in the order they came.

    `trouble` is what the next calls meet: an error that is raised before the message arrives, or after it where it
    is in a tuple. `knows` tells whether a second sending of one delivery is known again, as on Discord.
    """

    name: str = "test"
    knows: bool = True
    ready: bool = True
    can_send: bool = True
    rate: Rate = Rate(per_second=10_000, burst=10_000)  # noqa: RUF009 - it is frozen
    capabilities: Capabilities = Capabilities(field_errors=True, private_files=True)  # noqa: RUF009 - as above
    messages: dict[str, Sent] = field(default_factory=dict)
    trouble: list[Exception | tuple[Exception] | None] = field(default_factory=list)
    calls: int = 0
    places: dict[str, set[str]] = field(default_factory=dict)
    """The private places, by destination, and who is in each."""
    gone: set[tuple[str, str]] = field(default_factory=set)
    """Communities, and people who have left them."""
    shut: set[str] = field(default_factory=set)
    """The destinations that take nothing."""
    after_looking: Callable[[], Awaitable[None]] = _nothing
    """Called when it was seen who is absent, before that is told."""
    before: Callable[[], object] = lambda: None
    """Called as each message comes in."""

    def at(self, destination: str) -> dict[str, Card]:
        """What stands in one place."""
        return {name: sent.card for name, sent in self.messages.items() if sent.destination == destination}

    async def run(self) -> None: ...

    async def log_in(self) -> None: ...

    async def close(self) -> None: ...

    async def withdraw(self, *, destination: str, message: str) -> bool:  # noqa: ARG002 - the id is enough
        self._meets_trouble()
        return self.messages.pop(message, None) is not None

    async def send(self, *, destination: str, card: Card, delivery: UUID) -> str:
        self.before()
        self.calls += 1
        trouble = self.trouble.pop(0) if self.trouble else None
        if isinstance(trouble, Exception):
            raise trouble
        if destination in self.shut:
            raise Unreachable("closed")
        known = self._known(delivery) if self.knows else None
        message = known or f"m{len(self.messages) + 1}"
        self.messages[message] = Sent(destination, delivery, card)
        if trouble:
            raise trouble[0]
        return message

    async def edit(self, *, destination: str, message: str, card: Card) -> None:  # noqa: ARG002 - the id is enough
        if message not in self.messages:
            raise Refused("gone")
        self.messages[message].card = card

    async def find(self, *, destination: str, delivery: UUID, seconds: float) -> str | None:  # noqa: ARG002 - as above
        if not self.knows:
            raise Unknowable
        return self._known(delivery)

    async def open_direct(self, *, tenant: str, user: str) -> str:
        return f"{self.name}:{tenant or 'main'}:direct/{user}"

    async def make_place(self, *, community: str, near: str, name: str, mark: str) -> str:  # noqa: ARG002 - there is room
        self._meets_trouble()
        destination = f"{self.name}:{community}:{mark}"
        self.places.setdefault(destination, set())
        return destination

    async def adopt_place(self, *, community: str, channel: str) -> str:
        self._meets_trouble()
        destination = f"{self.name}:{community}:{channel}"
        if destination not in self.places:
            raise Lacking("public", say("This room is open to everyone. Run it again in a private one."))
        return destination

    async def let_in(self, *, destination: str, user: str) -> None:
        self._people(destination).add(user)

    async def let_out(self, *, destination: str, user: str) -> None:
        self._people(destination).discard(user)

    async def find_absent(self, *, destination: str, users: Collection[str]) -> Collection[str]:
        absent = set(users) - self._people(destination)
        await self.after_looking()
        return absent

    async def has_left(self, *, community: str, user: str) -> bool:
        self._meets_trouble()
        return (community, user) in self.gone

    def _people(self, destination: str) -> set[str]:
        self._meets_trouble()
        if destination not in self.places:
            raise Unreachable("no such place")
        return self.places[destination]

    def _meets_trouble(self) -> None:
        trouble = self.trouble.pop(0) if self.trouble else None
        if isinstance(trouble, Exception):
            raise trouble

    def _known(self, delivery: UUID) -> str | None:
        return next((name for name, sent in self.messages.items() if sent.delivery == delivery), None)
