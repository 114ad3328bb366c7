"""The private rooms of groups on the demo page: made as they are needed, and seen by who is in them."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Final

from bot.cards import say
from bot.platforms.web.addresses import room_of
from bot.platforms.web.cast import Persona, Room, Standing
from bot.platforms.web.streams import Streams
from bot.sending import Lacking, Unreachable

TOPIC: Final = "A group of peers. What is said here stays here."


class Places:
    """The page's part in making places, and in who is in them."""

    personas: Mapping[str, Persona]
    rooms: dict[str, Room]
    first_rooms: Mapping[str, Room]
    """As they were at the beginning."""
    _streams: Streams

    async def make_place(self, *, community: str, near: str, name: str, mark: str) -> str:  # noqa: ARG002 - there is one
        slug = f"{re.sub(r'[^a-z0-9]+', '-', name.casefold()).strip('-') or 'group'}-{mark[:4]}"
        self.open_room(slug, name)
        return room_of(slug)

    async def adopt_place(self, *, community: str, channel: str) -> str:  # noqa: ARG002 - as above
        room = self.rooms.get(channel)
        if room is None or (room.people is None and room.standings == frozenset(Standing)):
            raise Lacking("public", say("This room is open to everyone. Run it again in a private one."))
        return room_of(channel)

    async def let_in(self, *, destination: str, user: str) -> None:
        self._change(destination, user, lambda people: people | {user})

    async def let_out(self, *, destination: str, user: str) -> None:
        self._change(destination, user, lambda people: people - {user})

    async def find_absent(self, *, destination: str, users: Collection[str]) -> Collection[str]:  # noqa: ARG002 - below
        # The page has no other way out than the bot's, and after a restart its rooms are empty until it is used.
        return ()

    async def has_left(self, *, community: str, user: str) -> bool:  # noqa: ARG002 - nobody leaves the page
        return False

    def open_room(self, slug: str, name: str) -> None:
        """Makes a group's room where it is not there, as after a restart."""
        if slug not in self.rooms:
            self.rooms[slug] = Room(slug, name, TOPIC, icon="lock", people=frozenset())

    def close_rooms(self) -> None:
        """Back to the rooms of the beginning, and who was in them."""
        self.rooms.clear()
        self.rooms.update(self.first_rooms)

    def _change(self, destination: str, user: str, change: Callable[[frozenset[str]], frozenset[str]]) -> None:
        slug = destination.rpartition(":")[2]
        room = self.rooms.get(slug)
        if room is None:
            raise Unreachable("no such room")
        if room.people is None or change(room.people) == room.people:
            return
        self.rooms[slug] = replace(room, people=change(room.people))
        for persona in self.personas.values():
            if persona.id == user:
                self._streams.tell(persona.slug, {"kind": "reload"})
