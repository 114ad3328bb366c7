"""Lets a persona of the demo live through their diary again, as they did: typing, pressing, choosing and filling in."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards import Button, Card, Select, buttons
from bot.clock import StillClock
from bot.options import Field, Raw
from bot.pack import with_value
from bot.platforms.base import Answer, Arrival, Desk, Form, Request
from bot.platforms.web.adapter import WebPlatform
from bot.platforms.web.addresses import TENANT
from bot.platforms.web.cast import DIRECT, Persona
from bot.platforms.web.diary import Deed, Step, Way
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
            except _OtherwiseError as otherwise:
                raise NotDone(f"{persona.slug}, line {deed.line}, {step}: {otherwise}") from None


class _OtherwiseError(Exception):
    """Says what was found instead."""


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
                raise _OtherwiseError("no form opened")
            filled = Request(answer.form.packed, _filled(answer.form, step), submitted=True)
            answer = await self._ask(filled, f"{number} filled", own=True)
        self._look(answer, pressed)

    def _typed(self, step: Step) -> tuple[Request, None]:
        found = find_offer(step.words, self._desk.offers)
        if found is None:
            raise _OtherwiseError("there is no such command")
        offer, rest = found
        _check(step, offer.fields)
        return Request(offer.key, {**read_line(rest, offer.fields).values, **step.filled}), None

    def _touched(self, step: Step) -> tuple[Request, int]:
        """The press or choice on the newest card that has it, and which card that is."""
        for place in reversed(range(len(self._cards))):
            if fitting := _fitting(self._cards[place], step):
                if len(fitting) > 1:
                    raise _OtherwiseError("there is more than one of it")
                return Request(fitting[0]), place
        raise _OtherwiseError("nothing on the screen is called so")

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
            raise _OtherwiseError(f"a form asks for {', '.join(left)}")
        if answer.then is not None:
            raise _OtherwiseError("it goes on afterwards, and a diary waits for nothing")
        if card is None or not card.title:  # as refusals and failures are
            raise _OtherwiseError("it was refused")
        if answer.replace and pressed is not None:
            self._cards[pressed] = card
        else:
            self._cards.append(card)


def _filled(form: Form, step: Step) -> dict[str, Raw]:
    """The form with what was typed over what it started with."""
    _check(step, form.fields)
    started = {field.name: field.value for field in form.fields if field.value}
    return started | step.filled


def _check(step: Step, fields: Sequence[Field]) -> None:
    names = [field.name for field in fields]
    if any(name not in names for name in step.filled):
        raise _OtherwiseError(f"it asks {', '.join(names)}")


def _fitting(card: Card, step: Step) -> list[str]:
    """The packed calls of what is on the card under this name."""
    if step.way is Way.PRESSED:
        return [each.packed for each in buttons(card) if isinstance(each, Button) and each.label == step.words]
    return [
        with_value(each.packed, option.value)
        for each in buttons(card)
        if isinstance(each, Select) and each.placeholder == step.words
        for option in each.options
        if option.label.startswith(step.choice)
    ]
