"""Habits of the demo's people: what each does by themselves when the bot has written to them.

    asked Look back at the week +1:10 looks back, and shares a win
      press 🌤️ Good
      press Write a few lines
        A win, or a lesson: I said no to unpaid test work, and they still want to talk.
      press Share beside A win, or a lesson
      press Share as written
    another week looks back with one tap
      press ⛅ Steady

On which occasion, with the beginning of the message's title, and how long after it; the rest of the line is what the
demo's clock says of it. Each week has its turn and then the first comes again, so that words never run out. What the
visitor has changed meanwhile may leave a step without its button: it is left undone, with what comes after it.
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
_BEGUN: Final = re.compile(rf"({'|'.join(Occasion)}) (.+?) \+(\d\d?):([0-5]\d) (.+)")
_ANOTHER: Final = "another week "
_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody does in one week."""

    does: str
    """Said of them: `answers with one tap`."""
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Habit:
    """What somebody does on one occasion."""

    line: int
    """Of the file, from 1."""
    occasion: Occasion
    title: str
    """The beginning of the message's title; a helping hand has a title of its own."""
    after: timedelta
    turns: Sequence[Turn]

    def in_week_of(self, day: date) -> Turn:
        """The same for every day from Monday to Sunday, and in step with what others do."""
        return self.turns[(day.toordinal() - 1) // _DAYS % len(self.turns)]


def find_habits(slug: str) -> Sequence[Habit]:
    """Those of a persona; empty where there is no file. Raises ValueError for one that cannot be read."""
    path = _FOLDER / f"{slug}.txt"
    return read_habits(path.read_text("utf-8")) if path.exists() else ()


def read_habits(text: str) -> Sequence[Habit]:
    """The habits in their order. Raises ValueError with the number of the line that cannot be read."""
    habits: list[Habit] = []
    turns: list[Turn] = []
    steps: list[Step] = []
    for number, line in numbered(text):
        words = line.strip()
        depth = len(line) - len(line.lstrip())
        if depth == 0:
            begun = _BEGUN.fullmatch(words)
            if begun:
                turns = []
                after = timedelta(hours=int(begun[3]), minutes=int(begun[4]))
                habits.append(Habit(number, Occasion(begun[1]), begun[2], after, turns))
            elif not turns or not words.startswith(_ANOTHER):
                raise ValueError(f"line {number} is no occasion: {words}")
            steps = []
            turns.append(Turn(begun[5] if begun else words.removeprefix(_ANOTHER), steps))
        elif depth == 2 and turns:  # noqa: PLR2004 - the indentation that the docstring shows
            steps.append(read_step(words, number))
        elif steps:
            read_filled(words, number, into=steps[-1])
        else:
            raise ValueError(f"line {number} has no place here: {words}")
    return habits
