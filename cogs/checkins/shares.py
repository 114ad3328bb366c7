"""The rules of what members share in a round, and of help with what they ask for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.outbox import post_id_of, withdraw_post
from cogs.checkins.tables import Answer, Bank, Help, Line, Question, Round
from db.groups import GroupMember
from db.insert import insert_once
from db.members import Identity

PRIVATE: Final = frozenset({Bank.WORD, Bank.CARE})
"""What is not offered for sharing."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line with the question it answers: of the bank, or in a facilitator's words."""

    line: Line = field(repr=False)
    question: Bank | str = field(repr=False)
    late: bool
    helpers: int = 0
    """How many offered to help with it."""


async def find_lines(db: AsyncSession, answer: Answer | None) -> Sequence[Said]:
    """What was written, in the order it was asked."""
    return () if answer is None else (await find_lines_of(db, [answer]))[answer.id]


async def find_lines_of(db: AsyncSession, answers: Sequence[Answer]) -> Mapping[UUID, Sequence[Said]]:
    """The same for each of some answers, by its id."""
    query = select(Line, Question).outerjoin(Question, Question.id == Line.question_id)
    late = {answer.id: answer.late for answer in answers}
    said: dict[UUID, list[Said]] = {answer_id: [] for answer_id in late}
    for line, question in await db.execute(query.where(Line.answer_id.in_(late)).order_by(Line.number)):
        said[line.answer_id].append(Said(line, _question(line, question), late[line.answer_id]))
    return said


async def find_own_line(db: AsyncSession, line_id: UUID, *, owner: UUID) -> tuple[Said, Round]:
    """One's own line and its round. Raises Gone for any other id."""
    return await _find_line(db, line_id, Line.person_id == owner)


async def find_shared_line(db: AsyncSession, line_id: UUID, *, reader: UUID) -> tuple[Said, Round]:
    """A line that is shared in a group that the reader is in. Raises Gone for any other id."""
    return await _find_line(db, line_id, Line.shared_at.is_not(None), _in_group_of(reader))


async def find_shared(db: AsyncSession, round_id: UUID) -> Sequence[Said]:
    """What is shared in a round: asks first, then by question, in the order in which it was shared."""
    return (await find_shared_of(db, [round_id]))[round_id]


async def find_shared_of(db: AsyncSession, round_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Said]]:
    """The same for each of some rounds."""
    helpers = select(func.count()).where(Help.line_id == Line.id).correlate(Line).scalar_subquery()
    query = (
        select(Answer.round_id, Line, Question, Answer.late, helpers)
        .join(Answer, Answer.id == Line.answer_id)
        .outerjoin(Question, Question.id == Line.question_id)
        .where(Answer.round_id.in_(round_ids), Line.shared_at.is_not(None))
        .order_by(Line.number, Line.shared_at, Line.id)
    )
    said: dict[UUID, list[Said]] = {round_id: [] for round_id in round_ids}
    for round_id, line, asked, late, count in await db.execute(query):
        said[round_id].append(Said(line, _question(line, asked), late, count))
    return {each: sorted(lines, key=lambda one: one.question is not Bank.ASK) for each, lines in said.items()}


async def share(db: AsyncSession, said: Said, *, at: datetime) -> None:
    """Let the group read a line. Raises Gone for one that is not offered for sharing."""
    if said.question in PRIVATE:
        raise Gone
    said.line.shared_at = said.line.shared_at or at
    await db.flush()


async def unshare(db: AsyncSession, said: Said) -> None:
    """Take a line back, and with it what was offered for it."""
    said.line.shared_at = None
    for help_id in await db.scalars(select(Help.id).where(Help.line_id == said.line.id)):
        await _withdraw(db, help_id)
    await db.execute(delete_rows(Help).where(Help.line_id == said.line.id))
    await db.flush()


