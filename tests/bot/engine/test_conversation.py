"""What people see of the engine, on every surface: posts that come, change, and wait for those they did not reach."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.acts import Needs
from bot.call import Call, Run
from bot.cards import Actions, Card, Text, say
from bot.feature import Feature
from bot.loader import discover
from db.keyring import Keyring
from db.members import Person, get_person
from db.posts import Post
from tests.chat import Chat, World
from tests.worlds import open_world

HOUR = timedelta(hours=1)


def make_bell() -> Feature:
    """A bell that rings later, in the room it was asked for in, and for those who chose it in direct messages."""
    bell = Feature("bell", "Ring later.")

    @bell.command("bell ring")
    async def ring(call: Call) -> Card:
        """Ring here in an hour."""
        await call.post(call.place.destination, here.call(call.member.id), at=call.now + HOUR, key=f"{call.member.id}")
        return Card((Text(say("It rings in an hour.")),))

    @bell.command("bell tell")
    async def tell(call: Call) -> Card:
        """Ring for me in an hour."""
        told = await call.tell(call.member.id, alone.call(call.member.id), at=call.now + HOUR)
        return Card((Text(say("It rings for you in an hour.") if told else say("I do not know where.")),))

    @bell.action(needs=Needs(reads=False))
    async def hear(call: Call, person_id: UUID) -> Card:
        person = await get_person(call.db, person_id)
        person.looking_for = "quiet"
        await call.db.flush()
        for post in await call.db.scalars(select(Post.id)):
            await call.redraw(post)
        return Card((Text(say("You heard it.")),))

    @bell.job()
    async def here(run: Run, person_id: UUID) -> Card | None:
        async with run.reading() as db:
            person = await db.get(Person, person_id)
            if person is None:
                return None
            heard = say("It was heard.") if person.looking_for else say("The bell rings.")
        return Card((Text(heard), Actions((hear.button("I hear it", person_id=person_id),))), private=False)

    @bell.job()
    async def alone(run: Run, person_id: UUID) -> Card | None:
        return Card((Text(say("The bell rings for you.")),))

    return bell


@pytest.fixture(params=["plain", "discord", "slack over a socket", "slack over http", "page"])
def surface(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
async def world(surface: str, sqlite_url: str, keyring: Keyring) -> AsyncIterator[World]:
    async with open_world(surface, sqlite_url, keyring, features=(*discover(), make_bell())) as running:
        yield running


async def test_a_post_comes_at_its_hour_and_stays_as_a_button(world: World, ada: Chat) -> None:
    await ada.say("bell ring")
    await world.catch_up()
    await ada.wait()
    ada.not_see("The bell rings.")
    await world.wait_for(HOUR)
    await ada.wait()
    ada.see("The bell rings.")
    assert not ada.screen.private
    await ada.press("I hear it")
    ada.see("You heard it.")
    await world.catch_up()
    await ada.wait()
    ada.see("It was heard.")


async def test_a_post_that_is_due_while_the_bot_is_away_comes_late_and_says_so(world: World, ada: Chat) -> None:
    await ada.say("bell ring")
    await world.restart()
    await world.wait_for(3 * HOUR)
    await ada.wait()
    ada.see("I was away, so this comes 2 hours late.", "The bell rings.")


async def test_direct_messages_are_tried_out_when_they_are_chosen(world: World, ada: Chat) -> None:
    await ada.say("bell tell")
    ada.see("I do not know where.")
    await ada.say("settings")
    await ada.press("Write to me there")
    ada.see("A test message is there.")
    private = world.person("ada", direct=True)
    await private.wait()
    private.see("This is a test.")
    await ada.say("bell tell")
    ada.see("It rings for you in an hour.")
    await world.wait_for(HOUR)
    await private.wait()
    private.see("The bell rings for you.")
    assert private.screen.private
    await ada.wait()
    ada.not_see("The bell rings for you.")


async def test_who_no_longer_wants_direct_messages_gets_none(world: World, ada: Chat) -> None:
    await ada.say("settings")
    await ada.press("Write to me there")
    await ada.press("Stop that")
    ada.see("I no longer write to you first in direct messages.")
    await ada.say("bell tell")
    ada.see("I do not know where.")


async def test_what_did_not_reach_a_member_waits_for_them_to_be_seen(world: World, ada: Chat) -> None:
    await ada.say("settings")
    await ada.press("Write to me there")
    await ada.say("bell tell")
    await world.wait_for(24 * HOUR)  # away for longer than a message may be late
    await ada.say("support")
    ada.see("Something I wrote may not have reached you.")
    await ada.press("Show it")
    ada.see("What you may have missed", "The bell rings for you.")
    await ada.say("support")
    ada.not_see("may not have reached you")
