"""One connection over real sockets: it starts, is lost, comes back, and ends in order."""

import asyncio

import discord
import pytest

from bot.platforms.base import Answer, Arrival, LoginRefused, Request
from tests.platforms.discord.running import COMMAND, PRESS, SOON, TYPED, card, connected, first, platform_of
from tests.platforms.discord.server import CHANNEL, FORBIDDEN, NOT_FOUND, Server, private_message
from tests.platforms.fake_desk import FakeDesk


async def test_the_commands_are_sent_only_where_they_differ(server: Server, desk: FakeDesk) -> None:
    def puts() -> int:
        return sum(each.method == "PUT" for each in server.sent)

    async with connected(server, desk):
        assert puts() == 1
    async with connected(server, desk) as platform:
        assert puts() == 1, "a second start changes nothing"
        desk.offers = []
        assert (await platform.difference()).removed == ("rejection log",)
        assert puts() == 1, "looking changes nothing"
        await platform.sync()
        assert puts() == 2
        assert not await platform.difference()


async def test_a_refused_token_says_what_to_do_and_not_what_it_is(server: Server, desk: FakeDesk) -> None:
    server.token_works = False
    platform = platform_of(server, desk)
    with pytest.raises(LoginRefused, match="STEPPINGSTONE_DISCORD_TOKEN") as refused:
        await platform.run()
    assert "a.b.c" not in str(refused.value)
    with pytest.raises(LoginRefused):
        await platform.sync()


async def test_a_start_does_not_speak_of_voices(
    server: Server, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", True)
    platform_of(server, desk)
    assert "voice" not in caplog.text


async def test_a_failed_first_handshake_is_an_error_to_start_again_after(server: Server, desk: FakeDesk) -> None:
    server.gateway_up = False
    platform = platform_of(server, desk)
    with pytest.raises(Exception, match="503"):
        await platform.run()
    assert not platform.ready
    server.gateway_up = True
    running = asyncio.create_task(platform.run())
    await server.connected()
    await server.arrive(COMMAND, TYPED)
    await server.until(first)
    assert platform.ready
    await platform.close()
    await running


async def test_a_lost_connection_is_taken_up_again(server: Server, desk: FakeDesk) -> None:
    async with connected(server, desk) as platform:
        again = asyncio.create_task(server.connected())
        await asyncio.sleep(0)
        await server.drop(1001)
        await again
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
        assert platform.ready


async def test_an_event_that_cannot_be_read_leaves_the_connection_to_the_others(
    server: Server, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(server, desk) as platform:
        await server.arrive(PRESS, {"component_type": 2})
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
        assert platform.ready
    assert "event not read" in caplog.text


@pytest.mark.parametrize(("code", "error"), [(4004, LoginRefused), (4013, discord.ConnectionClosed)])
async def test_a_connection_that_ends_for_good_raises(
    server: Server, desk: FakeDesk, code: int, error: type[Exception]
) -> None:
    platform = platform_of(server, desk)
    running = asyncio.create_task(platform.run())
    await server.connected()
    await server.drop(code)
    with pytest.raises(error):
        await running
    assert not platform.ready


async def test_closing_lets_work_in_hand_finish(server: Server, desk: FakeDesk) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(_: Arrival, __: Request) -> Answer:
        begun.set()
        await go.wait()
        return Answer(card("Finished."))

    desk.answers["log"] = slow
    platform = platform_of(server, desk)
    running = asyncio.create_task(platform.run())
    await server.connected()
    await server.arrive(COMMAND, TYPED)
    await begun.wait()
    closing = asyncio.create_task(platform.close())
    await server.arrive(PRESS, {"custom_id": "more:1", "component_type": 2}, message=private_message())
    await server.until(first)
    assert "restarting" in server.of_interactions[0].text
    go.set()
    await closing
    await running
    assert "Finished." in server.of_interactions[1].text
    await platform.close()


async def test_closing_waits_only_so_long(server: Server, desk: FakeDesk) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless(_: Arrival, __: Request) -> Answer:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    desk.answers["log"] = endless
    platform = platform_of(server, desk, close_after=SOON)
    running = asyncio.create_task(platform.run())
    await server.connected()
    await server.arrive(COMMAND, TYPED)
    await begun.wait()
    await platform.close()
    await running
    await ended.wait()


async def test_a_start_goes_on_where_the_commands_cannot_be_synced(
    server: Server, desk: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    server.commands_work = False
    async with connected(server, desk):
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
    assert "commands not synced" in caplog.text


async def test_a_start_does_not_wait_long_for_the_list_of_commands(server: Server, desk: FakeDesk) -> None:
    server.commands_come.clear()
    platform = platform_of(server, desk, start_seconds=1.0)
    running = asyncio.create_task(platform.run())
    await server.connected(or_ended=running)
    server.commands_come.set()
    await platform.close()
    await running


async def test_a_login_that_is_not_answered_is_an_error_to_start_again_after(server: Server, desk: FakeDesk) -> None:
    server.login_comes.clear()
    platform = platform_of(server, desk, start_seconds=SOON)
    with pytest.raises(TimeoutError):
        await platform.run()
    server.login_comes.set()
    running = asyncio.create_task(platform_of(server, desk).run())
    await server.connected(or_ended=running)
    running.cancel()
    await asyncio.wait({running})


@pytest.mark.parametrize(("status", "gone"), [(204, True), (NOT_FOUND, True), (FORBIDDEN, False)])
async def test_a_message_is_taken_back(server: Server, desk: FakeDesk, status: int, gone: bool) -> None:
    server.deleted["5"] = status
    async with connected(server, desk) as platform:
        assert await platform.withdraw(destination=f"discord:{CHANNEL}", message="5") is gone
