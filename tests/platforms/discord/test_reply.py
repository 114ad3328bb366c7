"""Answers over real sockets: in time, once, in place, and never lost without a word."""

import asyncio

import pytest
from aiohttp import web

from bot.cards import File, Mention
from bot.platforms.base import Answer, Arrival, Form, Request
from tests.platforms.discord.running import (
    COMMAND,
    EPHEMERAL,
    LOG,
    PRESS,
    SOON,
    SUBMIT,
    SUGGEST,
    TYPED,
    card,
    connected,
    first,
    second,
)
from tests.platforms.discord.server import CHANNEL, GUILD, Sent, Server, private_message, reply
from tests.platforms.fake_desk import FakeDesk


async def test_a_typed_command_reaches_the_desk_with_who_and_where(server: Server, desk: FakeDesk) -> None:
    async with connected(server, desk):
        number = await server.arrive(COMMAND, TYPED, guild_id=GUILD)
        await server.until(first)
    [(arrival, request)] = desk.asked
    assert (arrival.id, arrival.user, arrival.name) == (number, "77", "Ada")
    assert (arrival.community, arrival.channel, arrival.direct, arrival.is_admin) == (GUILD, CHANNEL, False, True)
    assert (request.packed, request.values) == ("log", {"company": "Acme"})
    [sent] = server.of_interactions
    assert sent.body["type"] == 4
    assert sent.body["data"]["flags"] & EPHEMERAL
    assert "Done." in sent.text


async def test_a_slow_command_is_announced_and_then_answered_in_place(server: Server, desk: FakeDesk) -> None:
    go = asyncio.Event()

    async def slow(*_: object) -> Answer:
        await go.wait()
        return Answer(card("At last."))

    desk.answers["log"] = slow
    async with connected(server, desk, defer_after=SOON):
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
        go.set()
        await server.until(second)
    announced, answered = server.of_interactions
    assert announced.body == {"type": 5, "data": {"flags": EPHEMERAL}}
    assert (answered.method, answered.path.rpartition("/")[2]) == ("PATCH", "@original")
    assert "At last." in answered.text


@pytest.mark.parametrize(("replace", "method"), [(True, "PATCH"), (False, "POST")])
async def test_a_slow_press_on_a_private_message_can_still_take_its_place_or_leave_it(
    server: Server, desk: FakeDesk, replace: bool, method: str
) -> None:
    go = asyncio.Event()

    async def slow(*_: object) -> Answer:
        await go.wait()
        return Answer(card("At last."), replace=replace)

    desk.answers["more:1"] = slow
    async with connected(server, desk, defer_after=SOON):
        data = {"custom_id": "more:1", "component_type": 2}
        await server.arrive(PRESS, data, guild_id=GUILD, message=private_message())
        await server.until(first)
        go.set()
        await server.until(second)
    announced, answered = server.of_interactions
    assert announced.body["type"] == 6
    assert answered.method == method
    assert answered.body["flags"] & EPHEMERAL or replace
    assert desk.asked[0][0].on_own_message


async def test_in_a_direct_message_of_several_people_a_private_answer_never_takes_the_place_of_what_all_see(
    server: Server, desk: FakeDesk
) -> None:
    desk.answers["mine:1"] = Answer(card("For you alone."), replace=True)
    everyones = {**private_message(), "flags": 1 << 15}
    async with connected(server, desk):
        data = {"custom_id": "mine:1", "component_type": 2}
        await server.arrive(PRESS, data, message=everyones, context=2)
        await server.until(first)
    (answered,) = server.of_interactions
    assert answered.body["data"]["flags"] & EPHEMERAL


async def test_what_was_announced_privately_never_becomes_public(server: Server, desk: FakeDesk) -> None:
    go = asyncio.Event()

    async def slow(*_: object) -> Answer:
        await go.wait()
        return Answer(card("For all.", private=False, notify=(Mention("42"),)))

    desk.answers["log"] = slow
    async with connected(server, desk, defer_after=SOON):
        await server.arrive(COMMAND, TYPED, guild_id=GUILD)
        await server.until(first)
        go.set()
        await server.until(lambda sent: len(sent) >= 3)
    _, gone, answered = server.of_interactions
    assert gone.method == "DELETE"
    assert not answered.body.get("flags", 0) & EPHEMERAL
    assert answered.body["allowed_mentions"] == {"parse": [], "users": [42]}


