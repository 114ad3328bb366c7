"""Posts that have to go: when, how often that is tried, and what becomes of those on their way."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from bot.cards import Card, Text, say
from bot.machine import withdraw
from bot.outbox import WITHDRAWAL_GRACE, withdraw_post
from bot.withdrawals import RETRY
from db.jobs import Job, JobState
from db.members import Person
from db.posts import Post, PostState, create_post, mark_posted
from db.sealed import Keyring
from tests.bot import sample
from tests.platforms.plain_world import PlainWorld, plain_world

HOUR = timedelta(hours=1)
ROOM = "plain:main:room"


@pytest.fixture
async def small(database_url: str, keyring: Keyring) -> AsyncIterator[PlainWorld]:
    """The machine with one small feature."""
    async with plain_world(database_url, keyring=keyring, features=[sample.make()]) as running:
        yield running


async def posted(world: PlainWorld, *, room: str = ROOM) -> UUID:
    """A message that is there."""
    message = await world.sink.send(destination=room, card=Card((Text(say("A file")),)), delivery=uuid4())
    async with world.app.database.writing() as db:
        post = await create_post(db, job="x", args=[], destination=room, at=world.now())
        await mark_posted(db, post.id, message_ref=message)
    return post.id


async def ask(world: PlainWorld, post_id: UUID, *, after: timedelta | None = None) -> None:
    async with world.app.database.writing() as db:
        await withdraw_post(db, post_id, at=None if after is None else world.now() + after)


async def state_of(world: PlainWorld, post_id: UUID) -> PostState:
    async with world.app.database.reading() as db:
        return (await db.get_one(Post, post_id)).state


async def jobs_of(world: PlainWorld) -> list[JobState]:
    async with world.app.database.reading() as db:
        return list(await db.scalars(select(Job.state)))


async def test_a_post_goes_when_its_time_has_come_and_not_before(small: PlainWorld) -> None:
    now, later = await posted(small), await posted(small)
    await ask(small, now)
    await ask(small, later, after=HOUR)
    await small.catch_up()
    assert (await state_of(small, now), await state_of(small, later)) == (PostState.WITHDRAWN, PostState.POSTED)
    await small.wait_for(HOUR)
    assert await state_of(small, later) is PostState.WITHDRAWN
    assert not small.sink.messages


async def test_while_the_platform_is_down_it_is_tried_again(small: PlainWorld) -> None:
    post_id = await posted(small)
    small.sink.trouble = [ConnectionError()] * 12
    await ask(small, post_id, after=timedelta())
    await small.catch_up()
    for _ in range(12):
        assert small.sink.messages
        await small.wait_for(RETRY)
    assert not small.sink.messages
    assert await state_of(small, post_id) is PostState.WITHDRAWN


async def test_it_is_not_tried_for_ever(small: PlainWorld) -> None:
    post_id = await posted(small, room="elsewhere:T1:C1")
    await ask(small, post_id, after=timedelta())
    await small.catch_up()
    await small.wait_for(WITHDRAWAL_GRACE)
    assert await jobs_of(small) == [JobState.EXPIRED]
    assert await state_of(small, post_id) is PostState.POSTED


async def test_what_the_platform_does_not_remove_is_not_tried_again(small: PlainWorld) -> None:
    post_id = await posted(small)
    small.sink.messages.clear()  # to which the sink says no
    await ask(small, post_id)
    await small.catch_up()
    assert await state_of(small, post_id) is PostState.FAILED
    assert await jobs_of(small) == [JobState.DONE]


async def test_a_post_that_nobody_asked_for_is_none(small: PlainWorld) -> None:
    await ask(small, uuid4())
    assert await jobs_of(small) == []


async def test_what_an_earlier_version_noted_on_the_post_is_kept_to(small: PlainWorld) -> None:
    due, later = await posted(small), await posted(small)
    async with small.app.database.writing() as db:
        (await db.get_one(Post, due)).withdraw_at = small.now() - 24 * HOUR
        (await db.get_one(Post, later)).withdraw_at = small.now() + HOUR
    for _ in range(2):
        await small.app.heartbeat.beat()
    await small.catch_up()
    assert (await state_of(small, due), await state_of(small, later)) == (PostState.WITHDRAWN, PostState.POSTED)
    await small.wait_for(HOUR)
    assert not small.sink.messages
    assert await jobs_of(small) == [JobState.DONE] * 2


async def test_a_press_while_the_platform_is_down_is_kept_to_as_well(small: PlainWorld) -> None:
    bob = small.person("bob")
    await bob.say("wish show")
    await bob.press("Yes")
    post_id = await posted(small)
    async with small.app.database.writing() as db:
        (await db.get_one(Post, post_id)).person_id = (await db.scalars(select(Person.id))).one()
    small.sink.trouble = [ConnectionError()]
    await bob.press_packed(withdraw.call(post_id))
    bob.see("It cannot be removed right now. I try again until it is gone.")
    await small.catch_up()
    assert not small.sink.messages
