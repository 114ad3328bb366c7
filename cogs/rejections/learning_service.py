"""The rules of learning from a rejection: asking for feedback, and looking back. Both are their owner's alone."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.extensions import Record
from cogs.rejections.drafting import Mail
from cogs.rejections.service import OPENED_AT_ONCE, UNDO_HOURS
from cogs.rejections.tables import Outside, Reflection, Rejection, Step
from db.drafts import find_draft, save_draft


@dataclass(frozen=True, slots=True)
class Answers:
    """What a member says when they look back at a rejection."""

    requirements: str | None = field(default=None, repr=False)
    prepared: str | None = field(default=None, repr=False)
    story: str | None = field(default=None, repr=False)
    unexpected: str | None = field(default=None, repr=False)
    outside: tuple[Outside, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, reflection: Reflection) -> Self:
        return cls(
            reflection.requirements, reflection.prepared, reflection.story, reflection.unexpected, reflection.outside
        )

    def __bool__(self) -> bool:
        return any((self.requirements, self.prepared, self.story, self.unexpected, self.outside))


def next_step(entry: Rejection) -> Step | None:
    """What comes next in asking for feedback; None after the last step."""
    return next((step for step in Step if step not in feedback_dates(entry)), None)


def last_step(entry: Rejection) -> Step | None:
    """The step of asking for feedback that was taken last."""
    return next(reversed(feedback_dates(entry)), None)


def feedback_dates(entry: Rejection) -> dict[Step, datetime]:
    """When each step was taken, in their order."""
    dates = {step: getattr(entry, _DATED[step]) for step in Step}
    return {step: at for step, at in dates.items() if at is not None}


async def change_feedback(db: AsyncSession, entry: Rejection, *, step: Step, on: datetime | None, at: datetime) -> None:
    """Dates a step of asking for feedback, or takes its date back."""
    setattr(entry, _DATED[step], on)
    entry.changed_at = at
    await db.flush()


async def create_mail(db: AsyncSession, entry: Rejection, *, mail: Mail, editor: bytes, at: datetime) -> UUID:
    """Keeps the draft of an e-mail about the entry, sealed and for as long as drafts last."""
    content = {"mail": str(entry.id), "subject": mail.subject, "body": mail.body}
    return (await save_draft(db, owner=editor, content=json.dumps(content), now=at)).id


async def find_mail(db: AsyncSession, entry: Rejection, *, draft_id: UUID, editor: bytes, at: datetime) -> Mail | None:
    """The draft of an e-mail; None when it has expired, or is not about this entry."""
    text = await find_draft(db, draft_id, owner=editor, now=at)
    values: dict[str, Any] = json.loads(text) if text else {}
    return Mail(values["subject"], values["body"]) if values.get("mail") == str(entry.id) else None


async def create_reflection(db: AsyncSession, entry: Rejection, *, answers: Answers, at: datetime) -> Reflection:
    reflection = Reflection(person_id=entry.person_id, rejection_id=entry.id, created_at=at, changed_at=at)
    _write_answers(reflection, answers)
    db.add(reflection)
    await db.flush()
    return reflection


async def find_reflection(db: AsyncSession, entry: Rejection) -> Reflection | None:
    """What its member wrote when they looked back at the entry."""
    query = _reflections(entry.person_id).where(Reflection.rejection_id == entry.id, Reflection.deleted_at.is_(None))
    return (await db.scalars(query.order_by(Reflection.created_at.desc(), Reflection.id).limit(1))).first()


async def get_reflection(db: AsyncSession, reflection_id: UUID, *, owner: UUID) -> Reflection:
    """One's own reflection, a deleted one too while it lasts. Raises Gone for any other id."""
    reflection = await db.scalar(_reflections(owner).where(Reflection.id == reflection_id))
    if reflection is None:
        raise Gone
    return reflection


async def change_reflection(
    db: AsyncSession, reflection: Reflection, *, answers: Answers, editor: bytes, at: datetime
) -> UUID | None:
    """Writes what is new. The old answers wait sealed for `editor` in the draft whose id is given; None: no change."""
    before = Answers.of(reflection)
    if before == replace(answers, outside=tuple(each for each in Outside if each in answers.outside)):
        return None
    content = {"reflection": str(reflection.id), **asdict(before)}
    draft = await save_draft(db, owner=editor, content=json.dumps(content), now=at)
    _write_answers(reflection, answers)
    reflection.changed_at = at
    await db.flush()
    return draft.id


async def change_reflection_back(
    db: AsyncSession, reflection: Reflection, *, draft_id: UUID, editor: bytes, at: datetime
) -> None:
    """Writes the old answers again. Raises Gone when they are no longer kept, or are not this one's."""
    text = await find_draft(db, draft_id, owner=editor, now=at)
    values: dict[str, Any] = json.loads(text) if text else {}
    if values.pop("reflection", None) != str(reflection.id):
        raise Gone
    _write_answers(reflection, Answers(**{**values, "outside": tuple(map(Outside, values["outside"]))}))
    reflection.changed_at = at
    await db.flush()


async def delete_reflection(db: AsyncSession, reflection: Reflection, *, at: datetime | None) -> None:
    """Takes it off its entry; it is gone for good after UNDO_HOURS. Without `at`, this is undone."""
    reflection.deleted_at = at
    await db.flush()


async def count(db: AsyncSession, *, owner: UUID) -> int:
    return await db.scalar(select(func.count()).select_from(_reflections(owner).subquery())) or 0


async def find_all(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Every reflection of one with the company it is about, oldest first, deleted ones too."""
    query = select(Reflection, Rejection).join(Rejection, Rejection.id == Reflection.rejection_id)
    query = query.where(Reflection.person_id == owner).order_by(Reflection.created_at, Reflection.id)
    result = await db.stream(query.execution_options(yield_per=OPENED_AT_ONCE))
    async for reflection, entry in result:
        yield {
            "about": entry.company,
            "requirements": reflection.requirements,
            "prepared": reflection.prepared,
            "story": reflection.story,
            "unexpected": reflection.unexpected,
            "outside my control": [each.label for each in reflection.outside],
            "written at": reflection.created_at,
            "changed at": reflection.changed_at,
            "deleted at": reflection.deleted_at,
        }


async def delete_expired(db: AsyncSession, *, now: datetime) -> None:
    """Removes the reflections that were deleted UNDO_HOURS ago."""
    before = now - timedelta(hours=UNDO_HOURS)
    await db.execute(delete_rows(Reflection).where(Reflection.deleted_at <= before))


async def delete_all(db: AsyncSession, *, owner: UUID) -> None:
    await db.execute(delete_rows(Reflection).where(Reflection.person_id == owner))


_DATED: Final[Mapping[Step, str]] = {
    Step.ASKED: "feedback_asked_at",
    Step.ANSWERED: "feedback_answered_at",
    Step.USEFUL: "feedback_useful_at",
}


def _reflections(owner: UUID) -> Select[Reflection]:
    return select(Reflection).where(Reflection.person_id == owner)


def _write_answers(reflection: Reflection, answers: Answers) -> None:
    reflection.requirements = answers.requirements
    reflection.prepared = answers.prepared
    reflection.story = answers.story
    reflection.unexpected = answers.unexpected
    reflection.named_outside = ",".join(each.value for each in answers.outside) or None
