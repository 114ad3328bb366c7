"""Notes what becomes of many jobs in one transaction, since a commit takes as long for one as for twenty."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import withdraw_post
from db.claims import Claimed, finish, mark_sending
from db.posts import mark_all_posted, mark_withdrawn
from db.session import Database


@dataclass(frozen=True, slots=True, eq=False)
class Sending:
    """The job is about to be sent."""

    job: Claimed


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """The job is done: its message is there, or was not needed, or it had none."""

    job: Claimed
    message: str | None = None
    unneeded: bool = False


Entry = Sending | Done


class Ledger:
    """Whatever is to be noted while one transaction is under way goes into the next."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._waiting: list[tuple[Entry, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def note(self, entry: Entry) -> bool:
        """After the commit: whether the job was still ours. Raises what was in the way of the transaction."""
        noted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, noted))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await noted

    async def _write_all(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            ours: set[Entry] = set()
            error: Exception | None = None
            try:
                async with self._database.writing() as db:
                    ours = await self._write(db, [entry for entry, _ in taken])
            except Exception as caught:  # noqa: BLE001 - it is for those who wait
                error = caught
            for entry, noted in taken:
                if noted.done():  # whoever waited was cancelled
                    continue
                if error is None:
                    noted.set_result(entry in ours)
                else:
                    noted.set_exception(error)

    async def _write(self, db: AsyncSession, entries: Sequence[Entry]) -> set[Entry]:
        sending = {entry.job.id: entry for entry in entries if isinstance(entry, Sending)}
        done = {entry.job.id: entry for entry in entries if isinstance(entry, Done)}
        marked = await mark_sending(db, [entry.job for entry in sending.values()])
        ended = await finish(db, [entry.job for entry in done.values()], at=self._now())
        # Also where a job is lost or its member gone: what is there has to be found, to be withdrawn.
        for post_id in await mark_all_posted(
            db, {entry.job.post_id: entry.message for entry in done.values() if entry.job.post_id and entry.message}
        ):
            await withdraw_post(db, post_id, at=self._now())
        for entry in done.values():
            if entry.unneeded and entry.job.post_id:
                await mark_withdrawn(db, entry.job.post_id)
        return {sending[job_id] for job_id in marked} | {done[job_id] for job_id in ended}
