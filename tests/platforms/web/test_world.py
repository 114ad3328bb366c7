"""The first journey on the page, over HTTP, against the real features."""

import json
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO

import pytest

from tests.chat import settle_in
from tests.platforms.page_world import PageWorld, page_world

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[PageWorld]:
    async with page_world(database_url) as running:
        yield running


async def test_a_rejection_is_logged_read_back_exported_and_deleted(world: PageWorld) -> None:
    maya = world.person("maya")
    await settle_in(maya)
    await maya.say("rejection log company:Acme")
    assert maya.screen.form is not None
    assert maya.screen.form["company"] == "Acme"
    await maya.fill(stage="Final", feelings="Sad, Tired", note="They liked the case.")
    maya.see("Acme", "sad, tired")
    assert maya.screen.private
    await maya.press("4 heavy")
    maya.see("Noted: 4 heavy.")
    await maya.say("rejection list")
    maya.see("Acme", "23 Nov 2026")
    assert list(await maya.suggestions("rejection log company:A")) == ["Acme"]
    await maya.say("mydata export")
    (content,) = maya.screen.files.values()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert any("Acme" in archive.read(name).decode() for name in archive.namelist())
        assert any(name.endswith(".json") and json.loads(archive.read(name)) for name in archive.namelist())
    await maya.say("rejection show")
    await maya.press("Delete")
    maya.see("off your list")
    await maya.press("Undo")
    maya.see("back on your list")


async def test_what_was_typed_stays_in_a_form_with_a_wrong_field(world: PageWorld) -> None:
    maya = world.person("maya", direct=True)
    await settle_in(maya)
    await maya.say("rejection log")
    await maya.fill(company="A" * 90, stage="Final", note="Kept.")
    maya.see("at most 80 fit")
    assert maya.screen.form is not None
    assert maya.screen.form["note"] == "Kept."
    assert maya.screen.form["stage"] == "final"
    await maya.fix(company="Acme")
    maya.see("Acme")


async def test_a_form_and_a_button_survive_a_restart(world: PageWorld) -> None:
    maya = world.person("maya")
    await settle_in(maya)
    await maya.say("rejection log")
    await world.restart()
    await maya.fill(company="Acme", stage="Final")
    maya.see("Acme")
    await world.restart()
    await maya.press("2 a little")
    maya.see("Noted: 2 a little.")


async def test_an_old_drawing_changes_nothing(world: PageWorld) -> None:
    maya = world.person("maya")
    await settle_in(maya)
    await maya.say("rejection log company:Acme stage:final")
    await maya.press("2 a little")
    await maya.press("5 very heavy", old=True)
    maya.see("Noted: 2 a little.")
