"""A group's private place: who is let in and out, on every platform, and what is said where something is missing."""

import re
from datetime import timedelta

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import ChannelType, OverwriteType

from bot.cards import say
from bot.platforms.slack.places import channel_name
from bot.sending import Lacking, TryLater
from tests.chat import Chat, World
from tests.groups import be_written_to, set_up
from tests.platforms.discord_world import DiscordChat, DiscordWorld
from tests.platforms.page_world import PageWorld
from tests.platforms.plain_world import PlainWorld
from tests.platforms.slack.state import Refusal
from tests.platforms.slack_world import SlackWorld

ON_DISCORD = pytest.mark.parametrize("surface", ["discord"], indirect=True)
ON_SLACK = pytest.mark.parametrize("surface", ["slack over a socket"], indirect=True)
JOIN = 'group join group:"Design seekers"'


def inside(world: World) -> set[str]:
    """The names of the people in the newest private place, the bot aside."""
    match world:
        case PlainWorld():
            return set(next(reversed(world.sink.places.values())))
        case DiscordWorld():
            threads = [each for each in world.env.backend.channels.values() if each.type == ChannelType.PRIVATE_THREAD]
            names = {user.id: name for name, user in world.users.items()}
            return {names[each] for each in threads[-1].thread_members if each in names}
        case SlackWorld():
            channel = next(reversed(world.slack.channels.all.values()))
            return {each.removeprefix("U").lower() for each in channel.members} - {"bot"}
        case PageWorld():
            return set(next(reversed(world.page.rooms.values())).people or ())
        case _:
            raise AssertionError(f"{world} is new here")


async def set_up_in_channel(world: DiscordWorld) -> tuple[Chat, int]:
    """An admin who leads an open group, Makers, which meets in a private channel; and that channel."""
    await set_up(world)
    guild, _ = world.guild("main")
    channel = guild.create_text_channel("makers-only")
    hides = discord.Permissions(view_channel=True).value
    boss = DiscordChat(world, guild.add_member(world.user("boss"), roles=[guild.roles["admin"]]), channel)
    for member in (world.env.backend.bot_user.id, world.users["boss"].id):
        world.env.backend.set_overwrite(channel.id, Overwrite(member, OverwriteType.MEMBER, hides, 0))
    world.env.backend.set_overwrite(channel.id, Overwrite(guild.id, OverwriteType.ROLE, 0, hides))
    await boss.say("setup group name:Makers meeting:here way_in:open")
    boss.see("Makers is ready")
    return boss, channel.id


def may_see(world: DiscordWorld, channel: int) -> set[int]:
    """The people who were given leave to see a channel."""
    return {each.target_id for each in world.env.backend.get_channel(channel).overwrites}


async def test_the_place_follows_who_comes_and_goes(world: World, ada: Chat) -> None:
    boss = await set_up(world, 'name:"Design seekers" way_in:open')
    assert inside(world) == {"boss"}
    await ada.say(JOIN)
    assert inside(world) == {"ada", "boss"}
    await ada.say("group leave")
    assert inside(world) == {"boss"}
    await ada.press("Undo")
    assert inside(world) == {"ada", "boss"}
    await boss.say("group who")
    boss.see("6 places left.")


async def test_who_is_accepted_is_let_in_and_told(world: World, ada: Chat) -> None:
    boss = await set_up(world)
    for chat in (boss, ada):
        await be_written_to(chat)
    await ada.say(JOIN)
    await world.wait_for(timedelta(0))
    at_home = world.person("boss", admin=True, direct=True)
    await at_home.wait()
    at_home.see("asks to come into Design seekers.")
    await at_home.press("Accept")
    at_home.see("is in Design seekers.")
    assert inside(world) == {"ada", "boss"}
    await world.wait_for(timedelta(0))
    hers = world.person("ada", direct=True)
    await hers.wait()
    hers.see("You are in Design seekers.", "It meets in")
    await at_home.press("Decline", old=True)
    at_home.see("This was decided already")


