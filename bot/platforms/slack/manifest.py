"""Slack's app manifest, made from the commands: pasted once, it makes the app."""

import json
from collections.abc import Sequence
from typing import Final

from bot.platforms.base import Offer
from bot.platforms.slack.limits import Json

COMMAND: Final = "/stone"
EVENTS_PATH: Final = "/slack/events"
SCOPES: Final = (
    "commands",
    "chat:write",
    "im:write",
    "users:read",
    "groups:read",
    "groups:write",
    "files:write",
)
"""All that is asked for. No scope reads messages."""
EVENTS: Final = ("app_home_opened", "member_left_channel", "user_change")
"""All that Slack tells by itself: that somebody looks at their page, left a channel, or left the workspace.

The last comes with every change of a profile; what is not the end of an account is dropped unread."""


def manifest(offers: Sequence[Offer], *, url: str | None) -> Json:
    """The manifest for Socket Mode, or for events sent to `url`, such as `https://stone.example.org`."""
    to_us = {} if url is None else {"url": url.rstrip("/") + EVENTS_PATH}
    request = {"request_url": to_us["url"]} if to_us else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Steppingstone",
            "description": "Keeps job seekers going after a no",
            "long_description": (
                "Steppingstone keeps job seekers going after a no. It lives where a support group already talks: "
                "a member logs a rejection in twenty seconds, privately, with how it felt and how far it got, and "
                "reads it back when it helps. What is written stays sealed and private unless a member shares it. "
                "Every command begins with /stone; /stone help lists them all."
            ),
            "background_color": "#2f4f4f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Steppingstone", "always_online": True},
            "shortcuts": [
                {"name": offer.shortcut, "type": "global", "callback_id": offer.key, "description": offer.summary}
                for offer in offers
                if offer.shortcut
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Steppingstone: log a rejection, see your entries, get support",
                    "usage_hint": "help",
                    "should_escape": True,
                    **to_us,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **request},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def manifest_text(offers: Sequence[Offer], *, url: str | None) -> str:
    """The manifest as the JSON that is pasted."""
    return json.dumps(manifest(offers, url=url), indent=2, ensure_ascii=False) + "\n"
