"""A list in pages: which part of it is shown, the words that say so, and the buttons that turn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.cards import Button, Words, say

BY_TIME: Final = ("Newer", "Older")
IN_ORDER: Final = ("Back", "More")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; pages are numbered from 1."""

    number: int
    last: int
    size: int
    """Of a full page, in rows."""

    @classmethod
    def of(cls, total: int, *, number: int, size: int) -> "Page":
        """The page with this number, else the nearest one that there is of `total` rows."""
        last = max(1, -(-total // size))
        return cls(min(max(number, 1), last), last, size)

    @property
    def skip(self) -> int:
        """How many rows come before it."""
        return self.size * (self.number - 1)

    def counted(self, counted: Words) -> Words:
        """A sentence of what was counted, such as "12 entries": with the page, where there are several."""
        if self.last == 1:
            return say("{counted}.", counted=counted)
        return say("{counted}, page {number} of {last}.", counted=counted, number=self.number, last=self.last)

    def turns(self, button: Callable[[str, int], Button], labels: tuple[str, str] = BY_TIME) -> tuple[Button, ...]:
        """The buttons to the page before and to the one after, where there are such; `button` is given its page."""
        to = zip(labels, (self.number - 1, self.number + 1), strict=True)
        return tuple(button(label, number) for label, number in to if 1 <= number <= self.last)
