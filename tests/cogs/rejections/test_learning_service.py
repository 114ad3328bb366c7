"""The rules of learning from a rejection, on both databases."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot.errors import Gone
from cogs.rejections import learning_service as learning
from cogs.rejections import service
from cogs.rejections.drafting import Mail
from cogs.rejections.learning_service import Answers
from cogs.rejections.service import Content
from cogs.rejections.tables import Outside, Reflection, Rejection, Stage, Step
from db import entries
from db.session import Database
from tests.db.people import ANA, BEN, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EDITOR = b"a fingerprint of the account"
ANSWERS = Answers("nights", "reports", "short", "the gap", (Outside.TIMING, Outside.MANY))


async def logged(
    database: Database, owner: UUID, *, stage: Stage = Stage.FINAL, lesson: str | None = None, minutes: int = 0
) -> UUID:
    async with database.writing() as db:
        content = Content("Acme", stage, lesson=lesson)
        at = NOW + timedelta(minutes=minutes)
        return (await service.create(db, owner=owner, community=None, content=content, at=at)).id


async def test_steps_of_feedback_follow_each_other(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await logged(database, ana)
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        for number, step in enumerate(Step):
            assert learning.next_step(entry) is step
            at = NOW + timedelta(days=number)
            await learning.change_feedback(db, entry, step=step, on=at, at=at)
            assert learning.last_step(entry) is step
        assert learning.next_step(entry) is None
        assert entry.version == 1 + len(Step)
        assert list(learning.feedback_dates(entry)) == list(Step)
        await learning.change_feedback(db, entry, step=Step.USEFUL, on=None, at=NOW)
        assert learning.last_step(entry) is Step.ANSWERED


async def test_an_email_waits_for_its_author_and_is_about_its_entry(database: Database) -> None:
    ana = await someone(database, ANA)
    first, second = await logged(database, ana), await logged(database, ana)
    mail = Mail("Thank you", "What decided it?")
    async with database.writing() as db:
        entry, other = await service.get(db, first, owner=ana), await service.get(db, second, owner=ana)
        draft_id = await learning.create_mail(db, entry, mail=mail, editor=EDITOR, at=NOW)
        assert await learning.find_mail(db, entry, draft_id=draft_id, editor=EDITOR, at=NOW) == mail
        for row, editor, at in (
            (other, EDITOR, NOW),
            (entry, b"other", NOW),
            (entry, EDITOR, NOW + timedelta(hours=1)),
        ):
            assert await learning.find_mail(db, row, draft_id=draft_id, editor=editor, at=at) is None


async def test_answers_read_back_and_change_back(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await logged(database, ana)
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        found = await learning.create_reflection(db, entry, answers=ANSWERS, at=NOW)
    async with database.writing() as db:
        found = await learning.get_reflection(db, found.id, owner=ana)
        same = Answers("nights", "reports", "short", "the gap", (Outside.MANY, Outside.TIMING))
        assert Answers.of(found) == same
        assert await entries.change(db, found, ANSWERS, editor=EDITOR, at=NOW) is None
        draft_id = await entries.change(db, found, Answers("days"), editor=EDITOR, at=NOW)
        assert draft_id is not None
        assert Answers.of(found) == Answers("days")
        assert not await entries.change_back(db, found, Answers, draft_id=draft_id, editor=b"other", at=NOW)
        assert await entries.change_back(db, found, Answers, draft_id=draft_id, editor=EDITOR, at=NOW)
        assert Answers.of(found) == same


async def test_a_reflection_is_its_owners_alone_and_goes_with_its_entry(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    entry_id = await logged(database, ana)
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        found = await learning.create_reflection(db, entry, answers=ANSWERS, at=NOW)
        with pytest.raises(Gone):
            await learning.get_reflection(db, found.id, owner=ben)
        assert await learning.count(db, owner=ben) == 0
        await entries.delete(db, entry, at=NOW)
        with pytest.raises(Gone):
            await service.get_kept(db, entry_id, owner=ana)
        await entries.delete_expired(db, Rejection, now=NOW + timedelta(hours=24))
    async with database.reading() as db:
        assert await learning.count(db, owner=ana) == 0


async def test_a_deleted_reflection_is_off_its_entry_and_gone_after_a_day(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await logged(database, ana)
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        found = await learning.create_reflection(db, entry, answers=ANSWERS, at=NOW)
        await entries.delete(db, found, at=NOW)
        assert await learning.find_reflection(db, entry) is None
        await entries.undo_delete(db, found)
        assert await learning.find_reflection(db, entry) is found
        await entries.delete(db, found, at=NOW)
        await entries.delete_expired(db, Reflection, now=NOW + timedelta(hours=23))
        assert await learning.count(db, owner=ana) == 1
        await entries.delete_expired(db, Reflection, now=NOW + timedelta(hours=24))
        assert await learning.count(db, owner=ana) == 0


async def test_an_export_holds_everything_and_erasing_leaves_nothing(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    for owner in (ana, ben):
        entry_id = await logged(database, owner)
        async with database.writing() as db:
            entry = await service.get(db, entry_id, owner=owner)
            await learning.create_reflection(db, entry, answers=ANSWERS, at=NOW)
    async with database.writing() as db:
        (record,) = [record async for record in learning.find_all(db, owner=ana)]
        assert record["about"] == "Acme"
        assert record["story"] == "short"
        assert record["outside my control"] == ["Very many people applied", "The timing"]
        assert len(record) == len(Reflection.__table__.columns) - len({"id", "version", "person_id"})
        await entries.delete_all(db, Reflection, owner=ana)
    async with database.reading() as db:
        assert await learning.count(db, owner=ana) == 0
        assert await learning.count(db, owner=ben) == 1


async def test_the_best_lesson_is_an_earlier_one_of_the_last_stage_else_the_newest(database: Database) -> None:
    ana = await someone(database, ANA)

    async def best() -> str | None:
        async with database.reading() as db:
            entry = await service.find_best_lesson(db, owner=ana)
            return entry.lesson if entry else None

    assert await best() is None
    await logged(database, ana, lesson="old final")
    assert await best() == "old final"
    await logged(database, ana, stage=Stage.SCREENING, lesson="screening", minutes=1)
    assert await best() == "screening"
    await logged(database, ana, lesson="last final", minutes=2)
    assert await best() == "old final"
    await logged(database, ana, stage=Stage.NO_REPLY, minutes=3)
    assert await best() == "last final"
