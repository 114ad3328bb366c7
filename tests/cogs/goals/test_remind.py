"""Reminders of goals: only those that were chosen, only where something is open, at the member's own hour."""

from datetime import UTC, datetime, timedelta

from tests.chat import Chat, World
from tests.cogs.goals.talk import GYM, have

# The worlds begin on Monday, 23 November 2026, 09:00 UTC; where the zone is not told, people live in UTC.
FRIDAY_EVENING = datetime(2026, 11, 27, 18, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 10, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


async def until(world: World, at: datetime) -> None:
    await world.wait_for(at - world.now())


async def test_the_evening_before_a_goal_is_due_it_is_said(world: World, ada: Chat, direct: Chat) -> None:
    await have(ada, 'goal set "read 2 books by 28 November"')
    await ada.say("goal remind")
    ada.see("The evening before a goal is due: off")
    await ada.press("Turn on")
    ada.see("The evening before a goal is due: on")
    await until(world, FRIDAY_EVENING - AN_HOUR)
    await direct.wait()
    direct.not_see("Due tomorrow")
    await until(world, FRIDAY_EVENING)
    await direct.wait()
    direct.see("Due tomorrow", "Read 2 books")
    await direct.press("+1")
    direct.see("Counted: one.")


async def test_what_is_done_is_not_reminded_of(world: World, ada: Chat, direct: Chat) -> None:
    await have(ada, 'goal set "read 2 books by 28 November"')
    await ada.say("goal log count:2")
    await ada.say("goal remind")
    await ada.press("Turn on")
    await until(world, FRIDAY_EVENING)
    await direct.wait()
    direct.not_see("Due tomorrow")


async def test_before_the_week_ends_what_is_open_is_said(world: World, ada: Chat, direct: Chat) -> None:
    await have(ada, GYM)
    await ada.say("goal remind")
    await ada.press("Turn on")
    await ada.press("Turn on")
    assert ada.screen.text.count(": on") == 2
    await until(world, FRIDAY_EVENING)
    await direct.wait()
    direct.not_see("Due tomorrow", "The week ends")
    await until(world, SATURDAY)
    await direct.wait()
    direct.see("The week ends tomorrow", "Go to the gym")


async def test_a_reminder_that_was_turned_off_does_not_come(world: World, ada: Chat, direct: Chat) -> None:
    await have(ada, 'goal set "read 2 books by 28 November"')
    await ada.say("goal remind")
    await ada.press("Turn on")
    await ada.press("Turn off")
    ada.see("The evening before a goal is due: off")
    await until(world, FRIDAY_EVENING)
    await direct.wait()
    direct.not_see("Due tomorrow")


async def test_without_direct_messages_the_way_to_them_is_shown(world: World, ada: Chat) -> None:
    await ada.say("goal remind")
    assert "Write to me there" not in ada.screen.buttons
    await ada.press("Turn on")
    ada.see("you have not chosen these yet")
    await ada.press("Write to me there")
    ada.see("A test message is there.")
    direct = world.person("ada", direct=True)
    await direct.wait()
    direct.see("This is a test.")
