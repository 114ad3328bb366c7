"""The bad days: each makes groups whose hour has come, lets processes deliver, and hits them while they do."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.clock import StillClock
from bot.engine.worker import LEASE_SECONDS
from bot.environment import read_settings
from db.keyring import Keyring
from db.migrate import migrate
from db.session import Database
from tests.crash.asks import MEMBERS, SLACK, make_groups
from tests.crash.counting import Outcome, count, count_on_their_way, count_over, pids_at_work
from tests.crash.fleet import LOG, Fleet, fleet
from tests.crash.process import log_in, put_together
from tests.crash.receiving import Days, Receiving

LONGEST_SECONDS: Final = 600.0
LOOK_SECONDS: Final = 0.05
BUSY_SECONDS: Final = 60.0
HOUR, STEP = timedelta(hours=1), timedelta(minutes=15)
NONCE_SECONDS: Final = 100.0
"""As the program trusts Discord; ours knows a nonce longer, by as much as requests may be on their way."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens in one scenario. The blows fall at even distances in what is over, in a random order."""

    name: str
    processes: int = 3
    deliveries: int = 10_000
    kills: int = 0
    stops: int = 0
    ends: int = 0
    restarts: int = 0
    """Of the database's server, at once, as after a power failure."""
    days: Days = field(default_factory=Days)
    lease_seconds: float = 6.0
    nonce_seconds: float = NONCE_SECONDS
    seed: int = 7


Restart = Callable[[], None]


async def carry_out(plan: Plan, *, url: str, folder: Path, restart: Restart | None = None) -> Outcome:
    """Runs a plan to its end on an empty database. TimeoutError where it has none."""
    keys = Keyring.generate()
    await migrate(url)
    database = Database(url, Keyring.parse(keys))
    receiving = Receiving(seed=plan.seed, days=plan.days, nonce_seconds=plan.nonce_seconds + 1.0)
    began = time.monotonic()
    doubtful = 0
    try:
        await make_groups(database, plan.deliveries // MEMBERS)
        async with asyncio.timeout(LONGEST_SECONDS), receiving.listening(), fleet(
            plan.processes,
            lease_seconds=plan.lease_seconds,
            nonce_seconds=plan.nonce_seconds,
            settings=surroundings(receiving, url, keys),
            folder=folder,
        ) as running:  # fmt: skip
            doubtful += await _hit(plan, running, database, restart)
            await _until_over(plan.deliveries, database)
        counted = await count(database, receiving)
    finally:
        await database.close()
    # As good as on their way: no word came back, or none in time, as where the machine is busy.
    doubtful += receiving.drops[SLACK] + (folder / LOG).read_text().count("error=timeout")
    return Outcome(
        plan.name,
        counted,
        plan.deliveries,
        doubtful,
        receiving.early,
        time.monotonic() - began,
        strange=receiving.strange,
        once=not (plan.kills or plan.stops or plan.restarts or plan.days.dropped or plan.days.too_many),
    )


async def sleep_through(plan: Plan, *, url: str, folder: Path) -> Outcome:
    """Both platforms refuse every connection for an hour of the clock, which runs on in steps; then they are back."""
    keys, clock = Keyring.generate(), StillClock(datetime.now(UTC))
    await migrate(url)
    receiving = Receiving(seed=plan.seed, days=plan.days)
    began = time.monotonic()
    async with receiving.listening():
        settings = {name.lower(): value for name, value in surroundings(receiving, url, keys).items()}
        app = put_together(
            read_settings(**settings, data_dir=folder),
            clock=clock,
            lease_seconds=LEASE_SECONDS,
            nonce_seconds=NONCE_SECONDS,
        )
        await log_in(app)
    try:
        await make_groups(app.database, plan.deliveries // MEMBERS, now=clock.now())
        for _ in range(HOUR // STEP):
            await app.catch_up()
            clock.move(STEP)
        assert receiving.arrived == 0
        async with receiving.listening():
            for _ in range(HOUR // STEP):
                await app.catch_up()
                clock.move(STEP)
        counted = await count(app.database, receiving)
    finally:
        for platform in app.platforms.values():
            await platform.close()
        await app.database.close()
    silent = receiving.count_without("I was away, so this comes an hour late.")
    return Outcome(plan.name, counted, plan.deliveries, 0, 0, time.monotonic() - began, silent=silent)


async def _hit(plan: Plan, running: Fleet, database: Database, restart: Restart | None) -> int:
    """Deals the blows; how many Slack messages were on their way at them, and so may be in doubt."""
    chance = random.Random(plan.seed)  # noqa: S311 - to be had again from the seed
    blows = ["kill"] * plan.kills + ["stop"] * plan.stops + ["end"] * plan.ends + ["restart"] * plan.restarts
    chance.shuffle(blows)
    doubtful = 0
    for number, blow in enumerate(blows, start=1):
        reached = plan.deliveries * number // (len(blows) + 1)
        await _until_over(reached, database)
        await asyncio.sleep(chance.uniform(0, 0.05))
        if blow == "restart":
            assert restart is not None
            await asyncio.to_thread(restart)
            continue
        place = await _find_busy(running, database, chance)
        match blow:
            case "kill":
                pid = await running.kill(place)
            case "stop":
                pid = await running.freeze(place, seconds=plan.lease_seconds + 1.5)
            case _:
                await running.end(place)
                continue
        await asyncio.sleep(LOOK_SECONDS)  # a commit that had left the process is still carried out
        doubtful += await count_on_their_way(database, pid)
    return doubtful


async def _find_busy(running: Fleet, database: Database, chance: random.Random) -> int:
    """The place of a process that has jobs in hand: a blow at another would prove nothing. TimeoutError without any."""
    async with asyncio.timeout(BUSY_SECONDS):
        while True:
            pids = await pids_at_work(database)
            awake = [place for place in range(len(running.places)) if place not in running.frozen]
            if busy := [place for place in awake if running.places[place].pid in pids]:
                return chance.choice(busy)
            await asyncio.sleep(LOOK_SECONDS / 5)


async def _until_over(deliveries: int, database: Database) -> None:
    """Until so many are done or given up."""
    while await count_over(database) < deliveries:  # noqa: ASYNC110 - it is other processes that write there
        await asyncio.sleep(LOOK_SECONDS)


def surroundings(receiving: Receiving, url: str, keys: str) -> Mapping[str, str]:
    return {
        "DATABASE_URL": url,
        "KEYS": keys,
        "DISCORD_TOKEN": "a.b.c",
        "DISCORD_API_URL": receiving.discord_url,
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "0" * 32,
        "SLACK_API_URL": receiving.slack_url,
        "LOG_LEVEL": "WARNING",
    }
