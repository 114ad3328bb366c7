"""The rules of rejections, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Gone
from cogs.rejections import service
from cogs.rejections.service import Content
from cogs.rejections.tables import Feeling, Rejection, Stage
from db import entries
from db.session import Database
from tests.db.people import ANA, BEN, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EDITOR = b"a fingerprint of the account"
ACME = Content("Acme", Stage.FINAL, "Shift lead", (Feeling.SAD, Feeling.TIRED), "They were kind")


async def written(
    database: Database, owner: UUID, content: Content = ACME, *, at: datetime = NOW, lesson: str | None = None
) -> UUID:
    async with database.writing() as db:
        content = replace(content, lesson=lesson)
        return (await service.create(db, owner=owner, community=None, content=content, at=at)).id


async def test_an_entry_reads_back_as_it_was_written(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await written(database, ana)
    async with database.reading() as db:
        entry = await service.get(db, entry_id, owner=ana)
        assert Content.of(entry) == ACME
        assert (entry.version, entry.created_at) == (1, NOW)


async def test_an_entry_is_its_owners_alone(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    entry_id = await written(database, ana)
    async with database.reading() as db:
        for stranger, which in ((ben, entry_id), (ana, uuid4())):
            with pytest.raises(Gone):
                await service.get(db, which, owner=stranger)
        assert await service.count(db, owner=ben) == 0
        assert not [record async for record in service.find_all(db, owner=ben)]
        assert not await service.find_companies(db, owner=ben, typed="")
        assert await service.find_lesson(db, owner=ben, besides=uuid4(), stage=Stage.FINAL) is None


async def test_a_change_gives_a_draft_that_changes_it_back(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await written(database, ana)
    new = Content("Beta", Stage.SCREENING, lesson="Ask first")
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        draft_id = await entries.change(db, entry, new, editor=EDITOR, at=NOW)
        assert draft_id is not None
        assert entry.version == 2
        assert await entries.change(db, entry, new, editor=EDITOR, at=NOW) is None
        assert entry.version == 2
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        for editor, expected in ((b"somebody else", None), (EDITOR, ACME)):
            found = await entries.change_back(db, entry, Content, draft_id=draft_id, editor=editor, at=NOW)
            assert found == expected
        assert Content.of(entry) == ACME


async def test_the_same_feelings_in_another_order_are_no_change(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await written(database, ana)
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        same = replace(ACME, feelings=tuple(reversed(ACME.feelings)))
        assert await entries.change(db, entry, same, editor=EDITOR, at=NOW) is None


async def test_the_newest_lesson_of_the_same_stage_comes_first(database: Database) -> None:
    ana = await someone(database, ANA)
    new = await written(database, ana)
    async with database.reading() as db:
        assert await service.find_lesson(db, owner=ana, besides=new, stage=Stage.FINAL) is None
    await written(database, ana, at=NOW - timedelta(days=3), lesson="old, same stage")
    await written(database, ana, at=NOW - timedelta(days=2), lesson="newer, same stage")
    await written(database, ana, replace(ACME, stage=Stage.SCREENING), lesson="newest, other stage")
    async with database.reading() as db:
        for stage, lesson in ((Stage.FINAL, "newer, same stage"), (Stage.NO_REPLY, "newest, other stage")):
            found = await service.find_lesson(db, owner=ana, besides=new, stage=stage)
            assert found
            assert found.lesson == lesson


async def test_a_deleted_entry_is_off_every_list_and_gone_after_a_day(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await written(database, ana, lesson="Ask first")
    async with database.writing() as db:
        await entries.delete(db, await service.get(db, entry_id, owner=ana), at=NOW)
    async with database.writing() as db:
        assert not await service.find_newest(db, owner=ana, limit=5)
        assert not await service.find_companies(db, owner=ana, typed="")
        assert await service.find_lesson(db, owner=ana, besides=uuid4(), stage=Stage.FINAL) is None
        await entries.delete_expired(db, Rejection, now=NOW + timedelta(hours=23))
        assert (await service.get(db, entry_id, owner=ana)).company == "Acme"
        await entries.delete_expired(db, Rejection, now=NOW + timedelta(hours=24))
    async with database.reading() as db:
        with pytest.raises(Gone):
            await service.get(db, entry_id, owner=ana)


async def test_a_month_begins_where_the_member_is(database: Database) -> None:
    ana = await someone(database, ANA)
    await written(database, ana, at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC), lesson="Ask first")
    await written(database, ana, at=datetime(2026, 11, 2, tzinfo=UTC))
    async with database.reading() as db:
        for zone, expected in (("UTC", (1, 0)), ("Europe/Berlin", (2, 1))):
            month = await service.count_month(db, owner=ana, today=NOW.date(), zone=ZoneInfo(zone))
            assert (month.entries, month.lessons) == expected


async def test_two_entries_of_one_company_and_day_have_two_names(database: Database) -> None:
    ana = await someone(database, ANA)
    first = await written(database, ana)
    await written(database, ana, at=NOW + timedelta(hours=1))
    async with database.reading() as db:
        names = await service.find_names(db, owner=ana, zone=ZoneInfo("UTC"))
        assert list(names) == ["Acme · 23 Nov 2026", "Acme · 23 Nov 2026 (2)"]
        found = await service.find_by_name(db, owner=ana, name="acme · 23 nov 2026 (2)", zone=ZoneInfo("UTC"))
        assert [entry.id for entry in found] == [first]
        assert len(await service.find_by_name(db, owner=ana, name="ACME", zone=ZoneInfo("UTC"))) == 2


async def test_an_export_holds_everything_and_erasing_leaves_nothing(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    await written(database, ana, lesson="Ask first")
    await written(database, ben)
    async with database.writing() as db:
        (record,) = [record async for record in service.find_all(db, owner=ana)]
        assert record["company"] == "Acme"
        assert record["feelings"] == ["Sad", "Tired"]
        assert record["lesson"] == "Ask first"
        assert len(record) == len(Rejection.__table__.columns) - len({"id", "version", "person_id", "community_id"})
        await entries.delete_all(db, Rejection, owner=ana)
    async with database.reading() as db:
        assert not await service.count(db, owner=ana, deleted_too=True)
        assert await service.count(db, owner=ben, deleted_too=True) == 1
