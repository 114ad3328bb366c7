"""Lets a persona of the demo live through their diary again, as they did: typing, pressing, choosing and filling in."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards import Card
from bot.clock import StillClock
from bot.platforms.base import Answer, Arrival, Desk, Request
from bot.platforms.web.adapter import WebPlatform
from bot.platforms.web.addresses import TENANT
from bot.platforms.web.cast import DIRECT, Persona
from bot.platforms.web.diary import Deed
from bot.platforms.web.screen import OtherwiseError, fill, find_packed, typed
from bot.platforms.web.script import Step, Way
from bot.platforms.web.suggest import find_offer
from bot.typed import read_line


class NotDone(Exception):  # noqa: N818 - named for what happened, as every error of ours
    """A deed went otherwise than its diary says: the message names the persona, the line and the step."""


async def relive(desk: Desk, persona: Persona, diary: Sequence[Deed], *, clock: StillClock, now: datetime) -> None:
    """Does everything in the diary in order, each at its time before `now`; `clock` is the desk's. Raises NotDone."""
    zone = ZoneInfo(persona.zone)
    for deed in diary:
        clock.move(deed.at.before(now, zone=zone) - clock.now())
        living = _Living(desk, persona, deed)
        for number, step in enumerate(deed.steps):
            try:
                await living.do(step, number)
            except OtherwiseError as otherwise:
                raise NotDone(f"{persona.slug}, line {deed.line}, {step}: {otherwise}") from None


class _Living:
    """One deed, with the answers to it that are on the screen."""

    def __init__(self, desk: Desk, persona: Persona, deed: Deed) -> None:
        self._desk, self._persona, self._deed = desk, persona, deed
        self._cards: list[Card] = []

    async def do(self, step: Step, number: int) -> None:
        request, pressed = self._typed(step) if step.way is Way.TYPED else self._touched(step)
        answer = await self._ask(request, f"{number}", own=pressed is not None)
        if step.filled and pressed is not None:  # a typed line carries its words itself
            if answer.form is None:
                raise OtherwiseError("no form opened")
            filled = Request(answer.form.packed, fill(answer.form, step), submitted=True)
            answer = await self._ask(filled, f"{number} filled", own=True)
        self._look(answer, pressed)

    def _typed(self, step: Step) -> tuple[Request, None]:
        found = find_offer(step.words, self._desk.offers)
        if found is None:
            raise OtherwiseError("there is no such command")
        offer, rest = found
        return Request(offer.key, {**read_line(rest, offer.fields).values, **typed(offer.fields, step)}), None

    def _touched(self, step: Step) -> tuple[Request, int]:
        """The press or choice on the newest card that has it, and which card that is."""
        for place in reversed(range(len(self._cards))):
            if packed := find_packed(self._cards[place], step, names={}):
                return Request(packed), place
        raise OtherwiseError("nothing on the screen is called so")

    async def _ask(self, request: Request, event: str, *, own: bool) -> Answer:
        persona = self._persona
        arrival = Arrival(
            id=f"past/{persona.slug}/{self._deed.line}/{event}",
            platform=WebPlatform.name,
            tenant=TENANT,
            user=persona.id,
            name=persona.name,
            channel=f"{DIRECT}/{persona.slug}",
            direct=True,
            community=persona.community,
            zone=persona.zone,
            on_own_message=own,
        )
        return await self._desk.answer(arrival, request)

    def _look(self, answer: Answer, pressed: int | None) -> None:
        card = answer.card
        if answer.form is not None:
            left = answer.form.errors or [field.name for field in answer.form.fields]
            raise OtherwiseError(f"a form asks for {', '.join(left)}")
        if answer.then is not None:
            raise OtherwiseError("it goes on afterwards, and a diary waits for nothing")
        if card is None or not card.title:  # as refusals and failures are
            raise OtherwiseError("it was refused")
        if answer.replace and pressed is not None:
            self._cards[pressed] = card
        else:
            self._cards.append(card)
