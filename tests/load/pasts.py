"""What a member has written down in twelve weeks: applications and what came of them, goals, lessons, events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from bot.events import Deed
from cogs.applications.tables import Application, Method, Move
from cogs.applications.tables import Stage as Stand
from cogs.goals.reading import Bound, Period
from cogs.goals.tables import Goal, Pause, Progress
from cogs.lessons.tables import Checklist, Lesson
from cogs.rejections.tables import Feeling, Outside, Reflection, Rejection, Stage
from cogs.steps.tables import Kind, Step
from tests.load.filling import Filling
from tests.load.people import NOW, Circle, Somebody

WEEKS: Final = 12
_COMPANIES: Final = ("Acme", "Borealis", "Cedar & Sons", "Delta Works", "Everly", "Fjord", "Granite", "Hollow Oak")
_ROLES: Final = ("Shift lead", "Clerk", "Designer", "Data analyst", "Nurse", "Teacher")
_LESSONS: Final = (
    "Ask about the team earlier.",
    "Bring one story for each thing they ask for.",
    "Say what I want in the first minute.",
)
_NOTE: Final = "They looked for somebody with more years, and told me so kindly. I liked the two people I met there."
_WAYS_ON: Final[tuple[tuple[Stand, ...], ...]] = (
    (),
    (),
    (Stand.REJECTED,),
    (Stand.SCREENING,),
    (Stand.SCREENING, Stand.REJECTED),
    (Stand.SCREENING, Stand.FIRST_INTERVIEW),
    (Stand.SCREENING, Stand.FIRST_INTERVIEW, Stand.REJECTED),
)


@dataclass(frozen=True, slots=True)
class _Life:
    """One member while their past is told."""

    filling: Filling
    owner: UUID
    community: UUID
    random: Random
    diligence: float

    def often(self, share: float) -> bool:
        return self.random.random() < share * self.diligence

    def write(self, table: Any, at: datetime, **values: Any) -> UUID:
        """An entry as it was written then."""
        return self.filling.add(table, person_id=self.owner, created_at=at, changed_at=at, **values)


def live(filling: Filling, circle: Circle, somebody: Somebody) -> None:
    """Tells the past of one member, week by week."""
    life = _Life(filling, somebody.person, circle.community_id, filling.random, somebody.diligence)
    applying = _set_goals(life)
    for weeks_ago in range(WEEKS, 0, -1):
        at = NOW - timedelta(weeks=weeks_ago) + timedelta(hours=life.random.randrange(100))
        for _ in range(3):
            if life.often(0.4):
                _apply(life, at, applying)
        if life.often(0.2):
            life.write(Lesson, at, checklist=life.random.choice([*Checklist]),
                       sealed_words=life.random.choice(_LESSONS), done_at=at if life.often(0.5) else None)  # fmt: skip
        if life.often(0.15):
            name = "A job fair" if life.often(0.7) else "Spreadsheets from the beginning"
            life.write(Step, at, kind=Kind.EVENT if "fair" in name else Kind.COURSE, sealed_name=name,
                       sealed_people="Two people of Acme", happened_on=at.date())  # fmt: skip


def _apply(life: _Life, at: datetime, goal: UUID | None) -> None:
    company = f"{life.random.choice(_COMPANIES)} {life.random.randrange(100)}"
    planned = life.random.choice(_WAYS_ON)
    days = [at.date() + timedelta(days=4 * step) for step in range(len(planned) + 1)]
    way = [stage for stage, day in zip(planned, days[1:], strict=True) if day <= NOW.date()]
    furthest = max((stage for stage in way if stage is not Stand.REJECTED), key=[*Stand].index, default=Stand.APPLIED)
    entry = life.write(
        Application, at, sealed_company=company, sealed_role=life.random.choice(_ROLES),
        sealed_notes=_NOTE if life.often(0.2) else None, method=life.random.choice([*Method]), applied_on=days[0],
        stage=way[-1] if way else Stand.APPLIED, furthest=furthest, moved_on=days[len(way)],
    )  # fmt: skip
    for number, stage in enumerate((Stand.APPLIED, *way), start=1):
        reached = furthest if stage is Stand.REJECTED else stage
        life.filling.add(Move, application_id=entry, person_id=life.owner, number=number, stage=stage,
                         furthest=reached, is_news=True, happened_on=days[number - 1])  # fmt: skip
    if goal is not None:
        _count(life, goal, days[0], at, source=entry)
    if Stand.REJECTED in way:
        _hear_no(life, company, at + timedelta(days=4 * len(way)))


def _hear_no(life: _Life, company: str, at: datetime) -> None:
    asked, answered = life.often(0.5), life.often(0.3)
    entry = life.write(
        Rejection, at, community_id=life.community, stage=life.random.choice([*Stage]), sealed_company=company,
        sealed_role=life.random.choice(_ROLES), sealed_feelings=f"{Feeling.TIRED.value},{Feeling.HOPEFUL.value}",
        sealed_note=_NOTE if life.often(0.5) else None,
        sealed_lesson=life.random.choice(_LESSONS) if life.often(0.5) else None,
        intensity=life.random.randrange(1, 6) if life.often(0.5) else None,
        feedback_asked_at=at if asked else None, feedback_answered_at=at if asked and answered else None,
    )  # fmt: skip
    if life.often(0.3):
        life.write(Reflection, at, rejection_id=entry, sealed_requirements="Most of them", sealed_story=_NOTE,
                   sealed_outside=f"{Outside.MANY.value},{Outside.TIMING.value}")  # fmt: skip


def _set_goals(life: _Life) -> UUID | None:
    """One that applications count towards, one that is counted by hand, one with an end; the first one's id."""
    at = NOW - timedelta(weeks=WEEKS)
    first = {"bound": Bound.PLAIN, "days": 0, "starts": at.date()}
    applying = None
    if life.often(0.8):
        applying = life.write(Goal, at, sealed_verb="apply to", sealed_thing="jobs", deed=Deed.APPLICATION, quantity=3,
                              period=Period.WEEK, **first)  # fmt: skip
    if life.often(0.6):
        reading = life.write(Goal, at, sealed_verb="read", sealed_thing="pages about the trade", quantity=20,
                             period=Period.WEEK, **first)  # fmt: skip
        life.filling.add(Pause, person_id=life.owner, goal_id=reading, begins=at.date() + timedelta(days=20),
                         ends=at.date() + timedelta(days=27))  # fmt: skip
        for week in range(WEEKS):
            done = at + timedelta(weeks=week, days=2)
            if life.often(0.8):
                _count(life, reading, done.date(), done, count=10)
    if life.often(0.4):
        ended = life.often(0.5)
        life.write(Goal, at, sealed_verb="finish", sealed_thing="my portfolio", quantity=1, period=Period.ONCE,
                   **first, until=NOW.date() + timedelta(days=1),
                   finished_on=NOW.date() - timedelta(days=9) if ended else None)  # fmt: skip
    return applying


def _count(life: _Life, goal: UUID, on: date, at: datetime, *, count: int = 1, source: UUID | None = None) -> None:
    life.filling.add(Progress, person_id=life.owner, goal_id=goal, source=source, on=on, count=count, created_at=at)