async def test_who_is_declined_is_told_kindly(world: World, ada: Chat) -> None:
    boss = await set_up(world)
    await be_written_to(ada)
    await ada.say(JOIN)
    await boss.say("group who")
    await boss.press("Decline")
    await world.wait_for(timedelta(0))
    hers = world.person("ada", direct=True)
    await hers.wait()
    hers.see("Design seekers could not take you in this time.")
    assert inside(world) == {"boss"}


@pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
async def test_what_is_missing_is_said_and_tried_again(world: PlainWorld, ada: Chat) -> None:
    boss = world.person("boss", admin=True)
    await boss.say("group find")
    await boss.press("Keep my entries")
    while "Skip" in boss.screen.buttons:
        await boss.press("Skip")
    world.sink.trouble = [Lacking("no", say("Give me a key."))]
    await boss.say('setup group name:"Design seekers" way_in:open')
    boss.see("Design seekers is there, but has no place yet. Give me a key.")
    await boss.say('setup group name:"Design seekers"')
    boss.see("It has no place of its own yet.")
    world.sink.trouble = [TryLater("busy")]
    await boss.press("Make its place")
    boss.see("could not be reached")
    await boss.press("Try again")
    boss.see("Design seekers is ready")
    assert len(world.sink.places) == 1
    world.sink.trouble = [Lacking("no", say("Give me a key."))]
    await ada.say(JOIN)
    ada.see("You are in Design seekers.", "not open to you yet. Give me a key.")
    assert inside(world) == {"boss"}
    await ada.press("Try again")
    ada.see("It meets in")
    assert inside(world) == {"ada", "boss"}


@pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
async def test_what_was_cut_short_is_brought_in_line_by_the_engine(world: PlainWorld, ada: Chat) -> None:
    await set_up(world, 'name:"Design seekers" way_in:open')
    world.sink.trouble = [TryLater("busy")]
    await ada.say(JOIN)
    assert inside(world) == {"boss"}
    await world.wait_for(timedelta(minutes=2))
    assert inside(world) == {"ada", "boss"}
    world.sink.trouble = [TryLater("busy")]
    await ada.say("group leave")
    ada.see("You may still see its place.")
    assert inside(world) == {"ada", "boss"}
    await world.wait_for(timedelta(minutes=2))
    assert inside(world) == {"boss"}


@pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
async def test_a_place_that_stays_closed_is_no_message_that_was_missed(world: PlainWorld, ada: Chat) -> None:
    await set_up(world, 'name:"Design seekers" way_in:open')
    world.sink.trouble = [Lacking("no", say("Give me a key.")) for _ in range(2)]
    await ada.say(JOIN)
    await world.wait_for(timedelta(minutes=2))
    await ada.say("group find")
    ada.see("You are in it.")
    ada.not_see("may not have reached you")


@pytest.mark.parametrize("surface", ["plain"], indirect=True)
async def test_two_groups_never_share_a_place(world: PlainWorld) -> None:
    boss = await set_up(world)
    boss.not_see("public")
    world.sink.places["plain:main:room"] = set()
    await boss.say("setup group name:Makers meeting:here")
    boss.see("Makers is ready")
    await boss.say("setup group name:Bakers meeting:here")
    boss.see("Another group meets here already.")
    await boss.press("Make a new place")
    boss.see("Bakers is ready")


async def test_an_open_channel_is_not_adopted(world: World) -> None:
    if isinstance(world, SlackWorld):
        general = world.slack.channels.add("TMAIN", "general", private=False)
        world.slack.channels.all["CGENERAL"] = general
    boss = await set_up(world)
    await boss.say("setup group name:Makers meeting:here")
    boss.see("Makers is there, but has no place yet.", "is open to everyone. Run it again in a private")


@ON_DISCORD
async def test_on_discord_a_private_channel_is_adopted(world: DiscordWorld, ada: Chat) -> None:
    _, channel = await set_up_in_channel(world)
    await ada.say("group join group:Makers")
    ada.see("You are in Makers.")
    assert {world.users["ada"].id, world.users["boss"].id} <= may_see(world, channel)
    await ada.say("group leave group:Makers")
    assert world.users["ada"].id not in may_see(world, channel)


