"""What comes round every week: schedules, and each date of one as an occurrence that is there once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, exists, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, joinedload, relationship

from db.base import Base, Coded, Versioned, kept, structural
from db.insert import insert_all_once
from db.wall_clock import Slot, moment_of, slots

AT_ONCE = 100
EARLIEST = "Pacific/Kiritimati"
"""Where a date begins first of all."""

_UNTIL = "until it is changed or deleted"
_READERS = "who may see what it is for"


class Schedule(Base, Versioned):
    """One weekly rhythm of a group or a member. Its local times are kept, never their moments.

    `subject` is the row it is for, in the table of the feature that declares `kind`. `weekdays` are numbers from
    Monday, 0. `next_due_at` is None while it is off.
    """

    __tablename__ = "schedules"
    __table_args__ = (Index("ix_schedules_subject", "subject", "kind"),)

    kind: Mapped[str] = structural()
    subject: Mapped[UUID] = structural()
    person_id: Mapped[UUID | None] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    weekdays: Mapped[list[int]] = kept(JSON, why="on which days", seen_by=_READERS, until=_UNTIL)
    at: Mapped[time] = kept(why="at which local time", seen_by=_READERS, until=_UNTIL)
    zone: Mapped[str] = kept(why="where that time holds", seen_by=_READERS, until=_UNTIL)
    own_hour: Mapped[bool] = structural(default=False)
    """Each recipient has that time in their own zone: it is due as soon as its date begins anywhere."""
    grace_seconds: Mapped[int] = structural()
    next_slot: Mapped[date | None] = structural()
    next_due_at: Mapped[datetime | None] = kept(index=True, why="when it is due next", seen_by=_READERS, until=_UNTIL)


class OccurrenceState(StrEnum):
    """What became of one date."""

    DUE = "due"
    EXPANDED = "expanded"
    SKIPPED = "skipped"
    """The bot was away for longer than the grace."""
    CANCELLED = "cancelled"


class Occurrence(Base):
    """One date of a schedule, with the time and zone that held then."""

    __tablename__ = "occurrences"
    __table_args__ = (
        UniqueConstraint("schedule_id", "slot"),
        Index(
            "ix_occurrences_due",
            "not_before",
            postgresql_where=text("state = 'due'"),
            sqlite_where=text("state = 'due'"),
        ),
    )

    schedule_id: Mapped[UUID] = structural(ForeignKey("schedules.id", ondelete="CASCADE"))
    slot: Mapped[date] = structural()
    due_at: Mapped[datetime] = structural()
    at: Mapped[time] = structural()
    zone: Mapped[str] = structural()
    state: Mapped[OccurrenceState] = structural(Coded(OccurrenceState))
    not_before: Mapped[datetime] = structural()
    attempts: Mapped[int] = structural(default=0)

    schedule: Mapped[Schedule] = relationship(lazy="raise")


async def create_schedule(
    db: AsyncSession,
    *,
    kind: str,
    subject: UUID,
    weekdays: Sequence[int],
    at: time,
    zone: str,
    grace_seconds: int,
    now: datetime,
    own_hour: bool = False,
    person_id: UUID | None = None,
) -> Schedule:
    """Begin a rhythm with its first slot after `now`. ValueError where there is no weekday."""
    schedule = Schedule(
        kind=kind,
        subject=subject,
        person_id=person_id,
        weekdays=sorted(set(weekdays)),
        at=at,
        zone=zone,
        own_hour=own_hour,
        grace_seconds=grace_seconds,
    )
    _aim(schedule, after=now, last=None)
    db.add(schedule)
    await db.flush()
    return schedule


async def change_schedule(
    db: AsyncSession, schedule: Schedule, *, weekdays: Sequence[int], at: time, zone: str, now: datetime
) -> None:
    """Another time, zone or days; no date that was due comes again. Switches a schedule on that was off."""
    schedule.weekdays, schedule.at, schedule.zone = sorted(set(weekdays)), at, zone
    _aim(schedule, after=now, last=await _last_slot(db, schedule.id))
    await db.flush()


async def stop_schedule(db: AsyncSession, schedule: Schedule) -> None:
    """Nothing of it is due any more; `change_schedule` goes on with it."""
    schedule.next_slot = schedule.next_due_at = None
    await db.flush()


async def schedules_of(db: AsyncSession, subject: UUID, *, kind: str | None = None) -> Sequence[Schedule]:
    """All that a row has, or those of one kind, by their first weekday and time."""
    query = select(Schedule).where(Schedule.subject == subject)
    found = await db.scalars(query if kind is None else query.where(Schedule.kind == kind))
    return sorted(found, key=lambda each: (each.weekdays, each.at))


async def schedules_owned_by(db: AsyncSession, person_id: UUID) -> Sequence[Schedule]:
    """A member's own, by kind."""
    query = select(Schedule).where(Schedule.person_id == person_id)
    return (await db.scalars(query.order_by(Schedule.kind, Schedule.id))).all()


async def move_schedules(db: AsyncSession, person_id: UUID, *, zone: str, now: datetime) -> None:
    """A member's own keep their local times in another zone; no date that was due comes again."""
    for schedule in await schedules_owned_by(db, person_id):
        if schedule.next_slot is None:
            schedule.zone = zone
        else:
            await change_schedule(db, schedule, weekdays=schedule.weekdays, at=schedule.at, zone=zone, now=now)


