"""A whole week of a group, on every surface: asked, answered, reminded, closed; the clock is moved, nothing sleeps."""

import pytest

from tests.chat import World
from tests.cogs.checkins.harbour import Harbour, open_harbour


@pytest.fixture
async def harbour(world: World) -> Harbour:
    return await open_harbour(world)


async def test_a_week_from_the_plan_to_the_look_back(harbour: Harbour) -> None:
    await each_is_asked_at_their_own_hour(harbour)
    await one_tap_is_enough_and_a_line_is_shared_as_it_was_seen(harbour)
    await skip_and_pause_are_one_press(harbour)
    await who_did_not_answer_is_reminded_once_and_alone(harbour)
    await the_summary_holds_what_was_shared_and_nobody_else(harbour)
    await late_answers_are_welcome(harbour)
    await help_is_told_to_the_one_who_asked(harbour)
    await friday_shows_what_was_planned_and_logged(harbour)
    await six_answers_are_counted(harbour)
    await one_looks_back_alone(harbour)


async def each_is_asked_at_their_own_hour(harbour: Harbour) -> None:
    await harbour.until(30, 7, 59)
    for chat in (await harbour.direct("ada"), await harbour.meeting("ben")):
        assert chat.screen.text == ""
    await harbour.until(30, 8)
    ben, ada = await harbour.meeting("ben"), await harbour.direct("ada")
    ben.see("Plan for the week · 30 Nov 2026", "One tap is enough")
    assert ben.screen.pinged == {"ben", "cleo", "fay"}
    ada.see("Plan for the week · 30 Nov 2026", "One tap is enough")
    for chat in (ada, ben):
        assert {"🌧️ Heavy", "☁️ Low", "⛅ Steady", "🌤️ Good", "☀️ Bright", "Skip", "Pause"} <= {*chat.screen.buttons}
    await harbour.until(30, 14)
    dan = await harbour.meeting("dan")
    assert dan.screen.pinged == {"ben", "cleo", "dan", "fay"}  # both messages are new to him
    assert (await harbour.meeting("ben")).screen.pinged == {"dan"}


async def one_tap_is_enough_and_a_line_is_shared_as_it_was_seen(harbour: Harbour) -> None:
    ada, ben = await harbour.direct("ada"), await harbour.meeting("ben")
    await ada.press("☀️ Bright")
    ada.see("Noted", "☀️ Bright", "Only you see this")
    await ada.press("Write a few lines")
    await ada.fill(line_2="Two portfolios", line_3="Does anybody know Acme?")
    ada.see("Kept, for you alone", "Two portfolios")
    await ada.press("Share")
    ada.see("This is how it will read", "Two portfolios", "the summary of")
    await ada.press("Keep private")
    ada.not_see("· shared")
    await ada.press("Change my lines")
    await ada.fill(line_2="")
    await ada.press("Share")
    ada.see("Does anybody know Acme?")
    await ada.press("Share as written")
    ada.see("Shared, as you saw it", "Does anybody know Acme? · shared")
    await ada.press("Change my lines")
    await ada.fill(line_2="Two portfolios")
    ada.see("Two portfolios", "Does anybody know Acme? · shared")
    await ben.press("🌧️ Heavy")
    ben.see("You need not do more today")
    assert ben.screen.private


async def skip_and_pause_are_one_press(harbour: Harbour) -> None:
    dan, fay = await harbour.meeting("dan"), await harbour.meeting("fay")
    await dan.press("Skip")
    dan.see("Skipped", "nothing breaks by it")
    await fay.press("Pause")
    await fay.choose("For how many weeks?", "2 weeks")
    fay.see("You are away from Harbour for 2 weeks")
    for chat in (dan, fay):
        assert chat.screen.private
    assert (await harbour.meeting("ben")).screen.text == ""  # nobody is told


