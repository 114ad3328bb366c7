"""Takes the pictures in docs/pictures: `python -m tests.platforms.web.seen.pictures`, or with names of screens.

docs/pictures has the main screens at every width, the others on a phone. `--png FOLDER` writes all of them, at every
width and as PNG, for looking at.
"""

import argparse
import asyncio
import base64
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from playwright.async_api import Page, expect

from tests.platforms.web.seen.showing import (
    PHONE,
    TABLET,
    WIDE,
    Demo,
    ask,
    go_on_until,
    launched,
    newest,
    prepare,
    serving,
)

ROOT: Final = Path(__file__).parents[4]
PICTURES: Final = ROOT / "docs" / "pictures"
WIDTHS: Final = {"360": PHONE, "800": TABLET, "1440": WIDE}
THEMES: Final = ("light", "dark")
QUALITY: Final = 50
"""Of a WebP picture, of 100: words stay sharp, and all of them stay under two megabytes."""


async def welcome(page: Page) -> None:
    await expect(newest(page)).to_contain_text("stepping stone")


async def consent(page: Page) -> None:
    await page.get_by_role("button", name="Start the tour").click()
    await newest(page).get_by_role("button", name="Log a rejection").click()
    await expect(newest(page)).to_contain_text("Before we begin")


async def form(page: Page) -> None:
    await ask(page, "/rejection log Acme")
    await expect(page.get_by_role("dialog")).to_be_visible()


async def form_with_error(page: Page) -> None:
    await form(page)
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator("[aria-invalid]").first).to_be_visible()


async def logged(page: Page) -> None:
    await ask(page, '/rejection log company:Acme stage:"First interview" role:"Product designer" feelings:Tired')
    await newest(page).get_by_role("button", name="4 heavy").click()
    await expect(newest(page)).to_contain_text("Noted: 4 heavy.")


async def entries(page: Page) -> None:
    await ask(page, "/rejection list")
    await expect(newest(page)).to_contain_text("Brightside")


async def entry(page: Page) -> None:
    await ask(page, "/rejection show Brightside")
    await expect(newest(page)).to_contain_text("Screening")


async def reflect(page: Page) -> None:
    await ask(page, "/rejection reflect Brightside")
    await _settled(page)


async def feedback(page: Page) -> None:
    await ask(page, "/rejection feedback Brightside")
    await _settled(page)


async def goal(page: Page) -> None:
    await ask(page, "/goal set apply to five new job postings each week until March 1")
    await expect(newest(page)).to_contain_text("Looks right")


async def goals(page: Page) -> None:
    await goal(page)
    await newest(page).get_by_role("button", name="Looks right").click()
    await expect(newest(page).get_by_role("button", name="Undo")).to_be_visible()
    await ask(page, "/goal list")
    await expect(newest(page)).to_contain_text("Your goals")


async def progress(page: Page) -> None:
    await page.get_by_role("button", name="Not now").click()
    await ask(page, "/progress")
    await expect(newest(page)).to_contain_text("Your progress")


async def chart(page: Page) -> None:
    await ask(page, "/application log Halden")
    await expect(newest(page)).to_contain_text("You sent one out")
    await ask(page, "/progress")
    await expect(newest(page)).to_contain_text("Your progress")
    await newest(page).locator("figure").evaluate("each => each.scrollIntoView({ block: 'center' })")


async def lessons(page: Page) -> None:
    await ask(page, "/lessons list")
    await _settled(page)


async def export(page: Page) -> None:
    await ask(page, "/mydata export")
    await expect(newest(page).get_by_role("link", name="Download").first).to_be_visible()


async def settings(page: Page) -> None:
    await ask(page, "/settings")
    await expect(newest(page)).to_contain_text("Settings")


async def support(page: Page) -> None:
    await ask(page, "/support")
    await _settled(page)


async def help_(page: Page) -> None:
    await ask(page, "/help")
    await _settled(page)


async def suggestions(page: Page) -> None:
    await page.locator("#line").press_sequentially("/rejection ")
    await expect(page.get_by_role("option").first).to_be_visible()


async def inspector(page: Page) -> None:
    await entry(page)
    await newest(page).get_by_role("button", name="Show what Discord").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def tour(page: Page) -> None:
    await consent(page)
    await newest(page).get_by_role("button", name="Keep my entries").click()
    await newest(page).get_by_role("button", name="Skip").click()
    await page.get_by_role("radio", name="First interview").check()
    await page.get_by_role("dialog").get_by_label("Company").fill("Acme")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator("#tour")).to_contain_text("Set a goal")


async def clock(page: Page) -> None:
    await page.get_by_role("button", name="The demo’s clock").click()
    await go_on_until(page, "are asked in design-seekers")
    await expect(newest(page)).to_contain_text("One tap is enough")


async def week(page: Page) -> None:
    await clock(page)
    await newest(page).get_by_role("button", name="Good").click()
    await expect(newest(page)).to_contain_text("Noted. Thank you.")
    await page.get_by_role("button", name="The demo’s clock").click()
    await go_on_until(page, "The summary is in design-seekers")
    await page.keyboard.press("Escape")
    await expect(newest(page)).to_contain_text("6 people took a moment")


