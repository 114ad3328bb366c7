"""Where features meet: functions that one feature contributes and the machine, or another feature, calls for all."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards import Button, Card, Element


@dataclass(frozen=True, slots=True)
class Exported:
    """One part of a member's export: a heading, and records of plain values for JSON and Markdown."""

    title: str
    records: tuple[Mapping[str, object], ...]


Export = Callable[[AsyncSession, UUID], Awaitable[Exported]]
"""`async (db, person_id)`: all that the feature keeps of a person."""

Erase = Callable[[AsyncSession, UUID], Awaitable[None]]
"""`async (db, person_id)`: removes it, in the caller's transaction."""

Hold = Callable[[], Awaitable[UUID]]
"""Keeps what was asked in a sealed draft, and gives the id that `Resume` takes."""

Screen = Callable[[Sequence[str]], Card | None]
"""`(texts)`: a private card for the author of such texts, or None. Keeps and tells nothing."""

Tidy = Callable[[AsyncSession, datetime], Awaitable[None]]
"""`async (db, now)`: removes what has had its time."""

Footer = Callable[[], Button]
"""The button that every private answer carries."""


@dataclass
class Extensions:
    """What one feature contributes, or all of them together.

    `home`, `progress` and `gate` take a Call, which itself knows the extensions: `Feature` checks their types.
    """

    export: list[Export] = field(default_factory=list)
    erase: list[Erase] = field(default_factory=list)
    home: list[Callable[[Any], Awaitable[Sequence[Element]]]] = field(default_factory=list)
    progress: list[Callable[[Any], Awaitable[Sequence[Element]]]] = field(default_factory=list)
    gate: list[Callable[[Any, Any, Hold], Awaitable[Card | None]]] = field(default_factory=list)
    screen: list[Screen] = field(default_factory=list)
    tidy: list[Tidy] = field(default_factory=list)
    footer: list[Footer] = field(default_factory=list)

    def add(self, other: "Extensions") -> None:
        """Takes in what another contributes."""
        for each in fields(self):
            getattr(self, each.name).extend(getattr(other, each.name))
