"""Groups as a conversation: set up, found, joined, left."""

import pytest

from tests.chat import Chat, World, settle_in
from tests.groups import set_up
from tests.platforms.plain_world import PlainWorld


async def test_an_open_group_is_found_joined_left_and_joined_again(world: World, ada: Chat) -> None:
    await ada.say("group find")
    ada.see("There are no groups here yet")
    await set_up(world, 'name:"Design seekers" way_in:open')
    await ada.say("group find")
    ada.see("Design seekers.", "Open to all.", "7 places left.")
    ada.not_see("boss", "It meets in")
    await ada.press("Join")
    ada.see("You are in Design seekers.", "It meets in")
    await ada.say("group find")
    ada.see("You are in it.", "It meets in")
    await ada.press("Leave")
    ada.see("You have left Design seekers.")
    await ada.press("Undo")
    ada.see("You are in Design seekers.")
    await ada.press("Undo")
    ada.see("You have left Design seekers.")
    await ada.say('group join group:"design  SEEKERS"')
    ada.see("You are in Design seekers.")
    await ada.say("group leave")
    ada.see("You have left Design seekers.")


async def test_a_request_waits_and_is_accepted(world: World, ada: Chat) -> None:
    boss = await set_up(world)
    await ada.say("group find")
    ada.see("By request.")
    await ada.press("Ask to join")
    ada.see("You have asked to come into Design seekers.")
    await ada.say('group join group:"Design seekers"')
    ada.see("Your request to come into Design seekers waits.")
    await boss.say("group who")
    boss.see("leads it", "asked")
    await boss.press("Accept")
    boss.see("is in Design seekers.")
    await ada.say("group find")
    ada.see("You are in it.")
    await boss.say("group who")
    boss.see("6 places left.")
    boss.not_see("asked")


async def test_a_request_is_declined_or_taken_back(world: World, ada: Chat) -> None:
    boss = await set_up(world)
    await ada.say('group join group:"Design seekers"')
    await ada.press("Take it back")
    ada.see("You no longer ask")
    await ada.say('group join group:"Design seekers"')
    ada.see("You have asked")
    await boss.say("group who")
    await boss.press("Decline")
    boss.see("Declined.")
    await ada.say('group join group:"Design seekers"')
    ada.see("could not take you in of late")


async def test_a_full_group_lets_people_wait(world: World, ada: Chat) -> None:
    boss = await set_up(world, 'name:"Design seekers" way_in:open')
    await boss.press("Show the group")
    await boss.press("Change")
    await boss.fill(size="2")
    bo = world.person("bo")
    await settle_in(bo)
    await bo.say('group join group:"Design seekers"')
    bo.see("You are in Design seekers.")
    await ada.say("group find")
    ada.see("Full at the moment.")
    await ada.press("Ask to join")
    ada.see("You have asked to come into Design seekers.")
    await boss.say("group who")
    await boss.press("Accept")
    boss.see("The group is full, so they go on waiting.")


async def test_who_leads_alone_hands_over_before_they_leave(world: World, ada: Chat) -> None:
    boss = await set_up(world, 'name:"Design seekers" way_in:open')
    await ada.say('group join group:"Design seekers"')
    await boss.say("group leave")
    boss.see("You are the only one who leads Design seekers.")
    await boss.press("Hand over")
    await boss.fill(member="ada")
    boss.see("leads Design seekers from now on")
    await boss.press("Leave the group")
    boss.see("You have left")
    await ada.say("group who")
    ada.see("leads it", "7 places left.")


async def test_a_group_is_shown_changed_and_dissolved(world: World, ada: Chat) -> None:
    boss = await set_up(world)
    await boss.say('setup group name:"design seekers"')
    boss.see("By request.", "leads it")
    await boss.press("Change")
    assert boss.screen.form is not None
    assert boss.screen.form["name"] == "Design seekers"
    await boss.fill(name="Makers", way_in="open", size="2", zone="Tokyo")
    boss.see("Makers", "Open to all.", "One place left.", "Tokyo")
    await ada.say('group join group:"Design seekers"')
    ada.see("There is no group called Design seekers here.")
    await ada.say("group join group:makers")
    ada.see("You are in Makers.")
    await boss.say("setup group name:makers")
    await boss.press("Dissolve")
    boss.see("This cannot be undone.")
    await boss.press("Keep it")
    boss.see("Full at the moment.")
    await boss.press("Dissolve")
    await boss.press("Dissolve it")
    boss.see("Makers is dissolved.")
    await ada.say("group find")
    ada.see("There are no groups here yet")


