"""The ways to say no.

Refusal                  a sentence a person can act on; drawn privately everywhere
├── WrongFields          what was typed cannot be read; names each field and keeps what was typed
├── NotAllowed           the role or the place does not allow it
└── Gone                 an unknown, foreign or old id: one neutral answer, nothing changed

Anything else that is raised is a failure: the person gets a short reference and the log has the same.
"""

from collections.abc import Mapping
from typing import TypeVar

from bot.cards import Button, Words, say

T = TypeVar("T")


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """No, with a sentence that says what to do next, and the buttons that do it."""

    def __init__(self, words: Words | str, *buttons: Button) -> None:
        # The words may hold what a person typed, so they never become the exception's message.
        super().__init__(type(self).__name__)
        self.words = say(words) if isinstance(words, str) else words
        self.buttons = buttons


class WrongFields(Refusal):
    """Fields that cannot be read: field name -> what to type instead."""

    def __init__(self, errors: Mapping[str, Words]) -> None:
        super().__init__("Some of this could not be read.")
        self.errors = dict(errors)


class NotAllowed(Refusal):
    """The role or the place does not allow it."""


class Gone(Refusal):
    """An id that is unknown, foreign or old. Always the same words, so that they tell nothing."""

    def __init__(self) -> None:
        super().__init__("This is no longer here, so nothing was changed. Run the command again to see what is.")


def or_gone(found: T | None) -> T:
    """What was found. Raises Gone where that is nothing."""
    if found is None:
        raise Gone
    return found