@ON_DISCORD
async def test_on_discord_a_missing_permission_is_named(world: DiscordWorld) -> None:
    boss = world.person("boss", admin=True)
    await boss.say("group find")
    await boss.press("Keep my entries")
    while "Skip" in boss.screen.buttons:
        await boss.press("Skip")
    _, channel = world.guild("main")
    denied = discord.Permissions(create_private_threads=True).value
    world.env.backend.set_overwrite(channel.id, _bot(world, deny=denied))
    await boss.say('setup group name:"Design seekers"')
    boss.see("has no place yet", "Give me Create Private Threads and Send Messages in Threads there.")
    world.env.backend.set_overwrite(channel.id, _bot(world))
    await boss.press("Try again")
    boss.see("Design seekers is ready")


@ON_DISCORD
async def test_on_discord_a_thread_that_a_crash_left_is_taken_and_no_other(world: DiscordWorld) -> None:
    boss = await set_up(world)
    _, channel = world.guild("main")
    backend = world.env.backend
    left = backend.create_thread(channel.id, "Bakers", backend.bot_user.id, type=ChannelType.PRIVATE_THREAD)
    used = backend.create_thread(channel.id, "Walkers", backend.bot_user.id, type=ChannelType.PRIVATE_THREAD)
    backend.add_thread_member(used.id, world.users["boss"].id)
    for name, is_taken in (("Bakers", True), ("Walkers", False)):
        await boss.say(f"setup group name:{name}")
        boss.see(f"{name} is ready")
        threads = [each for each in backend.channels.values() if each.name == name]
        assert len(threads) == (1 if is_taken else 2)
    assert world.users["boss"].id in left.thread_members


@ON_SLACK
async def test_on_slack_a_private_channel_is_adopted_once_the_bot_is_in_it(world: SlackWorld) -> None:
    boss = await set_up(world)
    mine = world.slack.channels.add("TMAIN", "makers-only", "UBOSS")
    boss.channel = mine.id  # type: ignore[attr-defined] # where a person of Slack's world is
    await boss.say("setup group name:Makers meeting:here")
    boss.see("I am not in this channel. Invite me there with /invite @Steppingstone.")
    mine.members.add("UBOT")
    await boss.press("Try again")
    boss.see("Makers is ready")


@ON_SLACK
async def test_on_slack_what_is_missing_is_named(world: SlackWorld) -> None:
    boss = await set_up(world)
    await boss.say('setup group name:"Design  seekers!"')
    boss.see("There is a channel of that name already. Choose another name for the group.")
    for error, words in (("missing_scope", "install it again"), ("restricted_action", "Ask an owner")):
        world.slack.refuse("conversations.create", Refusal(error))
        await boss.press("Try again")
        boss.see(words)


@ON_SLACK
async def test_on_slack_a_channel_that_a_crash_left_is_taken_and_no_other(world: SlackWorld) -> None:
    boss = await set_up(world)
    for name, purpose, member in (("bakers", "", None), ("walkers", "A peer group of another", None),
                                  ("readers", "", "UEVE")):  # fmt: skip
        world.slack.channels.create("TMAIN", {"name": name, "is_private": True})
        made = next(reversed(world.slack.channels.all.values()))
        made.purpose = purpose
        made.members.update({member} if member else ())
    await boss.say("setup group name:Bakers")
    boss.see("Bakers is ready")
    for name in ("Walkers", "Readers"):
        await boss.say(f"setup group name:{name}")
        boss.see("There is a channel of that name already.")


def test_a_group_s_name_becomes_one_that_slack_takes() -> None:
    assert channel_name("Design seekers!") == "design-seekers"
    assert channel_name("  Été à Köln  ") == "été-à-köln"
    assert channel_name("!!!") == "group"
    for name in ("A" * 40, "a_b", "Über/Unter", "💼 jobs"):
        assert re.fullmatch(r"[\w-]{1,80}", channel_name(name))


def _bot(world: DiscordWorld, *, allow: int = 0, deny: int = 0) -> Overwrite:
    return Overwrite(world.env.backend.bot_user.id, OverwriteType.MEMBER, allow, deny)
