"""What is kept of a group's check-in, of its rounds, and of what members answer and share."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import IntEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.options import Choice
from db.base import Base, Coded, Versioned, kept, structural
from db.sealed import Sealed, SealedText, sealed_text

_MEMBER_ALONE = "the member"
_GROUP = "the group"
_SHARED = "the member; the group, where the member shared it"
_UNTIL = "6 months, or until the member deletes all their data"
_UNTIL_STOPPED = "until the group is dissolved"
_UNTIL_ROUND = "6 months"
_UNTIL_LEFT = "until the member leaves the group, or deletes all their data"


class Kind(Choice):
    """Which of a week's two rounds."""

    PLAN = "plan", "Plan"
    REVIEW = "review", "Review"


class Bank(Choice):
    """The questions to choose from. Ten are as many as a form shows at once."""

    WORD = "word", "How are you, in a word or two?"
    DID = "did", "What did you do?"
    WON = "won", "A win, or a lesson"
    ASK = "ask", "An ask for the group"
    FOCUS = "focus", "What is your focus?"
    WAY = "way", "What is in the way?"
    ENERGY = "energy", "What gave you energy?"
    STEP = "step", "One small next step"
    THANKS = "thanks", "Whom would you like to thank?"
    CARE = "care", "What will you do for yourself?"


class Mood(IntEnum):
    """How somebody is, from a heavy day to a bright one."""

    HEAVY = 1
    LOW = 2
    STEADY = 3
    GOOD = 4
    BRIGHT = 5


class SummaryTo(Choice):
    """Who is shown what members chose to share."""

    GROUP = "group", "The group’s place"
    LEADERS = "leaders", "Its facilitators, directly"
    NOBODY = "nobody", "Nobody: no summary"


class Way(Choice):
    """How a member is asked."""

    DIRECT = "direct", "In direct messages"
    GROUP = "group", "In the group’s place"


class CheckIn(Base, Versioned):
    """The check-in of one group. Its days and times are schedules whose subject is this row."""

    __tablename__ = "checkins"

    group_id: Mapped[UUID] = structural(ForeignKey("groups.id", ondelete="CASCADE"), unique=True)
    zone: Mapped[str] = kept(why="where its local times hold", seen_by=_GROUP, until=_UNTIL_STOPPED)
    window_hours: Mapped[int] = kept(why="how long a round is open", seen_by=_GROUP, until=_UNTIL_STOPPED)
    summary_to: Mapped[SummaryTo] = kept(
        Coded(SummaryTo), why="where the summary goes", seen_by=_GROUP, until=_UNTIL_STOPPED
    )