async def who_did_not_answer_is_reminded_once_and_alone(harbour: Harbour) -> None:
    await harbour.direct("eve")
    await harbour.until(2, 6, 59, month=12)
    assert (await harbour.direct("eve")).screen.text == ""
    await harbour.until(2, 7, month=12)  # 80 % of the window is at night, so it waits for the morning
    eve = await harbour.direct("eve")
    eve.see("If it does not fit today, that is fine")
    await eve.press("No more reminders")
    eve.see("I do not remind you any more")
    for chat in (await harbour.direct("ada"), await harbour.meeting("ben")):
        assert chat.screen.text == ""


async def the_summary_holds_what_was_shared_and_nobody_else(harbour: Harbour) -> None:
    await harbour.until(2, 8, month=12)
    ben = await harbour.meeting("ben")
    ben.see("Plan for the week · 30 Nov 2026", "This check-in is closed", "Does anybody know Acme?")
    assert ben.screen.text.count("This check-in is closed") == 1
    ben.not_see("Two portfolios", "Heavy", "people took a moment")  # fewer than five did
    assert not ben.screen.pinged


async def late_answers_are_welcome(harbour: Harbour) -> None:
    cleo = await harbour.meeting("cleo")
    await cleo.press("⛅ Steady")
    cleo.see("marked late", "until the next check-in begins")
    await cleo.press("Write a few lines")
    await cleo.fill(line_2="A good talk")
    await cleo.press("Share")
    cleo.see("A good talk", "(late)", "in the summary that is there already")
    await cleo.press("Share as written")
    await harbour.world.catch_up()
    ben = await harbour.meeting("ben")
    ben.see("Does anybody know Acme?", "A good talk", "(late)")
    assert not ben.screen.pinged


async def help_is_told_to_the_one_who_asked(harbour: Harbour) -> None:
    ben = await harbour.meeting("ben")
    await ben.press("I can help")
    ben.see("can help with what you asked for: Does anybody know Acme?")
    await ben.press("Tell them")
    ben.see("They will read it")
    assert ben.screen.private
    await harbour.world.catch_up()
    ada = await harbour.direct("ada")
    ada.see("can help with what you asked for: Does anybody know Acme?")
    await ada.say("checkin now")
    ada.see("can help with what you asked for.")
    assert (await harbour.meeting("fay")).screen.text.count("can help") == 0


async def friday_shows_what_was_planned_and_logged(harbour: Harbour) -> None:
    await harbour.out("ben").say("application log company:Acme")
    await harbour.until(4, 14, month=12)
    ada, ben = await harbour.direct("ada"), await harbour.meeting("ben")
    ada.see("Look back at the week · 4 Dec 2026", "At the beginning of the week you planned: Two portfolios")
    await ada.press("🌤️ Good")
    ada.see("you planned: Two portfolios")
    assert ben.screen.pinged == {"ben", "cleo"}  # fay is away
    ben.not_see("Two portfolios")
    await ben.press("Write a few lines")
    assert ben.screen.form is not None
    assert ben.screen.form["line_2"] == "Applications: 1"
    await ben.fill()
    ben.see("Applications: 1")


async def six_answers_are_counted(harbour: Harbour) -> None:
    cleo, eve, fay = await harbour.meeting("cleo"), await harbour.direct("eve"), harbour.out("fay")
    await cleo.press("⛅ Steady")
    await eve.press("☁️ Low")
    await fay.say("checkin now")
    await fay.press("🌤️ Good")
    await harbour.until(4, 20, month=12)
    dan = await harbour.meeting("dan")
    assert dan.screen.pinged == {"ben", "cleo", "dan"}
    await dan.press("☀️ Bright")
    await harbour.until(6, 14, month=12)
    ben = await harbour.meeting("ben")
    ben.see("6 people took a moment")
    ben.not_see("Applications", "Low")
    await fay.say("lead checkin")
    await fay.press("How it goes")
    fay.see("6 answered, 0 shared", "number not shown, 2 shared")
    fay.not_see("has no helper")


async def one_looks_back_alone(harbour: Harbour) -> None:
    ada = harbour.out("ada")
    await ada.say("checkin history")
    ada.see("🌤️ Good", "☀️ Bright", "Two portfolios", "You answered in one of the last 12 weeks")
    assert ada.screen.private
