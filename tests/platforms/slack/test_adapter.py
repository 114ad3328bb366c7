"""Events in, answers out, over a socket and over signed HTTP: a real Bolt app and a simulated Slack."""

import asyncio
from dataclasses import replace

import pytest

from bot.cards import Actions, Button, Card, Option, Select, Text, say
from bot.platforms.base import Answer, Arrival, Request
from tests.platforms.slack.conftest import FORM, SetUp, Stage, asked, card
from tests.platforms.slack.samples import WRONG
from tests.platforms.slack.state import Message


async def test_a_typed_command_is_answered_privately(stage: Stage) -> None:
    await stage.maya.say('rejection log "A & <B>" @maya nothing more')
    stage.maya.see("Done.")
    assert stage.maya.screen.private
    arrival, request = asked(stage)
    assert request == Request("rejection.log", {"company": "A & <B>", "buddy": "<@UMAYA|maya>", "note": "nothing more"})
    assert (arrival.platform, arrival.tenant, arrival.community, arrival.channel) == ("slack", "T1", "T1", "C1")
    assert (arrival.user, arrival.name, arrival.zone, arrival.direct) == ("UMAYA", "maya", "Europe/Berlin", False)
    assert not arrival.is_admin
    assert not arrival.on_own_message
    assert not arrival.capabilities.private_files


async def test_a_mention_in_a_text_reads_as_it_was_typed(stage: Stage) -> None:
    await stage.maya.say("rejection log @maya")
    assert asked(stage)[1].values["company"] == "@maya"


@pytest.mark.parametrize(
    ("line", "words"),
    [("", None), ("  ", None), ("rejektion log Acme Corp", "rejektion log"), ("x" * 3000, "x" * 100)],
)
async def test_words_that_are_no_command_lead_to_the_help(stage: Stage, line: str, words: str | None) -> None:
    await stage.maya.say(line)
    assert asked(stage)[1] == Request("help", {"company": words} if words else {})


async def test_the_longest_command_is_meant_whatever_the_case(stage: Stage) -> None:
    await stage.maya.say(" Rejection   LOG  Acme")
    assert asked(stage)[1] == Request("rejection.log", {"company": "Acme"})
    await stage.maya.say("rejection lost")
    assert asked(stage)[1].packed == "rejection"


async def test_a_direct_message_is_one(stage: Stage) -> None:
    await stage.person("noor", direct=True).say("rejection")
    assert asked(stage)[0].direct


async def test_every_event_has_its_own_id(stage: Stage) -> None:
    await stage.maya.say("rejection")
    await stage.maya.say("rejection")
    assert len({arrival.id for arrival, _ in stage.desk.asked}) == 2


async def test_a_second_delivery_has_the_same_id(stage: Stage) -> None:
    payload = stage.slack.command("UMAYA", "T1", "C1", "rejection")
    await asyncio.gather(*(stage.bot.deliver("slash_commands", payload) for _ in range(1)))
    if stage.bot.url:
        payload = {**payload, "retry": "1"}  # signed anew, or it would not come through
    await stage.bot.deliver("slash_commands", payload)
    assert len({arrival.id for arrival, _ in stage.desk.asked}) == 1
    assert len(stage.desk.asked) == 2


async def test_a_press_edits_in_place_and_an_added_answer_is_new(stage: Stage) -> None:
    stage.desk.answers |= {
        "rejection": Answer(card("Logged.", Button("Undo", "undo:1"), Button("Support", "support"))),
        "undo:1": Answer(card("Undone."), replace=True),
        "support": Answer(card("You are not alone.")),
    }
    await stage.maya.say("rejection")
    await stage.maya.press("Support")
    assert len(stage.slack.messages) == 2
    await stage.maya.press("Undo")
    stage.maya.see("Undone.")
    assert len(stage.slack.messages) == 2
    first = next(iter(stage.slack.messages.values()))
    assert len(first.drawings) == 2
    assert asked(stage)[0].on_own_message


