"""A member of a group of their own, who has all that a check-in keeps of anybody."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cogs.checkins import rounds, service, setups, shares, wishes
from cogs.checkins.tables import Bank, Kind, Mood, Round, Way
from db.groups import Group, add_group_member, create_group
from db.members import Person, Role
from db.places import Community, get_community

EDITOR = b"a fingerprint of the account"
PLACE = "plain:main:hut"


async def new_group(
    db: AsyncSession, *, at: datetime, community: str = "main", name: str = "Harbour", zone: str = "Europe/Berlin"
) -> Group:
    """A group with a place, whose check-in is set up as it is proposed."""
    there = await get_community(db, "plain", community, at=at)
    group = await create_group(db, community_id=there.id, name=name, zone=zone, at=at, destination=PLACE)
    assert group is not None
    await setups.change(db, group, setup=setups.default_setup(zone), at=at)
    return group


async def led_by_the_only_one(db: AsyncSession, *, at: datetime) -> Group:
    """A group without a place, in the one community there is, that the one person there is leads."""
    community, person = (await db.scalars(select(Community.id))).one(), (await db.scalars(select(Person.id))).one()
    made = await create_group(db, community_id=community, name="Harbour", zone="UTC", at=at)
    assert made is not None
    await add_group_member(db, made.id, person, at=at, role=Role.FACILITATOR)
    return made


async def new_round(db: AsyncSession, group: Group, *, slot: date, at: datetime, kind: Kind = Kind.PLAN) -> Round:
    checkin = await setups.find_checkin(db, group.id)
    assert checkin is not None
    made = await rounds.create_round(db, checkin, kind=kind, slot=slot, at=time(9), zone=group.zone, now=at)
    assert made is not None
    return made


async def answered(
    db: AsyncSession,
    found: Round,
    person_id: UUID,
    *,
    at: datetime,
    ask: str = "Does anybody know Acme?",
    editor: bytes = EDITOR,
) -> UUID:
    """An answer with a mood, a focus and an ask that is shared; the id of the ask's line."""
    await service.feel(db, found, owner=person_id, mood=Mood.GOOD, at=at)
    texts = ("Fine", "Two portfolios", ask)
    await service.write(db, found, owner=person_id, texts=texts, editor=editor, at=at)
    lines = await shares.find_lines(db, await service.find_answer(db, found.id, owner=person_id))
    [said] = [each for each in lines if each.question is Bank.ASK]
    await shares.share(db, said, at=at)
    return said.line.id


async def everything(
    db: AsyncSession, person_id: UUID, *, at: datetime, name: str = "Harbour", editor: bytes = EDITOR
) -> Group:
    """One row at least in each table of check-ins that knows members."""
    group = await new_group(db, at=at - timedelta(days=1), name=name)
    await add_group_member(db, group.id, person_id, at=at, role=Role.FACILITATOR)
    found = await new_round(db, group, slot=at.date(), at=at - timedelta(days=1))
    line_id = await answered(db, found, person_id, at=at, editor=editor)
    await rounds.set_asked(db, found, person_id=person_id, way=Way.GROUP, at=at)
    said, _ = await shares.find_own_line(db, line_id, owner=person_id)
    await shares.offer_help(db, said, helper=person_id, at=at)
    await wishes.pause(db, owner=person_id, group_id=group.id, weeks=2, at=at)
    await wishes.change_wish(db, owner=person_id, nudges=False)
    return group
