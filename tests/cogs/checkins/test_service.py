"""The rules of check-ins, on both databases."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Gone
from cogs.checkins import rounds, service, setups, shares, wishes
from cogs.checkins.setups import default_setup
from cogs.checkins.tables import Bank, Kind, Mood, Round, SummaryTo
from db.groups import add_group_member
from db.members import Person, Role
from db.quiet import is_quiet
from db.session import Database
from tests.cogs.checkins.rows import EDITOR, answered, everything, new_group, new_round
from tests.db.people import ANA, BEN, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MONDAY = NOW.date()
DAY = timedelta(days=1)
ZONES = sorted(available_timezones())


async def test_a_round_and_what_is_in_it_are_there_for_its_group_alone(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    async with database.writing() as db:
        group = await new_group(db, at=NOW - DAY)
        await add_group_member(db, group.id, ana, at=NOW)
        found = await new_round(db, group, slot=MONDAY, at=NOW)
        line_id = await answered(db, found, ana, at=NOW)
        answer = await service.find_answer(db, found.id, owner=ana)
        assert answer is not None
        for stranger in (ben, uuid4()):
            for refused in (
                rounds.get_round(db, found.id, person_id=stranger),
                service.get_answer(db, answer.id, owner=stranger),
                shares.find_own_line(db, line_id, owner=stranger),
                shares.find_shared_line(db, line_id, reader=stranger),
                shares.take_help_back(db, uuid4(), helper=stranger),
            ):
                with pytest.raises(Gone):
                    await refused
            assert await service.find_planned(db, found, owner=stranger) is None
            assert await service.find_newest(db, owner=stranger, limit=5) == []
        assert await service.find_answer(db, found.id, owner=ben) is None


async def test_each_answer_has_one_row_however_often_it_is_tapped_and_keeps_its_lines(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        group = await new_group(db, at=NOW - DAY)
        await add_group_member(db, group.id, ana, at=NOW)
        found = await new_round(db, group, slot=MONDAY, at=NOW)
        await answered(db, found, ana, at=NOW)
        assert await service.feel(db, found, owner=ana, mood=Mood.LOW, at=NOW) is Mood.GOOD
        assert not await service.skip(db, found, owner=ana, at=NOW)
        answer = await service.find_answer(db, found.id, owner=ana)
        assert answer is not None
        assert [said.line.words for said in await shares.find_lines(db, answer)][1] == "Two portfolios"
        assert not await service.feel_back(db, found, owner=ana, version=answer.version - 1, mood=None)
        assert await service.feel_back(db, found, owner=ana, version=answer.version, mood=Mood.GOOD)
        assert answer.mood is Mood.GOOD
        texts = (None, None, "Another ask")
        draft = await service.write(db, found, owner=ana, texts=texts, editor=EDITOR, at=NOW)
        assert draft is not None
        [said] = await shares.find_lines(db, answer)
        assert (said.line.words, said.line.shared_at) == ("Another ask", None)
        assert await service.write(db, found, owner=ana, texts=texts, editor=EDITOR, at=NOW) is None
        with pytest.raises(Gone):
            await service.write_back(db, found, owner=ana, draft_id=draft, editor=b"another account", at=NOW)
        await service.write_back(db, found, owner=ana, draft_id=draft, editor=EDITOR, at=NOW)
        assert len(await shares.find_lines(db, answer)) == 3


async def test_a_line_on_how_one_is_cannot_be_shared(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        await everything(db, ana, at=NOW)
        [(answer, _)] = await service.find_newest(db, owner=ana, limit=5)
        [word] = [said for said in await shares.find_lines(db, answer) if said.question is Bank.WORD]
        with pytest.raises(Gone):
            await shares.share(db, word, at=NOW)


async def test_a_round_keeps_the_questions_it_was_made_with(database: Database) -> None:
    async with database.writing() as db:
        group = await new_group(db, at=NOW - DAY)
        found = await new_round(db, group, slot=MONDAY, at=NOW)
        setup = default_setup("Europe/Berlin")
        asks = {Kind.PLAN: (Bank.STEP, "What made you laugh?"), Kind.REVIEW: ()}
        changed = setups.Setup(setup.zone, setup.times, asks, 30, SummaryTo.NOBODY)
        await setups.change(db, group, setup=changed, at=NOW + DAY)
        assert [each.bank for each in await rounds.find_questions_of(db, found)] == [Bank.WORD, Bank.FOCUS, Bank.ASK]
        assert await setups.find_setup(db, group) == changed
        later = await new_round(db, group, slot=MONDAY + 7 * DAY, at=NOW + 7 * DAY)
        assert [each.words for each in await rounds.find_questions_of(db, later)] == [None, "What made you laugh?"]
        assert later.closes_at - later.opens_at == timedelta(hours=30)


async def test_a_round_is_there_once_and_is_counted_once(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        group = await new_group(db, at=NOW - DAY)
        await add_group_member(db, group.id, ana, at=NOW)
        found = await new_round(db, group, slot=MONDAY, at=NOW)
        checkin = await setups.find_checkin(db, group.id)
        assert checkin is not None
        again = await rounds.create_round(
            db, checkin, kind=Kind.PLAN, slot=MONDAY, at=time(11), zone="Asia/Tokyo", now=NOW
        )
        assert again is None
        await answered(db, found, ana, at=NOW)
        closed = await rounds.close(db, found.id, now=found.closes_at)
        assert closed is not None
        assert (closed.members, closed.answered) == (1, 1)
        assert await rounds.close(db, found.id, now=found.closes_at) is None


async def test_who_leads_a_group_and_who_does_not(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    async with database.writing() as db:
        here = await new_group(db, at=NOW)
        there = await new_group(db, at=NOW, community="elsewhere")
        await add_group_member(db, here.id, ana, at=NOW, role=Role.FACILITATOR)
        await add_group_member(db, here.id, ben, at=NOW)
        for person, role, community, led in (
            (ana, Role.MEMBER, here.community_id, [here]),
            (ana, Role.MEMBER, None, [here]),
            (ana, Role.MEMBER, there.community_id, []),
            (ben, Role.MEMBER, here.community_id, []),
            (ben, Role.FACILITATOR, here.community_id, []),
            (ben, Role.MODERATOR, here.community_id, [here]),
            (ben, Role.ADMIN, there.community_id, [there]),
            (ben, Role.ADMIN, None, []),
        ):
            assert await service.find_led(db, person, role=role, community_id=community) == led


async def test_a_pause_takes_one_to_eight_weeks_and_is_forgotten_after_it(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        group = await new_group(db, at=NOW)
        for weeks in (0, 9):
            with pytest.raises(ValueError, match="1 to 8"):
                await wishes.pause(db, owner=ana, group_id=group.id, weeks=weeks, at=NOW)
        until = await wishes.pause(db, owner=ana, group_id=group.id, weeks=8, at=NOW)
        assert until == NOW + 56 * DAY
        assert await wishes.is_away(db, owner=ana, group_id=group.id, now=until - DAY)
        assert not await wishes.is_away(db, owner=ana, group_id=group.id, now=until)
        await wishes.delete_over(db, now=until)
        assert await wishes.find_pauses(db, owner=ana, now=NOW) == []


@pytest.mark.parametrize(
    ("number", "of", "seen"),
    [(4, 4, None), (5, 5, 5), (5, 6, None), (5, 9, None), (5, 10, 5), (9, 14, 9), (12, 13, None), (None, 8, None)],
)
def test_a_number_of_people_is_shown_where_it_finds_nobody_out(number: int | None, of: int, seen: int | None) -> None:
    assert rounds.shown(number, of=of) == seen


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    own=st.none() | st.sampled_from(ZONES),
    slot=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    at=st.builds(time, st.integers(0, 23), st.sampled_from((0, 30))),
    quiet=st.tuples(st.integers(0, 23), st.integers(0, 23)),
)
def test_nobody_is_asked_in_their_quiet_hours_nor_before_the_hour_nor_a_day_late(
    zone: str, own: str | None, slot: date, at: time, quiet: tuple[int, int]
) -> None:
    person = Person(zone=own, quiet_from=time(quiet[0]), quiet_until=time(quiet[1]))
    found = Round(kind=Kind.PLAN, slot=slot, at=at, zone=zone)
    moment = rounds.moment_for(found, person)
    hour = datetime.combine(slot, at, ZoneInfo(own or zone)).astimezone(UTC)
    local = moment.astimezone(ZoneInfo(own or zone)).time()
    assert not is_quiet(local, quiet_from=person.quiet_from, quiet_until=person.quiet_until)
    assert hour <= moment < hour + timedelta(hours=26)