async def test_a_choice_is_added_to_its_call(stage: Stage) -> None:
    select = Select("Country", "support.country", (Option("de", "Germany"), Option("pt", "Portugal")))
    stage.desk.answers["rejection"] = Answer(Card((Actions((select,)),)))
    await stage.maya.say("rejection")
    await stage.maya.choose("Country", "Port")
    assert asked(stage)[1].packed == "support.country:pt"


async def test_a_link_is_only_acknowledged(stage: Stage) -> None:
    message = Message("1.0", "C1", [], "UMAYA", ephemeral=True)
    action = {"type": "button", "action_id": "0"}
    status, _ = await stage.bot.deliver("interactive", stage.slack.press("UMAYA", "T1", message, action))
    assert status == 200
    assert not stage.desk.asked


async def test_a_form_opens_and_keeps_what_is_wrong_in_its_fields(stage: Stage) -> None:
    async def submitted(_: Arrival, request: Request) -> Answer:
        if request.values.get("company") == "?":
            return Answer(form=replace(FORM, errors={"company": say("Type a name.")}))
        return Answer(card("Logged {company}."))

    stage.desk.answers |= {"rejection": Answer(form=FORM), "log": submitted}
    await stage.maya.say("rejection")
    assert stage.maya.screen.form == {"company": "", "note": ""}
    await stage.maya.fill(company="?", note="as it was")
    stage.maya.see("Type a name.")
    assert stage.maya.screen.form == {"company": "?", "note": "as it was"}
    await stage.maya.fix(company="Acme")
    stage.maya.see("Logged")
    assert stage.maya.screen.form is None
    arrival, request = asked(stage)
    assert request == Request("log", {"company": "Acme", "note": "as it was"}, submitted=True)
    assert arrival.channel == "C1"
    assert arrival.id.startswith("V")


async def test_a_form_with_errors_opens_with_them_above_the_fields(stage: Stage) -> None:
    stage.desk.answers["rejection"] = Answer(form=WRONG)
    await stage.maya.say("rejection")
    stage.maya.see("Which day? – Type it anew, such as *this*.", "You typed: nonsense")


async def test_a_form_from_a_press_answers_in_place_of_its_message(stage: Stage) -> None:
    stage.desk.answers |= {
        "rejection": Answer(card("An entry.", Button("Edit", "edit:1"))),
        "edit:1": Answer(form=replace(FORM, packed="!edit:1")),
        "!edit:1": Answer(card("Changed."), replace=True),
    }
    await stage.maya.say("rejection")
    await stage.maya.press("Edit")
    await stage.maya.fill(company="Acme")
    stage.maya.see("Changed.")
    assert len(stage.slack.messages) == 1
    assert asked(stage)[0].on_own_message


async def test_one_form_may_follow_another(stage: Stage) -> None:
    stage.desk.answers |= {
        "rejection": Answer(form=FORM),
        "log": Answer(form=replace(FORM, packed="next", title="And then")),
    }
    await stage.maya.say("rejection")
    await stage.maya.fill(company="Acme")
    stage.maya.see("And then")
    await stage.maya.fill(company="Again")
    assert asked(stage)[1].packed == "next"
    stage.maya.see("Done.")


async def test_a_form_is_answered_after_a_restart(set_up: SetUp) -> None:
    stage = await set_up()
    stage.desk.answers["rejection"] = Answer(form=FORM)
    await stage.maya.say("rejection")
    await stage.bot.stop()
    again = await set_up()
    stage.bot = again.bot
    await stage.maya.fill(company="Acme")
    stage.maya.see("Done.")
    assert asked(again)[1].values == {"company": "Acme"}


