"""What the machine and a platform say to each other: what came in, and what goes out."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from bot.cards import Card, Words
from bot.catalogue import Catalogue
from bot.options import Field, Raw
from bot.sending import Rate


class LoginRefused(Exception):  # noqa: N818 - named for what happened, as every error of ours
    """The platform does not take the token. The message says what to do, and never holds the token.

    Raised by `Platform.run` and `log_in`; the supervisor shows it and tries again slowly.
    """


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do of itself; what it cannot has a written ladder."""

    field_errors: bool
    """Shows errors in the fields of a form that stays open. Else: a private card with a button that reopens it."""
    private_files: bool
    """Can attach a file to a private answer. Else: the file goes to the direct message, as a post that is removed."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who sent something, from where; made afresh by the adapter for each event."""

    id: str
    """The platform's own id of this event; the same when it is delivered again."""
    platform: str
    tenant: str
    """Where `user` is unique: the Slack team or enterprise; empty on Discord, whose users are global."""
    user: str = field(repr=False)
    name: str = field(repr=False)
    """Display name, for drawing only."""
    channel: str
    direct: bool
    community: str | None
    """The platform's id of the server or workspace."""
    destination: str = ""
    """The same channel as the engine names it: "slack:<team>:<channel>"; empty where there is none to post to."""
    is_admin: bool = False
    zone: str | None = field(default=None, repr=False)
    """IANA name, where the platform tells it."""
    capabilities: Capabilities = Capabilities(field_errors=True, private_files=True)
    on_own_message: bool = False
    """The press or form came from a private message of the bot to this person: an answer may take its place."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A platform says that somebody left. It may come twice, or late: what is so now has to be looked up."""

    id: str
    """The platform's own id of this event; the same when it is delivered again."""
    platform: str
    tenant: str
    user: str = field(repr=False)
    community: str
    destination: str = ""
    """The place that they left; empty where they left the community."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: a packed call, with what was typed, chosen or filled in."""

    packed: str = field(repr=False)
    values: Mapping[str, Raw] = field(default_factory=dict, repr=False)
    submitted: bool = False
    """From a form; else from typed words or a press, which may still open one."""


@dataclass(frozen=True, slots=True)
class Form:
    """Questions to draw as a modal or dialog. `packed` names it, and comes back with the values."""

    packed: str = field(repr=False)
    title: str
    fields: tuple[Field, ...]
    errors: Mapping[str, Words] = field(default_factory=dict, repr=False)
    """Field name -> what to type instead; drawn in or above the field."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show: a card, or a form (only as the first answer)."""

    card: Card | None = None
    form: Form | None = None
    replace: bool = False
    """In place of the private message the press or form came from."""
    then: Callable[[], Awaitable["Answer"]] | None = field(default=None, repr=False)
    """Work that goes on after `card` is shown; its card then replaces this one in place."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A command as adapters register and spell it."""

    key: str
    path: tuple[str, ...]
    summary: str
    group_summary: str
    """Of the first word, where the command has two."""
    fields: tuple[Field, ...]
    admins: bool
    moderators: bool
    in_direct: bool
    in_community: bool
    shortcut: str


class Desk(Protocol):
    """The machine as an adapter sees it. It never raises: a failure is an answer too."""

    @property
    def catalogue(self) -> Catalogue: ...

    def find_command(self, path: Sequence[str]) -> Offer | None:
        """The command that is typed so, or None."""

    @property
    def offers(self) -> Sequence[Offer]:
        """Every command, in order."""

    def needs_role(self, packed: str) -> bool:
        """Whether it takes more than a member to do this, so that the platform is to be asked who one is now."""

    async def answer(self, arrival: Arrival, request: Request) -> Answer:
        """Carries out what is asked, commits, and gives what to show."""

    async def complete(self, arrival: Arrival, key: str, field_name: str, typed: str) -> Sequence[str]:
        """Suggestions for one field, at most 25; empty where there are none or they fail."""

    async def home(self, arrival: Arrival) -> Card:
        """One's own page."""

    async def posted(self, arrival: Arrival, *, destination: str, message: str, job: str, hours: int) -> UUID | None:
        """Notes a message that went to the person's direct messages, to be withdrawn after `hours`."""

    async def departed(self, departure: Departure) -> None:
        """Has it looked up whether somebody has left. Unlike the others it raises, so that it is said again."""


class Platform(Protocol):
    """A surface the bot can live on."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def ready(self) -> bool:
        """Connected, and answering."""

    @property
    def can_send(self) -> bool:
        """Logged in: until then nothing is claimed for it."""

    @property
    def rate(self) -> Rate:
        """What may be sent, by all processes together."""

    async def run(self) -> None:
        """Connects and serves until cancelled; raises when the connection is lost for good, so that it is restarted."""

    async def log_in(self) -> None:
        """Logs in, without the gateway: enough to send. Raises LoginRefused, and what else is in the way."""

    async def close(self) -> None:
        """Stops taking in, lets work in hand finish, disconnects. Safe to call twice."""

    async def withdraw(self, *, destination: str, message: str) -> bool:
        """Takes back a message or file; True where it is gone, also when it was gone before. Raises where unsure."""

    async def send(self, *, destination: str, card: Card, delivery: UUID) -> str:
        """Posts a card, and gives the platform's id of the message. Raises NotDelivered. Never tries twice by itself.

        `delivery` is the same whenever the same message is tried: a platform that can takes it once.
        """

    async def edit(self, *, destination: str, message: str, card: Card) -> None:
        """Draws a message anew. Raises NotDelivered, Unreachable where it is gone."""

    async def find(self, *, destination: str, delivery: UUID, seconds: float) -> str | None:
        """The message of a delivery in doubt, which was on its way `seconds` ago; None where it may be sent again.

        Raises Unknowable where the platform cannot tell, and NotDelivered.
        """

    async def open_direct(self, *, tenant: str, user: str) -> str:
        """The destination that reaches a person alone. Raises NotDelivered, Unreachable where they let nobody in."""

    async def make_place(self, *, community: str, near: str, name: str, mark: str) -> str:
        """A new private place with nobody but the bot in it; its destination.

        `near` is the channel in which it was asked for. One that was made before for the same `mark`, and that
        nobody has used yet, is taken again. Raises NotDelivered, Lacking where something is missing.
        """

    async def adopt_place(self, *, community: str, channel: str) -> str:
        """The destination of a private channel or thread that is there already. Raises as `make_place` does."""

    async def let_in(self, *, destination: str, user: str) -> None:
        """Adds a person to a private place; nothing changes where they are in it. Raises as `make_place` does."""

    async def let_out(self, *, destination: str, user: str) -> None:
        """Removes a person from a private place; nothing changes where they are not in it. Raises the same."""

    async def find_absent(self, *, destination: str, users: Collection[str]) -> Collection[str]:
        """Those of these people who are certainly not in a private place. Raises the same."""

    async def has_left(self, *, community: str, user: str) -> bool:
        """Whether a person is certainly no longer in the server or workspace. Raises NotDelivered."""