async def test_work_that_goes_on_edits_the_same_message_and_brings_its_file(server: Server, desk: FakeDesk) -> None:
    async def export() -> Answer:
        file = File("export.json", b"{}", "All that is kept of you.")
        return Answer(card("Here it is.", files=(file,)), replace=True)

    desk.answers["log"] = Answer(card("Working on it."), then=export)
    async with connected(server, desk):
        await server.arrive(COMMAND, TYPED)
        await server.until(second)
    working, ready = server.of_interactions
    assert "Working on it." in working.text
    assert ready.method == "PATCH"
    assert ready.files == {"export.json": b"{}"}
    assert "attachment://export.json" in ready.text


async def test_a_lost_first_answer_is_given_again_and_shown_once(server: Server, desk: FakeDesk) -> None:
    server.faults.append(_cut)
    async with connected(server, desk) as platform:
        await server.arrive(COMMAND, TYPED)
        await server.until(second)
        await server.arrive(COMMAND, TYPED)
        await server.until(lambda sent: len(sent) >= 3)
        assert platform.ready
    assert len(desk.asked) == 2, "the work was done once for each command"


async def test_an_answer_lost_after_it_was_announced_is_sent_again(server: Server, desk: FakeDesk) -> None:
    go = asyncio.Event()

    async def slow(_: Arrival, __: Request) -> Answer:
        await go.wait()
        return Answer(card("At last."))

    desk.answers["log"] = slow
    async with connected(server, desk, defer_after=SOON):
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
        server.faults.append(_cut)
        go.set()
        await server.until(lambda sent: len(sent) >= 3)
    _, lost, again = server.of_interactions
    assert (lost.method, lost.body) == (again.method, again.body)


@pytest.mark.parametrize(
    "fault",
    [
        reply({"code": 0, "message": "500: Internal Server Error"}, 500),
        reply({"code": 0, "message": "slow down", "retry_after": 1.0, "global": False}, 429, {"Via": "1.1 google"}),
    ],
)
async def test_a_first_answer_that_discord_trips_over_is_given_once_more(
    server: Server,
    desk: FakeDesk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: web.Response,
) -> None:
    monkeypatch.setattr("discord.webhook.async_.asyncio", _Hurried())
    server.faults.append(lambda _: fault)
    async with connected(server, desk):
        await server.arrive(COMMAND, TYPED)
        await server.until(second)
        await server.arrive(COMMAND, TYPED)
        await server.until(lambda sent: len(sent) >= 3)
    assert len(desk.asked) == 2, "the work was done once for each command"
    assert "not answered" not in caplog.text


