"""Takes posts back from the platform they are on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import withdraw_post
from bot.platforms.base import Platform
from bot.sending import NotDelivered, TryLater
from db.posts import Post, mark_failed, mark_withdrawn, take_withdrawals
from db.session import Database

RETRY: Final = timedelta(minutes=15)


class Withdrawals:
    """Withdraws one post at a time, with no transaction open while the platform is asked."""

    def __init__(self, database: Database, platforms: Mapping[str, Platform]) -> None:
        self._database = database
        self._platforms = platforms

    async def withdraw(self, post_id: UUID) -> bool:
        """True where the post is gone, False where its platform does not let it be removed.

        Raises NotDelivered where that cannot be found out now.
        """
        async with self._database.reading() as db:
            post = await db.get(Post, post_id)
        if post is None:
            return True
        platform = self._platforms.get(post.destination.partition(":")[0])
        if platform is None:
            raise TryLater("not running", seconds=RETRY.total_seconds())
        try:
            gone = post.message_ref is None or await platform.withdraw(
                destination=post.destination, message=post.message_ref
            )
        except NotDelivered:
            raise
        except Exception as error:
            raise TryLater(type(error).__name__, seconds=RETRY.total_seconds()) from error
        async with self._database.writing() as db:
            await (mark_withdrawn if gone else mark_failed)(db, post_id)
        return gone


async def take_over(db: AsyncSession, _now: datetime) -> None:
    """Asks for what the version before this one noted on the post itself, as its processes may still do."""
    for post_id, at in await take_withdrawals(db):
        await withdraw_post(db, post_id, at=at)
