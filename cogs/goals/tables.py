"""What is kept of a goal, of what was done for it, and of its pauses."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.events import Deed
from cogs.goals.reading import Bound, Period, Weekday
from db.base import Base, Coded, kept, structural
from db.entries import MEMBER_ALONE, Entry, until_deleted
from db.sealed import Sealed, SealedText, sealed_text

_UNTIL = until_deleted("the goal")


class Goal(Entry):
    """What a member set out to do: `verb quantity thing` in each period, as `reading.Goal` has it."""

    __tablename__ = "goals"
    __table_args__ = (Index(None, "person_id", "created_at"),)

    sealed_verb: Mapped[Sealed] = kept(
        SealedText(), why="what to do, in the member's own words", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    sealed_thing: Mapped[Sealed] = kept(
        SealedText(), why="what is counted, in the member's own words", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    # Derived from the words when they are written, so that nothing has to be opened to find the goals of a deed.
    deed: Mapped[Deed | None] = kept(
        Coded(Deed), why="which other entries count towards it", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    quantity: Mapped[int] = kept(why="how many in each period", seen_by=MEMBER_ALONE, until=_UNTIL)
    upper: Mapped[int | None] = kept(why="the upper end of a range", seen_by=MEMBER_ALONE, until=_UNTIL)
    bound: Mapped[Bound] = kept(Coded(Bound), why="how strictly it was said", seen_by=MEMBER_ALONE, until=_UNTIL)
    period: Mapped[Period] = kept(Coded(Period), why="how often", seen_by=MEMBER_ALONE, until=_UNTIL)
    # One bit for each day of the week, Monday's the lowest.
    days: Mapped[int] = kept(
        SmallInteger, why="the days of the week it is meant for", seen_by=MEMBER_ALONE, until=_UNTIL
    )
    starts: Mapped[date] = kept(why="its first day", seen_by=MEMBER_ALONE, until=_UNTIL)
    until: Mapped[date | None] = kept(why="its last day", seen_by=MEMBER_ALONE, until=_UNTIL)
    paused_on: Mapped[date | None] = kept(why="since when it rests", seen_by=MEMBER_ALONE, until=_UNTIL)
    finished_on: Mapped[date | None] = kept(why="when it was finished", seen_by=MEMBER_ALONE, until=_UNTIL)

    verb = sealed_text("sealed_verb")
    thing = sealed_text("sealed_thing")

    @property
    def weekdays(self) -> tuple[Weekday, ...]:
        return tuple(day for day in Weekday if self.days >> day & 1)


class Progress(Base):
    """Something done for a goal, on the member's own date: no later change of zone moves it to another day."""

    __tablename__ = "goal_progress"
    __table_args__ = (UniqueConstraint("goal_id", "source"), Index(None, "goal_id", "on"))

    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    goal_id: Mapped[UUID] = structural(ForeignKey("goals.id", ondelete="CASCADE"))
    # The entry of another feature that counts here, once; None where the member counted it by hand.
    source: Mapped[UUID | None] = structural()
    on: Mapped[date] = kept(why="the day it was done", seen_by=MEMBER_ALONE, until=_UNTIL)
    count: Mapped[int] = kept(why="how many were done", seen_by=MEMBER_ALONE, until=_UNTIL)
    created_at: Mapped[datetime] = kept(why="when it was logged", seen_by=MEMBER_ALONE, until=_UNTIL)


class Pause(Base):
    """A time in which a goal rested, and its strength with it."""

    __tablename__ = "goal_pauses"
    __table_args__ = (UniqueConstraint("goal_id", "begins"),)

    person_id: Mapped[UUID] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    goal_id: Mapped[UUID] = structural(ForeignKey("goals.id", ondelete="CASCADE"))
    begins: Mapped[date] = kept(why="its first day", seen_by=MEMBER_ALONE, until=_UNTIL)
    ends: Mapped[date] = kept(why="the day on which the goal went on", seen_by=MEMBER_ALONE, until=_UNTIL)
