"""A whole week of a group: asked, answered, reminded, closed; the clock is moved, and nothing sleeps."""

import pytest

from tests.cogs.checkins.conftest import NEW_YORK, Weeks, look_at, title_of
from tests.platforms.plain_world import PlainChat


@pytest.fixture
async def people(weeks: Weeks, fay: PlainChat) -> dict[str, PlainChat]:
    """Five members on the Sunday before: two chose direct messages, one lives further west."""
    found = {name: await weeks.join(name, direct=name in {"ada", "eve"}) for name in ("ada", "ben", "cleo", "eve")}
    found["dan"] = await weeks.join("dan", zone=NEW_YORK)
    await weeks.until(29, 15)
    weeks.world.sink.messages.clear()  # of the Friday before
    return found


async def test_a_week_from_the_question_to_the_summary(weeks: Weeks, people: dict[str, PlainChat]) -> None:
    await each_is_asked_at_their_own_hour(weeks)
    await one_tap_is_enough_and_a_line_is_shared_as_it_was_seen(weeks, people)
    await who_did_not_answer_is_reminded_once_and_alone(weeks)
    await the_summary_holds_what_was_shared_and_nobody_else(weeks)
    await help_is_told_to_the_one_who_asked(weeks, people)
    await friday_shows_what_was_planned(weeks, people)


async def each_is_asked_at_their_own_hour(weeks: Weeks) -> None:
    await weeks.until(30, 7, 59)
    assert not weeks.world.sink.messages
    await weeks.until(30, 8)
    assert weeks.named() == [["ben", "cleo"]]
    assert [title_of(each) for each in weeks.direct("ada")] == ["Plan for the week · 30 Nov 2026"]
    await weeks.until(30, 14)
    assert weeks.named() == [["ben", "cleo"], ["dan"]]


async def one_tap_is_enough_and_a_line_is_shared_as_it_was_seen(weeks: Weeks, people: dict[str, PlainChat]) -> None:
    ada, ben, dan = people["ada"], people["ben"], people["dan"]
    look_at(ada, weeks.direct("ada")[0])
    await ada.press("☀️ Bright")
    ada.see("Noted", "☀️ Bright", "Only you see this")
    await ada.press("Write a few lines")
    await ada.fill(line_2="Two portfolios", line_3="Does anybody know Acme?")
    ada.see("Kept, for you alone", "Two portfolios")
    await ada.press_packed(ada.packed("Share"))
    ada.see("This is how it will read:", "Does anybody know Acme? – a member", "the summary of")
    await ada.press("Share as written")
    ada.see("Shared, as you saw it", "Does anybody know Acme? · shared")
    look_at(ben, weeks.posts()[0])
    await ben.press("🌧️ Heavy")
    ben.see("You need not do more today")
    look_at(dan, weeks.posts()[1])
    await dan.press("Skip")
    dan.see("Skipped")


async def who_did_not_answer_is_reminded_once_and_alone(weeks: Weeks) -> None:
    await weeks.until(1, 22, month=12)
    assert len(weeks.direct("eve")) == 1
    await weeks.until(2, 7, month=12)  # 80 % of the window is at night, so it waits for the morning
    assert len(weeks.direct("eve")) == 2
    assert len(weeks.direct("ada")) == 1
    assert len(weeks.posts()) == 2


async def the_summary_holds_what_was_shared_and_nobody_else(weeks: Weeks) -> None:
    await weeks.until(2, 8, month=12)
    [*_, summary] = weeks.words()
    assert len(weeks.posts()) == 3
    assert "Does anybody know Acme? – a member" in summary
    assert "Two portfolios" not in summary
    assert "Heavy" not in summary
    assert "people took a moment" not in summary  # fewer than five did
    assert not weeks.posts()[-1].card.notify


async def help_is_told_to_the_one_who_asked(weeks: Weeks, people: dict[str, PlainChat]) -> None:
    ada, ben = people["ada"], people["ben"]
    look_at(ben, weeks.posts()[-1])
    await ben.press("I can help")
    ben.see("a member can help with what you asked for: Does anybody know Acme?")
    await ben.press("Tell them")
    await weeks.until(2, 9, month=12)
    assert "can help with what you asked for: Does anybody know Acme?" in weeks.words("plain:main:Dada")[-1]
    await ada.say("checkin now")
    ada.see("a member can help with what you asked for.")


async def friday_shows_what_was_planned(weeks: Weeks, people: dict[str, PlainChat]) -> None:
    eve = people["eve"]
    await weeks.until(4, 14, month=12)
    assert "At the beginning of the week you planned: Two portfolios" in weeks.words("plain:main:Dada")[-1]
    look_at(eve, weeks.direct("eve")[-1])
    await eve.press("⛅ Steady")
    eve.see("Noted")
    await weeks.until(4, 20, month=12)
    assert [title_of(each) for each in weeks.posts()] == [
        "Plan for the week · 30 Nov 2026",
        "Plan for the week · 30 Nov 2026",
        "Plan for the week · 30 Nov 2026",
        "Look back at the week · 04 Dec 2026",
        "Look back at the week · 04 Dec 2026",
    ]
