"""What people type is found in no log and in no file, whatever happens to it on the way."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.logs import TextLines
from db.groups import Group
from db.keyring import Keyring
from db.session import Database
from tests.chat import Chat, World
from tests.cogs.checkins.rows import led_by_the_only_one, new_round

ON_SQLITE = ["plain", "discord", "slack over a socket", "slack over http", "page"]
SECRETS = [f"canary{number:02}zq" for number in range(76)]


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """All that any logger says from DEBUG up, raw words and exceptions included, before any formatter of ours."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(fields)s", defaults={"fields": ""}))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.parametrize("surface", ON_SQLITE, indirect=True)
async def test_secrets_leave_no_trace(
    world: World, sqlite_url: str, keyring: Keyring, everything_logged: io.StringIO
) -> None:
    secret = iter(SECRETS)
    ada = world.person("ada")
    await ada.say(f'rejection log company:"{next(secret)} Ltd" stage:final role:"{next(secret)} clerk"')
    await ada.press("Keep my entries")
    if "Write it down" not in ada.screen.buttons:  # Discord tells no time zone, so that is asked first
        await ada.press("Skip")
    await ada.press("Write it down")
    await ada.fill(words=f"Work near {next(secret)}")
    await ada.press("Go on")
    ada.see("Written down")
    await ada.press("Add a lesson")
    await ada.fill(lesson=f"Ask about {next(secret)} first")
    await ada.press("Edit")
    await ada.fill(company=next(secret), role=next(secret), note=f"They said {next(secret)}\nand {next(secret)}")
    await ada.press("Undo")
    await learn(ada, secret)
    await check_in(world, Database(sqlite_url, keyring), ada, secret)
    await ada.say(f"rejection show {next(secret)}")
    for _ in range(6):
        await ada.say("rejection log")
        await ada.fill(company=next(secret), role=next(secret), stage="final", note=next(secret))
        await ada.press("Undo")
        await ada.say(f"rejection log company:{next(secret)} stage:final feelings:{next(secret)}")
        ada.see("Choose one of")
        await ada.say(f"help {next(secret)}")
    if world.platform == "slack":  # elsewhere an unknown command is never sent
        await ada.say(f"nothing {next(secret)} is called so")
    await ada.say("mydata export")
    await ada.say("mydata delete")
    await ada.press("Delete everything")
    await ada.fill(word=next(secret))
    await world.restart()
    await ada.say("rejection list")
    typed = SECRETS[: SECRETS.index(next(secret))]
    assert len(typed) >= 45
    folder = Path(make_url(sqlite_url).database or "").parent
    kept = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    logged = everything_logged.getvalue()
    assert logged
    assert [each for each in SECRETS if each in logged] == []
    assert [each for each in SECRETS if each.encode() in kept] == []


async def learn(ada: Chat, secret: Iterator[str]) -> None:
    """Feedback, a look back, and lessons on a checklist."""
    await ada.say("rejection feedback")
    await ada.press("Write the e-mail")
    await ada.fill(to=next(secret), your_name=next(secret))
    await ada.press("Change it")
    await ada.fill(subject=next(secret), body=next(secret))
    await ada.say("rejection reflect")
    await ada.press("Look back")
    await ada.fill(requirements=next(secret), prepared=next(secret), story=next(secret), unexpected=next(secret))
    await ada.press("Change")
    await ada.fill(story=next(secret))
    await ada.press("Change the lesson")
    await ada.fill(lesson=f"Never {next(secret)} again")
    await ada.choose("Put it on a checklist", "Interview")
    ada.see("On your checklist")
    await ada.say(f"lessons add lesson:{next(secret)} checklist:resume")
    await ada.say("lessons list")
    await ada.choose("Open one to change it", SECRETS[0][:6])
    await ada.press("Edit")
    await ada.fill(lesson=next(secret))
    ada.see("Changed.")


async def check_in(world: World, beside: Database, ada: Chat, secret: Iterator[str]) -> None:
    """A question of a facilitator's own, and lines of which one is shared."""
    async with beside.writing() as db:
        group = await led_by_the_only_one(db, at=world.now())
    await ada.say("lead checkin")
    await ada.press("Questions of the plan")
    await ada.fill(own_1=f"And {next(secret)}?")
    async with beside.writing() as db:
        await new_round(db, await db.get_one(Group, group.id), slot=world.now().date(), at=world.now())
    await beside.close()
    await ada.say("checkin now")
    await ada.press("Write a few lines")
    assert ada.screen.form is not None
    await ada.fill(**{name: f"Some {next(secret)}" for name in ada.screen.form})
    await ada.press("Share")
    await ada.press("Share as written")
    ada.see("· shared")


def test_our_own_lines_hold_no_exception_text() -> None:
    error = ValueError(SECRETS[0])
    record = logging.LogRecord("bot", logging.ERROR, "", 0, "failed", (), (ValueError, error, None))
    assert SECRETS[0] not in TextLines().format(record)
