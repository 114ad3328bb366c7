"""The rules of groups, on both databases."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select

from bot.errors import Gone
from cogs.groups import service
from cogs.groups.service import Content, Decision, Joining, Leaving
from db.groups import Group, GroupMember, JoinRequest, RequestState, accounts_of, create_group, key_of_name
from db.members import Consent, IdentityKey, Role, create_person, delete_person, join
from db.places import Community, get_community
from db.session import Database

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = ("ana", "ben", "cleo", "dan")


class House:
    """A community with four people and one group, which takes three and is led by Ana."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.community: UUID
        self.people: Mapping[str, UUID]
        self.group: UUID

    async def build(self, *, is_open: bool) -> None:
        async with self.database.writing() as db:
            self.community = (await get_community(db, "slack", "T1", at=NOW)).id
            people = {}
            for name in NAMES:
                key = IdentityKey("slack", "T1", name)
                people[name] = (await create_person(db, key, consent=Consent.KEEP, zone=None, at=NOW)).id
                await join(db, people[name], community=self.community, at=NOW)
            self.people = people
            group = await create_group(
                db, community_id=self.community, name="Makers", zone="UTC", at=NOW, is_open=is_open, most_members=3
            )
            assert group is not None
            self.group = group.id
            assert await service.appoint(db, group, person=people["ana"], at=NOW) is Joining.IN

    async def join(self, name: str, *, at: datetime = NOW) -> Joining:
        async with self.database.writing() as db:
            group = await service.get(db, self.group, community=self.community, person=self.people[name], lock=True)
            return await service.join(db, group, person=self.people[name], at=at)

    async def leave(self, name: str, *, at: datetime = NOW) -> Leaving:
        async with self.database.writing() as db:
            return await service.leave(db, await db.get_one(Group, self.group), person=self.people[name], at=at)

    async def come_back(self, name: str, *, at: datetime) -> Joining:
        async with self.database.writing() as db:
            return await service.come_back(db, await db.get_one(Group, self.group), person=self.people[name], at=at)

    async def decide(self, name: str, *, accept: bool, at: datetime = NOW) -> Decision:
        async with self.database.writing() as db:
            group = await db.get_one(Group, self.group)
            request = await db.scalar(select(JoinRequest).where(JoinRequest.person_id == self.people[name]))
            assert request is not None
            return await service.decide(db, request, group, accept=accept, at=at)

    async def members(self) -> dict[str, Role]:
        names = {person: name for name, person in self.people.items()}
        async with self.database.reading() as db:
            return {names[each.person_id]: each.role for each in await db.scalars(select(GroupMember))}

    async def count(self, table: type[Group | GroupMember | JoinRequest]) -> int:
        async with self.database.reading() as db:
            return await db.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
async def house(database: Database) -> House:
    made = House(database)
    await made.build(is_open=True)
    return made


@pytest.fixture
async def guarded(database: Database) -> House:
    """The same, where who comes in is decided."""
    made = House(database)
    await made.build(is_open=False)
    return made


async def test_an_open_group_takes_as_many_as_it_may_and_the_next_one_waits(house: House) -> None:
    assert [await house.join(name) for name in ("ben", "ben", "cleo", "dan", "dan")] == [
        Joining.IN, Joining.IN_ALREADY, Joining.IN, Joining.ASKED, Joining.ASKED_ALREADY,
    ]  # fmt: skip
    assert await house.decide("dan", accept=True) is Decision.FULL
    assert await house.leave("ben") is Leaving.OUT
    assert await house.decide("dan", accept=True) is Decision.ACCEPTED
    assert set(await house.members()) == {"ana", "cleo", "dan"}


async def test_two_who_come_at_once_do_not_take_one_place_twice(house: House) -> None:
    await house.join("ben")
    outcomes = await asyncio.gather(house.join("cleo"), house.join("dan"))
    assert sorted(each.name for each in outcomes) == ["ASKED", "IN"]
    assert len(await house.members()) == 3


async def test_a_decision_is_made_once(guarded: House) -> None:
    assert await guarded.join("ben") is Joining.ASKED
    assert await guarded.decide("ben", accept=False) is Decision.DECLINED
    assert await guarded.decide("ben", accept=True) is Decision.DECIDED_BEFORE
    assert set(await guarded.members()) == {"ana"}


