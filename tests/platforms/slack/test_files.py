"""Files, which Slack never keeps private to a conversation, and what is taken back."""

from uuid import UUID

import pytest

from bot.cards import Actions, Button, Card, File, Text, say
from bot.pack import pack
from bot.platforms.base import Answer
from tests.platforms.slack.conftest import FORM, Stage, asked
from tests.platforms.slack.state import Refusal

POST = UUID("00000000-0000-4000-8000-000000000001")


FILES = Card((Text(say("Here it is.")), Actions((Button("Support", "support"),))),
             files=(File("export.zip", b"PK\x05\x06", "Everything that is kept of you."),))  # fmt: skip


async def test_a_file_goes_to_the_direct_messages_and_can_be_removed(stage: Stage) -> None:
    stage.desk.post = POST
    stage.desk.answers["rejection"] = Answer(FILES)
    await stage.maya.say("rejection")
    assert stage.maya.screen.files == {"export.zip": b"PK\x05\x06"}
    stage.maya.see("export.zip is in your direct messages with me.", "stays in this workspace", "after 24 hours")
    ((file, _),) = stage.slack.files.items()
    destination = "slack:T1:DUMAYA"
    assert stage.desk.noted == [{"destination": destination, "message": file, "job": "withdraw", "hours": 24}]
    assert [message.ephemeral for message in stage.slack.messages.values()] == [False, True]
    await stage.maya.press("Remove the file now")
    assert asked(stage)[1].packed == pack("withdraw", [POST])
    assert asked(stage)[0].on_own_message
    assert await stage.platform.withdraw(destination=destination, message=file)
    assert not stage.slack.files
    assert await stage.platform.withdraw(destination=destination, message=file)


async def test_a_file_that_answers_a_form_is_sent_once(stage: Stage) -> None:
    stage.desk.answers |= {"rejection": Answer(form=FORM), "log": Answer(FILES)}
    await stage.maya.say("rejection")
    stage.slack.refuse("response_url", Refusal("expired_url", 404))
    await stage.maya.fill(company="Acme")
    stage.maya.see("Here it is.", "export.zip is in your direct messages with me.")
    assert len(stage.slack.files) == 1


async def test_a_file_that_cannot_be_noted_is_not_promised_to_be_removed(stage: Stage) -> None:
    stage.desk.answers["rejection"] = Answer(FILES)
    await stage.maya.say("rejection")
    stage.maya.see("I cannot remove it for you.")
    stage.maya.not_see("24 hours")
    assert "Remove the file now" not in stage.maya.screen.buttons


async def test_a_file_that_cannot_be_sent_is_said(stage: Stage) -> None:
    stage.slack.refuse("files.completeUploadExternal", Refusal("missing_scope"))
    stage.desk.answers["rejection"] = Answer(FILES)
    await stage.maya.say("rejection")
    stage.maya.see("Here it is.", "I could not send export.zip. Please try again in a few minutes.")


async def test_a_message_is_withdrawn_and_what_is_unsure_is_raised(stage: Stage) -> None:
    stage.desk.answers["rejection"] = Answer(FILES)
    await stage.maya.say("rejection")
    direct = next(message for message in stage.slack.messages.values() if not message.ephemeral)
    assert await stage.platform.withdraw(destination="slack:T1:DUMAYA", message=direct.id)
    assert direct.id not in stage.slack.messages
    stage.slack.refuse("chat.delete", Refusal("fatal_error"))
    with pytest.raises(ConnectionError, match="fatal_error"):
        await stage.platform.withdraw(destination="slack:T1:DUMAYA", message="9.0")
    assert not await stage.platform.withdraw(destination="slack:T2:D2", message="F1")
