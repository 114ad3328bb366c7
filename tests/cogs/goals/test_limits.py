"""Goals at their limits, in other hands, and moved by what other features announce."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4

import pytest
from sqlalchemy import make_url

from bot.call import Call
from bot.cards import Card, Text, say
from bot.events import Deed, Done, LessonLearned, Undone
from bot.feature import Feature
from bot.loader import discover
from bot.options import ASKED, Ask
from db.sealed import Keyring
from tests.chat import Chat, World, settle_in
from tests.cogs.goals.talk import GYM, SET, have
from tests.platforms.plain_world import PlainChat, PlainWorld, plain_world


async def test_the_list_has_five_a_page(bob: PlainChat) -> None:
    for number in range(1, 8):
        await have(bob, f'goal set "read {number} pages a day"')
    await bob.say("goal list")
    bob.see("7 goals, page 1 of 2.")
    await bob.press("More")
    bob.see("page 2 of 2")
    await bob.press("Back")
    bob.see("page 1 of 2")


async def test_the_twenty_first_goal_is_refused_with_what_to_do(bob: PlainChat) -> None:
    for _ in range(20):
        await have(bob, GYM)
    await bob.say(SET)
    right = bob.packed("Looks right")
    await bob.press_packed(right)
    bob.see("You have 20 goals under way", "Finish one first: /goal list.")
    await bob.say("goal finish")
    bob.see("Which one do you mean?", "And 12 more: type a part of it.")
    await bob.press("Finish")
    await bob.press_packed(right)
    bob.see("Your goal is set")


async def test_the_longest_goals_fit_every_card(ada: Chat) -> None:
    """The world checks each payload against its platform's limits."""
    for number in range(9):
        await have(ada, f'goal set "apply to {number + 1} {"𝔍*" * 66} a week on Mondays and Tuesdays until March 1"')
    await ada.say("goal log")
    ada.see("Which one do you mean?", "And one more")
    await ada.press("Count it")
    ada.see("Counted: one.")
    await ada.say("goal list")
    ada.see("9 goals, page 1 of 2.")
    await ada.press("Open")
    await ada.press("Finish")
    ada.see("Finished")
    await ada.say("progress")
    ada.see("You did one thing for your goals.")


async def test_weeks_and_days_are_those_where_the_member_is(bob: PlainChat, plain: PlainWorld) -> None:
    """Sunday evening in Los Angeles is Monday in UTC."""
    bob.zone = "America/Los_Angeles"
    await have(bob, GYM)
    plain.move(timedelta(days=6, hours=20))
    await bob.say("goal log")
    await bob.say("goal list")
    bob.see("1 of 2 this week")
    bob.zone = "Asia/Tokyo"
    await bob.say("goal list")
    bob.see("0 of 2 this week")


async def test_a_strangers_press_changes_nothing_and_tells_nothing(bob: PlainChat, plain: PlainWorld) -> None:
    eve = plain.person("eve", community="other")
    await settle_in(eve)
    await bob.say(SET)
    drawn = [bob.packed(label) for label in ("Looks right", "Change")]
    await bob.say('goal set "apply to jobs"')
    drawn += [bob.packed(label) for label in ("5", "Another number")]
    await have(bob)
    drawn.append(bob.packed("Undo"))
    await bob.say("goal log")
    drawn += [bob.packed(label) for label in ("+1", "Undo", "Pause", "Change", "Finish", "Delete")]
    await bob.say("goal finish")
    drawn.append(bob.packed("Undo"))
    await bob.press("Undo")
    await bob.say("goal pause")
    drawn.append(bob.packed("Resume"))
    await bob.press("Resume")
    drawn.append(bob.packed("Undo"))
    for packed in drawn:
        await eve.press_packed(packed)
        eve.see("This is no longer here, so nothing was changed.")
        eve.not_see("job")
    await bob.say("goal list")
    bob.see("1 of 5 this week")


async def test_after_a_quarter_of_an_hour_what_was_read_is_gone(bob: PlainChat, plain: PlainWorld) -> None:
    await bob.say(SET)
    plain.move(timedelta(minutes=16))
    await bob.press("Looks right")
    bob.see("This is no longer here")


async def test_the_same_event_twice_counts_once(bob: PlainChat) -> None:
    await have(bob)
    await bob.say("goal change")
    add = bob.packed("+1")
    for _ in range(2):
        await bob.press_packed(add, event="the same")
    await bob.say("goal list")
    bob.see("1 of 5 this week")


async def test_ones_own_page_shows_each_goal_once_with_its_bar_and_a_count(bob: PlainChat, plain: PlainWorld) -> None:
    await bob.look_home()
    assert "Set a goal" in bob.screen.buttons
    for number in range(1, 8):
        plain.move(timedelta(minutes=1))
        await have(bob, f'goal set "read {number} pages a day"')
    await bob.say('goal log "read 7" count:3')
    await bob.look_home()
    bob.see("This week", "You did 3 things for your goals.", "Read 7 pages each day · today", "Strength: ")
    bob.see("And 2 more: /goal list.")
    assert bob.screen.text.count("Read 7 pages") == 1
    assert bob.screen.buttons.count("+1") == 5
    await bob.press("+1")
    bob.see("Counted: one.")


