"""Diaries of the demo's people: what each did with the bot before you came in, as text that reads like one.

    # Why it is as it is.
    7 Thu 19:40
    /rejection log company:"Halden Museum" stage:Final feelings:"Sad, Tired"
      press 4 heavy
      press Add a lesson
        lesson: Ask who decides, and when.
      choose Put it on a checklist: Interview

    0 80%
    /application show Halden

`7 Thu 19:40` is that hour seven weeks ago; `0 80%` is this week, when so much of what has passed of it had passed: this
week is never empty, and never ahead of itself, whatever the day. Commands are typed, what follows one is pressed and
chosen in its answer, and `name: words` is typed into the field of that name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.platforms.web.script import Step, Way, numbered, read_filled, read_step

_FOLDER: Final = Path(__file__).parent / "diaries"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of the past as its diary gives it."""

    weeks: int
    """Calendar weeks ago."""
    into: timedelta | float
    """How far into that week; in this one: as a part of what has passed of it, 0 to 1."""

    @property
    def order(self) -> tuple[int, float]:
        """Grows with time."""
        return -self.weeks, self.into / _WEEK if isinstance(self.into, timedelta) else self.into

    def before(self, now: datetime, *, zone: ZoneInfo) -> datetime:
        """The instant, in UTC, seen from `now` in the person's own zone."""
        local = now.astimezone(zone)
        monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        if isinstance(self.into, timedelta):  # on the wall clock, which daylight saving does not shift
            return (monday - timedelta(weeks=self.weeks) + self.into).astimezone(now.tzinfo)
        begun = monday.astimezone(now.tzinfo)
        return begun + (now - begun) * self.into


@dataclass(frozen=True, slots=True)
class Deed:
    """A command, and what was done with its answers."""

    line: int
    """Of the diary, from 1."""
    at: Moment
    steps: Sequence[Step]


def find_diary(slug: str) -> Sequence[Deed]:
    """What a persona did, in order; empty where there is no diary. Raises ValueError for one that cannot be read."""
    path = _FOLDER / f"{slug}.txt"
    return read_diary(path.read_text("utf-8")) if path.exists() else ()


def read_diary(text: str) -> Sequence[Deed]:
    """The deeds in their order. Raises ValueError with the number of the line that cannot be read, or goes back."""
    deeds: list[Deed] = []
    moment: Moment | None = None
    steps: list[Step] = []
    for number, line in numbered(text):
        words = line.strip()
        depth = len(line) - len(line.lstrip())
        if depth == 0 and not words.startswith("/"):
            at = _moment(words, number)
            if moment is not None and at.order <= moment.order:
                raise ValueError(f"line {number} is not later than what stands above it: {words}")
            moment = at
        elif depth == 0 and moment is not None:
            steps = [Step(Way.TYPED, words)]
            deeds.append(Deed(number, moment, steps))
        elif depth == 2 and steps:  # noqa: PLR2004 - the indentation that the docstring shows
            steps.append(read_step(words, number))
        elif steps:
            read_filled(words, number, into=steps[-1])
        else:
            raise ValueError(f"line {number} has no place here: {words}")
    return deeds


def _moment(words: str, number: int) -> Moment:
    if past := re.fullmatch(r"([1-9]\d?) (\w{3}) (\d\d:\d\d)", words):
        at = time.fromisoformat(past[3])
        return Moment(int(past[1]), timedelta(days=_DAYS.index(past[2]), hours=at.hour, minutes=at.minute))
    if lately := re.fullmatch(r"0 (\d\d?)%", words):
        return Moment(0, int(lately[1]) / 100)
    raise ValueError(f"line {number} is no time: {words}")
