"""The page's addresses: what a browser asks, and what the platform is then asked."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.cards import plain
from bot.errors import Gone
from bot.platforms.web.adapter import WebPlatform
from bot.platforms.web.body import Complete, Inspect, Move, Nothing, Press, Say, Submit, Turn, read_body
from bot.platforms.web.cast import DIRECT, Persona
from bot.platforms.web.draw import PAGE, draw_page, moment, weekday
from bot.platforms.web.future import Future
from bot.platforms.web.guard import add_headers, guard
from bot.platforms.web.inspecting import payloads
from bot.platforms.web.streams import Event, Queue

BODY_BYTES: Final = 256 * 1024
KEEP_ALIVE_SECONDS: Final = 20
_KINDS: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(platform: WebPlatform, future: Future | None = None) -> web.Application:
    """The page's own server, guarded. Without a future the clock moves, and nothing comes by it."""
    made = web.Application(middlewares=[guard], client_max_size=BODY_BYTES)
    made.on_response_prepare.append(add_headers)
    made.add_routes(routes_of(platform, future or Future(platform)))
    return made


def routes_of(platform: WebPlatform, future: Future) -> list[web.RouteDef]:
    """Every address. A persona is part of it, so that two tabs can be two personas."""
    page = _Page(platform, future)
    return [
        web.get("/", page.start),
        web.get("/as/{persona}", page.first_room),
        web.get("/as/{persona}/events", page.events),
        web.get("/as/{persona}/files/{token}", page.file, allow_head=False),
        web.post("/as/{persona}/say", page.say),
        web.post("/as/{persona}/press", page.press),
        web.post("/as/{persona}/submit", page.submit),
        web.post("/as/{persona}/complete", page.complete),
        web.post("/as/{persona}/inspect", page.inspect),
        web.post("/clock", page.clock),
        web.post("/tour", page.tour),
        web.post("/reset", page.reset),
        web.get("/assets/{version}/{name}", page.asset),
        web.get("/as/{persona}/{room}", page.show),
    ]


