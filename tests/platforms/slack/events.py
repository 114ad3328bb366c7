"""What Slack says by itself, as its documentation shows it: somebody left a private channel, an account was ended."""

import itertools
from typing import Any

Json = dict[str, Any]

_NUMBERS = itertools.count(1)


def left_channel(user: str, *, team: str, channel: str) -> Json:
    """The same for who leaves, and for who is removed."""
    return _event(team, {
        "type": "member_left_channel", "user": user, "channel": channel, "channel_type": "G", "team": team,
        "event_ts": "1763888400.000200",
    })  # fmt: skip


def profile_changed(user: str, *, team: str, deleted: bool) -> Json:
    """Whatever changes of a profile; `deleted` where the account was ended."""
    return _event(team, {
        "type": "user_change",
        "user": {
            "id": user, "team_id": team, "name": user.lower(), "deleted": deleted, "is_bot": False,
            "updated": 1763888400,
            "profile": {"display_name": user.title(), "status_text": "On holiday"},
        },
        "cache_ts": 1763888400, "event_ts": "1763888400.000300",
    })  # fmt: skip


def _event(team: str, happened: Json) -> Json:
    return {
        "token": "", "team_id": team, "api_app_id": "A1", "event": happened, "type": "event_callback",
        "event_id": f"EvL{next(_NUMBERS)}", "event_time": 1763888400, "is_ext_shared_channel": False,
        "authorizations": [{"enterprise_id": None, "team_id": team, "user_id": "UBOT", "is_bot": True}],
    }  # fmt: skip
