"""A newcomer's first steps, as a conversation."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cogs.rejections.tables import Rejection
from db.base import Table
from db.drafts import Draft
from db.members import Consent, Identity, Membership, Person
from tests.chat import World
from tests.platforms.plain_world import PlainWorld

LOG = "rejection log company:Acme stage:final"


async def rows(plain: PlainWorld, *tables: type[Table]) -> list[int]:
    async with plain.app.database.reading() as db:
        return [await db.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


@pytest.mark.parametrize("surface", ["plain", "discord"], indirect=True)  # the others tell the time themselves
async def test_the_first_command_waits_for_three_steps_and_then_goes_on(world: World) -> None:
    bo = world.person("bo")
    await bo.say(LOG)
    bo.see("Before we begin", "You alone see it", "waits, sealed, for 15 minutes")
    await bo.press("Keep my entries")
    bo.see("What time is it for you?")
    assert set(bo.screen.selects) == {"Americas", "Europe and Africa", "Asia and Pacific"}
    await bo.choose("Europe and Africa", "Mon 10:00 · Berlin")
    bo.see("What are you looking for?", "Mon 10:00 · Berlin")
    await bo.press("Write it down")
    await bo.fill(words="A job in retail")
    bo.see("A job in retail")
    await bo.press("Go on")
    bo.see("Written down", "Acme")
    await bo.say("settings")
    bo.see("Mon 10:00 · Berlin", "A job in retail")


async def test_every_step_after_the_choice_can_be_skipped(world: World) -> None:
    bo = world.person("bo")
    await bo.say(LOG)
    await bo.press("Keep my entries")
    while "Skip" in bo.screen.buttons:
        await bo.press("Skip")
    bo.see("Written down", "Acme")


async def test_too_few_words_before_the_choice_open_the_form_after_it(world: World) -> None:
    bo = world.person("bo")
    await bo.say("rejection log company:Acme")
    bo.see("Before we begin")
    await bo.press("Keep my entries")
    while "Skip" in bo.screen.buttons:
        await bo.press("Skip")
    assert bo.screen.form is not None
    assert bo.screen.form["company"] == "Acme"
    await bo.fill(stage="final")
    bo.see("Written down", "Acme")


async def test_nothing_is_written_before_the_choice_but_the_sealed_draft(plain: PlainWorld) -> None:
    bo = plain.person("bo")
    await bo.say(LOG)
    assert await rows(plain, Person, Identity, Membership, Draft) == [0, 0, 0, 1]


async def test_without_saving_keeps_that_one_choice(plain: PlainWorld) -> None:
    bo = plain.person("bo")
    await bo.say(LOG)
    await bo.press("Use without saving")
    bo.see("Nothing of this was kept")
    assert await rows(plain, Person, Identity, Membership) == [1, 1, 0]
    async with plain.app.database.reading() as db:
        person = await db.scalar(select(Person))
        assert person is not None
        assert (person.consent, person.zone, person.looking_for) == (Consent.WITHOUT_SAVING, None, None)


@pytest.mark.parametrize("surface", ["slack over a socket", "slack over http", "page"], indirect=True)
async def test_a_platform_that_tells_the_time_saves_a_step(world: World) -> None:
    bo = world.person("bo")
    await bo.say(LOG)
    bo.see("Your time comes with your account here: Mon")
    await bo.press("Keep my entries")
    bo.see("What are you looking for?")
    await bo.press("Write it down")
    await bo.fill(words="A job in retail")
    await bo.press("Go on")
    bo.see("Written down", "Acme")


async def test_a_known_time_is_taken_as_given(plain: PlainWorld) -> None:
    bo = plain.person("bo")
    bo.zone = "Asia/Tokyo"
    await bo.say(LOG)
    bo.see("Your time comes with your account here: Mon 18:00 · Tokyo")
    await bo.press("Keep my entries")
    bo.see("What are you looking for?", "Mon 18:00 · Tokyo")


async def test_what_needs_entries_says_so_and_goes_on_once_they_are_kept(world: World) -> None:
    bo = world.person("bo")
    await bo.say("settings")
    await bo.press("Use without saving")
    await bo.say("rejection list")
    bo.see("you chose to use me without saving")
    await bo.press("Keep my entries")
    bo.see("Nothing is written down yet.")
    await bo.say(LOG)
    bo.see("Written down")


async def test_two_quick_presses_skip_no_step(plain: PlainWorld) -> None:
    bo = plain.person("bo")
    await bo.say(LOG)
    await bo.press("Keep my entries")
    await bo.press("Keep my entries", old=True)
    bo.see("What time is it for you?")
    assert await rows(plain, Person, Identity) == [1, 1]


async def test_the_last_step_pressed_twice_logs_once(plain: PlainWorld) -> None:
    bo = plain.person("bo")
    await bo.say(LOG)
    await bo.press("Keep my entries")
    await bo.press("Skip")
    last = bo.packed("Skip")
    await bo.press_packed(last)
    await bo.press_packed(last)
    bo.see("Written down")
    await bo.say("rejection list")
    bo.see("One entry.")


async def test_an_old_button_does_not_take_the_choice_back_and_keeps_nothing(plain: PlainWorld) -> None:
    bo = plain.person("bo")
    await bo.say(LOG)
    await bo.press("Keep my entries")
    await bo.press("Use without saving", old=True)
    bo.see("You had chosen before that I keep your entries")
    assert await rows(plain, Rejection) == [0]
    await bo.press("Go on")
    bo.see("Written down")


async def test_what_waited_too_long_is_let_go_with_a_kind_sentence(world: World) -> None:
    bo = world.person("bo")
    await bo.say(LOG)
    world.move(timedelta(minutes=16))
    await bo.press("Use without saving")
    bo.see("run the command again")


async def test_a_stranger_cannot_go_on_with_what_somebody_else_asked(plain: PlainWorld) -> None:
    bo, eve = plain.person("bo"), plain.person("eve")
    await bo.say(LOG)
    await eve.press_packed(bo.packed("Use without saving"))
    eve.not_see("Acme")
    eve.see("run the command again")


async def test_a_zone_that_no_card_offers_is_not_taken(plain: PlainWorld) -> None:
    bo = plain.person("bo")
    await bo.say(LOG)
    await bo.press("Keep my entries")
    draft = bo.packed("Skip").split(":")[1]
    for forged in ("../etc/passwd", "Nowhere/Land"):
        await bo.press_packed(f"welcome.choose_clock:{draft}:1:{forged}")
        bo.see("This is no longer here")


async def test_steps_survive_a_restart(world: World) -> None:
    bo = world.person("bo")
    await bo.say(LOG)
    await bo.press("Keep my entries")
    while "Skip" in bo.screen.buttons:
        await world.restart()
        await bo.press("Skip")
    bo.see("Written down", "Acme")
