"""The form of a goal: what it asks, what it starts with, and the goal that it makes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from bot.acts import Filling
from bot.call import Call
from bot.cards import Card, Words, say
from bot.errors import WrongFields
from bot.options import ASKED, Ask
from cogs.goals.reading import MOST, Gap, Goal, Missing, Period, Read, Reason, readers
from cogs.goals.words import Day

LANGUAGE: Final = "en"
WORDS_AT_MOST: Final = 150
"""Of what is to be done, as it is kept."""

What = Annotated[str, Ask("What?", hint="In your own words", example="apply to job postings", at_most=WORDS_AT_MOST)]
HowMany = Annotated[int, Ask("How many?", example="5", at_least=1, at_most=MOST)]
HowOften = Annotated[Period, Ask("How often?")]
Days = Annotated[tuple[Day, ...], Ask("On which days?", hint="Only where the days matter")]
Until = Annotated[date | None, Ask("Until when?", hint="The last day; left empty, it goes on", example="March 1")]


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it was sent."""

    what: str = field(repr=False)
    how_many: int
    how_often: Period
    days: tuple[Day, ...]
    until: date | None

    def goal(self, before: Goal, *, today: date) -> Goal:
        """What is made of the goal that the form began with. Raises WrongFields."""
        weekdays = tuple(day.weekday for day in Day if day in self.days)
        errors: dict[str, Words] = {}
        if self.how_often is Period.WEEKDAYS and not weekdays:
            errors["days"] = say("Choose at least one day.")
        if self.how_often is Period.ONCE and self.until is None:
            errors["until"] = say("What is done once needs a day. Type one, such as `in 2 weeks`.")
        if self.until is not None and self.until != before.until and self.until < max(today, before.starts or today):
            errors["until"] = say("That day has passed, or is before the goal begins. Type a later one.")
        if errors:
            raise WrongFields(errors)
        verb, thing = _split(before, self.what, today=today)
        return Goal(
            verb,
            self.how_many,
            thing,
            self.how_often,
            weekdays=weekdays if self.how_often in _WITH_DAYS else (),
            until=self.until,
            starts=before.starts,
            upper=before.upper if self.how_many == before.quantity else None,
            bound=before.bound,
        )


Asking = Callable[[Call, UUID, int, Filled], Awaitable[Card]]
"""`async (call, id, drawn, form)`; `drawn` is what its button was drawn at."""


def asking(handler: Asking) -> Callable[..., Awaitable[Card]]:
    """The handler with the form as its signature, which is what an action is declared by."""

    async def asked(
        call: Call,
        goal_id: UUID,
        drawn: int = 0,
        what: What = ASKED,
        how_many: HowMany = ASKED,
        how_often: HowOften = ASKED,
        *,
        days: Days = (),
        until: Until = None,
    ) -> Card:
        return await handler(call, goal_id, drawn, Filled(what, how_many, how_often, days, until))

    asked.__name__ = handler.__name__
    return asked


def fill(goal: Goal) -> Filling:
    """What the form starts with."""
    return Filling(
        {
            "what": f"{goal.verb} {goal.thing}".strip(),
            "how_many": goal.quantity,
            "how_often": goal.period,
            "days": tuple(day for day in Day if day.weekday in goal.weekdays),
            "until": goal.until,
        }
    )


def _split(goal: Goal, what: str, *, today: date) -> tuple[str, str]:
    """What to do, and what is counted, of words that were typed into one field."""
    if what == f"{goal.verb} {goal.thing}".strip():
        return goal.verb, goal.thing
    if goal.thing:
        counted = Read("", quantity=2, period=Period.WEEK, when="each week")
        read = readers[LANGUAGE].complete(Missing((Gap.THING,), Reason.NOT_SAID, counted), what, today=today)
        if isinstance(read, Goal) and f"{read.verb} {read.thing}".strip().casefold() == what.casefold():
            return read.verb, read.thing
    return what, ""


_WITH_DAYS: Final = frozenset({Period.WEEKDAYS, Period.WEEK, Period.FORTNIGHT})
