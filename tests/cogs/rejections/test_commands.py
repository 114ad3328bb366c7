"""Logging a rejection and finding it again, as a conversation."""

from datetime import timedelta

from bot.cards import summary
from tests.chat import Chat, World, settle_in
from tests.platforms.plain_world import PlainWorld

LOG = 'rejection log company:Acme stage:final role:"Shift lead" feelings:"tired, sad" note:"They were kind"'


async def test_the_answer_to_a_log_is_private_short_and_kind(ada: Chat) -> None:
    await ada.say(LOG)
    ada.see("Written down", "Acme said no in the final round.", "sad, tired", "How heavy is it")
    ada.not_see("!", "cheer")
    assert ada.screen.private
    assert {"1 light", "5 very heavy", "Add a lesson", "Undo", "Support"} <= set(ada.screen.buttons)


async def test_too_few_words_open_the_form_with_what_was_typed(ada: Chat) -> None:
    await ada.say("rejection log company:Acme")
    assert ada.screen.form is not None
    assert list(ada.screen.form) == ["company", "stage", "role", "feelings", "note"]
    assert ada.screen.form["company"] == "Acme"
    await ada.fill(stage="no_reply", feelings=("sad", "okay"))
    ada.see("No word from Acme.", "sad, okay")


async def test_one_press_says_how_heavy_it_is_and_an_old_drawing_changes_nothing(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.press("4 heavy")
    ada.see("Noted: 4 heavy.")
    await ada.press("2 a little", old=True)
    ada.see("Noted: 4 heavy.")
    await ada.press("2 a little")
    ada.see("Noted: 2 a little.")


async def test_a_log_is_taken_back_once_and_brought_back_once(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.press("Undo")
    ada.see("Taken back", "In 24 hours it is gone for good.")
    await ada.press("Undo", old=True)
    ada.see("Taken back")
    await ada.press("Bring it back")
    ada.see("Written down")
    await ada.press("Undo", old=True)
    ada.see("Written down")
    await ada.say("rejection list")
    ada.see("One entry.")


async def test_ones_own_lesson_comes_back_with_the_next_no(ada: Chat) -> None:
    await ada.say(LOG)
    ada.not_see("lesson of")
    await ada.press("Add a lesson")
    await ada.fill(lesson="Ask for the salary first")
    ada.see("Changed.", "Ask for the salary first")
    await ada.say("rejection log company:Beta stage:screening")
    ada.see("Your own lesson of", "after Acme: Ask for the salary first")


async def test_a_lesson_can_be_undone(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.press("Add a lesson")
    await ada.fill(lesson="Never again")
    await ada.press("Undo")
    ada.see("It is as it was before.")
    ada.not_see("Never again")


async def test_the_list_has_five_a_page_newest_first_and_opens_each(ada: Chat, world: World) -> None:
    for number in range(1, 8):
        world.move(timedelta(hours=1))
        await ada.say(f"rejection log company:Company{number} stage:screening")
    await ada.say("rejection list")
    ada.see("7 entries, page 1 of 2.", "Company7", "Company3")
    ada.not_see("Company2")
    assert ada.screen.text.index("Company7") < ada.screen.text.index("Company3")
    await ada.press("Older")
    ada.see("Company2", "Company1", "page 2 of 2")
    assert "Older" not in ada.screen.buttons
    await ada.press("Newer")
    ada.see("Company7")
    await ada.press("Open")
    assert "Edit" in ada.screen.buttons
    await ada.press("All entries")
    ada.see("page 1 of 2")


async def test_an_empty_list_says_what_to_do(ada: Chat) -> None:
    for line in ("rejection list", "rejection show"):
        await ada.say(line)
        ada.see("Nothing is written down yet.")
        assert "Log a rejection" in ada.screen.buttons


async def test_show_finds_the_newest_a_name_a_beginning_or_several(ada: Chat) -> None:
    for company in ("Acme", "Beta", "Betamax"):
        await ada.say(f"rejection log company:{company} stage:screening")
    await ada.say("rejection show")
    assert "Edit" in ada.screen.buttons
    await ada.say("rejection show acm")
    ada.see("Acme", "Screening")
    await ada.say("rejection show beta")
    assert "Edit" in ada.screen.buttons
    ada.not_see("Betamax")
    await ada.say("rejection show bet")
    ada.see("Which one do you mean?", "Beta", "Betamax")
    await ada.say("rejection show Gamma")
    ada.see("No entry of yours is called Gamma.")
    await ada.press("All entries")
    ada.see("3 entries")


async def test_an_edit_starts_filled_and_is_undone_in_place(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection show")
    await ada.press("Edit")
    assert ada.screen.form is not None
    assert ada.screen.form["role"] == "Shift lead"
    assert ada.screen.form["note"] == "They were kind"
    await ada.fill(company="Beta", stage="screening")
    ada.see("Changed.", "Beta", "Screening", "They were kind")
    await ada.press("Undo")
    ada.see("It is as it was before.", "Acme", "Final round")
    await ada.say("rejection show")
    ada.see("Acme", "sad, tired")


async def test_a_deleted_entry_is_put_back_for_a_day(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection show")
    await ada.press("Delete")
    ada.see("Deleted", "Acme is off your list")
    await ada.say("rejection list")
    ada.see("Nothing is written down yet.")
    await ada.press("Undo")
    ada.see("It is back on your list.")


async def test_companies_and_entries_are_suggested_from_ones_own_alone(plain: PlainWorld) -> None:
    ada, bo = plain.person("ada"), plain.person("bo")
    for chat, company in ((ada, "Acme"), (ada, "Old Acme"), (ada, "Beta"), (bo, "Acme of Bo")):
        await settle_in(chat) if not chat.cards else None
        await chat.say(f'rejection log company:"{company}" stage:final')
    assert await ada.suggestions("rejection log acm") == ["Acme", "Old Acme"]
    assert await ada.suggestions("rejection show bet") == ["Beta · 23 Nov 2026"]
    await ada.say('rejection show "Beta · 23 Nov 2026"')
    ada.see("Beta", "Final round")
    assert await plain.person("new").suggestions("rejection log a") == []


async def test_a_wrong_choice_names_its_field_and_keeps_what_was_typed(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say("rejection log company:Acme stage:nonsense")
    ada.see("Choose one of: No reply, Screening")
    await ada.fix(stage="offer")
    ada.see("Acme took back an offer.")


async def test_without_saving_the_words_are_kind_and_nothing_is_kept(world: World) -> None:
    bo = world.person("bo")
    await bo.say(LOG)
    await bo.press("Use without saving")
    bo.see("Acme said no in the final round.", "Nothing of this was kept, as you chose.", "settings")
    assert bo.screen.buttons == ("Support",)
    await bo.say("rejection list")
    bo.see("Not without saving")
    await bo.press("Keep my entries")
    bo.see("Nothing is written down yet.")


async def test_a_strangers_press_changes_nothing_and_tells_nothing(plain: PlainWorld) -> None:
    ada, eve = plain.person("ada"), plain.person("eve", community="other")
    await settle_in(ada)
    await settle_in(eve)
    await ada.say(LOG)
    drawn = {label: ada.packed(label) for label in ("Undo", "Add a lesson", "4 heavy")}
    await ada.say("rejection show")
    drawn |= {label: ada.packed(label) for label in ("Edit", "Delete")}
    for packed in drawn.values():
        await eve.press_packed(packed)
        eve.see("This is no longer here, so nothing was changed.")
        eve.not_see("Acme")
    await ada.say("rejection show")
    ada.see("Acme")
    ada.not_see("4 heavy")


async def test_the_same_event_twice_is_one_entry_drawn_as_it_is_now(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    await ada.press_packed(ada.packed("3 medium"), event="the same")
    await ada.press_packed(ada.packed("5 very heavy"), event="the same")
    ada.see("Noted: 3 medium.")


async def test_undo_after_a_quarter_of_an_hour_says_that_it_is_too_late(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    await ada.press("Add a lesson")
    await ada.fill(lesson="Ask first")
    plain.move(timedelta(minutes=16))
    await ada.press("Undo")
    ada.see("This is no longer here")
    await ada.say("rejection show")
    ada.see("Ask first")


async def test_a_deleted_entry_is_gone_for_good_after_a_day(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    await ada.press("Undo")
    plain.move(timedelta(hours=23))
    await plain.app.heartbeat.beat()
    await ada.press("Bring it back")
    ada.see("Written down")
    await ada.press("Undo")
    plain.move(timedelta(hours=24))
    await plain.app.heartbeat.beat()
    await ada.press("Bring it back")
    ada.see("This is no longer here")


async def test_a_draft_of_another_entry_is_not_written_here(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    for company in ("Acme", "Beta"):
        await ada.say(f"rejection log company:{company} stage:final")
        await ada.press("Add a lesson")
        await ada.fill(lesson=f"From {company}")
    key, _, draft, version = ada.packed("Undo").split(":")
    first = next(card for card in ada.cards if "Acme" in summary(card) and "Changed" in summary(card))
    assert first.redraw is not None
    await ada.press_packed(":".join([key, first.redraw.split(":")[1], draft, version]))
    await ada.say("rejection show Acme")
    ada.see("Acme", "From Acme")


async def test_ones_own_page_shows_the_last_three_and_this_month(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await ada.look_home()
    ada.see("This is going to be your own page.")
    ada.not_see("Your last entries")
    await settle_in(ada)
    for number in range(1, 5):
        plain.move(timedelta(minutes=1))
        await ada.say(f"rejection log company:Company{number} stage:screening")
    await ada.look_home()
    ada.see("This month", "4 applications that you sent out", "Company4", "Company2")
    ada.not_see("Company1")
    assert "Log a rejection" in ada.screen.buttons
    plain.move(timedelta(days=31))
    await ada.look_home()
    ada.not_see("This month", "going to be")
