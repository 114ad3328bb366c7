"""Setting a check-in up and answering it, on every surface."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from cogs.checkins.tables import Kind
from db.groups import Group
from db.keyring import Keyring
from db.session import Database
from tests.chat import Chat, World
from tests.cogs.checkins.rows import led_by_the_only_one, new_round

FEW = pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
"""Where nothing new is drawn."""


@pytest.fixture
async def beside(world_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    """The world's database, from outside."""
    opened = Database(world_url, keyring)
    yield opened
    await opened.close()


@pytest.fixture
async def harbour(world: World, ada: Chat, beside: Database) -> UUID:
    """A group that ada leads, with no place of its own."""
    await ada.say("checkin resume")  # whoever does anything in a community joins it
    async with beside.writing() as db:
        return (await led_by_the_only_one(db, at=world.now())).id


async def begun(beside: Database, world: World, group_id: UUID, kind: Kind = Kind.PLAN) -> None:
    """The round of today, which began a moment ago."""
    async with beside.writing() as db:
        group = await db.get_one(Group, group_id)
        await new_round(db, group, slot=world.now().date(), at=world.now(), kind=kind)


async def set_up(ada: Chat) -> None:
    await ada.say("lead checkin")
    await ada.press("Looks right")


async def test_a_facilitator_sees_the_next_dates_before_it_begins(ada: Chat, harbour: UUID) -> None:
    await ada.say("lead checkin")
    ada.see(
        "It is not on", "Mondays at 09:00", "Fridays at 15:00", "30 Nov", "7 Dec", "14 Dec", "The group has no place"
    )
    await ada.press("Days and times")
    await ada.fill(plan_days=("1", "3"), plan_at="10", review_days=(), open_for="72")
    ada.see("This is how it will be", "Tuesdays, Thursdays at 10:00", "24 Nov", "26 Nov", "1 Dec", "72 hours")
    ada.not_see("Look back at the week")
    await ada.press("Undo")
    ada.see("It is as it was before", "It is not on", "Mondays at 09:00")
    await ada.press("Looks right")
    ada.see("It is on")
    await ada.press("Questions of the plan")
    await ada.fill(bank=("focus", "way"), own_1="What made you laugh?")
    ada.see("What is your focus? · What is in the way? · What made you laugh?")
    await ada.press("Questions looking back")
    await ada.fill(bank=("word", "did", "won", "ask", "focus"), own_1="One too many?")
    await ada.fix(own_1="")
    ada.see("What did you do?")
    await ada.choose("The summary goes to", "Its facilitators")
    await ada.press("Time zone")
    await ada.choose("Asia and Pacific", "Mon")
    ada.see("This is how it will be")
    await ada.press("How it goes")
    ada.see("No round has closed yet")
    await ada.press("Back")
    await ada.press("Stop")
    ada.see("Stopped", "It is not on")
    await ada.press("Undo")
    ada.not_see("It is not on")


async def test_a_check_in_is_answered_changed_shared_and_taken_back(
    world: World, ada: Chat, harbour: UUID, beside: Database
) -> None:
    await ada.say("checkin now")
    ada.see("Your group has no check-in yet")
    await set_up(ada)
    await ada.say("checkin now")
    ada.see("The next one is on")
    await begun(beside, world, harbour)
    await ada.say("checkin now")
    await ada.press("Skip")
    ada.see("nothing breaks by it")
    await ada.press("Undo")
    await ada.press("⛅ Steady")
    ada.see("Noted", "⛅ Steady")
    await ada.press("Undo")
    ada.see("It is as it was before", "One tap is enough")
    await ada.press("🌧️ Heavy")
    await ada.press("Change how I am")
    await ada.press("🌤️ Good")
    ada.see("🌤️ Good")
    await ada.press("Write a few lines")
    await ada.fill(line_1="Rested", line_2="Two *portfolios*")
    ada.see("Rested", "Two *portfolios*", "Only you see this")
    await ada.press("Share")  # a word on how one is, is not offered
    ada.see("This is how it will read", "What is your focus?", "Two *portfolios*", "under your name")
    await ada.press("Keep private")
    ada.not_see("· shared")
    await ada.press("Share")
    await ada.press("Share as written")
    ada.see("Two *portfolios* · shared")
    await ada.press("Change my lines")
    await ada.fill(line_2="Three portfolios")
    ada.see("Three portfolios")
    ada.not_see("· shared")  # what changed was not seen before
    await ada.press("Undo")
    ada.see("Two *portfolios*")
    await ada.press("Share")
    await ada.press("Share as written")
    await ada.press("Take back")
    ada.see("yours alone again")
    await ada.say("checkin history")
    ada.see("Rested", "🌤️ Good", "Two *portfolios*")


@FEW
async def test_a_review_begins_with_what_was_logged(world: World, ada: Chat, harbour: UUID, beside: Database) -> None:
    await set_up(ada)
    await ada.say("application log company:Acme")
    await begun(beside, world, harbour, Kind.REVIEW)
    await ada.say("checkin now")
    await ada.press("🌤️ Good")
    await ada.press("Write a few lines")
    assert ada.screen.form is not None
    assert ada.screen.form["line_2"] == "Applications: 1"
    await ada.fill()
    ada.see("Applications: 1")


@FEW
async def test_late_answers_are_welcome_until_the_next_round(
    world: World, ada: Chat, harbour: UUID, beside: Database
) -> None:
    await set_up(ada)
    await begun(beside, world, harbour)
    await ada.say("checkin now")
    world.move(timedelta(hours=60))
    await ada.press("☀️ Bright")
    ada.see("marked late", "until the next check-in begins")
    await ada.press("Write a few lines")
    await begun(beside, world, harbour, Kind.REVIEW)
    await ada.fill(line_1="Rested", line_2="Two *portfolios*")
    ada.see("The next check-in has begun", "This is what you wrote", "Rested", "Two *portfolios*")
    for label in ("Change how I am", "Write a few lines"):
        await ada.press(label)
        ada.see("The next check-in has begun")
    await ada.press("☁️ Low")  # of what was asked first
    ada.see("The next check-in has begun")
    await ada.press("Open the next one")
    ada.see("Look back at the week", "One tap is enough")


@FEW
async def test_members_choose_how_they_are_asked_and_are_away_when_they_want(ada: Chat, harbour: UUID) -> None:
    await ada.say("checkin delivery")
    ada.see("in your group’s place", "once, before a check-in closes", "from 21:00 to 08:00")
    await ada.press("Do not remind me")
    ada.see("none")
    await ada.say("checkin pause weeks:2")
    ada.see("away from Harbour for 2 weeks", "7 Dec")
    await ada.say("checkin delivery")
    ada.see("Away from Harbour until")
    await ada.press("Come back now")
    ada.see("Welcome back")
    await ada.say("checkin resume")
    ada.see("You are not away")
    await ada.say("checkin history")
    ada.see("Nothing here yet")


@FEW
async def test_who_is_in_no_group_and_who_leads_none_is_told_what_to_do(ada: Chat) -> None:
    for line in ("checkin now", "checkin pause weeks:1"):
        await ada.say(line)
        ada.see("You are in no group yet")
    await ada.say("lead checkin")
    ada.see("This is for a group’s facilitators")
