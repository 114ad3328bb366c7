"""The demo's people, as far as the visitor is not one of them: they read what the bot writes, and act on it in time."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.cards import Button, Card, Mention, Select, buttons, plain, say
from bot.platforms.web.adapter import WebPlatform
from bot.platforms.web.cast import Persona
from bot.platforms.web.chronicle import Came
from bot.platforms.web.habits import Habit
from bot.platforms.web.occasions import line_of, occasion_of
from bot.platforms.web.screen import OtherwiseError, fill, find_packed
from bot.platforms.web.script import Step
from bot.platforms.web.transcript import Message

logger = logging.getLogger(__name__)

_ID_LETTERS: Final = 22
"""Of an id in a packed call."""


@dataclass(frozen=True, slots=True)
class _Plan:
    due_at: datetime
    persona: Persona
    habit: Habit
    message: Message


class Company:
    """Everybody on the page with habits, by these rules.

    1. They know of a message when it stands on the page for them: in their direct messages, or in a room where it
       names them, or names nobody.
    2. They act on it after as long as their habit says, as a visitor would: on the page, by what can be pressed.
    3. Whoever is looked at by a visitor at that moment leaves it to them.
    4. So does whoever a visitor has answered for since, with whatever button of it.
    5. What does not fit any more, they leave undone.
    """

    def __init__(self, page: WebPlatform, habits: Mapping[str, Sequence[Habit]]) -> None:
        self._page = page
        self._habits = habits
        self._epoch, self._number = "", 0
        self._known: set[str] = set()
        self._plans: list[_Plan] = []
        self._begin()

    @property
    def next_due(self) -> datetime | None:
        """When somebody means to do something next; None where nobody does."""
        return min((plan.due_at for plan in self._plans), default=None)

    def look(self) -> bool:
        """Takes in what the bot has written since the last look, and notes it; whether there was anything."""
        transcript = self._page.transcript
        if transcript.epoch != self._epoch:
            self._begin()
        fresh = [each for each in transcript.since(self._number) if each.id not in self._known]
        self._number = transcript.number
        self._known.update(each.id for each in fresh)
        written = [(each, each.card) for each in fresh if each.card is not None and not each.asked]
        for message, card in written:
            people = self._readers(message, card)
            self._plans += [plan for persona in people for plan in self._plan(message, card, persona)]
            names = [each.first_name for each in people]
            words = line_of(card, room=self._room(message), people=names)
            self._page.chronicle.note(Came(message.at, words, message.room, message.only))
        return bool(written)

    async def act(self) -> bool:
        """Lets everybody do what they meant to do by now; whether anything was done."""
        now = self._page.clock.now()
        due = sorted((plan for plan in self._plans if plan.due_at <= now), key=lambda plan: plan.due_at)
        self._plans = [plan for plan in self._plans if plan.due_at > now]
        return any([await self._act(plan) for plan in due])

    def _begin(self) -> None:
        """What stands there already was there before everybody."""
        self._epoch, self._number = self._page.transcript.epoch, self._page.transcript.number
        self._known.clear()
        self._plans.clear()

    def _readers(self, message: Message, card: Card) -> Sequence[Persona]:
        page = self._page
        everybody = [each for each in page.personas.values() if message.only in {None, each.slug}]
        return [
            each
            for each in everybody
            if page.may_enter(each, message.room) and (not card.notify or Mention(each.id) in card.notify)
        ]

    def _room(self, message: Message) -> str:
        room = self._page.rooms.get(message.room)
        return room.name if room else message.room

    def _plan(self, message: Message, card: Card, persona: Persona) -> Iterator[_Plan]:
        occasion, title = occasion_of(card), plain(card.title)
        for habit in self._habits.get(persona.slug, ()):
            if habit.occasion is occasion and title.startswith(habit.title):
                yield _Plan(message.at + habit.after, persona, habit, message)

    async def _act(self, plan: _Plan) -> bool:
        page, persona = self._page, plan.persona
        if page.is_watched(persona) or self._is_over(plan):
            return False
        acting = _Acting(page, persona, plan.message)
        turn = plan.habit.in_week_of(plan.message.at.astimezone(ZoneInfo(persona.zone)).date())
        done = 0
        try:
            for step in turn.steps:
                await acting.do(step)
                done += 1
        except OtherwiseError as otherwise:
            # As where the visitor has changed what is asked; that the habits themselves fit, a test sees.
            where = f"{persona.slug}, line {plan.habit.line}, step {done + 1}: {otherwise}"
            logger.info("left undone in the demo", extra={"fields": {"where": where}})
        if done:
            words = say("{who} {does}.", who=persona.first_name, does=turn.does)
            page.chronicle.note(Came(plan.due_at, words, plan.message.room, persona.slug))
        return done > 0

    def _is_over(self, plan: _Plan) -> bool:
        """Whether the message is out of reach, or the visitor has used, as this persona, anything that it offers."""
        page, persona = self._page, plan.persona
        message = page.transcript.find(plan.message.id)
        if message is None or message.card is None or not page.may_enter(persona, message.room):
            return True
        if occasion_of(message.card) is not plan.habit.occasion:  # an answer took its place
            return True
        offered = _ids(message.card)
        since = [each for each in page.transcript.since(0) if each.asked and each.at >= message.at]
        return any(each.card and _ids(each.card) & offered for each in since if each.only == persona.slug)


class _Acting:
    """One persona at the page, with the messages that they have before them."""

    def __init__(self, page: WebPlatform, persona: Persona, message: Message) -> None:
        self._page, self._persona, self._room = page, persona, message.room
        self._names = {each.id: each.name for each in page.personas.values()}
        self._messages = [message.id]

    async def do(self, step: Step) -> None:
        """Raises OtherwiseError where it cannot be done."""
        page, persona = self._page, self._persona
        message_id, packed = self._find(step)
        answer = await page.press(persona, self._room, message_id, packed, None, uuid4().hex)
        if step.filled:
            form = page.open_form(persona)
            if "form" not in answer or form is None:
                raise OtherwiseError("no form opened")
            values = fill(form, step)
            answer = await page.submit(persona, self._room, message_id, form.packed, values, uuid4().hex)
        if "form" in answer:
            raise OtherwiseError("a form is left open")
        self._messages += [event["id"] for event in answer.get("events", ())]

    def _find(self, step: Step) -> tuple[str, str]:
        """The newest message that has the button, and what it does."""
        for message_id in reversed(self._messages):
            message = self._page.transcript.find(message_id)
            if message is not None and message.card is not None:
                packed = find_packed(message.card, step, names=self._names)
                if packed is not None:
                    return message_id, packed
        raise OtherwiseError("nothing on the screen is called so")


def _ids(card: Card) -> set[str]:
    """Of what can be pressed on it: an answer to a message is about the same."""
    packed = [each.packed for each in buttons(card) if isinstance(each, Button | Select)]
    return {part for each in packed for part in each.split(":")[1:] if len(part) == _ID_LETTERS}