async def test_a_shortcut_opens_a_form_and_is_answered_where_it_was(stage: Stage) -> None:
    stage.desk.answers |= {
        "rejection.log": Answer(form=FORM),
        "log": Answer(card("Logged.", Button("Undo", "undo:1"), Button("Support", "support"))),
        "undo:1": Answer(card("Undone."), replace=True),
        "support": Answer(card("You are not alone.")),
    }
    await stage.maya.use_shortcut("rejection.log")
    await stage.maya.fill(company="Acme")
    stage.maya.see("Logged.")
    assert not stage.slack.messages
    await stage.maya.press("Support")
    stage.maya.see("You are not alone.")
    assert len(stage.slack.stacks["UMAYA"]) == 2
    stage.slack.stacks["UMAYA"].pop()
    await stage.maya.press("Undo")
    stage.maya.see("Undone.")
    assert asked(stage)[0].on_own_message
    assert not stage.slack.messages


async def test_a_form_pressed_in_a_modal_answers_in_that_modal(stage: Stage) -> None:
    stage.desk.answers |= {
        "rejection.log": Answer(card("An entry.", Button("Edit", "edit:1"))),
        "edit:1": Answer(form=replace(FORM, packed="!edit:1")),
        "!edit:1": Answer(card("Changed."), replace=True),
    }
    await stage.maya.use_shortcut("rejection.log")
    await stage.maya.press("Edit")
    await stage.maya.fill(company="Acme")
    stage.maya.see("Changed.")
    assert [len(stack) for stack in stage.slack.stacks.values()] == [1]


async def test_app_home_has_room_for_more_than_a_message(stage: Stage) -> None:
    stage.desk.page = Card(tuple(Text(say("Part {n}.", n=number)) for number in range(80)))
    await stage.maya.open_home()
    assert "Part 79." in stage.maya.home


async def test_app_home_shows_ones_own_page_and_its_buttons_work(stage: Stage) -> None:
    stage.desk.page = card("Your page.", Button("Show", "show"))
    stage.desk.answers["show"] = Answer(card("An entry.", Button("Undo", "undo:1")))
    await stage.maya.open_home()
    assert "Your page." in stage.maya.home
    await stage.maya.press_in_home("Show")
    stage.maya.see("An entry.")
    (message,) = stage.slack.messages.values()
    assert message.channel == "DUMAYA"
    assert not asked(stage)[0].on_own_message
    assert len(stage.slack.calls("views.publish")) == 2
    await stage.maya.press("Undo")
    assert asked(stage)[0].on_own_message


async def test_work_goes_on_and_edits_the_pressed_message(stage: Stage) -> None:
    async def then() -> Answer:
        return Answer(card("Removed."), replace=True)

    stage.desk.answers |= {
        "rejection": Answer(card("A file.", Button("Remove", "withdraw"))),
        "withdraw": Answer(card("Removing it."), replace=True, then=then),
    }
    await stage.maya.say("rejection")
    await stage.maya.press("Remove")
    stage.maya.see("Removing it.", "Removed.")
    (message,) = stage.slack.messages.values()
    assert len(message.drawings) == 3


async def test_after_a_typed_command_the_result_is_a_new_message(stage: Stage) -> None:
    """Slack gives no way to replace what answered a typed command."""

    async def then() -> Answer:
        return Answer(card("Here it is."), replace=True)

    stage.desk.answers["rejection"] = Answer(card("Working on it."), then=then)
    await stage.maya.say("rejection")
    stage.maya.see("Working on it.", "Here it is.")
    assert len(stage.slack.messages) == 2


async def test_after_a_shortcut_the_modal_shows_the_result(stage: Stage) -> None:
    async def then() -> Answer:
        return Answer(card("Here it is."), replace=True)

    stage.desk.answers |= {
        "rejection.log": Answer(card("Working on it."), then=then),
        "rejection": Answer(form=FORM),
        "log": Answer(card("Working on it."), then=then),
    }
    await stage.maya.use_shortcut("rejection.log")
    stage.maya.see("Here it is.")
    assert not stage.slack.messages
    stage.desk.answers["rejection.log"] = Answer(form=FORM)
    await stage.maya.use_shortcut("rejection.log")
    await stage.maya.fill(company="Acme")
    stage.maya.see("Here it is.")
