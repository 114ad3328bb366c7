"""What a group reads, and what becomes of it when its author changes their mind, is late, or leaves."""

import itertools

import pytest

from bot.cards import Button, Card, buttons, say
from bot.cards import Text as Says
from db.members import Role
from tests.cogs.checkins.conftest import Weeks, look_at
from tests.platforms.plain_world import PlainChat

NEUTRAL = "This is no longer here"


@pytest.fixture
async def ada(weeks: Weeks, fay: PlainChat) -> PlainChat:
    """Answered Friday's check-in, and shared an ask in it."""
    chat = await weeks.join("ada", direct=True)
    await weeks.until(27, 14)
    look_at(chat, weeks.direct("ada")[-1])
    await chat.press("🌤️ Good")
    await chat.press("Write a few lines")
    await chat.fill(line_3="Wrote two letters", line_4="Does anybody know Acme?")
    await chat.press_packed(chat.packed("Share"))
    await chat.press("Share as written")
    return chat


async def test_nothing_is_seen_before_the_round_closes(weeks: Weeks, ada: PlainChat) -> None:
    await weeks.until(29, 13)
    assert weeks.posts() == []
    await weeks.until(29, 14)
    assert "Does anybody know Acme?" in weeks.words()[0]


async def test_a_line_taken_back_goes_from_the_summary_and_so_does_help_with_it(weeks: Weeks, ada: PlainChat) -> None:
    ben = await weeks.join("ben")
    await weeks.until(29, 14)
    look_at(ben, weeks.posts()[0])
    await ben.press("I can help")
    await ben.press("Tell them")
    await weeks.world.app.catch_up()
    told = len(weeks.direct("ada"))
    await ada.press("Take back")
    await weeks.world.app.catch_up()
    assert "Acme" not in weeks.words()[0]
    assert len(weeks.posts()) == 1
    assert len(weeks.direct("ada")) == told - 1


async def test_a_late_line_joins_the_summary_that_is_there_and_says_so(weeks: Weeks, ada: PlainChat) -> None:
    ben = await weeks.join("ben")
    await weeks.until(29, 16)
    await ben.say("checkin now")
    await ben.press("Write a few lines")
    await ben.fill(line_3="A good talk")
    await ben.press("Share")
    ben.see("in the summary that is there already", "A good talk – a member (late)")
    await ben.press("Share as written")
    await weeks.world.app.catch_up()
    assert len(weeks.posts()) == 1
    assert "A good talk – a member (late)" in weeks.words()[0]


async def test_a_late_line_makes_the_summary_where_nobody_had_answered(weeks: Weeks, fay: PlainChat) -> None:
    ben = await weeks.join("ben", direct=True)
    await weeks.until(29, 16)
    assert weeks.posts() == []
    await ben.say("checkin now")
    await ben.press("Write a few lines")
    await ben.fill(line_3="A good talk")
    await ben.press("Share")
    await ben.press("Share as written")
    await weeks.world.app.catch_up()
    assert len(weeks.posts()) == 1


async def test_changed_words_are_private_again_also_in_the_summary(weeks: Weeks, ada: PlainChat) -> None:
    await weeks.until(29, 14)
    await ada.press("Change my lines")
    await ada.fill(line_4="Something else")
    await weeks.world.app.catch_up()
    assert "Acme" not in weeks.words()[0]
    assert "Something else" not in weeks.words()[0]


async def test_who_deletes_everything_is_gone_from_all_that_was_posted(weeks: Weeks, ada: PlainChat) -> None:
    ben, cleo = await weeks.join("ben"), await weeks.join("cleo")
    await weeks.until(29, 14)
    look_at(ben, weeks.posts()[0])
    await ben.press("I can help")
    await ben.press("Tell them")
    await weeks.until(30, 8)
    assert weeks.named()[-1] == ["ben", "cleo"]
    offered = len(weeks.direct("ada"))
    for chat in (ada, ben):
        await chat.say("mydata delete")
        await chat.press("Delete everything")
        await chat.fill(word="DELETE")
    await weeks.world.app.catch_up()
    assert "Acme" not in "".join(weeks.words())
    assert weeks.named()[-1] == ["cleo"]
    assert len(weeks.direct("ada")) < offered
    await cleo.say("mydata delete")
    await cleo.press("Delete everything")
    await cleo.fill(word="DELETE")
    await weeks.world.app.catch_up()
    assert len(weeks.posts()) == 1  # the summary, with nothing of anybody


