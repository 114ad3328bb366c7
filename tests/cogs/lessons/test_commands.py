"""Lessons on their checklists, as a conversation."""

from datetime import timedelta

import pytest

from bot.cards import Select, buttons
from bot.pack import with_value
from tests.chat import Chat, World, settle_in
from tests.platforms.plain_world import PlainChat, PlainWorld


async def learned(chat: Chat, *words: str, checklist: str = "interview") -> None:
    for each in words:
        await chat.say(f'lessons add lesson:"{each}" checklist:{checklist}')


async def test_a_lesson_is_added_ticked_off_and_opened_again_in_place(ada: Chat) -> None:
    await ada.say("lessons list")
    ada.see("Nothing here yet.")
    await learned(ada, "Ask about the pay")
    ada.see("On your checklist: Interview", "Ask about the pay")
    await ada.press("All lessons")
    ada.see("One lesson.", "Interview: 0 of 1 done", "○ Ask about the pay")
    await ada.press("Done")
    ada.see("Interview: 1 of 1 done", "✓ Ask about the pay")
    await ada.press("Not done")
    ada.see("○ Ask about the pay")


async def test_a_form_asks_for_what_was_left_out(ada: Chat) -> None:
    await ada.say("lessons add")
    await ada.fill(lesson="One page is enough", checklist="resume")
    ada.see("On your checklist: Resume", "One page is enough")


async def test_an_added_lesson_is_taken_back_and_brought_back(ada: Chat) -> None:
    await learned(ada, "Ask about the pay")
    await ada.press("Undo")
    ada.see("off its list", "In 24 hours")
    await ada.press("Undo")
    ada.see("It is back on your list.", "Ask about the pay")


async def test_one_is_opened_from_the_list_changed_moved_and_undone(ada: Chat) -> None:
    await learned(ada, "Ask about the pay", "Smile")
    await ada.say("lessons list")
    await ada.choose("Open one to change it", "Smile")
    ada.see("Checklist: Interview", "Smile")
    ada.not_see("the pay")
    await ada.press("Edit")
    assert ada.screen.form is not None
    assert ada.screen.form["lesson"] == "Smile"
    assert ada.screen.form["checklist"] == "interview"
    await ada.fill(lesson="Breathe", checklist="other")
    ada.see("Changed.", "Checklist: Other", "Breathe")
    await ada.press("Undo")
    ada.see("It is as it was before.", "Checklist: Interview", "Smile")
    await ada.press("Done")
    ada.see("✓ Smile")
    await ada.press("Delete")
    ada.see("off its list")
    await ada.press("Undo")
    ada.see("✓ Smile")


async def test_lists_stand_in_order_with_five_a_page(ada: Chat, world: World) -> None:
    await learned(ada, "Other thing", checklist="other")
    for number in range(1, 6):
        world.move(timedelta(minutes=1))
        await learned(ada, f"Line {number}", checklist="resume")
    await ada.say("lessons list")
    ada.see("6 lessons, page 1 of 2.", "Resume: 0 of 5 done", "Line 1", "Line 5")
    ada.not_see("Other thing")
    await ada.press("More")
    ada.see("Other: 0 of 1 done", "Other thing")
    await ada.press("Done")
    ada.see("✓ Other thing", "page 2 of 2")
    await ada.press("Back")
    ada.see("Line 1")
    await ada.say("lessons list checklist:other")
    ada.see("One lesson.", "Other thing")
    ada.not_see("Line 1")
    await ada.say("lessons list checklist:cover_letter")
    ada.see("This checklist is empty.")


async def test_a_page_of_the_longest_lessons_is_drawn_everywhere(ada: Chat) -> None:
    for number in range(5):
        await ada.say("lessons add")
        await ada.fill(
            lesson=f"{number}" + "*" * 499, checklist=("resume", "cover_letter", "interview", "other")[number % 4]
        )
    await ada.say("lessons list")
    ada.see("5 lessons", "…")
    await ada.choose("Open one to change it", "0")
    ada.see("*" * 499)


