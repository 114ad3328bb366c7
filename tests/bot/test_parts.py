"""Several processes of one bot: each is a real one, on a real database, with a small Discord."""

import asyncio
import json
import signal
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.call import Asking
from bot.machine import take_back
from db.jobs import Job, JobState
from db.keyring import Keyring
from db.session import Database
from tests.bot.program import PATIENCE_SECONDS, Running, answering, do, running
from tests.platforms.discord.server import APPLICATION, CHANNEL, Server, small_discord

WORKSPACE = {"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"}


def reach(discord: Server) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": "a.b.c",
        "DISCORD_API_URL": f"{discord.address}/api",
        "DISCORD_GATEWAY_URL": f"{discord.address.replace('http', 'ws')}/gateway",
    }


async def post(database: Database, *, count: int = 1) -> None:
    """Asks for messages that are due, each to a place of its own."""
    now = datetime.now(UTC)
    async with database.writing() as db:
        for number in range(count):
            place = f"discord:{APPLICATION}:{int(CHANNEL) + number}"
            await Asking(db, now).post(place, take_back.call(uuid4()), at=now - timedelta(seconds=5))


async def counts(program: Running, words: str) -> None:
    """Waits until its numbers hold these words."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in (await program.get("/metrics"))[1]:
            pass


async def jobs(database: Database) -> Sequence[Job]:
    async with database.reading() as db:
        return (await db.scalars(select(Job))).all()


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_platform_takes_in_and_a_worker_sends(
    database_url: str, database: Database, keys: str, tmp_path: Path
) -> None:
    common = {"DATABASE_URL": database_url, "KEYS": keys}
    async with small_discord() as discord, answering(200, WORKSPACE) as slack:
        slack_settings = {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": "0" * 32,
            "SLACK_API_URL": f"{slack}/api/",
        }
        tokens = {**common, **reach(discord), **slack_settings}
        async with running(tmp_path, "run", "--only", "discord", **tokens) as taking_in:
            await taking_in.until_ready()
            await post(database, count=3)
            async with running(tmp_path, "run", "--only", "worker", **tokens) as worker:
                await worker.until_ready()
                await discord.has_messages(3)
                assert (await worker.post("/slack/events"))[0] == 404, "it takes nothing in"
                await counts(worker, 'outcome="sent",platform="discord"} 3.0')
                worker.process.send_signal(signal.SIGTERM)
                assert await worker.ended() == 0
            assert "outcome=" not in (await taking_in.get("/metrics"))[1]
        assert len(discord.identified) == 1, "only one of them is connected"
        async with running(tmp_path, "run", "--only", "slack", **tokens) as on_slack:
            await on_slack.until_ready()
            assert (await on_slack.post("/slack/events"))[0] == 401
        assert len(discord.identified) == 1
    assert [(job.state, job.attempts) for job in await jobs(database)] == [(JobState.DONE, 1)] * 3


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_processes_that_start_together_on_an_empty_database_share_the_shards_and_the_work(
    empty_database_url: str, keys: str, tmp_path: Path
) -> None:
    async with small_discord() as discord:
        common = {"DATABASE_URL": empty_database_url, "KEYS": keys, **reach(discord)}
        async with (
            running(tmp_path, DISCORD_SHARDS="0/2", **common) as one,
            running(tmp_path, DISCORD_SHARDS="1/2", **common) as two,
        ):
            await asyncio.gather(one.until_ready(), two.until_ready())
            assert sorted(map(str, discord.identified)) == ["[0, 2]", "[1, 2]"]
            assert sum(each.method == "PUT" for each in discord.sent) == 1
            database = Database(empty_database_url, Keyring.parse(keys))
            await post(database, count=20)
            await discord.has_messages(20)
            assert len({each.path for each in discord.messages}) == 20, "each of them once"
            await database.close()


async def test_a_stop_lets_a_message_arrive_that_is_on_its_way(
    database_url: str, database: Database, keys: str, tmp_path: Path
) -> None:
    async with small_discord() as discord:
        discord.messages_come.clear()
        common = {"DATABASE_URL": database_url, "KEYS": keys, **reach(discord)}
        async with running(tmp_path, "run", "--only", "worker", **common) as worker:
            await post(database)
            await discord.has_messages(1)
            worker.process.send_signal(signal.SIGTERM)
            while (answer := await worker.get("/readyz"))[0] == 200:
                pass
            assert json.loads(answer[1])["not_ready"] == ["stopping"]
            await post(database)
            discord.messages_come.set()
            assert await worker.ended() == 0
    done, waiting = sorted(await jobs(database), key=lambda job: job.state)
    assert (done.state, done.attempts) == (JobState.DONE, 1)
    assert (waiting.state, waiting.attempts) == (JobState.READY, 0), "nothing more was begun"
    assert len(discord.messages) == 1


async def test_a_second_process_is_refused_on_sqlite_until_the_first_is_gone(tmp_path: Path) -> None:
    async with small_discord() as discord:
        async with running(tmp_path, **reach(discord)) as first:
            second = await asyncio.to_thread(do, "run", "--only", "worker", folder=tmp_path, **reach(discord))
            assert (second.code, "STEPPINGSTONE_DATABASE_URL" in second.complained) == (1, True)
            assert (await first.get("/healthz"))[0] == 200
            first.process.kill()
        async with running(tmp_path, **reach(discord)) as third:
            assert (await third.get("/healthz"))[0] == 200


@pytest.mark.parametrize(
    ("only", "given", "named"),
    [
        ("discord", {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "STEPPINGSTONE_DISCORD_TOKEN"),
        ("slack", {"DISCORD_TOKEN": "a.b.c"}, "STEPPINGSTONE_SLACK_BOT_TOKEN"),
        ("worker", {}, "STEPPINGSTONE_DISCORD_TOKEN"),
    ],
)
def test_a_part_without_its_token_names_the_setting(
    only: str, given: Mapping[str, str], named: str, tmp_path: Path
) -> None:
    done = do("run", "--only", only, folder=tmp_path, **given)
    assert (done.code, named in done.complained) == (1, True)
    assert not list(tmp_path.iterdir())
