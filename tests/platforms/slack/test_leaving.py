"""What Slack says of those who left: passed on as it is, and not acknowledged where it could not be."""

import pytest

from bot.platforms.base import Departure
from bot.platforms.slack.leaving import read_departure
from tests.platforms.slack import events
from tests.platforms.slack.conftest import Stage


def test_who_left_a_channel_and_whose_account_ended_are_told_apart() -> None:
    left = events.left_channel("UMAYA", team="TMAIN", channel="G7")
    assert read_departure(left) == Departure(left["event_id"], "slack", "TMAIN", "UMAYA", "TMAIN", "slack:TMAIN:G7")
    ended = events.profile_changed("UMAYA", team="TMAIN", deleted=True)
    assert read_departure(ended) == Departure(ended["event_id"], "slack", "TMAIN", "UMAYA", "TMAIN")


def test_in_an_enterprise_people_are_known_by_it() -> None:
    left = {**events.left_channel("UMAYA", team="TMAIN", channel="G7"), "enterprise_id": "E1"}
    found = read_departure(left)
    assert found is not None
    assert (found.tenant, found.community, found.destination) == ("E1", "TMAIN", "slack:TMAIN:G7")


def test_nothing_else_is_a_departure() -> None:
    for body in (
        events.profile_changed("UMAYA", team="TMAIN", deleted=False),
        {"type": "event_callback", "event": {"type": "app_home_opened", "user": "UMAYA"}},
        {"type": "block_actions", "user": {"id": "UMAYA"}},
        {"command": "/stone"},
    ):
        assert read_departure(body) is None


async def test_it_is_passed_on_once_and_shows_nothing(stage: Stage) -> None:
    left = events.left_channel("UMAYA", team="T1", channel="G7")
    assert await stage.bot.deliver("events_api", left) == (200, {})
    assert [each.user for each in stage.desk.left] == ["UMAYA"]
    assert not stage.desk.asked
    assert "UMAYA" not in repr(stage.desk.left)


@pytest.mark.parametrize("transport", ["http"])
async def test_what_could_not_be_noted_is_not_acknowledged_so_that_slack_says_it_again(stage: Stage) -> None:
    stage.desk.trouble.append(ConnectionError())
    for status, noted in ((503, 0), (200, 1)):
        left = events.left_channel("UMAYA", team="T1", channel="G7")
        assert (await stage.bot.deliver("events_api", left))[0] == status
        assert len(stage.desk.left) == noted
