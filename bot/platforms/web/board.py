"""What stands on the demo page, and for whom: messages, as they are posted, changed, drawn and told to open pages."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.cards import Card, Text, Typed, say
from bot.platforms.base import Desk
from bot.platforms.web.addresses import addressed, direct_of
from bot.platforms.web.cast import DIRECT, Persona, Room
from bot.platforms.web.draw import Reader, draw_message, spell_line
from bot.platforms.web.places import Places
from bot.platforms.web.streams import Event
from bot.platforms.web.transcript import Message, Transcript
from bot.sending import Refused, Unreachable


class Movable(Protocol):
    """A clock that the page may move."""

    def now(self) -> datetime: ...

    def move(self, by: timedelta) -> None: ...


class Board(Places):
    """The page's part in sending, and in who sees what."""

    desk: Desk
    clock: Movable
    transcript: Transcript

    async def withdraw(self, *, destination: str, message: str) -> bool:  # noqa: ARG002 - the id is enough here
        known = self.transcript.find(message)
        if known is not None and known.card is not None:
            self._put(replace(known, card=Card((Text(say("This message was removed.")),))))
        return True

    async def send(self, *, destination: str, card: Card, delivery: UUID) -> str:
        """Posts a card in a room, or in one persona's direct messages."""
        message = addressed(destination, card, delivery, at=self.clock.now())
        if message.room not in self.rooms and message.only not in self.personas:
            raise Unreachable("no such place")
        if self.transcript.find(message.id) is None:
            self._put(message)
        return message.id

    async def edit(self, *, destination: str, message: str, card: Card) -> None:  # noqa: ARG002 - the id is enough
        known = self.transcript.find(message)
        if known is None:
            raise Refused("no such message")
        self._put(replace(known, card=card))

    async def find(self, *, destination: str, delivery: UUID, seconds: float) -> str | None:  # noqa: ARG002 - as above
        return None  # the same delivery is the same message

    async def open_direct(self, *, tenant: str, user: str) -> str:  # noqa: ARG002 - there is one
        return direct_of(next(each.slug for each in self.personas.values() if each.id == user))

    def rooms_of(self, persona: Persona) -> list[Room]:
        return [room for room in self.rooms.values() if room.open_to(persona)]

    def may_enter(self, persona: Persona, room: str) -> bool:
        return room == DIRECT or (room in self.rooms and self.rooms[room].open_to(persona))

    def find_message(self, persona: Persona, message_id: str) -> Message | None:
        """A message the persona sees; None where there is none such. Raises LookupError where it is another's."""
        known = self.transcript.find(message_id)
        if known is not None and (known.only not in {None, persona.slug} or not self.may_enter(persona, known.room)):
            raise LookupError(message_id)
        return known

    def reader(self, persona: Persona) -> Reader:
        return Reader(
            slug=persona.slug,
            zone=ZoneInfo(persona.zone),
            now=self.clock.now(),
            names={each.id: each.name for each in self.personas.values()},
            rooms={room.slug: room.name for room in self.rooms.values()},
            spell=self._spell,
        )

    def messages(self, persona: Persona, *, after: int = 0) -> list[tuple[Message, Event]]:
        """What they may see and have not seen yet, with how it is drawn for them."""
        rooms = {DIRECT, *(room.slug for room in self.rooms_of(persona))}
        reader = self.reader(persona)
        seen = self.transcript.seen_by(persona.slug, rooms, after=after)
        return [(each, self._event(each, reader)) for each in seen]

    def is_watched(self, persona: Persona) -> bool:
        """Whether somebody looks at the page as they see it."""
        return self._streams.listens(persona.slug)

    def _spell(self, typed: Typed) -> str:
        offer = self.desk.find_command(typed.command.split())
        return spell_line(typed, offer.fields if offer else ())

    def _put(self, message: Message) -> Message:
        message = self.transcript.add(message)
        self._send(message)
        return message

    def _send(self, message: Message) -> None:
        for persona in self.personas.values():
            seen = message.only in {None, persona.slug} and self.may_enter(persona, message.room)
            if seen and self._streams.listens(persona.slug):
                self._streams.tell(persona.slug, self._event(message, self.reader(persona)))

    def _shown(self, persona: Persona, message: Message) -> Event:
        return {"events": [self._event(message, self.reader(persona))]}

    def _event(self, message: Message, reader: Reader) -> Event:
        author = self.personas.get(message.persona) if message.persona else None
        return {
            "kind": "message",
            "id": message.id,
            "room": message.room,
            "number": message.number,
            "mine": message.persona == reader.slug,
            "pending": message.pending,
            "html": str(draw_message(message, reader, author)),
        }
