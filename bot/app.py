"""The composition root: the only place that constructs things. Every default is a parameter."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.clock import Clock, SystemClock
from bot.closing import note_closed
from bot.dispatch import Dispatcher
from bot.duty import Duty
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
from bot.metrics import MeasuredDesk, Metrics
from bot.platforms.base import Desk, Platform
from bot.runs import Runs
from bot.settings import Only, Settings
from bot.shards import Shards
from bot.supervise import WORK_SECONDS
from bot.withdrawals import Withdrawals
from db.claims import next_job
from db.keyring import Keyring
from db.schedules import next_turn
from db.session import Database
from db.url import SQLITE


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
    metrics: Metrics

    @asynccontextmanager
    async def running(self, *, works: bool = True) -> AsyncIterator["App"]:
        """Keeps the regular work going where it `works`; at the end lets the platforms finish, and closes the database.

        The platforms themselves are started by whoever supervises them.
        """
        working: asyncio.Task[None] | None = None
        if works:
            self.heartbeat.start()
            working = asyncio.create_task(self.worker.run())
        try:
            yield self
        finally:
            await self.finish_work()
            if working is not None:
                await working
            await asyncio.gather(*(platform.close() for platform in self.platforms.values()), return_exceptions=True)
            await self.database.close()

    async def finish_work(self) -> None:
        """Begins nothing more, and lets what is on its way arrive. What is late is found again, and asked about."""
        await asyncio.gather(self.heartbeat.stop(seconds=WORK_SECONDS), self.worker.stop(seconds=WORK_SECONDS))

    async def catch_up(self) -> None:
        """Brings about all that is due by the clock now, and waits for it: what `running` does by and by."""
        await self.rhythm.turn()
        await self.rhythm.reap()
        await self.worker.drain()

    async def next_due(self) -> datetime | None:
        """When something is planned next, after now; None where nothing is."""
        now = self.clock.now()
        async with self.database.reading() as db:
            planned = (await next_turn(db, after=now), await next_job(db, after=now))
        return min((each for each in planned if each is not None), default=None)


MakePlatforms = Callable[[Desk, Database], Sequence[Platform]]


def build(
    settings: Settings,
    *,
    features: Sequence[Feature] | None = None,
    keyring: Keyring | None = None,
    database: Database | None = None,
    clock: Clock | None = None,
    platforms: MakePlatforms | None = None,
    only: Only | None = None,
    lease_seconds: float = LEASE_SECONDS,
) -> App:
    """Puts the program together. Connects to nothing. Raises BadDeclarationsError and WrongSettings.

    `only` is the part of it that this process is for; without it, all. `lease_seconds` is after how long another
    process takes over what one that died was at.
    """
    clock = clock or SystemClock()
    database = database or Database(settings.database, keyring or load_keyring(settings))
    collected = collect((*(discover() if features is None else features), machine))
    made: dict[str, Platform] = {}
    withdrawals = Withdrawals(database, made)
    runs = Runs(collected, database=database, clock=clock, platforms=made, withdraw=withdrawals.withdraw)
    dispatcher = Dispatcher(collected, database=database, clock=clock, members=Members(database.keyring), runs=runs)
    make = platforms or (lambda desk, floor: platforms_of(settings, desk, floor, clock, only=only))
    metrics = Metrics(database=database, clock=clock, features=collected)
    desk = MeasuredDesk(dispatcher, metrics)
    made.update({platform.name: platform for platform in make(desk, database)})
    rhythm = Rhythm(database=database, clock=clock, schedules=collected.schedules)
    heartbeat = Heartbeat(
        database=database,
        clock=clock,
        extensions=collected.extensions,
        rhythm=rhythm,
        reap_seconds=lease_seconds / 12,
    )
    delivery = Delivery(
        collected,
        database=database,
        clock=clock,
        platforms=made,
        runs=runs,
        send_seconds=lease_seconds / 3,
        on_end=metrics.ended,
        on_close=note_closed,
    )
    rates = {name: platform.rate for name, platform in made.items()}
    worker = Worker(
        database=database,
        clock=clock,
        delivery=delivery,
        rates=rates,
        can_send=lambda name: made[name].can_send,
        lease_seconds=lease_seconds,
    )
    database.on_work = worker.wake
    return App(settings, collected, database, clock, dispatcher, made, heartbeat, rhythm, worker, metrics)


def platforms_of(
    settings: Settings, desk: Desk, database: Database, clock: Clock, *, only: Only | None = None
) -> list[Platform]:
    """Every platform that has a token and is wanted. The libraries of the others are not even imported."""
    made: list[Platform] = []
    if settings.discord_token is not None and only is not Only.SLACK:
        made.append(_discord(settings, desk, database, settings.discord_token.get_secret_value()))
    if settings.slack_bot_token is not None and only is not Only.DISCORD:
        made.append(_slack(settings, desk, database, clock, settings.slack_bot_token.get_secret_value()))
    return made


def _discord(settings: Settings, desk: Desk, database: Database, token: str) -> Platform:
    from bot.platforms.discord.adapter import DiscordPlatform  # noqa: PLC0415 - only where there is a token

    # On SQLite a process is alone, and need not wait for the lease of the one before that was killed.
    several = database.dialect != SQLITE
    return DiscordPlatform(
        desk,
        token=token,
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        shards=Shards.parse(settings.discord_shards) if settings.discord_shards else None,
        duty_of=partial(Duty, database) if several else None,
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
