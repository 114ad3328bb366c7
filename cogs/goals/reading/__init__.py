"""Reading goals from people's own words: one reader for each language, behind one interface."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Protocol

from cogs.goals.reading.english import English
from cogs.goals.reading.parts import MOST, Bound, Gap, Goal, Missing, Period, Read, Reason, Weekday

__all__ = ["MOST", "Bound", "Gap", "Goal", "Missing", "Period", "Read", "Reader", "Reason", "Weekday", "readers"]


class Reader(Protocol):
    """Reads one language. Neither method ever raises for any text, and both take time linear in its length."""

    def read(self, text: str, *, today: date) -> Goal | Missing:
        """The goal that a sentence says, or what is missing from it; `today` is the member's own."""

    def complete(self, missing: Missing, answer: str, *, today: date) -> Goal | Missing:
        """The same sentence with the first gap filled by what the person answered."""


readers: Final[Mapping[str, Reader]] = {"en": English()}
"""By language code."""
