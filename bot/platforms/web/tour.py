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
        say(
            "Go on to the form and send it. Company and how far it got are enough. {log}",
            log=Typed("rejection log"),
        ),
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
            "Say it in your own words, and then whether it was read right. Try {goal}",
            goal=Typed("goal set", {"goal": "apply to five jobs each week"}),
        ),
        points=('article [data-press^="goals.keep"]', ".box"),
        shown=frozenset({"goals.take_back"}),
    ),
    Step(
        "Look at your progress",
        say("What you did comes first, then what came of it. Try {progress}", progress=Typed("progress")),
        points=(".box",),
        asked=frozenset({"progress.show"}),
    ),
    Step(
        "Look behind it",
        say(
            "The mark beside an answer shows what Discord and Slack receive. Or press the clock and move it by a week."
        ),
        points=("article .inspect", ".now"),
    ),
)
CLOSING: Final = say(
    "Maya and Tomás have been here for a while: be one of them, or on a wide screen both. For all there is, try {help}",
    help=Typed("help"),
)


class Tour:
    """One for the whole demo: which steps were done, and how far it is."""

    def __init__(self) -> None:
        self.standing = Standing.OFFERED
        self._done: set[int] = set()
        self._chosen = False
        """What may be kept was chosen, which is done only once."""

    @property
    def number(self) -> int:
        """Of the step to do next, from 0; past the last one when all are done."""
        return next((at for at in range(len(STEPS)) if at not in self._done), len(STEPS))

    @property
    def step(self) -> Step | None:
        """What to do next, while the tour goes on."""
        return STEPS[self.number] if self.standing is Standing.ON else None

    def start(self) -> None:
        """From the beginning, or from what is still to do there."""
        self._done = {0} if self._chosen else set()
        self.standing = Standing.ON

    def skip(self) -> None:
        if self.standing is Standing.ON:
            self._do(self.number)

    def leave(self) -> None:
        self.standing = Standing.LEFT

    def answered(self, packed: str, card: Card) -> bool:
        """Whether an answer to the newcomer took the tour further."""
        key = pack.key_of(packed)
        shown = {pack.key_of(each.packed) for each in buttons(card) if isinstance(each, Button)}
        if any(each.startswith(GATE) for each in shown) and key not in STEPS[0].asked:
            return False
        found = [at for at, step in enumerate(STEPS) if key in step.asked or shown & step.shown]
        if not found:
            return False
        # No answer that counts is given before what may be kept was chosen.
        self._chosen = True
        return self._do(0, *found)

    def looked_behind(self) -> bool:
        """Whether the inspector, or a move of the clock, took the tour further."""
        return self._do(len(STEPS) - 1)

    def _do(self, *steps: int) -> bool:
        if self.standing is not Standing.ON:
            return False
        before = self.number
        self._done.update(steps)
        if self.number == len(STEPS):
            self.standing = Standing.FINISHED
        return self.number != before
