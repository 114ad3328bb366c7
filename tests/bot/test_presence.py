"""When it is looked up who is still in a group, and what happens meanwhile."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from bot.call import Asking
from bot.presence import confirm_before, confirm_group, confirm_member
from bot.sending import NotDelivered, Refused, Unreachable
from db.groups import Group, add_group_member, create_group, find_group_member, mark_let_in
from db.jobs import Job, JobState
from db.keyring import Keyring
from db.members import Consent, IdentityKey, create_person
from db.places import get_community
from tests.platforms.plain_world import PlainWorld, plain_world

PLACE = "plain:main:hut"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
async def world(database_url: str, keyring: Keyring) -> AsyncIterator[PlainWorld]:
    async with plain_world(database_url, keyring=keyring) as running:
        yield running


async def test_groups_are_looked_at_within_the_hour_before_not_all_at_once_and_each_once(world: PlainWorld) -> None:
    at = world.now() + 3 * HOUR
    async with world.app.database.writing() as db:
        for number in range(50):
            group_id = uuid4()
            for _ in range(2):
                await confirm_before(Asking(db, world.now()), group_id, at=at, key=f"round {number}")
    async with world.app.database.reading() as db:
        due = (await db.scalars(select(Job.due_at))).all()
    assert len(due) == 50
    assert all(at - HOUR <= each <= at - 5 * MINUTE for each in due)
    assert len({each.replace(second=0) for each in due}) > 10


async def test_what_comes_sooner_is_looked_at_now(world: PlainWorld) -> None:
    async with world.app.database.writing() as db:
        await confirm_before(Asking(db, world.now()), uuid4(), at=world.now() + MINUTE, key="round")
    async with world.app.database.reading() as db:
        assert (await db.scalars(select(Job.due_at))).all() == [world.now()]


async def test_who_comes_back_while_it_is_looked_up_stays(world: PlainWorld) -> None:
    world.sink.places[PLACE] = set()
    ana, ben, group_id = await two_in_a_group(world)

    async def come_back() -> None:
        async with world.app.database.writing() as db:
            await mark_let_in(db, group_id, ana, at=world.now() + MINUTE)

    world.sink.after_looking = come_back
    async with world.app.database.writing() as db:
        await Asking(db, world.now()).later(confirm_group.call(group_id))
    await world.catch_up()
    async with world.app.database.reading() as db:
        assert await find_group_member(db, group_id, ana) is not None
        assert await find_group_member(db, group_id, ben) is None


@pytest.mark.parametrize("trouble", [Unreachable("10004"), Refused("missing_scope")])
async def test_where_the_bot_itself_is_out_nobody_is_and_nothing_is_left_undone(
    world: PlainWorld, trouble: NotDelivered
) -> None:
    ana, ben, group_id = await two_in_a_group(world)
    async with world.app.database.writing() as db:
        group = await db.get_one(Group, group_id)
        await Asking(db, world.now()).later(confirm_group.call(group_id))
        await Asking(db, world.now()).later(confirm_member.call(ana, group.community_id))
    world.sink.trouble = [trouble, trouble]
    await world.catch_up()
    async with world.app.database.reading() as db:
        assert {job.state for job in await db.scalars(select(Job))} == {JobState.DONE}
        for person in (ana, ben):
            assert await find_group_member(db, group_id, person) is not None


async def two_in_a_group(world: PlainWorld) -> tuple[UUID, UUID, UUID]:
    """Two people who were let into the place of a group; both, and the group."""
    people: list[UUID] = []
    async with world.app.database.writing() as db:
        community = await get_community(db, "plain", "main", at=world.now())
        group = await create_group(
            db, community_id=community.id, name="Harbour", zone="UTC", at=world.now(), destination=PLACE
        )
        assert isinstance(group, Group)
        for name in ("ana", "ben"):
            key = IdentityKey("plain", "", name)
            person = await create_person(db, key, consent=Consent.KEEP, zone=None, at=world.now())
            await add_group_member(db, group.id, person.id, at=world.now())
            await mark_let_in(db, group.id, person.id, at=world.now())
            people.append(person.id)
        return people[0], people[1], group.id
