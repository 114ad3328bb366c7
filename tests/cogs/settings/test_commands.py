"""Settings, as a conversation: each one shown, changed, and undone in place."""

from datetime import timedelta

import pytest

from tests.chat import Chat, World, settle_in
from tests.platforms.plain_world import PlainWorld


async def test_the_card_shows_every_setting(ada: Chat) -> None:
    await ada.say("settings")
    ada.see("Your time", "Quiet hours", "from 21:00 to 08:00", "Country", "I keep your entries.", "write to you first")
    assert ada.screen.private
    assert len(set(ada.screen.buttons)) == len(ada.screen.buttons), "each button says what it changes"


@pytest.mark.parametrize(
    ("button", "placeholder", "label", "shown"),
    [
        ("Change time", "Asia and Pacific", "Mon 18:00 · Tokyo", "Mon 18:00 · Tokyo"),
        ("Change hours", "From", "23:00", "from 23:00 to 08:00"),
        ("Change hours", "Until", "10:00", "from 21:00 to 10:00"),
        ("Change hours", "From", "08:00", "None."),
        ("Change country", "Your country", "Ireland", "Ireland."),
    ],
)
async def test_a_choice_changes_one_setting_and_undo_brings_it_back(
    ada: Chat, button: str, placeholder: str, label: str, shown: str
) -> None:
    await ada.say("settings")
    before = ada.screen.text
    await ada.press(button)
    await ada.choose(placeholder, label)
    ada.see("Changed.", shown)
    await ada.press("Undo")
    ada.see("It is as it was before.", before.partition("\n")[2])
    assert "Undo" not in ada.screen.buttons


async def test_writing_first_is_stopped_and_allowed_again(ada: Chat) -> None:
    await ada.say("settings")
    await ada.press("Stop writing first")
    ada.see("I answer, and never begin.")
    await ada.press("Undo")
    ada.see("I may write to you first.")


async def test_without_saving_deletes_nothing_and_says_how_to(ada: Chat) -> None:
    await ada.say("rejection log company:Acme stage:final")
    await ada.say("settings")
    await ada.press("Change what is kept")
    await ada.press("Use without saving")
    ada.see("From now on I keep nothing new.", "mydata delete")
    await ada.say("rejection log company:Beta stage:final")
    ada.see("Nothing of this was kept")
    await ada.say("settings")
    await ada.press("Change what is kept")
    await ada.press("Keep my entries")
    ada.see("From now on I keep your entries.")
    await ada.say("rejection list")
    ada.see("One entry.", "Acme")


async def test_what_one_looks_for_is_changed_cleared_and_undone(ada: Chat) -> None:
    await ada.say("settings")
    await ada.press("Change what you look for")
    await ada.fill(words="A job in retail")
    ada.see("Changed.", "A job in retail")
    await ada.press("Change what you look for")
    assert ada.screen.form == {"words": "A job in retail"}
    await ada.fill(words="")
    ada.see("Not said.")
    await ada.press("Undo")
    ada.see("A job in retail")


async def test_back_changes_nothing(ada: Chat) -> None:
    await ada.say("settings")
    before = ada.screen.text
    await ada.press("Change hours")
    await ada.press("Back")
    assert ada.screen.text == before


async def test_an_old_drawing_changes_nothing(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say("settings")
    stop = ada.packed("Stop writing first")
    await ada.press_packed(stop)
    undo = ada.packed("Undo")
    await ada.press_packed(undo)
    for old in (stop, undo):
        await ada.press_packed(old)
        ada.see("I may write to you first.")


async def test_a_value_that_no_card_offers_is_not_taken(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say("settings")
    version = ada.packed("Stop writing first").split(":")[2]
    forged = (
        ("zone", "Nowhere/Land"),
        ("quiet_from", "24"),
        ("country", "XX"),
        ("consent", "all"),
        ("writes_first", "-"),
    )
    for setting, value in forged:
        await ada.press_packed(f"settings.change:{setting}:{version}:{value}")
        ada.see("This is no longer here, so nothing was changed.")


async def test_a_members_clock_is_right_across_the_change_of_the_hour(ada: Chat, world: World) -> None:
    await ada.say("settings")
    await ada.press("Change time")
    await ada.choose("Europe and Africa", "Mon 10:00 · Berlin")
    world.move(timedelta(days=182))
    await ada.say("settings")
    ada.see("Mon 11:00 · Berlin")