async def test_who_was_declined_may_ask_again_a_week_later(guarded: House) -> None:
    await guarded.join("ben")
    await guarded.decide("ben", accept=False)
    assert await guarded.join("ben", at=NOW + 6 * DAY) is Joining.DECLINED_LATELY
    assert await guarded.join("ben", at=NOW + 7 * DAY) is Joining.ASKED


async def test_who_left_may_come_back_for_a_day_without_asking(guarded: House) -> None:
    await guarded.join("ben")
    await guarded.decide("ben", accept=True)
    await guarded.leave("ben")
    assert await guarded.come_back("ben", at=NOW + timedelta(hours=23)) is Joining.IN
    assert await guarded.come_back("ben", at=NOW + timedelta(hours=23)) is Joining.IN_ALREADY
    await guarded.leave("ben", at=NOW + DAY)
    with pytest.raises(Gone):
        await guarded.come_back("ben", at=NOW + 2 * DAY)
    with pytest.raises(Gone):
        await guarded.come_back("cleo", at=NOW)


async def test_who_comes_back_finds_a_full_group_full(house: House) -> None:
    await house.join("ben")
    await house.leave("ben")
    await house.join("cleo")
    await house.join("dan")
    assert await house.come_back("ben", at=NOW) is Joining.FULL


async def test_who_leads_others_alone_stays_and_who_is_alone_may_go(house: House) -> None:
    await house.join("ben")
    assert await house.leave("ana") is Leaving.LEADS_ALONE
    async with house.database.writing() as db:
        group = await db.get_one(Group, house.group)
        assert not await service.hand_over(db, group, person=house.people["ana"], to=house.people["cleo"])
        assert not await service.hand_over(db, group, person=house.people["ben"], to=house.people["ana"])
        assert not await service.hand_over(db, group, person=house.people["ana"], to=house.people["ana"])
        assert await service.hand_over(db, group, person=house.people["ana"], to=house.people["ben"])
    assert await house.members() == {"ana": Role.MEMBER, "ben": Role.FACILITATOR}
    assert await house.leave("ana") is Leaving.OUT
    assert await house.leave("ana") is Leaving.NOT_IN
    assert await house.leave("ben") is Leaving.OUT


async def test_a_group_that_nobody_leads_is_found(house: House) -> None:
    async with house.database.writing() as db:
        assert not await service.find_unled(db, community=house.community)
        group = await db.get_one(Group, house.group)
        assert await service.end_lead(db, group, person=house.people["ana"])
        assert not await service.end_lead(db, group, person=house.people["ana"])
        assert await service.find_unled(db, community=house.community) == [group]
        assert not await service.find_unled(db, community=uuid4())


async def test_nobody_is_appointed_into_a_full_group_from_outside(house: House) -> None:
    await house.join("ben")
    await house.join("cleo")
    async with house.database.writing() as db:
        group = await db.get_one(Group, house.group)
        assert await service.appoint(db, group, person=house.people["dan"], at=NOW) is Joining.FULL
        assert await service.appoint(db, group, person=house.people["ben"], at=NOW) is Joining.IN
        assert await service.appoint(db, group, person=house.people["ben"], at=NOW) is Joining.IN_ALREADY


@pytest.mark.parametrize("name", ["makers", "  MAKERS ", "ＭＡＫＥＲＳ", "Ma\u200bkers"])
async def test_a_name_is_taken_once_however_it_is_written(house: House, name: str) -> None:
    async with house.database.writing() as db:
        assert await create_group(db, community_id=house.community, name=name, zone="UTC", at=NOW) is None
        elsewhere = await get_community(db, "slack", "T2", at=NOW)
        assert await create_group(db, community_id=elsewhere.id, name=name, zone="UTC", at=NOW) is not None
    assert key_of_name(name) == "makers"


async def test_a_group_takes_no_name_of_another(house: House) -> None:
    async with house.database.writing() as db:
        bakers = await create_group(db, community_id=house.community, name="Bakers", zone="UTC", at=NOW)
        assert bakers is not None
        content = Content("MAKERS", "Asia/Tokyo", is_open=True, most_members=5)
        assert not await service.change(db, bakers, content=content)
        assert bakers.name == "Bakers"
        assert await service.change(db, bakers, content=Content("BAKERS", "Asia/Tokyo", is_open=True, most_members=5))
        assert (bakers.name, bakers.name_key, bakers.zone, bakers.most_members) == (
            "BAKERS", "bakers", "Asia/Tokyo", 5
        )  # fmt: skip


