"""The rules of rounds: when each one opens and closes, and whom it asks when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from cogs.checkins.setups import find_questions
from cogs.checkins.tables import Answer, Asked, CheckIn, Kind, Pause, Question, Round, Way, Wish
from db.groups import Group, GroupMember
from db.jobs import Destination
from db.members import Consent, Person
from db.quiet import after_quiet
from db.wall_clock import moment_of

ENOUGH: Final = 5
"""A number about people is shown from so many on, and only where as many are in the rest of the group, or nobody is."""
NUDGE_AFTER: Final = 0.8
"""Of the time that a member has."""
SENDING: Final = timedelta(minutes=1)
"""What is due within this is on its way: it is not planned anew."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member who may be asked, how, and when."""

    person: Person
    way: Way
    at: datetime


async def create_round(
    db: AsyncSession, checkin: CheckIn, *, kind: Kind, slot: date, at: time, zone: str, now: datetime
) -> Round | None:
    """The round of one date; None where there is one already."""
    taken = select(Round.id).where(Round.group_id == checkin.group_id, Round.kind == kind, Round.slot == slot)
    if await db.scalar(taken) is not None:
        return None
    opens_at = moment_of(slot, at, zone)
    made = Round(
        group_id=checkin.group_id,
        kind=kind,
        slot=slot,
        at=at,
        zone=zone,
        created_at=now,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=checkin.window_hours),
        summary_to=checkin.summary_to,
    )
    db.add(made)
    await db.flush()
    return made


async def get_round(db: AsyncSession, round_id: UUID, *, person_id: UUID) -> Round:
    """A round of a group that the person is in. Raises Gone for any other id."""
    query = select(Round).join(GroupMember, GroupMember.group_id == Round.group_id)
    found = await db.scalar(query.where(Round.id == round_id, GroupMember.person_id == person_id))
    if found is None:
        raise Gone
    return found


async def find_current(db: AsyncSession, group_id: UUID, *, now: datetime) -> Round | None:
    """The newest round of a group that has begun, open or over."""
    query = select(Round).where(Round.group_id == group_id, Round.opens_at <= now)
    return await db.scalar(query.order_by(Round.opens_at.desc(), Round.id).limit(1))


async def takes_answers(db: AsyncSession, found: Round, *, now: datetime) -> bool:
    """Until it closes, and then late ones until the next round begins."""
    if now < found.closes_at:
        return True
    later = select(Round.id).where(Round.group_id == found.group_id, Round.opens_at > found.opens_at)
    return await db.scalar(later.where(Round.opens_at <= now).limit(1)) is None


async def find_questions_of(db: AsyncSession, found: Round) -> Sequence[Question]:
    """What the round asks, as it was when the round was made; nothing of a group that was dissolved."""
    checkin_id = await db.scalar(select(CheckIn.id).where(CheckIn.group_id == found.group_id))
    if checkin_id is None:
        return ()
    return await find_questions(db, checkin_id, kind=found.kind, at=found.created_at)


async def find_recipients(
    db: AsyncSession, found: Round, *, now: datetime, only: UUID | None = None
) -> Sequence[Recipient]:
    """The members who are to be asked: who keep entries, may be written to, are not away, and have not answered.

    Directly where they chose it and it works, else in the group's place.
    """
    answered = exists().where(Answer.round_id == found.id, Answer.person_id == Person.id)
    query = (
        select(Person, Wish.way, Pause.until, Destination.closed_at)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .outerjoin(Wish, Wish.person_id == Person.id)
        .outerjoin(Destination, Destination.key == Person.direct)
        .outerjoin(Pause, (Pause.person_id == Person.id) & (Pause.group_id == found.group_id))
        .where(
            GroupMember.group_id == found.group_id,
            Person.consent == Consent.KEEP,
            Person.may_write_first.is_(True),
            ~answered,
        )
        .order_by(GroupMember.joined_at, GroupMember.id)
    )
    rows = (await db.execute(query if only is None else query.where(Person.id == only))).all()
    recipients: list[Recipient] = []
    for person, wish, away_until, closed_at in rows:
        at = moment_for(found, person)
        if at < found.closes_at and not _is_away(away_until, at=max(at, now)):
            direct = person.direct is not None and closed_at is None and wish is not Way.GROUP
            recipients.append(Recipient(person, Way.DIRECT if direct else Way.GROUP, at))
    return recipients


