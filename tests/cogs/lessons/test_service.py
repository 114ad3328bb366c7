"""The rules of lessons, on both databases."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from bot.errors import Gone
from cogs.lessons import service
from cogs.lessons.service import Content, Count
from cogs.lessons.tables import Checklist, Lesson
from db import entries
from db.session import Database
from tests.db.people import ANA, BEN, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EDITOR = b"a fingerprint of the account"


async def learned(
    database: Database, owner: UUID, words: str, checklist: Checklist = Checklist.OTHER, *, minutes: int = 0
) -> UUID:
    async with database.writing() as db:
        at = NOW + timedelta(minutes=minutes)
        return (await service.create(db, owner=owner, content=Content(words, checklist), at=at)).id


async def test_a_lesson_is_its_owners_alone(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    lesson_id = await learned(database, ana, "Smile")
    async with database.reading() as db:
        assert (await service.get(db, lesson_id, owner=ana)).words == "Smile"
        for stranger, which in ((ben, lesson_id), (ana, uuid4())):
            with pytest.raises(Gone):
                await service.get(db, which, owner=stranger)
        assert not await service.find_page(db, owner=ben, checklist=None, now=NOW, limit=5)
        assert not await service.count(db, owner=ben)


async def test_pages_go_list_by_list_as_added_with_what_is_long_done_last(database: Database) -> None:
    ana = await someone(database, ANA)
    await learned(database, ana, "other", minutes=1)
    first = await learned(database, ana, "first", Checklist.RESUME, minutes=2)
    await learned(database, ana, "second", Checklist.RESUME, minutes=3)
    await learned(database, ana, "cover", Checklist.COVER_LETTER, minutes=4)
    async with database.writing() as db:
        await service.change_done(db, await service.get(db, first, owner=ana), at=NOW)
    for hours, expected in ((23, ["first", "second", "cover", "other"]), (24, ["second", "first", "cover", "other"])):
        async with database.reading() as db:
            now = NOW + timedelta(hours=hours)
            page = await service.find_page(db, owner=ana, checklist=None, now=now, limit=9)
            assert [lesson.words for lesson in page] == expected
            part = await service.find_page(db, owner=ana, checklist=Checklist.RESUME, now=now, limit=1, skip=1)
            assert [lesson.words for lesson in part] == [expected[1]]
            assert await service.count(db, owner=ana) == {
                Checklist.RESUME: Count(2, 1),
                Checklist.COVER_LETTER: Count(1, 0),
                Checklist.OTHER: Count(1, 0),
            }


async def test_a_change_gives_a_draft_that_changes_it_back(database: Database) -> None:
    ana = await someone(database, ANA)
    lesson_id, other_id = await learned(database, ana, "Smile"), await learned(database, ana, "Breathe")
    async with database.writing() as db:
        lesson, other = await service.get(db, lesson_id, owner=ana), await service.get(db, other_id, owner=ana)
        new = Content("Listen", Checklist.INTERVIEW)
        draft_id = await entries.change(db, lesson, new, editor=EDITOR, at=NOW)
        assert draft_id is not None
        assert await entries.change(db, lesson, new, editor=EDITOR, at=NOW) is None
        for row, editor in ((other, EDITOR), (lesson, b"somebody else")):
            assert not await entries.change_back(db, row, Content, draft_id=draft_id, editor=editor, at=NOW)
        assert await entries.change_back(db, lesson, Content, draft_id=draft_id, editor=EDITOR, at=NOW)
        assert Content.of(lesson) == Content("Smile", Checklist.OTHER)


async def test_an_offer_is_found_by_its_owner_until_it_is_used(database: Database) -> None:
    async with database.writing() as db:
        draft_id = await service.create_offer(db, words="Smile", editor=EDITOR, at=NOW)
        assert await service.find_offer(db, draft_id=draft_id, editor=b"somebody else", at=NOW) is None
        assert await service.find_offer(db, draft_id=draft_id, editor=EDITOR, at=NOW) == "Smile"
        await service.delete_offer(db, draft_id=draft_id, editor=EDITOR)
        assert await service.find_offer(db, draft_id=draft_id, editor=EDITOR, at=NOW) is None


async def test_a_deleted_lesson_is_off_its_list_and_gone_after_a_day(database: Database) -> None:
    ana = await someone(database, ANA)
    lesson_id = await learned(database, ana, "Smile")
    async with database.writing() as db:
        await entries.delete(db, await service.get(db, lesson_id, owner=ana), at=NOW)
        assert not await service.count(db, owner=ana)
        assert not await service.find_page(db, owner=ana, checklist=None, now=NOW, limit=5)
        await entries.delete_expired(db, Lesson, now=NOW + timedelta(hours=23))
        assert await service.count_all(db, owner=ana) == 1
        await entries.delete_expired(db, Lesson, now=NOW + timedelta(hours=24))
        assert await service.count_all(db, owner=ana) == 0


async def test_an_export_holds_everything_and_erasing_leaves_nothing(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    await learned(database, ana, "Smile", Checklist.INTERVIEW)
    await learned(database, ben, "Breathe")
    async with database.writing() as db:
        (record,) = [record async for record in service.find_all(db, owner=ana)]
        assert record["lesson"] == "Smile"
        assert record["checklist"] == "Interview"
        assert len(record) == len(Lesson.__table__.columns) - len({"id", "version", "person_id"})
        await entries.delete_all(db, Lesson, owner=ana)
    async with database.reading() as db:
        assert await service.count_all(db, owner=ana) == 0
        assert await service.count_all(db, owner=ben) == 1
