"""No query of the engine, which runs all the time, reads through a table: each is explained on 100,000 rows.

Those of the features are found by themselves, in tests/load/test_plans.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import MetaData, make_url
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sending import Rate
from db.claims import Claimed, claim, expire, finish, give_up, mark_sending, next_job, reap, release, try_later
from db.jobs import JobState, forget_waiting, jobs_of, missed_by, postpone_job, purge_jobs, retry_job, waiting_at
from db.keyring import Keyring
from db.posts import mark_all_posted, posts_of, take_withdrawals
from db.schedules import is_anything_due, resolve_again, schedules_of, take_occurrence, tick
from db.session import Database
from tests.load.plans import explaining, read_through
from tests.postgres import new_database

NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
SMALL: Final = 1_000
"""A table of so many rows may be read through, and an index may lead past so many rows that are not wanted."""
PERSON, SUBJECT = UUID(int=7), UUID(int=5)
RATES: Final = {"discord": Rate(per_second=1000, burst=1000), "work": Rate(per_second=1000, burst=1000)}


async def _claim(db: AsyncSession) -> Sequence[Claimed]:
    _, jobs = await claim(db, rates=RATES, wanted=20, now=NOW, owner="test", lease_seconds=60)
    assert len(jobs) == 20
    return jobs


async def _send(db: AsyncSession) -> None:
    jobs = await _claim(db)
    assert len(await mark_sending(db, jobs)) == 20
    assert len(await finish(db, jobs[:17], at=NOW)) == 17
    await mark_all_posted(db, {job.post_id: "1" for job in jobs if job.post_id})
    assert await give_up(db, jobs[17], JobState.DEAD, at=NOW, error="403", close=True)
    assert await try_later(db, jobs[18], not_before=NOW, error="429", in_doubt=False)
    await release(db, jobs[19:])


async def _late(db: AsyncSession) -> None:
    assert await reap(db, at=NOW) == 200
    assert await expire(db, now=NOW) == 300


async def _turn(db: AsyncSession) -> None:
    assert await tick(db, now=NOW) == 100
    assert await take_occurrence(db, now=NOW) is not None


async def _purge(db: AsyncSession) -> None:
    assert await purge_jobs(db, before=NOW - timedelta(days=29), limit=50) == 50


async def _change(db: AsyncSession) -> None:
    assert await postpone_job(db, "job 90000", at=NOW, expires_at=None)
    assert await retry_job(db, UUID(int=500), at=NOW)


QUERIES: Final[dict[str, Callable[[AsyncSession], Awaitable[object]]]] = {
    "claim, send, note": _send,
    "reap and expire": _late,
    "is anything due": lambda db: is_anything_due(db, now=NOW),
    "tick and take": _turn,
    "resolve again": lambda db: resolve_again(db, now=NOW, after=UUID(int=40_000)),
    "purge": _purge,
    "change": _change,
    "next job": lambda db: next_job(db, after=NOW),
    "missed": lambda db: missed_by(db, PERSON),
    "jobs of a member": lambda db: jobs_of(db, PERSON),
    "what waits for a member": lambda db: waiting_at(db, "test:T1:C1", person_id=PERSON),
    "what waited for a member": lambda db: forget_waiting(db, PERSON, destination="test:T1:C1"),
    "posts of a member": lambda db: posts_of(db, PERSON),
    "withdrawals of an earlier version": take_withdrawals,
    "schedules of a group": lambda db: schedules_of(db, SUBJECT, kind="test.weekly"),
}


@pytest.fixture(scope="module")
def filled_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A database of 100,000 schedules, dates, posts and jobs."""
    with new_database(postgres_server, prefix="plans", template=postgres_template) as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for statement in _ROWS:
                connection.execute(statement.encode(), {"now": NOW})
            connection.execute("ANALYZE")
        yield url


