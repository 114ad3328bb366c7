"""What is kept of an application."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped

from bot.options import Choice
from db.base import Base, Coded, kept, structural
from db.entries import MEMBER_ALONE, Entry, until_deleted
from db.sealed import Sealed, SealedText, sealed_text

_UNTIL = until_deleted("the application")


class Stage(Choice):
    """How it stands, in the order in which things happen."""

    APPLIED = "applied", "Applied"
    SCREENING = "screening", "Screening"
    FIRST_INTERVIEW = "first_interview", "First interview"
    FINAL = "final", "Final round"
    OFFER = "offer", "Offer"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    GHOSTED = "ghosted", "No reply"


class Method(Choice):
    """How a member applied. Ten are as many as a form shows at once."""

    ONLINE = "online", "Online form"
    EMAIL = "email", "E-mail"
    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By phone"
    POST = "post", "By post"
    AGENCY = "agency", "Through an agency"
    REFERRAL = "referral", "Through somebody I know"
    FAIR = "fair", "At a job fair"
    OTHER = "other", "Another way"


class Application(Entry):
    """One application, as its member noted it."""

    __tablename__ = "applications"
    __table_args__ = (Index(None, "person_id", "applied_on"), Index(None, "person_id", "stage", "moved_on"))

    sealed_company: Mapped[Sealed] = kept(SealedText(), why="where one applied", seen_by=MEMBER_ALONE, until=_UNTIL)
    sealed_role: Mapped[Sealed | None] = kept(SealedText(), why="what the job is", seen_by=MEMBER_ALONE, until=_UNTIL)
    sealed_found: Mapped[Sealed | None] = kept(
        SealedText(), why="where the job was found", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    sealed_contact: Mapped[Sealed | None] = kept(
        SealedText(), why="whom to ask there", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    sealed_notes: Mapped[Sealed | None] = kept(
        SealedText(), why="the member's own words about it", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    method: Mapped[Method | None] = kept(Coded(Method), why="how one applied", seen_by=MEMBER_ALONE, until=_UNTIL)
    applied_on: Mapped[date] = kept(why="the day of the application", seen_by=MEMBER_ALONE, until=_UNTIL)
    # The newest of its moves, here too, so that lists and counts need not look at every move.
    stage: Mapped[Stage] = kept(Coded(Stage), why="how it stands", seen_by=MEMBER_ALONE, until=_UNTIL)
    furthest: Mapped[Stage] = kept(Coded(Stage), why="how far it has come", seen_by=MEMBER_ALONE, until=_UNTIL)
    moved_on: Mapped[date] = kept(why="when there was last news of it", seen_by=MEMBER_ALONE, until=_UNTIL)

    company = sealed_text("sealed_company")
    role = sealed_text("sealed_role", optional=True)
    found = sealed_text("sealed_found", optional=True)
    contact = sealed_text("sealed_contact", optional=True)
    notes = sealed_text("sealed_notes", optional=True)


class Move(Base):
    """One step in the history of an application: it reached a stage, or there was no news of it."""

    __tablename__ = "application_moves"
    __table_args__ = (
        Index(None, "application_id", "number", unique=True),
        Index(None, "person_id", "happened_on"),
    )

    application_id: Mapped[UUID] = structural(ForeignKey("applications.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"))
    # From 1, which is the application itself.
    number: Mapped[int] = structural()
    stage: Mapped[Stage] = kept(
        Coded(Stage), why="which stage an application reached", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    furthest: Mapped[Stage] = kept(
        Coded(Stage), why="how far the application had come by then", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    is_news: Mapped[bool] = kept(
        why="whether the stage was reached then, or the member still waited in it", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    happened_on: Mapped[date] = kept(why="the day of it", seen_by=MEMBER_ALONE, until=_UNTIL)
