"""The rules of goals: each is its owner's alone, every change can be undone, what is done counts once, rest is rest."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Self
from uuid import UUID, uuid4

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from bot.errors import Gone, or_gone
from bot.events import Deed
from bot.extensions import Record
from cogs.goals import reading
from cogs.goals.deeds import deed_of
from cogs.goals.periods import takes
from cogs.goals.standings import rhythm_of
from cogs.goals.tables import Goal, Pause, Progress
from db import entries
from db.entries import all_of, few_at_a_time, kept_of
from db.insert import insert_once

GOALS_AT_MOST: Final = 20
"""Unfinished ones, those that rest too."""


class NoRoomError(Exception):
    """There are GOALS_AT_MOST unfinished goals already."""


class NotCountedError(Exception):
    """The day is before the goal's first or after its last, or the goal rests or is finished."""


def content_of(goal: Goal) -> reading.Goal:
    """What the member said."""
    return reading.Goal(
        goal.verb,
        goal.quantity,
        goal.thing,
        goal.period,
        weekdays=goal.weekdays,
        until=goal.until,
        starts=goal.starts,
        upper=goal.upper,
        bound=goal.bound,
    )


@dataclass(frozen=True, slots=True)
class Content:
    """The same, as the goal is changed and changed back by it."""

    said: reading.Goal = field(repr=False)

    @classmethod
    def of(cls, goal: Goal, /) -> Self:
        return cls(content_of(goal))

    def write(self, goal: Goal, /) -> None:
        said = self.said
        goal.verb = said.verb
        goal.thing = said.thing
        goal.deed = deed_of(said.verb, said.thing)
        goal.quantity = said.quantity
        goal.upper = said.upper
        goal.bound = said.bound
        goal.period = said.period
        goal.days = sum(1 << day for day in said.weekdays)
        goal.starts = said.starts or goal.starts
        goal.until = said.until


def takes_today(goal: Goal, today: date) -> bool:
    """Whether what is done today counts."""
    return _is_going(goal) and takes(rhythm_of(goal), today)


def is_over(goal: Goal, *, today: date) -> bool:
    """Whether its last day has passed."""
    return goal.until is not None and goal.until < today


async def create(
    db: AsyncSession, *, owner: UUID, goal_id: UUID, content: reading.Goal, today: date, at: datetime
) -> Goal:
    """Raises NoRoomError."""
    await _check_room(db, owner)
    latest = await db.scalar(select(func.max(Goal.created_at)).where(Goal.person_id == owner))
    # Each a little after the one before, so that those set at one instant are listed in the order they were set in.
    created_at = at if latest is None else max(at, latest + timedelta(microseconds=1))
    goal = Goal(id=goal_id, person_id=owner, starts=today, created_at=created_at, changed_at=at)
    Content(content).write(goal)
    db.add(goal)
    await db.flush()
    return goal


async def find(db: AsyncSession, goal_id: UUID, *, owner: UUID) -> Goal | None:
    """One's own goal, a deleted one too while it lasts."""
    return await entries.find(db, Goal, goal_id, owner=owner)


async def get(db: AsyncSession, goal_id: UUID, *, owner: UUID) -> Goal:
    """The same. Raises Gone for any other id."""
    return or_gone(await find(db, goal_id, owner=owner))


async def find_page(db: AsyncSession, *, owner: UUID, limit: int, skip: int = 0) -> Sequence[Goal]:
    """One's own goals: those under way, then those that rest, then finished ones; each newest first."""
    order = (Goal.finished_on.is_not(None), Goal.paused_on.is_not(None), Goal.created_at.desc(), Goal.id)
    return (await db.scalars(kept_of(Goal, owner).order_by(*order).limit(limit).offset(skip))).all()


async def count(db: AsyncSession, *, owner: UUID, deleted_too: bool = False) -> int:
    every = all_of if deleted_too else kept_of
    return await entries.count(db, every(Goal, owner))


async def find_unfinished(db: AsyncSession, *, owner: UUID, resting: bool | None) -> Sequence[Goal]:
    """Newest first; `resting`: those that rest, those that do not, or both."""
    query = kept_of(Goal, owner).where(Goal.finished_on.is_(None))
    if resting is not None:
        query = query.where(Goal.paused_on.is_not(None) if resting else Goal.paused_on.is_(None))
    return (await db.scalars(query.order_by(Goal.created_at.desc(), Goal.id))).all()


async def find_under_way(db: AsyncSession, *, owner: UUID, today: date) -> Sequence[Goal]:
    """The goals that can be worked on today, newest first."""
    return [goal for goal in await find_unfinished(db, owner=owner, resting=False) if takes_today(goal, today)]


async def add(db: AsyncSession, goal: Goal, *, number: int, on: date, at: datetime) -> Progress:
    """Counts by hand. Raises NotCountedError."""
    if not takes_today(goal, on):
        raise NotCountedError
    progress = Progress(person_id=goal.person_id, goal_id=goal.id, on=on, count=number, created_at=at)
    db.add(progress)
    await _touch(db, goal, at=at)
    return progress


async def take_back(db: AsyncSession, goal: Goal, *, progress_id: UUID, at: datetime) -> bool:
    """Undoes `add`; False where that was done before."""
    one = delete_rows(Progress).where(Progress.id == progress_id, Progress.goal_id == goal.id)
    if (await db.execute(one.returning(Progress.id))).first() is None:
        return False
    await _touch(db, goal, at=at)
    return True


