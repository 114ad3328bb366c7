"""One at a time: a duty is had by a lease, and is free when that ends."""

from datetime import timedelta

from sqlalchemy import update

from db.duties import Duty, leave_duty, take_duty
from db.real_time import get_real_now
from db.session import Database


async def take(database: Database, owner: str, *, key: str = "discord") -> bool:
    async with database.writing() as db:
        return await take_duty(db, key, owner=owner, lease_seconds=60)


async def leave(database: Database, owner: str) -> None:
    async with database.writing() as db:
        await leave_duty(db, "discord", owner=owner)


async def let_lapse(database: Database) -> None:
    async with database.writing() as db:
        await db.execute(update(Duty).values(until=await get_real_now(db) - timedelta(seconds=1)))


async def test_one_has_it_and_may_go_on_having_it(database: Database) -> None:
    assert await take(database, "one")
    assert not await take(database, "two")
    assert await take(database, "one")
    assert await take(database, "two", key="discord 1/2")


async def test_when_a_lease_has_ended_another_has_it_and_the_first_does_not(database: Database) -> None:
    assert await take(database, "one")
    await let_lapse(database)
    assert await take(database, "two")
    assert not await take(database, "one")


async def test_a_lease_that_ended_and_nobody_took_is_still_ones_own(database: Database) -> None:
    assert await take(database, "one")
    await let_lapse(database)
    assert await take(database, "one")
    assert not await take(database, "two")


async def test_it_is_left_only_by_who_has_it(database: Database) -> None:
    assert await take(database, "one")
    await leave(database, "two")
    assert not await take(database, "two")
    await leave(database, "one")
    assert await take(database, "two")
