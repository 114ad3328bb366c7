"""Two people side by side, and a server that goes away and comes back."""

from pathlib import Path

from playwright.async_api import Browser, FrameLocator, Page, expect

from tests.platforms.web.seen.showing import IN_A_BROWSER, TABLET, WIDE, Demo, ask, newest, serving

pytestmark = IN_A_BROWSER


def other(page: Page) -> FrameLocator:
    return page.frame_locator("#beside")


async def test_two_people_side_by_side_see_at_once_what_the_other_says(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/design-seekers", width=WIDE)
    await page.get_by_role("button", name="Side by side").click()
    tomas = other(page).locator("section:not([hidden]) article").last
    await expect(tomas).to_contain_text("Slow cooking counts")
    await ask(page, "Thinking of you, Tomás.")
    await expect(tomas).to_contain_text("Thinking of you, Tomás.")
    await other(page).locator("#line").fill("Thank you, Maya.")
    await other(page).locator("#line").press("Enter")
    await expect(newest(page)).to_contain_text("Thank you, Maya.")
    await expect(page.locator("#line")).not_to_be_focused()

    await other(page).get_by_role("button", name="Rooms and people").click()
    await other(page).get_by_role("link", name="Steppingstone").click()
    await other(page).locator("#line").fill("/rejection log")
    await other(page).locator("#line").press("Escape")
    await other(page).locator("#line").press("Enter")
    await expect(other(page).get_by_role("dialog", name="Log a rejection")).to_be_visible()
    await expect(page.locator("#form")).to_be_hidden()
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Dark").click()
    await expect(other(page).locator("html")).to_have_attribute("data-theme", "dark")
    assert await other(page).locator("#over, #theme, #tour:visible").count() == 0


async def test_who_is_beside_stays_until_the_column_is_closed(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/design-seekers", width=WIDE)
    await page.get_by_role("button", name="Side by side").press("Enter")
    await other(page).get_by_role("button", name="Rooms and people").click()
    await other(page).get_by_role("link", name="Aisha Rahman").click()
    await page.wait_for_url("**?beside=aisha")
    await page.get_by_role("link", name="welcome").click()
    await page.reload()
    await expect(page.get_by_title("Aisha Rahman, side by side")).to_be_visible()
    await expect(page.get_by_role("button", name="Side by side")).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("/as/maya/welcome?beside=aisha")

    await other(page).get_by_role("button", name="Close this column").press("Enter")
    await expect(page.locator("#beside")).to_have_count(0)
    await expect(page.get_by_role("button", name="Side by side")).to_be_focused()
    assert page.url.endswith("/as/maya/welcome")


async def test_the_keyboard_goes_from_one_column_to_the_next(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/welcome?beside=tomas", width=WIDE)
    await expect(other(page).locator("#line")).to_be_visible()
    await page.get_by_role("button", name="Send").focus()
    await page.keyboard.press("Tab")
    await expect(other(page).get_by_text("Skip to the message box")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(other(page).locator("#line")).to_be_focused()


async def test_a_narrow_screen_has_one_column(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/welcome?beside=tomas", width=TABLET)
    await expect(page.locator("#beside")).to_be_hidden()
    assert not [frame for frame in page.frames[1:] if frame.url], "what is not seen is not loaded"
    await page.get_by_role("button", name="Rooms and people").click()
    await expect(page.get_by_role("button", name="Side by side")).to_be_hidden()


async def test_a_server_that_is_gone_is_said_and_the_page_goes_on_when_it_is_back(
    chromium: Browser, folder: Path
) -> None:
    async with serving(folder) as address:
        page = await Demo(chromium, address).open("/as/maya/welcome")
        await expect(page.locator("#notice")).to_be_hidden()
    await expect(page.locator("#notice")).to_contain_text("The demo does not answer.")
    await ask(page, "Not lost.")
    await expect(page.locator("#line")).to_have_value("Not lost.")
    await expect(page.locator("#notice")).to_contain_text("make demo")
    async with serving(folder, port=int(address.rsplit(":", 1)[1])):
        await expect(page.locator("#notice")).to_be_hidden(timeout=10_000)
        await page.locator("#line").press("Enter")
        await expect(newest(page)).to_contain_text("Not lost.")
        await page.context.close()
