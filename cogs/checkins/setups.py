"""The rules of a group's check-in: when it comes, what it asks, how long a round is open, who reads the summary."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from cogs.checkins.tables import Bank, CheckIn, Kind, Question, SummaryTo
from db.drafts import find_draft, save_draft
from db.groups import Group
from db.schedules import (
    Schedule,
    change_schedule,
    coming,
    create_schedule,
    delete_schedules_of,
    schedules_of,
    stop_schedule,
)
from db.wall_clock import slots

SCHEDULES: Final[Mapping[Kind, str]] = {Kind.PLAN: "checkins.plan", Kind.REVIEW: "checkins.review"}
QUESTIONS_AT_MOST: Final = 5
WINDOW_HOURS: Final = 48
DATES_SHOWN: Final = 3
GRACE: Final = timedelta(hours=12)
"""How late somebody is still asked."""
_LAST_ZONE: Final = timedelta(hours=26)
"""From where a date begins first to where it begins last."""


@dataclass(frozen=True, slots=True)
class Times:
    """When one of the week's rounds comes: weekdays from Monday, 0, none where it does not; and the local time."""

    days: tuple[int, ...]
    at: time


@dataclass(frozen=True, slots=True)
class Setup:
    """A check-in as its facilitator sets it. A question is one of the bank, or a sentence of their own."""

    zone: str
    times: Mapping[Kind, Times]
    questions: Mapping[Kind, tuple[Bank | str, ...]] = field(repr=False)
    window_hours: int = WINDOW_HOURS
    summary_to: SummaryTo = SummaryTo.GROUP


def default_setup(zone: str) -> Setup:
    """What is proposed: a plan on Monday at 09:00, a review on Friday at 15:00."""
    return Setup(
        zone,
        {Kind.PLAN: Times((0,), time(9)), Kind.REVIEW: Times((4,), time(15))},
        {
            Kind.PLAN: (Bank.WORD, Bank.FOCUS, Bank.ASK),
            Kind.REVIEW: (Bank.WORD, Bank.DID, Bank.WON, Bank.ASK, Bank.FOCUS),
        },
    )


async def find_checkin(db: AsyncSession, group_id: UUID) -> CheckIn | None:
    return await db.scalar(select(CheckIn).where(CheckIn.group_id == group_id))


async def find_setup(db: AsyncSession, group: Group) -> Setup | None:
    """As it is set, also while it is stopped; None where it never was."""
    checkin = await find_checkin(db, group.id)
    if checkin is None:
        return None
    schedules = await _schedules(db, checkin.id)
    defaults = default_setup(checkin.zone)
    return Setup(
        checkin.zone,
        {
            kind: Times(tuple(found.weekdays), found.at)
            if (found := schedules.get(kind))
            else Times((), defaults.times[kind].at)
            for kind in Kind
        },
        {kind: tuple(map(_wording, await find_questions(db, checkin.id, kind=kind))) for kind in Kind},
        checkin.window_hours,
        checkin.summary_to,
    )


async def is_on(db: AsyncSession, group: Group) -> bool:
    """Whether any round will come."""
    checkin = await find_checkin(db, group.id)
    return checkin is not None and any(each.next_slot for each in (await _schedules(db, checkin.id)).values())


async def change(db: AsyncSession, group: Group, *, setup: Setup, at: datetime) -> CheckIn:
    """Set the check-in up, or set it anew; it is on then. No date that was due comes again."""
    checkin = await find_checkin(db, group.id)
    if checkin is None:
        checkin = CheckIn(group_id=group.id)
        db.add(checkin)
    checkin.zone, checkin.window_hours, checkin.summary_to = setup.zone, setup.window_hours, setup.summary_to
    await db.flush()
    schedules = await _schedules(db, checkin.id)
    for kind in Kind:
        await _change_times(db, checkin, kind, schedules.get(kind), setup, at)
        await _change_questions(db, checkin, kind, setup.questions[kind], at)
    return checkin


async def stop(db: AsyncSession, group: Group) -> None:
    """No further round comes; what is open closes as it would have."""
    checkin = await find_checkin(db, group.id)
    if checkin is not None:
        for schedule in (await _schedules(db, checkin.id)).values():
            await stop_schedule(db, schedule)


async def save(db: AsyncSession, group: Group, *, editor: bytes, at: datetime) -> UUID:
    """Keep the check-in as it stands for a while, so that a change of it can be undone."""
    setup = await find_setup(db, group)
    kept = {
        "checkin": str(group.id),
        "setup": None if setup is None else _to_json(setup),
        "on": await is_on(db, group),
    }
    return (await save_draft(db, owner=editor, content=json.dumps(kept), now=at)).id


async def change_back(db: AsyncSession, group: Group, *, draft_id: UUID, editor: bytes, at: datetime) -> None:
    """Put back what `save` kept. Raises Gone when it is no longer there, or is something else."""
    text = await find_draft(db, draft_id, owner=editor, now=at)
    kept = {} if text is None else json.loads(text)
    if kept.get("checkin") != str(group.id):
        raise Gone
    if kept["setup"] is None:
        await _delete(db, group)
        return
    await change(db, group, setup=_from_json(kept["setup"]), at=at)
    if not kept["on"]:
        await stop(db, group)


