"""What is kept of a rejection, and of looking back at it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped

from bot.options import Choice
from db.base import Coded, kept, structural
from db.entries import MEMBER_ALONE, Entry, until_deleted
from db.sealed import Sealed, SealedText, sealed_text

_UNTIL = until_deleted("the entry")
_UNTIL_REFLECTION = until_deleted("it or its entry")


class Stage(Choice):
    """How far it got."""

    NO_REPLY = "no_reply", "No reply"
    SCREENING = "screening", "Screening"
    FIRST_INTERVIEW = "first_interview", "First interview"
    FINAL = "final", "Final round"
    OFFER_WITHDRAWN = "offer_withdrawn", "Offer withdrawn"


class Feeling(Choice):
    """Everyday words. Ten are as many boxes as a form can hold."""

    DISAPPOINTED = "disappointed", "Disappointed"
    FRUSTRATED = "frustrated", "Frustrated"
    SAD = "sad", "Sad"
    ANXIOUS = "anxious", "Anxious"
    TIRED = "tired", "Tired"
    ANGRY = "angry", "Angry"
    EMBARRASSED = "embarrassed", "Embarrassed"
    RELIEVED = "relieved", "Relieved"
    OKAY = "okay", "Okay"
    HOPEFUL = "hopeful", "Hopeful"


class Step(Choice):
    """How far asking for feedback has come."""

    ASKED = "asked", "Asked"
    ANSWERED = "answered", "Answered"
    USEFUL = "useful", "Useful"


class Outside(Choice):
    """What nobody who applies decides."""

    INSIDE = "inside", "They had somebody inside in mind"
    MANY = "many", "Very many people applied"
    CHANGED = "changed", "The role or its budget changed"
    UNSAID = "unsaid", "A requirement that was not in the posting"
    TIMING = "timing", "The timing"
    TERMS = "terms", "The place, the hours or the pay"
    PROCESS = "process", "How they ran the process"
    TASTE = "taste", "What somebody there likes or dislikes"
    OTHER = "other", "Something else"


class Rejection(Entry):
    """One no, as its member wrote it down."""

    __tablename__ = "rejections"
    __table_args__ = (Index(None, "person_id", "created_at"), Index(None, "community_id"))

    # Where it was logged, for a group's numbers; nobody there sees the entry.
    community_id: Mapped[UUID | None] = structural(ForeignKey("communities.id", ondelete="SET NULL"))
    stage: Mapped[Stage] = kept(Coded(Stage), why="how far it got", seen_by=MEMBER_ALONE, until=_UNTIL)
    sealed_company: Mapped[Sealed] = kept(SealedText(), why="who said no", seen_by=MEMBER_ALONE, until=_UNTIL)
    sealed_role: Mapped[Sealed | None] = kept(SealedText(), why="what the job was", seen_by=MEMBER_ALONE, until=_UNTIL)
    # The words of `Feeling`, joined by commas: sealed, so they cannot be rows of their own.
    sealed_feelings: Mapped[Sealed | None] = kept(SealedText(), why="how it felt", seen_by=MEMBER_ALONE, until=_UNTIL)
    sealed_note: Mapped[Sealed | None] = kept(
        SealedText(), why="the member's own words about it", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    sealed_lesson: Mapped[Sealed | None] = kept(
        SealedText(), why="what the member takes from it, to show it again", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    intensity: Mapped[int | None] = kept(
        SmallInteger, why="how heavy it was, 1 to 5", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    feedback_asked_at: Mapped[datetime | None] = kept(
        why="when feedback was asked for", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    feedback_answered_at: Mapped[datetime | None] = kept(why="when feedback came", seen_by=MEMBER_ALONE, until=_UNTIL)
    feedback_useful_at: Mapped[datetime | None] = kept(
        why="when the member found the feedback useful", seen_by=MEMBER_ALONE, until=_UNTIL
    )

    company = sealed_text("sealed_company")
    role = sealed_text("sealed_role", optional=True)
    felt = sealed_text("sealed_feelings", optional=True)
    note = sealed_text("sealed_note", optional=True)
    lesson = sealed_text("sealed_lesson", optional=True)

    @property
    def feelings(self) -> tuple[Feeling, ...]:
        """In the order of the list, whatever order they were chosen in."""
        words = (self.felt or "").split(",")
        return tuple(feeling for feeling in Feeling if feeling.value in words)


class Reflection(Entry):
    """What a member thinks of a no when they look back at it."""

    __tablename__ = "reflections"
    __table_args__ = (Index(None, "person_id"),)

    rejection_id: Mapped[UUID] = structural(ForeignKey("rejections.id", ondelete="CASCADE"), index=True)
    sealed_requirements: Mapped[Sealed | None] = kept(
        SealedText(), why="what the member says about the requirements", seen_by=MEMBER_ALONE, until=_UNTIL_REFLECTION
    )
    sealed_prepared: Mapped[Sealed | None] = kept(
        SealedText(), why="what the member says about preparing", seen_by=MEMBER_ALONE, until=_UNTIL_REFLECTION
    )
    sealed_story: Mapped[Sealed | None] = kept(
        SealedText(),
        why="what the member says about telling their story",
        seen_by=MEMBER_ALONE,
        until=_UNTIL_REFLECTION,
    )
    sealed_unexpected: Mapped[Sealed | None] = kept(
        SealedText(), why="what the member says about surprises", seen_by=MEMBER_ALONE, until=_UNTIL_REFLECTION
    )
    # The words of `Outside`, joined by commas, as feelings are.
    sealed_outside: Mapped[Sealed | None] = kept(
        SealedText(), why="what was outside the member's control", seen_by=MEMBER_ALONE, until=_UNTIL_REFLECTION
    )

    requirements = sealed_text("sealed_requirements", optional=True)
    prepared = sealed_text("sealed_prepared", optional=True)
    story = sealed_text("sealed_story", optional=True)
    unexpected = sealed_text("sealed_unexpected", optional=True)
    named_outside = sealed_text("sealed_outside", optional=True)

    @property
    def outside(self) -> tuple[Outside, ...]:
        """In the order of the list."""
        words = (self.named_outside or "").split(",")
        return tuple(each for each in Outside if each.value in words)
