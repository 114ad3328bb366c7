"""The numbers of a member's applications: how many in each week, and where those that ended came to their end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events import Deed
from cogs.applications.service import INTERVIEWS, OPEN, STEPS
from cogs.applications.tables import Application, Move, Stage

WEEKS: Final = 12
ENOUGH: Final = 10
"""From so many closed applications on, rates say something."""


@dataclass(frozen=True, slots=True)
class Week:
    """What was done in one week."""

    begins: date
    """A Monday."""
    applications: int
    interviews: int


@dataclass(frozen=True, slots=True)
class Stop:
    """What became of the closed applications that came as far as one stage."""

    stage: Stage
    reached: int
    rejected: int
    """Of these, a no came here."""
    silent: int
    """Of these, no reply came after this stage."""


@dataclass(frozen=True, slots=True)
class Stops:
    """Where closed applications came to their end."""

    closed: int
    withdrawn: int
    offers: int
    stops: Sequence[Stop]
    """One for each stage on the way, whether or not any ended there."""


async def count_weeks(db: AsyncSession, *, owner: UUID, today: date) -> Sequence[Week]:
    """The last WEEKS calendar weeks, the one of `today` at the end."""
    monday = today - timedelta(days=today.weekday())
    begins = monday - timedelta(weeks=WEEKS - 1)
    counted = await count_deeds(db, owner=owner, since=begins, until=date.max)
    applications = _by_week(counted.get(Deed.APPLICATION, {}))
    interviews = _by_week(counted.get(Deed.INTERVIEW, {}))
    mondays = [begins + timedelta(weeks=number) for number in range(WEEKS)]
    return [Week(each, applications.get(each, 0), interviews.get(each, 0)) for each in mondays]


async def count_deeds(db: AsyncSession, *, owner: UUID, since: date, until: date) -> Mapping[Deed, Mapping[date, int]]:
    """What was logged on each of these days, the first and the last included; only what there is any of."""
    kept = (Application.person_id == owner, Application.deleted_at.is_(None))
    applied = (
        select(Application.applied_on, func.count())
        .where(*kept, Application.applied_on.between(since, until))
        .group_by(Application.applied_on)
    )
    met = (
        select(Move.happened_on, func.count())
        .join(Application, Application.id == Move.application_id)
        .where(*kept, Move.person_id == owner, Move.happened_on.between(since, until))
        .where(Move.stage.in_(INTERVIEWS), Move.is_news)
        .group_by(Move.happened_on)
    )
    counted = {
        deed: dict((await db.execute(query)).all())
        for deed, query in ((Deed.APPLICATION, applied), (Deed.INTERVIEW, met))
    }
    return {deed: days for deed, days in counted.items() if days}


async def count_stops(db: AsyncSession, *, owner: UUID) -> Stops:
    """What became of all one's own closed applications."""
    query = (
        select(Application.stage, Application.furthest, func.count())
        .where(Application.person_id == owner, Application.deleted_at.is_(None), Application.stage.not_in(OPEN))
        .group_by(Application.stage, Application.furthest)
    )
    ends = {(stage, furthest): n for stage, furthest, n in (await db.execute(query)).all()}
    came = Counter[Stage]()
    for (_, furthest), n in ends.items():
        came[furthest] += n
    stops = [
        Stop(
            step,
            reached=sum(came[each] for each in STEPS[number:]),
            rejected=ends.get((Stage.REJECTED, step), 0),
            silent=ends.get((Stage.GHOSTED, step), 0),
        )
        for number, step in enumerate(STEPS)
    ]
    at = {end: sum(n for (stage, _), n in ends.items() if stage is end) for end in (Stage.WITHDRAWN, Stage.OFFER)}
    return Stops(sum(came.values()), at[Stage.WITHDRAWN], at[Stage.OFFER], stops)


def _by_week(days: Mapping[date, int]) -> Mapping[date, int]:
    weeks = Counter[date]()
    for day, n in days.items():
        weeks[day - timedelta(days=day.weekday())] += n
    return weeks
