"""Who leaves a group's place, or the community, by the platform's own means: noticed, and neither asked nor named."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from simcord.enums import ChannelType

from bot.cards import say
from bot.sending import Lacking, NotDelivered, TryLater, Unreachable
from tests.chat import Chat, World, settle_in
from tests.cogs.groups.test_places import inside, may_see, set_up_in_channel
from tests.groups import set_up
from tests.platforms.discord_world import DiscordWorld
from tests.platforms.plain_world import PlainWorld
from tests.platforms.slack import events
from tests.platforms.slack_world import SlackWorld

WITH_A_WAY_OUT = pytest.mark.parametrize(
    "surface",
    ["plain", "plain on postgresql", "discord", "slack over a socket", "slack over http"],
    indirect=True,
)
ON_SLACK = pytest.mark.parametrize("surface", ["slack over a socket", "slack over http"], indirect=True)
JOIN = 'group join group:"Design seekers"'
BEGUN = timedelta(days=3, hours=3)
"""From Monday 09:02 UTC to when Friday has begun somewhere."""
FRIDAY = (timedelta(hours=25, minutes=55), timedelta(hours=1), timedelta(minutes=8))
"""From then on past the review at 15:00: a little before that hour in Berlin and by UTC, and after it."""


@pytest.fixture
async def boss(world: World, ada: Chat) -> Chat:
    """Leads an open group that Ada is in, and that is asked each Friday at 15:00."""
    leader = await set_up(world, 'name:"Design seekers" way_in:open')
    await ada.say(JOIN)
    await leader.say("lead checkin")
    await leader.press("Looks right")
    await world.wait_for(timedelta(minutes=2))  # that she is in the place is looked at once more
    return leader


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO):
        yield caplog


@WITH_A_WAY_OUT
async def test_who_is_still_there_is_asked_and_named(world: World, ada: Chat, boss: Chat) -> None:
    await until_friday(world)
    assert named(world) == {"ada", "boss"}
    await boss.say("group who")
    boss.see("6 places left.")
    boss.not_see("left on")
    await ada.say("group find")
    ada.see("You are in it.")


@WITH_A_WAY_OUT
async def test_who_left_the_place_is_neither_asked_nor_named_and_may_come_back(
    world: World, ada: Chat, boss: Chat, logged: pytest.LogCaptureFixture
) -> None:
    await leave_place(world, "ada")
    await until_friday(world)
    assert named(world) == {"boss"}
    await boss.say("group who")
    boss.see("7 places left.", "left on", "no longer asked")
    await ada.say("group find")
    ada.not_see("You are in it.")
    await ada.say(JOIN)
    assert inside(world) == {"ada", "boss"}
    await boss.say("group who")
    boss.see("6 places left.")
    boss.not_see("left on")
    said = "\n".join(str(record.__dict__) for record in logged.records if record.name.startswith(("bot", "cogs", "db")))
    assert "left a group on the platform" in said
    assert not [each for each in ("'ada'", "Ada", account(world, "ada")) if each in said]


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("leaves", [False, True])
@pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
async def test_what_was_planned_for_direct_messages_is_not_asked_there_either(
    world: PlainWorld, ada: Chat, *, leaves: bool
) -> None:
    await ada.say("settings")
    await ada.press("Write to me there")
    await world.wait_for(BEGUN)  # from here on it is planned
    hers = world.person("ada", direct=True)
    await hers.wait()
    if leaves:
        await leave_place(world, "ada")
    for step in FRIDAY:
        await world.wait_for(step)
    await hers.wait()
    assert ("Look back at the week" in hers.screen.text) is not leaves


@WITH_A_WAY_OUT
async def test_who_left_the_community_is_out_of_all_its_groups(world: World, ada: Chat, boss: Chat) -> None:
    await boss.say("setup group name:Bakers way_in:open")
    await ada.say("group join group:Bakers")
    await leave_community(world, "ada")
    await until_friday(world)
    for name in ("Bakers", "Design seekers"):
        await boss.say(f'group who group:"{name}"')
        boss.see("7 places left.", "left on")


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
async def test_who_was_never_let_in_has_not_left(world: PlainWorld) -> None:
    cleo = world.person("cleo")
    await settle_in(cleo)
    world.sink.trouble = [Lacking("no", say("Give me a key.")) for _ in range(2)]
    await cleo.say(JOIN)
    cleo.see("not open to you yet. Give me a key.")
    await until_friday(world)
    assert inside(world) == {"ada", "boss"}
    assert named(world) == {"ada", "boss", "cleo"}


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
@pytest.mark.parametrize("trouble", [Unreachable("gone"), Lacking("no", say("Give me a key."))])
async def test_a_place_that_cannot_be_seen_says_nothing_of_its_people(world: PlainWorld, trouble: NotDelivered) -> None:
    await world.wait_for(BEGUN)
    next(reversed(world.sink.places.values())).clear()
    world.sink.trouble = [trouble]
    for step in FRIDAY:
        await world.wait_for(step)
    assert named(world) == {"ada", "boss"}


@pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
async def test_a_platform_that_is_down_is_asked_again(world: PlainWorld, ada: Chat, boss: Chat) -> None:
    await leave_place(world, "ada")
    await world.wait_for(BEGUN)
    world.sink.trouble = [TryLater("busy")]
    for step in (*FRIDAY[:2], timedelta(minutes=1), FRIDAY[2]):
        await world.wait_for(step)
    assert named(world) == {"boss"}
    await boss.say("group who")
    boss.see("7 places left.")
    await ada.say("group find")
    ada.not_see("You are in it.")


@pytest.mark.parametrize("surface", ["discord"], indirect=True)
async def test_who_left_the_server_does_not_see_its_channel_again(world: DiscordWorld, ada: Chat) -> None:
    leader, channel = await set_up_in_channel(world)
    await ada.say("group join group:Makers")
    await leader.say("lead checkin group:Makers")
    await leader.press("Looks right")
    await until_friday(world)
    await leader.say("group who group:Makers")
    leader.see("6 places left.")
    assert world.users["ada"].id in may_see(world, channel)
    await leave_community(world, "ada")
    for step in (timedelta(days=2), timedelta(days=1), timedelta(hours=18)):  # past Monday's plan
        await world.wait_for(step)
    await leader.say("group who group:Makers")
    leader.see("7 places left.", "left on")
    assert world.users["ada"].id not in may_see(world, channel)


@ON_SLACK
async def test_slack_is_heard_at_once_and_asked_again(world: SlackWorld, ada: Chat, boss: Chat) -> None:
    await leave_place(world, "ada")
    await world.wait_for(timedelta(0))
    await boss.say("group who")
    boss.see("7 places left.", "left on")
    await ada.say(JOIN)
    # The same word again, or one that comes late: she is there.
    channel = next(reversed(world.slack.channels.all.values()))
    await world.running_bot.deliver("events_api", events.left_channel("UADA", team="TMAIN", channel=channel.id))
    await world.wait_for(timedelta(0))
    await boss.say("group who")
    boss.see("6 places left.")


@ON_SLACK
async def test_a_changed_profile_is_nobody_s_leaving(world: SlackWorld, ada: Chat, boss: Chat) -> None:
    await world.running_bot.deliver("events_api", events.profile_changed("UADA", team="TMAIN", deleted=False))
    await world.running_bot.deliver("events_api", events.profile_changed("USTRANGER", team="TMAIN", deleted=True))
    await world.running_bot.deliver("events_api", events.left_channel("UADA", team="TMAIN", channel="GELSEWHERE"))
    await world.wait_for(timedelta(0))
    await ada.say("group find")
    ada.see("You are in it.")
    await boss.say("group who")
    boss.see("6 places left.")


@ON_SLACK
async def test_an_ended_account_has_no_part_in_anything(world: SlackWorld, ada: Chat, boss: Chat) -> None:
    await leave_community(world, "ada")
    await world.wait_for(timedelta(0))
    await boss.say("group who")
    boss.see("7 places left.", "left on")
    # They come back, and begin as anybody does.
    world.slack.profiles["UADA"]["deleted"] = False
    await ada.say(JOIN)
    ada.see("You are in Design seekers.")


async def until_friday(world: World) -> None:
    for step in (timedelta(0), BEGUN, *FRIDAY):
        await world.wait_for(step)


async def leave_place(world: World, name: str) -> None:
    """Leaves the newest place, as people do; the platform tells the bot what it really would."""
    match world:
        case PlainWorld():
            next(reversed(world.sink.places.values())).discard(name)
        case DiscordWorld():
            backend = world.env.backend
            backend.remove_thread_member(_threads(world)[-1], world.users[name].id)
        case SlackWorld():
            channel = next(reversed(world.slack.channels.all.values()))
            channel.members.discard(f"U{name.upper()}")
            left = events.left_channel(f"U{name.upper()}", team="TMAIN", channel=channel.id)
            assert (await world.running_bot.deliver("events_api", left))[0] == 200
        case _:
            raise AssertionError(f"{world} is new here")


async def leave_community(world: World, name: str) -> None:
    """Leaves the server, or has their account ended."""
    match world:
        case PlainWorld():
            world.sink.gone.add(("main", name))
            for people in world.sink.places.values():
                people.discard(name)
        case DiscordWorld():
            world.env.backend.remove_member(world.guild("main")[0].id, world.users[name].id)
        case SlackWorld():
            user = f"U{name.upper()}"
            world.slack.profiles[user]["deleted"] = True
            ended = events.profile_changed(user, team="TMAIN", deleted=True)
            assert (await world.running_bot.deliver("events_api", ended))[0] == 200
        case _:
            raise AssertionError(f"{world} is new here")


def account(world: World, name: str) -> str:
    """The person's id on the platform."""
    return str(world.users[name].id) if isinstance(world, DiscordWorld) else f"U{name.upper()}"


def named(world: World) -> set[str]:
    """Who is named in the newest place of a group by any message there."""
    match world:
        case PlainWorld():
            place = next(reversed(world.sink.places))
            return {each.user for card in world.sink.at(place).values() for each in card.notify}
        case DiscordWorld():
            said = json.dumps([each.components for each in world.env.backend.messages[_threads(world)[-1]].values()])
            return {name for name, user in world.users.items() if f"<@{user.id}>" in said}
        case SlackWorld():
            place = next(reversed(world.slack.channels.all))
            said = json.dumps([each.drawn for each in world.slack.messages.values() if each.channel == place])
            return {user.removeprefix("U").lower() for user in world.slack.profiles if f'"{user}"' in said}
        case _:
            raise AssertionError(f"{world} is new here")


def _threads(world: DiscordWorld) -> list[int]:
    channels = world.env.backend.channels.values()
    return [each.id for each in channels if each.type == ChannelType.PRIVATE_THREAD]
