"""What a handler is given: who asked, where, when, and the transaction to act in."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards import Card, Element
from bot.catalogue import Catalogue
from bot.events import PlaceClosed, ReachChanged
from bot.extensions import Extensions
from bot.outbox import Outbox
from bot.rooms import Rooms
from db.members import Consent, IdentityKey, Person, Role


@dataclass(frozen=True, slots=True)
class Member:
    """The person who asked. Before consent there is no row: `id` is then fresh and leads nowhere."""

    id: UUID
    key: IdentityKey = field(repr=False)
    name: str = field(repr=False)
    """As the platform shows it now; never stored."""
    role: Role
    consent: Consent | None
    zone: str | None = field(repr=False)
    """IANA name: what they chose, else what the platform says, else None."""
    person: Person | None = field(repr=False)
    """Their row, where there is one; loaded in this call's session."""
    missed: bool
    """Something may not have reached them, and waits to be seen."""
    fingerprint: bytes = field(repr=False)
    """Owns their drafts, before and after consent."""

    @property
    def keeps(self) -> bool:
        """Whether entries may be kept."""
        return self.consent is Consent.KEEP

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone or "UTC")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was asked, by the platform's own ids."""

    platform: str
    channel: str
    direct: bool
    community: UUID | None
    """The server, workspace or demo; None in a direct message on Discord."""
    destination: str = ""
    """The channel as posts and jobs name it; empty where nothing can be posted."""


@dataclass(frozen=True, slots=True)
class Call(Outbox):
    """One thing a person asked for."""

    db: AsyncSession
    member: Member
    place: Place
    now: datetime
    catalogue: Catalogue
    extensions: Extensions
    """What all features contribute, together."""

    @property
    def today(self) -> date:
        """The date where the member is."""
        return self.now.astimezone(self.member.tzinfo).date()

    async def announce(self, event: object) -> tuple[Element, ...]:
        """Tells the features that listen, in this transaction; gives what they have to show."""
        listeners = [listener for kind, listener in self.extensions.listen if isinstance(event, kind)]
        return tuple([part for listener in listeners for part in await listener(self, event)])


Transaction = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@dataclass(frozen=True, slots=True)
class Asking(Outbox):
    """A job's way to ask for more, in a transaction of its own."""

    db: AsyncSession
    now: datetime
    extensions: Extensions = field(default_factory=Extensions)

    async def announce_reach(self, person_id: UUID) -> None:
        """Tells the features that listen for it, in this transaction, that a member is reached in another way."""
        await self._announce(ReachChanged(person_id))

    async def announce_closed(self, destination: str, *, person_id: UUID | None) -> None:
        """The same of a place that takes no messages any more."""
        await self._announce(PlaceClosed(destination, person_id))

    async def _announce(self, event: ReachChanged | PlaceClosed) -> None:
        # Who listens for these needs no call: nobody has asked for anything.
        for kind, listener in self.extensions.listen:
            if kind is type(event):
                await listener(self, event)


@dataclass(frozen=True, slots=True)
class Run:
    """What a job is given. It opens its own short transactions, so that it may use the network between them."""

    transaction: Transaction
    reading: Transaction
    """Takes no write lock and cannot write: for long reads."""
    withdraw: Callable[[UUID], Awaitable[bool]]
    """Takes back a post from its platform: `await run.withdraw(post_id)` -> True where it is gone."""
    open_direct: Callable[[IdentityKey], Awaitable[str]]
    """The destination that reaches a person alone. Raises NotDelivered."""
    deliver: Callable[[str, Card], Awaitable[str]]
    """Sends a card at once, this once: for what has to be found out now. Raises NotDelivered. Else: `asking`."""
    draw: Callable[[str], Awaitable[Card | None]]
    """The card of another job, by its packed call."""
    rooms: Rooms
    now: datetime
    extensions: Extensions

    def asking(self, db: AsyncSession) -> Asking:
        """Asks for work and messages in the transaction of `db`."""
        return Asking(db, self.now, self.extensions)