async def test_what_was_done_long_ago_stands_behind_what_is_open(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await learned(ada, "First")
    plain.move(timedelta(minutes=1))
    await learned(ada, "Second")
    await ada.say("lessons list")
    await ada.press("Done", old=True)
    assert ada.screen.text.index("First") < ada.screen.text.index("Second")
    plain.move(timedelta(hours=24))
    await ada.say("lessons list")
    assert ada.screen.text.index("Second") < ada.screen.text.index("First")


async def test_an_old_drawing_changes_nothing(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await learned(ada, "Smile")
    undo = ada.packed("Undo")
    await ada.say("lessons list")
    done = ada.packed("Done")
    await ada.press("Done")
    await ada.press("Not done")
    for packed in (done, undo):
        await ada.press_packed(packed)
        ada.see("○ Smile")


async def test_a_lesson_that_is_offered_goes_on_one_list_once(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say("rejection log company:Acme stage:final")
    await ada.press("Add a lesson")
    await ada.fill(lesson="Ask first")
    for checklist in ("Resume", "Interview"):
        await ada.choose("Put it on a checklist", checklist)
    ada.see("on a list already")
    await ada.press("All lessons")
    ada.see("One lesson.", "Resume", "Ask first")


async def test_an_offer_waits_a_quarter_of_an_hour(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say("rejection log company:Acme stage:final")
    await ada.press("Add a lesson")
    await ada.fill(lesson="Ask first")
    plain.move(timedelta(minutes=16))
    await ada.choose("Put it on a checklist", "Resume")
    ada.see("waited longer than 15 minutes")
    assert {"All lessons", "Add a lesson"} <= set(ada.screen.buttons)


async def test_a_strangers_press_changes_nothing_and_tells_nothing(plain: PlainWorld) -> None:
    ada, eve = plain.person("ada"), plain.person("eve", community="other")
    await settle_in(ada)
    await settle_in(eve)
    await learned(ada, "Smile")
    drawn = [ada.packed("Undo")]
    await ada.say("lessons list")
    drawn.append(ada.packed("Done"))
    await ada.choose("Open one to change it", "Smile")
    drawn += [ada.packed(label) for label in ("Done", "Edit", "Delete")]
    await ada.press("Edit")
    await ada.fill(lesson="Breathe")
    drawn.append(ada.packed("Undo"))
    for packed in drawn:
        await eve.press_packed(packed)
        eve.see("This is no longer here, so nothing was changed.")
        eve.not_see("Smile", "Breathe")
    await ada.press_packed("lessons.choose:nothing")
    ada.see("This is no longer here")
    await ada.say("lessons list")
    ada.see("○ Breathe")


async def test_an_offer_is_its_owners_alone(plain: PlainWorld) -> None:
    ada, eve = plain.person("ada"), plain.person("eve", community="other")
    await settle_in(ada)
    await settle_in(eve)
    await ada.say("rejection log company:Acme stage:final")
    await ada.press("Add a lesson")
    await ada.fill(lesson="Ask first")
    await eve.press_packed(_offered(ada))
    eve.see("on a list already")
    eve.not_see("Ask first")


async def test_a_deleted_lesson_is_gone_for_good_after_a_day(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await learned(ada, "Smile")
    await ada.press("Undo")
    plain.move(timedelta(hours=24))
    await plain.app.heartbeat.beat()
    await ada.press("Undo")
    ada.see("This is no longer here")


@pytest.mark.parametrize("line", ["lessons list", "lessons add lesson:Smile checklist:other"])
async def test_without_saving_there_are_no_lists(plain: PlainWorld, line: str) -> None:
    bo = plain.person("bo")
    await bo.say("settings")
    await bo.press("Use without saving")
    await bo.say(line)
    bo.see("Not without saving")


def _offered(chat: PlainChat) -> str:
    return next(
        with_value(item.packed, "resume")
        for card in reversed(chat.cards)
        for item in buttons(card)
        if isinstance(item, Select)
    )
