"""What people type is found in no log and in no file, whatever happens to it on the way."""

import io
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.logs import TextLines
from db.base import Table
from db.groups import Group
from db.keyring import Keyring
from db.sealed import owner_attribute, sealed_columns
from db.session import Database
from tests.chat import Chat, World
from tests.cogs.checkins.rows import led_by_the_only_one, new_round
from tests.story import tell

ON_SQLITE = ["plain", "discord", "slack over a socket", "slack over http", "page"]


class Canaries:
    """Words that stand nowhere else, each given once."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self) -> str:
        self.given.append(f"canary{len(self.given):03}zq")
        return self.given[-1]


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
@pytest.mark.usefixtures("metadata")
async def test_secrets_leave_no_trace(
    world: World, sqlite_url: str, keyring: Keyring, everything_logged: io.StringIO
) -> None:
    file = Path(make_url(sqlite_url).database or "")
    word = Canaries()
    ada = world.person("ada")
    await ada.say(f'rejection log company:"{word()} Ltd" stage:final role:"{word()} clerk"')
    await ada.press("Keep my entries")
    if "Write it down" not in ada.screen.buttons:  # Discord tells no time zone, so that is asked first
        await ada.press("Skip")
    await ada.press("Write it down")
    await ada.fill(words=f"Work near {word()}")
    await ada.press("Go on")
    ada.see("Written down")
    await tell(ada, word)
    await check_in(world, Database(sqlite_url, keyring), ada, word)
    await ada.say(f"rejection show {word()}")
    await ada.say(f"rejection log company:{word()} stage:final feelings:{word()}")
    ada.see("Choose one of")
    await ada.say(f"help {word()}")
    if world.platform == "slack":  # elsewhere an unknown command is never sent
        await ada.say(f"nothing {word()} is called so")
    assert unfilled(file) == [], "let the story in tests/story.py fill these"
    await ada.say("mydata export")
    await ada.say("mydata delete")
    await ada.press("Delete everything")
    await ada.fill(word=word())
    await world.restart()
    await ada.say("rejection list")
    assert len(word.given) >= 50
    kept = b"".join(path.read_bytes() for path in file.parent.iterdir() if path.is_file())
    logged = everything_logged.getvalue()
    assert logged
    assert [each for each in word.given if each in logged] == []
    assert [each for each in word.given if each.encode() in kept] == []


def unfilled(file: Path) -> list[str]:
    """The sealed columns of members in which there is nothing at all: nobody has tried those."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        return [
            str(column)
            for mapper in Table.registry.mappers
            if owner_attribute(mapper.class_) is not None
            for column in sealed_columns(mapper).values()
            if not database.execute(f"SELECT count({column.name}) FROM {column.table.name}").fetchone()[0]  # noqa: S608 - names of ours
        ]


@pytest.mark.usefixtures("metadata")
def test_a_sealed_column_that_nobody_filled_is_told(sqlite_template: Path) -> None:
    assert {"rejections.sealed_company", "steps.sealed_people"} <= set(unfilled(sqlite_template))


async def check_in(world: World, beside: Database, ada: Chat, word: Canaries) -> None:
    """A question of a facilitator's own, and lines of which one is shared."""
    async with beside.writing() as db:
        group = await led_by_the_only_one(db, at=world.now())
    await ada.say("lead checkin")
    await ada.press("Questions of the plan")
    await ada.fill(own_1=f"And {word()}?")
    async with beside.writing() as db:
        await new_round(db, await db.get_one(Group, group.id), slot=world.now().date(), at=world.now())
    await beside.close()
    await ada.say("checkin now")
    await ada.press("Write a few lines")
    assert ada.screen.form is not None
    await ada.fill(**{name: f"Some {word()}" for name in ada.screen.form})
    await ada.press("Share")
    await ada.press("Share as written")
    ada.see("· shared")


def test_our_own_lines_hold_no_exception_text() -> None:
    secret = Canaries()()
    error = ValueError(secret)
    record = logging.LogRecord("bot", logging.ERROR, "", 0, "failed", (), (ValueError, error, None))
    assert secret not in TextLines().format(record)
