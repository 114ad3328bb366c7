"""The private rooms of groups on the demo page: made as they are needed, and seen by who is in them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.cards import say
from bot.platforms.web.addresses import TENANT
from bot.platforms.web.cast import Persona, Room, Standing
from bot.sending import Lacking, Unreachable

TOPIC: Final = "A group of peers. What is said here stays here."


class Places:
    """Changes the page's `rooms`; `tell` is given to whoever sees other rooms than before."""

    def __init__(
        self,
        rooms: dict[str, Room],
        personas: Mapping[str, Persona],
        tell: Callable[[Persona, Mapping[str, Any]], None],
    ) -> None:
        self._rooms = rooms
        self._personas = personas
        self._tell = tell

    def make(self, name: str, mark: str) -> str:
        """The destination of a room with nobody in it; the same for the same mark."""
        slug = f"{re.sub(r'[^a-z0-9]+', '-', name.casefold()).strip('-') or 'group'}-{mark[:4]}"
        self.open(slug, name)
        return f"web:{TENANT}:{slug}"

    def open(self, slug: str, name: str) -> None:
        """Makes the room where it is not there, as after a restart."""
        if slug not in self._rooms:
            self._rooms[slug] = Room(slug, name, TOPIC, icon="lock", people=frozenset())

    def adopt(self, slug: str) -> str:
        """The destination of a room that not everybody may enter."""
        room = self._rooms.get(slug)
        if room is None or (room.people is None and room.standings == frozenset(Standing)):
            raise Lacking("public", say("This room is open to everyone. Run it again in a private one."))
        return f"web:{TENANT}:{slug}"

    def let_in(self, destination: str, user: str) -> None:
        self._change(destination, user, lambda people: people | {user})

    def let_out(self, destination: str, user: str) -> None:
        self._change(destination, user, lambda people: people - {user})

    def clear(self) -> None:
        """Closes the rooms that were made for groups."""
        for slug in [slug for slug, room in self._rooms.items() if room.people is not None]:
            del self._rooms[slug]

    def _change(self, destination: str, user: str, change: Callable[[frozenset[str]], frozenset[str]]) -> None:
        slug = destination.rpartition(":")[2]
        room = self._rooms.get(slug)
        if room is None:
            raise Unreachable("no such room")
        if room.people is None or change(room.people) == room.people:
            return
        self._rooms[slug] = replace(room, people=change(room.people))
        for persona in self._personas.values():
            if persona.id == user:
                self._tell(persona, {"kind": "reload"})
