"""The demo's clock goes to what comes next, and shows it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from db.keyring import Keyring
from tests.chat import settle_in
from tests.cogs.goals.talk import have
from tests.platforms.page_world import PageWorld, page_world


@pytest.fixture
async def demo(sqlite_url: str, keyring: Keyring) -> AsyncIterator[PageWorld]:
    async with page_world(sqlite_url, keyring=keyring) as running:
        yield running


async def move(demo: PageWorld, hours: int) -> Any:
    headers = {"Origin": demo.address, "Sec-Fetch-Site": "same-origin"}
    async with demo.session.post(f"{demo.address}/clock", json={"hours": hours}, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def test_it_goes_to_what_comes_next_past_what_shows_nothing(demo: PageWorld) -> None:
    ada, direct = demo.person("ada"), demo.person("ada", direct=True)
    await settle_in(ada)
    await ada.say("settings")
    await ada.press("Write to me there")
    await have(ada, 'goal set "read 2 books by 28 November"')
    await ada.say("goal remind")
    await ada.press("Turn on")
    await direct.wait()
    assert await move(demo, 0) == {}
    assert f"{demo.now():%A %H}" == "Friday 18"
    assert "For Ada, in direct messages: <bdi>Due tomorrow" in demo.page.clock_event(demo.page.personas["ada"])["came"]
    await direct.wait()
    direct.see("Due tomorrow", "Read 2 books")


async def test_where_nothing_is_planned_it_says_so_and_stays(demo: PageWorld) -> None:
    before = demo.now()
    assert "Nothing is planned" in (await move(demo, 0))["notice"]
    assert demo.now() == before


async def test_after_an_hour_what_is_due_is_there_at_once(demo: PageWorld) -> None:
    ada, direct = demo.person("ada"), demo.person("ada", direct=True)
    await settle_in(ada)
    await ada.say("settings")
    await ada.press("Write to me there")
    await have(ada, 'goal set "read 2 books by 24 November"')
    await ada.say("goal remind")
    await ada.press("Turn on")
    for _ in range(9):
        await move(demo, 1)
    await direct.wait()
    direct.see("Due tomorrow")
