"""Slack's trouble, and ours: nothing lost, nothing doubled."""

from dataclasses import replace

import pytest

from bot.cards import Actions, Button, Card, Chart, Series, Table, Text, say
from bot.platforms.base import Answer, Arrival, Request
from tests.platforms.slack.conftest import FORM, SetUp, Stage, asked, card
from tests.platforms.slack.state import Refusal


async def test_a_workspace_that_does_not_know_tables_gets_lines_from_then_on(stage: Stage) -> None:
    table = Card((Table("Months", ("Month", "Sent"), ((say("May"), say("4")),)),))
    stage.desk.answers["rejection"] = Answer(table)
    stage.slack.unknown_blocks.add("table")
    await stage.maya.say("rejection")
    stage.maya.see("Month: May · Sent: 4")
    assert len(stage.slack.calls("response_url")) == 2
    await stage.maya.say("rejection")
    assert len(stage.slack.calls("response_url")) == 3


async def test_app_home_has_the_same_ladder(stage: Stage) -> None:
    stage.desk.page = Card((Table("Months", ("Month", "Sent"), ((say("May"), say("4")),)),))
    stage.slack.unknown_blocks.add("table")
    await stage.maya.open_home()
    assert "Month: May · Sent: 4" in stage.maya.home


async def test_a_workspace_that_does_not_know_charts_gets_their_numbers_from_then_on(stage: Stage) -> None:
    chart = Chart("Weeks", ("16 Nov", "23 Nov"), (Series("Sent", (2, 3)), Series("Heard", (0, 1))), say("Five sent."))
    stage.desk.answers["rejection"] = Answer(Card((chart,)))
    stage.slack.unknown_blocks.add("data_visualization")
    await stage.maya.say("rejection")
    stage.maya.see("Weeks", "16 Nov: Sent 2 · Heard 0\n23 Nov: Sent 3 · Heard 1", "Five sent.")
    assert len(stage.slack.calls("response_url")) == 2
    await stage.maya.say("rejection")
    assert len(stage.slack.calls("response_url")) == 3


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_an_answer_that_slack_could_not_take_is_sent_again(stage: Stage, status: int) -> None:
    stage.slack.refuse("response_url", Refusal("trouble", status, {"Retry-After": "0"}))
    await stage.maya.say("rejection")
    stage.maya.see("Done.")
    assert len(stage.slack.messages) == 1
    assert len(stage.desk.asked) == 1


async def test_where_a_lost_connection_leaves_open_what_was_shown_the_answer_goes_elsewhere_once(stage: Stage) -> None:
    stage.slack.refuse("response_url", Refusal(status=0))
    await stage.maya.say("rejection")
    assert len(stage.slack.calls("response_url")) == 1
    assert [message.channel for message in stage.slack.messages.values()] == ["DUMAYA"]


async def test_whoever_asks_to_wait_for_an_hour_is_not_waited_for(stage: Stage) -> None:
    stage.slack.refuse("response_url", Refusal("ratelimited", 429, {"Retry-After": "3600"}))
    await stage.maya.say("rejection")
    assert [message.channel for message in stage.slack.messages.values()] == ["DUMAYA"]


async def test_a_form_that_does_not_open_in_time_waits_behind_a_button(set_up: SetUp) -> None:
    stage = await set_up(trigger_seconds=0.05)
    stage.desk.answers["rejection"] = Answer(form=FORM)
    stage.slack.refuse("views.open", Refusal("ratelimited", 429, {"Retry-After": "30"}))
    await stage.maya.say("rejection")
    stage.maya.see("This took longer than Slack waits for a form.")
    await stage.maya.press("Open the form")
    assert asked(stage)[1].packed == FORM.packed


@pytest.mark.parametrize("error", ["expired_url", "used_url"])
async def test_an_answer_that_comes_too_late_for_the_conversation_goes_to_the_direct_messages(
    stage: Stage, error: str
) -> None:
    stage.slack.refuse("response_url", Refusal(error, 404))
    await stage.maya.say("rejection")
    stage.maya.see("Done.")
    assert [message.channel for message in stage.slack.messages.values()] == ["DUMAYA"]


async def test_a_form_sent_long_after_its_command_shows_the_answer_in_the_modal(stage: Stage) -> None:
    stage.desk.answers["rejection"] = Answer(form=FORM)
    await stage.maya.say("rejection")
    stage.slack.refuse("response_url", Refusal("expired_url", 404))
    await stage.maya.fill(company="Acme")
    stage.maya.see("Done.")
    assert not stage.slack.messages


async def test_a_form_whose_trigger_is_too_old_waits_behind_a_button_as_it_was(stage: Stage) -> None:
    typed = replace(FORM, fields=tuple(replace(each, value="Acme") for each in FORM.fields))
    stage.desk.answers |= {"rejection": Answer(form=typed), "log": Answer(form=FORM)}
    stage.slack.refuse("views.open", Refusal("expired_trigger_id"))
    await stage.maya.say("rejection")
    stage.maya.see("longer than Slack waits")
    await stage.maya.press("Open the form")
    assert stage.maya.screen.form == {"company": "Acme", "note": "Acme"}