async def delete_schedules_of(db: AsyncSession, subject: UUID, *, kind: str | None = None) -> None:
    """Delete all that a row has, or those of one kind, and what has not been expanded of them."""
    for schedule in await schedules_of(db, subject, kind=kind):
        await db.delete(schedule)
    await db.flush()


def coming(schedule: Schedule, *, now: datetime, count: int) -> list[Slot]:
    """The next dates of a schedule that is on, with their moments in its own zone."""
    if schedule.next_slot is None:
        return []
    last = schedule.next_slot - timedelta(days=1)
    after = min(now, moment_of(schedule.next_slot, schedule.at, schedule.zone) - timedelta(microseconds=1))
    return list(islice(slots(schedule.weekdays, schedule.at, schedule.zone, after=after, last=last), count))


async def is_anything_due(db: AsyncSession, *, now: datetime) -> bool:
    """Whether there is something for `tick` or `take_occurrence`."""
    schedule = exists().where(Schedule.next_due_at <= now)
    occurrence = exists().where(Occurrence.state == OccurrenceState.DUE, Occurrence.not_before <= now)
    return bool(await db.scalar(select(or_(schedule, occurrence))))


async def tick(db: AsyncSession, *, now: datetime, limit: int = AT_ONCE) -> int:
    """Turn what is due into occurrences, and aim each schedule at its next slot; how many schedules there were.

    Late within the grace is due; later is kept as skipped, one for a whole time of silence and no burst. Any process
    may do it at any time: an occurrence is there once.
    """
    query = select(Schedule).where(Schedule.next_due_at <= now).order_by(Schedule.next_due_at).limit(limit)
    due = (await db.scalars(query.with_for_update(skip_locked=True))).all()
    dates: list[dict[str, Any]] = []
    for schedule in due:
        if schedule.next_slot is None or schedule.next_due_at is None:
            continue
        late = now - schedule.next_due_at > timedelta(seconds=schedule.grace_seconds)
        dates.append(
            {
                "schedule_id": schedule.id,
                "slot": schedule.next_slot,
                "due_at": moment_of(schedule.next_slot, schedule.at, schedule.zone),
                "at": schedule.at,
                "zone": schedule.zone,
                "state": OccurrenceState.SKIPPED if late else OccurrenceState.DUE,
                "not_before": now,
            }
        )
        _aim(schedule, after=now, last=schedule.next_slot)
    await insert_all_once(db, Occurrence, dates)
    await db.flush()
    return len(due)


async def next_turn(db: AsyncSession, *, after: datetime) -> datetime | None:
    """When the next schedule is due; None where none is on."""
    coming_up = select(Schedule.next_due_at).where(Schedule.next_due_at > after)
    return await db.scalar(coming_up.order_by(Schedule.next_due_at).limit(1))


async def take_occurrence(db: AsyncSession, *, now: datetime) -> Occurrence | None:
    """One that is to be expanded, with its schedule, for this transaction alone; None where there is none."""
    query = (
        select(Occurrence)
        .where(Occurrence.state == OccurrenceState.DUE, Occurrence.not_before <= now)
        .order_by(Occurrence.not_before)
        .limit(1)
        .options(joinedload(Occurrence.schedule, innerjoin=True))
        .with_for_update(of=Occurrence, skip_locked=True)
    )
    return await db.scalar(query)


async def postpone_occurrence(db: AsyncSession, occurrence_id: UUID, *, until: datetime, attempts: int) -> bool:
    """Expanding it failed: try again from `until` on; False where that was the last of `attempts`."""
    occurrence = await db.get(Occurrence, occurrence_id)
    if occurrence is None or occurrence.state is not OccurrenceState.DUE:
        return True
    occurrence.attempts += 1
    occurrence.not_before = until
    if occurrence.attempts >= attempts:
        occurrence.state = OccurrenceState.CANCELLED
    await db.flush()
    return occurrence.state is OccurrenceState.DUE


async def resolve_again(db: AsyncSession, *, now: datetime, after: UUID | None = None, limit: int = AT_ONCE) -> Any:
    """Compute the moments of some schedules anew, since the rules of zones change; the id to go on after, or None."""
    query = select(Schedule).where(Schedule.next_due_at > now).order_by(Schedule.id).limit(limit)
    if after is not None:
        query = query.where(Schedule.id > after)
    found = (await db.scalars(query.with_for_update(skip_locked=True))).all()
    for schedule in found:
        if schedule.next_slot is not None:
            schedule.next_due_at = _due(schedule, schedule.next_slot)
    await db.flush()
    return found[-1].id if found else None


async def _last_slot(db: AsyncSession, schedule_id: UUID) -> date | None:
    query = select(func.max(Occurrence.slot)).where(Occurrence.schedule_id == schedule_id)
    return await db.scalar(query.where(Occurrence.state != OccurrenceState.CANCELLED))


def _aim(schedule: Schedule, *, after: datetime, last: date | None) -> None:
    found = next(slots(schedule.weekdays, schedule.at, schedule.zone, after=after, last=last))
    schedule.next_slot = found.day
    schedule.next_due_at = _due(schedule, found.day)


def _due(schedule: Schedule, slot: date) -> datetime:
    if schedule.own_hour:
        return moment_of(slot, time(), EARLIEST)
    return moment_of(slot, schedule.at, schedule.zone)
