"""What several processes may not do at once: one of them has the duty, the others stand by to take over."""

import asyncio
import logging
from typing import Final

from bot.owner import new_owner
from bot.waiting import pause
from db.duties import leave_duty, take_duty
from db.session import Database

logger = logging.getLogger(__name__)

LEASE_SECONDS: Final = 12.0
"""How long nobody else takes over from a process that died."""


class Duty:
    """One process's part in a duty: it waits for it, has it, and says so again and again."""

    def __init__(self, database: Database, key: str, *, lease_seconds: float = LEASE_SECONDS) -> None:
        self._database = database
        self._key = key
        self._lease_seconds = lease_seconds
        self.owner = new_owner()
        self.waiting = False
        """Another process has it."""
        self._mine = False
        self._left = asyncio.Event()

    async def take(self) -> None:
        """Waits until it is ours, or was left."""
        try:
            while not await self._ask() and not self._left.is_set():
                if not self.waiting:
                    logger.info("standing by", extra={"fields": {"duty": self._key}})
                    self.waiting = True
                await self._pause()
        finally:
            self.waiting = False

    async def keep(self) -> None:
        """Keeps it until somebody else has it, as after this process was frozen for a while, or it was left."""
        while not self._left.is_set():
            await self._pause()
            if not await self._ask():
                return

    async def leave(self) -> None:
        """Lets another process have it at once."""
        self._left.set()
        try:
            async with self._database.writing() as db:
                await leave_duty(db, self._key, owner=self.owner)
        except Exception as error:  # noqa: BLE001 - whatever is in the way, the lease ends by itself
            self._unknown(error)

    async def _ask(self) -> bool:
        """Whether it is ours. While the database is down it stays as it was: nobody can take over then."""
        if self._left.is_set():
            return False
        try:
            async with self._database.writing() as db:
                self._mine = await take_duty(db, self._key, owner=self.owner, lease_seconds=self._lease_seconds)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises
            self._unknown(error)
        return self._mine

    async def _pause(self) -> None:
        await pause(self._lease_seconds / 4, unless=self._left)

    def _unknown(self, error: Exception) -> None:
        logger.warning("duty not asked", extra={"fields": {"duty": self._key, "error": type(error).__name__}})
