"""What Slack sends, read into one shape; whatever is not for us reads as None."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.options import Raw
from bot.pack import with_value
from bot.platforms.slack.forms import NOWHERE, Origin, filled_in
from bot.platforms.slack.limits import Json


@dataclass(frozen=True, slots=True)
class Typed:
    """`/stone` and the words after it."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button or a select. `packed` is None for a link, which only wants to be acknowledged."""

    packed: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that was sent."""

    packed: str = field(repr=False)
    values: Mapping[str, Raw] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A global shortcut; it comes from no conversation."""

    key: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """The member looks at App Home."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a member did, and where its answer may go."""

    id: str
    tenant: str
    """Where `user` is unique: the enterprise, else the user's own workspace."""
    team: str
    """The workspace it happened in."""
    user: str = field(repr=False)
    name: str = field(repr=False)
    did: Typed | Pressed | Submitted | Shortcut | HomeOpened
    origin: Origin = NOWHERE
    trigger: str = field(default="", repr=False)
    view: str = ""
    """The view that a form was sent from, or that was pressed in."""
    in_home: bool = False

    @property
    def direct(self) -> bool:
        return not self.origin.channel or self.origin.channel.startswith("D")


def read_event(body: Json) -> Event | None:
    """What happened, or None for what is not for us. Raises KeyError, TypeError for a body that is not Slack's."""
    if "command" in body:
        return _typed(body)
    match body.get("type"):
        case "block_actions":
            return _pressed(body)
        case "view_submission":
            return _submitted(body)
        case "shortcut":
            return _event(body, id=body["trigger_id"], did=Shortcut(body["callback_id"]), trigger=body["trigger_id"])
        case "event_callback":
            return _happened(body)
        case _:
            return None


def _typed(body: Json) -> Event:
    return Event(
        id=body["trigger_id"],
        tenant=body.get("enterprise_id") or body["team_id"],
        team=body["team_id"],
        user=body["user_id"],
        name=body.get("user_name") or "",
        did=Typed(body.get("text") or ""),
        origin=Origin(body["response_url"], channel=body["channel_id"]),
        trigger=body["trigger_id"],
    )


def _pressed(body: Json) -> Event:
    container = body.get("container") or {}
    view = body.get("view") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id") or ""
    in_home = view.get("type") == "home"
    own = bool(container.get("is_ephemeral")) or channel.startswith("D") or (bool(view) and not in_home)
    return _event(
        body,
        id=body["trigger_id"],
        did=Pressed(_packed(body["actions"][0])),
        trigger=body["trigger_id"],
        origin=Origin(body.get("response_url") or "", "" if in_home else view.get("id", ""), channel, own),
        view=view.get("id", ""),
        in_home=in_home,
    )


def _packed(action: Json) -> str | None:
    if action["type"] == "static_select":
        call = action["action_id"].partition(":")[2]
        return with_value(call, action["selected_option"]["value"])
    return action.get("value")


def _submitted(body: Json) -> Event:
    view = body["view"]
    return _event(
        body,
        # Another press of Send on the same drawing carries the same hash.
        id=f"{view['id']} {view.get('hash', '')}",
        did=Submitted(view.get("callback_id", ""), filled_in(view["state"]["values"])),
        origin=Origin.read(view.get("private_metadata", "")),
        trigger=body.get("trigger_id", ""),
        view=view["id"],
    )


def _happened(body: Json) -> Event | None:
    happened = body["event"]
    if happened.get("type") != "app_home_opened" or happened.get("tab") != "home":
        return None
    tenant = body.get("enterprise_id") or body["team_id"]
    return Event(body["event_id"], tenant, body["team_id"], happened["user"], "", HomeOpened())


def _event(body: Json, **parts: Any) -> Event:
    user, view = body["user"], body.get("view") or {}
    # In an app installed for a whole enterprise, `team` is empty.
    team = view.get("app_installed_team_id") or (body.get("team") or {}).get("id") or user.get("team_id") or ""
    enterprise = (body.get("enterprise") or {}).get("id") or (body.get("team") or {}).get("enterprise_id")
    return Event(
        # A person of another workspace, in a shared channel, is told apart by their own team.
        tenant=enterprise or user.get("team_id") or team,
        team=team,
        user=user["id"],
        name=user.get("name") or user.get("username") or "",
        **parts,
    )
