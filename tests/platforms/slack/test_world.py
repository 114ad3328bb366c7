"""Conversations of the product as they go on Slack, through a real Bolt app, over a socket and over signed HTTP."""

import re
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import build
from bot.platforms.slack.adapter import SlackPlatform
from bot.settings import Settings
from db.keyring import Keyring
from tests.chat import settle_in
from tests.platforms.slack.server import SimulatedSlack
from tests.platforms.slack_world import APP_TOKEN, Bot, SlackChat, SlackWorld, Transport, slack_world

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
async def world(database_url: str, transport: Transport) -> AsyncIterator[SlackWorld]:
    async with slack_world(database_url, transport=transport) as made:
        yield made


async def test_the_program_is_put_together_from_settings_alone(
    database_url: str, keyring: Keyring, tmp_path: Path
) -> None:
    slack = SimulatedSlack()
    await slack.start()
    slack.teams["xoxb-1"] = "T1"
    slack.app_tokens.add(APP_TOKEN)
    settings = Settings(
        _env_file=None,
        database_url=SecretStr(database_url),
        data_dir=tmp_path,
        slack_bot_token=SecretStr("xoxb-1"),
        slack_app_token=SecretStr(APP_TOKEN),
        slack_api_url=slack.api_url,
    )
    app = build(settings, keyring=keyring)
    platform = app.platforms["slack"]
    assert isinstance(platform, SlackPlatform)
    async with app.running():
        bot = Bot(platform, slack, transport="socket")
        await bot.start()
        maya = SlackChat(lambda: bot, slack, team="T1", user="UMAYA", channel="C1")
        await maya.say("help")
        maya.see("/stone application log")
        await bot.stop()
    await slack.stop()


async def test_a_rejection_is_logged_read_back_exported_and_deleted(world: SlackWorld) -> None:
    maya = world.person("maya")
    await settle_in(maya)
    await maya.say('rejection log "Acme & <Co>" final')
    maya.see("Acme & <Co>")
    assert maya.screen.private
    assert "Support" in maya.screen.buttons
    await maya.say("rejection list")
    maya.see("Acme & <Co>")

    await maya.say("mydata export")
    ((name, content),) = maya.screen.files.items()
    assert name.endswith(".zip")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        texts = [archive.read(each).decode() for each in archive.namelist()]
    assert any("Acme" in text for text in texts)
    await maya.press("Remove the file now")
    maya.see("Removed.")
    assert not world.slack.files


async def test_a_file_leaves_by_itself_after_a_day(world: SlackWorld) -> None:
    maya = world.person("maya")
    await settle_in(maya)
    await maya.say("mydata export")
    assert world.slack.files
    await world.wait_for(timedelta(hours=23))
    assert world.slack.files
    await world.wait_for(timedelta(hours=1))
    assert not world.slack.files


async def test_too_few_words_open_the_form_and_a_wrong_field_names_itself(world: SlackWorld) -> None:
    maya = world.person("maya")
    await settle_in(maya)
    await maya.say("rejection log Acme")
    assert maya.screen.form is not None
    assert maya.screen.form["company"] == "Acme"
    await maya.fill(company="x" * 300, stage="final", note="kept")
    maya.see("at most 80 fit")
    assert maya.screen.form is not None
    await maya.fix(company="Acme")
    maya.see("Acme")
    assert maya.screen.form is None


async def test_the_shortcut_logs_a_rejection_without_a_conversation(world: SlackWorld) -> None:
    maya = world.person("maya")
    await settle_in(maya)
    log = world.app.dispatcher.find_command(("rejection", "log"))
    assert log is not None
    assert log.shortcut
    await maya.use_shortcut(log.key)
    await maya.fill(company="Acme", stage="no_reply")
    maya.see("Acme")
    await maya.press("Undo")
    await maya.open_home()
    assert maya.home


async def test_a_newcomer_goes_on_without_retyping(world: SlackWorld) -> None:
    noor = world.person("noor")
    await noor.say("rejection log Acme final")
    await noor.press("Keep my entries")
    while "Skip" in noor.screen.buttons:
        await noor.press("Skip")
    noor.see("Acme")


async def test_a_second_delivery_changes_nothing(world: SlackWorld) -> None:
    maya = world.person("maya")
    await settle_in(maya)
    payload = world.slack.command(maya.user, "TMAIN", maya.channel, "rejection log Acme final")
    await world.running_bot.deliver("slash_commands", payload)
    await world.running_bot.deliver("slash_commands", {**payload, "again": "signed anew"})
    await maya.say("rejection list")
    assert len(re.findall("Acme", maya.screen.text)) == 1


async def test_support_answers_anybody(world: SlackWorld) -> None:
    noor = world.person("noor")
    await noor.say("support")
    noor.see("bot")


async def test_words_that_are_no_command_get_a_near_match(world: SlackWorld) -> None:
    noor = world.person("noor")
    await noor.say("rejektion lst")
    assert "rejection list" in noor.screen.buttons


async def test_a_strangers_button_changes_nothing(world: SlackWorld) -> None:
    maya, noor = world.person("maya"), world.person("noor")
    for each in (maya, noor):
        await settle_in(each)
    await maya.say("rejection log Acme final")
    undo = next(
        element["value"]
        for message in world.slack.messages.values()
        for block in message.drawn["blocks"]
        for element in block.get("elements", ())
        if element.get("text", {}) == {"type": "plain_text", "text": "Undo", "emoji": False}
        and message.only_for == maya.user
        and "rejection" in element["value"]
    )
    await noor.press_packed(undo)
    noor.see("no longer here")
    await maya.say("rejection list")
    maya.see("Acme")
