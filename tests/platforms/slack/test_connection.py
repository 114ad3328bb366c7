"""Getting in: tokens, the socket that is lost and found, and what comes over HTTP unsigned."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest

from bot.clock import StillClock
from bot.logs import cap_libraries
from bot.platforms.base import LoginRefused
from bot.platforms.slack.adapter import BODY_BYTES
from bot.platforms.slack.login import Workspace
from tests.platforms.fake_desk import FakeDesk
from tests.platforms.ground import START
from tests.platforms.slack.conftest import SetUp, Stage
from tests.platforms.slack.server import SimulatedSlack
from tests.platforms.slack.state import Refusal
from tests.platforms.slack.wire import encoded, signed
from tests.platforms.slack_world import APP_TOKEN, SECRET, Transport, slack_platform

only_http = pytest.mark.parametrize("transport", ["http"], indirect=True)
only_socket = pytest.mark.parametrize("transport", ["socket"], indirect=True)


async def post(stage: Stage, body: bytes, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as session, session.post(stage.bot.url, data=body, headers=headers) as answer:
        return answer.status


def a_command(stage: Stage) -> tuple[bytes, dict[str, str]]:
    body, content_type = encoded("slash_commands", stage.slack.command("UMAYA", "T1", "C1", "rejection"))
    return body, {"Content-Type": content_type}


@only_http
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "not a number"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": "²"},
        {"X-Slack-Signature": "v0=" + "é" * 64},
        {"X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Signature": ""},
    ],
)
async def test_what_is_not_signed_by_slack_is_turned_away(
    stage: Stage, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body, content = a_command(stage)
    given = {**signed(body, SECRET), **headers} if headers else {}
    assert await post(stage, body, {**content, **given}) == 401
    assert not stage.desk.asked
    assert "UMAYA" not in caplog.text


@only_http
async def test_a_signature_of_another_secret_or_another_time_is_turned_away(stage: Stage) -> None:
    body, content = a_command(stage)
    assert await post(stage, body, {**content, **signed(body, "f" * 32)}) == 401
    assert await post(stage, body, {**content, **signed(body, SECRET, at=1)}) == 401
    assert await post(stage, body + b" ", {**content, **signed(body, SECRET)}) == 401
    assert not stage.desk.asked


@only_http
async def test_a_signature_is_good_for_one_time(stage: Stage) -> None:
    body, content = a_command(stage)
    headers = {**content, **signed(body, SECRET)}
    assert [await post(stage, body, headers), await post(stage, body, headers)] == [200, 401]
    assert len(stage.desk.asked) == 1


@only_http
@pytest.mark.parametrize("announced", [True, False])
async def test_a_huge_body_is_not_read_to_its_end(stage: Stage, announced: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(2 + BODY_BYTES // 65536):
            yield b"x" * 65536

    body = BytesIO(b"x" * (BODY_BYTES + 1)) if announced else chunks()
    async with aiohttp.ClientSession() as session, session.post(stage.bot.url, data=body) as answer:
        assert answer.status == 413


@only_http
@pytest.mark.parametrize(
    "body",
    [
        *(b"{", b"payload=%7B", b"\xff\xfe", b"payload=1", b"[]", b"null", b"{}", b""),
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
async def test_a_signed_body_that_means_nothing_is_survived(stage: Stage, body: bytes) -> None:
    for content_type in ("application/json", "application/x-www-form-urlencoded"):
        assert await post(stage, body, {"Content-Type": content_type, **signed(body, SECRET)}) < 500
        body += b" "  # signed anew
    assert not stage.desk.asked


@only_http
async def test_a_body_that_does_not_come_is_not_waited_for(set_up: SetUp) -> None:
    stage = await set_up(body_seconds=0.05)

    async def stalls() -> AsyncIterator[bytes]:
        yield b"payload="
        await asyncio.Event().wait()

    async with aiohttp.ClientSession() as session, session.post(stage.bot.url, data=stalls()) as answer:
        assert answer.status == 408


@only_http
async def test_the_address_is_confirmed_to_slack(stage: Stage) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c1"}).encode()
    headers = {"Content-Type": "application/json", **signed(body, SECRET)}
    async with aiohttp.ClientSession() as session, session.post(stage.bot.url, data=body, headers=headers) as answer:
        assert await answer.json() == {"challenge": "c1"}


@only_http
async def test_after_closing_slack_is_told_to_come_again(stage: Stage) -> None:
    assert stage.platform.ready
    await stage.platform.close()
    body, content = a_command(stage)
    assert await post(stage, body, {**content, **signed(body, SECRET)}) == 503


@only_socket
async def test_a_socket_needs_no_route(stage: Stage) -> None:
    assert stage.platform.ready
    assert not stage.platform.routes()


@only_socket
@pytest.mark.parametrize("how", ["closed", "cut", "refreshed"])
async def test_a_lost_socket_is_found_again(stage: Stage, how: str) -> None:
    stage.slack.connected.clear()
    socket = stage.slack.sockets[-1]
    match how:
        case "closed":
            await socket.close()
        case "cut":
            assert socket._req is not None  # noqa: SLF001 - nothing public cuts a connection
            assert socket._req.transport is not None  # noqa: SLF001 - the same
            socket._req.transport.abort()  # noqa: SLF001 - the same
        case _:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
    await asyncio.wait_for(stage.slack.connected.wait(), 60)
    await stage.maya.say("rejection")
    stage.maya.see("Done.")


@only_socket
async def test_what_was_said_into_a_lost_socket_is_heard_over_the_next_one(stage: Stage) -> None:
    await stage.slack.sockets[-1].close()
    await stage.maya.say("rejection")
    stage.maya.see("Done.")
    assert len(stage.slack.sockets) > 1


async def test_a_socket_that_stays_lost_ends_the_run(slack: SimulatedSlack) -> None:
    platform = slack_platform(
        FakeDesk(), slack, transport="socket", clock=StillClock(START), ping_seconds=0.01, lost_after=0.05
    )
    running = asyncio.create_task(platform.run())
    await asyncio.wait_for(slack.connected.wait(), 60)
    slack.refuse("apps.connections.open", *[Refusal("fatal_error")] * 1000)
    await slack.sockets[-1].close()
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(running, 10)
    assert not platform.ready
    await platform.close()


@pytest.mark.parametrize("code", ["invalid_auth", "not_allowed_token_type", "missing_scope"])
async def test_a_wrong_app_token_says_what_to_do(slack: SimulatedSlack, code: str) -> None:
    slack.refuse("apps.connections.open", Refusal(code))
    platform = slack_platform(FakeDesk(), slack, transport="socket", clock=StillClock(START))
    with pytest.raises(LoginRefused, match="STEPPINGSTONE_SLACK_APP_TOKEN") as refused:
        await platform.run()
    assert code in str(refused.value)
    assert APP_TOKEN not in str(refused.value)
    await platform.close()


async def test_a_wrong_bot_token_says_what_to_do(slack: SimulatedSlack, transport: Transport) -> None:
    platform = slack_platform(FakeDesk(), slack, transport=transport, clock=StillClock(START), bot_token="xoxb-wrong")
    with pytest.raises(LoginRefused, match="STEPPINGSTONE_SLACK_BOT_TOKEN") as refused:
        await platform.run()
    assert "xoxb-wrong" not in str(refused.value)
    await platform.close()


async def test_trouble_of_slacks_own_is_no_refusal(slack: SimulatedSlack) -> None:
    slack.refuse("auth.test", *[Refusal("trouble", 503)] * 3)
    platform = slack_platform(FakeDesk(), slack, transport="http", clock=StillClock(START), bot_token="xoxb-1")
    with pytest.raises(ConnectionError):
        await platform.run()
    await platform.close()


async def test_the_workspace_of_the_bot_token_is_installed_first(set_up: SetUp, slack: SimulatedSlack) -> None:
    installed: list[Workspace] = []
    done = asyncio.Event()

    async def install(workspace: Workspace) -> None:
        installed.append(workspace)
        done.set()

    await set_up(bot_token="xoxb-1", install=install)
    await asyncio.wait_for(done.wait(), 10)
    assert installed == [Workspace(enterprise="", team="T1", bot_id="B1", bot_user="UBOT")]


async def test_the_libraries_write_nothing_of_what_comes_and_goes(
    set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    """At DEBUG, and also where something fails."""
    cap_libraries()
    caplog.set_level(logging.DEBUG)
    stage = await set_up()
    stage.slack.refuse("response_url", Refusal("secret_word", 500), Refusal("secret_word", 404))
    stage.slack.refuse("chat.postMessage", Refusal("fatal_error"))
    await stage.maya.say("rejection log secret_word")
    if stage.slack.sockets:
        stage.slack.connected.clear()
        stage.slack.refuse("apps.connections.open", Refusal("secret_word"))
        await stage.slack.sockets[-1].close()
        await asyncio.wait_for(stage.slack.connected.wait(), 60)
        assert "slack library: async_client.issue_new_wss_url" in caplog.text
    await stage.bot.stop()
    for found in ("secret_word", "UMAYA", "xoxb-1", APP_TOKEN, "/socket/", "/respond/"):
        assert found not in caplog.text


async def test_it_can_send_after_logging_in_and_takes_nothing_in_by_that(slack: SimulatedSlack) -> None:
    installed: list[Workspace] = []

    async def install(workspace: Workspace) -> None:
        installed.append(workspace)

    platform = slack_platform(
        FakeDesk(), slack, transport="http", clock=StillClock(START), bot_token="xoxb-1", install=install
    )
    assert not platform.can_send
    await platform.log_in()
    assert platform.can_send
    assert not platform.ready
    assert [each.team for each in installed] == ["T1"]
    await platform.close()
