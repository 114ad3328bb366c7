"""What is kept of a lesson."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from bot.options import Choice
from db.base import Coded, kept
from db.entries import MEMBER_ALONE, Entry, until_deleted
from db.sealed import Sealed, SealedText, sealed_text

_UNTIL = until_deleted("the lesson")


class Checklist(Choice):
    """What the lesson is about."""

    RESUME = "resume", "Resume"
    COVER_LETTER = "cover_letter", "Cover letter"
    INTERVIEW = "interview", "Interview"
    OTHER = "other", "Other"


class Lesson(Entry):
    """One line of a checklist."""

    __tablename__ = "lessons"
    __table_args__ = (Index(None, "person_id", "created_at"),)

    checklist: Mapped[Checklist] = kept(
        Coded(Checklist), why="the list that the lesson is on", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    sealed_words: Mapped[Sealed] = kept(SealedText(), why="what was learned", seen_by=MEMBER_ALONE, until=_UNTIL)
    done_at: Mapped[datetime | None] = kept(why="when it was ticked off", seen_by=MEMBER_ALONE, until=_UNTIL)

    words = sealed_text("sealed_words")
