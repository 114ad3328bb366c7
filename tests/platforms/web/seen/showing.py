"""The demo in a real browser: started once with its past, and copied for each who wants it from the beginning."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot import demo
from bot.clock import MovableClock
from bot.platforms.web import WebPlatform, application
from bot.server import listening
from bot.settings import Settings
from db.migrate import migrate

CHROMIUM: Final = os.environ.get("STEPPINGSTONE_TEST_CHROMIUM") or shutil.which("chromium")
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: Final = {"width": 360, "height": 740}
TABLET: Final = {"width": 800, "height": 900}
DESK: Final = {"width": 1280, "height": 820}
PATIENCE_MS: Final = 30_000
"""On a busy machine; nothing here measures how long anything takes."""
PRESSES_AT_MOST: Final = 20
"""Of the clock: a whole week has fewer."""
WIDE: Final = {"width": 1440, "height": 900}

IN_A_BROWSER: Final = [
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: apt-get install chromium"),
    pytest.mark.asyncio(loop_scope="session"),
]
"""The marks of a test module that needs one; all share one browser, so they share one event loop."""

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Demo:
    """The demo as `make demo` starts it, and the pages that are open on it."""

    browser: Browser
    address: str
    said: list[str] = field(default_factory=list)
    """What pages have complained about."""

    async def open(self, path: str, *, width: dict[str, int] = DESK, **how: Any) -> Page:
        context = await self.browser.new_context(viewport=width, **how)  # type: ignore[arg-type]  # a plain dict will do
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        await page.goto(self.address + path)
        return page


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


async def prepare(folder: Path) -> None:
    """A data folder of the demo with its past in it: making that takes longer than copying it."""
    app = demo.compose(_settings(folder), clock=MovableClock())
    await migrate(app.settings.database)
    await demo.seed(app)
    await app.database.close()


@asynccontextmanager
async def serving(folder: Path, *, port: int = 0) -> AsyncIterator[str]:
    """Serves a prepared folder; gives the address. Port 0 is any."""
    app = demo.compose(_settings(folder), clock=MovableClock())
    page = app.platforms["web"]
    assert isinstance(page, WebPlatform)
    served = application(page, demo.future_of(app, page))
    async with listening(served, host=demo.HOST, port=port) as address, app.running():
        yield address


async def ask(page: Page, line: str) -> None:
    await page.locator("#line").fill(line)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


async def go_on_until(page: Page, words: str) -> Locator:
    """Presses the open clock on to what comes next until it says these words; the line that says them."""
    lines = page.locator("#clock li")
    for _ in range(PRESSES_AT_MOST):
        async with page.expect_response("**/clock"):
            await page.get_by_role("button", name="To what comes next").click()
        await expect(lines).not_to_have_count(0)
        if any(words in each for each in await lines.all_inner_texts()):
            return lines.filter(has_text=words)
    raise AssertionError(f"the clock never said {words!r}")


def newest(page: Page) -> Locator:
    return page.locator("section:not([hidden]) article").last


def _settings(folder: Path) -> Settings:
    return demo.own_settings(Settings(_env_file=None, data_dir=folder))