def moment_for(found: Round, person: Person) -> datetime:
    """The round's hour where the member is, or the end of their quiet hours."""
    at = moment_of(found.slot, found.at, person.zone or found.zone)
    return after_quiet(at, person, elsewhere=found.zone)


def nudge_at(found: Round, asked_at: datetime) -> datetime:
    return asked_at + NUDGE_AFTER * (found.closes_at - asked_at)


async def set_asked(db: AsyncSession, found: Round, *, person_id: UUID, way: Way, at: datetime) -> Asked:
    """Plan to ask a member who is not planned yet; written with the next flush, together with others."""
    asked = Asked(round_id=found.id, person_id=person_id, way=way, at=at)
    db.add(asked)
    found.opens_at = min(found.opens_at, at)
    return asked


async def forget(db: AsyncSession, asked: Asked) -> None:
    """They were not asked after all."""
    await db.delete(asked)
    await db.flush()


async def find_asked(db: AsyncSession, round_id: UUID, person_id: UUID) -> Asked | None:
    return await db.scalar(select(Asked).where(Asked.round_id == round_id, Asked.person_id == person_id))


async def find_asked_together(db: AsyncSession, found: Round, *, at: datetime) -> Sequence[UUID]:
    """Who is asked in the group's place at one moment, as far as they are still in the group."""
    query = (
        select(Asked.person_id)
        .join(GroupMember, (GroupMember.person_id == Asked.person_id) & (GroupMember.group_id == found.group_id))
        .where(Asked.round_id == found.id, Asked.at == at, Asked.way == Way.GROUP)
    )
    return (await db.scalars(query.order_by(GroupMember.joined_at, GroupMember.id))).all()


async def unplan(db: AsyncSession, *, person_id: UUID, now: datetime, group_id: UUID | None = None) -> None:
    """Forget what was planned to be asked of a member, in one group or in all; what was asked stays."""
    # Each asked row's own round: a list of the open ones would hold those of every group.
    is_open = exists().where(Round.id == Asked.round_id, Round.closes_at > now)
    if group_id is not None:
        is_open = is_open.where(Round.group_id == group_id)
    await db.execute(delete(Asked).where(Asked.person_id == person_id, Asked.at > now + SENDING, is_open))


async def find_open_rounds_of(db: AsyncSession, person_id: UUID, *, now: datetime) -> Sequence[Round]:
    """Rounds that have not closed, of all groups that a person is in."""
    query = select(Round).join(GroupMember, GroupMember.group_id == Round.group_id)
    query = query.where(GroupMember.person_id == person_id, Round.closes_at > now)
    return (await db.scalars(query.order_by(Round.opens_at, Round.id))).all()


async def delete_unopened(db: AsyncSession, group_id: UUID, *, now: datetime) -> None:
    """Forget the rounds in which nobody was asked yet, so that they can be made anew."""
    await db.execute(delete(Round).where(Round.group_id == group_id, Round.opens_at > now + SENDING))


async def close(db: AsyncSession, round_id: UUID, *, now: datetime) -> Round | None:
    """Close a round and count it, once; None where that was done, or where it is gone."""
    found = await db.get(Round, round_id, with_for_update=True)
    if found is None or found.closed_at is not None or found.group_id is None:
        return None
    here = select(func.count()).select_from(GroupMember).where(GroupMember.group_id == found.group_id)
    answers = select(func.count()).select_from(Answer).where(Answer.round_id == found.id, Answer.skipped.is_(False))
    found.closed_at = now
    found.members = await db.scalar(here)
    found.answered = await db.scalar(answers)
    await db.flush()
    return found


def shown(number: int | None, *, of: int | None) -> int | None:
    """A count of people as a group may see it, else None: nobody is found out by what is missing."""
    if number is None or of is None or number < ENOUGH or 0 < of - number < ENOUGH:
        return None
    return number


async def find_group(db: AsyncSession, found: Round) -> Group | None:
    return None if found.group_id is None else await db.get(Group, found.group_id)


def _is_away(until: datetime | None, *, at: datetime) -> bool:
    return until is not None and until > at
