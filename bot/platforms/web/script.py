"""What the demo's people do with the bot, line by line: typed, pressed, chosen, and filled in.

    /application show Halden
      choose What happened?: First
      press Share beside A win, or a lesson
      press Contact and notes
        notes: Small team: two people.

Two spaces before what is pressed and chosen, more before what is typed into the fields of the form that this opens: by
a field's name or by its label.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum


class Way(Enum):
    """How something was done."""

    TYPED = "typed"
    PRESSED = "pressed"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done, with what is typed into its fields."""

    way: Way
    words: str
    """The line with its slash, the label of the button, or the placeholder of the select."""
    choice: str = ""
    """The beginning of the option's label."""
    beside: str = ""
    """Words of the row that the button stands in, where more than one is called so."""
    filled: dict[str, str] = field(default_factory=dict)
    """Field name or label -> words."""

    def __str__(self) -> str:
        match self.way:
            case Way.TYPED:
                return self.words
            case Way.PRESSED:
                return f"press {self.words}" + (f" beside {self.beside}" if self.beside else "")
            case Way.CHOSEN:
                return f"choose {self.words}: {self.choice}"


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers from 1; one that begins with # is a remark."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.rstrip()


def read_step(words: str, number: int) -> Step:
    """A press or a choice. Raises ValueError with the number of the line."""
    if chosen := re.fullmatch(r"choose (.+?): (.+)", words):
        return Step(Way.CHOSEN, chosen[1], chosen[2])
    if pressed := re.fullmatch(r"press (.+?)(?: beside (.+))?", words):
        return Step(Way.PRESSED, pressed[1], beside=pressed[2] or "")
    raise ValueError(f"line {number} neither presses nor chooses: {words}")


def read_filled(words: str, number: int, *, into: Step) -> None:
    """What is typed into one field. Raises ValueError with the number of the line."""
    filled = re.fullmatch(r"(.+?): (.+)", words)
    if filled is None:
        raise ValueError(f"line {number} has no place here: {words}")
    into.filled[filled[1]] = filled[2]
