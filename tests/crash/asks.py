"""A feature like the weekly check-in: each group's hour asks each of its members, once, in a place of their own."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from bot.call import Call, Run
from bot.cards import Actions, Card, Style, Text, say
from bot.feature import Feature
from bot.turn import Turn
from db.schedules import create_schedule
from db.session import Database

APPLICATION: Final = "900000000000000002"
TEAM: Final = "T1"
DISCORD, SLACK = f"discord:{APPLICATION}", f"slack:{TEAM}"
MEMBERS: Final = 50
"""Of one group; its groups are on the two platforms by turns."""
GRACE_SECONDS: Final = 12 * 3600
_FIRST_CHANNEL: Final = 100_000_000_000_000_000

asks = Feature("asks", "Asked once a week how it went.")


@asks.action()
async def answer(call: Call, number: int, mood: int) -> Card:
    return Card((Text(say("Noted: {mood}", mood=mood)),))


@asks.job()
async def ask(run: Run, number: int) -> Card:
    buttons = tuple(answer.button(f"{mood}", Style.PLAIN, number, mood) for mood in range(1, 6))
    words = say("A short look at your week. How did it go? Number {number}", number=number)
    return Card((Text(words), Actions(buttons)), title=say("Your check-in"), private=False)


@asks.schedule("asks.weekly")
async def weekly(turn: Turn) -> None:
    group = turn.subject.int
    for member in range(MEMBERS):
        number = group * MEMBERS + member
        await turn.post(
            destination_of(number), ask.call(number), at=turn.due_at, key=f"asks:{group}:{turn.slot}:{member}"
        )


def destination_of(number: int) -> str:
    """Where a member is asked."""
    if number // MEMBERS % 2:
        return f"{SLACK}:D{number:08}"
    return f"{DISCORD}:{_FIRST_CHANNEL + number}"


async def make_groups(database: Database, count: int, *, now: datetime | None = None) -> None:
    """Groups whose hour has come a minute ago."""
    hour = (now or datetime.now(UTC)).replace(second=0, microsecond=0) - timedelta(minutes=1)
    async with database.writing() as db:
        for group in range(count):
            await create_schedule(
                db,
                kind="asks.weekly",
                subject=UUID(int=group),
                weekdays=[hour.weekday()],
                at=hour.time(),
                zone="UTC",
                grace_seconds=GRACE_SECONDS,
                now=hour - timedelta(minutes=1),
            )
