"""One database with all that many groups leave in it in twelve weeks, for the benchmark and the test of plans."""

from collections.abc import Sequence
from typing import Final

from cogs.goals.remind import GRACE, Reminder
from db.keyring import Keyring
from db.migrate import migrate
from db.schedules import Schedule
from db.wall_clock import slots
from tests.load.filling import Filling, fill
from tests.load.pasts import live
from tests.load.people import NOW, Circle, Size, Somebody, settle
from tests.load.weeks import meet

SEED: Final = 4


async def populate(url: str, keyring: Keyring, size: Size) -> Sequence[Circle]:
    """Migrates the database, and fills it; the same size makes the same people with the same past."""
    await migrate(url)
    circles: list[Circle] = []

    def tell(filling: Filling) -> None:
        circles.extend(settle(filling, size))
        for circle in circles:
            meet(filling, circle)
            for somebody in circle.members:
                live(filling, circle, somebody)
                if filling.random.random() < 0.1:
                    _remind(filling, somebody)

    fill(url, keyring, seed=SEED, tell=tell)
    return circles


def _remind(filling: Filling, somebody: Somebody) -> None:
    """What they chose to be reminded of."""
    for reminder in Reminder:
        zone = somebody.zone or "UTC"
        coming = next(slots(reminder.weekdays, reminder.at, zone, after=NOW))
        filling.add(
            Schedule, kind=reminder.value, subject=somebody.person, person_id=somebody.person, at=reminder.at,
            weekdays=[*reminder.weekdays], zone=zone, grace_seconds=int(GRACE.total_seconds()), next_slot=coming.day,
            next_due_at=coming.due_at,
        )  # fmt: skip
