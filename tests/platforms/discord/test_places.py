"""Who has left a thread or a server: said only where Discord says exactly that, and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.platforms.discord.adapter import DiscordPlatform
from bot.sending import Unreachable
from tests.platforms.discord.running import platform_of
from tests.platforms.discord.server import Server, reply
from tests.platforms.fake_desk import FakeDesk

THREAD, CHANNEL = 12, 0
HERE, GONE = "77", "78"
OF_NOBODY = [(404, 10007, "Unknown Member"), (404, 10013, "Unknown User")]
OF_SOMETHING_ELSE = [
    (404, 10003, "Unknown Channel"),
    (404, 10004, "Unknown Guild"),
    (404, 0, "404: Not Found"),
    (403, 50001, "Missing Access"),
]

Refusal = tuple[int, int, str]


@dataclass
class Answers:
    """What kind of channel it is, and what is answered of the one who is gone."""

    kind: int = THREAD
    refusal: Refusal = OF_NOBODY[0]


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
async def platform(answers: Answers, desk: FakeDesk) -> AsyncIterator[DiscordPlatform]:
    async def channel(_: web.Request) -> web.Response:
        return reply({"id": "5", "type": answers.kind, "guild_id": "9"})

    async def member(request: web.Request) -> web.Response:
        if request.match_info["user"] == HERE:
            return reply({"user_id": HERE})
        status, code, message = answers.refusal
        return reply({"code": code, "message": message}, status=status)

    discord = Server()
    application = web.Application()
    application.add_routes(discord.routes())
    application.add_routes([
        web.get("/api/channels/5", channel),
        web.get("/api/channels/5/thread-members/{user}", member),
        web.get("/api/guilds/9/members/{user}", member),
    ])  # fmt: skip
    async with TestServer(application) as server:
        discord.address = f"http://{server.host}:{server.port}"
        made = platform_of(discord, desk)
        await made.log_in()
        yield made
        await made.close()


@pytest.mark.parametrize("refusal", OF_NOBODY, ids=str)
@pytest.mark.parametrize("kind", [THREAD, CHANNEL])
async def test_who_is_unknown_there_has_left(
    platform: DiscordPlatform, answers: Answers, kind: int, refusal: Refusal
) -> None:
    answers.kind, answers.refusal = kind, refusal
    assert list(await platform.find_absent(destination="discord:1:5", users=[HERE, GONE])) == [GONE]
    assert await platform.has_left(community="9", user=GONE)
    assert not await platform.has_left(community="9", user=HERE)


@pytest.mark.parametrize("refusal", OF_SOMETHING_ELSE, ids=str)
async def test_any_other_refusal_tells_nothing_of_anybody(
    platform: DiscordPlatform, answers: Answers, refusal: Refusal
) -> None:
    answers.refusal = refusal
    with pytest.raises(Unreachable):
        await platform.find_absent(destination="discord:1:5", users=[HERE, GONE])
    with pytest.raises(Unreachable):
        await platform.has_left(community="9", user=GONE)
