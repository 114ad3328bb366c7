"""Who told no time zone is asked and reminded by the group's clock, and never in its night."""

import pytest

from db.groups import Group
from db.members import Role, get_person
from tests.cogs.checkins.conftest import Weeks

TOKYO = "Asia/Tokyo"


@pytest.fixture
async def far(weeks: Weeks) -> Weeks:
    """The group lives in Tokyo, and Kim, who chose direct messages, told no zone. It is Monday, 18:00 there."""
    async with weeks.world.app.database.writing() as db:
        (await db.get_one(Group, weeks.group_id)).zone = TOKYO
    await weeks.join("kim", direct=True)
    async with weeks.world.app.database.writing() as db:
        (await get_person(db, await weeks.person("kim"))).zone = None
    fay = await weeks.join("fay", zone=TOKYO, role=Role.FACILITATOR)
    await fay.say("lead checkin")
    await fay.press("Looks right")
    fay.see("It is on")
    return weeks


async def test_the_question_comes_at_the_group_s_hour_and_the_reminder_not_at_its_night(far: Weeks) -> None:
    # Monday, 09:00 in Tokyo; by UTC that is midnight, when nobody is written to first.
    await far.until(29, 23, 59)
    asked = len(far.direct("kim"))
    await far.until(30, 0)
    assert len(far.direct("kim")) == asked + 1
    # 80 % of two days later it is 23:24 there, so it waits until 08:00.
    await far.until(1, 22, 59, month=12)
    assert len(far.direct("kim")) == asked + 1
    await far.until(1, 23, month=12)
    assert len(far.direct("kim")) == asked + 2
