"""Asks Slack whose a token is, and says what to do where it is not taken."""

from dataclasses import dataclass
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.base import LoginRefused
from bot.platforms.slack.outgoing import error_code

_REFUSED: Final = frozenset({
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "no_permission",
    "org_login_required", "not_allowed_token_type", "missing_scope", "access_denied",
})  # fmt: skip
_NO_BOT: Final = (
    "Slack does not take the bot token ({code}). Copy the Bot User OAuth Token from OAuth & Permissions in the app's "
    "settings to STEPPINGSTONE_SLACK_BOT_TOKEN; install the app to the workspace first if there is none."
)
_NO_APP: Final = (
    "Slack does not take the app-level token ({code}). Make one with the scope connections:write under Basic "
    "Information in the app's settings, and set STEPPINGSTONE_SLACK_APP_TOKEN to it; Socket Mode has to be on."
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a bot token leads."""

    enterprise: str
    team: str
    bot_id: str
    bot_user: str


async def workspace_of(client: AsyncWebClient) -> Workspace:
    """The workspace of the client's bot token. Raises LoginRefused."""
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise _refusal(error, _NO_BOT) from None
    enterprise = answer.get("enterprise_id") or ""
    return Workspace(enterprise, answer["team_id"], answer.get("bot_id") or "", answer["user_id"])


async def socket_address(client: AsyncWebClient, *, app_token: str) -> str:
    """Where to connect for Socket Mode, good for one connection. Raises LoginRefused."""
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise _refusal(error, _NO_APP) from None
    return str(answer["url"])


def _refusal(error: SlackApiError, words: str) -> Exception:
    code = error_code(error)
    return LoginRefused(words.replace("{code}", code)) if code in _REFUSED else ConnectionError(f"Slack answers {code}")
