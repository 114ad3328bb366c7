"""What is asked for within a transaction, and done after it: work for later, and messages that others see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from bot.pack import pack
from db.jobs import NewJob, create_job, create_jobs, postpone_job
from db.members import Person
from db.posts import NewPost, Post, create_posts_once
from db.quiet import after_quiet, zone_of

POST_GRACE: Final = timedelta(hours=12)
"""How late a message may be; it then says so."""
WITHDRAWAL_GRACE: Final = timedelta(days=7)
"""How long it is tried to take a post back while its platform cannot be asked."""
WITHDRAWAL: Final = "remove"
"""The machine's own job for it."""


@dataclass(frozen=True, slots=True)
class JobCall:
    """A job and the ids it works on, to run after the commit."""

    packed: str


class Outbox:
    """Writes to `db`; nothing goes out before its commit, and nothing at all where that fails.

    With a `key` a thing is asked for once: whoever asks again with it changes nothing.
    """

    __slots__ = ()

    db: AsyncSession
    now: datetime

    async def later(
        self,
        job: JobCall,
        *,
        at: datetime | None = None,
        key: str | None = None,
        person: UUID | None = None,
        expires_at: datetime | None = None,
    ) -> bool:
        """Runs the job at `at`, else at once; False where `key` was used before. It may run twice after a crash.

        Deleting the `person` drops it.
        """
        return await self._later(NewJob(key or f"once:{uuid4()}", job.packed, at or self.now, expires_at, person))

    async def post(
        self,
        destination: str,
        job: JobCall,
        *,
        at: datetime | None = None,
        key: str | None = None,
        person: UUID | None = None,
        grace: timedelta = POST_GRACE,
    ) -> UUID | None:
        """Posts the card that the job gives at that moment; the post's id, None where `key` was used before.

        A job that gives no card posts nothing. `person` is whose message it is; deleting them drops it.
        """
        at = at or self.now
        post_id = post_id_of(key) if key else uuid4()
        name, *args = job.packed.split(":")
        post = NewPost(post_id, name, args, destination, person)
        sending = NewJob(_job_key(post_id), job.packed, at, at + grace, person, post_id, destination)
        return post_id if await self._post(post, sending) else None

    async def tell(
        self,
        person_id: UUID,
        job: JobCall,
        *,
        at: datetime | None = None,
        key: str | None = None,
        grace: timedelta = POST_GRACE,
        group_zone: str | None = None,
    ) -> UUID | None:
        """Posts it in the member's direct messages, outside their quiet hours; the post's id.

        `group_zone` is that of the group it is about, whose clock counts for who told no zone. None where they did not
        choose direct messages, or do not want to be written to first: nothing is asked then.
        """
        person = await self.db.get(Person, person_id)
        if person is None or person.direct is None or not person.may_write_first:
            return None
        at = after_quiet(at or self.now, person, elsewhere=await zone_of(self.db, person, group_zone=group_zone))
        return await self.post(person.direct, job, at=at, key=key, person=person_id, grace=grace)

    async def postpone(
        self,
        person_id: UUID,
        key: str,
        *,
        at: datetime,
        grace: timedelta = POST_GRACE,
        group_zone: str | None = None,
    ) -> bool:
        """Another time for what a member is to be told under this key, outside their quiet hours as they are now.

        False where it has gone out, or was never asked for: nothing changes then.
        """
        person = await self.db.get(Person, person_id)
        if person is None:
            return False
        at = after_quiet(at, person, elsewhere=await zone_of(self.db, person, group_zone=group_zone))
        return await postpone_job(self.db, _job_key(post_id_of(key)), at=at, expires_at=at + grace)

    async def redraw(self, post_id: UUID) -> None:
        """Draws a post anew from current data, in place; what was never posted is only drawn once, when it is."""
        await redraw_post(self.db, post_id, at=self.now)

    async def _later(self, job: NewJob) -> bool:
        return await create_jobs(self.db, [job]) == 1

    async def _post(self, post: NewPost, sending: NewJob) -> bool:
        if not await create_posts_once(self.db, [post], at=self.now):
            return False
        await create_jobs(self.db, [sending])
        return True


@dataclass(frozen=True, slots=True)
class Gathering(Outbox):
    """Gathers what is asked for, and writes all of it with few statements: `gathered`.

    What is asked for under a key that was used before changes nothing, and is told so as if it were new.
    """

    db: AsyncSession
    now: datetime
    _jobs: list[NewJob] = field(default_factory=list)
    _posts: list[tuple[NewPost, NewJob]] = field(default_factory=list)

    async def write(self) -> None:
        made = await create_posts_once(self.db, [post for post, _ in self._posts], at=self.now)
        await create_jobs(self.db, [*self._jobs, *(sending for post, sending in self._posts if post.id in made)])

    async def _later(self, job: NewJob) -> bool:
        self._jobs.append(job)
        return True

    async def _post(self, post: NewPost, sending: NewJob) -> bool:
        self._posts.append((post, sending))
        return True


@asynccontextmanager
async def gathered(outbox: Outbox) -> AsyncIterator[Outbox]:
    """An outbox for much at once; what was asked for is written at the end."""
    gathering = Gathering(outbox.db, outbox.now)
    yield gathering
    await gathering.write()


async def redraw_post(db: AsyncSession, post_id: UUID, *, at: datetime | None = None) -> None:
    """Has a post drawn anew from what is there by then; one that nobody asked for is none.

    Without `at` it is due at once, and until it is done.
    """
    post = await db.get(Post, post_id)
    if post is not None:
        await create_job(
            db,
            key=f"redraw:{uuid4()}",
            call=":".join([post.job, *post.args]),
            at=at or post.created_at,
            expires_at=None if at is None else at + POST_GRACE,
            post=post,
        )


async def withdraw_post(db: AsyncSession, post_id: UUID, *, at: datetime | None = None, key: str | None = None) -> None:
    """Has a post taken back from its platform at `at`, else at once, also when its member is gone by then.

    One that is not sent by then never is, and one that nobody asked for is none. With a `key` it is asked once.
    """
    post = await db.get(Post, post_id)
    if post is not None:
        await create_job(
            db,
            key=key or f"withdraw:{uuid4()}",
            call=pack(WITHDRAWAL, [post_id]),
            at=at or post.created_at,
            expires_at=None if at is None else at + WITHDRAWAL_GRACE,
        )


def post_id_of(key: str) -> UUID:
    """The id of the post that was asked for with this key, or would be."""
    return uuid5(NAMESPACE_OID, key)


def _job_key(post_id: UUID) -> str:
    return f"post:{post_id}"
