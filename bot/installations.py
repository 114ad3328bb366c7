"""Which workspaces let the bot in, as a platform that has many of them asks."""

from bot.clock import Clock
from db.places import find_installation, save_installation
from db.session import Database


class Installations:
    """The installations of one platform, kept sealed."""

    def __init__(self, platform: str, *, database: Database, clock: Clock) -> None:
        self._platform = platform
        self._database = database
        self._clock = clock

    async def find_token(self, enterprise: str | None, team: str | None) -> str | None:
        """The bot token for a workspace, None where the bot is not installed."""
        async with self._database.reading() as db:
            found = await find_installation(db, platform=self._platform, enterprise=enterprise or "", team=team or "")
            return found.bot_token if found else None

    async def save(self, *, enterprise: str, team: str, bot_token: str, bot_id: str, bot_user_id: str) -> None:
        """Remembers a workspace, in place of what was known of it."""
        async with self._database.writing() as db:
            await save_installation(
                db,
                platform=self._platform,
                enterprise=enterprise,
                team=team,
                bot_token=bot_token,
                at=self._clock.now(),
                bot_id=bot_id,
                bot_user_id=bot_user_id,
            )
