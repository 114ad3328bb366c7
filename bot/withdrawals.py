"""Takes posts back from the platform they are on."""

import logging
from collections.abc import Mapping
from uuid import UUID

from bot.logs import new_reference
from bot.platforms.base import Platform
from db.posts import Post, mark_failed, mark_withdrawn
from db.session import Database

logger = logging.getLogger(__name__)


class Withdrawals:
    """Withdraws one post at a time, with no transaction open while the platform is asked."""

    def __init__(self, database: Database, platforms: Mapping[str, Platform]) -> None:
        self._database = database
        self._platforms = platforms

    async def withdraw(self, post_id: UUID) -> bool:
        """True where the post is gone. False where it cannot be removed, or not now: the heartbeat tries again."""
        async with self._database.reading() as db:
            post = await db.get(Post, post_id)
        if post is None:
            return True
        platform = self._platforms.get(post.destination.partition(":")[0])
        if platform is None:
            return False
        try:
            gone = post.message_ref is None or await platform.withdraw(
                destination=post.destination, message=post.message_ref
            )
        except Exception:
            logger.exception("withdrawing failed", extra={"fields": {"reference": new_reference()}})
            return False
        async with self._database.writing() as db:
            await (mark_withdrawn if gone else mark_failed)(db, post_id)
        return gone
