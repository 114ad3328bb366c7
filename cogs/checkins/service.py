"""The rules of answers: each is its member's alone, may change until the next round, and is shared line by line."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.roles import Permission, Standing, may
from cogs.checkins import rounds
from cogs.checkins.shares import find_lines
from cogs.checkins.tables import Answer, Asked, Bank, Kind, Line, Mood, Question, Round
from db.drafts import find_draft, save_draft
from db.groups import Group, find_group_member, groups_in, groups_of
from db.insert import insert_once
from db.members import Role

PLANNED_DAYS: Final = 7
"""How far back a plan is looked for."""


class OverError(Exception):
    """The next round has begun."""


async def find_led(db: AsyncSession, person_id: UUID, *, role: Role, community_id: UUID | None) -> Sequence[Group]:
    """The groups whose check-in a member may set: their own as a facilitator, all of the community as a moderator.

    `role` is what they may do in that community; without one (in direct messages on Discord) it is their own alone.
    """
    own = {group: member.role for group, member in await groups_of(db, person_id, community_id=community_id)}
    there = dict.fromkeys((group for group, _ in await groups_in(db, community_id)) if community_id else ())
    here = role if community_id else Role.MEMBER
    led = [group for group, part in {**there, **own}.items() if may(Permission.LEAD, Standing(here, part))]
    return sorted(led, key=lambda group: group.name_key)


async def find_answer(db: AsyncSession, round_id: UUID, *, owner: UUID) -> Answer | None:
    return await db.scalar(select(Answer).where(Answer.round_id == round_id, Answer.person_id == owner))


async def get_answer(db: AsyncSession, answer_id: UUID, *, owner: UUID) -> tuple[Answer, Round]:
    """One's own answer and its round, also of a group that one has left. Raises Gone for any other id."""
    query = select(Answer, Round).join(Round, Round.id == Answer.round_id)
    row = (await db.execute(query.where(Answer.id == answer_id, Answer.person_id == owner))).one_or_none()
    if row is None:
        raise Gone
    return row[0], row[1]


async def feel(db: AsyncSession, found: Round, *, owner: UUID, mood: Mood, at: datetime) -> Mood | None:
    """One tap: how they are; gives what they had said before. Raises OverError."""
    answer = await _begin(db, found, owner=owner, at=at)
    former = answer.mood
    if former is not mood:
        answer.mood, answer.skipped, answer.changed_at = mood, False, at
        await db.flush()
    return former


async def feel_back(db: AsyncSession, found: Round, *, owner: UUID, version: int, mood: Mood | None) -> bool:
    """Undoes `feel`: puts the former mood back, or takes the answer away where there was none; False when too late."""
    answer = await find_answer(db, found.id, owner=owner)
    if answer is None or answer.version != version:
        return False
    if mood is None and not await find_lines(db, answer):
        await db.delete(answer)
    else:
        answer.mood = mood
    await db.flush()
    return True


async def skip(db: AsyncSession, found: Round, *, owner: UUID, at: datetime) -> bool:
    """Nothing is said this time; False where something was said already, and that stays. Raises OverError."""
    answer = await _begin(db, found, owner=owner, at=at)
    if answer.mood is not None or await find_lines(db, answer):
        return False
    answer.skipped, answer.changed_at = True, at
    await db.flush()
    return True


async def unskip(db: AsyncSession, found: Round, *, owner: UUID) -> None:
    skipped = delete_rows(Answer).where(Answer.round_id == found.id, Answer.person_id == owner)
    await db.execute(skipped.where(Answer.skipped.is_(True)))


async def write(
    db: AsyncSession, found: Round, *, owner: UUID, texts: Sequence[str | None], editor: bytes, at: datetime
) -> UUID | None:
    """Writes one text for each question, in order; None takes a line away, and a changed line is private again.

    The old lines wait sealed for `editor` in the draft whose id is given; None: no change. Raises OverError.
    """
    answer = await _begin(db, found, owner=owner, at=at)
    before = {said.line.number: said.line for said in await find_lines(db, answer)}
    questions = await rounds.find_questions_of(db, found)
    after = {question.number: text for question, text in zip(questions, texts, strict=False) if text}
    if {number: line.words for number, line in before.items()} == after:
        return None
    kept = {"round": str(found.id), "lines": {number: line.words for number, line in before.items()}}
    draft = await save_draft(db, owner=editor, content=json.dumps(kept), now=at)
    await _rewrite(db, answer, questions, before, after)
    answer.skipped, answer.changed_at = False, at
    await db.flush()
    return draft.id


