"""The guided tour: five steps for the newcomer among the personas, which go on by what is really done."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot import pack
from bot.cards import Button, Card, Typed, Words, buttons, say


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try. `points` are CSS selectors of where to press: the page marks the first one that is there."""

    title: str
    words: Words
    points: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
    """Keys of the calls whose answer means that it was done."""
    shown: frozenset[str] = frozenset()
    """Keys of buttons: a card that has one of them means that it was done."""


class Standing(StrEnum):
    """How far the tour is."""

    OFFERED = "offered"
    ON = "on"
    FINISHED = "finished"
    LEFT = "left"


GATE: Final = "welcome."
"""What is asked first has buttons of these keys: its card is not yet the answer."""

STEPS: Final = (
    Step(
        "Choose what is kept",
        say("Press **Log a rejection**. Before anything is written down, the bot asks what it may keep."),
        points=(
            'article [data-press^="welcome.keep"]',
            'article [data-press="rejections.log"]',
            '[data-line="/rejection log"]',
        ),
        asked=frozenset({"welcome.keep", "welcome.without_saving"}),
    ),
    Step(
        "Log a rejection",
        say("Go on to the form, or type {log}. The company and how far it got are enough.", log=Typed("rejection log")),
        points=(
            'article [data-press^="welcome.go_on"]',
            'article [data-press^="welcome.skip_clock"]',
            'article [data-press="rejections.log"]',
            '[data-line="/rejection log"]',
        ),
        shown=frozenset({"rejections.rate"}),
    ),
    Step(
        "Set a goal",
        say(
            "In your own words: {goal}. The bot shows what it read, and you say whether that is right.",
            goal=Typed("goal set", {"goal": "apply to five jobs each week"}),
        ),
        points=('article [data-press^="goals.keep"]', ".box"),
        shown=frozenset({"goals.take_back"}),
    ),
    Step(
        "Look at your progress",
        say("Type {progress}. What you did comes first, then what came of it.", progress=Typed("progress")),
        points=(".box",),
        asked=frozenset({"progress.show"}),
    ),
    Step(
        "Look behind it",
        say("The mark beside an answer shows what Discord and Slack receive. Or move the clock, up here, by a week."),
        points=("article .inspect", ".now"),
    ),
)
CLOSING: Final = say(
    "{help} shows the rest. Maya and Tomás have been here for a while: choose one of them, or put two side by side.",
    help=Typed("help"),
)
LAST: Final = len(STEPS) - 1


class Tour:
    """One for the whole demo: which steps were done, and how far it is."""

    def __init__(self) -> None:
        self.standing = Standing.OFFERED
        self._done: set[int] = set()

    @property
    def number(self) -> int:
        """Of the step to do next, from 0; past the last one when all are done."""
        return next((at for at in range(len(STEPS)) if at not in self._done), len(STEPS))

    @property
    def step(self) -> Step | None:
        """What to do next, while the tour goes on."""
        return STEPS[self.number] if self.standing is Standing.ON else None

    def start(self) -> None:
        """From the beginning; but what may be kept is chosen only once."""
        self._done &= {0}
        self.standing = Standing.ON

    def skip(self) -> None:
        if self.standing is Standing.ON:
            self._do(self.number)

    def leave(self) -> None:
        self.standing = Standing.LEFT

    def answered(self, packed: str, card: Card) -> bool:
        """Whether an answer to the newcomer took the tour further."""
        shown = {pack.key_of(each.packed) for each in buttons(card) if isinstance(each, Button)}
        if any(key.startswith(GATE) for key in shown) and pack.key_of(packed) not in STEPS[0].asked:
            return False
        found = [at for at, step in enumerate(STEPS) if pack.key_of(packed) in step.asked or shown & step.shown]
        return bool(found) and self._do(*found)

    def looked_behind(self) -> bool:
        """Whether the inspector, or a move of the clock, took the tour further."""
        return self._do(LAST)

    def _do(self, *steps: int) -> bool:
        """Marks them as done; nothing can be done before the first."""
        before = self.number, self.standing
        if 0 in steps or self.standing is Standing.ON:
            self._done |= {0, *steps} if set(steps) - {LAST} else {*steps}
        if self.standing is Standing.ON and self.number > LAST:
            self.standing = Standing.FINISHED
        return (self.number, self.standing) != before
