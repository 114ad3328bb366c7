"""The rules of applications, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from bot.errors import Gone
from cogs.applications import figures, service
from cogs.applications.figures import Stop
from cogs.applications.service import Content, Shown
from cogs.applications.tables import Application, Method, Stage
from db import entries
from db.session import Database
from tests.db.people import ANA, BEN, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
EDITOR = b"a fingerprint of the account"
ACME = Content("Acme", TODAY, "Shift lead", "Their website", Method.EMAIL, "Ms Reyes", "They seemed kind")


async def noted(database: Database, owner: UUID, content: Content = ACME, *stages: Stage) -> UUID:
    """An application that moves on by a day with each stage."""
    async with database.writing() as db:
        entry = await service.create(db, owner=owner, content=content, at=NOW)
        for number, stage in enumerate(stages, start=1):
            on = content.applied_on + timedelta(days=number)
            await service.change_stage(db, entry, stage=stage, on=on, at=NOW)
        return entry.id


async def test_an_application_reads_back_as_it_was_written(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await noted(database, ana)
    async with database.reading() as db:
        entry = await service.get(db, entry_id, owner=ana)
        assert Content.of(entry) == ACME
        assert (entry.stage, entry.furthest, entry.moved_on, entry.version) == (Stage.APPLIED, Stage.APPLIED, TODAY, 1)
        assert [(each.number, each.stage) for each in await service.find_moves(db, entry)] == [(1, Stage.APPLIED)]


async def test_an_application_is_its_owners_alone(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    entry_id = await noted(database, ana, replace(ACME, applied_on=TODAY - timedelta(days=30)))
    async with database.reading() as db:
        for stranger, which in ((ben, entry_id), (ana, uuid4())):
            with pytest.raises(Gone):
                await service.get(db, which, owner=stranger)
        assert not await service.find_newest(db, owner=ben, today=TODAY, limit=5)
        assert not await service.count_stages(db, owner=ben)
        assert not await service.count_between(db, owner=ben, since=None, until=None)
        assert not [each async for each in service.find_between(db, owner=ben, since=None, until=None)]
        assert not [each async for each in service.find_all(db, owner=ben)]
        assert not await service.find_unended(db, owner=ben, company="Acme")
        assert await service.find_quietest(db, owner=ben, today=TODAY) is None
        assert not any(week.applications for week in await figures.count_weeks(db, owner=ben, today=TODAY))


async def test_each_stage_has_its_day_and_the_newest_can_be_taken_back(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await noted(database, ana, ACME, Stage.SCREENING, Stage.REJECTED)
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        moves = await service.find_moves(db, entry)
        assert [each.happened_on.day for each in moves] == [23, 24, 25]
        assert (entry.stage, entry.furthest) == (Stage.REJECTED, Stage.SCREENING)
        for stage in (Stage.SCREENING, Stage.APPLIED):
            assert await service.change_stage_back(db, entry, at=NOW)
            assert (entry.stage, entry.furthest) == (stage, stage)
        assert entry.moved_on == TODAY
        assert await service.change_stage_back(db, entry, at=NOW) is None


async def test_history_never_runs_backwards(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await noted(database, ana)
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        made = await service.change_stage(db, entry, stage=Stage.FINAL, on=TODAY - timedelta(days=1), at=NOW)
        assert made.happened_on == TODAY


async def test_how_far_it_came_may_be_known_only_at_its_end_and_is_forgotten_with_it(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await noted(database, ana)
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        await service.change_stage(db, entry, stage=Stage.REJECTED, reached=Stage.FINAL, on=TODAY, at=NOW)
        known = entry.furthest
        await service.change_stage_back(db, entry, at=NOW)
        assert (known, entry.furthest) == (Stage.FINAL, Stage.APPLIED)


async def test_only_open_ones_become_quiet_after_21_days_without_news(database: Database) -> None:
    ana = await someone(database, ANA)
    old = replace(ACME, applied_on=TODAY - timedelta(days=21))
    quiet = await noted(database, ana, old)
    await noted(database, ana, replace(old, applied_on=TODAY - timedelta(days=20)))
    await noted(database, ana, replace(old, applied_on=TODAY - timedelta(days=90)), Stage.GHOSTED)
    async with database.writing() as db:
        found = await service.find_quietest(db, owner=ana, today=TODAY)
        assert found is not None
        assert found.id == quiet
        assert await service.count(db, owner=ana, today=TODAY, shown=Shown.QUIET) == 1
        made = await service.change_stage(db, found, stage=Stage.APPLIED, on=TODAY, at=NOW)
        assert not made.is_news
        assert await service.find_quietest(db, owner=ana, today=TODAY) is None


async def test_lists_show_what_is_asked_for(database: Database) -> None:
    ana = await someone(database, ANA)
    await noted(database, ana)
    await noted(database, ana, replace(ACME, applied_on=TODAY - timedelta(days=40)))
    await noted(database, ana, ACME, Stage.OFFER)
    async with database.reading() as db:
        counts = [await service.count(db, owner=ana, today=TODAY, shown=shown) for shown in Shown]
        assert counts == [3, 2, 1, 1]
        assert await service.count_stages(db, owner=ana) == {Stage.APPLIED: 2, Stage.OFFER: 1}


@pytest.mark.parametrize("typed", ["acme  ltd", " ACME LTD", "Acme\u00a0Ltd"])
async def test_a_company_is_known_again_whatever_its_case_and_spaces(database: Database, typed: str) -> None:
    ana = await someone(database, ANA)
    await noted(database, ana, replace(ACME, company="Acme Ltd"))
    await noted(database, ana, replace(ACME, company="Acme"))
    await noted(database, ana, replace(ACME, company="Acme Ltd"), Stage.REJECTED)
    async with database.reading() as db:
        (found,) = await service.find_unended(db, owner=ana, company=typed)
        assert found.company == "Acme Ltd"


async def test_a_change_gives_a_draft_that_changes_it_back(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await noted(database, ana)
    new = Content("Beta", TODAY - timedelta(days=2))
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        draft_id = await service.change(db, entry, content=new, editor=EDITOR, at=NOW)
        assert draft_id is not None
        assert (Content.of(entry), entry.moved_on) == (new, new.applied_on)
        assert await service.change(db, entry, content=new, editor=EDITOR, at=NOW) is None
    async with database.writing() as db:
        entry = await service.get(db, entry_id, owner=ana)
        with pytest.raises(Gone):
            await service.change_back(db, entry, draft_id=draft_id, editor=b"somebody else", at=NOW)
        await service.change_back(db, entry, draft_id=draft_id, editor=EDITOR, at=NOW)
        assert (Content.of(entry), entry.moved_on) == (ACME, TODAY)


async def test_a_draft_of_another_application_is_not_written_here(database: Database) -> None:
    ana = await someone(database, ANA)
    first, second = await noted(database, ana), await noted(database, ana)
    async with database.writing() as db:
        entry = await service.get(db, first, owner=ana)
        draft_id = await service.change(db, entry, content=replace(ACME, role=None), editor=EDITOR, at=NOW)
        assert draft_id is not None
        other = await service.get(db, second, owner=ana)
        with pytest.raises(Gone):
            await service.change_back(db, other, draft_id=draft_id, editor=EDITOR, at=NOW)


async def test_a_deleted_one_is_on_no_list_in_no_number_and_gone_after_a_day(database: Database) -> None:
    ana = await someone(database, ANA)
    entry_id = await noted(database, ana, replace(ACME, applied_on=TODAY - timedelta(days=40)), Stage.FINAL)
    async with database.writing() as db:
        await entries.delete(db, await service.get(db, entry_id, owner=ana), at=NOW)
    async with database.writing() as db:
        assert not await service.find_newest(db, owner=ana, today=TODAY, limit=5)
        assert not await service.find_companies(db, owner=ana, today=TODAY, typed="")
        assert not await service.count_between(db, owner=ana, since=None, until=None)
        weeks = await figures.count_weeks(db, owner=ana, today=TODAY)
        assert not any(week.applications or week.interviews for week in weeks)
        assert await service.count_all(db, owner=ana) == 1
        await entries.delete_expired(db, Application, now=NOW + timedelta(hours=23))
        await service.get(db, entry_id, owner=ana)
        await entries.delete_expired(db, Application, now=NOW + timedelta(hours=24))
    async with database.reading() as db:
        with pytest.raises(Gone):
            await service.get(db, entry_id, owner=ana)


async def test_two_of_one_company_and_day_have_two_names(database: Database) -> None:
    ana = await someone(database, ANA)
    await noted(database, ana)
    await noted(database, ana)
    async with database.reading() as db:
        names = await service.find_names(db, owner=ana, today=TODAY)
        assert list(names) == ["Acme · 23 Nov 2026", "Acme · 23 Nov 2026 (2)"]
        assert len(await service.find_by_name(db, owner=ana, today=TODAY, name="ACME")) == 2
        assert len(await service.find_by_name(db, owner=ana, today=TODAY, name="acme · 23 nov 2026 (2)")) == 1


async def test_weeks_begin_on_monday_and_count_what_was_reached(database: Database) -> None:
    ana = await someone(database, ANA)
    monday = TODAY
    for day in (monday - timedelta(weeks=12, days=1), monday - timedelta(days=1), monday):
        await noted(database, ana, replace(ACME, applied_on=day))
    await noted(
        database, ana, replace(ACME, applied_on=monday - timedelta(weeks=2)), Stage.FIRST_INTERVIEW, Stage.FINAL
    )
    waits = await noted(database, ana, replace(ACME, applied_on=monday - timedelta(weeks=3)), Stage.FINAL)
    async with database.writing() as db:
        entry = await service.get(db, waits, owner=ana)
        await service.change_stage(db, entry, stage=Stage.FINAL, on=monday, at=NOW)
    async with database.reading() as db:
        weeks = await figures.count_weeks(db, owner=ana, today=monday + timedelta(days=6))
    assert len(weeks) == 12
    assert weeks[-1].begins == monday
    assert [week.applications for week in weeks[-4:]] == [1, 1, 1, 1]
    assert [week.interviews for week in weeks[-4:]] == [1, 2, 0, 0]
    assert sum(week.applications for week in weeks) == 4


async def test_stops_are_where_the_closed_ones_had_come(database: Database) -> None:
    ana = await someone(database, ANA)
    for stages in (
        (Stage.REJECTED,),
        (Stage.GHOSTED,),
        (Stage.SCREENING, Stage.REJECTED),
        (Stage.SCREENING, Stage.FINAL, Stage.WITHDRAWN),
        (Stage.FINAL, Stage.OFFER),
        (Stage.FINAL,),
    ):
        await noted(database, ana, ACME, *stages)
    async with database.reading() as db:
        ends = await figures.count_stops(db, owner=ana)
    assert (ends.closed, ends.withdrawn, ends.offers) == (5, 1, 1)
    assert ends.stops == [
        Stop(Stage.APPLIED, reached=5, rejected=1, silent=1),
        Stop(Stage.SCREENING, reached=3, rejected=1, silent=0),
        Stop(Stage.FIRST_INTERVIEW, reached=2, rejected=0, silent=0),
        Stop(Stage.FINAL, reached=2, rejected=0, silent=0),
        Stop(Stage.OFFER, reached=1, rejected=0, silent=0),
    ]


async def test_a_period_holds_what_happened_in_it_with_its_whole_history(database: Database) -> None:
    ana = await someone(database, ANA)
    await noted(database, ana, replace(ACME, company="Before", applied_on=date(2026, 10, 1)))
    await noted(database, ana, replace(ACME, company="Across", applied_on=date(2026, 10, 31)), Stage.SCREENING)
    await noted(database, ana, replace(ACME, company="Within", applied_on=date(2026, 11, 2)), Stage.FINAL, Stage.OFFER)
    async with database.reading() as db:
        since, until = date(2026, 11, 1), date(2026, 11, 30)
        found = [each async for each in service.find_between(db, owner=ana, since=since, until=until)]
        assert [(entry.company, len(moves)) for entry, moves in found] == [("Across", 2), ("Within", 3)]
        assert await service.count_between(db, owner=ana, since=since, until=until) == 2
        assert await service.count_between(db, owner=ana, since=None, until=date(2026, 10, 30)) == 1
        assert await service.count_between(db, owner=ana, since=None, until=None) == 3


async def test_an_export_holds_everything_and_erasing_leaves_nothing(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    await noted(database, ana, ACME, Stage.SCREENING)
    await noted(database, ben)
    async with database.writing() as db:
        (record,) = [record async for record in service.find_all(db, owner=ana)]
        assert record["company"] == "Acme"
        assert record["notes"] == "They seemed kind"
        unsaid = {"id", "version", "person_id"}
        assert len(record) == len(Application.__table__.columns) - len(unsaid)
        steps = [record async for record in service.find_all_moves(db, owner=ana)]
        assert [(step["stage"], step["on"]) for step in steps] == [("Applied", TODAY), ("Screening", TODAY + DAY)]
        assert await service.count_all_moves(db, owner=ana) == 2
        await service.delete_all(db, owner=ana)
    async with database.reading() as db:
        assert not await service.count_all(db, owner=ana)
        assert await service.count_all(db, owner=ben) == 1
        assert not await service.count_all_moves(db, owner=ana)
