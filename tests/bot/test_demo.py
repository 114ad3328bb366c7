"""The demo as it is put together: its own data, people with a past, and a way back to the beginning."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import demo
from bot.app import App
from bot.clock import MovableClock
from bot.environment import WrongSettings
from bot.platforms.base import Arrival, Request
from bot.platforms.web import PERSONAS, WebPlatform
from bot.platforms.web.diary import read_diary
from bot.platforms.web.past import NotDone
from bot.settings import Settings
from db.keyring import Keyring
from db.members import Consent, IdentityKey, Role, find_member
from db.migrate import migrate
from db.places import find_community

PAST = """
2 Thu 19:40
/rejection log Halden final
  press Add a lesson
    lesson: Ask early what the team needs most.
1 Mon 09:00
/rejection log Northwind screening
"""


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def app(tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    """The demo with a short past: `test_story` has the long one."""
    diaries = {"maya": read_diary(PAST)}
    monkeypatch.setattr(demo, "find_diary", lambda slug: diaries.get(slug, ()))
    settings = demo.own_settings(Settings(_env_file=None, data_dir=tmp_path))
    made = demo.compose(settings, clock=clock)
    await migrate(settings.database)
    async with made.running():
        yield made


async def page_text(app: App, persona: str, line: str) -> str:
    page = app.platforms["web"]
    assert isinstance(page, WebPlatform)
    shown = await page.say(page.personas[persona], "direct", line, os.urandom(8).hex())
    return "".join(event["html"] for event in shown["events"])


async def test_everyone_but_the_newcomer_is_a_member_with_their_role(app: App) -> None:
    await demo.seed(app)
    async with app.database.reading() as db:
        community = await find_community(db, "web", "demo")
        assert community is not None
        found = {
            each.slug: await find_member(db, IdentityKey("web", "demo", each.id), community=community.id)
            for each in PERSONAS
        }
    roles = {slug: member.role for slug, member in found.items() if member is not None}
    assert roles == {
        "maya": Role.MEMBER,
        "tomas": Role.MEMBER,
        "aisha": Role.FACILITATOR,
        "priya": Role.MODERATOR,
    }
    assert {member.person.consent for member in found.values() if member is not None} == {Consent.KEEP}


async def test_the_past_is_there_once_and_in_its_own_time(app: App) -> None:
    await demo.seed(app)
    await demo.seed(app)
    listed = await page_text(app, "maya", "/rejection list")
    assert "2 entries" in listed
    assert listed.index("Northwind") < listed.index("Halden")
    assert "Ask early what the team needs most" in await page_text(app, "maya", "/rejection show Halden")
    assert "Nothing is written down yet" in await page_text(app, "priya", "/rejection list")


async def test_starting_over_brings_back_the_beginning(app: App, clock: MovableClock) -> None:
    await demo.seed(app)
    page = app.platforms["web"]
    assert isinstance(page, WebPlatform)
    page.move(timedelta(days=7))
    await page_text(app, "maya", "/rejection log Acme final")
    await page.start_over()
    assert "2 entries" in await page_text(app, "maya", "/rejection list")
    assert abs(clock.now() - MovableClock().now()) < timedelta(minutes=1)
    assert "Acme" in await page_text(app, "maya", "/rejection log Acme final"), "members are known as before"


async def test_starting_over_twice_at_once_while_somebody_goes_on(app: App) -> None:
    await demo.seed(app)
    page = app.platforms["web"]
    assert isinstance(page, WebPlatform)
    _, _, said = await asyncio.gather(
        page.start_over(), page.start_over(), page_text(app, "maya", "/rejection log Acme final")
    )
    assert "Written down" in said
    assert "Acme" not in await page_text(app, "tomas", "/rejection list")
    assert "2 entries" in await page_text(app, "maya", "/rejection list")


async def test_a_beginning_that_is_broken_off_changes_nothing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    await demo.seed(app)
    await page_text(app, "maya", "/rejection log Acme final")
    monkeypatch.setattr(demo, "find_diary", lambda _: read_diary("1 Mon 09:00\n/rejection log Acme often"))
    with pytest.raises(NotDone, match="maya, line 2"):
        await demo.begin(app)
    assert "3 entries" in await page_text(app, "maya", "/rejection list")


async def test_the_data_of_a_real_bot_is_never_the_demos(tmp_path: Path) -> None:
    elsewhere = SecretStr("postgresql://me@example.org/real")
    real = Settings(_env_file=None, data_dir=tmp_path, database_url=elsewhere, keys=SecretStr(Keyring.generate()))
    own = demo.own_settings(real)
    assert own.database == f"sqlite:///{tmp_path}/demo.db"
    assert own.keys is None


async def test_the_inspector_shows_the_other_platforms_own_payloads(app: App) -> None:
    page = app.platforms["web"]
    assert isinstance(page, WebPlatform)
    await demo.seed(app)
    maya = PERSONAS[0]
    arrival = Arrival("1", "web", "demo", maya.id, maya.name, "direct", direct=True, community="demo")
    answer = await app.dispatcher.answer(arrival, Request("rejections.log"))
    assert answer.form is not None
    assert {name: "company" in str(draw(answer.form)) for name, draw in page.inspectors.forms.items()} == {
        "Discord": True,
        "Slack": True,
    }
    listed = (await app.dispatcher.answer(arrival, Request("rejections.list_all"))).card
    assert listed is not None
    assert {name: "Northwind" in str(draw(listed)) for name, draw in page.inspectors.cards.items()} == {
        "Discord": True,
        "Slack": True,
    }


async def test_a_port_that_is_taken_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(WrongSettings, match=rf"Port {port} .* make demo PORT={port + 1}"):
            await demo.serve(Settings(_env_file=None, data_dir=tmp_path), port=port)


async def test_it_says_its_address_and_stops_when_asked(tmp_path: Path) -> None:
    environment = {**os.environ, "STEPPINGSTONE_DATA_DIR": str(tmp_path), "STEPPINGSTONE_HTTP_PORT": "0"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        line = (await process.stdout.readline()).decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert found, line
        _, writer = await asyncio.open_connection("127.0.0.1", int(found[1]))
        writer.close()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_a_group_s_room_is_seen_by_who_is_in_it_also_after_a_restart(app: App, clock: MovableClock) -> None:
    await demo.seed(app)
    page = app.platforms["web"]
    assert isinstance(page, WebPlatform)
    assert "Makers is ready" in await finished(page, "priya", "/setup group name:Makers way_in:open facilitator:aisha")
    assert "You are in Makers" in await finished(page, "maya", "/group join group:Makers")
    again = demo.compose(app.settings, clock=clock)
    try:
        restarted = again.platforms["web"]
        assert isinstance(restarted, WebPlatform)
        await demo.open_rooms(again, restarted)
        for each in (page, restarted):
            seen = {slug: {room.name for room in each.rooms_of(person)} for slug, person in each.personas.items()}
            assert {slug for slug, names in seen.items() if "Makers" in names} == {"aisha", "maya"}
            group = {slug for slug, names in seen.items() if "design-seekers" in names}
            assert group == {"aisha", "maya", "tomas", "leo", "ines", "hana"}
    finally:
        await again.database.close()
    await page.start_over()
    assert "Makers" not in {room.name for room in page.rooms_of(page.personas["maya"])}
    assert "You are in it." in await finished(page, "maya", "/group find")


async def finished(page: WebPlatform, persona: str, line: str) -> str:
    """What stands there once the work behind it is done."""
    who = page.personas[persona]
    with page.stream(who, after=page.position) as queue:
        await page.say(who, "welcome", line, os.urandom(8).hex())
        async with asyncio.timeout(10):
            while (event := await queue.get()) is not None:
                if event.get("room") == "welcome" and not event["pending"]:
                    return str(event["html"])
    raise AssertionError("the page was closed")
