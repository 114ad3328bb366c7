"""Presses on the demo page: the request alone, and in a browser until the answer is in the page and painted."""

import json
import re
import time
from collections.abc import Awaitable, Callable
from html import unescape
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import aiohttp
from playwright.async_api import async_playwright

from bot.platforms.web import PERSONAS
from tests.benchmarks.measure import MILLISECONDS, Measured, Size, Spread, percentile
from tests.benchmarks.processes import started
from tests.platforms.web.seen.showing import CHROMIUM, FLAGS

REQUEST: Final = "the request alone"
IN_PAGE: Final = "until the answer is in the page"
PAINTED: Final = "until it is painted"
PERSONA: Final = PERSONAS[0].slug
ENTRIES: Final = 12
_BUTTON: Final = re.compile(r'data-press="([^"]+)"[^>]*>\s*([^<]+?)\s*<')
_PRESS: Final = """
label => new Promise(done => {
  const newest = () => [...document.querySelectorAll("section:not([hidden]) article")].at(-1);
  const shown = newest();
  const button = [...shown.querySelectorAll("[data-press]")].find(each => each.textContent.trim() === label);
  const seen = new MutationObserver(() => {
    if (newest() === shown) return;
    seen.disconnect();
    const there = performance.now() - pressed;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => done([there, performance.now() - pressed]);
      after.port2.postMessage(0);
    });
  });
  seen.observe(document.querySelector("#log"), {childList: true, subtree: true});
  const pressed = performance.now();
  button.click();
})
"""


async def measure(folder: Path, size: Size) -> dict[str, Measured]:
    """A page of one's own entries is turned, forth and back. Without Chromium the request alone is measured."""
    async with started("bot", "demo", "--port", "0", "--data", str(folder / "demo"), folder=folder) as program:
        address = await program.address()
        async with aiohttp.ClientSession() as session:
            turn = await _request(session, address)
            took = {REQUEST: [await _round(turn, size.clicks) for _ in range(size.rounds)]}
        if CHROMIUM:
            took |= await _in_browser(address, size)
    return {
        name: Measured(
            Spread(tuple(percentile(each, 50) for each in rounds)),
            Spread(tuple(percentile(each, 95) for each in rounds)),
        )
        for name, rounds in took.items()
    }


async def _request(session: aiohttp.ClientSession, address: str) -> Callable[[int], Awaitable[None]]:
    """Logs what there is to turn, and gives what turns it."""

    async def post(verb: str, **parts: str) -> dict[str, Any]:
        body = {"event": str(uuid4()), "room": "direct", **parts}
        headers = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
        async with session.post(f"{address}/as/{PERSONA}/{verb}", json=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, Any] = await answer.json()
            return found

    for number in range(ENTRIES):
        await post("say", text=f"/rejection log company:Acme{number} stage:final")
    message = (await post("say", text="/rejection list"))["events"][-1]
    older = _buttons(message["html"])["Older"]
    message = (await post("press", message=message["id"], packed=older))["events"][-1]
    pages = (_buttons(message["html"])["Newer"], older)

    async def turn(number: int) -> None:
        answer = await post("press", message=message["id"], packed=pages[number % 2])
        assert "Your rejections" in json.dumps(answer)

    return turn


def _buttons(html: str) -> dict[str, str]:
    return {label: unescape(packed) for packed, label in _BUTTON.findall(html)}


async def _round(turn: Callable[[int], Awaitable[None]], count: int) -> list[float]:
    took = []
    for number in range(count):
        started_at = time.perf_counter()
        await turn(number)
        took.append((time.perf_counter() - started_at) * MILLISECONDS)
    return took


async def _in_browser(address: str, size: Size) -> dict[str, list[list[float]]]:
    took: dict[str, list[list[float]]] = {IN_PAGE: [], PAINTED: []}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        await page.goto(f"{address}/as/{PERSONA}/direct")
        await page.locator("#line").fill("/rejection list")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Enter")
        await page.locator("section:not([hidden]) article").last.get_by_text("Older").wait_for()
        for _ in range(size.rounds):
            clicks = [await page.evaluate(_PRESS, "Newer" if number % 2 else "Older") for number in range(size.clicks)]
            # An odd count leaves the second page before the reader.
            if size.clicks % 2:
                await page.evaluate(_PRESS, "Newer")
            took[IN_PAGE].append([there for there, _ in clicks])
            took[PAINTED].append([painted for _, painted in clicks])
        await browser.close()
    return took
