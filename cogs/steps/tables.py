"""What is kept of an event or a course."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from bot.options import Choice
from db.base import Coded, kept
from db.entries import MEMBER_ALONE, Entry, until_deleted
from db.sealed import Sealed, SealedText, sealed_text

_UNTIL = until_deleted("it")


class Kind(Choice):
    """What sort of step it was."""

    EVENT = "event", "Event"
    COURSE = "course", "Course"


class Step(Entry):
    """An event that a member went to, or a course that they finished."""

    __tablename__ = "steps"
    __table_args__ = (Index(None, "person_id", "kind", "happened_on"),)

    kind: Mapped[Kind] = kept(Coded(Kind), why="whether it is an event or a course", seen_by=MEMBER_ALONE, until=_UNTIL)
    sealed_name: Mapped[Sealed] = kept(
        SealedText(), why="which event or course it was", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    sealed_people: Mapped[Sealed | None] = kept(
        SealedText(), why="whom the member met there, or who gave the course", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    sealed_following: Mapped[Sealed | None] = kept(
        SealedText(), why="the next step that the member takes from it", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    happened_on: Mapped[date] = kept(
        why="the day of the event, or the last one of the course", seen_by=MEMBER_ALONE, until=_UNTIL
    )

    name = sealed_text("sealed_name")
    people = sealed_text("sealed_people", optional=True)
    following = sealed_text("sealed_following", optional=True)
