"""The private places that groups meet in, on whichever platform they are."""

from collections.abc import Collection, Mapping

from bot.platforms.base import Platform
from bot.sending import TryLater
from db.members import IdentityKey


class Rooms:
    """Makes places and says who is in them. Every call raises NotDelivered, and Lacking with what is missing."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms

    async def make(self, platform: str, *, community: str, near: str, name: str, mark: str) -> str:
        """A new private place beside the channel `near`; its destination. The same for the same `mark`."""
        return await self._platform(platform).make_place(community=community, near=near, name=name, mark=mark)

    async def adopt(self, platform: str, *, community: str, channel: str) -> str:
        """The destination of a private place that is there already."""
        return await self._platform(platform).adopt_place(community=community, channel=channel)

    async def let_in(self, destination: str, user: IdentityKey) -> None:
        """Adds a person; may be done twice."""
        await self._platform(user.platform).let_in(destination=destination, user=user.user)

    async def let_out(self, destination: str, user: IdentityKey) -> None:
        """Removes a person; may be done twice."""
        await self._platform(user.platform).let_out(destination=destination, user=user.user)

    async def find_absent(self, destination: str, users: Collection[IdentityKey]) -> Collection[IdentityKey]:
        """Those of these people who are certainly not in a place."""
        absent = await self._platform(destination.partition(":")[0]).find_absent(
            destination=destination, users=[each.user for each in users]
        )
        return [each for each in users if each.user in absent]

    async def has_left(self, community: str, user: IdentityKey) -> bool:
        """Whether a person is certainly no longer in a server or workspace."""
        return await self._platform(user.platform).has_left(community=community, user=user.user)

    def _platform(self, name: str) -> Platform:
        platform = self._platforms.get(name)
        if platform is None:
            raise TryLater("not running")
        return platform
