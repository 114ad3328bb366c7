"""How goals stand: what was done in this period, and how strong the habit is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cogs.goals.periods import Rhythm, Span, span_of, spans
from cogs.goals.reading import Period
from cogs.goals.strength import Share, strength
from cogs.goals.tables import Goal, Pause, Progress

HORIZON_DAYS: Final = 2 * 365
"""How far back the strength looks: what is older weighs less than one point of a hundred."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a goal stands on one day."""

    goal: Goal
    span: Span
    """The period of that day; the one that was interrupted where it rests, the last one where it is over."""
    done: int
    """In that period."""
    strength: float | None
    """From 0 to 1; None for what is done once."""


async def find_standings(db: AsyncSession, goals: Sequence[Goal], *, today: date) -> list[Standing]:
    """How each of these goals stands, in the same order; a few statements for all of them."""
    ids = [goal.id for goal in goals]
    since = min((_since(goal, today) for goal in goals), default=today)
    once = [goal.id for goal in goals if goal.period is Period.ONCE]
    wanted = (Progress.on >= since) | Progress.goal_id.in_(once)
    by_day = (
        select(Progress.goal_id, Progress.on, func.sum(Progress.count))
        .where(Progress.goal_id.in_(ids), wanted)
        .group_by(Progress.goal_id, Progress.on)
    )
    done: dict[UUID, dict[date, int]] = {goal_id: {} for goal_id in ids}
    for goal_id, on, number in (await db.execute(by_day)).all():
        done[goal_id][on] = int(number)
    rests: dict[UUID, list[tuple[date, date]]] = {goal_id: [] for goal_id in ids}
    for pause in (await db.scalars(select(Pause).where(Pause.goal_id.in_(ids), Pause.ends > since))).all():
        rests[pause.goal_id].append((pause.begins, pause.ends))
    return [stand(goal, done[goal.id], rests[goal.id], today=today) for goal in goals]


def stand(goal: Goal, by_day: Mapping[date, int], rests: Sequence[tuple[date, date]], *, today: date) -> Standing:
    """The same of what is known already: what was done on each day, and the rests, each until the day it ended."""
    rhythm = rhythm_of(goal)
    span = span_of(rhythm, _day_of(goal, today))
    if goal.period is Period.ONCE:
        return Standing(goal, span, sum(by_day.values()), None)
    done: dict[date, int] = {}
    for on, number in by_day.items():
        first = span_of(rhythm, on).first
        done[first] = done.get(first, 0) + number
    if goal.paused_on is not None:
        rests = [*rests, (goal.paused_on, date.max)]

    def shares() -> Iterator[Share]:
        for each in spans(rhythm, since=_since(goal, today), to=span.last):
            rested = any(begins <= each.last and each.first < ends for begins, ends in rests)
            whole = goal.until is None or each.last <= goal.until
            yield Share(done.get(each.first, 0) / goal.quantity, each.last < today and whole and not rested)

    return Standing(goal, span, done.get(span.first, 0), strength(shares(), per_day=rhythm.per_day))


async def count_done(db: AsyncSession, goal: Goal) -> int:
    """All that was ever done for it."""
    return int(await db.scalar(select(func.sum(Progress.count)).where(Progress.goal_id == goal.id)) or 0)


async def count_week(db: AsyncSession, *, owner: UUID, today: date) -> int:
    """All that was done for any goal since Monday."""
    monday = today - timedelta(days=today.weekday())
    done = select(func.sum(Progress.count)).where(Progress.person_id == owner, Progress.on.between(monday, today))
    return int(await db.scalar(done) or 0)


def rhythm_of(goal: Goal) -> Rhythm:
    return Rhythm(goal.period, goal.weekdays, goal.starts, goal.until)


def _day_of(goal: Goal, today: date) -> date:
    """The day whose period is shown: today, as long as the goal goes on."""
    ends = [day for day in (goal.until, goal.finished_on, goal.paused_on) if day is not None]
    return max(min([today, *ends]), goal.starts)


def _since(goal: Goal, today: date) -> date:
    """The first day of the first period that the strength is told from."""
    return span_of(rhythm_of(goal), max(goal.starts, _day_of(goal, today) - timedelta(days=HORIZON_DAYS))).first
