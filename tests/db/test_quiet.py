"""Whose clock counts for a person, and their quiet hours by it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from db.groups import add_group_member, create_group
from db.members import Person, get_person
from db.places import get_community
from db.quiet import after_quiet, zone_of
from db.session import Database
from tests.db.people import NOW, someone

TOKYO, BERLIN, LIMA = "Asia/Tokyo", "Europe/Berlin", "America/Lima"


async def test_who_told_no_zone_lives_by_the_group_s_clock_and_by_utc_where_there_is_none(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        person = await get_person(db, ana)
        person.zone = None
        assert await zone_of(db, person) == "UTC"
        community = await get_community(db, "slack", "T1", at=NOW)
        for days, (name, zone) in enumerate((("Late", LIMA), ("Early", TOKYO), ("Of others", BERLIN))):
            group = await create_group(db, community_id=community.id, name=name, zone=zone, at=NOW)
            assert group is not None
            if name != "Of others":
                await add_group_member(db, group.id, ana, at=NOW - timedelta(days=days))
        assert await zone_of(db, person) == TOKYO  # she has been there for longest
        assert await zone_of(db, person, group_zone=LIMA) == LIMA
        person.zone = BERLIN
        assert await zone_of(db, person, group_zone=LIMA) == BERLIN


@pytest.mark.parametrize(
    ("own", "hour", "until"),
    [(None, 11, 11), (None, 12, 23), (None, 22, 23), (None, 23, 23), (BERLIN, 12, 12), (BERLIN, 22, 31)],
)
def test_quiet_hours_follow_that_clock(own: str | None, hour: int, until: int) -> None:
    """From 21:00 to 08:00: in Tokyo that is from 12:00 to 23:00 UTC, in Berlin in winter from 20:00 to 07:00."""
    person = Person(zone=own, quiet_from=time(21), quiet_until=time(8))
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    moved = after_quiet(midnight + timedelta(hours=hour), person, elsewhere=TOKYO)
    assert moved == midnight + timedelta(hours=until)
