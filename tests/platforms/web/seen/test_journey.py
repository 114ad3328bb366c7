"""The first journey by keyboard alone, from the offer of the tour to starting over."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, Page, expect

from tests.platforms.web.seen.showing import DESK, IN_A_BROWSER, PHONE, WIDE, Demo, newest

pytestmark = IN_A_BROWSER

STOPS_AT_MOST = 60


async def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Presses Tab until the target has the focus; every stop on the way can be seen."""
    await expect(target).to_be_visible()
    wanted = await target.element_handle()
    for _ in range(STOPS_AT_MOST):
        if await page.evaluate("each => each === document.activeElement", wanted):
            assert await page.evaluate("each => each.matches(':focus-visible')", wanted)
            return
        await page.keyboard.press(key)
    raise AssertionError(f"no way by keyboard to {target}")


async def enter(page: Page, target: Locator, key: str = "Tab") -> None:
    await tab_to(page, target, key)
    await page.keyboard.press("Enter")


async def type_line(page: Page, line: str) -> None:
    await page.keyboard.type(line)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


def button(page: Page, name: str) -> Locator:
    return newest(page).get_by_role("button", name=name, exact=True)


async def choose_what_is_kept(page: Page) -> None:
    await enter(page, page.locator("#tour").get_by_role("button", name="Start the tour"), "Shift+Tab")
    await page.wait_for_url("**/as/jun/welcome")
    await expect(page.locator("#tour")).to_contain_text("Choose what is kept")
    await enter(page, button(page, "Log a rejection"), "Shift+Tab")
    await enter(page, button(page, "Keep my entries"), "Shift+Tab")
    await expect(page.locator("#tour")).to_contain_text("Company and how far it got are enough")
    await enter(page, button(page, "Skip"))


async def log_a_rejection(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="Log a rejection")
    await expect(dialog.get_by_label("Company")).to_be_focused()
    await page.keyboard.type("Acme")
    await page.keyboard.press("Enter")
    stage = dialog.get_by_role("radiogroup", name="How far did it get?")
    await expect(stage.get_by_label("No reply")).to_be_focused()
    await expect(stage).to_have_attribute("aria-invalid", "true")
    await expect(stage).to_have_accessible_description("This one is needed.")
    await expect(dialog.get_by_label("Company")).to_have_value("Acme")
    await page.keyboard.press("ArrowDown")
    await expect(stage.get_by_label("Screening")).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(newest(page)).to_contain_text("Written down")
    await expect(newest(page)).to_contain_text("Only you can see this")
    await enter(page, button(page, "4 heavy"), "Shift+Tab")
    await expect(newest(page)).to_contain_text("Noted: 4 heavy.")
    await expect(button(page, "4 heavy")).to_be_focused()


async def look_at_a_request_for_feedback(page: Page) -> None:
    line = page.locator("#line")
    await tab_to(page, line)
    await page.keyboard.type("/rejection f")
    await expect(line).to_have_attribute("aria-activedescendant", "suggestion-0")
    await page.keyboard.press("Enter")
    await expect(line).to_have_value("/rejection feedback ")
    await type_line(page, "Acme")
    await enter(page, button(page, "Write the e-mail"), "Shift+Tab")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(button(page, "Write the e-mail")).to_be_focused()


async def set_a_goal(page: Page) -> None:
    tour, line = page.locator("#tour"), page.locator("#line")
    await expect(tour).to_contain_text("Set a goal")
    await enter(page, tour.get_by_role("button", name="/goal set"), "Shift+Tab")
    await expect(line).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(newest(page)).to_contain_text("I read this as")
    await enter(page, button(page, "Looks right"), "Shift+Tab")
    await expect(tour).to_contain_text("Look at your progress")
    await tab_to(page, line)
    await type_line(page, "/goal log")
    await enter(page, button(page, "+1"), "Shift+Tab")
    await expect(newest(page)).to_contain_text("2 of 5")


async def look_at_progress(page: Page) -> None:
    await tab_to(page, page.locator("#line"))
    await type_line(page, "/application log Halden")
    await expect(newest(page)).to_contain_text("You sent one out")
    await type_line(page, "/progress")
    await expect(newest(page)).to_contain_text("Your progress")
    await expect(newest(page).get_by_role("img")).to_be_visible()
    await enter(page, newest(page).locator("summary"), "Shift+Tab")
    await expect(newest(page).get_by_role("table")).to_be_visible()


