"""What sending can come to: how much a platform takes, and what a failure means."""

from dataclasses import dataclass

from bot.cards import Words


@dataclass(frozen=True, slots=True)
class Rate:
    """What a platform takes: `per_second` at most, `burst` of them at once, `gap_seconds` between two in one place."""

    per_second: float
    burst: int = 1
    gap_seconds: float = 0.0


class NotDelivered(Exception):  # noqa: N818 - named for what happened, as every error of ours
    """A message could not be delivered; `code` is a short word for the log, never a text of the platform's.

    NotDelivered
    ├── TryLater       it certainly did not arrive; it may in a while
    ├── InDoubt        it may have arrived: the connection broke, or the platform failed, after it was sent
    ├── Unreachable    nothing can be sent to this destination: closed, archived, gone, or not ours
    └── Refused        the platform will never take this message
        └── Lacking    a place cannot be made or used, because something is missing that a person can give
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(NotDelivered):
    """It certainly did not arrive. `seconds` is how long the platform wants nothing more for this destination."""

    def __init__(self, code: str, *, seconds: float = 0.0) -> None:
        super().__init__(code)
        self.seconds = seconds


class InDoubt(NotDelivered):
    """It may have arrived."""


class Unreachable(NotDelivered):
    """Nothing can be sent to this destination."""


class Refused(NotDelivered):
    """The platform will never take this message, here or elsewhere."""


class Lacking(Refused):
    """A place cannot be made or used. `words` say what is missing, and what somebody can do about it."""

    def __init__(self, code: str, words: Words) -> None:
        super().__init__(code)
        self.words = words


class Unknowable(Exception):  # noqa: N818 - as above
    """A platform cannot tell whether a message arrived."""
