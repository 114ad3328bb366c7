"""What is due, late or given up, by kind and platform: what a host sees of the work, and nothing of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from db.jobs import MISSED, OPEN, Destination, Job, JobState, Lane
from db.schedules import Occurrence, OccurrenceState, Schedule

LATE = timedelta(minutes=1)
"""From here on a worker should have done it."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many jobs of one kind, for one platform, are in one state; `late` of them are overdue."""

    kind: str
    platform: str
    state: JobState
    count: int
    late: int
    oldest: datetime
    """When the first of them was due."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One job as a host may see it. `kind` is the key of what does it."""

    id: UUID
    kind: str
    platform: str
    state: JobState
    due_at: datetime
    attempts: int
    error: str | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Behind:
    """Signs of life of the work: how many dates of schedules nobody turned, and places that take nothing more."""

    schedules: int
    oldest: datetime | None
    closed: int


async def count_queue(db: AsyncSession, *, now: datetime) -> Sequence[Count]:
    """What was due by `now` and is not done."""
    late = func.sum(case((and_(Job.state.in_(OPEN), Job.due_at < now - LATE), 1), else_=0))
    kind = kind_of(Job.call)
    query = (
        select(kind, Lane.platform, Job.state, func.count(), late, func.min(Job.due_at))
        .join(Lane, Lane.key == Job.lane)
        .where(Job.state.in_((*OPEN, *MISSED)), Job.due_at <= now)
        .group_by(kind, Lane.platform, Job.state)
        .order_by(kind, Lane.platform, Job.state)
    )
    return [Count(*row) for row in await db.execute(query)]


async def find_jobs(db: AsyncSession, *, state: JobState, now: datetime, limit: int) -> Sequence[Listed]:
    """The jobs in a state that were due by `now`, the latest first."""
    query = (
        select(Job.id, kind_of(Job.call), Lane.platform, Job.state, Job.due_at, Job.attempts, Job.error, Job.reference)
        .join(Lane, Lane.key == Job.lane)
        .where(Job.state == state, Job.due_at <= now)
        .order_by(Job.due_at.desc(), Job.id)
        .limit(limit)
    )
    return [Listed(*row) for row in await db.execute(query)]


async def jobs_in(db: AsyncSession, *, state: JobState) -> Sequence[UUID]:
    """The ids of all jobs in a state, by when they were due."""
    return (await db.scalars(select(Job.id).where(Job.state == state).order_by(Job.due_at, Job.id))).all()


async def count_given_up(db: AsyncSession, *, since: datetime, until: datetime) -> int:
    """How many jobs that were due in this time are dead."""
    dead = and_(Job.state == JobState.DEAD, Job.due_at >= since, Job.due_at <= until)
    return await db.scalar(select(func.count()).where(dead)) or 0


async def find_behind(db: AsyncSession, *, now: datetime) -> Behind:
    """What the regular work should have done by `now`."""
    overdue = now - LATE
    schedules = await _few(
        db, select(func.count(), func.min(Schedule.next_due_at)).where(Schedule.next_due_at < overdue)
    )
    waiting = and_(Occurrence.state == OccurrenceState.DUE, Occurrence.not_before < overdue)
    occurrences = await _few(db, select(func.count(), func.min(Occurrence.not_before)).where(waiting))
    closed = await db.scalar(select(func.count()).where(Destination.closed_at.is_not(None))) or 0
    oldest = min((at for _, at in (schedules, occurrences) if at is not None), default=None)
    return Behind(schedules[0] + occurrences[0], oldest, closed)


class kind_of(FunctionElement[str]):  # noqa: N801 - reads as the SQL function it is
    """The key of a packed call: what stands before its first colon."""

    type = String()
    inherit_cache = True

    def __init__(self, call: ColumnElement[str] | Any) -> None:
        super().__init__(call)


@compiles(kind_of)
def _on_postgresql(element: kind_of, compiler: Any, **options: Any) -> str:
    return f"split_part({compiler.process(element.clauses, **options)}, ':', 1)"


@compiles(kind_of, "sqlite")
def _on_sqlite(element: kind_of, compiler: Any, **options: Any) -> str:
    call = compiler.process(element.clauses, **options)
    return f"substr({call}, 1, instr({call} || ':', ':') - 1)"


async def _few(db: AsyncSession, query: Any) -> tuple[int, datetime | None]:
    count, oldest = (await db.execute(query)).one()
    return count, oldest