class Question(Base):
    """One question of a check-in: of the bank, or in the facilitator's own words. It never changes: it is retired."""

    __tablename__ = "checkin_questions"
    __table_args__ = (Index(None, "checkin_id", "kind"),)
    __owner__ = None

    checkin_id: Mapped[UUID] = structural(ForeignKey("checkins.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = structural(Coded(Kind))
    number: Mapped[int] = structural()
    bank: Mapped[Bank | None] = kept(Coded(Bank), why="what is asked", seen_by=_GROUP, until=_UNTIL_STOPPED)
    sealed_words: Mapped[Sealed | None] = kept(
        SealedText(), why="what is asked, in a facilitator's words", seen_by=_GROUP, until=_UNTIL_STOPPED
    )
    created_at: Mapped[datetime] = structural()
    retired_at: Mapped[datetime | None] = structural()

    words = sealed_text("sealed_words", optional=True)


class Round(Base, Versioned):
    """One date of a group's check-in. Of a group that was dissolved only its members' own answers remain."""

    __tablename__ = "checkin_rounds"
    __table_args__ = (
        UniqueConstraint("group_id", "kind", "slot"),
        Index(None, "group_id", "opens_at"),
    )

    group_id: Mapped[UUID | None] = structural(ForeignKey("groups.id", ondelete="SET NULL"))
    kind: Mapped[Kind] = structural(Coded(Kind))
    slot: Mapped[date] = structural()
    at: Mapped[time] = structural()
    zone: Mapped[str] = structural()
    created_at: Mapped[datetime] = structural()
    opens_at: Mapped[datetime] = kept(why="when the first of them was asked", seen_by=_GROUP, until=_UNTIL_ROUND)
    closes_at: Mapped[datetime] = kept(index=True, why="until when it is open", seen_by=_GROUP, until=_UNTIL_ROUND)
    summary_to: Mapped[SummaryTo] = structural(Coded(SummaryTo))
    closed_at: Mapped[datetime | None] = structural()
    members: Mapped[int | None] = kept(why="how many were in the group", seen_by="nobody", until=_UNTIL_ROUND)
    answered: Mapped[int | None] = kept(
        why="how many answered, counted once", seen_by="the group, from 5 on", until=_UNTIL_ROUND
    )


class Asked(Base):
    """That a member is asked in a round, when and how. One in the future may still change; one in the past stays."""

    __tablename__ = "checkin_asked"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    round_id: Mapped[UUID] = structural(ForeignKey("checkin_rounds.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = kept(why="when the member is asked", seen_by=_MEMBER_ALONE, until=_UNTIL_ROUND)
    way: Mapped[Way] = kept(Coded(Way), why="how the member is asked", seen_by=_MEMBER_ALONE, until=_UNTIL_ROUND)


class Answer(Base, Versioned):
    """What a member answered in one round. `mood` is 1 to 5; `late` from the end of the round on."""

    __tablename__ = "checkin_answers"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        Index(None, "person_id", "created_at"),
        Index(None, "created_at", "reminded_at"),
    )

    round_id: Mapped[UUID] = structural(ForeignKey("checkin_rounds.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"))
    mood: Mapped[Mood | None] = kept(Coded(Mood), why="how the member is", seen_by=_MEMBER_ALONE, until=_UNTIL)
    skipped: Mapped[bool] = kept(default=False, why="that the member skipped it", seen_by=_MEMBER_ALONE, until=_UNTIL)
    late: Mapped[bool] = kept(why="that it came after the end of the round", seen_by=_SHARED, until=_UNTIL)
    created_at: Mapped[datetime] = kept(why="when it was answered", seen_by=_MEMBER_ALONE, until=_UNTIL)
    changed_at: Mapped[datetime] = kept(why="when it was last changed", seen_by=_MEMBER_ALONE, until=_UNTIL)
    reminded_at: Mapped[datetime | None] = kept(
        why="when the member was told that it will go", seen_by=_MEMBER_ALONE, until=_UNTIL
    )


class Line(Base, Versioned):
    """What a member wrote to one question. It is private until they share it, and again once they change it."""

    __tablename__ = "checkin_lines"
    __table_args__ = (UniqueConstraint("answer_id", "number"),)

    answer_id: Mapped[UUID] = structural(ForeignKey("checkin_answers.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[UUID | None] = structural(ForeignKey("checkin_questions.id", ondelete="SET NULL"), index=True)
    number: Mapped[int] = structural()
    bank: Mapped[Bank | None] = kept(Coded(Bank), why="what it answers", seen_by=_SHARED, until=_UNTIL)
    sealed_words: Mapped[Sealed] = kept(SealedText(), why="the member's own words", seen_by=_SHARED, until=_UNTIL)
    shared_at: Mapped[datetime | None] = kept(why="when the member shared it", seen_by=_MEMBER_ALONE, until=_UNTIL)

    words = sealed_text("sealed_words")


class Help(Base):
    """That a member can help with what another asked for."""

    __tablename__ = "checkin_helps"
    __table_args__ = (UniqueConstraint("line_id", "person_id"),)

    line_id: Mapped[UUID] = structural(ForeignKey("checkin_lines.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = kept(
        why="when help was offered", seen_by="the member, and the one who asked", until=_UNTIL
    )


class Pause(Base):
    """A time in which a member is not asked."""

    __tablename__ = "checkin_pauses"
    __table_args__ = (UniqueConstraint("person_id", "group_id"),)

    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"))
    group_id: Mapped[UUID] = structural(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime] = kept(
        index=True, why="how long the member is away", seen_by=_MEMBER_ALONE, until=_UNTIL_LEFT
    )


class Wish(Base):
    """How a member wants to be asked, where they said so."""

    __tablename__ = "checkin_wishes"

    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    way: Mapped[Way] = kept(
        Coded(Way), default=Way.DIRECT, why="where to ask", seen_by=_MEMBER_ALONE, until="until it is changed"
    )
    nudges: Mapped[bool] = kept(
        default=True, why="whether to remind the member once", seen_by=_MEMBER_ALONE, until="until it is changed"
    )
