"""A simulated Slack: its Web API, its response_urls, its sockets, and what each person has before them.

It keeps to Slack's rules where the bot depends on them: a trigger works once, a response_url five times, only a press
can replace and only the message it came from, a modal that was closed is not found, blocks are checked.
"""

import asyncio
import itertools
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import aiohttp
from aiohttp import web

from tests.platforms.slack import kit
from tests.platforms.slack.channels import Channels
from tests.platforms.slack.sockets import Sockets
from tests.platforms.slack.state import Message, Refusal, Request, ResponseUrl, View
from tests.platforms.slack.wire import encoded, signed

Json = dict[str, Any]
RESPONSE_USES: Final = 5
BOT_USER: Final = "UBOT"


class SimulatedSlack:
    """One Slack, with one or more workspaces; made and used inside one event loop."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.messages: dict[str, Message] = {}
        self.stacks: dict[str, list[View]] = defaultdict(list)
        """The modals of each person, the top one last."""
        self.homes: dict[str, Json] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        """File id -> name and content, of those that are shared and not deleted."""
        self.profiles: dict[str, Json] = {}
        self.channels = Channels(BOT_USER)
        self.shut: set[str] = set()
        """The channels in which the bot may post nothing."""
        self.teams: dict[str, str] = {}
        """Bot token -> team."""
        self.app_tokens: set[str] = set()
        self.shown: list[tuple[str | None, Json]] = []
        """Everything drawn, in order: for whom, and the payload."""
        self.unknown_blocks: set[str] = set()
        self.refusals: dict[str, list[Refusal]] = defaultdict(list)
        self._line = Sockets()
        self._triggers: dict[str, str] = {}
        self._urls: dict[str, ResponseUrl] = {}
        self._uploads: dict[str, tuple[str, bytes]] = {}
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        server = web.Application(client_max_size=64 * 1024 * 1024)
        server.router.add_route("*", "/api/{method}", self._call)
        server.router.add_post("/respond/{id}", self._respond)
        server.router.add_post("/upload/{id}", self._upload)
        server.router.add_get("/socket/{ticket}", self._line.accept)
        self._runner = web.AppRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        assert self._runner is not None
        await self._line.close()
        await self._runner.cleanup()

    @property
    def sockets(self) -> Sequence[web.WebSocketResponse]:
        """Those that a bot has opened, the newest last."""
        return self._line.opened

    @property
    def connected(self) -> asyncio.Event:
        """A bot has opened one."""
        return self._line.connected

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def refuse(self, method: str, *refusals: Refusal) -> None:
        """The next calls of a method meet these answers."""
        self.refusals[method] += refusals

    def calls(self, method: str) -> list[Json]:
        return [request.body for request in self.requests if request.method == method]

    # What people do. Each gives the payload that Slack would send.

    def command(self, user: str, team: str, channel: str, text: str) -> Json:
        return {
            "command": "/stone",
            "text": text,
            "team_id": team,
            "user_id": user,
            "user_name": user.lower(),
            "channel_id": channel,
            "channel_name": "directmessage" if channel.startswith("D") else "general",
            "trigger_id": self._trigger(user),
            "response_url": self._response_url(user, channel, None),
        }

    def press(self, user: str, team: str, where: Message | View | None, action: Json) -> Json:
        """A press of a button or a choice, on a message, in a modal, or (None) in App Home."""
        body: Json = {
            "type": "block_actions",
            "user": {"id": user, "name": user.lower(), "team_id": team},
            "team": {"id": team, "domain": "main"},
            "trigger_id": self._trigger(user),
            "actions": [{**action, "block_id": "b", "action_ts": "1"}],
        }
        if isinstance(where, Message):
            body["container"] = {
                "type": "message",
                "message_ts": where.id,
                "channel_id": where.channel,
                "is_ephemeral": where.ephemeral,
            }
            body["channel"] = {"id": where.channel}
            body["response_url"] = self._response_url(user, where.channel, where)
        else:
            view = {"id": where.id, "type": "modal"} if where else {"id": "VHOME", "type": "home"}
            body["container"] = {"type": "view", "view_id": view["id"]}
            body["view"] = view
        return body

    def submit(self, view: View, team: str, state: Json) -> Json:
        view.typed = state
        return {
            "type": "view_submission",
            "user": {"id": view.user, "name": view.user.lower(), "team_id": team},
            "team": {"id": team},
            "trigger_id": self._trigger(view.user),
            "view": {
                "id": view.id,
                "hash": view.hash,
                "type": "modal",
                "callback_id": view.drawn.get("callback_id", ""),
                "private_metadata": view.drawn.get("private_metadata", ""),
                "state": {"values": state},
            },
        }

    def shortcut(self, user: str, team: str, key: str) -> Json:
        return {
            "type": "shortcut",
            "callback_id": key,
            "trigger_id": self._trigger(user),
            "user": {"id": user, "username": user.lower(), "team_id": team},
            "team": {"id": team},
        }

    def home_opened(self, user: str, team: str) -> Json:
        return {
            "type": "event_callback",
            "team_id": team,
            "event_id": f"Ev{next(self._numbers)}",
            "event": {"type": "app_home_opened", "user": user, "tab": "home", "channel": f"D{user}"},
        }

    def acknowledged(self, view: View, answer: Json) -> None:
        """What Slack does with the answer to a submit."""
        match answer.get("response_action"):
            case "errors":
                assert set(answer["errors"]) <= set(kit.inputs(view.drawn["blocks"])), "an error without its field"
                view.errors = answer["errors"]
                text = "\n".join(answer["errors"].values())
                self.shown.append((view.user, {"text": text, "blocks": []}))
            case "update":
                self._draw_view(view, answer["view"])
            case _:
                self.stacks[view.user].remove(view)

    # How it reaches the bot.

    async def over_socket(self, kind: str, payload: Json) -> tuple[int, Json]:
        """Sends an envelope over the newest socket, and gives what it is acknowledged with."""
        return 200, await self._line.deliver(f"E{next(self._numbers)}", kind, payload)

    async def over_http(self, kind: str, payload: Json, *, to: str, secret: str) -> tuple[int, Json]:
        """Sends a signed request."""
        body, content_type = encoded(kind, payload)
        headers = {**signed(body, secret), "Content-Type": content_type}
        async with aiohttp.ClientSession() as session, session.post(to, data=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith("{") else {}

    # The Web API.

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body: Json = dict(request.query)
        if request.content_type == "application/json":
            body |= await request.json()
        else:
            body |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(body.get("token", ""))
        self.requests.append(Request(method, body, token))
        if self.refusals[method]:
            return _refused(request, self.refusals[method].pop(0))
        if token not in self.teams and token not in self.app_tokens:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        on_channels = _ON_CHANNELS.get(method)
        if on_channels is not None:
            answer = on_channels(self.channels, self.teams[token], body)
        else:
            answer = getattr(self, "_" + method.replace(".", "_"))(body, token)
        return web.json_response({"ok": True, **answer} if isinstance(answer, dict) else {"ok": False, "error": answer})

    def _auth_test(self, _: Json, token: str) -> Json | str:
        return {"team_id": self.teams[token], "user_id": BOT_USER, "bot_id": "B1"}

    def _apps_connections_open(self, _: Json, token: str) -> Json | str:
        if token not in self.app_tokens:
            return "not_allowed_token_type"
        return {"url": f"{self.url.replace('http', 'ws')}/socket/{next(self._numbers)}"}

    def _users_info(self, body: Json, _: str) -> Json | str:
        found = self.profiles.get(body["user"])
        return {"user": found} if found else "user_not_found"

    def _views_open(self, body: Json, _: str) -> Json | str:
        return self._opened(body, on_top=False)

    def _views_push(self, body: Json, _: str) -> Json | str:
        return self._opened(body, on_top=True)

    def _views_update(self, body: Json, _: str) -> Json | str:
        view = next((view for stack in self.stacks.values() for view in stack if view.id == body["view_id"]), None)
        if view is None:
            return "not_found"
        self._draw_view(view, body["view"])
        return {"view": {"id": view.id}}

    def _views_publish(self, body: Json, _: str) -> Json | str:
        view = body["view"]
        kit.check_view(view)
        if self._unknown(view):
            return "invalid_arguments"
        self.homes[body["user_id"]] = view
        return {}

    def _conversations_open(self, body: Json, _: str) -> Json | str:
        return {"channel": {"id": f"D{body['users']}"}}

    def _chat_postMessage(self, body: Json, _: str) -> Json | str:  # noqa: N802 - Slack's name
        if self._unknown(body):
            return "invalid_blocks"
        if body["channel"] in self.shut:
            return "messages_tab_disabled" if body["channel"].startswith("D") else "is_archived"
        message = self._post(body, user=_owner(body["channel"]), channel=body["channel"], ephemeral=False)
        return {"ts": message.id, "channel": message.channel}

    def _chat_update(self, body: Json, _: str) -> Json | str:
        if self._unknown(body):
            return "invalid_blocks"
        self._redraw(self.messages[body["ts"]], body)
        return {"ts": body["ts"]}

    def _chat_delete(self, body: Json, _: str) -> Json | str:
        return {} if self.messages.pop(body["ts"], None) else "message_not_found"

    def _files_getUploadURLExternal(self, body: Json, _: str) -> Json | str:  # noqa: N802 - Slack's name
        file = f"F{next(self._numbers)}"
        self._uploads[file] = (body["filename"], b"")
        return {"file_id": file, "upload_url": f"{self.url}/upload/{file}"}

    def _files_completeUploadExternal(self, body: Json, _: str) -> Json | str:  # noqa: N802 - Slack's name
        files = json.loads(body["files"]) if isinstance(body["files"], str) else body["files"]
        for each in files:
            self.files[each["id"]] = self._uploads.pop(each["id"])
        user = body["channel_id"].removeprefix("D")
        self.shown.append((user, {"text": body["initial_comment"], "blocks": [], "files": [f["id"] for f in files]}))
        return {"files": files}

    def _files_delete(self, body: Json, _: str) -> Json | str:
        return {} if self.files.pop(body["file"], None) else "file_not_found"

    async def _upload(self, request: web.Request) -> web.Response:
        file = request.match_info["id"]
        self._uploads[file] = (self._uploads[file][0], await request.read())
        return web.Response(text="OK")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(Request("response_url", body, ""))
        if self.refusals["response_url"]:
            return _refused(request, self.refusals["response_url"].pop(0))
        url = self._urls[request.match_info["id"]]
        url.uses += 1
        if url.uses > RESPONSE_USES:
            return web.Response(status=404, text="used_url")
        if self._unknown(body):
            return web.Response(status=400, text="invalid_blocks")
        if body["replace_original"] and url.message is not None:
            self._redraw(url.message, body)
        else:
            private = body["response_type"] == "ephemeral"
            self._post(body, user=url.user if private else None, channel=url.channel, ephemeral=private)
        return web.Response(text="ok")

    # What it keeps.

    def _opened(self, body: Json, *, on_top: bool) -> Json | str:
        user = self._triggers.pop(body["trigger_id"], None)
        if user is None:
            return "exchanged_trigger_id"
        stack = self.stacks[user]
        if not on_top:
            stack.clear()
        view = View(f"V{next(self._numbers)}", user, {})
        stack.append(view)
        self._draw_view(view, body["view"])
        return {"view": {"id": view.id}}

    def _draw_view(self, view: View, drawn: Json) -> None:
        kit.check_view(drawn)
        view.drawn, view.errors, view.typed, view.hash = drawn, {}, {}, f"h{next(self._numbers)}"
        self.shown.append((view.user, drawn))

    def _post(self, body: Json, *, user: str | None, channel: str, ephemeral: bool) -> Message:
        kit.check_message(body)
        _keeps_words(body)
        message = Message(f"{next(self._numbers)}.0", channel, [body], user, ephemeral)
        self.messages[message.id] = message
        self.shown.append((user, body))
        return message

    def _redraw(self, message: Message, body: Json) -> None:
        kit.check_message(body)
        message.drawings.append(body)
        self.shown.append((message.only_for, body))

    def _unknown(self, payload: Json) -> bool:
        return any(block["type"] in self.unknown_blocks for block in payload["blocks"])

    def _trigger(self, user: str) -> str:
        trigger = f"trigger{next(self._numbers)}"
        self._triggers[trigger] = user
        return trigger

    def _response_url(self, user: str, channel: str, message: Message | None) -> str:
        name = str(next(self._numbers))
        self._urls[name] = ResponseUrl(user, channel, message)
        return f"{self.url}/respond/{name}"


def _owner(channel: str) -> str | None:
    """Who alone sees a channel: the member whose direct messages it is."""
    return channel.removeprefix("D") if channel.startswith("D") else None


_ON_CHANNELS: Final = {
    "conversations.create": Channels.create,
    "conversations.info": Channels.info,
    "conversations.invite": Channels.invite,
    "conversations.kick": Channels.kick,
    "conversations.list": Channels.list,
    "conversations.members": Channels.list_members,
    "conversations.setPurpose": Channels.set_purpose,
}


def _refused(request: web.Request, refusal: Refusal) -> web.StreamResponse:
    if refusal.status == 0:
        assert request.transport is not None
        request.transport.close()
        return web.Response()
    if refusal.status != 200 or request.match_info.get("method") is None:
        return web.Response(status=refusal.status, text=refusal.error, headers=refusal.headers)
    return web.json_response({"ok": False, "error": refusal.error}, headers=refusal.headers)


def _keeps_words(body: Json) -> None:
    assert body["parse"] == "none"
    assert body["link_names"] is False
    assert body["mrkdwn"] is False
    assert body["unfurl_links"] is False
    assert body["unfurl_media"] is False