async def offer_help(db: AsyncSession, said: Said, *, helper: UUID, at: datetime) -> Help | None:
    """Note that somebody can help, once; None where they said so before."""
    if not await insert_once(db, Help, line_id=said.line.id, person_id=helper, created_at=at):
        return None
    return await db.scalar(select(Help).where(Help.line_id == said.line.id, Help.person_id == helper))


async def take_help_back(db: AsyncSession, help_id: UUID, *, helper: UUID) -> None:
    """The offer is gone, and the message about it goes where its platform allows that. Raises Gone."""
    offer = await db.scalar(select(Help).where(Help.id == help_id, Help.person_id == helper))
    if offer is None:
        raise Gone
    await _withdraw(db, offer.id)
    await db.delete(offer)
    await db.flush()


async def find_help(db: AsyncSession, help_id: UUID) -> tuple[Help, Said] | None:
    """An offer, and the line it is for, where that is still shared."""
    query = select(Help, Line, Question).join(Line, Line.id == Help.line_id)
    query = query.outerjoin(Question, Question.id == Line.question_id)
    row = (await db.execute(query.where(Help.id == help_id, Line.shared_at.is_not(None)))).one_or_none()
    return None if row is None else (row[0], Said(row[1], _question(row[1], row[2]), late=False))


async def find_helpers(db: AsyncSession, round_id: UUID, *, owner: UUID) -> Sequence[UUID]:
    """Who can help with what one asked for in a round, in the order they said so."""
    query = select(Help.person_id).join(Line, Line.id == Help.line_id).join(Answer, Answer.id == Line.answer_id)
    query = query.where(Answer.round_id == round_id, Line.person_id == owner, Line.shared_at.is_not(None))
    return list(dict.fromkeys(await db.scalars(query.order_by(Help.created_at, Help.id))))


async def delete_helps_of(db: AsyncSession, person_id: UUID) -> None:
    """Take back all that a member offered."""
    for help_id in await db.scalars(select(Help.id).where(Help.person_id == person_id)):
        await _withdraw(db, help_id)
    await db.execute(delete_rows(Help).where(Help.person_id == person_id))


async def find_accounts(db: AsyncSession, people: Collection[UUID], *, destination: str) -> Mapping[UUID, str]:
    """People's own ids on the platform that a destination is on; without those of whom it is not known for certain."""
    platform, tenant, *_ = destination.split(":")
    query = select(Identity.person_id, Identity.tenant, Identity.user_id)
    accounts: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for person, there, user in await db.execute(
        query.where(Identity.person_id.in_(people), Identity.platform == platform)
    ):
        accounts[person].append((there, user))
    known: dict[UUID, str] = {}
    for person, theirs in accounts.items():
        here = [user for there, user in theirs if there == tenant] or [user for _, user in theirs]
        if len(here) == 1:
            known[person] = here[0]
    return known


def help_key(help_id: UUID) -> str:
    """The key of the message that tells of an offer."""
    return f"checkin:help:{help_id}"


async def _find_line(db: AsyncSession, line_id: UUID, *conditions: ColumnElement[bool]) -> tuple[Said, Round]:
    query = (
        select(Line, Question, Answer.late, Round)
        .join(Answer, Answer.id == Line.answer_id)
        .join(Round, Round.id == Answer.round_id)
        .outerjoin(Question, Question.id == Line.question_id)
        .where(Line.id == line_id, *conditions)
    )
    row = (await db.execute(query)).one_or_none()
    if row is None:
        raise Gone
    return Said(row[0], _question(row[0], row[1]), row[2]), row[3]


async def _withdraw(db: AsyncSession, help_id: UUID) -> None:
    """Has the message taken back that tells of an offer."""
    await withdraw_post(db, post_id_of(help_key(help_id)))


def _in_group_of(person_id: UUID) -> ColumnElement[bool]:
    return Round.group_id.in_(select(GroupMember.group_id).where(GroupMember.person_id == person_id))


def _question(line: Line, question: Question | None) -> Bank | str:
    return line.bank or (question.words if question is not None else None) or ""
