"""The verb `jobs`: what is due or was given up, and another try for it. Shows no words or ids of people."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.jobs import MISSED, JobState, drop_job, retry_job
from db.queue import Behind, Count, Listed, count_queue, find_behind, find_jobs, jobs_in
from db.session import Database

AT_ONCE: Final = 100
"""In one transaction, so that a worker beside us does not wait."""
_ORDER: Final = (JobState.DEAD, JobState.UNCERTAIN, JobState.EXPIRED, JobState.READY, JobState.LEASED)
_CALLED: Final = {JobState.READY: "due", JobState.LEASED: "claimed"}
_MEANING: Final = {
    JobState.DEAD: "dead: it cannot be done, or every attempt failed",
    JobState.UNCERTAIN: "uncertain: it may have arrived, so it is not sent again",
    JobState.EXPIRED: "expired: its time went by",
    JobState.READY: "due",
    JobState.LEASED: "claimed: a worker is at it",
}


@dataclass(frozen=True, slots=True)
class Overview:
    """The work as it stands: counts, and the latest jobs of each state."""

    now: datetime
    counts: Sequence[Count]
    latest: Sequence[Listed]
    behind: Behind


async def overview(database: Database, *, now: datetime, limit: int) -> Overview:
    """At most `limit` jobs of each state."""
    async with database.reading() as db:
        counts = await count_queue(db, now=now)
        found = [job for state in _ORDER for job in await find_jobs(db, state=state, now=now, limit=limit)]
        return Overview(now, counts, found, await find_behind(db, now=now))


def lines(seen: Overview, *, program: str) -> Iterator[str]:
    """For a person at a terminal."""
    if not seen.counts:
        yield "Nothing is due, and nothing was given up."
    else:
        yield f"{'state':9} {'jobs':>7} {'late':>7} {'oldest':>7}  platform  kind"
        for each in sorted(seen.counts, key=lambda count: (_ORDER.index(count.state), count.platform, count.kind)):
            age = age_of(seen.now - each.oldest)
            yield f"{_called(each.state):9} {each.count:7} {each.late:7} {age:>7}  {each.platform:9} {each.kind}"
    for state in _ORDER:
        jobs = [job for job in seen.latest if job.state is state]
        if jobs:
            yield f"\nThe latest that are {_MEANING[state]}"
        for job in jobs:
            yield f"  {job.id}  {job.platform:9} {job.kind}: {_story(job, seen.now)}"
    if seen.behind.schedules:
        yield f"\nDates of schedules that wait for a worker: {seen.behind.schedules}"
    if seen.behind.closed:
        yield f"\nPlaces that take no messages any more: {seen.behind.closed}. Trying a job again opens its place."
    if any(job.state in MISSED for job in seen.latest):
        yield f"\nTo try one again: {program} jobs retry ID. To forget it: {program} jobs drop ID"


def data(seen: Overview) -> dict[str, object]:
    """For programs: plain data."""
    return {
        "counts": [
            {
                "state": _called(each.state),
                "platform": each.platform,
                "kind": each.kind,
                "jobs": each.count,
                "late": each.late,
                "oldest_seconds": round((seen.now - each.oldest).total_seconds()),
            }
            for each in seen.counts
        ],
        "latest": [
            asdict(each) | {"id": str(each.id), "state": _called(each.state), "due_at": each.due_at.isoformat()}
            for each in seen.latest
        ],
        "schedules_late": seen.behind.schedules,
        "closed_destinations": seen.behind.closed,
    }


async def retry(database: Database, ids: Sequence[UUID], *, at: datetime) -> list[UUID]:
    """Tries jobs once more from their beginning; those where there is nothing to try."""
    left = []
    for some in _slices(ids):
        async with database.writing() as db:
            left += [each for each in some if not await retry_job(db, each, at=at)]
    return left


async def drop(database: Database, ids: Sequence[UUID]) -> list[UUID]:
    """Forgets jobs; those that are not there, or that a worker is at."""
    left = []
    for some in _slices(ids):
        async with database.writing() as db:
            left += [each for each in some if not await drop_job(db, each)]
    return left


async def all_in(database: Database, state: JobState) -> Sequence[UUID]:
    """Every job that was given up so."""
    async with database.reading() as db:
        return await jobs_in(db, state=state)


def age_of(age: timedelta) -> str:
    """In the largest unit that makes more than one of it: 90 s, 12 min, 30 h, 9 d."""
    seconds = max(0, round(age.total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _called(state: JobState) -> str:
    return _CALLED.get(state, state.value)


def _story(job: Listed, now: datetime) -> str:
    parts = [f"due {age_of(now - job.due_at)} ago", f"attempts {job.attempts}"]
    if job.error:
        parts.append(f"error {job.error}")
    if job.reference:
        parts.append(f"reference {job.reference} in the log")
    return ", ".join(parts)


def _slices(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
