"""One account that talks to the dispatcher itself, for tests of the machine that no platform has to be there for."""

import itertools

from bot.cards import Button, Card, Select, buttons
from bot.pack import with_value
from bot.platforms.base import Answer, Arrival, Desk, Request
from tests.words import words_of


class Account:
    """Asks, presses and fills, and keeps the last answer."""

    _events = itertools.count(1)

    def __init__(self, desk: Desk, user: str = "ada", **arrival: object) -> None:
        self.desk = desk
        self.answer = Answer()
        self._arrival: dict[str, object] = {
            "platform": "test",
            "tenant": "",
            "user": user,
            "name": user.title(),
            "channel": "room",
            "direct": False,
            "community": "main",
            **arrival,
        }

    def arrival(self, event: str = "", *, on_own_message: bool = False) -> Arrival:
        event = event or f"event {next(self._events)}"
        return Arrival(id=event, on_own_message=on_own_message, **self._arrival)  # type: ignore[arg-type]  # as Arrival has them

    async def ask(self, packed: str, *, event: str = "", **values: str) -> Answer:
        """Types the command with this key."""
        self.answer = await self.desk.answer(self.arrival(event), Request(packed, values))
        return self.answer

    async def press(self, label: str, *, card: Card | None = None, event: str = "") -> Answer:
        """Presses a button of the last card, or of an older one."""
        found = next(item for item in buttons(card or self.card) if isinstance(item, Button) and item.label == label)
        self.answer = await self.desk.answer(self.arrival(event, on_own_message=True), Request(found.packed))
        return self.answer

    async def choose(self, value: str) -> Answer:
        """Chooses from the first select of the last card."""
        found = next(item for item in buttons(self.card) if isinstance(item, Select))
        request = Request(with_value(found.packed, value))
        self.answer = await self.desk.answer(self.arrival(on_own_message=True), request)
        return self.answer

    async def fill(self, *, event: str = "", **values: str) -> Answer:
        """Sends the open form, with these values over what it started with."""
        form = self.answer.form
        assert form is not None
        start = {field.name: field.value for field in form.fields if field.value}
        request = Request(form.packed, {**start, **values}, submitted=True)
        own_message = form.packed.startswith("!")
        self.answer = await self.desk.answer(self.arrival(event, on_own_message=own_message), request)
        return self.answer

    @property
    def card(self) -> Card:
        assert self.answer.card is not None, self.answer
        return self.answer.card

    @property
    def text(self) -> str:
        """All words of the last card, then the labels of what can be pressed."""
        labels = (f"[{item.label}]" for item in buttons(self.card) if isinstance(item, Button))
        return "\n".join((*words_of(self.card), *labels))
