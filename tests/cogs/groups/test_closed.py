"""A group whose place takes nothing any more, and is not opened again."""

from datetime import timedelta

import pytest

from tests.chat import Chat, World
from tests.groups import set_up

GONE = "I can no longer write in the place of Design seekers"


@pytest.fixture
async def boss(world: World, ada: Chat) -> Chat:
    """Leads a group whose place is closed, as was found out when its check-in was to be asked there."""
    chat = await set_up(world, 'name:"Design seekers" way_in:open')
    await ada.say('group join group:"Design seekers"')
    await chat.say("lead checkin")
    await chat.press("Looks right")
    world.meeting("boss").close()
    await world.wait_until(world.now() + timedelta(days=4, hours=12))
    return chat


@pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
async def test_an_admin_gives_it_another_place(world: World, boss: Chat) -> None:
    await boss.say('setup group name:"Design seekers"')
    boss.see(GONE)
    world.meeting("boss").open()
    await boss.press("Make another place")
    boss.see("Design seekers is ready", "It meets in")
    await boss.say('setup group name:"Design seekers"')
    boss.not_see(GONE, "Make another place")


async def test_who_leads_it_sees_so_and_who_does_not_cannot_try_it(world: World, boss: Chat, ada: Chat) -> None:
    await boss.say("group who")
    boss.see(GONE)
    await boss.press("Try again")
    boss.see(GONE)
    await ada.say("group who")
    ada.not_see(GONE)