async def look_behind_it(page: Page) -> None:
    tour = page.locator("#tour")
    await expect(tour).to_contain_text("Look behind it")
    await enter(page, newest(page).get_by_role("button", name="Show what Discord"), "Shift+Tab")
    await expect(page.get_by_role("tab", name="Discord")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Slack")).to_be_focused()
    await expect(page.locator("#panel-1 pre")).to_contain_text('"blocks"')
    await page.keyboard.press("Escape")
    await expect(tour).to_contain_text("That was the tour")
    await enter(page, tour.get_by_role("button", name="Close"), "Shift+Tab")
    await expect(tour).to_be_hidden()
    await expect(page.locator("#line")).to_be_focused()


async def move_the_clock_and_start_over(page: Page) -> None:
    now = page.locator(".now time")
    before = (await now.inner_text()).split()[0]
    await enter(page, page.get_by_role("button", name="The demo’s clock"), "Shift+Tab")
    await enter(page, page.get_by_role("button", name="+1 day"))
    await expect(now).not_to_contain_text(before)
    await page.keyboard.press("Escape")
    await enter(page, page.get_by_role("link", name="Maya Okafor"), "Shift+Tab")
    await page.wait_for_url("**/as/maya/welcome")
    await expect(page.locator("#line")).to_be_focused()
    await enter(page, page.get_by_role("button", name="Start over"), "Shift+Tab")
    await enter(page, page.get_by_role("dialog").get_by_role("button", name="Start over"))
    await expect(page.locator("#tour")).to_contain_text("New here?")
    # It is the true time again, where she is: elsewhere it may be another day.
    await expect(now).to_contain_text(f"{datetime.now(ZoneInfo('Europe/Berlin')):%a}")


async def test_the_first_journey_by_keyboard_alone(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/welcome", width=WIDE)
    await expect(page.locator("#line")).to_be_focused()
    await choose_what_is_kept(page)
    await log_a_rejection(page)
    await look_at_a_request_for_feedback(page)
    await set_a_goal(page)
    await look_at_progress(page)
    await look_behind_it(page)
    await move_the_clock_and_start_over(page)


async def test_the_tour_says_each_step_and_marks_where_to_press(page_demo: Demo) -> None:
    page = await page_demo.open("/as/jun/welcome", width=DESK)
    said, pointed = page.locator("#tour-said"), page.locator(".pointed")
    await page.get_by_role("button", name="Start the tour").click()
    await expect(said).to_contain_text("1 of 5 Choose what is kept. Press Log a rejection.")
    await expect(page.get_by_role("button", name="Skip")).to_be_focused()
    await expect(pointed).to_have_text("Log a rejection")
    await pointed.click()
    await expect(pointed).to_have_text("Keep my entries")
    await page.get_by_role("link", name="Steppingstone").click()
    await expect(pointed).to_have_text("/rejection log")
    for title in ("Log a rejection", "Set a goal", "Look at your progress", "Look behind it", "That was the tour"):
        strip, marked = await page.locator("#tour").bounding_box(), await pointed.bounding_box()
        assert strip is not None
        assert marked is not None
        assert marked["y"] >= strip["y"] + strip["height"] or marked["y"] + marked["height"] <= strip["y"]
        await page.get_by_role("button", name="Skip").press("Enter")
        await expect(said).to_contain_text(title)
    await expect(pointed).to_have_count(0)
    await page.get_by_role("button", name="Close").press("Enter")
    await expect(page.locator("#tour")).to_be_hidden()
    await page.get_by_role("button", name="Tour").click()
    await expect(said).to_contain_text("1 of 5")
    await page.reload()
    await expect(page.locator("#tour")).to_contain_text("Choose what is kept")
    await page.get_by_role("button", name="Leave").click()
    await expect(page.locator("#tour")).to_be_hidden()


async def test_on_a_phone_the_menu_makes_way_for_the_tour(page_demo: Demo) -> None:
    page = await page_demo.open("/as/jun/welcome", width=PHONE)
    await page.get_by_role("button", name="Not now").click()
    menu = page.get_by_role("button", name="Rooms and people")
    await menu.click()
    await page.get_by_role("button", name="Tour").click()
    await expect(page.locator("#side")).to_be_hidden()
    await expect(page.locator("#tour")).to_contain_text("Choose what is kept")
    await expect(menu).to_be_focused()
