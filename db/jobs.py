"""Work that waits for its time: jobs, the destinations they go to, and the lanes that share a platform's rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    ForeignKey,
    Index,
    SQLColumnExpression,
    and_,
    delete,
    exists,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Base, Coded, Table, kept, structural
from db.insert import insert_all_once, insert_once
from db.posts import Post, mark_waiting
from db.session import ASKED

WORK = "work"
"""The lane of jobs that go nowhere."""
_UNTIL = "30 days after it is done"
_HOSTS = "the host"


class JobState(StrEnum):
    """Where a job is on its way."""

    READY = "ready"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"
    """It cannot be done: the destination is closed, or every attempt failed."""
    EXPIRED = "expired"
    """Its time went by before it could be done."""
    UNCERTAIN = "uncertain"
    """It may have arrived. It is not sent twice; its member is told."""


OPEN = (JobState.READY, JobState.LEASED)
MISSED = (JobState.DEAD, JobState.EXPIRED, JobState.UNCERTAIN)
OVER = (JobState.DONE, *MISSED)


class Lane(Table):
    """What shares one rate: "discord:<app>", "slack:<team>", the demo, or work that goes nowhere.

    `free_at` is when it takes one more, by the database's clock: of the generic cell rate algorithm the theoretical
    arrival time, less what a burst may come early.
    """

    __tablename__ = "lanes"

    key: Mapped[str] = structural(primary_key=True)
    platform: Mapped[str] = structural()
    free_at: Mapped[datetime] = structural()


class Destination(Table):
    """One place that messages go to, "slack:<team>:<channel>": one at a time, and none once it is closed.

    `free_at` is by the database's clock. `closed_at` is when the platform said that nothing can be sent there.
    """

    __tablename__ = "destinations"

    key: Mapped[str] = kept(primary_key=True, why="where messages go", seen_by=_HOSTS, until=_UNTIL)
    free_at: Mapped[datetime] = structural()
    closed_at: Mapped[datetime | None] = kept(
        why="since when nothing can be sent there", seen_by="the member", until=_UNTIL
    )


class Job(Base):
    """One piece of work: the packed call that does it or draws its card, never a text.

    With a post it sends that post, or edits it where it is already there. `due_at` is when it should be done,
    `not_before` when it may next be tried; both are by the movable clock, as `expires_at` is. `lease_until` and
    `sending_at` are by the database's. `fence` counts the claims: who holds an older one has lost the job.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "ix_jobs_ready",
            "lane",
            "not_before",
            "id",
            postgresql_where=text("state = 'ready'"),
            sqlite_where=text("state = 'ready'"),
        ),
        Index(
            "ix_jobs_expiring",
            "expires_at",
            postgresql_where=text("state = 'ready'"),
            sqlite_where=text("state = 'ready'"),
        ),
        Index(
            "ix_jobs_leased",
            "lease_until",
            postgresql_where=text("state = 'leased'"),
            sqlite_where=text("state = 'leased'"),
        ),
        Index("ix_jobs_state_due_at", "state", "due_at"),
    )

    key: Mapped[str] = structural(unique=True)
    call: Mapped[str] = kept(why="what is to be done, as ids", seen_by=_HOSTS, until=_UNTIL)
    post_id: Mapped[UUID | None] = structural(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID | None] = structural(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    lane: Mapped[str] = structural(ForeignKey("lanes.key"))
    destination: Mapped[str | None] = kept(
        ForeignKey("destinations.key"), index=True, why="where it goes", seen_by=_HOSTS, until=_UNTIL
    )
    state: Mapped[JobState] = kept(
        Coded(JobState), default=JobState.READY, why="where it is on its way", seen_by="the member", until=_UNTIL
    )
    due_at: Mapped[datetime] = kept(why="when it should be done", seen_by="the member", until=_UNTIL)
    not_before: Mapped[datetime] = structural()
    expires_at: Mapped[datetime | None] = structural()
    attempts: Mapped[int] = structural(default=0)
    owner: Mapped[str | None] = structural()
    lease_until: Mapped[datetime | None] = structural()
    fence: Mapped[int] = structural(default=0)
    sending_at: Mapped[datetime | None] = structural()
    done_at: Mapped[datetime | None] = kept(why="when it was done", seen_by="the member", until=_UNTIL)
    error: Mapped[str | None] = structural()
    """What was in the way, as a code: never a text of a person or of a platform's answer."""
    reference: Mapped[str | None] = structural()
    """Under which the log tells more."""
    seen_at: Mapped[datetime | None] = kept(
        why="when the member saw what could not be delivered", seen_by="the member", until=_UNTIL
    )


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to ask for at `at`, once under its key. With a post it goes to that post's destination.

    Deleting the person deletes it.
    """

    key: str
    call: str
    at: datetime
    expires_at: datetime | None = None
    person_id: UUID | None = None
    post_id: UUID | None = None
    destination: str | None = None

    @property
    def lane(self) -> str:
        return WORK if self.destination is None else lane_of(self.destination)


async def create_job(
    db: AsyncSession,
    *,
    key: str,
    call: str,
    at: datetime,
    expires_at: datetime | None = None,
    person_id: UUID | None = None,
    post: Post | None = None,
) -> bool:
    """Ask for one piece of work; False where `key` was used before, and then nothing changes."""
    post_id, destination = (None, None) if post is None else (post.id, post.destination)
    return await create_jobs(db, [NewJob(key, call, at, expires_at, person_id, post_id, destination)]) == 1


async def create_jobs(db: AsyncSession, jobs: Sequence[NewJob]) -> int:
    """Ask for work with few statements, however much it is; how much of it was not asked for before."""
    if not jobs:
        return 0
    lanes = sorted({job.lane for job in jobs})
    long_ago = datetime.fromtimestamp(0, jobs[0].at.tzinfo)
    await insert_all_once(
        db, Lane, [{"key": lane, "platform": lane.partition(":")[0], "free_at": long_ago} for lane in lanes]
    )
    places = sorted({job.destination for job in jobs if job.destination is not None})
    await insert_all_once(db, Destination, [{"key": place, "free_at": long_ago} for place in places])
    db.info[ASKED] = True
    rows = [
        {
            "key": job.key,
            "call": job.call,
            "post_id": job.post_id,
            "person_id": job.person_id,
            "lane": job.lane,
            "destination": job.destination,
            "due_at": job.at,
            "not_before": job.at,
            "expires_at": job.expires_at,
        }
        for job in sorted(jobs, key=lambda each: each.key)
    ]
    return len(await insert_all_once(db, Job, rows))


def lane_of(destination: str) -> str:
    """What a destination shares its rate with."""
    return destination.rpartition(":")[0]


async def postpone_job(db: AsyncSession, key: str, *, at: datetime, expires_at: datetime | None) -> bool:
    """Another time for work that was not begun; False where there is none such any more."""
    waiting = update(Job).where(Job.key == key, Job.state == JobState.READY, Job.attempts == 0)
    changed = await db.execute(waiting.values(due_at=at, not_before=at, expires_at=expires_at))
    return changed_rows(changed) == 1


async def waiting_at(db: AsyncSession, destination: str, *, person_id: UUID) -> Sequence[Job]:
    """What is to be told to a member there, and was not begun."""
    return (await db.scalars(select(Job).where(*_waiting(destination, person_id)))).all()


async def forget_waiting(db: AsyncSession, person_id: UUID, *, destination: str) -> None:
    """Drop what is to be told to a member there and was not begun, as if it had never been asked for."""
    posts = select(Job.post_id).where(*_waiting(destination, person_id))
    await db.execute(delete(Post).where(Post.id.in_(posts)))


async def open_destination(db: AsyncSession, key: str, *, at: datetime) -> None:
    """Messages may go there (again)."""
    long_ago = datetime.fromtimestamp(0, at.tzinfo)
    if not await insert_once(db, Destination, key=key, free_at=long_ago):
        await db.execute(update(Destination).where(Destination.key == key).values(closed_at=None))


async def is_open(db: AsyncSession, key: str) -> bool:
    """Whether messages may go there, as far as is known."""
    return not await db.scalar(select(Destination.closed_at.is_not(None)).where(Destination.key == key))


async def jobs_of(db: AsyncSession, person_id: UUID) -> Sequence[Job]:
    """All that is kept of a member's jobs, by when they were due."""
    query = select(Job).where(Job.person_id == person_id)
    return (await db.scalars(query.order_by(Job.due_at, Job.id))).all()


async def missed_by(db: AsyncSession, person_id: UUID, *, limit: int = 10) -> Sequence[Job]:
    """What could not be delivered to a member, or perhaps was not, and they have not seen; the newest first."""
    query = select(Job).where(is_missed(person_id))
    return (await db.scalars(query.order_by(Job.due_at.desc(), Job.id).limit(limit))).all()


def is_missed(person_id: UUID | SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Whether a job is a message that did not reach this person, as far as is known, and that they have not seen."""
    return and_(Job.person_id == person_id, Job.post_id.is_not(None), Job.seen_at.is_(None), Job.state.in_(MISSED))


async def mark_seen(db: AsyncSession, job_ids: Sequence[UUID], *, at: datetime) -> None:
    """The member was shown what they missed."""
    await db.execute(update(Job).where(Job.id.in_(job_ids)).values(seen_at=at))


async def retry_job(db: AsyncSession, job_id: UUID, *, at: datetime) -> bool:
    """Try once more what was given up, from the beginning; False where there is nothing to try."""
    job = await db.get(Job, job_id, with_for_update=True)
    if job is None or job.state not in MISSED:
        return False
    job.state, job.not_before, job.expires_at, job.attempts = JobState.READY, at, None, 0
    job.sending_at = job.done_at = job.seen_at = job.error = job.reference = None
    await db.flush()
    if job.post_id is not None:
        await mark_waiting(db, job.post_id)
    if job.destination is not None:
        await open_destination(db, job.destination, at=at)
    db.info[ASKED] = True
    return True


async def retry_all_at(db: AsyncSession, destination: str, *, at: datetime) -> int:
    """Open a destination, and try again what was given up there and is not too late by now; how much that is."""
    await open_destination(db, destination, at=at)
    given_up = select(Job).where(Job.destination == destination, Job.state == JobState.DEAD, Job.expires_at > at)
    found = (await db.scalars(given_up)).all()
    for job in found:
        expires_at = job.expires_at
        await retry_job(db, job.id, at=at)
        job.expires_at = expires_at
    await db.flush()
    return len(found)


async def drop_job(db: AsyncSession, job_id: UUID) -> bool:
    """Forget a job that nobody works on; False where there is none such."""
    return changed_rows(await db.execute(delete(Job).where(Job.id == job_id, Job.state != JobState.LEASED))) == 1


async def purge_jobs(db: AsyncSession, *, before: datetime, limit: int = 500) -> int:
    """Forget what was over earlier, with the destinations that nothing leads to any more; how many jobs."""
    old = select(Job.id).where(Job.state.in_(OVER), Job.due_at < before).limit(limit)
    gone = (await db.scalars(delete(Job).where(Job.id.in_(old)).returning(Job.destination))).all()
    places = {place for place in gone if place is not None}
    if places:
        used = exists().where(Job.destination == Destination.key)
        await db.execute(delete(Destination).where(Destination.key.in_(places), ~used, Destination.closed_at.is_(None)))
    return len(gone)


def changed_rows(result: object) -> int:
    """How many rows an update or a delete met."""
    assert isinstance(result, CursorResult)  # noqa: S101 - what an update or a delete gives
    return result.rowcount


def _waiting(destination: str, person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Begun once, it may be there: then its outcome is found out, whatever is wanted by now."""
    there = (Job.person_id == person_id, Job.destination == destination, Job.post_id.is_not(None))
    return (*there, Job.state == JobState.READY, Job.attempts == 0)
