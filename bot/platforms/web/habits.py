"""Habits of the demo's people: what each does by themselves when the bot has written to them.

    asked Look back at the week +1:10 looks back, and shares a win
      press 🌤️ Good
      press Write a few lines
        A win, or a lesson: I said no to unpaid test work, and they still want to talk.
      press Share beside A win, or a lesson
      press Share as written
    another week
      press ⛅ Steady

On which occasion, with the beginning of the message's title, and how long after it; the rest of the line is what the
demo's clock says of it. Each week has its turn and then the first comes again, so that words never run out. What the
visitor has changed meanwhile may leave a step without its button: what comes after it is left undone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.platforms.web.occasions import Occasion
from bot.platforms.web.script import Step, numbered, read_filled, read_step

_FOLDER: Final = Path(__file__).parent / "habits"
_ANOTHER: Final = "another week"
_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Habit:
    """What somebody does on one occasion."""

    line: int
    """Of the file, from 1."""
    occasion: Occasion
    title: str
    """The beginning of the message's title; a helping hand has a title of its own."""
    after: timedelta
    does: str
    """Said of them: `answers with one tap`."""
    weeks: Sequence[Sequence[Step]]
    """What they do, by turns of weeks."""

    def in_week_of(self, day: date) -> Sequence[Step]:
        """The same for every day from Monday to Sunday, and in step with what others do."""
        return self.weeks[(day.toordinal() - 1) // _DAYS % len(self.weeks)]


def find_habits(slug: str) -> Sequence[Habit]:
    """Those of a persona; empty where there is no file. Raises ValueError for one that cannot be read."""
    path = _FOLDER / f"{slug}.txt"
    return read_habits(path.read_text("utf-8")) if path.exists() else ()


def read_habits(text: str) -> Sequence[Habit]:
    """The habits in their order. Raises ValueError with the number of the line that cannot be read."""
    habits: list[Habit] = []
    weeks: list[list[Step]] = []
    for number, line in numbered(text):
        words = line.strip()
        depth = len(line) - len(line.lstrip())
        if depth == 0 and words != _ANOTHER:
            weeks = [[]]
            habits.append(_begun(words, number, weeks))
        elif depth == 0 and weeks:
            weeks.append([])
        elif depth == 2 and weeks:  # noqa: PLR2004 - the indentation that the docstring shows
            weeks[-1].append(read_step(words, number))
        elif weeks and weeks[-1]:
            read_filled(words, number, into=weeks[-1][-1])
        else:
            raise ValueError(f"line {number} has no place here: {words}")
    return habits


def _begun(words: str, number: int, weeks: Sequence[Sequence[Step]]) -> Habit:
    found = re.fullmatch(r"(\w+) (.+?) \+(\d\d?):([0-5]\d) (.+)", words)
    if found is None or found[1] not in set(Occasion):
        raise ValueError(f"line {number} is no occasion: {words}")
    after = timedelta(hours=int(found[3]), minutes=int(found[4]))
    return Habit(number, Occasion(found[1]), found[2], after, found[5], weeks)
