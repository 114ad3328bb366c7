"""Runs jobs: gives them what they work with, and draws the cards of those that give one."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID, uuid4

from bot.acts import unpack_bound
from bot.call import Run
from bot.cards import Card
from bot.clock import Clock
from bot.features import Features
from bot.pack import key_of
from bot.platforms.base import Platform
from bot.rooms import Rooms
from bot.sending import Unreachable
from db.members import IdentityKey
from db.session import Database


class Runs:
    """Every job is run by this, whatever it was asked by."""

    def __init__(
        self,
        features: Features,
        *,
        database: Database,
        clock: Clock,
        platforms: Mapping[str, Platform],
        withdraw: Callable[[UUID], Awaitable[bool]],
    ) -> None:
        self._features = features
        self._database = database
        self._clock = clock
        self._platforms = platforms
        self._withdraw = withdraw

    async def run(self, call: str) -> Card | None:
        """Runs the job of a packed call, and gives its card. KeyError for an unknown one, ValueError for a damaged one.

        None where it draws nothing: it is no longer needed, or only worked.
        """
        declared = self._features.jobs[key_of(call)]
        return await declared.handler(self._new(), *unpack_bound(call, declared.bound))

    def _new(self) -> Run:
        return Run(
            transaction=self._database.writing,
            reading=self._database.reading,
            withdraw=self._withdraw,
            open_direct=self._open_direct,
            deliver=self._deliver,
            draw=self.run,
            rooms=Rooms(self._platforms),
            now=self._clock.now(),
            extensions=self._features.extensions,
        )

    async def _open_direct(self, user: IdentityKey) -> str:
        return await self._platform(user.platform).open_direct(tenant=user.tenant, user=user.user)

    async def _deliver(self, destination: str, card: Card) -> str:
        platform = self._platform(destination.partition(":")[0])
        return await platform.send(destination=destination, card=card, delivery=uuid4())

    def _platform(self, name: str) -> Platform:
        if name not in self._platforms:
            raise Unreachable("not running")
        return self._platforms[name]
