from __future__ import annotations

import asyncio
from datetime import time
from uuid import UUID

import pytest
from sqlalchemy import func, select

from db.base import Table
from db.members import (
    Consent,
    Identity,
    IdentityKey,
    Membership,
    Person,
    Role,
    create_person,
    delete_person,
    find_member,
    join,
)
from db.places import (
    Community,
    Installation,
    find_community,
    find_installation,
    get_community,
    save_installation,
)
from db.posts import Post, create_post
from db.session import Database
from tests.db.people import ANA, BEN, NOW, someone


async def count(database: Database, table: type[Table]) -> int:
    async with database.reading() as db:
        return await db.scalar(select(func.count()).select_from(table)) or 0


async def somewhere(database: Database, external_id: str = "T1") -> UUID:
    async with database.writing() as db:
        return (await get_community(db, "slack", external_id, at=NOW)).id


async def test_a_stranger_is_nobody(database: Database) -> None:
    await someone(database, ANA)
    async with database.reading() as db:
        for stranger in (BEN, IdentityKey("discord", "T1", ANA.user), IdentityKey("slack", "T2", ANA.user)):
            assert await find_member(db, stranger, community=None) is None


async def test_a_member_is_found_with_their_role_in_the_community_asked_about(database: Database) -> None:
    ana, here, elsewhere = await someone(database), await somewhere(database), await somewhere(database, "T2")
    async with database.writing() as db:
        assert await join(db, ana, community=here, at=NOW, role=Role.MODERATOR)

    async with database.reading() as db:
        standing = [await find_member(db, ANA, community=community) for community in (here, elsewhere, None)]
    assert [(found.person.id, found.role, found.joined) for found in standing if found] == [
        (ana, Role.MODERATOR, True),
        (ana, Role.MEMBER, False),
        (ana, Role.MEMBER, False),
    ]


async def test_joining_twice_changes_nothing(database: Database) -> None:
    ana, here = await someone(database), await somewhere(database)
    async with database.writing() as db:
        assert await join(db, ana, community=here, at=NOW, role=Role.ADMIN)
        assert not await join(db, ana, community=here, at=NOW)

    async with database.reading() as db:
        found = await find_member(db, ANA, community=here)
        assert found is not None
        assert found.role is Role.ADMIN
    assert await count(database, Membership) == 1


async def test_a_new_member_has_quiet_nights_and_may_be_written_to(database: Database) -> None:
    ana = await someone(database)
    async with database.reading() as db:
        person = await db.get_one(Person, ana)
    assert (person.quiet_from, person.quiet_until) == (time(21), time(8))
    assert (person.may_write_first, person.country, person.consent) == (True, None, Consent.KEEP)


async def test_however_many_first_commands_come_at_once_there_is_one_person(database: Database) -> None:
    async def first_command(n: int) -> UUID:
        async with database.writing() as db:
            consent = Consent.KEEP if n % 2 else Consent.WITHOUT_SAVING
            return (await create_person(db, ANA, consent=consent, zone=None, at=NOW)).id

    people = await asyncio.gather(*map(first_command, range(8)))

    assert len(set(people)) == 1
    assert await count(database, Person) == await count(database, Identity) == 1


async def test_when_the_quicker_one_fails_the_other_is_the_person(database: Database) -> None:
    started = asyncio.Event()

    async def quicker() -> None:
        async with database.writing() as db:
            await create_person(db, ANA, consent=Consent.KEEP, zone=None, at=NOW)
            started.set()
            raise RuntimeError

    async def slower() -> UUID:
        await started.wait()
        return await someone(database)

    failed, person = await asyncio.gather(quicker(), slower(), return_exceptions=True)

    assert isinstance(failed, RuntimeError)
    async with database.reading() as db:
        assert (await db.scalars(select(Person.id))).all() == [person]


async def test_deleting_a_person_leaves_nothing_of_them_and_all_of_the_others(database: Database) -> None:
    ana, ben, here = await someone(database, ANA), await someone(database, BEN), await somewhere(database)
    async with database.writing() as db:
        for person in (ana, ben):
            await join(db, person, community=here, at=NOW)
            await create_post(db, job="win.card", args=["1"], destination="slack:T1:C1", at=NOW, person_id=person)

    async with database.writing() as db:
        await delete_person(db, ana)

    async with database.reading() as db:
        assert await find_member(db, ANA, community=here) is None
        assert (await db.scalars(select(Identity.user_id))).all() == [BEN.user]
        assert (await db.scalars(select(Membership.person_id))).all() == [ben]
        assert set((await db.scalars(select(Post.person_id))).all()) == {None, ben}


async def test_a_community_is_made_once_however_many_ask(database: Database) -> None:
    async def ask() -> UUID:
        async with database.writing() as db:
            return (await get_community(db, "slack", "T1", at=NOW)).id

    assert len(set(await asyncio.gather(*(ask() for _ in range(6))))) == 1
    assert await count(database, Community) == 1
    async with database.reading() as db:
        assert await find_community(db, "slack", "T1") is not None
        assert await find_community(db, "discord", "T1") is None


@pytest.mark.parametrize("enterprise", ["", "E1"])
async def test_installing_again_takes_the_place_of_the_first(database: Database, enterprise: str) -> None:
    async def install(token: str) -> None:
        async with database.writing() as db:
            await save_installation(
                db, platform="slack", enterprise=enterprise, team="T1", bot_token=token, at=NOW, bot_id="B1"
            )

    await install("xoxb-first")
    await asyncio.gather(install("xoxb-second"), install("xoxb-second"))

    assert await count(database, Installation) == 1
    async with database.reading() as db:
        found = await find_installation(db, platform="slack", enterprise=enterprise, team="T1")
        assert found is not None
        assert (found.bot_token, found.bot_id) == ("xoxb-second", "B1")
        assert await find_installation(db, platform="slack", enterprise=enterprise, team="T2") is None


async def test_two_first_installations_at_once_are_one(database: Database) -> None:
    async def install(token: str) -> None:
        async with database.writing() as db:
            await save_installation(db, platform="slack", team="T1", bot_token=token, at=NOW)

    await asyncio.gather(install("xoxb-a"), install("xoxb-b"))

    assert await count(database, Installation) == 1
