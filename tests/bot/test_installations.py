"""Tokens of workspaces: found at every event, and never an old one for long."""

import pytest
from sqlalchemy import delete

from bot.clock import StillClock
from bot.installations import KNOWN_SECONDS, Installations
from db.places import Installation
from db.session import Database
from tests.bot.test_dispatch import NOW

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def installations(database: Database, seconds: Seconds) -> Installations:
    return Installations("slack", database=database, clock=StillClock(NOW), monotonic=seconds)


async def save(installations: Installations, token: str, *, team: str = "T1") -> None:
    await installations.save(enterprise="", team=team, bot_token=token, bot_id="B1", bot_user_id="U1")


async def test_a_new_token_is_taken_at_once(installations: Installations) -> None:
    assert await installations.find_token(None, "T1") is None
    await save(installations, "one")
    assert await installations.find_token(None, "T1") == "one"
    await save(installations, "two")
    assert await installations.find_token(None, "T1") == "two"


async def test_each_workspace_has_its_own(installations: Installations) -> None:
    await save(installations, "one")
    await save(installations, "two", team="T2")
    for _ in range(2):
        assert await installations.find_token(None, "T1") == "one"
        assert await installations.find_token("", "T2") == "two"
        assert await installations.find_token("E1", "T1") is None


async def test_one_that_another_process_removed_is_gone_within_moments(
    installations: Installations, database: Database, seconds: Seconds
) -> None:
    await save(installations, "one")
    assert await installations.find_token(None, "T1") == "one"
    async with database.writing() as db:
        await db.execute(delete(Installation))
    seconds.now = KNOWN_SECONDS - 1
    assert await installations.find_token(None, "T1") == "one"
    seconds.now = KNOWN_SECONDS
    assert await installations.find_token(None, "T1") is None
    seconds.now = 0.0
    assert await installations.find_token(None, "T1") is None