async def test_an_offer_can_be_taken_back_and_is_made_once(weeks: Weeks, ada: PlainChat) -> None:
    ben = await weeks.join("ben")
    await weeks.until(29, 14)
    before = len(weeks.direct("ada"))
    look_at(ben, weeks.posts()[0])
    for _ in range(2):
        look_at(ben, weeks.posts()[0])
        await ben.press("I can help")
        await ben.press("Tell them")
    ben.see("You offered this before")
    await weeks.world.app.catch_up()
    assert len(weeks.direct("ada")) == before + 1
    await ben.press("Take it back")
    await weeks.world.app.catch_up()
    assert len(weeks.direct("ada")) == before
    look_at(ada, weeks.posts()[0])
    await ada.press("I can help")
    ada.see("This is your own ask")


@pytest.mark.parametrize(("press", "hour"), [("Change hours", 10), ("Stop writing first", None)])
async def test_what_waits_for_the_morning_is_told_as_they_want_it_by_then(
    weeks: Weeks, ada: PlainChat, press: str, hour: int | None
) -> None:
    def told() -> int:
        return sum("can help with" in each for each in weeks.words("plain:main:Dada"))

    ben = await weeks.join("ben")
    await weeks.until(29, 21)
    look_at(ben, weeks.posts()[0])
    await ben.press("I can help")
    await ben.press("Tell them")
    await ada.say("settings")
    await ada.press(press)
    if hour:
        await ada.choose("Until", "11:00")  # in Berlin
        await weeks.until(30, hour - 1, 59)
        assert told() == 0
    await weeks.until(30, hour or 18)
    assert told() == (1 if hour else 0)


async def test_what_the_screens_find_is_shown_before_the_choice_and_changes_nothing(
    weeks: Weeks, ada: PlainChat
) -> None:
    weeks.world.app.features.extensions.screen.append(
        lambda texts: Card((Says(say("People to talk to")),)) if "Wrote two letters" in texts else None
    )
    await ada.say("checkin now")
    await ada.press("Share")
    ada.see("People to talk to", "Wrote two letters – a member")
    styles = {each.label: each.style for each in buttons(ada.cards[-1]) if isinstance(each, Button)}
    assert styles["Share as written"] == styles["Keep private"]


async def test_facilitators_alone_read_it_where_that_was_chosen(weeks: Weeks, fay: PlainChat) -> None:
    await weeks.join("gil", direct=True, role=Role.FACILITATOR)
    await fay.say("lead checkin")
    await fay.choose("The summary goes to", "Its facilitators")
    ben = await weeks.join("ben", direct=True)
    await weeks.until(27, 14)
    look_at(ben, weeks.direct("ben")[0])
    await ben.press("Write a few lines")
    await ben.fill(line_3="A good talk")
    await ben.press("Share")
    ben.see("For your group’s facilitators")
    await ben.press("Share as written")
    await weeks.until(29, 14)
    assert weeks.posts() == []
    assert "A good talk – a member" in weeks.words("plain:main:Dgil")[-1]
    await fay.say("lead checkin")
    fay.see("read the summary under How it goes")
    await fay.press("How it goes")
    await fay.press("Read")  # she chose no direct messages
    fay.see("A good talk – a member")
    await ben.press_packed(fay.packed("Read"))
    ben.see(NEUTRAL)


async def test_no_button_of_a_member_works_for_somebody_of_another_community(weeks: Weeks, ada: PlainChat) -> None:
    ben = await weeks.join("ben")
    await weeks.until(29, 14)
    look_at(ben, weeks.posts()[0])
    await ben.press("I can help")
    await ben.press("Tell them")
    fay = weeks.world.person("fay")
    await fay.say("lead checkin")
    eve = weeks.world.person("eve", community="elsewhere")
    await eve.say("checkin resume")
    await eve.press("Keep my entries")
    await eve.press("Skip")
    before = weeks.words()
    own = ("support.", "settings.", "checkins.now", "checkins.resume", "checkins.no_nudges", "checkins.pause")
    cards = [*ada.cards, *ben.cards, *fay.cards, weeks.posts()[0].card]
    pressed = {
        each.packed
        for each in itertools.chain.from_iterable(map(buttons, cards))
        if isinstance(each, Button) and each.packed.startswith("checkins.") and not each.packed.startswith(own)
    }
    assert len(pressed) > 20
    for packed in sorted(pressed):
        await eve.press_packed(packed)
        assert NEUTRAL in eve.screen.text or eve.screen.form is not None, packed
        if eve.screen.form is not None:
            await eve.fill()
            eve.see(NEUTRAL)
    await weeks.world.app.catch_up()
    assert weeks.words() == before
    await ada.say("checkin now")
    ada.see("🌤️ Good", "Wrote two letters", "Does anybody know Acme? · shared")
