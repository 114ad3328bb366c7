"""The rules of events and courses, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from bot.errors import Gone
from cogs.steps import service
from cogs.steps.service import Content
from cogs.steps.tables import Kind, Step
from db import entries
from db.session import Database
from tests.db.people import ANA, BEN, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOW.date()
EDITOR = b"a fingerprint of the account"
FAIR = Content("Job fair", TODAY, "Ms Reyes", "Write to her")


async def noted(database: Database, owner: UUID, kind: Kind = Kind.EVENT, content: Content = FAIR) -> UUID:
    async with database.writing() as db:
        return (await service.create(db, owner=owner, kind=kind, content=content, at=NOW)).id


async def test_a_step_reads_back_as_it_was_noted_and_is_its_owners_alone(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    step_id = await noted(database, ana)
    async with database.reading() as db:
        assert Content.of(await service.get(db, step_id, owner=ana)) == FAIR
        for stranger, which in ((ben, step_id), (ana, uuid4())):
            with pytest.raises(Gone):
                await service.get(db, which, owner=stranger)
        assert not await service.find_newest(db, owner=ben, kind=Kind.EVENT, limit=5)
        assert not await service.count_since(db, owner=ben, since=date.min)


async def test_each_kind_has_its_own_list_with_the_latest_day_first(database: Database) -> None:
    ana = await someone(database, ANA)
    for days in (3, 1, 2):
        await noted(database, ana, content=replace(FAIR, name=f"{days}", happened_on=TODAY - timedelta(days=days)))
    await noted(database, ana, Kind.COURSE, Content("Excel", TODAY))
    async with database.reading() as db:
        events = await service.find_newest(db, owner=ana, kind=Kind.EVENT, limit=2, skip=1)
        assert [each.name for each in events] == ["2", "3"]
        assert await service.count(db, owner=ana, kind=Kind.EVENT) == 3
        counts = await service.count_since(db, owner=ana, since=TODAY - timedelta(days=2))
        assert counts == {Kind.EVENT: 2, Kind.COURSE: 1}


async def test_a_change_can_be_changed_back(database: Database) -> None:
    ana = await someone(database, ANA)
    step_id = await noted(database, ana)
    async with database.writing() as db:
        step = await service.get(db, step_id, owner=ana)
        new = Content("Meetup", TODAY - timedelta(days=1))
        draft_id = await entries.change(db, step, new, editor=EDITOR, at=NOW)
        assert draft_id
        assert Content.of(step) == new
        assert await entries.change_back(db, step, Content, draft_id=draft_id, editor=EDITOR, at=NOW) == FAIR


async def test_a_deleted_step_is_off_its_list_and_gone_after_a_day(database: Database) -> None:
    ana = await someone(database, ANA)
    step_id = await noted(database, ana)
    async with database.writing() as db:
        await entries.delete(db, await service.get(db, step_id, owner=ana), at=NOW)
        assert not await service.count(db, owner=ana, kind=Kind.EVENT)
        assert not await service.count_since(db, owner=ana, since=date.min)
        for hours, left in ((23, 1), (24, 0)):
            await entries.delete_expired(db, Step, now=NOW + timedelta(hours=hours))
            assert await service.count_all(db, owner=ana) == left


async def test_an_export_holds_everything_and_erasing_leaves_nothing(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    await noted(database, ana)
    await noted(database, ben)
    async with database.writing() as db:
        (record,) = [record async for record in service.find_all(db, owner=ana)]
        assert (record["name"], record["met, or given by"]) == ("Job fair", "Ms Reyes")
        assert len(record) == len(Step.__table__.columns) - len({"id", "version", "person_id"})
        await entries.delete_all(db, Step, owner=ana)
    async with database.reading() as db:
        assert [await service.count_all(db, owner=each) for each in (ana, ben)] == [0, 1]
