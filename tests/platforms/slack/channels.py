"""The private channels of a simulated Slack: who made them, who is in them, and what Slack refuses.

As Slack does: a bot sees a private channel only while it is in it, the name of a channel is taken once in a workspace,
and nobody invites or removes themselves.
"""

import itertools
import re
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Channel:
    """One channel of one workspace."""

    id: str
    team: str
    name: str
    creator: str
    private: bool = True
    archived: bool = False
    purpose: str = ""
    members: set[str] = field(default_factory=set)


class Channels:
    """All channels, by their ids. Each method answers one call of the Web API: its content, or Slack's error."""

    def __init__(self, bot_user: str) -> None:
        self.all: dict[str, Channel] = {}
        self.page = 2
        """So many members are told at once."""
        self._bot_user = bot_user
        self._numbers = itertools.count(1)

    def add(self, team: str, name: str, *members: str, private: bool = True) -> Channel:
        """A channel that people made."""
        made = Channel(f"C{next(self._numbers)}{name.upper()}", team, name, "USOMEBODY", private, members={*members})
        self.all[made.id] = made
        return made

    def create(self, team: str, body: Json) -> Json | str:
        name = str(body["name"])
        if not re.fullmatch(r"[\w-]{1,80}", name) or name != name.lower():
            return "invalid_name_specials"
        if any(each.name == name and each.team == team for each in self.all.values()):
            return "name_taken"
        made = Channel(
            f"G{next(self._numbers)}",
            team,
            name,
            self._bot_user,
            _is_true(body["is_private"]),
            members={self._bot_user},
        )
        self.all[made.id] = made
        return {"channel": self._drawn(made)}

    def info(self, team: str, body: Json) -> Json | str:
        found = self._seen(team, body)
        return found if isinstance(found, str) else {"channel": self._drawn(found)}

    def list(self, team: str, body: Json) -> Json | str:
        assert body["types"] == "private_channel"
        seen = [each for each in self.all.values() if each.team == team and self._bot_user in each.members]
        return {"channels": [self._drawn(each) for each in seen if each.private and not each.archived]}

    def set_purpose(self, team: str, body: Json) -> Json | str:
        found = self._seen(team, body)
        if isinstance(found, str):
            return found
        found.purpose = str(body["purpose"])
        return {"channel": self._drawn(found)}

    def invite(self, team: str, body: Json) -> Json | str:
        found = self._seen(team, body)
        if isinstance(found, str):
            return found
        if self._bot_user not in found.members:
            return "not_in_channel"
        users = str(body["users"]).split(",")
        if self._bot_user in users:
            return "cant_invite_self"
        if found.archived:
            return "is_archived"
        if found.members >= set(users):
            return "already_in_channel"
        found.members.update(users)
        return {"channel": self._drawn(found)}

    def kick(self, team: str, body: Json) -> Json | str:
        found = self._seen(team, body)
        if isinstance(found, str):
            return found
        if body["user"] not in found.members:
            return "not_in_channel"
        found.members.discard(body["user"])
        return {}

    def list_members(self, team: str, body: Json) -> Json | str:
        found = self._seen(team, body)
        if isinstance(found, str):
            return found
        members, begin = sorted(found.members), int(body.get("cursor") or 0)
        rest = members[begin + self.page :]
        cursor = str(begin + self.page) if rest else ""
        return {"members": members[begin : begin + self.page], "response_metadata": {"next_cursor": cursor}}

    def _seen(self, team: str, body: Json) -> Channel | str:
        found = self.all.get(str(body["channel"]))
        if found is None or found.team != team or (found.private and self._bot_user not in found.members):
            return "channel_not_found"
        return found

    def _drawn(self, channel: Channel) -> Json:
        return {
            "id": channel.id,
            "name": channel.name,
            "creator": channel.creator,
            "is_channel": not channel.private,
            "is_private": channel.private,
            "is_mpim": False,
            "is_archived": channel.archived,
            "is_member": self._bot_user in channel.members,
            "num_members": len(channel.members),
            "purpose": {"value": channel.purpose},
        }


def _is_true(value: object) -> bool:
    return str(value).casefold() in {"1", "true"}
