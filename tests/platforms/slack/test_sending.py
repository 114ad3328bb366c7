"""Sending for the engine: each failure called by what it means."""

from uuid import uuid4

import pytest

from bot.clock import StillClock
from bot.platforms.slack.adapter import SlackPlatform
from bot.sending import TryLater, Unreachable
from tests.platforms.ground import START
from tests.platforms.slack.conftest import OFFERS, SlackDesk, card
from tests.platforms.slack.server import SimulatedSlack
from tests.platforms.slack.state import Refusal
from tests.platforms.slack_world import slack_platform

TOKEN = "xoxb-1"


def sender(slack: SimulatedSlack, *, token: str | None = TOKEN, error: Exception | None = None) -> SlackPlatform:
    async def find_token(_: str | None, __: str | None) -> str | None:
        if error is not None:
            raise error
        return token

    return slack_platform(
        SlackDesk(offers=OFFERS),
        slack,
        transport="http",
        clock=StillClock(START),
        find_token=find_token,
        bot_token=TOKEN,
    )


async def send(platform: SlackPlatform) -> str:
    try:
        return await platform.send(destination="slack:T1:C1", card=card("Hello", private=False), delivery=uuid4())
    finally:
        await platform.close()


async def test_where_the_database_does_not_answer_the_bot_is_not_taken_for_uninstalled(slack: SimulatedSlack) -> None:
    with pytest.raises(TryLater):
        await send(sender(slack, error=ConnectionError("the database restarts")))


async def test_where_it_is_not_installed_nothing_can_be_sent(slack: SimulatedSlack) -> None:
    with pytest.raises(Unreachable):
        await send(sender(slack, token=None))


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("account_inactive", TryLater), ("token_revoked", TryLater), ("is_archived", Unreachable)],
)
async def test_what_is_wrong_with_the_bot_itself_closes_no_place(
    slack: SimulatedSlack, code: str, meaning: type[Exception]
) -> None:
    slack.refuse("chat.postMessage", Refusal(code))
    with pytest.raises(meaning):
        await send(sender(slack))


async def test_logged_in_it_sends_though_it_does_not_run_and_the_database_is_away(slack: SimulatedSlack) -> None:
    platform = sender(slack, error=ConnectionError("the database restarts"))
    await platform.log_in()
    assert await send(platform) in slack.messages
