"""What Slack tells about a member: time zone, name, whether they are an admin. Kept for minutes, in memory only."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

KEPT_SECONDS: Final = 300.0
ASK_SECONDS: Final = 1.0
REMEMBERED: Final = 5000


@dataclass(frozen=True, slots=True)
class Profile:
    """A member as Slack shows them; the defaults are for one that it does not tell about."""

    name: str = field(default="", repr=False)
    zone: str | None = field(default=None, repr=False)
    is_admin: bool = False


class People:
    """Asks `users.info` as seldom as can be, and never waits long for it."""

    def __init__(self, *, ask_seconds: float = ASK_SECONDS, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ask_seconds = ask_seconds
        self._monotonic = monotonic
        self._known: dict[tuple[str, str], tuple[float, Profile]] = {}

    async def find(self, client: AsyncWebClient, *, tenant: str, user: str, fresh: bool) -> Profile:
        """The member's profile. Leave to act as an admin is asked for anew at each act that may need it."""
        at, profile = self._known.get((tenant, user), (float("-inf"), Profile()))
        if self._monotonic() - at < KEPT_SECONDS and not fresh and not profile.is_admin:
            return profile
        try:
            async with asyncio.timeout(self._ask_seconds):
                answer = await client.users_info(user=user)
            found = _profile(answer["user"])
        except Exception:  # noqa: BLE001 - without an answer: no admin, and the rest as it was known
            return Profile(profile.name, profile.zone)
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[tenant, user] = (self._monotonic(), found)
        return found


def _profile(user: dict[str, Any]) -> Profile:
    shown = user.get("profile") or {}
    name = shown.get("display_name") or shown.get("real_name") or ""
    return Profile(name, _zone(user.get("tz")), bool(user.get("is_admin") or user.get("is_owner")))


def _zone(name: str | None) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (ValueError, OSError):  # an unknown name, or no name at all
        return None
