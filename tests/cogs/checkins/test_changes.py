"""What happens between the plan and the hour: moves, pauses, silence, new members, another setup."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.call import Asking
from cogs.checkins import records
from cogs.checkins.asking import plan_again
from cogs.checkins.tables import Round
from db.groups import Group, add_group_member, create_group, remove_group_member
from db.members import Person, Role
from db.schedules import Schedule
from tests.cogs.checkins.conftest import NEW_YORK, Weeks, look_at, title_of
from tests.platforms.plain_world import PlainChat


@pytest.fixture
async def ben(weeks: Weeks, fay: PlainChat) -> PlainChat:
    """A member on the Sunday before, whose round of Monday 09:00 in Berlin is made and not begun."""
    chat = await weeks.join("ben")
    await weeks.until(29, 16)
    weeks.world.sink.messages.clear()
    return chat


async def rounds(weeks: Weeks) -> int:
    async with weeks.world.app.database.reading() as db:
        return await db.scalar(select(func.count()).select_from(Round)) or 0


async def test_who_moves_is_asked_at_the_hour_where_they_are_now_and_once(weeks: Weeks, ben: PlainChat) -> None:
    await ben.say("settings")
    await ben.press("Change time")
    await ben.choose("Americas", "Sun 11")  # New York
    await weeks.until(30, 13)
    assert weeks.named() == []
    await weeks.until(30, 14)
    assert weeks.named() == [["ben"]]
    await ben.press("Undo")
    await weeks.until(1, 14, month=12)
    assert weeks.named() == [["ben"]]


async def test_who_chose_direct_messages_and_moves_is_asked_once_too(weeks: Weeks, fay: PlainChat) -> None:
    eve = await weeks.join("eve", direct=True)
    await weeks.until(29, 16)
    weeks.world.sink.messages.clear()
    await eve.say("settings")
    await eve.press("Change time")
    await eve.choose("Americas", "Sun 11")
    await weeks.until(30, 13)
    assert weeks.direct("eve") == []
    await weeks.until(30, 14)
    assert len(weeks.direct("eve")) == 1


async def test_who_chooses_the_group_s_place_before_the_hour_is_asked_there_alone(weeks: Weeks, fay: PlainChat) -> None:
    eve = await weeks.join("eve", direct=True)
    await weeks.until(29, 16)
    weeks.world.sink.messages.clear()
    await eve.say("checkin delivery")
    await eve.press("Ask me in the group")
    await weeks.until(2, 7, month=12)
    assert (weeks.named(), weeks.direct("eve")) == ([["eve"]], [])


async def test_quiet_hours_are_waited_for(weeks: Weeks, ben: PlainChat) -> None:
    await ben.say("settings")
    await ben.press("Change hours")
    await ben.choose("Until", "11:00")
    await weeks.until(30, 9, 59)
    assert weeks.named() == []
    await weeks.until(30, 10)
    assert weeks.named() == [["ben"]]


async def test_who_does_not_want_to_be_written_to_first_is_not(weeks: Weeks, ben: PlainChat) -> None:
    await ben.say("settings")
    await ben.press("Stop writing first")
    await weeks.until(30, 20)
    assert weeks.named() == []
    await ben.say("checkin now")
    await ben.press("🌤️ Good")
    ben.see("Noted")


async def test_direct_messages_or_the_group_s_place_whichever_holds_at_the_hour(weeks: Weeks, ben: PlainChat) -> None:
    async with weeks.world.app.database.writing() as db:
        await db.execute(update(Person).where(Person.id == await weeks.person("ben")).values(direct="plain:main:Dben"))
        await plan_again(Asking(db, weeks.world.now()), await weeks.person("ben"))
    await ben.say("checkin delivery")
    await ben.press("Ask me in the group")
    await ben.press("Ask me directly")
    await weeks.until(30, 8)
    assert (weeks.named(), len(weeks.direct("ben"))) == ([], 1)
    await ben.press("Ask me in the group")  # of what was asked nothing changes
    await weeks.until(30, 20)
    assert (weeks.named(), len(weeks.direct("ben"))) == ([], 1)


async def test_who_pauses_is_not_asked_and_who_comes_back_is(weeks: Weeks, ben: PlainChat) -> None:
    await ben.say("checkin pause weeks:1")
    await weeks.until(30, 20)
    assert weeks.posts() == []
    await ben.press("Come back now")
    await weeks.until(1, 8, month=12)  # after the night, since its hour has gone by
    assert weeks.named() == [["ben"]]


async def test_a_pause_on_the_question_itself_stops_the_reminder(weeks: Weeks, fay: PlainChat) -> None:
    eve = await weeks.join("eve", direct=True)
    await weeks.until(27, 14)
    look_at(eve, weeks.direct("eve")[0])
    await eve.press("Pause")
    await eve.choose("For how many weeks?", "3 weeks")
    eve.see("away from Harbour for 3 weeks")
    await weeks.until(30, 8)
    assert len(weeks.direct("eve")) == 1


async def test_no_more_reminders_is_one_press(weeks: Weeks, fay: PlainChat) -> None:
    eve = await weeks.join("eve", direct=True)
    await weeks.until(29, 14)
    look_at(eve, weeks.direct("eve")[-1])
    await eve.press("No more reminders")
    await weeks.until(2, 7, month=12)  # when the reminder would come
    assert len(weeks.direct("eve")) == 3  # Friday's question and reminder, Monday's question


@pytest.mark.parametrize("press", ["Stop writing first", "Stop that"])  # at all, and in direct messages
async def test_who_wants_no_more_messages_is_not_reminded(weeks: Weeks, fay: PlainChat, press: str) -> None:
    eve = await weeks.join("eve", direct=True)
    await weeks.until(1, 12, month=12)
    before = len(weeks.direct("eve"))
    await eve.say("settings")
    await eve.press(press)
    await weeks.until(2, 8, month=12)
    assert len(weeks.direct("eve")) == before


async def test_who_moves_after_they_were_asked_is_reminded_in_no_night_of_theirs(weeks: Weeks, fay: PlainChat) -> None:
    eve = await weeks.join("eve", direct=True)
    await weeks.until(1, 12, month=12)
    before = len(weeks.direct("eve"))
    await eve.say("settings")
    await eve.press("Change time")
    await eve.choose("Asia and Pacific", "Tue 21:00 · Tokyo")
    await weeks.until(1, 22, 59, month=12)
    assert len(weeks.direct("eve")) == before
    await weeks.until(1, 23, month=12)  # 08:00 in Tokyo, 80 % of the window having gone by in the night
    assert len(weeks.direct("eve")) == before + 1
    await weeks.until(2, 8, month=12)
    assert len(weeks.direct("eve")) == before + 1


async def test_who_moves_east_over_their_hour_is_asked_at_once_and_once(weeks: Weeks, ben: PlainChat) -> None:
    await weeks.until(30, 7)
    await ben.say("settings")
    await ben.press("Change time")
    await ben.choose("Asia and Pacific", "Mon 16:00 · Tokyo")  # where 09:00 has gone by
    await weeks.until(30, 7, 1)
    assert weeks.named() == [["ben"]]
    await ben.press("Undo")
    await weeks.until(1, 14, month=12)
    assert weeks.named() == [["ben"]]


async def test_who_moves_before_the_week_is_planned_is_asked_where_they_are_then(weeks: Weeks, fay: PlainChat) -> None:
    ben = await weeks.join("ben")
    await weeks.until(29, 9)  # an hour before Monday begins anywhere
    weeks.world.sink.messages.clear()
    await ben.say("settings")
    await ben.press("Change time")
    await ben.choose("Asia and Pacific", "Sun 18:00 · Tokyo")
    await weeks.until(29, 23, 59)
    assert weeks.named() == []
    await weeks.until(30, 0)
    assert weeks.named() == [["ben"]]


async def test_who_answered_before_their_hour_is_not_asked(weeks: Weeks, ben: PlainChat) -> None:
    dan = await weeks.join("dan", zone=NEW_YORK, direct=True)
    await weeks.until(30, 8)
    await dan.say("checkin now")
    await dan.press("Skip")
    await weeks.until(2, 8, month=12)
    assert weeks.direct("dan") == []


async def test_a_late_joiner_is_asked_until_the_round_closes(weeks: Weeks, ben: PlainChat) -> None:
    await weeks.until(30, 10)
    gus = await weeks.join("gus")
    await gus.say("settings")
    await gus.press("Change hours")
    await gus.choose("From", "22:00")  # whatever tells that their reach changed, as joining does
    await weeks.until(30, 11)
    assert weeks.named() == [["ben"], ["gus"]]
    await gus.press("Undo")
    await weeks.until(30, 13)
    assert weeks.named() == [["ben"], ["gus"]]


async def test_who_leaves_is_not_named_any_more(weeks: Weeks, ben: PlainChat) -> None:
    await weeks.join("gus")
    async with weeks.world.app.database.writing() as db:
        await plan_again(Asking(db, weeks.world.now()), await weeks.person("gus"))
        await remove_group_member(db, weeks.group_id, await weeks.person("ben"))
    await weeks.until(30, 20)
    assert weeks.named() == [["gus"]]
    await ben.say("checkin now")
    ben.see("You are in no group yet")


async def test_another_time_on_the_evening_before_holds_for_the_morning(weeks: Weeks, ben: PlainChat) -> None:
    fay = weeks.world.person("fay")
    await fay.say("lead checkin")
    await fay.press("Days and times")
    await fay.fill(plan_at="11")
    before = await rounds(weeks)
    await weeks.until(30, 9, 59)
    assert weeks.named() == []
    await weeks.until(30, 20)
    assert weeks.named() == [["ben"]]
    assert await rounds(weeks) == before
    await fay.press("Days and times")
    await fay.fill(plan_at="20")
    await weeks.until(1, 6, month=12)
    assert weeks.named() == [["ben"]]  # the date was due, and does not come again


async def test_what_is_stopped_asks_nobody_and_what_is_undone_does(weeks: Weeks, ben: PlainChat) -> None:
    fay = weeks.world.person("fay")
    await fay.say("lead checkin")
    await fay.press("Stop")
    await weeks.until(30, 20)
    assert weeks.posts() == []
    await fay.press("Looks right")
    await weeks.until(4, 14, month=12)
    assert weeks.named() == [["ben"]]


async def test_undoing_a_stop_brings_back_the_morning_that_was_planned(weeks: Weeks, ben: PlainChat) -> None:
    fay = weeks.world.person("fay")
    before = await rounds(weeks)
    await fay.say("lead checkin")
    await fay.press("Stop")
    assert await rounds(weeks) == before - 1
    await fay.press("Undo")
    assert await rounds(weeks) == before
    await weeks.until(30, 20)
    assert weeks.named() == [["ben"]]


async def test_a_short_silence_of_the_bot_is_made_up_for_with_an_apology_and_a_long_one_is_not(
    weeks: Weeks, ben: PlainChat
) -> None:
    weeks.world.move(timedelta(hours=21))
    await weeks.world.app.catch_up()
    assert "I was away, so this comes 5 hours late." in weeks.words()[0]
    weeks.world.move(timedelta(days=21))
    await weeks.world.app.catch_up()
    assert len(weeks.posts()) == 1


@pytest.mark.parametrize(("away", "posts"), [(timedelta(hours=60), 2), (timedelta(days=9), 1)])
async def test_a_summary_is_not_posted_days_after_its_round(
    weeks: Weeks, ben: PlainChat, away: timedelta, posts: int
) -> None:
    await weeks.until(30, 8)
    look_at(ben, weeks.posts()[0])
    await ben.press("⛅ Steady")
    weeks.world.move(away)
    await weeks.world.app.catch_up()
    assert [title_of(each) for each in weeks.posts()] == ["Plan for the week · 30 Nov 2026"] * posts


async def test_a_facilitator_is_told_of_a_quiet_group_after_two_weeks(weeks: Weeks, ben: PlainChat) -> None:
    await weeks.join("gil", direct=True, role=Role.FACILITATOR)
    await weeks.until(6, 14, month=12)
    assert "A quiet group" not in map(title_of, weeks.direct("gil"))
    await weeks.until(21, 14, month=12)
    assert 1 <= [title_of(each) for each in weeks.direct("gil")].count("A quiet group") <= 2
    assert "A quiet group" not in "".join(weeks.words())
    fay = weeks.world.person("fay")
    await fay.say("lead checkin")
    await fay.press("How it goes")
    fay.see("Nobody answered for two weeks", "number not shown")


async def test_ones_own_page_says_what_waits_and_until_when(weeks: Weeks, ben: PlainChat) -> None:
    await weeks.until(30, 8)
    await ben.look_home()
    ben.see("Harbour asks how you are, until")
    await ben.press("Check in")
    await ben.press("⛅ Steady")
    await ben.look_home()
    ben.not_see("asks how you are")


async def test_ones_own_page_says_two_weeks_before_that_old_answers_go(weeks: Weeks, ben: PlainChat) -> None:
    await ben.say("checkin now")
    await ben.press("🌤️ Good")
    weeks.world.move(records.KEPT - records.REMINDED - timedelta(hours=1))
    await ben.look_home()
    ben.not_see("Your oldest check-ins go")
    weeks.world.move(timedelta(hours=1))
    await ben.look_home()
    ben.see("Your oldest check-ins go on 31 May 2027")


async def test_who_leads_several_chooses_one(weeks: Weeks, fay: PlainChat) -> None:
    async with weeks.world.app.database.writing() as db:
        group = await db.get_one(Group, weeks.group_id)
        for number in range(9):
            made = await create_group(
                db, community_id=group.community_id, name=f"Hill {number}", zone="UTC", at=weeks.world.now()
            )
            assert made is not None
            person = await weeks.person("fay")
            await add_group_member(db, made.id, person, at=weeks.world.now(), role=Role.FACILITATOR)
    await fay.say("lead checkin")
    fay.see("Which group?", "And 2 more")
    await fay.press("Open")
    fay.see("Check-in of Harbour", "Mondays at 09:00")
    await fay.say('lead checkin "Hill 3"')
    fay.see("Check-in of Hill 3", "It is not on")
    assert await fay.suggestions("lead checkin group:hill") == [f"Hill {number}" for number in range(9)]


async def test_doing_it_twice_changes_nothing(weeks: Weeks, ben: PlainChat) -> None:
    await weeks.until(30, 8)
    for _ in range(3):
        await weeks.world.restart()
        await weeks.world.app.catch_up()
    assert weeks.named() == [["ben"]]


async def test_a_group_that_is_dissolved_asks_nobody_and_its_schedules_go(weeks: Weeks, ben: PlainChat) -> None:
    await ben.say("checkin now")
    await ben.press("🌤️ Good")  # of Friday, late
    async with weeks.world.app.database.writing() as db:
        await db.delete(await db.get_one(Group, weeks.group_id))
    await weeks.until(7, 8, month=12)
    assert weeks.posts() == []
    async with weeks.world.app.database.reading() as db:
        assert (await db.scalars(select(Schedule))).all() == []
    await ben.say("checkin history")
    ben.see("🌤️ Good")
