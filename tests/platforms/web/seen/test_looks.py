"""How the page looks and holds still: for those who see little, on every width, by day and by night."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from axe_playwright_python.async_playwright import DEFAULT_OPTIONS, Axe
from playwright.async_api import Page, expect

from tests.platforms.web.seen.pictures import PICTURES, SCREENS, wanted
from tests.platforms.web.seen.showing import IN_A_BROWSER, PHONE, TABLET, WIDE, Demo, ask, newest

pytestmark = IN_A_BROWSER

SERIOUS: Final = {"moderate", "serious", "critical"}
SETTLED: Final = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SHIFTS: Final = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const each of list.getEntries()) {
        const nodes = each.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.nodeName);
        window.shifts.push([each.value, each.hadRecentInput, nodes]);
      }
    }).observe({ type: "layout-shift", buffered: true });
"""


COLOUR: Final = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
"""The one rule whose answer depends on the theme."""

TOGETHER: Final = (
    "logged", "entry", "reflect", "feedback", "goals", "chart", "lessons", "export", "settings", "support", "help",
)  # fmt: skip
"""Screens that are messages in a room: looked over in one go."""


async def every_answer(page: Page) -> None:
    await page.get_by_role("button", name="Not now").click()
    for name in TOGETHER:
        await SCREENS[name][1](page)


STATES: Final = {
    "every-answer": ("/as/maya/direct", every_answer),
    **{
        name: SCREENS[name]
        for name in ("suggestions", "form-error", "inspector", "clock", "week", "start-over", "tour", "pair")
    },
}


async def findings(page: Page, options: Mapping[str, Any]) -> list[str]:
    """What axe-core finds of moderate weight or more, frames included."""
    return [
        f"{each['impact']} {each['id']}: {[node['target'] for node in each['nodes']]}"
        for frame in page.frames
        for each in (await Axe().run(frame, options=dict(options))).response["violations"]
        if each["impact"] in SERIOUS
    ]


async def show_all(page: Page, width: int, height: int) -> None:
    """As high as the messages need: axe takes what is scrolled away for hidden."""
    await page.set_viewport_size({"width": width, "height": height})
    more = await page.locator("#log").evaluate("log => log.scrollHeight - log.clientHeight")
    await page.set_viewport_size({"width": width, "height": height + more})


@pytest.mark.parametrize("name", STATES)
async def test_axe_finds_nothing_of_weight(page_demo: Demo, name: str) -> None:
    path, show = STATES[name]
    page = await page_demo.open(path, width=WIDE, color_scheme="light", reduced_motion="reduce")
    await show(page)
    for size in (WIDE, TABLET, PHONE):
        await show_all(page, **size)
        across = await page.evaluate("['html', '#log'].map((each) => document.querySelector(each).scrollWidth)")
        assert max(across) <= size["width"]
        await page.emulate_media(color_scheme="light")
        assert await findings(page, DEFAULT_OPTIONS) == [], f"at {size['width']} by day"
        await page.emulate_media(color_scheme="dark")
        assert await findings(page, COLOUR) == [], f"at {size['width']} by night"


async def test_axe_sees_what_is_faint_and_what_has_no_name(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/direct", reduced_motion="reduce")
    for name in ("settings", "support", "help"):
        await SCREENS[name][1](page)
    await show_all(page, **WIDE)
    first = page.locator("section:not([hidden]) article").first
    await first.locator("p").last.evaluate("each => (each.style.color = '#aaa')")
    await first.locator(".inspect").evaluate("each => each.replaceWith(document.createElement('button'))")
    found = " ".join(await findings(page, DEFAULT_OPTIONS))
    assert "serious color-contrast" in found
    assert "critical button-name" in found


async def test_docs_have_every_picture_and_no_other() -> None:
    named = {f"{name}-{width}-{theme}.webp" for name, width, theme in wanted(SCREENS, everything=False)}
    found = {each.name: each.stat().st_size for each in PICTURES.iterdir()}
    assert set(found) == named, "take them again: make pictures"
    assert sum(found.values()) < 2_000_000


@pytest.mark.parametrize("width", [PHONE, WIDE], ids=["phone", "wide"])
async def test_nothing_moves_that_nobody_moved(page_demo: Demo, width: dict[str, int]) -> None:
    page = await page_demo.open("/as/jun/welcome", width=width)
    await page.add_init_script(SHIFTS)
    await page.reload()
    await expect(page.locator("#tour")).to_contain_text("New here?")
    await page.evaluate(SETTLED)
    assert await page.evaluate("shifts") == [], "while it loads"

    await page.locator("#theme").evaluate("each => each.click()")
    await ask(page, "/help")
    await expect(newest(page)).to_contain_text("What you can ask for")
    await page.evaluate(SETTLED)
    outside = "shifts.filter(([, , nodes]) => nodes.some((each) => !each.startsWith('<article')))"
    assert await page.evaluate(outside) == [], "when an answer comes and the theme changes"

    page = await page_demo.open("/as/maya/direct", width=width)
    await page.add_init_script(SHIFTS)
    await page.reload()
    await ask(page, "/rejection log")
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await expect(page.locator("[aria-invalid]").first).to_be_visible()
    await page.evaluate(SETTLED)
    assert await page.evaluate("shifts") == [], "when a form opens and comes back"


async def test_two_hundred_messages_and_a_word_without_end(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/welcome", width=PHONE)
    say = """async () => {
      const headers = { "Content-Type": "application/json" };
      for (let number = 0; number < 200; number++) {
        const text = `line ${number} ${"W".repeat(90)}`;
        const body = JSON.stringify({ event: crypto.randomUUID(), room: "welcome", text });
        await fetch("/as/maya/say", { method: "POST", headers, body });
      }
    }"""
    await page.evaluate(say)
    await expect(newest(page)).to_contain_text("line 199")
    await expect(newest(page)).to_be_in_viewport()
    await page.reload()
    await expect(newest(page)).to_contain_text("line 199")
    await expect(newest(page)).to_be_in_viewport()
    assert await page.locator("#log").evaluate("log => log.scrollWidth <= log.clientWidth")
    await page.locator("#log").focus()
    await page.keyboard.press("Home")
    await expect(newest(page)).not_to_be_in_viewport()