async def write_back(
    db: AsyncSession, found: Round, *, owner: UUID, draft_id: UUID, editor: bytes, at: datetime
) -> None:
    """Undoes `write`. Raises Gone when the old lines are no longer kept, or are of another round."""
    text = await find_draft(db, draft_id, owner=editor, now=at)
    kept = {} if text is None else json.loads(text)
    answer = await find_answer(db, found.id, owner=owner)
    if answer is None or kept.get("round") != str(found.id):
        raise Gone
    before = {said.line.number: said.line for said in await find_lines(db, answer)}
    after = {int(number): words for number, words in kept["lines"].items()}
    await _rewrite(db, answer, await rounds.find_questions_of(db, found), before, after)
    answer.changed_at = at
    if not after and answer.mood is None:
        await db.delete(answer)
    await db.flush()


async def find_planned(db: AsyncSession, found: Round, *, owner: UUID) -> str | None:
    """What the member planned at the beginning of the week that this round looks back at."""
    if found.kind is not Kind.REVIEW:
        return None
    query = (
        select(Line)
        .join(Answer, Answer.id == Line.answer_id)
        .join(Round, Round.id == Answer.round_id)
        .where(
            Line.person_id == owner,
            Line.bank == Bank.FOCUS,
            Round.group_id == found.group_id,
            Round.kind == Kind.PLAN,
            Round.slot <= found.slot,
            Round.slot > found.slot - timedelta(days=PLANNED_DAYS),
        )
        .order_by(Round.slot.desc())
        .limit(1)
    )
    line = await db.scalar(query)
    return None if line is None else line.words


async def find_newest(
    db: AsyncSession, *, owner: UUID, limit: int, skip: int = 0, since: date | None = None
) -> Sequence[tuple[Answer, Round]]:
    """One's own answers with their rounds, the newest first; `since` a slot."""
    query = select(Answer, Round).join(Round, Round.id == Answer.round_id).where(Answer.person_id == owner)
    if since is not None:
        query = query.where(Round.slot >= since)
    newest = query.order_by(Answer.created_at.desc(), Answer.id).limit(limit).offset(skip)
    return [(answer, found) for answer, found in await db.execute(newest)]


async def is_in(db: AsyncSession, group: Group, *, person_id: UUID) -> bool:
    return await find_group_member(db, group.id, person_id) is not None


async def _begin(db: AsyncSession, found: Round, *, owner: UUID, at: datetime) -> Answer:
    """The member's answer, made now where there is none; what was planned to be asked is no longer needed."""
    if not await rounds.takes_answers(db, found, now=at):
        raise OverError
    late = at >= found.closes_at
    await insert_once(
        db, Answer, round_id=found.id, person_id=owner, skipped=False, late=late, created_at=at, changed_at=at
    )
    await db.execute(
        delete_rows(Asked).where(Asked.round_id == found.id, Asked.person_id == owner, Asked.at > at + rounds.SENDING)
    )
    answer = await find_answer(db, found.id, owner=owner)
    if answer is None:
        raise Gone
    return answer


async def _rewrite(
    db: AsyncSession,
    answer: Answer,
    questions: Sequence[Question],
    before: Mapping[int, Line],
    after: Mapping[int, str],
) -> None:
    for number, line in before.items():
        if number not in after:
            await db.delete(line)
        elif line.words != after[number]:
            line.words, line.shared_at = after[number], None
    for question in questions:
        if question.number in after and question.number not in before:
            line = Line(answer_id=answer.id, person_id=answer.person_id, number=question.number)
            line.question_id, line.bank, line.words = question.id, question.bank, after[question.number]
            db.add(line)
    await db.flush()
