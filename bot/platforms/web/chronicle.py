"""What came while the demo's clock was moved, for whoever moved it: a page shows little of what others do."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.cards import Words
from bot.platforms.web.cast import Persona

KEPT: Final = 60
"""Lines of one move; those of a busy week fit."""


@dataclass(frozen=True, slots=True)
class Came:
    """One thing that happened, and where it is to be seen."""

    at: datetime
    words: Words
    room: str
    only: str | None = None
    """Who alone sees it there."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as one persona reads it; `by` is who sees what came: they themselves, else somebody whom one can be."""

    came: Came
    by: str | None


class Chronicle:
    """Of the last move alone."""

    def __init__(self) -> None:
        self._came = deque[Came](maxlen=KEPT)

    def turn_over(self) -> None:
        """Begins a new page."""
        self._came.clear()

    def note(self, came: Came) -> None:
        self._came.append(came)

    def shown_to(
        self, persona: Persona, *, others: Iterable[Persona], may_enter: Callable[[Persona, str], bool]
    ) -> Sequence[Shown]:
        """The lines in their order."""
        people = [persona, *(each for each in others if each.played)]

        def seen_by(came: Came) -> str | None:
            able = (each for each in people if came.only in {None, each.slug} and may_enter(each, came.room))
            return next((each.slug for each in able), None)

        return [Shown(came, seen_by(came)) for came in self._came]
