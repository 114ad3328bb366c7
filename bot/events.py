"""What features tell each other. One announces, others listen; neither knows the other."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from bot.options import Choice


class Anytime:
    """What may be announced by a job as well, when nobody waits for an answer: who listens is given an `Outbox`."""

    __slots__ = ()


class Deed(Choice):
    """Something that a member does on the way to work."""

    APPLICATION = "application", "Applications"
    INTERVIEW = "interview", "Interviews"
    EVENT = "event", "Events"
    COURSE = "course", "Courses"


@dataclass(frozen=True, slots=True)
class Done:
    """A member did something that may count towards what they set out to do."""

    deed: Deed
    source: UUID
    """The row that says so: one source counts once, however often it is announced."""
    on: date
    """The member's own date."""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Undone:
    """What was announced with this source is taken back."""

    source: UUID


@dataclass(frozen=True, slots=True)
class LessonLearned:
    """A member wrote down what they take from something. Who listens may offer to make more of it."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApplicationTold:
    """A member told of an application elsewhere. Who keeps applications writes it down, and announces it as done."""

    company: str = field(repr=False)
    role: str | None = field(repr=False)
    on: date
    """The member's own date."""


@dataclass(frozen=True, slots=True)
class RejectionLogged:
    """A member wrote down a no. Announced again when its answer is drawn anew: who listens changes nothing by it."""

    source: UUID
    company: str = field(repr=False)
    role: str | None = field(repr=False)
    stage: str
    """How far it got: `no_reply`, `screening`, `first_interview`, `final` or `offer_withdrawn`."""
    on: date
    """The member's own date."""


@dataclass(frozen=True, slots=True)
class ReachChanged(Anytime):
    """When, where or whether a member is to be written to first has changed: their zone, quiet hours, groups, wishes.

    Who has planned to write to them plans it anew.
    """

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PlaceClosed(Anytime):
    """A platform said that nothing can be sent to a place any more: it is archived or gone, or lets nobody in."""

    destination: str
    person_id: UUID | None
    """Whose direct messages it is; None for a place of several."""