@pytest.mark.parametrize("name", QUERIES)
async def test_no_query_reads_through_a_table(name: str, filled_url: str, metadata: MetaData) -> None:
    database = Database(filled_url, Keyring.parse(Keyring.generate()))
    try:
        async with database.writing() as db:
            with explaining() as found:
                await QUERIES[name](db)
            await db.rollback()
        assert found
        assert not await read_through(database, found.values(), few=SMALL)
        assert not [read for read in found.values() if max(read.in_vain.values(), default=0) > SMALL]
    finally:
        await database.close()


_ROWS: Final = (
    "SET session_replication_role = replica",  # no foreign key is looked up: 100,000 rows in a second or two
    "CREATE FUNCTION pg_temp.id(n int) RETURNS uuid IMMUTABLE RETURN lpad(to_hex(n), 32, '0')::uuid",
    """
    INSERT INTO people (id, version, consent, consented_at, quiet_from, quiet_until, may_write_first, created_at)
    SELECT pg_temp.id(n), 1, 'keep', %(now)s, '21:00', '08:00', true, %(now)s FROM generate_series(0, 999) n
    """,
    """
    INSERT INTO schedules (id, version, kind, subject, weekdays, at, zone, own_hour, grace_seconds, next_slot,
                           next_due_at)
    SELECT pg_temp.id(n), 1, 'test.weekly', pg_temp.id(n), '[0]', '09:00', 'UTC', false, 43200, '2026-11-23',
           %(now)s::timestamptz + CASE WHEN n < 200 THEN -n ELSE n END * interval '1 minute'
    FROM generate_series(0, 99999) n
    """,
    """
    INSERT INTO occurrences (id, schedule_id, slot, due_at, at, zone, state, not_before, attempts)
    SELECT pg_temp.id(n), pg_temp.id(n), '2026-11-16', %(now)s, '09:00', 'UTC',
           CASE WHEN n < 49900 THEN 'expanded' ELSE 'due' END, %(now)s, 0
    FROM generate_series(0, 49999) n
    """,
    "INSERT INTO lanes (key, platform, free_at) VALUES ('discord:A', 'discord', '2026-01-01Z')",
    """
    INSERT INTO destinations (key, free_at)
    SELECT 'discord:A:' || n, '2026-01-01Z' FROM generate_series(0, 19999) n
    """,
    """
    INSERT INTO posts (id, person_id, job, args, destination, message_ref, drawn, state, withdraw_at, created_at)
    SELECT pg_temp.id(n), pg_temp.id(n %% 1000), 'test.ask', '[]', 'discord:A:' || n %% 20000, n, 1, 'posted',
           CASE WHEN n %% 1000 = 1 THEN %(now)s END, %(now)s
    FROM generate_series(50000, 79999) n
    """,
    """
    INSERT INTO jobs (id, key, call, post_id, person_id, lane, destination, due_at, not_before, attempts, fence, state,
                      expires_at, owner, lease_until, sending_at)
    SELECT pg_temp.id(n), 'job ' || n, 'test.ask:1', pg_temp.id(n), pg_temp.id(n %% 1000), 'discord:A',
           'discord:A:' || n %% 20000, due_at, due_at, over, over, state, due_at + interval '12 hours',
           CASE state WHEN 'leased' THEN 'dead' END, CASE state WHEN 'leased' THEN timestamptz '2026-01-01Z' END, NULL
    FROM generate_series(0, 99999) n,
         LATERAL (SELECT
             (n < 60200)::int AS over,
             CASE WHEN n < 60000 AND n %% 100 = 0 THEN 'dead' WHEN n < 60000 THEN 'done' WHEN n < 60200 THEN 'leased'
                  ELSE 'ready' END AS state,
             %(now)s::timestamptz + CASE
                 WHEN n < 60000 THEN n * interval '43 seconds' - interval '30 days'
                 WHEN n BETWEEN 60200 AND 60499 THEN interval '-13 hours'
                 WHEN n < 61000 THEN interval '-1 minute'
                 ELSE n * interval '1 minute' END AS due_at) AS made
    """,
)
