"""The composition root: the only place that constructs things. Every default is a parameter."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bot.clock import Clock, SystemClock
from bot.dispatch import Dispatcher
from bot.engine.delivery import Delivery
from bot.engine.rhythm import Rhythm
from bot.engine.worker import LEASE_SECONDS, Worker
from bot.feature import Feature
from bot.features import Features
from bot.heartbeat import Heartbeat
from bot.installations import Installations
from bot.keyfile import load_keyring
from bot.loader import collect, discover
from bot.machine import machine
from bot.members import Members
from bot.platforms.base import Desk, Platform
from bot.runs import Runs
from bot.settings import Settings
from bot.withdrawals import Withdrawals
from db.keyring import Keyring
from db.session import Database

WORK_SECONDS: Final = 5.0
"""For what is on its way when the program stops; what is not done by then is reconciled later."""


@dataclass(frozen=True, slots=True)
class App:
    """A program that is put together, and not yet running."""

    settings: Settings
    features: Features
    database: Database
    clock: Clock
    dispatcher: Dispatcher
    platforms: Mapping[str, Platform]
    heartbeat: Heartbeat
    rhythm: Rhythm
    worker: Worker

    @asynccontextmanager
    async def running(self) -> AsyncIterator["App"]:
        """Keeps the regular work going; at the end lets the platforms finish, and closes the database.

        The platforms themselves are started by whoever supervises them.
        """
        self.heartbeat.start()
        working = asyncio.create_task(self.worker.run())
        try:
            yield self
        finally:
            await asyncio.gather(self.heartbeat.stop(seconds=WORK_SECONDS), self.worker.stop(seconds=WORK_SECONDS))
            await working
            await asyncio.gather(*(platform.close() for platform in self.platforms.values()), return_exceptions=True)
            await self.database.close()

    async def catch_up(self) -> None:
        """Brings about all that is due by the clock now, and waits for it: what `running` does by and by."""
        await self.rhythm.turn()
        await self.worker.drain()


MakePlatforms = Callable[[Desk, Database], Sequence[Platform]]


def build(
    settings: Settings,
    *,
    features: Sequence[Feature] | None = None,
    keyring: Keyring | None = None,
    clock: Clock | None = None,
    platforms: MakePlatforms | None = None,
    lease_seconds: float = LEASE_SECONDS,
) -> App:
    """Puts the program together. Connects to nothing. Raises BadDeclarationsError and WrongSettings.

    `lease_seconds` is after how long another process takes over what one that died was at.
    """
    clock = clock or SystemClock()
    keyring = keyring or load_keyring(settings)
    collected = collect((*(discover() if features is None else features), machine))
    database = Database(settings.database, keyring)
    made: dict[str, Platform] = {}
    withdraw = Withdrawals(database, made).withdraw
    runs = Runs(database=database, clock=clock, extensions=collected.extensions, platforms=made, withdraw=withdraw)
    dispatcher = Dispatcher(collected, database=database, clock=clock, members=Members(keyring), runs=runs)
    make = platforms or (lambda desk, floor: platforms_of(settings, desk, floor, clock))
    made.update({platform.name: platform for platform in make(dispatcher, database)})
    rhythm = Rhythm(database=database, clock=clock, schedules=collected.schedules)
    heartbeat = Heartbeat(
        database=database,
        clock=clock,
        extensions=collected.extensions,
        rhythm=rhythm,
        withdraw=withdraw,
        reap_seconds=lease_seconds / 12,
    )
    delivery = Delivery(
        collected, database=database, clock=clock, platforms=made, runs=runs, send_seconds=lease_seconds / 3
    )
    rates = {name: platform.rate for name, platform in made.items()}
    worker = Worker(database=database, clock=clock, delivery=delivery, rates=rates, lease_seconds=lease_seconds)
    database.on_work = worker.wake
    return App(settings, collected, database, clock, dispatcher, made, heartbeat, rhythm, worker)


def platforms_of(settings: Settings, desk: Desk, database: Database, clock: Clock) -> list[Platform]:
    """Every platform that has a token. The libraries of the others are not even imported."""
    made: list[Platform] = []
    if settings.discord_token is not None:
        made.append(_discord(settings, desk, settings.discord_token.get_secret_value()))
    if settings.slack_bot_token is not None:
        made.append(_slack(settings, desk, database, clock, settings.slack_bot_token.get_secret_value()))
    return made


def _discord(settings: Settings, desk: Desk, token: str) -> Platform:
    from bot.platforms.discord.adapter import DiscordPlatform  # noqa: PLC0415 - only where there is a token

    return DiscordPlatform(
        desk, token=token, api_url=settings.discord_api_url, gateway_url=settings.discord_gateway_url
    )


def _slack(settings: Settings, desk: Desk, database: Database, clock: Clock, bot_token: str) -> Platform:
    from bot.platforms.slack.adapter import SlackPlatform  # noqa: PLC0415 - only where there is a token
    from bot.platforms.slack.login import Workspace  # noqa: PLC0415 - as above

    installations = Installations(SlackPlatform.name, database=database, clock=clock)

    async def install(workspace: Workspace) -> None:
        await installations.save(
            enterprise=workspace.enterprise,
            team=workspace.team,
            bot_token=bot_token,
            bot_id=workspace.bot_id,
            bot_user_id=workspace.bot_user,
        )

    app_token, secret = settings.slack_app_token, settings.slack_signing_secret
    return SlackPlatform(
        desk,
        clock=clock,
        find_token=installations.find_token,
        bot_token=bot_token,
        app_token=app_token.get_secret_value() if app_token else None,
        signing_secret=secret.get_secret_value() if secret else None,
        install=install,
        api_url=settings.slack_api_url,
    )