async def move(
    db: AsyncSession, *, owner: UUID, deed: Deed, source: UUID, on: date, number: int, at: datetime
) -> Sequence[Goal]:
    """Counts a deed for each goal under way that it belongs to, once for one source; those that moved."""
    moved = []
    for goal in await find_unfinished(db, owner=owner, resting=False):
        if goal.deed is not deed:
            continue
        row = {"person_id": owner, "goal_id": goal.id, "source": source, "on": on, "count": number, "created_at": at}
        if takes(rhythm_of(goal), on) and await insert_once(db, Progress, id=uuid4(), **row):
            await _touch(db, goal, at=at)
            moved.append(goal)
    return moved


async def move_back(db: AsyncSession, *, owner: UUID, source: UUID, at: datetime) -> Sequence[Goal]:
    """Undoes `move`; the goals that moved back."""
    gone = delete_rows(Progress).where(Progress.person_id == owner, Progress.source == source)
    ids = (await db.scalars(gone.returning(Progress.goal_id))).all()
    goals = (
        await db.scalars(kept_of(Goal, owner).where(Goal.id.in_(ids)).order_by(Goal.created_at.desc(), Goal.id))
    ).all()
    for goal in goals:
        await _touch(db, goal, at=at)
    return goals


async def pause(db: AsyncSession, goal: Goal, *, today: date, at: datetime) -> None:
    goal.paused_on = today
    await _touch(db, goal, at=at)


async def resume(db: AsyncSession, goal: Goal, *, today: date, at: datetime) -> None:
    """Goes on today. A pause that began today leaves no trace."""
    if goal.paused_on is not None and goal.paused_on < today:
        begins, person = goal.paused_on, goal.person_id
        await insert_once(db, Pause, id=uuid4(), person_id=person, goal_id=goal.id, begins=begins, ends=today)
    goal.paused_on = None
    await _touch(db, goal, at=at)


async def rest_again(db: AsyncSession, goal: Goal, *, since: date, today: date, at: datetime) -> None:
    """Undoes `resume`. Raises Gone where no pause began then."""
    one = delete_rows(Pause).where(Pause.goal_id == goal.id, Pause.begins == since)
    if (await db.execute(one.returning(Pause.id))).first() is None and since != today:
        raise Gone
    goal.paused_on = since
    await _touch(db, goal, at=at)


async def finish(db: AsyncSession, goal: Goal, *, today: date, at: datetime) -> None:
    goal.finished_on = today
    await _touch(db, goal, at=at)


async def take_up_again(db: AsyncSession, goal: Goal, *, at: datetime) -> None:
    """Undoes `finish`. Raises NoRoomError."""
    await _check_room(db, goal.person_id)
    goal.finished_on = None
    await _touch(db, goal, at=at)


async def undo_delete(db: AsyncSession, goal: Goal) -> None:
    """Raises NoRoomError."""
    if goal.finished_on is None:
        await _check_room(db, goal.person_id)
    await entries.undo_delete(db, goal)


async def count_progress(db: AsyncSession, *, owner: UUID) -> int:
    return await db.scalar(select(func.count()).select_from(Progress).where(Progress.person_id == owner)) or 0


async def find_all(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Every goal that is kept of one, oldest first, what was deleted in the last hours too."""
    query = all_of(Goal, owner).order_by(Goal.created_at, Goal.id)
    async for goal in await db.stream_scalars(few_at_a_time(query)):
        yield {
            "what to do": goal.verb,
            "what is counted": goal.thing,
            "how many": goal.quantity,
            "up to": goal.upper,
            "how strictly": goal.bound.label,
            "how often": goal.period.label,
            "on": [day.name.capitalize() for day in goal.weekdays],
            "counts": None if goal.deed is None else goal.deed.label,
            "starts": goal.starts,
            "until": goal.until,
            "paused on": goal.paused_on,
            "finished on": goal.finished_on,
            "set at": goal.created_at,
            "changed at": goal.changed_at,
            "deleted at": goal.deleted_at,
        }


async def find_progress(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Everything that was counted for one's goals, in order."""
    query = select(Progress, Goal).join(Goal, Goal.id == Progress.goal_id).where(Progress.person_id == owner)
    rows = query.order_by(Progress.on, Progress.created_at, Progress.id)
    opened: dict[UUID, str] = {}
    async for progress, goal in await db.stream(few_at_a_time(rows)):
        if goal.id not in opened:
            opened[goal.id] = _words(goal)
        yield {
            "goal": opened[goal.id],
            "on": progress.on,
            "count": progress.count,
            "counted from another entry": progress.source is not None,
            "logged at": progress.created_at,
        }


async def find_pauses(db: AsyncSession, *, owner: UUID) -> Sequence[Record]:
    query = select(Pause, Goal).join(Goal, Goal.id == Pause.goal_id).where(Pause.person_id == owner)
    rows = (await db.execute(query.order_by(Pause.begins, Pause.id))).all()
    return [{"goal": _words(goal), "from": pause.begins, "to": pause.ends} for pause, goal in rows]


async def _check_room(db: AsyncSession, owner: UUID) -> None:
    unfinished = kept_of(Goal, owner).where(Goal.finished_on.is_(None))
    if await entries.count(db, unfinished) >= GOALS_AT_MOST:
        raise NoRoomError


async def _touch(db: AsyncSession, goal: Goal, *, at: datetime) -> None:
    """Makes every drawing of the goal an old one, also within one instant."""
    goal.changed_at = at
    flag_modified(goal, "changed_at")
    await db.flush()


def _is_going(goal: Goal) -> bool:
    return not goal.is_deleted and goal.finished_on is None and goal.paused_on is None


def _words(goal: Goal) -> str:
    return f"{goal.verb} {goal.thing}".strip()
