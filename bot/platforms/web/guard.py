"""Who may talk to the demo page: this computer's own browser, from the page itself, and nobody else."""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_NAMES: Final = ("127.0.0.1", "localhost")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets a request in by these rules.

    1. The Host is this computer by name and port: another name means that someone's DNS points here.
    2. What changes something comes from the page: its Origin is ours, and the browser does not say otherwise.
    3. What is only read may come by a link from anywhere when it is the page itself, else from the page.
    """
    hosts = _hosts(request)
    if request.headers.get("Host", "") not in hosts:
        return _refused("This page answers only to 127.0.0.1 and localhost.")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method in {"GET", "HEAD"}:
        opened = request.headers.get("Sec-Fetch-Mode") == "navigate" and "/files/" not in request.path
        allowed = site in {"none", "same-origin"} or opened
    else:
        allowed = (
            request.headers.get("Origin", "") in {f"http://{host}" for host in hosts}
            and site == "same-origin"
            and request.content_type == "application/json"
        )
    if not allowed:
        return _refused("This came from another page, so nothing was done.")
    return await handler(request)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Every answer, refusals and streams included, says what a browser may do with it."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _hosts(request: web.Request) -> set[str]:
    address = request.transport.get_extra_info("sockname") if request.transport else None
    return {f"{name}:{address[1]}" for name in _NAMES} if address else set()


def _refused(sentence: str) -> web.Response:
    return web.Response(status=403, text=sentence)
