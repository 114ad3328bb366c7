"""Where features meet: functions that one feature contributes and the machine, or another feature, calls for all."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards import Button, Card, Element
from bot.events import Deed

Record = Mapping[str, object]
"""One thing that is kept, as plain values for JSON and Markdown."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One part of a member's export: a heading, and its records."""

    title: str
    count: int
    records: AsyncIterator[Record]
    """Read, and opened, only for the archive and while the session is open; elsewhere the count is enough."""

    @classmethod
    def of(cls, title: str, records: Sequence[Record]) -> Self:
        """A part of which there is never much."""
        return cls(title, len(records), _each(records))


async def _each(records: Sequence[Record]) -> AsyncIterator[Record]:
    for record in records:
        yield record


Export = Callable[[AsyncSession, UUID], Awaitable[Exported]]
"""`async (db, person_id)`: all that the feature keeps of a person; counted at once, read when it is taken along."""

Erase = Callable[[AsyncSession, UUID], Awaitable[None]]
"""`async (db, person_id)`: removes it, in the caller's transaction."""

Hold = Callable[[], Awaitable[UUID]]
"""Keeps what was asked in a sealed draft, and gives the id that `Resume` takes."""

Screen = Callable[[Sequence[str]], Card | None]
"""`(texts)`: a private card for the author of such texts, or None. Keeps and tells nothing."""

Tidy = Callable[[AsyncSession, datetime], Awaitable[None]]
"""`async (db, now)`: removes what has had its time."""

Tally = Callable[[AsyncSession, UUID, date, date], Awaitable[Mapping[Deed, Mapping[date, int]]]]
"""`async (db, person_id, since, until)`: what a member has logged on each of these days, both included.

Only what there is any of.
"""

Footer = Callable[[], Button]
"""The button that every private answer carries."""

Listening = Callable[[Any, Any], Awaitable[Sequence[Element]]]
"""`async (call or outbox, event)`: what follows from what another feature announced; gives what there is to show."""


class Part(IntEnum):
    """Where on the page of one's progress a section stands: what one did comes before what came of it."""

    WEEK = 1
    """What was done lately, and how far the goals are."""
    WEEKS = 2
    """The same over a longer time."""
    OUTCOMES = 3
    """What others answered."""
    LESSONS = 4
    """What one takes from it."""


Section = Callable[[Any], Awaitable[Sequence[Element]]]
"""`async (call)`: a feature's part of a page; empty where there is nothing to show."""


@dataclass
class Extensions:
    """What one feature contributes, or all of them together.

    `home`, `progress`, `gate` and `listen` take a Call, which itself knows the extensions: `Feature` checks their
    types.
    """

    export: list[Export] = field(default_factory=list)
    erase: list[Erase] = field(default_factory=list)
    home: list[Section] = field(default_factory=list)
    progress: list[tuple[Part, Section]] = field(default_factory=list)
    gate: list[Callable[[Any, Any, Hold], Awaitable[Card | None]]] = field(default_factory=list)
    screen: list[Screen] = field(default_factory=list)
    tidy: list[Tidy] = field(default_factory=list)
    tally: list[Tally] = field(default_factory=list)
    footer: list[Footer] = field(default_factory=list)
    listen: list[tuple[type, Listening]] = field(default_factory=list)

    @property
    def progress_in_order(self) -> Sequence[Section]:
        """The sections of one's progress as they are read, from the top."""
        return [section for _, section in sorted(self.progress, key=lambda each: each[0])]

    @property
    def own_page(self) -> Sequence[Section]:
        """The sections of one's own page: progress, then what else is there for oneself."""
        return [*self.progress_in_order, *self.home]

    async def announce(self, by: object, event: object) -> tuple[Element, ...]:
        """Tells those who listen, with the call or outbox `by` which it is announced; gives what they have to show."""
        listeners = [listener for kind, listener in self.listen if isinstance(event, kind)]
        return tuple([part for listener in listeners for part in await listener(by, event)])

    def add(self, other: "Extensions") -> None:
        """Takes in what another contributes."""
        for each in fields(self):
            getattr(self, each.name).extend(getattr(other, each.name))
