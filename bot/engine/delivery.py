"""Carries out one job: runs it, or draws its card and sends it, and notes how that ended."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import finished
from bot.backoff import full_jitter
from bot.cards import Card, Note, say, say_n
from bot.clock import Clock
from bot.engine.ledger import Done, Ledger, Sending
from bot.features import Features
from bot.logs import new_reference
from bot.pack import key_of
from bot.platforms.base import Platform
from bot.runs import Runs
from bot.sending import InDoubt, NotDelivered, Refused, TryLater, Unknowable, Unreachable
from db.claims import ATTEMPTS, Claimed, give_up, try_later
from db.jobs import WORK, JobState
from db.posts import PostState, mark_unsent
from db.session import Database

logger = logging.getLogger(__name__)

T = TypeVar("T")
OnClose = Callable[[AsyncSession, UUID, datetime], Awaitable[None]]

FIRST_WAIT_SECONDS: Final = 5.0
LONGEST_WAIT_SECONDS: Final = 600.0
SEND_SECONDS: Final = 20.0
"""A third of the lease: a call that takes longer is in doubt while the job is still ours."""
NOTE_AGAIN: Final = timedelta(seconds=0.5)
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
    waiting: bool = False
    """It is tried until its time is over, however often: nothing is wrong with the job."""
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
    7. Note how it ended, where the fence still holds: done; later, with full jitter; or given up, after `ATTEMPTS`.
       Where the platform takes nothing there any more, the place is closed, and `on_close` is told.
       While a platform is down or wants nothing, none of these is counted: it is tried until its time is over.
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
        on_close: OnClose | None = None,
    ) -> None:
        """`fraction` gives the part of the longest wait that an attempt waits; `on_end` is told of each attempt.

        `on_close` is told of the job for which its destination was closed, in the same transaction.
        """
        self._features = features
        self._database = database
        self._clock = clock
        self._platforms = platforms
        self._runs = runs
        self._fraction = fraction
        self._send_seconds = send_seconds
        self._on_end = on_end
        self._on_close = on_close
        self._ledger = Ledger(database, clock.now)

    async def carry_out(self, job: Claimed) -> None:
        """Does the job, or notes why not."""
        try:
            if job.post_id is None or job.destination is None:
                outcome = await self._run(job)
            else:
                outcome = await self._deliver(job, job.post_id, job.destination)
        except NotDelivered as error:
            outcome = await self._note(job, _verdict(error), failure=error.__cause__)
        except Unknowable:
            outcome = await self._note(job, Verdict(JobState.UNCERTAIN, "in doubt"))
        except Exception as error:  # noqa: BLE001 - whatever a feature or a library raises
            outcome = await self._note(job, Verdict(None, type(error).__name__), failure=error)
        late = max(0.0, (self._clock.now() - job.due_at).total_seconds())
        ended = Ended(self._key(job), platform_of(job), outcome, late)
        if ended.well:
            logger.info(outcome, extra={"fields": self._about(job) | {"late": round(late, 1)}})
        self._on_end(ended)

    async def _run(self, job: Claimed) -> str:
        await self._draw(job)
        return await self._done(job, "done")

    async def _draw(self, job: Claimed) -> Card | None:
        if key_of(job.call) not in self._features.jobs:
            raise Refused("unknown job")
        return await self._runs.run(job.call)

    async def _deliver(self, job: Claimed, post_id: UUID, destination: str) -> str:
        if job.posted in {PostState.WITHDRAWN, PostState.FAILED}:
            return await self._done(job, "unneeded")
        platform = self._platforms[destination.partition(":")[0]]
        if job.sending_at is not None and job.message_ref is None:
            seconds = (job.real_now() - job.sending_at).total_seconds()
            async with asyncio.timeout(self._send_seconds):
                found = await platform.find(destination=destination, delivery=post_id, seconds=seconds)
            if found is not None:
                return await self._done(job, "found", message=found)
        card = await self._draw(job)
        if card is None:
            return await self._done(job, "unneeded", unneeded=job.message_ref is None)
        if job.message_ref is None:
            card = self._late(card, job)
        card = finished(card, self._features.extensions)
        if not await self._ledger.note(Sending(job)):
            return "lost"
        outcome = "sent" if job.message_ref is None else "edited"
        try:
            return await self._done(job, outcome, message=await self._send(platform, job, post_id, destination, card))
        except NotDelivered:
            raise
        except Exception as error:
            # Whatever broke, perhaps the note of the end, the message may be there.
            raise InDoubt(type(error).__name__) from error

    async def _send(self, platform: Platform, job: Claimed, post_id: UUID, destination: str, card: Card) -> str:
        try:
            async with asyncio.timeout(self._send_seconds):
                if job.message_ref is None:
                    return await platform.send(destination=destination, card=card, delivery=post_id)
                await platform.edit(destination=destination, message=job.message_ref, card=card)
                return job.message_ref
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

    async def _done(self, job: Claimed, outcome: str, *, message: str | None = None, unneeded: bool = False) -> str:
        """Notes that it is done; how it ended."""
        if await self._insist(job, lambda: self._ledger.note(Done(job, message, unneeded))):
            return outcome
        logger.warning("a job was done after its lease", extra={"fields": self._about(job)})
        return "lost"

    async def _insist(self, job: Claimed, note: Callable[[], Awaitable[T]]) -> T:
        """The database may restart: tries until the lease ends, since what is known to be over is in no doubt."""
        while True:
            try:
                return await note()
            except Exception as error:
                if job.real_now() + NOTE_AGAIN > job.lease_until:
                    raise
                about = {**self._about(job), "error": type(error).__name__}
                logger.warning("not noted yet", extra={"fields": about})
            await asyncio.sleep(NOTE_AGAIN.total_seconds())

    async def _note(self, job: Claimed, verdict: Verdict, *, failure: BaseException | None = None) -> str:
        """Writes down what was in the way; how it ended. Where even that fails, the job is found again by its lease."""
        now = self._clock.now()
        # An attempt that certainly failed says nothing of an earlier one that is in doubt.
        in_doubt = verdict.in_doubt or job.sending_at is not None
        state = verdict.state
        waiting = verdict.waiting and job.expires_at is not None
        if state is None and job.attempts >= ATTEMPTS and not waiting:
            state = JobState.DEAD
        if state is JobState.DEAD and in_doubt:
            state = JobState.UNCERTAIN
        reference = new_reference() if failure is not None or state is not None else None
        fields = {**self._about(job), "error": verdict.error, "attempt": job.attempts, "state": state or "again"}
        logger.log(
            logging.ERROR if failure is not None else logging.WARNING,
            "not delivered" if job.post_id else "not done",
            exc_info=failure,
            extra={"fields": fields | ({"reference": reference} if reference else {})},
        )

        async def note() -> None:
            async with self._database.writing() as db:
                if state is None:
                    await try_later(
                        db,
                        job,
                        not_before=now + timedelta(seconds=max(self._wait(job.attempts), verdict.seconds)),
                        error=verdict.error,
                        in_doubt=in_doubt,
                        waiting=waiting,
                        reference=reference,
                        closed_seconds=verdict.seconds,
                    )
                else:
                    ours = await give_up(
                        db, job, state, at=now, error=verdict.error, reference=reference, close=verdict.close
                    )
                    if ours and job.post_id is not None and state is JobState.DEAD:
                        await mark_unsent(db, job.post_id)
                    if ours and verdict.close and self._on_close is not None:
                        await self._on_close(db, job.id, now)

        try:
            await self._insist(job, note)
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
        return full_jitter(attempts, first=FIRST_WAIT_SECONDS, longest=LONGEST_WAIT_SECONDS, fraction=self._fraction)


def platform_of(job: Claimed) -> str:
    """Where a job goes; "work" for one that goes nowhere."""
    return job.destination.partition(":")[0] if job.destination is not None else WORK


def _verdict(error: NotDelivered) -> Verdict:
    match error:
        case TryLater(seconds=seconds):
            return Verdict(None, error.code, waiting=True, seconds=seconds)
        case InDoubt():
            return Verdict(None, error.code, in_doubt=True)
        case Unreachable():
            return Verdict(JobState.DEAD, error.code, close=True)
        case _:
            return Verdict(JobState.DEAD, error.code)
