"""What is kept of a lesson."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped

from bot.options import Choice
from db.base import Base, Coded, Versioned, kept, structural
from db.sealed import Sealed, SealedText, sealed_text

_MEMBER_ALONE = "the member"
_UNTIL = "until 24 hours after the member deletes the lesson, or at once with all their data"


class Checklist(Choice):
    """What the lesson is about."""

    RESUME = "resume", "Resume"
    COVER_LETTER = "cover_letter", "Cover letter"
    INTERVIEW = "interview", "Interview"
    OTHER = "other", "Other"


class Lesson(Base, Versioned):
    """One line of a checklist."""

    __tablename__ = "lessons"
    __table_args__ = (Index(None, "person_id", "created_at"),)

    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"))
    checklist: Mapped[Checklist] = kept(
        Coded(Checklist), why="the list that the lesson is on", seen_by=_MEMBER_ALONE, until=_UNTIL
    )
    sealed_words: Mapped[Sealed] = kept(SealedText(), why="what was learned", seen_by=_MEMBER_ALONE, until=_UNTIL)
    created_at: Mapped[datetime] = kept(why="puts the list in order", seen_by=_MEMBER_ALONE, until=_UNTIL)
    changed_at: Mapped[datetime] = kept(why="when it was last changed", seen_by=_MEMBER_ALONE, until=_UNTIL)
    done_at: Mapped[datetime | None] = kept(why="when it was ticked off", seen_by=_MEMBER_ALONE, until=_UNTIL)
    deleted_at: Mapped[datetime | None] = kept(
        index=True, why="when it was deleted, so that this can be undone", seen_by=_MEMBER_ALONE, until=_UNTIL
    )

    words = sealed_text("sealed_words")
