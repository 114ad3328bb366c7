"""The proof of search, strangers' hands, and one's own page."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.cards import buttons
from cogs.applications.proof import Line, write_csv
from tests.chat import Chat, World, settle_in
from tests.platforms.plain_world import PlainChat, PlainWorld

LOG = 'application log company:Acme role:"Shift lead" found:"Their website" method:email'


async def member(world: PlainWorld, name: str = "ada", community: str = "main") -> PlainChat:
    chat = world.person(name, community=community)
    await settle_in(chat)
    return chat


async def test_the_export_is_a_spreadsheet_and_a_page_of_the_days_asked_for(ada: Chat) -> None:
    await ada.say("application log company:Acme on:2026-10-01")
    await ada.say('application log company:"=Beta" on:2026-11-02 method:phone')
    await ada.press("Contact and notes")
    await ada.fill(contact="Ms Reyes", notes="For myself alone")
    await ada.choose("What happened?", "Screening")
    await ada.say("application export since:2026-11-01 until:2026-11-30")
    ada.see("Here it is: one application", "Your notes are in neither.")
    table, page = (ada.screen.files[f"applications.{kind}"].decode("utf-8-sig") for kind in ("csv", "html"))
    assert '"2026-11-02","\'=Beta"' in table
    for each in ("Ms Reyes", "By phone", "Screening"):
        assert each in table
        assert each in page
    assert "1 Nov 2026 to 30 Nov 2026. Applications: 1." in page
    assert "Acme" not in table + page
    assert "For myself alone" not in table + page


async def test_the_files_are_written_beside_the_event_loop(plain: PlainWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def noted(lines: Sequence[Line]) -> bytes:
        threads.append(threading.current_thread())
        return write_csv(lines)

    monkeypatch.setattr("cogs.applications.export.write_csv", noted)
    ada = await member(plain)
    await ada.say(LOG)
    await ada.say("application export")
    assert "applications.csv" in ada.screen.files
    assert threading.current_thread() not in threads


async def test_an_export_holds_only_ones_own_and_names_a_wrong_period(plain: PlainWorld) -> None:
    ada, eve = await member(plain), await member(plain, "eve")
    await ada.say("application log company:Acme")
    await eve.say("application log company:EveCorp")
    await ada.say("application export")
    assert not any(b"EveCorp" in content for content in ada.screen.files.values())
    await ada.say("application export since:2026-11-20 until:2026-11-01")
    ada.see("That is before 20 Nov 2026, where it begins.")


async def test_a_strangers_press_changes_nothing_and_tells_nothing(plain: PlainWorld) -> None:
    ada, eve = await member(plain), await member(plain, "eve", community="other")
    await ada.say(LOG)
    drawn = {item.packed for item in buttons(ada.cards[-1]) if hasattr(item, "packed")}
    await ada.say("rejection log company:Acme stage:final")
    drawn.add(ada.packed("Close the application"))
    await ada.choose("What happened?", "Screening")
    drawn |= {ada.packed("Undo"), ada.packed("Another day")}
    plain.move(timedelta(days=21))
    await ada.say("application list")
    drawn |= {ada.packed(label) for label in ("Open", "Heard back", "No reply", "Nothing new yet")}
    theirs = {packed for packed in drawn if ".page" not in packed and packed.startswith("applications.")}
    assert len(theirs) > 8
    for packed in theirs:
        await eve.press_packed(f"{packed}:offer" if packed.count(":") == 2 and ".move:" in packed else packed)
        eve.see("This is no longer here, so nothing was changed.")
        eve.not_see("Acme")
    await ada.say("application show")
    ada.see("Status Screening")


async def test_the_same_event_twice_is_one_move(plain: PlainWorld) -> None:
    ada = await member(plain)
    await ada.say(LOG)
    plain.move(timedelta(days=21))
    await ada.say("application list")
    packed = ada.packed("No reply")
    await ada.press_packed(packed, event="the same")
    await ada.press_packed(packed, event="the same")
    ada.see("Status No reply")
    await ada.press_packed(packed)
    ada.see("Status No reply")
    ada.not_see("Undo")


async def test_undo_of_an_edit_says_when_it_is_too_late(plain: PlainWorld) -> None:
    ada = await member(plain)
    await ada.say(LOG)
    await ada.press("Edit")
    await ada.fill(company="Beta")
    plain.move(timedelta(minutes=16))
    await ada.press("Undo")
    ada.see("This is no longer here")
    await ada.say("application show")
    ada.see("Beta")


async def test_ones_own_page_shows_open_ones_twelve_weeks_and_where_they_stop(plain: PlainWorld) -> None:
    ada = await member(plain)
    await ada.look_home()
    ada.not_see("Open applications", "Where applications stop", "last 12 weeks")
    for number in range(1, 5):
        plain.move(timedelta(minutes=1))
        await ada.say(f"application log company:Company{number}")
    await ada.choose("What happened?", "First interview")
    await ada.look_home()
    ada.see(
        "In the last 12 weeks: 4 applications, one interview. This week: 4 applications, one interview.",
        "Open applications",
        "Company4",
        "Company2",
    )
    ada.not_see("Company1", "Where applications stop")
    await ada.say("application show Company1")
    await ada.choose("What happened?", "Rejected")
    await ada.look_home()
    ada.see("Where applications stop", "One application is closed.")
    for number in range(9):
        await ada.say(f"application log company:Closed{number}")
        await ada.choose("What happened?", "Rejected" if number % 3 else "No reply")
    await ada.look_home()
    ada.see("Out of 10 that are closed.", "Applied 10 (100%) 7 (70%) 3 (30%)")
    plain.move(timedelta(days=21))
    await ada.look_home()
    ada.see("Heard back?")
    assert {"Heard back", "No reply", "Nothing new yet"} <= set(ada.screen.buttons)


async def test_without_saving_nothing_is_noted(world: World) -> None:
    bo = world.person("bo")
    await bo.say(LOG)
    await bo.press("Use without saving")
    bo.see("Not without saving")
    await bo.press("Keep my entries")
    bo.see("Noted. You sent one out.")
