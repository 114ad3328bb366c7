"""One process that sends, as `python -m bot run` would be with the feature of this test and without a gateway.

Arguments: the seconds of a lease, and those for which Discord is trusted to know a nonce again.
"""

import asyncio
import gc
import sys
from typing import Final

from bot.app import App, MakePlatforms, build
from bot.clock import Clock, SystemClock
from bot.environment import read_settings
from bot.installations import Installations
from bot.logs import start_logging
from bot.platforms.base import Desk, Platform
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.slack.adapter import SlackPlatform
from bot.platforms.slack.login import Workspace
from bot.sending import Rate
from bot.settings import Settings
from bot.supervise import stop_on_signals
from db.session import Database
from tests.crash.asks import asks

UNLIMITED: Final = Rate(per_second=5000, burst=5000)
"""So that the engine is what is slow: the true rates would make of 10,000 deliveries a test of an hour."""


def put_together(
    settings: Settings,
    *,
    lease_seconds: float,
    nonce_seconds: float,
    clock: Clock | None = None,
    rate: Rate = UNLIMITED,
) -> App:
    """The program with the test's feature and the true platforms, at another rate."""
    return build(
        settings,
        features=(asks,),
        clock=clock,
        platforms=_platforms(settings, clock or SystemClock(), nonce_seconds=nonce_seconds, rate=rate),
        lease_seconds=lease_seconds,
    )


async def log_in(app: App) -> None:
    """On both platforms: enough to send."""
    for platform in app.platforms.values():
        assert isinstance(platform, DiscordPlatform | SlackPlatform)
        await platform.log_in()


def _platforms(settings: Settings, clock: Clock, *, nonce_seconds: float, rate: Rate) -> MakePlatforms:
    def make(desk: Desk, database: Database) -> list[Platform]:
        assert settings.discord_token is not None
        assert settings.slack_bot_token is not None
        token = settings.slack_bot_token.get_secret_value()
        installations = Installations(SlackPlatform.name, database=database, clock=clock)

        async def install(workspace: Workspace) -> None:
            await installations.save(
                enterprise=workspace.enterprise,
                team=workspace.team,
                bot_token=token,
                bot_id=workspace.bot_id,
                bot_user_id=workspace.bot_user,
            )

        discord = DiscordPlatform(
            desk,
            token=settings.discord_token.get_secret_value(),
            api_url=settings.discord_api_url,
            rate=rate,
            nonce_seconds=nonce_seconds,
        )
        slack = SlackPlatform(
            desk,
            clock=clock,
            find_token=installations.find_token,
            bot_token=token,
            install=install,
            api_url=settings.slack_api_url,
            rate=rate,
        )
        return [discord, slack]

    return make


async def main(lease_seconds: float, nonce_seconds: float) -> None:
    settings = read_settings()
    start_logging(level=settings.log_level, form=settings.log_format)
    app = put_together(settings, lease_seconds=lease_seconds, nonce_seconds=nonce_seconds)
    gc.freeze()
    with stop_on_signals() as stop:
        await log_in(app)
        async with app.running():
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(*map(float, sys.argv[1:])))
