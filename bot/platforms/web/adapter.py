"""The demo page as a platform: takes in what personas do, asks the desk, and shows the answers to who may see them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot import pack
from bot.cards import Button, Card, buttons
from bot.options import Field, Raw, clean
from bot.platforms.base import Answer, Arrival, Capabilities, Desk, Form, Offer, Request
from bot.platforms.web.addresses import TENANT, direct_of, room_of
from bot.platforms.web.board import Board, Movable
from bot.platforms.web.cast import DIRECT, TRIES, WELCOME, Persona, Room, Standing, greeting
from bot.platforms.web.chronicle import Chronicle
from bot.platforms.web.draw import draw_came, draw_form, moment
from bot.platforms.web.guide import Guide
from bot.platforms.web.inspecting import Inspectors
from bot.platforms.web.streams import QUEUED_EVENTS, Event, Queue, Streams, offer
from bot.platforms.web.suggest import Suggestion, find_offer, suggest, unknown_command
from bot.platforms.web.transcript import Message, Transcript, is_own, new_id
from bot.sending import Rate
from bot.typed import read_line

CHAT_LENGTH: Final = 2000


class WebPlatform(Board):
    """Personas, rooms and messages, in memory; `routes.application` serves them.

    `reset` empties and seeds the database and sets the clock back; the page then begins anew.
    """

    name: Final = "web"
    capabilities: Final = Capabilities(field_errors=True, private_files=True)
    rate: Final = Rate(per_second=1000, burst=100)

    def __init__(
        self,
        desk: Desk,
        *,
        personas: Mapping[str, Persona],
        rooms: Sequence[Room],
        clock: Movable,
        inspectors: Inspectors | None = None,
        reset: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.desk = desk
        self.personas = personas
        self.first_rooms = {room.slug: room for room in rooms}
        self.rooms = dict(self.first_rooms)
        self.clock = clock
        self.inspectors = inspectors or Inspectors()
        self.transcript = Transcript()
        self.chronicle = Chronicle()
        self._clock_moved = 0
        """The transcript's number at the last move: a page that has not seen it is drawn anew."""
        self._past_epochs: set[str] = set()
        self._reset = reset
        self._forms: dict[str, Form] = {}
        self._streams = Streams()
        self.guide = Guide(self.personas, streams=self._streams, reader=self.reader)
        self._work: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        self._starting_over = asyncio.Lock()
        self._begin()

    @property
    def ready(self) -> bool:
        return not self._closing.is_set()

    async def run(self) -> None:
        """Waits until it is closed: the page is served by whoever serves `application`."""
        await self._closing.wait()

    @property
    def can_send(self) -> bool:
        return self.ready

    async def log_in(self) -> None:
        """There is nothing to log in to."""

    async def close(self) -> None:
        self._closing.set()
        self._streams.end()
        if self._work:
            await asyncio.wait(self._work)

    # What personas see

    @contextmanager
    def stream(self, persona: Persona, *, after: str) -> Iterator[Queue]:
        """Everything the persona is to see from the point `after`, `epoch.number`, on; None is the end.

        A page from before a restart is brought up to date; one from before a reset loads itself anew.
        """
        queue = Queue(QUEUED_EVENTS)
        epoch, _, number = after.partition(".")
        same = epoch == self.transcript.epoch and number.isdigit()
        if epoch in self._past_epochs:
            offer(queue, {"kind": "reload"})
            yield queue
            return
        seen = int(number) if same else 0
        moved = seen < self._clock_moved
        for _, event in self.messages(persona, after=0 if moved else seen):
            offer(queue, {**event, "again": True} if moved else event)
        offer(queue, self.guide.event(persona))
        offer(queue, self.clock_event(persona))
        if self._closing.is_set():
            offer(queue, None)
        with self._streams.opened(persona.slug, queue):
            yield queue

    @property
    def position(self) -> str:
        """Where the transcript stands, as `stream` takes it."""
        return f"{self.transcript.epoch}.{self.transcript.number}"

    def clock_event(self, persona: Persona) -> Event:
        """The time, and what came while the clock was moved."""
        reader = self.reader(persona)
        came = self.chronicle.shown_to(persona, others=self.personas.values(), may_enter=self.may_enter)
        time = {"now": reader.now.timestamp() * 1000, "text": moment(reader.now, reader)}
        return {"kind": "clock", **time, "came": str(draw_came(came, reader)).strip()}

    def offers_for(self, persona: Persona, room: str) -> list[Offer]:
        """The commands to suggest here; what is allowed, the desk decides."""
        leads = persona.standing is not Standing.MEMBER or persona.admin
        return [
            offer
            for offer in self.desk.offers
            if (offer.in_direct if room == DIRECT else offer.in_community)
            and (leads or not offer.moderators)
            and (persona.admin or not offer.admins)
        ]

    def tries(self, persona: Persona, room: str) -> list[str]:
        """The lines to try first, of the commands that exist."""
        words = {" ".join(offer.path) for offer in self.offers_for(persona, room)}
        return [f"/{each}" for each in TRIES if each in words]

    # What personas do

    async def say(self, persona: Persona, room: str, text: str, event: str) -> Event:
        text = clean(text)
        if not text:
            return {}
        if not text.startswith("/"):
            if len(text) > CHAT_LENGTH:
                return {"notice": f"That is {len(text)} characters, and {CHAT_LENGTH} fit. Send it in parts."}
            only = persona.slug if room == DIRECT else None
            said = Message(new_id(private=room == DIRECT), room, self.clock.now(), persona.slug, text, only=only)
            return self._shown(persona, self._put(said))
        found = find_offer(text, self.desk.offers)
        if found is None:
            return self._shown(
                persona, self._put(self._own(persona, room, unknown_command(text, self.desk), asked=text[:80]))
            )
        offer, rest = found
        request = Request(offer.key, read_line(rest, offer.fields).values)
        return await self._ask(persona, room, request, event, asked=f"/{' '.join(offer.path)}")

    async def press(
        self, persona: Persona, room: str, message_id: str, packed: str, value: str | None, event: str
    ) -> Event:
        known = self.find_message(persona, message_id)
        label = next(
            (
                each.label
                for each in (buttons(known.card) if known and known.card else ())
                if isinstance(each, Button) and each.packed == packed
            ),
            "",
        )
        request = Request(packed if value is None else pack.with_value(packed, value))
        return await self._ask(persona, room, request, event, asked=label, message_id=message_id)

    async def submit(
        self, persona: Persona, room: str, message_id: str, packed: str, values: Mapping[str, Raw], event: str
    ) -> Event:
        self.find_message(persona, message_id)
        form = self._forms.get(persona.slug)
        title = form.title if form is not None and form.packed == packed else ""
        request = Request(packed, values, submitted=True)
        return await self._ask(persona, room, request, event, asked=title, message_id=message_id)

    async def complete(self, persona: Persona, room: str, line: str) -> list[Suggestion]:
        arrival = self._arrival(persona, room, "complete")

        async def completing(offer: Offer, field: Field, typed: str) -> Sequence[str]:
            return await self.desk.complete(arrival, offer.key, field.name, typed)

        members = {each.id: each.name for each in self.personas.values()}
        return await suggest(line, self.offers_for(persona, room), members=members, completing=completing)

    def open_form(self, persona: Persona) -> Form | None:
        """The form that the persona has before them."""
        return self._forms.get(persona.slug)

    def downloaded(self, message: Message) -> None:
        """Redraws a message whose file was fetched."""
        self._send(message)

    def move(self, by: timedelta) -> None:
        """Moves the clock forward, and redraws what depends on it."""
        self.clock.move(by)
        self.has_moved()

    def has_moved(self) -> None:
        """Redraws what depends on the clock, and shows what came meanwhile."""
        self.transcript.number += 1
        self._clock_moved = self.transcript.number
        for persona in filter(self.is_watched, self.personas.values()):
            for _, event in self.messages(persona):
                self._streams.tell(persona.slug, {**event, "again": True})
        self.tell_time()
        self.guide.looked_behind()

    def tell_time(self) -> None:
        """Shows the clock anew, with what came."""
        for persona in filter(self.is_watched, self.personas.values()):
            self._streams.tell(persona.slug, self.clock_event(persona))

    async def start_over(self) -> None:
        """Back to the beginning: the database, the clock, and what was said."""
        async with self._starting_over:
            if self._work:
                await asyncio.wait(self._work)
            self.close_rooms()
            if self._reset is not None:
                await self._reset()
            self._past_epochs.add(self.transcript.epoch)
            self._forms.clear()
            self._begin()
        for slug in self.personas:
            self._streams.tell(slug, {"kind": "reload"})

    # How it is done

    def _begin(self) -> None:
        self.transcript = Transcript()
        self.chronicle = Chronicle()
        self.guide = Guide(self.personas, streams=self._streams, reader=self.reader)
        self._clock_moved = 0
        now = self.clock.now()
        for room in self.rooms.values():
            for nth, line in enumerate(room.lines):
                self.transcript.add(
                    Message(f"all-{room.slug}-{nth}", room.slug, now - line.before, line.persona, line.text)
                )
        if WELCOME in self.rooms:
            hello = Message("all-greeting", WELCOME, now - timedelta(hours=1), card=greeting(self.desk))
            self.transcript.add(hello)

    async def _ask(
        self, persona: Persona, room: str, request: Request, event: str, *, asked: str, message_id: str = ""
    ) -> Event:
        """Asks the desk and shows its answer.

        `message_id` is what the press or form came from. One that is not known any more was drawn before a restart:
        its id says whether it was the persona's own, and the answer may still take its place.
        """
        known = self.find_message(persona, message_id)
        own = known.only == persona.slug and known.card is not None if known else is_own(message_id)
        answer = await self.desk.answer(self._arrival(persona, room, event, own=own), request)
        if answer.form is not None:
            self._forms[persona.slug] = answer.form
            drawn = draw_form(answer.form, self.reader(persona), room=room, message=message_id)
            return {"form": str(drawn)}
        self._forms.pop(persona.slug, None)
        if answer.card is None:
            return {}
        self.guide.answered(persona, request.packed, answer.card)
        if answer.replace and own:
            at, asked = (known.at, known.asked) if known else (self.clock.now(), asked)
            place = known.room if known else room
            made = Message(message_id, place, at, card=answer.card, only=persona.slug, asked=asked)
        elif answer.card.private or room == DIRECT:
            made = self._own(persona, room, answer.card, asked=asked)
        else:
            asked = f"{persona.name} used {asked}" if asked.startswith("/") else asked
            made = Message(new_id(private=False), room, self.clock.now(), card=answer.card, asked=asked)
        made = self._put(replace(made, pending=answer.then is not None))
        if answer.then is not None:
            task = asyncio.create_task(self._finish(made, answer.then))
            self._work.add(task)
            task.add_done_callback(self._work.discard)
        return self._shown(persona, made)

    async def _finish(self, shown: Message, then: Callable[[], Awaitable[Answer]]) -> None:
        answer = await then()
        self._put(replace(shown, card=answer.card or shown.card, pending=False))

    def _arrival(self, persona: Persona, room: str, event: str, *, own: bool = False) -> Arrival:
        direct = room == DIRECT
        return Arrival(
            id=f"{persona.slug}/{event}",
            platform=self.name,
            tenant=TENANT,
            user=persona.id,
            name=persona.name,
            channel=f"{DIRECT}/{persona.slug}" if direct else room,
            direct=direct,
            destination=direct_of(persona.slug) if direct else room_of(room),
            community=persona.community,
            is_admin=persona.admin,
            zone=persona.zone,
            on_own_message=own,
        )

    def _own(self, persona: Persona, room: str, card: Card, *, asked: str) -> Message:
        return Message(new_id(private=True), room, self.clock.now(), card=card, only=persona.slug, asked=asked)
