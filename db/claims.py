"""Who works on which job: claims with a lease and a fence, at each lane's rate, one message a destination at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import (
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningUpdate

from db.base import Instant
from db.jobs import OPEN, Destination, Job, JobState, Lane, changed_rows
from db.posts import Post, PostState
from db.real_time import real_now

ATTEMPTS = 8


class Rate(Protocol):
    """What a platform takes: `per_second` at most, `burst` of them at once, `gap_seconds` between two in one place."""

    @property
    def per_second(self) -> float: ...

    @property
    def burst(self) -> int: ...

    @property
    def gap_seconds(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that is ours until its lease ends."""

    id: UUID
    call: str
    post_id: UUID | None
    posted: PostState | None
    """What had become of the post when the job was claimed."""
    message_ref: str | None
    """The platform's id of the post's message, where it is there already."""
    destination: str | None
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    """Begun so far, this one included."""
    fence: int
    sending_at: datetime | None
    """When it was first on its way out with no word of how that ended: the outcome is in doubt."""
    gap_seconds: float
    claimed_at: datetime
    """By the database's clock, as the next."""
    lease_until: datetime
    _claimed: float = field(default_factory=monotonic, repr=False)

    def real_now(self) -> datetime:
        """The database's time as it should be by now."""
        return self.claimed_at + timedelta(seconds=monotonic() - self._claimed)


