"""The manifest that is pasted to make the app; tests/bot/test_docs.py keeps its copies in deploy/ fresh."""

from bot.loader import collect, discover
from bot.platforms.slack.manifest import SCOPES, manifest

OFFERS = collect(discover()).offers
EXAMPLE = "https://stone.example.org"


def test_it_asks_for_no_messages_of_others() -> None:
    bot_scopes = manifest(OFFERS, url=None)["oauth_config"]["scopes"]
    assert bot_scopes == {"bot": list(SCOPES)}
    assert not any("history" in scope for scope in SCOPES)


def test_socket_mode_needs_no_address_and_http_needs_it_everywhere() -> None:
    socket, http = manifest(OFFERS, url=None), manifest(OFFERS, url=EXAMPLE + "/")
    assert socket["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(socket)
    address = f"{EXAMPLE}/slack/events"
    assert http["settings"]["socket_mode_enabled"] is False
    assert http["features"]["slash_commands"][0]["url"] == address
    assert http["settings"]["interactivity"]["request_url"] == address
    assert http["settings"]["event_subscriptions"]["request_url"] == address


def test_it_keeps_to_slacks_limits() -> None:
    made = manifest(OFFERS, url=None)
    about, features = made["display_information"], made["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert 0 < len(features["shortcuts"]) <= 10
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    (command,) = features["slash_commands"]
    assert command["should_escape"] is True
    assert len(command["description"]) <= 2000
