"""What comes round every week comes once on each date: through changes, silence, and many processes."""

import asyncio
import logging
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from db.schedules import (
    Occurrence,
    Schedule,
    change_schedule,
    coming,
    delete_schedules_of,
    schedules_of,
    stop_schedule,
    tick,
)
from tests.bot.engine.conftest import Bench, open_bench

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


async def change(bench: Bench, schedule_id: UUID, weekdays: list[int], at: time, zone: str) -> None:
    async with bench.database.writing() as db:
        schedule = await db.get_one(Schedule, schedule_id)
        await change_schedule(db, schedule, weekdays=weekdays, at=at, zone=zone, now=bench.clock.now())


async def occurrences(bench: Bench) -> list[tuple[date, str]]:
    async with bench.database.reading() as db:
        found = await db.scalars(select(Occurrence).order_by(Occurrence.slot))
        return [(each.slot, each.state.value) for each in found]


async def test_it_comes_each_week_at_its_hour_right_across_daylight_saving(bench: Bench) -> None:
    await bench.schedule(weekdays=[4], at=time(15), zone="Europe/Berlin")
    bench.clock.move(datetime(2027, 3, 20, 12, tzinfo=UTC) - bench.clock.now())
    await bench.catch_up()  # what went by meanwhile is no burst
    bench.sink.messages.clear()
    for expected in (datetime(2027, 3, 26, 14, tzinfo=UTC), datetime(2027, 4, 2, 13, tzinfo=UTC)):
        await bench.catch_up(expected - timedelta(minutes=1) - bench.clock.now())
        before = len(bench.seen)
        await bench.catch_up(timedelta(minutes=1))
        assert len(bench.seen) == before + 1


async def test_a_changed_hour_or_zone_does_not_bring_a_date_twice(bench: Bench) -> None:
    made = await bench.schedule(weekdays=[0], at=time(11), zone="Europe/Berlin")
    await bench.catch_up(HOUR + HOUR)
    assert len(bench.seen) == 1
    await change(bench, made, [0], time(20), "America/New_York")
    await bench.catch_up(DAY)
    assert len(bench.seen) == 1
    await bench.catch_up(WEEK)
    assert len(bench.seen) == 2


async def test_a_change_before_the_hour_moves_the_same_date(bench: Bench) -> None:
    made = await bench.schedule(weekdays=[0], at=time(11), zone="Europe/Berlin")
    await change(bench, made, [0], time(12), "Europe/Berlin")
    await bench.catch_up(HOUR + HOUR)  # 11:00 UTC is 12:00 there
    assert len(bench.seen) == 1
    assert [slot for slot, _ in await occurrences(bench)] == [date(2026, 11, 23)]


async def test_other_days_hold_after_the_last_date(bench: Bench) -> None:
    made = await bench.schedule(weekdays=[0], at=time(11), zone="Europe/Berlin")
    await bench.catch_up(HOUR + HOUR)
    await change(bench, made, [0, 2], time(11), "Europe/Berlin")
    await bench.catch_up(DAY + DAY)
    assert [slot for slot, _ in await occurrences(bench)] == [date(2026, 11, 23), date(2026, 11, 25)]


async def test_late_within_the_grace_is_sent_and_says_so(bench: Bench) -> None:
    await bench.schedule(weekdays=[0], at=time(11), grace_seconds=12 * 3600)
    await bench.catch_up(6 * HOUR)
    assert bench.seen == ["I was away, so this comes 5 hours late. Hello 23"]


async def test_later_than_the_grace_is_skipped_and_weeks_of_silence_are_no_burst(bench: Bench) -> None:
    await bench.schedule(weekdays=[0], at=time(11), grace_seconds=12 * 3600)
    await bench.catch_up(3 * WEEK + DAY)
    assert bench.seen == []
    assert await occurrences(bench) == [(date(2026, 11, 23), "skipped")]
    await bench.catch_up(6 * DAY + HOUR)
    assert len(bench.seen) == 1


async def test_where_each_has_their_own_hour_it_is_due_when_the_date_begins_anywhere(bench: Bench) -> None:
    await bench.schedule(weekdays=[1], at=time(9), zone="America/Los_Angeles", own_hour=True)
    await bench.rhythm.turn()
    assert await occurrences(bench) == []
    await bench.catch_up(HOUR + timedelta(minutes=1))  # Tuesday begins in the earliest zone at 10:00 UTC on Monday
    assert [slot for slot, _ in await occurrences(bench)] == [date(2026, 11, 24)]


async def test_what_is_stopped_or_deleted_does_not_come(bench: Bench) -> None:
    stopped, deleted = await bench.schedule(), await bench.schedule()
    async with bench.database.writing() as db:
        await stop_schedule(db, await db.get_one(Schedule, stopped))
        await delete_schedules_of(db, (await db.get_one(Schedule, deleted)).subject)
    await bench.catch_up(2 * WEEK)
    assert bench.seen == []


async def test_many_processes_make_one_occurrence(bench: Bench) -> None:
    for _ in range(5):
        await bench.schedule(weekdays=[0], at=time(11))
    bench.clock.move(2 * HOUR)
    others = [open_bench(bench.database, bench.sink, clock=bench.clock) for _ in range(4)]
    await asyncio.gather(*(each.rhythm.turn() for each in others))
    await bench.catch_up()
    assert len(bench.seen) == 5
    assert len(await occurrences(bench)) == 5


async def test_a_turn_that_fails_is_tried_again_and_stands_before_no_other(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.schedule(weekdays=[0], at=time(11))
    bench.words[0] = "broken"
    with caplog.at_level(logging.ERROR, "bot"):
        await bench.catch_up(2 * HOUR)
    assert bench.seen == []
    assert [record.fields["reference"] for record in caplog.records]  # type: ignore[attr-defined]  # ours
    assert {record.fields["kind"] for record in caplog.records} == {"bench.weekly"}  # type: ignore[attr-defined]  # as above
    bench.words[0] = "Hello"
    await bench.catch_up(timedelta(minutes=6))
    assert len(bench.seen) == 1


async def test_the_coming_dates_are_shown_as_they_will_be(bench: Bench) -> None:
    made = await bench.schedule(weekdays=[0, 4], at=time(9), zone="Europe/Berlin")
    async with bench.database.reading() as db:
        schedule = await db.get_one(Schedule, made)
        found = coming(schedule, now=bench.clock.now(), count=3)
    assert [each.day for each in found] == [date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 4)]
    assert schedule.next_due_at == found[0].due_at


async def test_new_rules_of_a_zone_move_what_is_coming(bench: Bench) -> None:
    made = await bench.schedule(weekdays=[4])
    async with bench.database.writing() as db:
        right = (await db.get_one(Schedule, made)).next_due_at
        await db.execute(update(Schedule).values(next_due_at=bench.clock.now() + DAY))
    await bench.rhythm.resolve_again()
    async with bench.database.reading() as db:
        assert (await db.get_one(Schedule, made)).next_due_at == right


async def test_schedules_of_one_subject_are_found_by_kind(bench: Bench) -> None:
    made = await bench.schedule()
    async with bench.database.writing() as db:
        schedule = await db.get_one(Schedule, made)
        assert [each.id for each in await schedules_of(db, schedule.subject, kind="bench.weekly")] == [made]
        assert await schedules_of(db, schedule.subject, kind="other") == []
        assert await tick(db, now=bench.clock.now()) == 0
