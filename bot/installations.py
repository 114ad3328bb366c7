"""Which workspaces let the bot in, as a platform that has many of them asks."""

import time
from collections.abc import Callable
from typing import Final

from bot.clock import Clock
from db.places import find_installation, save_installation
from db.session import Database

KNOWN_SECONDS: Final = 30.0
"""How long a token is taken without looking again: another process may have saved or removed it."""


class Installations:
    """The installations of one platform, kept sealed; what every event asks for is remembered for moments."""

    def __init__(
        self, platform: str, *, database: Database, clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._platform = platform
        self._database = database
        self._clock = clock
        self._monotonic = monotonic
        self._known: dict[tuple[str, str], tuple[float, str]] = {}

    async def find_token(self, enterprise: str | None, team: str | None) -> str | None:
        """The bot token for a workspace, None where the bot is not installed."""
        workspace, now = (enterprise or "", team or ""), self._monotonic()
        at, token = self._known.get(workspace, (float("-inf"), None))
        if token is not None and now - at < KNOWN_SECONDS:
            return token
        async with self._database.reading() as db:
            found = await find_installation(db, platform=self._platform, enterprise=workspace[0], team=workspace[1])
            token = found.bot_token if found else None
        if token is None:
            self._known.pop(workspace, None)
        else:
            self._known[workspace] = now, token
        return token

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
        self._known.clear()