async def test_the_same_event_twice_is_answered_once(
    server: Server, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(server, desk):
        number = await server.arrive(COMMAND, TYPED)
        await server.arrive(COMMAND, TYPED, number=number)
        await server.until(second)
        await server.arrive(COMMAND, TYPED)
        await server.until(lambda sent: len(sent) >= 3)
    assert [arrival.id for arrival, _ in desk.asked[:2]] == [number, number], "what is once is the machine's to say"
    assert "not answered" not in caplog.text


async def test_an_answer_that_discord_refuses_is_told_with_a_reference(
    server: Server, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"code": 50035, "message": "Invalid Form Body: secret words"}
    server.faults.append(lambda _: reply(body, status=400))
    async with connected(server, desk):
        await server.arrive(COMMAND, TYPED)
        await server.until(second)
    assert "reference" in server.of_interactions[1].text
    assert "secret words" not in caplog.text


async def test_an_answer_that_comes_too_late_is_logged_and_nothing_breaks(
    server: Server, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.append(lambda _: reply({"code": 10062, "message": "Unknown"}, status=404))
    async with connected(server, desk):
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
        await server.arrive(COMMAND, TYPED)
        await server.until(second)
    assert "too late to answer" in caplog.text


async def test_a_result_after_the_15_minutes_is_logged_and_nothing_breaks(
    server: Server, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async def export() -> Answer:
        return Answer(card("Here it is."))

    desk.answers["log"] = Answer(card("Working on it."), then=export)
    server.faults += [lambda _: None, lambda _: reply({"code": 50027, "message": "Invalid Webhook Token"}, 401)]
    async with connected(server, desk):
        await server.arrive(COMMAND, TYPED)
        await server.until(second)
    assert "too late to answer" in caplog.text


async def test_a_failure_of_the_desk_does_not_reach_the_connection(
    server: Server, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> Answer:
        raise RuntimeError("broken")

    desk.answers["broken"] = broken
    async with connected(server, desk) as platform:
        await server.arrive(PRESS, {"custom_id": "broken", "component_type": 2}, message=private_message())
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
        assert platform.ready
    assert "not answered" in caplog.text


async def test_a_card_too_large_for_discord_says_so(server: Server, desk: FakeDesk) -> None:
    desk.answers["log"] = Answer(card("x" * 5000))
    async with connected(server, desk):
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
    assert "does not fit" in server.of_interactions[0].text


async def test_a_form_opens_and_its_submit_needs_no_live_modal(server: Server, desk: FakeDesk) -> None:
    desk.answers["log"] = Answer(form=Form("log", "Log a rejection", LOG.fields))
    submit = {
        "custom_id": "log",
        "components": [
            {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "company", "value": "Acme"}}
        ],
    }
    async with connected(server, desk):
        await server.arrive(COMMAND, {**TYPED, "options": [{"name": "log", "type": 1}]})
        await server.until(first)
    desk.answers.clear()
    async with connected(server, desk):
        await server.arrive(SUBMIT, submit)
        await server.until(second)
    opened, _ = server.of_interactions
    assert opened.body["type"] == 9
    assert desk.asked[1][1] == Request("log", {"company": "Acme"}, submitted=True)


async def test_a_form_that_comes_too_late_is_offered_by_a_button(server: Server, desk: FakeDesk) -> None:
    go = asyncio.Event()

    async def slow(*_: object) -> Answer:
        await go.wait()
        return Answer(form=Form("change:1", "Change", LOG.fields))

    desk.answers["change:1"] = slow
    async with connected(server, desk, defer_after=SOON):
        await server.arrive(PRESS, {"custom_id": "change:1", "component_type": 2}, message=private_message())
        await server.until(first)
        go.set()
        await server.until(second)
    offered = server.of_interactions[1]
    assert "Open the form" in offered.text
    assert "change:1" in offered.text


async def test_a_form_after_a_form_is_offered_by_a_button(server: Server, desk: FakeDesk) -> None:
    desk.answers["log"] = Answer(form=Form("!log", "Log a rejection", LOG.fields))
    typed = {"type": 4, "id": 2, "custom_id": "company", "value": "Acme"}
    async with connected(server, desk):
        await server.arrive(SUBMIT, {"custom_id": "log", "components": [{"type": 18, "id": 1, "component": typed}]})
        await server.until(first)
    offered = server.of_interactions[0]
    assert "Open the form" in offered.text
    assert '"custom_id": "log"' in offered.text
    assert "typed again" in offered.text


async def test_suggestions_that_fit_are_given(server: Server, desk: FakeDesk) -> None:
    desk.suggested = {"company": ["Acme", "x" * 101, *(f"Acme {number}" for number in range(30))]}
    typing = {"name": "company", "type": 3, "value": "Ac", "focused": True}
    data = {**TYPED, "options": [{"name": "log", "type": 1, "options": [typing]}]}
    async with connected(server, desk):
        await server.arrive(SUGGEST, data)
        await server.until(first)
    choices = server.of_interactions[0].body["data"]["choices"]
    assert choices[0] == {"name": "Acme", "value": "Acme"}
    assert len(choices) == 25


async def test_a_command_that_is_no_longer_there_says_how_to_find_it(server: Server, desk: FakeDesk) -> None:
    async with connected(server, desk):
        await server.arrive(COMMAND, {"id": "1", "name": "old", "type": 1})
        await server.until(first)
    assert "has changed" in server.of_interactions[0].text
    assert not desk.asked


async def test_a_toggle_and_a_member_reach_the_desk_as_text(server: Server, desk: FakeDesk) -> None:
    given = [
        {"name": "sure", "type": 5, "value": True},
        {"name": "later", "type": 5, "value": False},
        {"name": "times", "type": 4, "value": 3},
        {"name": "buddy", "type": 6, "value": "42"},
    ]
    async with connected(server, desk):
        await server.arrive(COMMAND, {**TYPED, "options": [{"name": "log", "type": 1, "options": given}]})
        await server.until(first)
    assert desk.asked[0][1].values == {"sure": "yes", "later": "no", "times": "3", "buddy": "42"}


async def test_suggestions_that_take_too_long_are_none(server: Server) -> None:
    class Slow(FakeDesk):
        async def complete(self, *_: object) -> list[str]:
            await asyncio.Event().wait()
            raise AssertionError

    typing = {"name": "company", "type": 3, "value": "Ac", "focused": True}
    async with connected(server, Slow(offers=[LOG]), defer_after=SOON):
        await server.arrive(SUGGEST, {**TYPED, "options": [{"name": "log", "type": 1, "options": [typing]}]})
        await server.until(first)
    assert server.of_interactions[0].body["data"]["choices"] == []


class _Hurried:
    """asyncio, without the seconds that discord.py waits before it tries again."""

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)

    async def sleep(self, _: float) -> None:
        pass


def _cut(_: Sent) -> web.Response:
    """An answer that never arrives: the connection is cut after the request had its effect."""
    return _Cut()


class _Cut(web.Response):
    async def prepare(self, request: web.BaseRequest) -> None:
        assert request.transport is not None
        request.transport.abort()
