"""A whole conversation on the simulated Discord, with the machine's sample feature."""

from collections.abc import AsyncIterator

import pytest

from tests.bot import sample
from tests.chat import settle_in
from tests.platforms.discord_world import DiscordWorld, discord_world

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[DiscordWorld]:
    async with discord_world(database_url, features=[sample.make()]) as opened:
        yield opened


async def test_a_command_a_form_a_button_and_a_choice(world: DiscordWorld) -> None:
    ada = world.person("ada")
    await ada.say("wish set tea size:large")
    ada.see("May I keep things?")
    assert ada.screen.private
    await ada.press("Yes")
    ada.see("You wish: tea (A large one, 1)")
    await ada.press("More")
    ada.see("1)+")
    await ada.press("Change")
    assert ada.screen.form == {"wish": "tea (A large one, 1)+"}
    await ada.fill(wish="a walk")
    ada.see("You wish: a walk")
    assert len(ada.messages) == 1, "all of it happened in place"
    await ada.choose("Size", "Small")
    ada.see("Chosen: A small one")


async def test_a_wrong_field_is_fixed_in_the_form_as_it_was_left(world: DiscordWorld) -> None:
    ada = world.person("ada", direct=True)
    await ada.say("wish set tea")
    await ada.press("Yes")
    await ada.say("wish set")
    assert ada.screen.form == {"wish": "", "size": "", "times": ""}
    await ada.fill(wish="a walk", size="A small one", times="often")
    ada.see("How often?", "Type a whole number")
    await ada.press("Fix it")
    assert ada.screen.form == {"wish": "a walk", "size": "small", "times": "often"}
    ada.see("Type a whole number")
    await ada.fill(times="3")
    ada.see("You wish: a walk (A small one, 3)")


async def test_a_form_that_was_open_over_a_restart_can_be_sent(world: DiscordWorld) -> None:
    ada = world.person("ada")
    await ada.say("wish set tea")
    await ada.press("Yes")
    await ada.press("Change")
    await world.restart()
    await ada.fill(wish="quiet")
    ada.see("You wish: quiet")
    await ada.press("More")
    ada.see("You wish: quiet+")


async def test_two_people_with_the_same_form_each_send_their_own(world: DiscordWorld) -> None:
    ada, ben = world.person("ada"), world.person("ben")
    for each in (ada, ben):
        await each.say("wish set tea")
        await each.press("Yes")
        await each.say("wish set")
    await ada.fill(wish="a walk")
    await ben.fill(wish="a nap")
    ada.see("You wish: a walk")
    ben.see("You wish: a nap")
    ada.not_see("nap")


async def test_a_press_on_an_old_drawing_changes_nothing(world: DiscordWorld) -> None:
    ada = world.person("ada")
    await ada.say("wish set tea")
    await ada.press("Yes")
    await ada.say("wish show")
    await ada.press("More")
    await ada.press("More", old=True)
    ada.see("You wish: tea (A small one, 1)+")
    ada.not_see("++")


async def test_an_old_button_of_another_bot_gets_one_neutral_answer(world: DiscordWorld) -> None:
    ada = world.person("ada")
    await ada.say("calm")
    await ada.send_press("somebody.elses:1")
    ada.see("no longer here", "nothing was changed")


async def test_suggestions_are_ones_own(world: DiscordWorld) -> None:
    ada = world.person("ada")
    await ada.say("wish set tea")
    await ada.press("Yes")
    assert await ada.suggestions("wish set wish:tea") == ["Ada wants tea"]


async def test_moderators_have_their_role_checked_here_too(world: DiscordWorld) -> None:
    await world.person("ada", admin=True).say("wish lead")
    world.person("ada").see("May I keep things?")
    ben = world.person("ben")
    await ben.say("wish lead")
    ben.see("This is for moderators.")


@pytest.fixture
async def whole(database_url: str) -> AsyncIterator[DiscordWorld]:
    """A bot with all its features."""
    async with discord_world(database_url) as opened:
        yield opened


ATTACK = (
    "@everyone <@1> [x](https://evil.example) **b**\n# big\n||s|| ```c``` \0\u202eright e" + "\u0301" * 4000 + " end"
)


async def test_text_that_attacks_is_shown_and_pings_nobody(whole: DiscordWorld) -> None:
    ada = whole.person("ada")
    await settle_in(ada)
    await ada.say("rejection log")
    await ada.fill(company="@here **Acme**", stage="final", note=ATTACK[:1000])
    ada.see("@here **Acme**")
    await ada.say("rejection show")
    ada.see("@everyone <@1> [x](https://evil.example) **b**", "# big", "right")
    ada.not_see("\u202e", "\0", "\u0301" * 5)


async def test_several_feelings_are_suggested_one_after_the_other(whole: DiscordWorld) -> None:
    ada = whole.person("ada")
    assert await ada.suggestions('rejection log feelings:"sad, dis"') == ["sad, Disappointed"]


async def test_a_command_with_suggestions_that_fail_offers_none(whole: DiscordWorld) -> None:
    assert await whole.person("ada").suggestions("rejection show which:x") == []