async def find_dates(db: AsyncSession, group: Group, *, now: datetime) -> Mapping[Kind, Sequence[date]]:
    """The next dates of each kind; none of what does not come."""
    checkin = await find_checkin(db, group.id)
    schedules = {} if checkin is None else await _schedules(db, checkin.id)
    return {
        kind: [slot.day for slot in coming(schedules[kind], now=now, count=DATES_SHOWN)] if kind in schedules else []
        for kind in Kind
    }


async def find_dates_taken(db: AsyncSession, checkin: CheckIn, *, now: datetime) -> Sequence[tuple[Kind, date, time]]:
    """Dates whose hour is still ahead, and that their schedule has given out already: it will not bring them again."""
    found: list[tuple[Kind, date, time]] = []
    for kind, schedule in (await _schedules(db, checkin.id)).items():
        for slot in slots(schedule.weekdays, schedule.at, schedule.zone, after=now):
            if schedule.next_slot is None or slot.day >= schedule.next_slot:
                break
            found.append((kind, slot.day, schedule.at))
    return found


def coming_dates(setup: Setup, *, now: datetime) -> Mapping[Kind, Sequence[date]]:
    """The next dates of each kind, were it set up like this now."""
    return {
        kind: [slot.day for slot in islice(slots(times.days, times.at, setup.zone, after=now), DATES_SHOWN)]
        if times.days
        else []
        for kind, times in setup.times.items()
    }


async def find_questions(
    db: AsyncSession, checkin_id: UUID, *, kind: Kind, at: datetime | None = None
) -> Sequence[Question]:
    """What is asked now, or was asked in a round that was made `at`, in order."""
    query = select(Question).where(Question.checkin_id == checkin_id, Question.kind == kind)
    if at is None:
        query = query.where(Question.retired_at.is_(None))
    else:
        query = query.where(Question.retired_at.is_(None) | (Question.retired_at > at), Question.created_at <= at)
    return (await db.scalars(query.order_by(Question.number))).all()


async def _delete(db: AsyncSession, group: Group) -> None:
    checkin = await find_checkin(db, group.id)
    if checkin is not None:
        await delete_schedules_of(db, checkin.id)
        await db.delete(checkin)
        await db.flush()


async def _schedules(db: AsyncSession, checkin_id: UUID) -> Mapping[Kind, Schedule]:
    found = {schedule.kind: schedule for schedule in await schedules_of(db, checkin_id)}
    return {kind: found[name] for kind, name in SCHEDULES.items() if name in found}


async def _change_times(
    db: AsyncSession, checkin: CheckIn, kind: Kind, schedule: Schedule | None, setup: Setup, at: datetime
) -> None:
    times = setup.times[kind]
    into_the_day = timedelta(hours=times.at.hour, minutes=times.at.minute)
    grace = int((_LAST_ZONE + into_the_day + GRACE).total_seconds())
    if not times.days:
        if schedule is not None:
            await db.delete(schedule)
            await db.flush()
    elif schedule is None:
        await create_schedule(
            db,
            kind=SCHEDULES[kind],
            subject=checkin.id,
            weekdays=times.days,
            at=times.at,
            zone=setup.zone,
            grace_seconds=grace,
            now=at,
            own_hour=True,
        )
    else:
        schedule.grace_seconds = grace
        await change_schedule(db, schedule, weekdays=times.days, at=times.at, zone=setup.zone, now=at)


async def _change_questions(
    db: AsyncSession, checkin: CheckIn, kind: Kind, questions: Sequence[Bank | str], at: datetime
) -> None:
    if [_wording(each) for each in await find_questions(db, checkin.id, kind=kind)] == list(questions):
        return
    asked = (Question.checkin_id == checkin.id, Question.kind == kind, Question.retired_at.is_(None))
    await db.execute(update(Question).where(*asked).values(retired_at=at))
    for number, question in enumerate(questions[:QUESTIONS_AT_MOST], start=1):
        row = Question(checkin_id=checkin.id, kind=kind, number=number, created_at=at)
        row.bank = question if isinstance(question, Bank) else None
        row.words = None if isinstance(question, Bank) else question
        db.add(row)
    await db.flush()


def _wording(question: Question) -> Bank | str:
    return question.bank or question.words or ""


def _to_json(setup: Setup) -> object:
    return {
        "zone": setup.zone,
        "times": {kind: [*times.days, f"{times.at:%H:%M}"] for kind, times in setup.times.items()},
        "questions": {
            kind: [[isinstance(each, Bank), str(each)] for each in questions]
            for kind, questions in setup.questions.items()
        },
        "window_hours": setup.window_hours,
        "summary_to": setup.summary_to,
    }


def _from_json(kept: Mapping[str, Any]) -> Setup:
    return Setup(
        kept["zone"],
        {Kind(kind): Times(tuple(days), time.fromisoformat(at)) for kind, (*days, at) in kept["times"].items()},
        {
            Kind(kind): tuple(Bank(words) if banked else words for banked, words in questions)
            for kind, questions in kept["questions"].items()
        },
        kept["window_hours"],
        SummaryTo(kept["summary_to"]),
    )
