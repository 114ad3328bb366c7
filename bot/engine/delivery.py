"""Carries out one job: runs it, or draws its card and sends it, and notes how that ended."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.answers import finished
from bot.cards import Card, Note, say, say_n
from bot.clock import Clock
from bot.features import Features
from bot.logs import new_reference
from bot.pack import key_of
from bot.platforms.base import Platform
from bot.runs import Runs
from bot.sending import InDoubt, NotDelivered, Refused, TryLater, Unknowable, Unreachable
from db.claims import ATTEMPTS, Claimed, finish, give_up, mark_sending, try_later
from db.jobs import WORK, JobState
from db.posts import Post, PostState, mark_posted, mark_unsent, mark_withdrawn
from db.session import Database

logger = logging.getLogger(__name__)

FIRST_WAIT_SECONDS: Final = 5.0
LONGEST_WAIT_SECONDS: Final = 600.0
SEND_SECONDS: Final = 20.0
"""A third of the lease: a call that takes longer is in doubt while the job is still ours."""
LATE: Final = timedelta(minutes=15)
"""From here on a message says that it is late."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one attempt ended, as it is counted."""

    key: str
    platform: str
    outcome: str
    """done, sent, edited, found, unneeded; again, dead, uncertain; or lost, where the lease ended before."""
    late_seconds: float
    """After it was due."""

    @property
    def well(self) -> bool:
        return self.outcome not in {"again", "dead", "uncertain", "lost"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one attempt ended, when it did not succeed."""

    state: JobState | None
    """What becomes of the job; None where it is tried again."""
    error: str
    in_doubt: bool = False
    close: bool = False
    seconds: float = 0.0
    """How long the platform wants nothing for the destination."""


class Delivery:
    """Carries out jobs in this order, and never raises.

    1. Find the job by its key; one that no feature declares any more is dead.
    2. One without a post: run it. It may run again after a crash, so what it asks for has keys.
    3. In doubt, where an earlier attempt left no word: ask the platform. Found is done; not there is sent again;
       where it cannot tell, it is not sent twice: the job is uncertain, and its member is told.
    4. Draw the card from current data. None: no longer needed, nothing is sent.
    5. Mark it as being sent, where the lease still holds; else it belongs to somebody else by now.
    6. Send or edit, in `SEND_SECONDS` at most.
    7. Note how it ended, where the fence still holds: done; later, with full jitter; or given up.
    """

    def __init__(
        self,
        features: Features,
        *,
        database: Database,
        clock: Clock,
        platforms: Mapping[str, Platform],
        runs: Runs,
        fraction: Callable[[], float] = random.random,
        send_seconds: float = SEND_SECONDS,
        on_end: Callable[[Ended], None] = lambda _: None,
    ) -> None:
        """`fraction` gives the part of the longest wait that an attempt waits; `on_end` is told of each attempt."""
        self._features = features
        self._database = database
        self._clock = clock
        self._platforms = platforms
        self._runs = runs
        self._fraction = fraction
        self._send_seconds = send_seconds
        self._on_end = on_end

    async def carry_out(self, job: Claimed) -> None:
        """Does the job, or notes why not."""
        try:
            if job.post_id is None:
                await self._run(job)
                outcome = await self._done(job, "done")
            else:
                outcome = await self._deliver(job)
        except NotDelivered as error:
            outcome = await self._note(job, _verdict(error))
        except Unknowable:
            outcome = await self._note(job, Verdict(JobState.UNCERTAIN, "in doubt"))
        except Exception as error:  # noqa: BLE001 - whatever a feature or a library raises
            outcome = await self._note(job, Verdict(None, type(error).__name__), failure=error)
        late = max(0.0, (self._clock.now() - job.due_at).total_seconds())
        ended = Ended(self._key(job), platform_of(job), outcome, late)
        if ended.well:
            logger.info(outcome, extra={"fields": self._about(job) | {"late": round(late, 1)}})
        self._on_end(ended)

    async def _run(self, job: Claimed) -> None:
        if key_of(job.call) not in self._features.jobs:
            raise Refused("unknown job")
        await self._runs.run(job.call)

    async def _deliver(self, job: Claimed) -> str:
        async with self._database.reading() as db:
            post = await db.get(Post, job.post_id)
        if post is None or post.state in {PostState.WITHDRAWN, PostState.FAILED}:
            return await self._done(job, "unneeded")
        platform = self._platforms[post.destination.partition(":")[0]]
        if job.sending_at is not None and post.message_ref is None:
            seconds = (job.real_now() - job.sending_at).total_seconds()
            async with asyncio.timeout(self._send_seconds):
                found = await platform.find(destination=post.destination, delivery=post.id, seconds=seconds)
            if found is not None:
                return await self._done(job, "found", post, message=found)
        if key_of(job.call) not in self._features.jobs:
            raise Refused("unknown job")
        card = await self._runs.run(job.call)
        if card is None:
            return await self._done(job, "unneeded", post, unneeded=post.message_ref is None)
        if post.message_ref is None:
            card = self._late(card, job)
        card = finished(card, self._features.extensions)
        if not await self._mark(job):
            return "lost"
        outcome = "sent" if post.message_ref is None else "edited"
        return await self._done(job, outcome, post, message=await self._send(platform, post, card))

    async def _send(self, platform: Platform, post: Post, card: Card) -> str:
        try:
            async with asyncio.timeout(self._send_seconds):
                if post.message_ref is None:
                    return await platform.send(destination=post.destination, card=card, delivery=post.id)
                await platform.edit(destination=post.destination, message=post.message_ref, card=card)
                return post.message_ref
        except TimeoutError:
            raise InDoubt("timeout") from None

    def _late(self, card: Card, job: Claimed) -> Card:
        late = self._clock.now() - job.due_at
        if late < LATE:
            return card
        hours, minutes = late // timedelta(hours=1), late // timedelta(minutes=1)
        words = (
            say_n(hours, "I was away, so this comes an hour late.", "I was away, so this comes {n} hours late.")
            if hours
            else say("I was away, so this comes {minutes} minutes late.", minutes=minutes)
        )
        return replace(card, body=(Note(words), *card.body))

    async def _mark(self, job: Claimed) -> bool:
        async with self._database.writing() as db:
            return await mark_sending(db, job)

    async def _done(
        self,
        job: Claimed,
        outcome: str,
        post: Post | None = None,
        *,
        message: str | None = None,
        unneeded: bool = False,
    ) -> str:
        """Notes that it is done; how it ended."""
        async with self._database.writing() as db:
            ours = await finish(db, job, at=self._clock.now())
            if post is not None and message is not None:
                # Also where the job is lost or its member gone: what is there has to be found, to be withdrawn.
                await mark_posted(db, post.id, message_ref=message)
            elif post is not None and unneeded:
                await mark_withdrawn(db, post.id)
        if not ours:
            logger.warning("a job was done after its lease", extra={"fields": self._about(job)})
        return outcome if ours else "lost"

    async def _note(self, job: Claimed, verdict: Verdict, *, failure: Exception | None = None) -> str:
        """Writes down what was in the way; how it ended. Where even that fails, the job is found again by its lease."""
        now = self._clock.now()
        state = verdict.state
        if state is None and job.attempts >= ATTEMPTS:
            state = JobState.UNCERTAIN if verdict.in_doubt else JobState.DEAD
        reference = new_reference() if failure is not None or state is not None else None
        fields = {
            **self._about(job),
            "error": verdict.error,
            "attempt": job.attempts,
            "state": state or "again",
        }
        logger.log(
            logging.ERROR if failure is not None else logging.WARNING,
            "not delivered" if job.post_id else "not done",
            exc_info=failure,
            extra={"fields": fields | ({"reference": reference} if reference else {})},
        )
        try:
            async with self._database.writing() as db:
                if state is None:
                    await try_later(
                        db,
                        job,
                        not_before=now + timedelta(seconds=max(self._wait(job.attempts), verdict.seconds)),
                        error=verdict.error,
                        in_doubt=verdict.in_doubt,
                        reference=reference,
                        closed_seconds=verdict.seconds,
                    )
                else:
                    ours = await give_up(
                        db, job, state, at=now, error=verdict.error, reference=reference, close=verdict.close
                    )
                    if ours and job.post_id is not None and state is JobState.DEAD:
                        await mark_unsent(db, job.post_id)
        except Exception:
            logger.exception("a job's end was not noted", extra={"fields": self._about(job)})
        return "again" if state is None else state.value

    def _about(self, job: Claimed) -> dict[str, object]:
        """What every line of the log says of a job."""
        held = job.real_now() - job.claimed_at
        return {"platform": platform_of(job), "key": self._key(job), "ms": round(held.total_seconds() * 1000, 1)}

    def _key(self, job: Claimed) -> str:
        key = key_of(job.call)
        return key if key in self._features.jobs else "unknown"

    def _wait(self, attempts: int) -> float:
        """Full jitter: what fails together does not come back together."""
        return self._fraction() * min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** (attempts - 1))


def platform_of(job: Claimed) -> str:
    """Where a job goes; "work" for one that goes nowhere."""
    return job.destination.partition(":")[0] if job.destination is not None else WORK


def _verdict(error: NotDelivered) -> Verdict:
    match error:
        case TryLater(seconds=seconds):
            return Verdict(None, error.code, seconds=seconds)
        case InDoubt():
            return Verdict(None, error.code, in_doubt=True)
        case Unreachable():
            return Verdict(JobState.DEAD, error.code, close=True)
        case _:
            return Verdict(JobState.DEAD, error.code)
