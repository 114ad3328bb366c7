"""What jobs are given to work with, made in one place."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from bot.call import Run
from bot.clock import Clock
from bot.extensions import Extensions
from bot.platforms.base import Platform
from bot.sending import Unreachable
from db.members import IdentityKey
from db.session import Database


class Runs:
    """Makes the Run of a job."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        extensions: Extensions,
        platforms: Mapping[str, Platform],
        withdraw: Callable[[UUID], Awaitable[bool]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._extensions = extensions
        self._platforms = platforms
        self._withdraw = withdraw

    def new(self) -> Run:
        return Run(
            transaction=self._database.writing,
            reading=self._database.reading,
            withdraw=self._withdraw,
            open_direct=self._open_direct,
            now=self._clock.now(),
            extensions=self._extensions,
        )

    async def _open_direct(self, user: IdentityKey) -> str:
        platform = self._platforms.get(user.platform)
        if platform is None:
            raise Unreachable("not running")
        return await platform.open_direct(tenant=user.tenant, user=user.user)
