"""The support card, as a conversation."""

from datetime import timedelta

import pytest

from db.keyring import Keyring
from tests.chat import Chat, World
from tests.platforms.plain_world import PlainWorld, plain_world


async def test_the_card_has_several_kinds_of_step_and_asks_nothing(world: World) -> None:
    bo = world.person("bo")
    await bo.say("support")
    bo.see("Thank you for reaching out. I am a bot", "findahelpline.com", "Steady yourself", "Tell one person")
    bo.see("local emergency number", "Nobody was told", "nothing about this card is kept")
    bo.not_see("!", "988")
    assert bo.screen.private
    assert "Support" not in bo.screen.buttons


@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        ("United States", ["988", "911"]),
        ("United Kingdom", ["116 123", "999"]),
        ("Australia", ["13 11 14", "0477 13 11 14", "000"]),
    ],
)
async def test_a_country_is_chosen_on_the_card_itself(world: World, country: str, numbers: list[str]) -> None:
    bo = world.person("bo")
    await bo.say("support")
    await bo.choose("Your country", country)
    bo.see(*numbers)
    await bo.choose("Your country", "Somewhere else")
    bo.not_see(*numbers[:1])
    bo.see("findahelpline.com")


async def test_the_button_is_on_every_private_answer_and_adds_its_own_message(ada: Chat) -> None:
    for line in ("settings", "rejection list", "mydata show", "help"):
        await ada.say(line)
        assert "Support" in ada.screen.buttons
    await ada.press("Support")
    ada.see("Thank you for reaching out.")


async def test_the_country_of_the_settings_comes_first(ada: Chat) -> None:
    await ada.say("settings")
    await ada.press("Change country")
    await ada.choose("Your country", "Ireland")
    await ada.say("support")
    ada.see("116 123")


async def test_old_numbers_are_not_shown(world: World) -> None:
    world.move(timedelta(days=200))
    bo = world.person("bo")
    await bo.say("support")
    await bo.choose("Your country", "United States")
    bo.not_see("988")
    bo.see("findahelpline.com")


async def test_it_answers_while_the_database_is_down(keyring: Keyring) -> None:
    async with plain_world("postgresql://nobody@127.0.0.1:9/none", keyring=keyring) as world:
        bo = world.person("bo")
        await bo.say("support")
        await bo.choose("Your country", "Canada")
        bo.see("988")


async def test_it_keeps_nothing(plain: PlainWorld) -> None:
    bo = plain.person("bo")
    await bo.say("support")
    await bo.choose("Your country", "Canada")
    await bo.say("mydata show")
    bo.see("Nothing is kept about you here.")
