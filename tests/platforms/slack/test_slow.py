"""Answers that take longer than Slack waits."""

import asyncio
from dataclasses import replace

from bot.cards import say
from bot.platforms.base import Answer, Arrival, Request
from tests.platforms.slack.conftest import FORM, SetUp, Stage, card


class Gate:
    """An answer that waits until the test lets it go."""

    def __init__(self, answer: Answer) -> None:
        self.open = asyncio.Event()
        self.answer = answer

    async def __call__(self, _: Arrival, __: Request) -> Answer:
        await self.open.wait()
        return self.answer


async def test_a_slow_answer_is_acknowledged_first_and_comes_later(set_up: SetUp) -> None:
    stage = await set_up(defer_after=0.01)
    gate = Gate(Answer(card("At last.")))
    stage.desk.answers["rejection"] = gate
    payload = stage.slack.command("UMAYA", "T1", "C1", "rejection")
    assert await stage.bot.deliver_only("slash_commands", payload) == (200, {})
    assert not stage.slack.messages
    gate.open.set()
    await stage.platform.idle()
    assert len(stage.slack.messages) == 1


async def slow_submit(set_up: SetUp, answer: Answer, *, key: str = "rejection") -> tuple[Stage, Gate]:
    stage = await set_up(defer_after=0.01)
    gate = Gate(answer)
    stage.desk.answers |= {key: Answer(form=FORM), "log": gate}
    stage.slack.profiles["UMAYA"]["tz"] = "Europe/Berlin"
    await (stage.maya.use_shortcut(key) if key == "rejection.log" else stage.maya.say(key))
    await stage.platform.idle()
    (view,) = stage.slack.stacks["UMAYA"]
    _, ack = await stage.bot.deliver_only("interactive", stage.slack.submit(view, "T1", {}))
    assert ack["response_action"] == "update"
    stage.slack.acknowledged(view, ack)
    return stage, gate


def top(stage: Stage) -> str:
    stage.maya._look()  # noqa: SLF001 - the screen without a step
    return stage.maya.screen.text


async def test_a_slow_submit_says_so_and_then_shows_the_answer_in_its_modal(set_up: SetUp) -> None:
    stage, gate = await slow_submit(set_up, Answer(card("Logged.")), key="rejection.log")
    assert "Working on it." in top(stage)
    gate.open.set()
    await stage.platform.idle()
    assert "Logged." in top(stage)
    assert not stage.slack.messages


async def test_a_slow_submit_from_a_conversation_answers_there_too(set_up: SetUp) -> None:
    stage, gate = await slow_submit(set_up, Answer(card("Logged.")))
    gate.open.set()
    await stage.platform.idle()
    assert "Logged." in top(stage)
    assert len(stage.slack.messages) == 1


async def test_a_slow_submit_whose_modal_was_closed_goes_to_the_direct_messages(set_up: SetUp) -> None:
    stage, gate = await slow_submit(set_up, Answer(card("Logged.")), key="rejection.log")
    stage.maya.close_form()
    gate.open.set()
    await stage.platform.idle()
    assert [message.channel for message in stage.slack.messages.values()] == ["DUMAYA"]


async def test_a_slow_submit_with_errors_gives_the_form_back(set_up: SetUp) -> None:
    form = replace(FORM, errors={"company": say("Type a name.")})
    stage, gate = await slow_submit(set_up, Answer(form=form))
    gate.open.set()
    await stage.platform.idle()
    assert "Type a name." in top(stage)
    assert stage.maya.screen.form is not None


async def test_closing_lets_work_in_hand_finish(set_up: SetUp) -> None:
    stage = await set_up(defer_after=0.01)
    gate = Gate(Answer(card("At last.")))
    stage.desk.answers["rejection"] = gate
    await stage.bot.deliver_only("slash_commands", stage.slack.command("UMAYA", "T1", "C1", "rejection"))
    closing = asyncio.create_task(stage.platform.close())
    await asyncio.wait({closing}, timeout=0.05)
    assert not closing.done()
    gate.open.set()
    await closing
    assert len(stage.slack.messages) == 1
    assert not stage.platform.ready
    await stage.platform.close()