async def test_a_call_of_the_web_api_is_tried_again(stage: Stage) -> None:
    stage.desk.answers["rejection"] = Answer(form=FORM)
    stage.slack.refuse("views.open", Refusal("trouble", 503), Refusal("trouble", 429, {"Retry-After": "0"}))
    await stage.maya.say("rejection")
    assert stage.maya.screen.form is not None


TOO_LARGE = card("x" * 20_000)
UNDRAWABLE = Card((Text(say("{missing}")),))
LABELLED = replace(FORM, fields=(replace(FORM.fields[0], ask=replace(FORM.fields[0].ask, label="x" * 3000)),))


@pytest.mark.parametrize("answer", [Answer(TOO_LARGE), Answer(UNDRAWABLE), Answer(form=LABELLED)])
async def test_what_slack_would_not_take_is_a_reference_and_never_cut(stage: Stage, answer: Answer) -> None:
    stage.desk.answers |= {"rejection": answer, "rejection.log": Answer(form=FORM), "log": answer}
    await stage.maya.say("rejection")
    stage.maya.see("Something went wrong on my side", "reference")
    for opened in (stage.maya.say("rejection log"), stage.maya.use_shortcut("rejection.log")):
        await opened
        await stage.maya.fill(company="Acme")
        stage.maya.see("Something went wrong on my side")


async def test_a_home_that_cannot_be_drawn_says_so(stage: Stage) -> None:
    stage.desk.page = UNDRAWABLE
    await stage.maya.open_home()
    assert "Something went wrong on my side" in stage.maya.home


async def test_without_the_members_profile_the_answer_comes_all_the_same(stage: Stage) -> None:
    stage.slack.refuse("users.info", Refusal("fatal_error"))
    await stage.maya.say("rejection")
    stage.maya.see("Done.")
    arrival, _ = asked(stage)
    assert (arrival.zone, arrival.is_admin, arrival.name) == (None, False, "umaya")


async def test_a_profile_is_asked_for_once_and_an_admins_at_each_act(stage: Stage) -> None:
    for _ in range(3):
        await stage.maya.say("rejection")
    assert len(stage.slack.calls("users.info")) == 1
    await stage.maya.say("setup")
    assert len(stage.slack.calls("users.info")) == 2
    stage.slack.profiles["UMAYA"]["is_admin"] = True
    await stage.maya.say("setup")
    assert asked(stage)[0].is_admin
    stage.slack.profiles["UMAYA"]["is_admin"] = False
    await stage.maya.say("rejection")
    assert not asked(stage)[0].is_admin


async def test_a_press_that_takes_a_role_asks_who_one_is_now(stage: Stage) -> None:
    for packed in ("setup:1", "rejection:1"):
        stage.desk.answers[packed] = Answer(Card((Text(say("Seen.")),)))
    both = Actions((Button("Lead", "setup:1"), Button("Open", "rejection:1")))
    stage.desk.answers["rejection"] = Answer(Card((both,)))
    await stage.maya.say("rejection")
    stage.slack.profiles["UMAYA"]["is_admin"] = True
    await stage.maya.press("Open")
    assert not asked(stage)[0].is_admin  # what every member may do goes by what was known
    await stage.maya.say("rejection")
    await stage.maya.press("Lead")
    assert asked(stage)[0].is_admin


async def test_a_workspace_without_the_app_is_not_answered_by_the_desk(stage: Stage) -> None:
    payload = stage.slack.command("UMAYA", "T9", "C1", "rejection")
    await stage.bot.deliver("slash_commands", payload)
    assert not stage.desk.asked


async def test_a_database_that_is_down_does_not_keep_known_workspaces_from_an_answer(set_up: SetUp) -> None:
    down = False

    async def find_token(_: str | None, __: str | None) -> str | None:
        if down:
            raise OSError("the database is down")
        return "xoxb-1"

    stage = await set_up(find_token=find_token)
    await stage.maya.say("rejection")
    down = True
    await stage.maya.say("rejection")
    stage.maya.see("Done.")


async def test_a_desk_that_raises_is_acknowledged_and_others_are_answered(stage: Stage) -> None:
    async def broken(_: Arrival, __: Request) -> Answer:
        raise RuntimeError("not for a log")

    stage.desk.answers["rejection"] = broken
    await stage.maya.say("rejection")
    await stage.maya.say("setup")
    stage.maya.see("Done.")


@pytest.mark.parametrize(
    "payload", [{"type": "block_actions"}, {"type": "view_closed"}, {"type": "shortcut"}, {"type": "unheard_of"}]
)
async def test_an_event_that_cannot_be_read_is_only_acknowledged(stage: Stage, payload: dict[str, object]) -> None:
    status, _ = await stage.bot.deliver("interactive", {"team": {"id": "T1"}, "user": {"id": "U1"}, **payload})
    assert status == 200
    assert not stage.desk.asked
