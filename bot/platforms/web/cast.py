"""The people and rooms of the demo, and what they have said before you came in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.cards import Actions, Button, Card, Element, Note, Style, Text, Tone, say
from bot.platforms.base import Desk

DIRECT: Final = "direct"
"""The room of everyone's own messages with the bot."""

WELCOME: Final = "welcome"
"""The room where the bot says what it is."""


class Standing(StrEnum):
    """What a persona is in the demo's community; the database has the same role, and decides."""

    MEMBER = "member"
    FACILITATOR = "facilitator"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class Persona:
    """A made-up person; `slug` names them in addresses."""

    slug: str
    name: str
    zone: str
    standing: Standing = Standing.MEMBER
    new: bool = False
    """Has not met the bot yet."""
    tint: int = 1
    """Which of the avatar colours, 1 to 5."""
    user: str = ""
    """The identity's own id, where it is not the slug."""
    community: str = "demo"
    admin: bool = False
    direct: bool = False
    """Has chosen direct messages: the bot writes to them there first."""
    played: bool = True
    """A visitor can be them."""

    @property
    def id(self) -> str:
        return self.user or self.slug

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2])

    @property
    def part(self) -> str:
        """What they are, in words."""
        if self.admin:
            return "admin"
        return "new member" if self.new else self.standing.value


@dataclass(frozen=True, slots=True)
class Line:
    """Something a persona said; `before` is how long ago when the demo begins."""

    persona: str
    text: str
    before: timedelta


@dataclass(frozen=True, slots=True)
class Room:
    """A place where several people talk; `standings` may enter."""

    slug: str
    name: str
    topic: str
    icon: str = "hash"
    standings: frozenset[Standing] = frozenset(Standing)
    lines: tuple[Line, ...] = field(default=(), repr=False)
    people: frozenset[str] | None = None
    """Who is in it, by their ids, where it is a group's own place; else None."""

    def open_to(self, persona: Persona) -> bool:
        return persona.id in self.people if self.people is not None else persona.standing in self.standings


def _line(persona: str, hours: float, text: str) -> Line:
    return Line(persona, text, timedelta(hours=hours))


PERSONAS: Final = (
    Persona("maya", "Maya Okafor", "Europe/Berlin", tint=1),
    Persona("tomas", "Tomás Rivera", "America/Chicago", tint=2, direct=True),
    Persona("jun", "Jun Sato", "Asia/Tokyo", new=True, tint=3),
    Persona("aisha", "Aisha Rahman", "Europe/London", Standing.FACILITATOR, tint=4, direct=True),
    Persona("priya", "Priya Nair", "Asia/Kolkata", Standing.MODERATOR, tint=5, admin=True),
)
"""Those whom a visitor can be."""

GROUP: Final = (
    Persona("leo", "Leo Brandt", "Europe/Berlin", tint=3, played=False),
    Persona("ines", "Inés Duarte", "Europe/Madrid", tint=5, played=False),
    Persona("hana", "Hana Novak", "Europe/Prague", tint=1, played=False),
)
"""The others of the group, who live by themselves."""

CAST: Final = (*PERSONAS, *GROUP)

ROOMS: Final = (
    Room(
        WELCOME,
        "welcome",
        "Start here. Reading along is fine.",
        lines=(
            _line("priya", 26, "Welcome, Jun. Nobody has to post here, and reading along counts."),
            _line("jun", 25.4, "Thank you. I am moving from retail into design and still finding my feet."),
            _line("maya", 25.1, "Same road two years ago. Ask me anything, also the small things."),
        ),
    ),
    Room(
        "design-seekers",
        "design-seekers",
        "A small group of designers between jobs. What is said here stays here.",
        icon="lock",
        people=frozenset({"aisha", "maya", "tomas", *(each.id for each in GROUP)}),
        lines=(
            _line("tomas", 3.2, "Final round at Cobalt went to someone else. Third one this month."),
            _line(
                "aisha",
                3.1,
                "I am sorry, Tomás. Three finals in a month also means three teams wanted you in the room. "
                "Would you like to look at it together this week?",
            ),
            _line("tomas", 2.9, "Yes, but not today. Today I am cooking something slow."),
            _line("maya", 1.2, "Slow cooking counts. I sent two applications and then closed the laptop."),
        ),
    ),
    Room(
        "moderators",
        "moderators",
        "For the people who look after the groups.",
        icon="shield",
        standings=frozenset({Standing.MODERATOR}),
        lines=(_line("priya", 5, "To do on Thursday: ask Aisha whether the group wants a second facilitator."),),
    ),
)

TRIES: Final = ("rejection log", "goal set", "progress", "rejection list", "support", "help")
"""Commands to try first, offered above the message box where they exist."""


def greeting(desk: Desk) -> Card:
    """What the bot has said in the welcome room: what it is, with buttons for the commands that exist."""
    labels = (
        ("rejection log", "Log a rejection", Style.PRIMARY),
        ("support", "Get support", Style.PLAIN),
        ("help", "See all commands", Style.PLAIN),
    )
    found = [(desk.find_command(words.split()), label, style) for words, label, style in labels]
    buttons = tuple(Button(label, offer.key, style) for offer, label, style in found if offer is not None)
    body: Sequence[Element] = (
        Text(
            say(
                "I keep a private log of your search: what happened, how it felt, and what you want to remember. "
                "Only you see your own entries."
            )
        ),
        Text(say("Press a button, or type `/` below to see everything I can do.")),
        *((Actions(buttons),) if buttons else ()),
        Note(say("You can be any of the five people in this demo. They are made up.")),
    )
    return Card(tuple(body), title=say("A no is a stepping stone"), tone=Tone.CALM, private=False)
