"""Takes people out of the places of their groups, though all else of them is deleted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Run
from bot.cards import Channel, Words, say
from bot.machine import machine
from bot.outbox import Outbox
from bot.sending import Lacking, NotDelivered, Refused, Unreachable
from db.members import IdentityKey
from db.removals import Removal, create_removals, delete_old_removals, delete_removal, find_removals

TOLD_FIRST: Final = timedelta(minutes=1)
"""The answer to a deletion tries it by itself, and tells how that went."""
TRIED_FOR: Final = timedelta(days=1)


async def leave_places(outbox: Outbox, person_id: UUID) -> UUID | None:
    """Has a person taken out of the places of all their groups; None where they are in none.

    It is to be called before they are deleted, in the same transaction. All that is kept of them for it is the id of
    their account, sealed, until they are out. The id that it gives is for `take_out`.
    """
    leaving = uuid4()
    removals = await create_removals(outbox.db, person_id, leaving=leaving, at=outbox.now)
    for each in removals:
        job = leave_place.call(each.id)
        await outbox.later(job, at=outbox.now + TOLD_FIRST, expires_at=outbox.now + TRIED_FOR)
    return leaving if removals else None


async def take_out(run: Run, leaving: UUID) -> Sequence[Words]:
    """Tries it now; for each place that they are still in, what they can do about it."""
    async with run.reading() as db:
        waiting = await find_removals(db, leaving)
    said = [await _try(run, each.id, each.destination) for each in waiting]
    return [words for words in said if words is not None]


@machine.job(key="leave_place")
async def leave_place(run: Run, removal_id: UUID) -> None:
    """The same for one place, and again while the platform cannot be asked."""
    await _take_out(run, removal_id)


@machine.tidy
async def forget(db: AsyncSession, now: datetime) -> None:
    await delete_old_removals(db, before=now - TRIED_FOR)


async def _try(run: Run, removal_id: UUID, destination: str) -> Words | None:
    place = Channel(destination.rpartition(":")[2])
    try:
        why = await _take_out(run, removal_id)
    except NotDelivered:
        return say("I could not take you out of {place} yet. I go on trying for a day.", place=place)
    return why and say("I could not take you out of {place}. {why}", place=place, why=why)


async def _take_out(run: Run, removal_id: UUID) -> Words | None:
    """Why it cannot be done, None where it is. Raises NotDelivered where that cannot be found out now."""
    async with run.reading() as db:
        removal = await db.get(Removal, removal_id)
        if removal is None:
            return None
        destination, user = removal.destination, removal.user
    why: Words | None = None
    try:
        await run.rooms.let_out(destination, IdentityKey(destination.partition(":")[0], "", user))
    except Lacking as lacking:
        why = lacking.words
    except (Refused, Unreachable):
        why = _CLOSED
    async with run.transaction() as db:
        await delete_removal(db, removal_id)
    return why


_CLOSED: Final = say("It is closed to me. Leave it yourself, where you still see it.")
