"""What is counted in the end: what arrived, beside what the database believes, and the promises held against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from db.jobs import MISSED, OPEN, Job, JobState
from db.session import Database
from tests.crash.asks import DISCORD, SLACK
from tests.crash.receiving import Receiving


@dataclass(frozen=True, slots=True)
class Counted:
    """One platform's share."""

    asked: int
    lost: int
    """Did not arrive."""
    unreported: int
    """Did not arrive, and nobody is told."""
    doubled: int
    uncertain: int
    """Reported as perhaps not delivered."""
    given_up: int
    """Dead or expired."""
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one scenario went. `doubtful` is how many Slack messages could be in doubt at most; `early` see Receiving."""

    name: str
    counted: Mapping[str, Counted]
    deliveries: int
    doubtful: int
    early: int
    seconds: float
    strange: int = 0
    """Calls that sending a message has no use for."""
    once: bool = False
    """Nothing may be tried a second time."""
    silent: int = 0
    """Late, and did not say so."""

    def broken(self) -> Iterator[str]:
        """Each promise that was not kept, in words."""
        discord, slack = self.counted[DISCORD], self.counted[SLACK]
        asked = discord.asked + slack.asked
        for words, found, allowed in (
            ("asked for", self.deliveries - asked, 0),
            ("lost on Discord", discord.lost, 0),
            ("doubled on Discord", discord.doubled, 0),
            ("uncertain or given up on Discord, though it can be asked", discord.uncertain + discord.given_up, 0),
            ("doubled on Slack", slack.doubled, 0),
            ("lost on Slack and not reported", slack.unreported, 0),
            ("given up on Slack", slack.given_up, 0),
            ("uncertain on Slack", slack.uncertain, self.doubtful),
            ("called before the time to wait was over", self.early, 0),
            ("called for something else", self.strange, 0),
            ("late without saying so", self.silent, 0),
            ("tried again", discord.attempts + slack.attempts - asked if self.once else 0, 0),
        ):
            if found > allowed:
                yield f"{self.name}: {words}: {found}, at most {allowed}"


async def count(database: Database, receiving: Receiving) -> dict[str, Counted]:
    """By lane."""
    async with database.reading() as db:
        rows = (await db.execute(select(Job.lane, Job.destination, Job.state, Job.attempts))).all()
    counted = {}
    for lane in (DISCORD, SLACK):
        mine = [row for row in rows if row.lane == lane]
        lost = [row for row in mine if not receiving.messages.get(row.destination)]
        counted[lane] = Counted(
            asked=len(mine),
            lost=len(lost),
            unreported=sum(row.state not in MISSED for row in lost),
            doubled=sum(max(0, len(receiving.messages.get(row.destination, ())) - 1) for row in mine),
            uncertain=sum(row.state is JobState.UNCERTAIN for row in mine),
            given_up=sum(row.state in {JobState.DEAD, JobState.EXPIRED} for row in mine),
            attempts=sum(row.attempts for row in mine),
        )
    return counted


async def count_over(database: Database) -> int:
    """How many deliveries are done or given up; 0 while the database does not answer."""
    over = select(func.count()).where(Job.destination.is_not(None), Job.state.not_in(OPEN))
    try:
        async with database.reading() as db:
            return await db.scalar(over) or 0
    except DBAPIError:
        return 0


async def count_on_their_way(database: Database, pid: int) -> int:
    """Slack messages that a process which died or stands still had on their way, as the database has it."""
    async with database.reading() as db:
        mine = select(func.count()).where(Job.owner.like(f"%:{pid}:%"), Job.lane == SLACK)
        return await db.scalar(mine.where(Job.state == JobState.LEASED, Job.sending_at.is_not(None))) or 0


async def pids_at_work(database: Database) -> set[int]:
    """The processes that have jobs in hand."""
    async with database.reading() as db:
        owners = await db.scalars(select(Job.owner).where(Job.state == JobState.LEASED).distinct())
        return {int(owner.split(":")[1]) for owner in owners if owner is not None}
