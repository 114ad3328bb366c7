"""A week of the group in a minute: by pressing the clock, answering once, and reading what came."""

from playwright.async_api import expect

from tests.platforms.web.seen.showing import IN_A_BROWSER, PHONE, Demo, go_on_until, newest

pytestmark = IN_A_BROWSER


async def test_pressing_the_clock_leads_through_a_week_to_what_the_group_shared(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/welcome", width=PHONE)
    await page.get_by_role("button", name="Not now").click()
    clock = page.get_by_role("button", name="The demo’s clock")
    await clock.click()
    asked = await go_on_until(page, "are asked in design-seekers")
    await asked.get_by_role("link").click()
    await page.wait_for_url("**/as/maya/design-seekers")
    await expect(page.locator("#clock")).to_be_hidden()
    await newest(page).get_by_role("button", name="Good").click()
    await expect(newest(page)).to_contain_text("Noted. Thank you.")
    await clock.click()
    told = await go_on_until(page, "The summary is in design-seekers")
    await expect(told.get_by_role("link")).to_be_visible()
    await expect(newest(page)).to_contain_text("6 people took a moment")
    await expect(newest(page)).to_contain_text("An ask for the group")
    await expect(newest(page).get_by_role("button", name="I can help")).to_be_visible()
    await go_on_until(page, "are asked in design-seekers")
    await expect(newest(page)).to_contain_text("One tap is enough")
    await expect(newest(page)).to_be_in_viewport()


async def test_what_came_leads_to_whom_it_came_to(page_demo: Demo) -> None:
    page = await page_demo.open("/as/jun/welcome")
    await page.get_by_role("button", name="The demo’s clock").click()
    line = await go_on_until(page, "Tomás is asked in direct messages")
    await line.get_by_role("link").click()
    await page.wait_for_url("**/as/tomas/direct")
    await expect(newest(page)).to_contain_text("One tap is enough")
