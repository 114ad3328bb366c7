"""The rules of goals, on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from bot.errors import Gone
from bot.events import Deed
from cogs.goals import proposals, service, standings
from cogs.goals.periods import span_of
from cogs.goals.reading import Bound, Goal, Period, Weekday
from cogs.goals.service import GOALS_AT_MOST, Content, NoRoomError, NotCountedError
from cogs.goals.standings import Standing, rhythm_of
from cogs.goals.tables import Goal as Kept
from cogs.goals.tables import Progress
from db import entries
from db.session import Database
from tests.db.people import ANA, BEN, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
EDITOR = b"a fingerprint of the account"
WEEKLY = Goal("apply to", 5, "job postings", Period.WEEK)
EVENTS = Goal("attend", 2, "networking events", Period.MONTH, bound=Bound.AT_LEAST)
COURSE = Goal("complete", 1, "online course", Period.ONCE, until=date(2027, 1, 23))


async def kept(database: Database, owner: UUID, goal: Goal = WEEKLY, *, today: date = MONDAY) -> UUID:
    async with database.writing() as db:
        made = await service.create(db, owner=owner, goal_id=uuid4(), content=goal, today=today, at=NOW)
        return made.id


async def counted(database: Database, owner: UUID, goal_id: UUID, number: int = 1, *, on: date = MONDAY) -> UUID:
    async with database.writing() as db:
        goal = await service.get(db, goal_id, owner=owner)
        return (await service.add(db, goal, number=number, on=on, at=NOW)).id


async def announced(
    database: Database, owner: UUID, source: UUID, *, deed: Deed = Deed.APPLICATION, on: date = MONDAY
) -> list[UUID]:
    async with database.writing() as db:
        moved = await service.move(db, owner=owner, deed=deed, source=source, on=on, number=1, at=NOW)
        return [goal.id for goal in moved]


async def stands(database: Database, owner: UUID, goal_id: UUID, *, today: date = MONDAY) -> Standing:
    async with database.reading() as db:
        goal = await service.get(db, goal_id, owner=owner)
        (standing,) = await standings.find_standings(db, [goal], today=today)
        return standing


async def rests(database: Database, owner: UUID, goal_id: UUID, *, begins: date, ends: date | None) -> None:
    async with database.writing() as db:
        goal = await service.get(db, goal_id, owner=owner)
        await service.pause(db, goal, today=begins, at=NOW)
        if ends is not None:
            await service.resume(db, goal, today=ends, at=NOW)


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.mark.parametrize(
    "goal",
    [
        WEEKLY,
        EVENTS,
        COURSE,
        Goal("", 3, "calls", Period.WEEKDAYS, weekdays=(Weekday.MONDAY, Weekday.SUNDAY), upper=5),
        Goal("go to the gym", 2, "", Period.FORTNIGHT, starts=date(2026, 12, 1), bound=Bound.UP_TO),
    ],
)
async def test_a_goal_reads_back_as_it_was_said(database: Database, goal: Goal) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana, goal)
    async with database.reading() as db:
        read = service.content_of(await service.get(db, goal_id, owner=ana))
        assert read == replace(goal, starts=goal.starts or MONDAY)


async def test_a_goal_is_its_owners_alone(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    goal_id = await kept(database, ana)
    progress_id = await counted(database, ana, goal_id)
    mine = await kept(database, ben)
    async with database.writing() as db:
        for stranger, which in ((ben, goal_id), (ana, uuid4())):
            assert await service.find(db, which, owner=stranger) is None
            with pytest.raises(Gone):
                await service.get(db, which, owner=stranger)
        own = await service.get(db, mine, owner=ben)
        assert not await service.take_back(db, own, progress_id=progress_id, at=NOW)
        assert [goal.id for goal in await service.find_page(db, owner=ben, limit=5)] == [mine]
        assert await standings.count_week(db, owner=ben, today=MONDAY) == 0
        assert not [record async for record in service.find_progress(db, owner=ben)]
    assert await announced(database, ben, uuid4()) == [mine]
    assert (await stands(database, ana, goal_id)).done == 1


async def test_what_is_done_counts_in_its_own_week(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana, today=MONDAY + days(2))
    for number, on in ((2, MONDAY), (1, MONDAY + days(6)), (4, MONDAY + days(7))):
        await counted(database, ana, goal_id, number, on=on)
    assert (await stands(database, ana, goal_id, today=MONDAY + days(3))).done == 3
    assert (await stands(database, ana, goal_id, today=MONDAY + days(8))).done == 4
    assert (await stands(database, ana, goal_id, today=MONDAY + days(14))).done == 0


async def test_a_count_is_taken_back_once(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana)
    progress_id = await counted(database, ana, goal_id, 3)
    async with database.writing() as db:
        goal = await service.get(db, goal_id, owner=ana)
        version = goal.version
        assert await service.take_back(db, goal, progress_id=progress_id, at=NOW)
        assert goal.version == version + 1
        assert not await service.take_back(db, goal, progress_id=progress_id, at=NOW)
    assert (await stands(database, ana, goal_id)).done == 0


async def test_every_count_makes_the_drawings_before_it_old_ones(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana)
    for version in (2, 3, 4):
        await counted(database, ana, goal_id)
        assert (await stands(database, ana, goal_id)).goal.version == version


@pytest.mark.parametrize("state", ["before", "after", "resting", "finished", "deleted"])
async def test_a_day_outside_of_a_goal_does_not_count(database: Database, state: str) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana, replace(WEEKLY, until=MONDAY + days(9)))
    async with database.writing() as db:
        goal = await service.get(db, goal_id, owner=ana)
        if state == "resting":
            await service.pause(db, goal, today=MONDAY, at=NOW)
        elif state == "finished":
            await service.finish(db, goal, today=MONDAY, at=NOW)
        elif state == "deleted":
            await entries.delete(db, goal, at=NOW)
    on = {"before": MONDAY - days(1), "after": MONDAY + days(10)}.get(state, MONDAY)
    with pytest.raises(NotCountedError):
        await counted(database, ana, goal_id, on=on)
    assert await announced(database, ana, uuid4(), on=on) == []


async def test_one_source_counts_once_for_each_goal_of_its_deed(database: Database) -> None:
    ana = await someone(database, ANA)
    weekly, monthly = await kept(database, ana), await kept(database, ana, replace(WEEKLY, period=Period.MONTH))
    events = await kept(database, ana, EVENTS)
    source = uuid4()
    assert sorted(await announced(database, ana, source)) == sorted([weekly, monthly])
    assert await announced(database, ana, source) == []
    assert await announced(database, ana, uuid4(), deed=Deed.EVENT) == [events]
    for goal_id in (weekly, monthly, events):
        assert (await stands(database, ana, goal_id)).done == 1
    async with database.writing() as db:
        back = await service.move_back(db, owner=ana, source=source, at=NOW)
        assert {goal.id for goal in back} == {weekly, monthly}
        assert not await service.move_back(db, owner=ana, source=source, at=NOW)
    assert (await stands(database, ana, weekly)).done == 0
    assert (await stands(database, ana, events)).done == 1
    assert len(await announced(database, ana, source)) == 2


async def test_two_arrivals_of_one_source_at_once_count_once(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana)
    source = uuid4()
    await asyncio.gather(*(announced(database, ana, source) for _ in range(4)), return_exceptions=True)
    assert (await stands(database, ana, goal_id)).done == 1


async def test_a_stranger_takes_back_nothing_by_its_source(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    goal_id = await kept(database, ana)
    source = uuid4()
    await announced(database, ana, source)
    async with database.writing() as db:
        assert not await service.move_back(db, owner=ben, source=source, at=NOW)
    assert (await stands(database, ana, goal_id)).done == 1


async def test_what_is_done_once_counts_from_its_first_day_however_long_ago(database: Database) -> None:
    ana = await someone(database, ANA)
    long = Goal("send", 100, "messages", Period.ONCE, until=MONDAY + days(1700))
    goal_id = await kept(database, ana, long)
    for ahead in (0, 700, 1600):
        await counted(database, ana, goal_id, 10, on=MONDAY + days(ahead))
    standing = await stands(database, ana, goal_id, today=MONDAY + days(1650))
    assert (standing.done, standing.strength) == (30, None)


async def test_strength_grows_bends_and_waits(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana)
    for week in range(10):
        await counted(database, ana, goal_id, 5, on=MONDAY + days(7 * week))
    strong = (await stands(database, ana, goal_id, today=MONDAY + days(69))).strength
    open_week = (await stands(database, ana, goal_id, today=MONDAY + days(76))).strength
    missed_week = (await stands(database, ana, goal_id, today=MONDAY + days(77))).strength
    assert strong is not None
    assert missed_week is not None
    assert strong == open_week
    assert 0.5 < missed_week < strong


async def test_a_rest_freezes_period_and_strength_and_a_resumed_goal_goes_on(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana)
    for week in range(4):
        await counted(database, ana, goal_id, 3, on=MONDAY + days(7 * week))
    begins = MONDAY + days(23)
    before = await stands(database, ana, goal_id, today=begins)
    await rests(database, ana, goal_id, begins=begins, ends=None)
    resting = await stands(database, ana, goal_id, today=begins + days(100))
    assert (resting.done, resting.span, resting.strength) == (before.done, before.span, before.strength)
    async with database.writing() as db:
        goal = await service.get(db, goal_id, owner=ana)
        await service.resume(db, goal, today=begins + days(100), at=NOW)
    resumed = await stands(database, ana, goal_id, today=begins + days(100))
    assert resumed.strength == before.strength
    assert resumed.done == 0
    # The week in which it went on bends nothing; the first whole week does.
    assert (await stands(database, ana, goal_id, today=begins + days(107))).strength == before.strength
    later = (await stands(database, ana, goal_id, today=begins + days(121))).strength
    assert later is not None
    assert before.strength is not None
    assert later < before.strength


async def test_a_rest_of_no_day_leaves_no_trace_and_an_undone_end_rests_on(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana)
    await rests(database, ana, goal_id, begins=MONDAY, ends=MONDAY)
    async with database.writing() as db:
        assert not await service.find_pauses(db, owner=ana)
        goal = await service.get(db, goal_id, owner=ana)
        await service.rest_again(db, goal, since=MONDAY, today=MONDAY, at=NOW)
        await service.resume(db, goal, today=MONDAY + days(3), at=NOW)
        assert len(await service.find_pauses(db, owner=ana)) == 1
        with pytest.raises(Gone):
            await service.rest_again(db, goal, since=MONDAY - days(9), today=MONDAY + days(3), at=NOW)
        await service.rest_again(db, goal, since=MONDAY, today=MONDAY + days(3), at=NOW)
        assert goal.paused_on == MONDAY
        assert not await service.find_pauses(db, owner=ana)


async def test_a_change_gives_a_draft_that_changes_it_back(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id, other = await kept(database, ana), await kept(database, ana)
    async with database.writing() as db:
        goal = await service.get(db, goal_id, owner=ana)
        before = service.content_of(goal)
        new = replace(before, verb="attend", thing="meetups", quantity=2)
        draft_id = await entries.change(db, goal, Content(new), editor=EDITOR, at=NOW)
        assert draft_id is not None
        assert (goal.version, goal.deed) == (2, Deed.EVENT)
        assert await entries.change(db, goal, Content(new), editor=EDITOR, at=NOW) is None
        another = await service.get(db, other, owner=ana)
        for which, editor in ((goal, b"somebody else"), (another, EDITOR)):
            assert not await entries.change_back(db, which, Content, draft_id=draft_id, editor=editor, at=NOW)
        assert await entries.change_back(db, goal, Content, draft_id=draft_id, editor=EDITOR, at=NOW)
        assert service.content_of(goal) == before
        assert goal.deed is Deed.APPLICATION


async def test_there_is_room_for_twenty_and_every_way_back_minds_it(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    first, second, *_ = [await kept(database, ana) for _ in range(GOALS_AT_MOST)]
    with pytest.raises(NoRoomError):
        await kept(database, ana)
    await kept(database, ben)
    async with database.writing() as db:
        await service.finish(db, await service.get(db, first, owner=ana), today=MONDAY, at=NOW)
        await entries.delete(db, await service.get(db, second, owner=ana), at=NOW)
    await kept(database, ana)
    await kept(database, ana)
    async with database.writing() as db:
        with pytest.raises(NoRoomError):
            await service.take_up_again(db, await service.get(db, first, owner=ana), at=NOW)
        with pytest.raises(NoRoomError):
            await service.undo_delete(db, await service.get(db, second, owner=ana))


async def test_a_finished_goal_stands_still_and_is_taken_up_again(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana)
    await counted(database, ana, goal_id, 5)
    async with database.writing() as db:
        goal = await service.get(db, goal_id, owner=ana)
        await service.finish(db, goal, today=MONDAY, at=NOW)
        assert await standings.count_done(db, goal) == 5
    assert (await stands(database, ana, goal_id, today=MONDAY + days(900))).done == 5
    async with database.writing() as db:
        goal = await service.get(db, goal_id, owner=ana)
        await service.take_up_again(db, goal, at=NOW)
        assert service.takes_today(goal, MONDAY)


async def test_a_deleted_goal_is_off_every_list_and_gone_after_a_day_with_all_of_it(database: Database) -> None:
    ana = await someone(database, ANA)
    goal_id = await kept(database, ana)
    await counted(database, ana, goal_id)
    await rests(database, ana, goal_id, begins=MONDAY, ends=MONDAY + days(2))
    async with database.writing() as db:
        await entries.delete(db, await service.get(db, goal_id, owner=ana), at=NOW)
    async with database.writing() as db:
        assert not await service.find_page(db, owner=ana, limit=5)
        assert not await service.find_unfinished(db, owner=ana, resting=None)
        assert not await service.find_under_way(db, owner=ana, today=MONDAY)
        assert await service.count(db, owner=ana) == 0
        await entries.delete_expired(db, Kept, now=NOW + timedelta(hours=23))
        assert await service.find(db, goal_id, owner=ana)
        await entries.delete_expired(db, Kept, now=NOW + timedelta(hours=24))
    async with database.reading() as db:
        assert await service.find(db, goal_id, owner=ana) is None
        assert await service.count_progress(db, owner=ana) == 0
        assert not await service.find_pauses(db, owner=ana)


async def test_an_export_holds_everything_and_erasing_leaves_nothing(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    goal_id, bens = await kept(database, ana), await kept(database, ben)
    await counted(database, ana, goal_id, 2)
    await announced(database, ana, uuid4())
    await counted(database, ben, bens)
    await rests(database, ana, goal_id, begins=MONDAY, ends=MONDAY + days(2))
    async with database.writing() as db:
        (record,) = [record async for record in service.find_all(db, owner=ana)]
        assert (record["what to do"], record["what is counted"], record["how many"]) == ("apply to", "job postings", 5)
        assert len(record) == len(Kept.__table__.columns) - len({"id", "version", "person_id"})
        done = [record async for record in service.find_progress(db, owner=ana)]
        assert {each["goal"] for each in done} == {"apply to job postings"}
        assert sorted((each["count"], each["counted from another entry"]) for each in done) == [(1, True), (2, False)]
        (pause,) = await service.find_pauses(db, owner=ana)
        assert (pause["from"], pause["to"]) == (MONDAY, MONDAY + days(2))
        await entries.delete_all(db, Kept, owner=ana)
    async with database.reading() as db:
        assert not await service.count(db, owner=ana, deleted_too=True)
        assert not await service.count_progress(db, owner=ana)
        assert await service.count_progress(db, owner=ben) == 1


async def test_ten_thousand_counts_are_added_up_by_the_database(database: Database) -> None:
    """A few statements, and a row for each day: not one for each count."""
    ana = await someone(database, ANA)
    goal_ids = [await kept(database, ana) for _ in range(4)]
    when = [(goal_ids[each % 4], MONDAY + days(each % 700)) for each in range(10_000)]
    same = {"person_id": ana, "count": 1, "created_at": NOW}
    rows = [{"id": uuid4(), "goal_id": goal_id, "on": on, **same} for goal_id, on in when]
    async with database.writing() as db:
        for start in range(0, len(rows), 1000):
            await db.execute(insert(Progress), rows[start : start + 1000])
    today = MONDAY + days(699)
    async with database.reading() as db:
        goals = await service.find_page(db, owner=ana, limit=20)
        stand = await standings.find_standings(db, goals, today=today)
        monday = span_of(rhythm_of(goals[0]), today).first
        assert sum(each.done for each in stand) == sum(monday <= on <= today for _, on in when)
        assert all(each.strength and each.strength > 0.5 for each in stand)
        assert len(db.identity_map) == len(goals), "no count was loaded on its own"


async def test_a_goal_on_its_way_is_ones_own_and_each_change_is_a_new_turn(database: Database) -> None:
    async with database.writing() as db:
        first = await proposals.create(db, "apply to jobs", editor=EDITOR, at=NOW)
        second = await proposals.change(db, first, WEEKLY, editor=EDITOR, at=NOW)
        assert (second.id, second.turn) == (first.id, 2)
        assert await proposals.get(db, first.id, editor=EDITOR, at=NOW) == second
        for editor, at in ((b"somebody else", NOW), (EDITOR, NOW + timedelta(minutes=16))):
            with pytest.raises(Gone):
                await proposals.get(db, first.id, editor=editor, at=at)


async def test_goals_set_at_one_instant_are_listed_in_the_order_they_were_set_in(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    others = await kept(database, ben)
    made = [await kept(database, ana) for _ in range(6)]
    async with database.reading() as db:
        assert [goal.id for goal in await service.find_page(db, owner=ana, limit=9)] == made[::-1]
        assert (await service.get(db, others, owner=ben)).created_at == NOW