class _Page:
    def __init__(self, platform: WebPlatform, future: Future) -> None:
        self._platform = platform
        self._future = future

    async def start(self, _: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"/as/{next(iter(self._platform.personas))}")

    async def first_room(self, request: web.Request) -> web.StreamResponse:
        persona = self._persona(request)
        rooms = self._platform.rooms_of(persona)
        raise web.HTTPFound(f"/as/{persona.slug}/{rooms[0].slug if rooms else DIRECT}")

    async def show(self, request: web.Request) -> web.StreamResponse:
        platform, persona = self._platform, self._persona(request)
        room = request.match_info["room"]
        if not platform.may_enter(persona, room):
            raise web.HTTPFound(f"/as/{persona.slug}")
        reader = platform.reader(persona)
        drawn: dict[str, list[str]] = {
            slug: [] for slug in (*(each.slug for each in platform.rooms_of(persona)), DIRECT)
        }
        position = platform.position
        for message, event in platform.messages(persona):
            drawn[message.room].append(event["html"])
        theme = request.cookies.get("theme", "")
        beside = platform.personas.get(request.query.get("beside", ""))
        text = draw_page(
            me=persona,
            newcomer=platform.guide.newcomer,
            personas=[(each, platform.reader(each)) for each in platform.personas.values() if each.played],
            rooms=platform.rooms_of(persona),
            room=room,
            drawn=drawn,
            position=position,
            reader=reader,
            clock=moment(reader.now, reader),
            inside=request.headers.get("Sec-Fetch-Dest") == "iframe",
            beside=beside if beside and beside.played and beside is not persona else None,
            tour=platform.guide.event(persona)["html"],
            came=platform.clock_event(persona)["came"],
            weekday=weekday(reader.now, reader),
            theme=theme if theme in {"light", "dark"} else "",
            tries={slug: platform.tries(persona, slug) for slug in drawn},
            asset=lambda name: f"/assets/{_assets().version}/{name}",
            modules=[name for name in _assets().contents if name.endswith(".js")],
        )
        return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def events(self, request: web.Request) -> web.StreamResponse:
        persona = self._persona(request)
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        with self._platform.stream(persona, after=after) as queue:
            await self._pass_on(queue, response)
        return response

    async def say(self, request: web.Request) -> web.StreamResponse:
        persona, body = self._persona(request), await read_body(request, Say)
        self._enter(persona, body.room)
        return _json(await self._platform.say(persona, body.room, body.text, body.event))

    async def press(self, request: web.Request) -> web.StreamResponse:
        persona, body = self._persona(request), await read_body(request, Press)
        self._enter(persona, body.room)
        try:
            done = await self._platform.press(persona, body.room, body.message, body.packed, body.value, body.event)
        except LookupError:
            return _gone()
        return _json(done)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        persona, body = self._persona(request), await read_body(request, Submit)
        self._enter(persona, body.room)
        values = {name: tuple(raw) if isinstance(raw, list) else raw for name, raw in body.values.items()}
        try:
            done = await self._platform.submit(persona, body.room, body.message, body.packed, values, body.event)
        except LookupError:
            return _gone()
        return _json(done)

    async def complete(self, request: web.Request) -> web.StreamResponse:
        persona, body = self._persona(request), await read_body(request, Complete)
        self._enter(persona, body.room)
        found = await self._platform.complete(persona, body.room, body.line)
        return _json({"suggestions": [asdict(each) for each in found]})

    async def inspect(self, request: web.Request) -> web.StreamResponse:
        persona, body = self._persona(request), await read_body(request, Inspect)
        platform = self._platform
        if body.message is None:
            form = platform.open_form(persona)
            platform.guide.looked_behind()
            return _json({"payloads": await payloads(platform.inspectors.forms, form)} if form else {})
        try:
            message = platform.find_message(persona, body.message)
        except LookupError:
            return _gone()
        if message is None or message.card is None:
            return _gone()
        platform.guide.looked_behind()
        return _json({"payloads": await payloads(platform.inspectors.cards, message.card)})

    async def file(self, request: web.Request) -> web.StreamResponse:
        persona = self._persona(request)
        found = self._platform.transcript.take_file(request.match_info["token"], persona.slug)
        if found is None:
            raise web.HTTPGone(text="This link has been used, or is not yours. Ask the bot for the file again.")
        file, message = found
        self._platform.downloaded(message)
        return web.Response(
            body=file.content,
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
                "Cache-Control": "no-store",
            },
        )

    async def clock(self, request: web.Request) -> web.StreamResponse:
        body = await read_body(request, Move)
        if body.hours:
            await self._future.move(timedelta(hours=body.hours))
            return _json({})
        notice = await self._future.move_to_next()
        return _json({"notice": notice} if notice else {})

    async def tour(self, request: web.Request) -> web.StreamResponse:
        body = await read_body(request, Turn)
        self._platform.guide.turn(body.to)
        return _json({})

    async def reset(self, request: web.Request) -> web.StreamResponse:
        await read_body(request, Nothing)
        await self._future.start_over()
        return _json({})

    async def asset(self, request: web.Request) -> web.StreamResponse:
        name, assets = request.match_info["name"], _assets()
        if name not in assets.contents:
            raise web.HTTPNotFound
        # The version is in the address, so what it names never changes; an old address gets the new one once.
        current = request.match_info["version"] == assets.version
        kept = "public, max-age=31536000, immutable" if current else "no-store"
        kind = _KINDS[PurePath(name).suffix]
        headers = {"Cache-Control": kept}
        return web.Response(body=assets.contents[name], content_type=kind, charset="utf-8", headers=headers)

    def _persona(self, request: web.Request) -> Persona:
        persona = self._platform.personas.get(request.match_info["persona"])
        if persona is None or not persona.played:
            raise web.HTTPNotFound(text="Nobody whom you can be in this demo has that name.")
        return persona

    def _enter(self, persona: Persona, room: str) -> None:
        if not self._platform.may_enter(persona, room):
            raise web.HTTPForbidden(text="This room is not open to them.")

    async def _pass_on(self, queue: Queue, response: web.StreamResponse) -> None:
        last = self._platform.position
        try:
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if event is None:
                    return
                if queue.empty():
                    # Only what ends a run of events is a point to come back to: none before it is missing then.
                    last = self._platform.position
                data = json.dumps(event, ensure_ascii=False)
                point = f"id: {last}\n" if queue.empty() else ""
                await response.write(f"{point}data: {data}\n\n".encode())
        except ConnectionResetError:
            return


def _json(value: Event) -> web.Response:
    return web.json_response(value, headers={"Cache-Control": "no-store"})


def _gone() -> web.Response:
    # The same words as for any other old or foreign id.
    return _json({"notice": plain(Gone().words)})


@dataclass(frozen=True, slots=True)
class _Assets:
    """What the page loads. One version for all of it, because its modules name each other without one."""

    contents: Mapping[str, bytes]
    version: str


@cache
def _assets() -> _Assets:
    contents = {each.name: each.read_bytes() for each in sorted(PAGE.iterdir()) if each.suffix in _KINDS}
    return _Assets(contents, hashlib.sha256(b"".join(contents.values())).hexdigest()[:12])
