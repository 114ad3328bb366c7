"""What goes wrong in a week: restarts, closed places, people who leave; nothing comes twice, and nothing is lost."""

import asyncio
from datetime import timedelta

import pytest

from tests.chat import World, settle_in
from tests.cogs.checkins.harbour import BERLIN, Harbour, open_harbour
from tests.groups import be_written_to, live_in

ASK = "One tap is enough"
NEUTRAL = "This is no longer here"


@pytest.fixture
async def harbour(world: World) -> Harbour:
    return await open_harbour(world)


async def test_a_week_in_which_much_goes_wrong(harbour: Harbour) -> None:
    await a_closed_place_is_told_and_opened_and_what_waited_comes(harbour)
    await a_restart_doubles_nothing(harbour)
    await all_press_one_message_at_once_and_twice(harbour)
    await who_joins_in_the_afternoon_is_asked_at_once(harbour)
    await a_restart_at_the_end_posts_one_summary(harbour)
    await who_left_is_not_asked_any_more(harbour)


async def a_closed_place_is_told_and_opened_and_what_waited_comes(harbour: Harbour) -> None:
    fay, place = harbour.out("fay"), await harbour.meeting("fay")
    await be_written_to(fay)
    await harbour.direct("fay")
    place.close()
    await harbour.until(30, 8)
    direct = await harbour.direct("fay")
    direct.see("I can no longer write in the place of Harbour", ASK)
    await direct.press("Try again")
    direct.see("I can no longer write in the place of Harbour")
    await fay.say("lead checkin")
    fay.see("I can no longer write in the group’s place")
    assert (await harbour.direct("ada")).screen.text.count(ASK) == 1
    place.open()
    await harbour.until(30, 10)
    await fay.say("group who group:Harbour")
    fay.see("I can no longer write in the place of Harbour")
    await fay.press("Try again")
    fay.see("I can write in the place of Harbour again")
    await harbour.world.catch_up()
    for chat in (await harbour.meeting("ben"), await harbour.meeting("cleo")):
        chat.see("I can write here again", "so this comes 2 hours late")
        assert chat.screen.text.count(ASK) == 1
        assert chat.screen.pinged == {"ben", "cleo"}
    await fay.say("group who group:Harbour")
    fay.not_see("I can no longer write")


async def a_restart_doubles_nothing(harbour: Harbour) -> None:
    await harbour.world.restart()
    await harbour.until(30, 11)
    for chat in (await harbour.direct("ada"), await harbour.direct("fay"), await harbour.meeting("ben")):
        assert chat.screen.text == ""


async def all_press_one_message_at_once_and_twice(harbour: Harbour) -> None:
    """On what was drawn before the restart."""
    ben, cleo, ada = await harbour.meeting("ben"), await harbour.meeting("cleo"), await harbour.direct("ada")
    await asyncio.gather(ben.press("🌤️ Good"), cleo.press("☁️ Low"), ada.press("☀️ Bright"))
    for chat, mood in ((ben, "🌤️ Good"), (cleo, "☁️ Low"), (ada, "☀️ Bright")):
        chat.see("Noted", mood)
    for chat, mood in ((ben, "🌤️ Good"), (cleo, "☁️ Low")):
        await chat.press(mood)
        chat.see("Noted", mood)
        await chat.press("Undo")  # of the first press
        chat.see("It is as it was before", ASK)
    await cleo.press("Write a few lines")
    await harbour.world.restart()
    await cleo.fill(line_3="Does anybody know Acme?")
    await cleo.press("Share")
    await cleo.press("Share as written")
    cleo.see("· shared")


async def who_joins_in_the_afternoon_is_asked_at_once(harbour: Harbour) -> None:
    await harbour.until(30, 12)
    gus = harbour.out("gus")
    await settle_in(gus)
    await live_in(gus, BERLIN, world=harbour.world)
    await gus.say("group join group:Harbour")
    await harbour.world.wait_for(timedelta(seconds=1))
    assert (await harbour.meeting("ben")).screen.pinged == {"gus"}
    asked = await harbour.meeting("gus")
    await asked.press("⛅ Steady")
    asked.see("Noted")
    await gus.say("group leave")
    gus.see("You have left Harbour")
    await gus.say("checkin now")
    gus.see("You are in no group yet")


async def a_restart_at_the_end_posts_one_summary(harbour: Harbour) -> None:
    await harbour.until(2, 7, 59, month=12)
    await harbour.meeting("ben")
    await harbour.world.restart()
    await harbour.until(2, 8, month=12)
    ben = await harbour.meeting("ben")
    assert ben.screen.text.count("This check-in is closed") == 1
    assert ben.screen.text.count("Does anybody know Acme?") == 1
    await harbour.world.restart()
    await harbour.until(2, 9, month=12)
    assert (await harbour.meeting("ben")).screen.text == ""


async def who_left_is_not_asked_any_more(harbour: Harbour) -> None:
    await harbour.until(4, 20, month=12)
    assert (await harbour.meeting("ben")).screen.pinged == {"ben", "cleo", "dan"}


@pytest.mark.parametrize("surface", ["plain"], indirect=True)  # elsewhere it goes from their screen
async def test_what_was_asked_of_a_member_who_is_gone_changes_nothing(harbour: Harbour) -> None:
    await harbour.until(30, 8)
    eve = await harbour.direct("eve")
    await eve.say("mydata delete")
    await eve.press("Delete everything")
    await eve.fill(word="DELETE")
    await eve.press("☀️ Bright")
    eve.see("Before we begin")
    await eve.press("Keep my entries")
    while "Skip" in eve.screen.buttons and NEUTRAL not in eve.screen.text:
        await eve.press("Skip")
    eve.see(NEUTRAL)
    await harbour.until(2, 8, month=12)
    assert (await harbour.direct("eve")).screen.text == ""  # no reminder


@pytest.mark.parametrize("surface", ["plain", "slack over http"], indirect=True)  # elsewhere they see it no more
async def test_who_left_the_group_answers_no_more(harbour: Harbour) -> None:
    await harbour.until(30, 8)
    ben = await harbour.meeting("ben")
    await harbour.out("ben").say("group leave")
    for label in ("🌤️ Good", "Skip", "Pause", "Write a few lines"):
        await ben.press(label)
        ben.see(NEUTRAL)


@pytest.mark.parametrize("surface", ["plain on postgresql", "discord", "slack over http"], indirect=True)
async def test_who_cannot_be_reached_directly_is_asked_in_the_group_s_place(harbour: Harbour) -> None:
    (await harbour.direct("eve")).close()
    await harbour.until(30, 8)
    await harbour.world.wait_for(timedelta(seconds=1))
    ben = await harbour.meeting("ben")
    assert ben.screen.pinged == {"ben", "cleo", "eve", "fay"}
    assert ben.screen.text.count(ASK) == 2
    eve = harbour.out("eve")
    await eve.say("checkin delivery")
    eve.see("your direct messages are closed to me", "Something I wrote may not have reached you")
    await harbour.until(4, 14, month=12)
    assert (await harbour.meeting("ben")).screen.pinged == {"ben", "cleo", "dan", "eve", "fay"}
    (await harbour.direct("eve")).open()
    await eve.press("Try again")
    eve.see("I write to you in direct messages from now on")
    await harbour.until(7, 8, month=12)
    assert "eve" not in (await harbour.meeting("ben")).screen.pinged
    (await harbour.direct("eve")).see("Plan for the week · 7 Dec 2026")
