"""The page as people use it, in a real browser: by keyboard, by mouse, on a phone."""

import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from tests.platforms.web.seen.showing import DESK, IN_A_BROWSER, PHONE, Demo, ask, newest

pytestmark = IN_A_BROWSER


async def test_ones_data_is_taken_along_and_deleted_by_keyboard(page_demo: Demo, tmp_path: Path) -> None:
    page = await page_demo.open("/as/maya/direct")
    keys = page.keyboard
    await ask(page, "/mydata export")
    await newest(page).get_by_role("link", name="Download").focus()
    async with page.expect_download() as started:
        await keys.press("Enter")
    await (await started.value).save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        assert any(b"Brightside" in archive.read(name) for name in archive.namelist())
    await expect(newest(page)).to_contain_text("Downloaded.")

    await ask(page, "/mydata delete")
    await newest(page).get_by_role("button").filter(has_text="Delete").first.focus()
    await keys.press("Enter")
    await expect(page.locator("dialog input")).to_be_focused()
    await keys.type("DELETE")
    await keys.press("Enter")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await ask(page, "/rejection list")
    await expect(newest(page)).to_contain_text("Keep my entries")


async def test_the_journey_by_mouse(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/welcome")
    await page.get_by_role("button", name="Log a rejection").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Company").fill("Acme")
    await dialog.get_by_text("Final round").click()
    await dialog.get_by_text("Tired").click()
    await dialog.get_by_role("button", name="Send").click()
    await expect(newest(page)).to_contain_text("You noted: tired.")
    await newest(page).get_by_role("button", name="Undo").dblclick()
    await expect(newest(page)).to_contain_text("Taken back")

    await page.get_by_role("link", name="design-seekers").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("design-seekers")
    await page.locator("#line").fill("/rejection show ")
    await page.get_by_role("option", name="Brightside").first.click()
    await page.get_by_role("button", name="Send").click()
    await expect(newest(page)).to_contain_text("Ask early what the team needs most")
    await page.reload()
    await expect(newest(page)).to_contain_text("Ask early what the team needs most")

    await newest(page).get_by_role("button", name="Show what Discord").click()
    await expect(page.locator("#panel-0 pre")).to_contain_text('"custom_id"')
    await page.get_by_role("tab", name="Slack").click()
    await expect(page.locator("#panel-1 pre")).to_contain_text('"blocks"')
    await expect(page.locator("#panel-0")).to_be_hidden()


async def test_a_newcomer_is_asked_first_and_then_goes_on(page_demo: Demo) -> None:
    page = await page_demo.open("/as/jun/direct")
    await ask(page, "/rejection log Acme stage:final")
    await newest(page).get_by_role("button", name="Keep my entries").click()
    await expect(newest(page)).to_contain_text("What are you looking for?")
    await newest(page).get_by_role("button", name="Skip").click()
    await expect(newest(page)).to_contain_text("Acme")


async def test_a_choice_acts_when_it_is_meant(page_demo: Demo) -> None:
    page = await page_demo.open("/as/tomas/direct")
    await ask(page, "/support")
    select = newest(page).get_by_role("combobox", name="Your country")
    await expect(newest(page)).not_to_contain_text("Samaritans")
    await select.select_option(label="United Kingdom")
    await select.focus()
    await page.keyboard.press("Enter")
    await expect(newest(page)).to_contain_text("Samaritans")


async def test_two_tabs_are_two_people_who_see_each_other(page_demo: Demo) -> None:
    maya = await page_demo.open("/as/maya/design-seekers")
    tomas = await page_demo.open("/as/tomas/welcome")
    await maya.locator("#line").fill("Thinking of you, Tomás.")
    await maya.keyboard.press("Enter")
    room = tomas.get_by_role("link", name="design-seekers")
    await expect(room).to_have_accessible_name("design-seekers 1 new")
    await room.click()
    await expect(newest(tomas)).to_contain_text("Thinking of you, Tomás.")
    await expect(room.locator(".count")).to_be_hidden()


async def test_an_answer_is_brought_into_view_also_where_the_stream_brings_it_first(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/direct")
    for line in ("/help", "/settings"):
        await ask(page, line)
    await expect(newest(page)).to_contain_text("Settings")
    await page.locator("#log").evaluate("log => (log.scrollTop = -400)")

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await expect(newest(page)).to_contain_text("What is kept")
        await route.fulfill(response=answer)

    await page.route("**/say", late)
    await ask(page, "/mydata show")
    await expect(newest(page)).to_contain_text("What is kept")
    await expect(newest(page)).to_be_in_viewport(ratio=0.9)


async def test_the_focus_never_moves_to_what_does_something_else(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/direct")
    await ask(page, "/settings")
    await newest(page).get_by_role("button", name="Stop writing first").focus()
    await page.keyboard.press("Enter")
    await expect(newest(page).get_by_role("button", name="Allow writing first")).to_be_focused()
    await newest(page).get_by_role("button", name="Change hours").focus()
    await page.keyboard.press("Enter")
    await newest(page).get_by_role("combobox", name="From").select_option(label="20:00")
    await newest(page).get_by_role("combobox", name="From").focus()
    await page.keyboard.press("Enter")
    await expect(newest(page)).to_contain_text("Changed.")
    await expect(newest(page)).to_be_focused()


async def test_a_form_gives_the_focus_to_the_message_that_it_changed(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/direct")
    await ask(page, "/rejection show Northwind")
    await newest(page).get_by_role("button", name="Edit").focus()
    await page.keyboard.press("Enter")
    note = page.get_by_role("dialog").get_by_label("Note")
    await note.fill("Line one.\nLine two.")
    await page.get_by_role("dialog").get_by_role("button", name="Send").press("Enter")
    await expect(newest(page)).to_contain_text("Changed.")
    await expect(newest(page)).to_be_focused()
    assert "Line one.\nLine two." in await newest(page).inner_text()


async def test_a_tab_that_nobody_looks_at_holds_no_connection_and_catches_up(page_demo: Demo) -> None:
    look = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    maya = await page_demo.open("/as/maya/welcome")
    tomas = await page_demo.open("/as/tomas/welcome")
    async with maya.expect_event("requestfailed", lambda request: "/events" in request.url):
        await maya.evaluate(look, True)
    await ask(tomas, "Said to a hidden tab.")
    await expect(newest(tomas)).to_contain_text("Said to a hidden tab.")
    await maya.evaluate(look, False)
    await expect(newest(maya)).to_contain_text("Said to a hidden tab.")


async def test_the_clock_moves_and_all_starts_over(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/design-seekers")
    now = page.locator(".now time")
    before = (await now.inner_text()).split()[0]
    await page.get_by_role("button", name="The demo’s clock").click()
    await page.get_by_role("button", name="+1 day").click()
    await expect(now).not_to_contain_text(before)
    await expect(page.locator("section:not([hidden]) article").first).to_contain_text("Yesterday")
    await page.keyboard.press("Escape")
    await page.locator("#line").fill("Soon forgotten.")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Start over").click()
    await page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    await expect(newest(page)).not_to_contain_text("Soon forgotten.")
    await expect(now).to_contain_text(before)


async def test_a_phone_has_everything_and_never_scrolls_sideways(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/welcome", width=PHONE, has_touch=True, is_mobile=True)
    menu = page.get_by_role("button", name="Rooms and people")
    side = page.locator("#side")
    await expect(side).to_be_hidden()
    await menu.focus()
    await page.keyboard.press("Enter")
    await expect(side).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(side).to_be_hidden()
    await expect(menu).to_be_focused()
    await menu.click()
    await page.get_by_role("link", name="Priya Nair").click()
    await menu.click()
    await page.get_by_role("link", name="moderators").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("moderators")
    await expect(side).to_be_hidden()
    for line in ("/rejection list", "/support", "/settings", "/mydata show", "/help", "/rejection log", "W" * 400):
        await ask(page, line)
        if line == "/rejection log":
            await expect(page.locator("dialog[open] form")).to_be_visible()
        width = await page.evaluate(
            "[document.documentElement.scrollWidth, document.querySelector('#log').scrollWidth]"
        )
        assert max(width) <= PHONE["width"], line


async def test_words_that_attack_stay_words(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/direct")
    attack = "<img src=x onerror=alert(1)><script>document.title='taken'</script>\u202egnp\x00" + "e" + "\u0301" * 4000
    await page.locator("#line").fill(attack[:7000])
    await page.keyboard.press("Enter")
    await expect(newest(page)).to_contain_text("<script>document.title='taken'</script>")
    assert "taken" not in await page.title()
    await ask(page, f'/rejection log company:"{attack[:70]}" stage:final')
    await expect(newest(page)).to_contain_text("onerror=alert(1)")
    box = await newest(page).bounding_box()
    assert box is not None
    assert box["height"] < 700
    assert not await page.locator("article img, article script").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_chart_has_the_colours_of_the_page_and_fits_a_phone(page_demo: Demo, scheme: str) -> None:
    page = await page_demo.open("/as/maya/direct", width=PHONE, color_scheme=scheme)
    await ask(page, "/application log Acme")
    await expect(newest(page)).to_contain_text("You sent one out")
    await ask(page, "/progress")
    chart = newest(page).locator("figure")
    drawing = chart.get_by_role("img", name="The last 12 weeks. In the last 12 weeks: ")
    await expect(drawing).to_have_count(1)
    for width, drawn in ((PHONE, "320"), (DESK, "640")):
        await page.set_viewport_size(width)  # type: ignore[arg-type]  # a plain dict will do
        await expect(drawing).to_have_attribute("width", drawn)
        assert await drawing.evaluate("each => each.getBoundingClientRect().right <= innerWidth")
    colours = await drawing.evaluate("""each => {
      const ink = getComputedStyle(each.closest(".card")).color;
      return [ink, ...[...each.querySelectorAll("text[font-weight='600']")].map((word) => getComputedStyle(word).fill)];
    }""")
    assert len(colours) >= 3
    assert len(set(colours)) == 1
    await chart.get_by_text("The numbers").press("Enter")
    await expect(chart.get_by_role("table")).to_be_visible()


async def test_the_chosen_look_stays(page_demo: Demo) -> None:
    page = await page_demo.open("/as/maya/welcome", color_scheme="light")
    await page.get_by_role("button", name="Dark").click()
    await page.reload()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    await expect(page.get_by_role("button", name="Light")).to_be_visible()
