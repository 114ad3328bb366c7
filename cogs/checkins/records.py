"""What is kept of a member's check-ins, as a whole: exported, deleted, and let go after six months."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.extensions import Record
from bot.outbox import post_id_of, redraw_post, withdraw_post
from cogs.checkins import shares
from cogs.checkins.tables import Answer, Asked, Help, Line, Pause, Round, Way, Wish
from db.groups import Group, GroupMember
from db.members import Role

KEPT: Final = timedelta(days=183)
REMINDED: Final = timedelta(days=14)
"""How long before they go a member is told."""
TOLD_TOGETHER: Final = timedelta(days=28)
"""One reminder is for all that goes within so long after it, so that it does not come each week."""
AT_ONCE: Final = 100


async def count(db: AsyncSession, *, owner: UUID) -> int:
    return await db.scalar(select(func.count()).select_from(Answer).where(Answer.person_id == owner)) or 0


async def find_all(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Every answer, oldest first."""
    query = select(Answer, Round, Group.name).join(Round, Round.id == Answer.round_id)
    query = query.outerjoin(Group, Group.id == Round.group_id).where(Answer.person_id == owner)
    for answer, found, name in (await db.execute(query.order_by(Answer.created_at, Answer.id))).all():
        yield {
            "group": name,
            "round": found.kind.label,
            "of": found.slot,
            "mood, 1 to 5": None if answer.mood is None else int(answer.mood),
            "skipped": answer.skipped,
            "late": answer.late,
            "answered at": answer.created_at,
            "changed at": answer.changed_at,
            "told that it goes at": answer.reminded_at,
        }


async def count_lines(db: AsyncSession, *, owner: UUID) -> int:
    return await db.scalar(select(func.count()).select_from(Line).where(Line.person_id == owner)) or 0


async def find_all_lines(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Every line, in the order of the answers."""
    query = select(Answer, Round).join(Round, Round.id == Answer.round_id).where(Answer.person_id == owner)
    answers = [(answer, found) for answer, found in await db.execute(query.order_by(Answer.created_at, Answer.id))]
    lines = await shares.find_lines_of(db, [answer for answer, _ in answers])
    for answer, found in answers:
        for said in lines[answer.id]:
            question = said.line.bank.label if said.line.bank else said.question
            yield {
                "of": found.slot,
                "question": question,
                "words": said.line.words,
                "shared at": said.line.shared_at,
            }


async def find_rest(db: AsyncSession, *, owner: UUID) -> Sequence[Record]:
    """When and how they are asked, where they are away, and whom they offered help."""
    records: list[Record] = [
        {"what": "how to ask", "way": wish.way.label, "reminders": wish.nudges}
        for wish in await db.scalars(select(Wish).where(Wish.person_id == owner))
    ]
    away = select(Pause, Group.name).join(Group, Group.id == Pause.group_id).where(Pause.person_id == owner)
    records += [{"what": "away", "group": name, "until": pause.until} for pause, name in await db.execute(away)]
    asked = select(Asked).where(Asked.person_id == owner).order_by(Asked.at, Asked.id)
    records += [{"what": "asked", "at": each.at, "way": each.way.label} for each in await db.scalars(asked)]
    helps = select(Help).where(Help.person_id == owner).order_by(Help.created_at, Help.id)
    records += [{"what": "help offered", "at": each.created_at} for each in await db.scalars(helps)]
    return records


async def delete_all(db: AsyncSession, *, owner: UUID) -> None:
    """Delete all of it; what others read of it is drawn anew without it, or taken back."""
    await shares.delete_helps_of(db, owner)
    mine = select(Answer.round_id).join(Line, Line.answer_id == Answer.id)
    shared = set(await db.scalars(mine.where(Answer.person_id == owner, Line.shared_at.is_not(None))))
    lines = select(Help.id).join(Line, Line.id == Help.line_id).where(Line.person_id == owner)
    for help_id in (await db.scalars(lines)).all():
        await withdraw_post(db, post_id_of(shares.help_key(help_id)))
    together = select(Asked.round_id, Asked.at).where(Asked.person_id == owner, Asked.way == Way.GROUP)
    named = (await db.execute(together)).all()
    for theirs in (Answer.person_id, Asked.person_id, Pause.person_id, Wish.person_id):
        await db.execute(delete_rows(theirs.class_).where(theirs == owner))
    for round_id, at in named:
        others = exists().where(Asked.round_id == round_id, Asked.at == at, Asked.way == Way.GROUP)
        post_id = post_id_of(together_key(round_id, at))
        if await db.scalar(select(others)):
            await redraw_post(db, post_id)
        else:
            await withdraw_post(db, post_id)
    for round_id in shared:
        for each in await _summaries(db, round_id):
            await redraw_post(db, each)


async def remind(db: AsyncSession, *, now: datetime) -> Sequence[UUID]:
    """Whose answers will go soon and who was not told so: now they are told of all that goes in the next weeks."""
    due = Answer.created_at <= now - KEPT + REMINDED
    waiting = select(Answer.person_id).where(due, Answer.reminded_at.is_(None))
    # In the order of their index, and each person once: to look for different ones reads every answer there is.
    people = list(dict.fromkeys(await db.scalars(waiting.order_by(Answer.created_at).limit(AT_ONCE))))
    if people:
        soon = Answer.created_at <= now - KEPT + REMINDED + TOLD_TOGETHER
        told = update(Answer).where(Answer.person_id.in_(people), soon, Answer.reminded_at.is_(None))
        await db.execute(told.values(reminded_at=now))
    return people


async def find_first_to_go(db: AsyncSession, *, owner: UUID, now: datetime) -> datetime | None:
    """When the oldest answer goes, where that is soon."""
    oldest = await db.scalar(select(func.min(Answer.created_at)).where(Answer.person_id == owner))
    return oldest + KEPT if oldest is not None and oldest + KEPT <= now + REMINDED else None


async def delete_expired(db: AsyncSession, *, now: datetime) -> None:
    """Delete answers after six months, and only those that their member was told of in time; then empty rounds."""
    told = Answer.reminded_at <= now - REMINDED
    await db.execute(delete_rows(Answer).where(Answer.created_at <= now - KEPT, told))
    empty = ~exists().where(Answer.round_id == Round.id)
    await db.execute(delete_rows(Round).where(Round.closes_at <= now - KEPT, empty))


def together_key(round_id: UUID, at: datetime) -> str:
    """The key of the message that asks those in the group's place at one moment."""
    return f"checkin:{round_id}:together:{int(at.timestamp())}"


def summary_key(round_id: UUID, leader: UUID | None) -> str:
    """The key of a round's summary: the group's, or a facilitator's."""
    return f"checkin:{round_id}:summary:{leader or ''}"


async def find_leaders(db: AsyncSession, group_id: UUID) -> Sequence[UUID]:
    """The facilitators of a group."""
    leads = (GroupMember.group_id == group_id, GroupMember.role >= Role.FACILITATOR)
    return (await db.scalars(select(GroupMember.person_id).where(*leads).order_by(GroupMember.joined_at))).all()


async def _summaries(db: AsyncSession, round_id: UUID) -> Sequence[UUID]:
    """The ids that posts of a round's summary have, where there are such."""
    group_id = await db.scalar(select(Round.group_id).where(Round.id == round_id))
    leaders = [] if group_id is None else await find_leaders(db, group_id)
    return [post_id_of(summary_key(round_id, leader)) for leader in (None, *leaders)]
