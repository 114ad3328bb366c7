"""Tells the features of a place that takes no messages any more, once a platform has said so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Asking, Run
from bot.events import PlaceClosed
from bot.machine import machine
from db.jobs import Job, is_open


async def note_closed(db: AsyncSession, job_id: UUID, at: datetime) -> None:
    """In the transaction that closes the place, because this job could not be delivered there."""
    await Asking(db, at).later(closed.call(job_id))


@machine.job(key="closed")
async def closed(run: Run, job_id: UUID) -> None:
    """Announces it, where it is still so."""
    async with run.transaction() as db:
        job = await db.get(Job, job_id)
        if job is not None and job.destination is not None and not await is_open(db, job.destination):
            await run.asking(db).announce(PlaceClosed(job.destination, job.person_id))