async def over(page: Page) -> None:
    await page.evaluate("document.querySelector('#confirm').showModal()")


async def menu(page: Page) -> None:
    await page.get_by_role("button", name="Rooms and people").click()


async def pair(page: Page) -> None:
    await page.get_by_role("button", name="Side by side").click()
    await expect(page.frame_locator("#beside").locator("#line")).to_be_visible()
    await page.locator("#line").fill("Thinking of you, Tomás.")
    await page.locator("#line").press("Enter")
    await expect(page.frame_locator("#beside").locator("#log")).to_contain_text("Thinking of you")
    await progress(page)


async def empty(page: Page) -> None:
    await expect(page.locator(".top:visible")).to_contain_text("between you and Steppingstone")


async def _settled(page: Page) -> None:
    await expect(newest(page).locator(".card")).to_be_visible()
    await expect(page.locator("[aria-disabled=true]")).to_have_count(0)


Show = Callable[[Page], Awaitable[None]]
SCREENS: Final[Mapping[str, tuple[str, Show]]] = {
    "welcome": ("/as/maya/welcome", welcome),
    "consent": ("/as/jun/welcome", consent),
    "tour": ("/as/jun/welcome", tour),
    "form": ("/as/maya/direct", form),
    "form-error": ("/as/maya/direct", form_with_error),
    "logged": ("/as/maya/design-seekers", logged),
    "entries": ("/as/maya/direct", entries),
    "entry": ("/as/maya/direct", entry),
    "reflect": ("/as/maya/direct", reflect),
    "feedback": ("/as/maya/direct", feedback),
    "goal": ("/as/maya/direct", goal),
    "goals": ("/as/maya/direct", goals),
    "progress": ("/as/maya/direct", progress),
    "chart": ("/as/maya/direct", chart),
    "lessons": ("/as/maya/direct", lessons),
    "export": ("/as/maya/direct", export),
    "settings": ("/as/maya/direct", settings),
    "support": ("/as/tomas/direct", support),
    "help": ("/as/maya/direct", help_),
    "suggestions": ("/as/maya/design-seekers", suggestions),
    "inspector": ("/as/maya/direct", inspector),
    "clock": ("/as/maya/design-seekers", clock),
    "week": ("/as/maya/design-seekers", week),
    "start-over": ("/as/maya/welcome", over),
    "menu": ("/as/maya/design-seekers", menu),
    "pair": ("/as/maya/design-seekers", pair),
    "empty": ("/as/priya/direct", empty),
}
"""What there is to see, by name: where the page is opened, and what is done in it."""

ONLY: Final = {"menu": ("360",), "pair": ("1440",), "week": ("360", "1440")}
"""Where a screen is no other at the other widths."""

MAIN: Final = ("welcome", "tour", "form-error", "logged", "chart", "pair")


def wanted(names: Iterable[str], *, everything: bool) -> Iterator[tuple[str, str, str]]:
    """Which pictures there are to be: screen, width, theme."""
    for name in names:
        usual = WIDTHS if everything or name in MAIN else ("360",)
        yield from ((name, width, theme) for width in ONLY.get(name, usual) for theme in THEMES)


async def take(names: list[str], *, png: Path | None) -> None:
    """Every screen, at every width, by day and by night; each on a demo from its beginning."""
    with tempfile.TemporaryDirectory() as temporary:
        prepared = Path(temporary) / "prepared"
        prepared.mkdir()
        await prepare(prepared)
        async with launched() as browser:
            for name, width, theme in wanted(names, everything=png is not None):
                folder = shutil.copytree(prepared, Path(temporary) / f"{name}-{width}-{theme}")
                async with serving(folder) as address:
                    await _picture(Demo(browser, address), name, width, theme, png)
                for context in browser.contexts:
                    await context.close()


async def _picture(demo: Demo, name: str, width: str, theme: str, png: Path | None) -> None:
    path, show = SCREENS[name]
    how = {"color_scheme": theme, "reduced_motion": "reduce", "locale": "en-GB"}
    page = await demo.open(path, width=WIDTHS[width], **how)
    await show(page)
    if demo.said:
        raise RuntimeError(f"{name}: the page complained: {demo.said}")
    file = f"{name}-{width}-{theme}"
    if png:
        await page.screenshot(path=png / f"{file}.png", caret="hide")
        return
    session = await page.context.new_cdp_session(page)
    taken = await session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (PICTURES / f"{file}.webp").write_bytes(base64.b64decode(taken["data"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *SCREENS], help="screens; none means all")
    parser.add_argument("--png", type=Path, help="a folder for PNG files, instead of docs/pictures")
    chosen = parser.parse_args()
    (chosen.png or PICTURES).mkdir(parents=True, exist_ok=True)
    asyncio.run(take(chosen.names or list(SCREENS), png=chosen.png))


if __name__ == "__main__":
    main()