async def test_names_are_suggested_by_what_they_hold_and_never_as_a_pattern(house: House) -> None:
    async with house.database.writing() as db:
        for name in ("Tool makers", "100 %", "Walkers"):
            await create_group(db, community_id=house.community, name=name, zone="UTC", at=NOW)
    async with house.database.reading() as db:
        for typed, found in (("mak", ["Makers", "Tool makers"]), ("%", ["100 %"]), ("_", [])):
            assert await service.find_names(db, community=house.community, typed=typed) == found
        assert await service.find_names(db, community=uuid4(), typed="") == []


async def test_a_group_is_reached_from_its_community_and_from_its_members_direct_messages(house: House) -> None:
    async with house.database.writing() as db:
        far = await get_community(db, "slack", "T2", at=NOW)
        ana = house.people["ana"]
        stranger = (
            await create_person(db, IdentityKey("slack", "T2", "eve"), consent=Consent.KEEP, zone=None, at=NOW)
        ).id
        for community in (house.community, None):
            assert (await service.get(db, house.group, community=community, person=ana)).name == "Makers"
        for community, person in ((far.id, ana), (None, stranger), (far.id, stranger)):
            with pytest.raises(Gone):
                await service.get(db, house.group, community=community, person=person)
        with pytest.raises(Gone):
            await service.get(db, uuid4(), community=house.community, person=ana)


async def test_a_place_is_noted_once_and_for_one_group(house: House) -> None:
    async with house.database.writing() as db:
        bakers = await create_group(db, community_id=house.community, name="Bakers", zone="UTC", at=NOW)
        assert bakers is not None
        assert await service.set_destination(db, house.group, destination="slack:T1:G1")
        assert not await service.set_destination(db, house.group, destination="slack:T1:G2")
        assert not await service.set_destination(db, bakers.id, destination="slack:T1:G1")
        assert await service.set_destination(db, bakers.id, destination="slack:T1:G2")


async def test_of_several_accounts_the_one_of_this_workspace_is_meant(house: House) -> None:
    async with house.database.reading() as db:
        found = await accounts_of(db, house.people.values(), community_id=house.community)
        assert found == {house.people[name]: IdentityKey("slack", "T1", name) for name in NAMES}
        assert not await accounts_of(db, house.people.values(), community_id=uuid4())


async def test_a_member_who_goes_is_in_no_group_and_asks_for_nothing(guarded: House) -> None:
    await guarded.join("ben")
    async with guarded.database.writing() as db:
        for name in ("ana", "ben"):
            await service.delete_all(db, owner=guarded.people[name])
    assert (await guarded.count(GroupMember), await guarded.count(JoinRequest), await guarded.count(Group)) == (0, 0, 1)


async def test_a_person_s_rows_go_with_them(guarded: House) -> None:
    await guarded.join("ben")
    async with guarded.database.writing() as db:
        for name in ("ana", "ben"):
            await delete_person(db, guarded.people[name])
    assert (await guarded.count(GroupMember), await guarded.count(JoinRequest)) == (0, 0)


@pytest.mark.parametrize("how", ["dissolved", "community removed"])
async def test_a_group_goes_with_all_that_belongs_to_it(guarded: House, how: str) -> None:
    await guarded.join("ben")
    async with guarded.database.writing() as db:
        if how == "dissolved":
            await service.dissolve(db, await db.get_one(Group, guarded.group))
        else:
            await db.execute(delete(Community).where(Community.id == guarded.community))
    for table in (Group, GroupMember, JoinRequest):
        assert await guarded.count(table) == 0


async def test_what_was_decided_is_forgotten_a_month_later_and_what_waits_stays(guarded: House) -> None:
    await guarded.join("ben")
    await guarded.join("cleo")
    await guarded.decide("ben", accept=False)
    for days, left in ((29, 2), (30, 1)):
        async with guarded.database.writing() as db:
            await service.delete_expired(db, now=NOW + days * DAY)
        assert await guarded.count(JoinRequest) == left
    async with guarded.database.reading() as db:
        assert await db.scalar(select(JoinRequest.state)) is RequestState.WAITING