async def test_a_form_asks_for_the_name_and_says_what_is_wrong(world: World) -> None:
    boss = world.person("boss", admin=True)
    await settle_in(boss)
    await boss.say("setup group")
    await boss.fill(name="Makers", zone="Atlantis")
    boss.see("Name a large city")
    await boss.fix(zone="Lisbon")
    boss.see("Makers is ready")
    await boss.press("Show the group")
    boss.see("Lisbon")


@pytest.mark.parametrize("surface", ["plain", "slack over a socket", "page"], indirect=True)  # Discord hides it
async def test_only_admins_set_groups_up(world: World, ada: Chat) -> None:
    await ada.say("setup group name:Makers")
    ada.see("This is for admins.")


async def test_a_facilitator_is_appointed_and_their_lead_ended(world: World, ada: Chat) -> None:
    boss = await set_up(world)
    await ada.say("group find")
    await boss.say(f"setup group name:Makers facilitator:{typed(world, 'ada')}")
    boss.see("Makers is ready")
    await ada.say("group who")
    ada.see("Makers", "leads it")
    ada.not_see("Appoint a facilitator")
    await boss.say('group who group:"Design seekers"')
    await boss.press("Appoint a facilitator")
    await boss.fill(member="ada")
    boss.see("is in Design seekers.")
    await boss.say('group who group:"Design seekers"')
    await boss.press("End a lead")
    await boss.fill(member="ada")
    boss.see("like the others now")
    await boss.press("Who is in")
    boss.see("6 places left.")
    await boss.press("End a lead")
    await boss.fill(member="boss")
    boss.see("Nobody decides this about themselves")


async def test_somebody_unknown_cannot_lead(world: World) -> None:
    boss = await set_up(world)
    world.person("eve")
    await boss.say(f"setup group name:Makers facilitator:{typed(world, 'eve')}")
    boss.see("They have not used me here yet")


@pytest.mark.parametrize("surface", ["plain", "discord", "page"], indirect=True)
async def test_groups_of_this_community_are_suggested(world: World, ada: Chat) -> None:
    await set_up(world)
    far = world.person("far", admin=True, community="elsewhere")
    await settle_in(far)
    await far.say('setup group name:"Design far away"')
    assert await ada.suggestions('group join group:"des') == ["Design seekers"]
    assert await ada.suggestions("group leave group:") == []


async def test_one_s_own_page_shows_one_s_groups_and_what_waits_there(plain: PlainWorld) -> None:
    boss, ada = plain.person("boss", admin=True), plain.person("ada")
    for chat in (boss, ada):
        await settle_in(chat)
    await boss.say("setup group name:Makers way_in:open")
    await boss.say("setup group name:Bakers")
    await ada.say("group join group:Makers")
    await ada.say("group join group:Bakers")
    await ada.look_home()
    ada.see("Makers.", "It meets in")
    ada.not_see("Bakers", "Nobody leads")
    await boss.look_home()
    boss.see("Makers. It meets in a channel. You lead it.", "Bakers. It meets in a channel. One person asks to join.")
    await boss.say("group leave group:Bakers")
    await boss.look_home()
    boss.see("Nobody leads Bakers.")
    await boss.say("group find")
    boss.see("Nobody leads Bakers.")
    await ada.say("group find")
    ada.not_see("Nobody leads")


async def test_groups_stand_five_on_a_page(plain: PlainWorld) -> None:
    boss = plain.person("boss", admin=True)
    await settle_in(boss)
    for number in range(1, 7):
        await boss.say(f"setup group name:Group{number}")
    await boss.say("group find")
    boss.see("Group1", "Group5", "Page 1 of 2.")
    boss.not_see("Group6")
    await boss.press("More")
    boss.see("Group6", "Page 2 of 2.")
    await boss.press("Back")
    boss.see("Group1")
    await boss.say("group leave")
    boss.see("You are in more than one group.")
    await boss.say("group who")
    boss.see("You lead more than one group.")
    await boss.press("Group2")
    boss.see("7 places left.")


def typed(world: World, name: str) -> str:
    """How people name somebody in a line."""
    return f"@{name}" if world.platform == "slack" else name
