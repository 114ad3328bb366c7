"""What Slack says of those who left a private channel or the workspace: passed on, to be looked up."""

import asyncio
import logging
from typing import Final

from slack_bolt.response import BoltResponse

from bot.platforms.base import Departure, Desk
from bot.platforms.slack.limits import Json

log = logging.getLogger(__name__)

NOTE_SECONDS: Final = 2.0
"""Of the 3 that Slack waits for an acknowledgement."""


def read_departure(body: Json) -> Departure | None:
    """Who left, None where the event is another one. Raises KeyError, TypeError for a body that is not Slack's."""
    if body.get("type") != "event_callback":
        return None
    happened = body["event"]
    match happened.get("type"):
        case "member_left_channel":
            user, channel = happened["user"], happened["channel"]
        case "user_change" if happened["user"].get("deleted"):
            user, channel = happened["user"]["id"], ""
        case _:
            return None
    team = body["team_id"]
    return Departure(
        id=body["event_id"],
        platform="slack",
        tenant=body.get("enterprise_id") or team,
        user=user,
        community=team,
        destination=f"slack:{team}:{channel}" if channel else "",
    )


async def noted(desk: Desk, departure: Departure) -> BoltResponse:
    """Passes it on. What is not taken down is not acknowledged: then Slack says it again."""
    try:
        async with asyncio.timeout(NOTE_SECONDS):
            await desk.departed(departure)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the database
        log.warning("a departure was not noted", extra={"fields": {"error": type(error).__name__}})
        return BoltResponse(status=503, body="")
    return BoltResponse(status=200, body="")
