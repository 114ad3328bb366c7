"""What is kept of a member's check-ins as a whole, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from cogs.checkins import extensions, records
from cogs.checkins.extensions import checkins
from cogs.checkins.tables import Answer, Round
from db.base import Table
from db.groups import add_group_member
from db.session import Database
from tests.cogs.checkins.rows import everything
from tests.db.people import ANA, BEN, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
OWNED = [
    mapper.class_
    for mapper in Table.registry.mappers
    if mapper.class_.__tablename__.startswith("checkin") and hasattr(mapper.class_, "person_id")
]


async def count(database: Database, person_id: object) -> dict[str, int]:
    async with database.reading() as db:
        return {
            each.__tablename__: await db.scalar(
                select(func.count()).select_from(each).where(each.person_id == person_id)
            )
            or 0
            for each in OWNED
        }


async def test_each_row_of_a_member_is_exported_and_none_is_left_after_deletion(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    async with database.writing() as db:
        await everything(db, ana, at=NOW)
        await everything(db, ben, at=NOW, name="Hill")
    mine, theirs = await count(database, ana), await count(database, ben)
    assert all(mine.values()), mine
    async with database.reading() as db:
        parts = [await export(db, ana) for export in checkins.extensions.export]
        assert sum(part.count for part in parts) == sum(mine.values())
        for part in parts:
            found = [record async for record in part.records]
            assert len(found) == part.count
    async with database.writing() as db:
        await extensions.erase(db, ana)
    assert not any((await count(database, ana)).values())
    assert await count(database, ben) == theirs


async def test_answers_go_after_six_months_and_not_before_their_member_was_told(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        group = await everything(db, ana, at=NOW)
        await add_group_member(db, group.id, ana, at=NOW)

    async def tidied(after: timedelta) -> tuple[int, int]:
        async with database.writing() as db:
            await extensions.tidy(db, NOW + after)
            answers = await db.scalar(select(func.count()).select_from(Answer))
            return answers or 0, await db.scalar(select(func.count()).select_from(Round)) or 0

    assert await tidied(records.KEPT - records.REMINDED - DAY) == (1, 1)
    async with database.reading() as db:
        assert await db.scalar(select(Answer.reminded_at)) is None
    late = records.KEPT + DAY  # the bot was away when they should have been told
    assert await tidied(late) == (1, 1)
    assert await tidied(late + records.REMINDED - DAY) == (1, 1)
    assert await tidied(late + records.REMINDED) == (0, 0)


async def test_a_member_is_told_once_of_all_that_goes_in_the_next_weeks(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        await everything(db, ana, at=NOW)
        await everything(db, ana, at=NOW + 14 * DAY, name="Hill")
        soon = NOW + records.KEPT - records.REMINDED
        assert await records.remind(db, now=soon - DAY) == []
        assert await records.remind(db, now=soon) == [ana]
        assert await records.remind(db, now=soon + 14 * DAY) == []
        assert await records.find_first_to_go(db, owner=ana, now=soon) == NOW + records.KEPT
