"""Who deletes everything leaves the places of their groups too, and is told where that cannot be done for them."""

from datetime import timedelta

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import func, select

from bot.cards import say
from bot.sending import Lacking, NotDelivered, TryLater, Unreachable
from db.removals import Removal
from tests.chat import Chat, World
from tests.cogs.groups.test_places import inside
from tests.groups import set_up
from tests.platforms.discord_world import DiscordWorld
from tests.platforms.plain_world import PlainWorld

ON_BOTH = pytest.mark.parametrize("surface", ["plain", "plain on postgresql"], indirect=True)
JOIN = 'group join group:"Design seekers"'


@pytest.fixture(autouse=True)
async def boss(world: World, ada: Chat) -> Chat:
    """Leads an open group that Ada is in."""
    leader = await set_up(world, 'name:"Design seekers" way_in:open')
    await ada.say(JOIN)
    await world.wait_for(timedelta(minutes=2))
    return leader


async def test_who_deletes_everything_is_out_of_the_place(world: World, ada: Chat) -> None:
    assert inside(world) == {"ada", "boss"}
    await ada.say("mydata delete")
    ada.see("you leave the places of your groups")
    await erase(ada)
    ada.see("All that I kept about you is deleted.", "You are out of the places of your groups.")
    assert inside(world) == {"boss"}


@ON_BOTH
@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Lacking("no", say("Give me a key.")), "Give me a key."),
        (Unreachable("gone"), "It is closed to me. Leave it yourself, where you still see it."),
    ],
)
async def test_what_cannot_be_done_is_said_and_then_nothing_is_kept_for_it(
    world: PlainWorld, ada: Chat, trouble: NotDelivered, words: str
) -> None:
    await ada.say("mydata delete")
    world.sink.trouble = [trouble]
    await erase(ada)
    ada.see("I could not take you out of", words)
    ada.not_see("You are out of")
    assert await kept(world) == 0


@ON_BOTH
async def test_it_is_tried_again_and_the_account_s_id_is_sealed_until_then(world: PlainWorld, ada: Chat) -> None:
    await ada.say("mydata delete")
    world.sink.trouble = [TryLater("busy")]
    await erase(ada)
    ada.see("I could not take you out of", "yet. I go on trying for a day.")
    assert inside(world) == {"ada", "boss"}
    async with world.app.database.reading() as db:
        [removal] = (await db.scalars(select(Removal))).all()
        assert removal.user == "ada"
        assert b"ada" not in bytes(removal.sealed_user)
    await world.wait_for(timedelta(minutes=2))
    assert inside(world) == {"boss"}
    assert await kept(world) == 0


@ON_BOTH
async def test_after_a_day_it_is_given_up_and_forgotten(world: PlainWorld, ada: Chat) -> None:
    await ada.say("mydata delete")
    world.sink.trouble = [TryLater("busy")]
    await erase(ada)
    for hours, left in ((23, 1), (1, 0)):
        world.move(timedelta(hours=hours))
        await world.app.heartbeat.beat()
        assert await kept(world) == left
    await world.catch_up()
    assert inside(world) == {"ada", "boss"}


@ON_BOTH
async def test_who_left_a_group_but_not_its_place_yet_is_taken_out_as_well(world: PlainWorld, ada: Chat) -> None:
    world.sink.trouble = [TryLater("busy")]
    await ada.say("group leave")
    ada.see("You may still see its place.")
    await ada.say("mydata delete")
    await erase(ada)
    ada.see("You are out of the places of your groups.")
    assert inside(world) == {"boss"}


@ON_BOTH
async def test_who_is_in_no_group_is_told_nothing_of_places(world: PlainWorld, ada: Chat) -> None:
    await ada.say("group leave")
    await world.wait_for(timedelta(days=2))
    await ada.say("mydata delete")
    await erase(ada)
    ada.see("All that I kept about you is deleted.")
    ada.not_see("places of your groups")


@pytest.mark.parametrize("surface", ["discord"], indirect=True)
async def test_on_discord_what_the_bot_may_not_do_is_named(world: DiscordWorld, ada: Chat) -> None:
    bot, (_, channel) = world.env.backend.bot_user.id, world.guild("main")
    denied = discord.Permissions(manage_threads=True).value
    world.env.backend.set_overwrite(channel.id, Overwrite(bot, OverwriteType.MEMBER, 0, denied))
    await ada.say("mydata delete")
    await erase(ada)
    ada.see("I could not take you out of", "I may not remove people from the group’s place.")
    assert inside(world) == {"ada", "boss"}


async def erase(chat: Chat) -> None:
    await chat.press("Delete everything")
    await chat.fill(word="DELETE")


async def kept(world: PlainWorld) -> int:
    async with world.app.database.reading() as db:
        return await db.scalar(select(func.count()).select_from(Removal)) or 0
