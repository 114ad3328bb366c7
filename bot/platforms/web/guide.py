"""Leads the newcomer through the tour: watches what is done, and tells every open page how far it is."""

from collections.abc import Callable, Mapping
from typing import Literal

from bot.cards import Card
from bot.platforms.web.cast import Persona
from bot.platforms.web.draw import Reader, draw_tour
from bot.platforms.web.streams import Event, Streams
from bot.platforms.web.tour import Tour


class Guide:
    """One tour for all who have the page open."""

    def __init__(
        self, personas: Mapping[str, Persona], *, streams: Streams, reader: Callable[[Persona], Reader]
    ) -> None:
        self.tour = Tour()
        self._personas = personas
        self._streams = streams
        self._reader = reader

    @property
    def newcomer(self) -> Persona | None:
        """Whom the tour is for."""
        return next((each for each in self._personas.values() if each.new), None)

    def event(self, persona: Persona) -> Event:
        """What the persona's page shows of it; nothing where nobody is new."""
        drawn = draw_tour(self.tour, self._reader(persona), persona, self.newcomer) if self.newcomer else ""
        return {"kind": "tour", "html": str(drawn).strip()}

    def turn(self, to: Literal["start", "skip", "leave"]) -> None:
        """What its buttons do."""
        {"start": self.tour.start, "skip": self.tour.skip, "leave": self.tour.leave}[to]()
        self._tell()

    def answered(self, persona: Persona, packed: str, card: Card) -> None:
        if persona is self.newcomer and self.tour.answered(packed, card):
            self._tell()

    def looked_behind(self) -> None:
        """Somebody looked into a message, or moved the clock."""
        if self.tour.looked_behind():
            self._tell()

    def _tell(self) -> None:
        for persona in self._personas.values():
            self._streams.tell(persona.slug, self.event(persona))