async def test_the_export_holds_goals_what_was_done_and_rests(bob: PlainChat, plain: PlainWorld) -> None:
    await have(bob)
    await bob.say("goal log count:2")
    await bob.say("goal pause")
    plain.move(timedelta(days=2))
    await bob.say("goal resume")
    await bob.say("mydata export")
    (content,) = bob.screen.files.values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part["title"]: part["records"] for part in json.loads(archive.read("data.json"))["parts"]}
    assert parts["Goals"][0]["what is counted"] == "new job postings"
    assert parts["Done for goals"][0]["count"] == 2
    assert parts["Pauses of goals"][0]["from"] == "2026-11-23"


async def test_without_saving_a_goal_is_not_taken(world: World) -> None:
    bo = world.person("bo")
    await bo.say(SET)
    await bo.press("Use without saving")
    bo.see("Not without saving")


announcer = Feature("announcer", "Announces what another feature would.")


@announcer.command("announce done")
async def announce(
    call: Call,
    source: Annotated[str, Ask("Source")] = ASKED,
    deed: Annotated[Deed, Ask("Deed")] = ASKED,
    count: Annotated[int, Ask("Count")] = 1,
) -> Card:
    """Do something."""
    shown = await call.announce(Done(deed, UUID(source), call.today, count))
    return Card((Text(say("Announced.")), *shown))


@announcer.command("announce undone")
async def announce_undone(call: Call, source: Annotated[str, Ask("Source")] = ASKED) -> Card:
    """Take it back."""
    return Card((Text(say("Announced.")), *await call.announce(Undone(UUID(source)))))


@announcer.command("announce lesson")
async def announce_lesson(call: Call, words: Annotated[str, Ask("Words")] = ASKED) -> Card:
    """Learn something."""
    return Card((Text(say("Announced.")), *await call.announce(LessonLearned(words))))


@pytest.fixture
async def eve(sqlite_url: str, keyring: Keyring) -> AsyncIterator[PlainChat]:
    """A member where another feature announces things."""
    async with plain_world(sqlite_url, features=(*discover(), announcer), keyring=keyring) as running:
        chat = running.person("eve")
        await settle_in(chat)
        yield chat


async def test_what_others_announce_moves_the_goals_it_belongs_to_once(eve: PlainChat) -> None:
    await have(eve)
    await have(eve, GYM)
    source = uuid4()
    for _ in range(2):
        await eve.say(f"announce done {source} application 2")
    await eve.say(f"announce done {uuid4()} event")
    eve.not_see("Apply to 5", "Go to the gym")
    await eve.say("goal list")
    eve.see("2 of 5 this week", "0 of 2 this week")
    await eve.say(f"announce undone {source}")
    eve.see("Apply to 5 new job postings each week until 1 March 2027 · this week")
    await eve.say("goal list")
    eve.see("0 of 5 this week")


async def test_a_moved_goal_is_shown_where_it_was_announced(eve: PlainChat) -> None:
    for _ in range(5):
        await have(eve)
    await eve.say(f"announce done {uuid4()} application")
    eve.see("Announced.", "Apply to 5 new job postings", "And 2 more: /goal list.")


async def test_a_lesson_becomes_a_goal_with_one_press(eve: PlainChat) -> None:
    await eve.say('announce lesson "Practice 2 questions each week"')
    eve.see("A lesson can become something to do.")
    await eve.press("Make it a goal")
    assert eve.screen.form == {"goal": "Practice 2 questions each week"}
    await eve.fill()
    eve.see("I read this as", "Practice 2 questions each week")


async def test_a_lesson_that_waited_too_long_opens_an_empty_form(eve: PlainChat) -> None:
    await eve.say('announce lesson "Ask first"')
    button = eve.packed("Make it a goal")
    key = button.split(":")[0]
    await eve.press_packed(f"{key}:{'A' * 22}")
    assert eve.screen.form == {"goal": ""}


async def test_what_is_said_about_goals_is_in_no_file(bob: PlainChat, sqlite_url: str) -> None:
    secrets = [f"secret{number}zq" for number in range(5)]
    await have(bob, f'goal set "apply to 5 {secrets[0]} jobs a week"')
    await bob.say("goal change")
    await bob.press("Change")
    await bob.fill(what=f"attend {secrets[1]} events")
    await bob.say(f'goal set "{secrets[2]} jobs"')
    await bob.press("Another number")
    await bob.fill(number=secrets[3])
    await bob.say(f"goal log {secrets[4]}")
    folder = Path(make_url(sqlite_url).database or "").parent
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    assert [each for each in secrets if each.encode() in kept] == []
