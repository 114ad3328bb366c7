"""A machine of a few lines, for tests of an adapter alone: what is asked meets the answer that the test wrote down."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bot.cards import Card, Text, say
from bot.catalogue import Catalogue
from bot.platforms.base import Answer, Arrival, Departure, Offer, Request

Answering = Callable[[Arrival, Request], Awaitable[Answer]]


@dataclass
class FakeDesk:
    """Answers by the packed call; says "Done." to all others."""

    offers: Sequence[Offer] = ()
    answers: dict[str, Answer | Answering] = field(default_factory=dict)
    suggested: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked: list[tuple[Arrival, Request]] = field(default_factory=list)
    catalogue: Catalogue = field(default_factory=dict)
    left: list[Departure] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    """What the next departures meet."""
    above_members: frozenset[str] = frozenset()
    """Keys of what takes a role."""

    def find_command(self, path: Sequence[str]) -> Offer | None:
        return next((offer for offer in self.offers if offer.path == tuple(path)), None)

    def needs_role(self, packed: str) -> bool:
        return packed.partition(":")[0] in self.above_members

    async def answer(self, arrival: Arrival, request: Request) -> Answer:
        self.asked.append((arrival, request))
        answer = self.answers.get(request.packed, Answer(Card((Text(say("Done.")),))))
        return answer if isinstance(answer, Answer) else await answer(arrival, request)

    async def complete(
        self,
        arrival: Arrival,  # noqa: ARG002 - who asks makes no difference here
        key: str,  # noqa: ARG002 - nor for which command
        field_name: str,
        typed: str,
    ) -> Sequence[str]:
        return [each for each in self.suggested.get(field_name, ()) if typed in each]

    async def home(self, arrival: Arrival) -> Card:  # noqa: ARG002 - the same page for all
        return Card((Text(say("Home.")),))

    async def posted(self, arrival: Arrival, **_: Any) -> UUID | None:  # noqa: ARG002 - nothing is noted
        return None

    async def departed(self, departure: Departure) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.left.append(departure)