async def claim(
    db: AsyncSession,
    *,
    rates: Mapping[str, Rate],
    wanted: int,
    now: datetime,
    owner: str,
    lease_seconds: float,
    besides: Collection[str] = (),
) -> tuple[str | None, Sequence[Claimed]]:
    """Take up to `wanted` jobs of one lane that is due, and charge its rate; the lane, None where none is due.

    `rates` names the platforms this process can reach. The lane's row is held to the end of the transaction, so that
    no two processes take from one lane at once, and neither its rate nor its destinations need a second look. Other
    processes skip it and serve another. Lanes in `besides` are left out. `now` is the movable clock's.
    """
    found = (await db.execute(_due_lane(rates, besides=besides, now=now))).one_or_none()
    if found is None:
        return None, ()
    lane, real = found.Lane, found.real
    rate = rates[lane.platform]
    step = timedelta(seconds=1 / rate.per_second)
    spread = (rate.burst - 1) * step
    arrival = max(lane.free_at + spread, real)
    allowed = int((real + rate.burst * step - arrival) / step)
    rows = (await db.execute(_due_jobs(lane.key, now=now, real=real, limit=min(wanted, allowed)))).all()
    # One for each destination: the next one goes when this one is done.
    taken = list({row.destination or row.id: row for row in reversed(rows)}.values())[::-1]
    if not taken:
        return lane.key, ()
    until = real + timedelta(seconds=lease_seconds)
    await db.execute(
        update(Job)
        .where(Job.id.in_([row.id for row in taken]))
        .values(state=JobState.LEASED, owner=owner, lease_until=until, fence=Job.fence + 1, attempts=Job.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    places = [row.destination for row in taken if row.destination is not None]
    if places:
        await _set_free(db, places, at=until)
    lane.free_at = arrival + len(taken) * step - spread
    await db.flush()
    return lane.key, [
        Claimed(
            id=row.id,
            call=row.call,
            post_id=row.post_id,
            posted=row.posted,
            message_ref=row.message_ref,
            destination=row.destination,
            due_at=row.due_at,
            expires_at=row.expires_at,
            attempts=row.attempts + 1,
            fence=row.fence + 1,
            sending_at=row.sending_at,
            gap_seconds=rate.gap_seconds,
            claimed_at=real,
            lease_until=until,
        )
        for row in taken
    ]


async def mark_sending(db: AsyncSession, jobs: Sequence[Claimed]) -> set[UUID]:
    """From here on their outcome may be in doubt; the ids of those that are still ours, and are to be sent.

    What was in doubt before stays so from its beginning: that is how far back one has to look for it.
    """
    if not jobs:
        return set()
    return set(await db.scalars(_still_ours(jobs, _SENDING)))


async def finish(db: AsyncSession, jobs: Sequence[Claimed], *, at: datetime) -> set[UUID]:
    """The jobs are done; the ids of those that no other process has by now."""
    if not jobs:
        return set()
    ended = set(await db.scalars(_still_ours(jobs, _DONE), {"at": at}))
    free: defaultdict[float, list[Claimed]] = defaultdict(list)
    for job in jobs:
        if job.id in ended and job.destination is not None:
            free[job.gap_seconds].append(job)
    for gap, gone in free.items():
        places = sorted(job.destination for job in gone if job.destination is not None)
        await _set_free(db, places, at=max(job.real_now() for job in gone) + timedelta(seconds=gap))
    return ended


async def settle(db: AsyncSession, jobs: Sequence[Claimed], *, at: datetime) -> set[UUID]:
    """What is known to be there is done, whoever has the job by now or was in doubt about it; the ids of those.

    Who comes back after the lease knows what nobody else can: a message that it sent has arrived.
    """
    if not jobs:
        return set()
    arrived = (
        update(Job)
        .where(Job.id.in_([job.id for job in jobs]), Job.state.in_((*OPEN, JobState.UNCERTAIN)))
        .values(state=JobState.DONE, done_at=at, error=None, owner=None, lease_until=None, fence=Job.fence + 1)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return set(await db.scalars(arrived))


async def give_up(
    db: AsyncSession,
    job: Claimed,
    state: JobState,
    *,
    at: datetime,
    error: str,
    reference: str | None = None,
    close: bool = False,
) -> bool:
    """The job will not be tried again; where `close`, nothing more is sent to its destination until it is opened."""
    if not await _end(db, job, state=state, done_at=at, error=error, reference=reference):
        return False
    if close and job.destination is not None:
        shut = update(Destination).where(Destination.key == job.destination, Destination.closed_at.is_(None))
        await db.execute(shut.values(closed_at=at))
    return True


async def try_later(
    db: AsyncSession,
    job: Claimed,
    *,
    not_before: datetime,
    error: str,
    in_doubt: bool,
    waiting: bool = False,
    reference: str | None = None,
    closed_seconds: float = 0.0,
) -> bool:
    """The job is ready again from `not_before` on, by the movable clock.

    `in_doubt` keeps `sending_at`: it may have arrived. `waiting` is for what is not the job's fault, as while the
    platform is down: however often that is tried, attempts are left for other failures. `closed_seconds` is how long
    the platform wants nothing for this destination.
    """
    values: dict[str, Any] = {"state": JobState.READY, "not_before": not_before, "error": error, "reference": reference}
    if not in_doubt:
        values["sending_at"] = None
    if waiting:
        values["attempts"] = min(job.attempts, ATTEMPTS // 2)
    return await _end(db, job, gap_seconds=closed_seconds, **values)


async def release(db: AsyncSession, jobs: Sequence[Claimed]) -> None:
    """Give back what was claimed and not begun, as if it had not been."""
    for job in jobs:
        await _end(db, job, state=JobState.READY, attempts=Job.attempts - 1)


async def reap(db: AsyncSession, *, at: datetime) -> int:
    """Take back the jobs of processes that died or hang; how many.

    `sending_at` stays: what was on its way is in doubt. One that every time took its process along is given up.
    """
    worn_out = Job.attempts >= ATTEMPTS
    lost = (
        update(Job)
        .where(Job.state == JobState.LEASED, Job.lease_until < real_now())
        .values(
            state=case(
                (and_(worn_out, Job.sending_at.is_not(None)), JobState.UNCERTAIN),
                (worn_out, JobState.DEAD),
                else_=JobState.READY,
            ),
            done_at=case((worn_out, literal(at, Instant())), else_=None),
            error="lost",
            owner=None,
            lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )
    return changed_rows(await db.execute(lost))


async def expire(db: AsyncSession, *, now: datetime) -> int:
    """Give up what is not to be sent any more because its time is over; how many. What is in doubt stays so."""
    over = (
        update(Job)
        .where(Job.state == JobState.READY, Job.expires_at <= now)
        .values(
            state=case((Job.sending_at.is_not(None), JobState.UNCERTAIN), else_=JobState.EXPIRED),
            done_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    return changed_rows(await db.execute(over))


async def next_job(db: AsyncSession, *, after: datetime) -> datetime | None:
    """When the next job waits for its time; None where none does."""
    waiting = select(Job.not_before).where(Job.lane == Lane.key, Job.state == JobState.READY, Job.not_before > after)
    of_lane = waiting.order_by(Job.not_before).limit(1).scalar_subquery()
    return await db.scalar(select(func.min(of_lane, type_=Instant())).select_from(Lane))


def _still_ours(jobs: Sequence[Claimed], change: Update) -> ReturningUpdate[UUID]:
    """The change, for those that nobody else has claimed since; it gives their ids."""
    return (
        change.where(
            Job.id.in_([job.id for job in jobs]),  # for the index: a row value is no help to every planner
            tuple_(Job.id, Job.fence).in_([(job.id, job.fence) for job in jobs]),
        )
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )


def _due_lane(rates: Mapping[str, Rate], *, besides: Collection[str], now: datetime) -> Select[Lane, datetime]:
    """The lane, and the moment by the database's clock."""
    due = exists().where(Job.lane == Lane.key, Job.state == JobState.READY, Job.not_before <= now)
    return (
        select(Lane, real_now().label("real"))
        .where(Lane.platform.in_(rates), Lane.free_at <= real_now(), due, Lane.key.not_in(besides))
        .order_by(Lane.free_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
    )


def _due_jobs(lane: str, *, now: datetime, real: datetime, limit: int) -> Select[*tuple[Any, ...]]:
    goes_nowhere = Job.destination.is_(None)
    may_go = and_(Destination.free_at <= real, Destination.closed_at.is_(None))
    return (
        select(
            Job.id,
            Job.call,
            Job.post_id,
            Job.destination,
            Job.due_at,
            Job.expires_at,
            Job.attempts,
            Job.fence,
            Job.sending_at,
            Post.state.label("posted"),
            Post.message_ref,
        )
        .outerjoin(Destination, Destination.key == Job.destination)
        .outerjoin(Post, Post.id == Job.post_id)
        .where(
            Job.lane == lane,
            Job.state == JobState.READY,
            Job.not_before <= now,
            or_(Job.expires_at.is_(None), Job.expires_at > now),
            or_(goes_nowhere, may_go),
        )
        .order_by(Job.not_before, Job.id)
        .limit(limit)
        # A job that is being cancelled is not waited for.
        .with_for_update(of=Job, skip_locked=True)
    )


async def _end(db: AsyncSession, job: Claimed, *, gap_seconds: float = 0.0, **values: Any) -> bool:
    """Let go of the job where it is still ours; then its destination may take the next one, after the gap."""
    if not await _set(db, job, owner=None, lease_until=None, **values):
        return False
    if job.destination is not None:
        gap = timedelta(seconds=max(job.gap_seconds, gap_seconds))
        await _set_free(db, [job.destination], at=job.real_now() + gap)
    return True


async def _set_free(db: AsyncSession, keys: Sequence[str], *, at: datetime) -> None:
    await db.execute(
        update(Destination)
        .where(Destination.key.in_(keys))
        .values(free_at=at)
        .execution_options(synchronize_session=False)
    )


async def _set(db: AsyncSession, job: Claimed, *also: Any, **values: Any) -> bool:
    """Change the job where it is still ours."""
    ours = (Job.id == job.id, Job.fence == job.fence, Job.state == JobState.LEASED)
    changed = await db.execute(
        update(Job).where(*ours, *also).values(**values).execution_options(synchronize_session=False)
    )
    return changed_rows(changed) == 1


_SENDING = (
    update(Job)
    .where(Job.state == JobState.LEASED, real_now() < Job.lease_until)
    .values(sending_at=func.coalesce(Job.sending_at, real_now()))
)
_DONE = (
    update(Job)
    .where(Job.state == JobState.LEASED)
    .values(state=JobState.DONE, done_at=bindparam("at", type_=Instant()), error=None, owner=None, lease_until=None)
)
