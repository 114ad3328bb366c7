"""The rules of learning from a rejection: asking for feedback, and looking back. Both are their owner's alone."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import or_gone
from bot.extensions import Record
from cogs.rejections.drafting import Mail
from cogs.rejections.tables import Outside, Reflection, Rejection, Step
from db import entries
from db.drafts import find_value, save_value
from db.entries import all_of, few_at_a_time, kept_of


@dataclass(frozen=True, slots=True)
class Answers:
    """What a member says when they look back at a rejection."""

    requirements: str | None = field(default=None, repr=False)
    prepared: str | None = field(default=None, repr=False)
    story: str | None = field(default=None, repr=False)
    unexpected: str | None = field(default=None, repr=False)
    outside: tuple[Outside, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, reflection: Reflection, /) -> Self:
        return cls(
            reflection.requirements, reflection.prepared, reflection.story, reflection.unexpected, reflection.outside
        )

    def __post_init__(self) -> None:
        # In the order of the list: the same ones chosen in another order say the same.
        outside = tuple(each for each in Outside if each in self.outside)
        object.__setattr__(self, "outside", outside)

    def __bool__(self) -> bool:
        return any((self.requirements, self.prepared, self.story, self.unexpected, self.outside))

    def write(self, reflection: Reflection, /) -> None:
        reflection.requirements = self.requirements
        reflection.prepared = self.prepared
        reflection.story = self.story
        reflection.unexpected = self.unexpected
        reflection.named_outside = ",".join(self.outside) or None


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
    return await save_value(db, mail, about=entry.id, owner=editor, now=at)


async def find_mail(db: AsyncSession, entry: Rejection, *, draft_id: UUID, editor: bytes, at: datetime) -> Mail | None:
    """The draft of an e-mail; None when it has expired, or is not about this entry."""
    return await find_value(db, Mail, draft_id, about=entry.id, owner=editor, now=at)


async def create_reflection(db: AsyncSession, entry: Rejection, *, answers: Answers, at: datetime) -> Reflection:
    reflection = Reflection(person_id=entry.person_id, rejection_id=entry.id, created_at=at, changed_at=at)
    answers.write(reflection)
    db.add(reflection)
    await db.flush()
    return reflection


async def find_reflection(db: AsyncSession, entry: Rejection) -> Reflection | None:
    """What its member wrote when they looked back at the entry."""
    query = kept_of(Reflection, entry.person_id).where(Reflection.rejection_id == entry.id)
    return (await db.scalars(query.order_by(Reflection.created_at.desc(), Reflection.id).limit(1))).first()


async def get_reflection(db: AsyncSession, reflection_id: UUID, *, owner: UUID) -> Reflection:
    """One's own reflection, a deleted one too while it lasts. Raises Gone for any other id."""
    return or_gone(await entries.find(db, Reflection, reflection_id, owner=owner))


async def count(db: AsyncSession, *, owner: UUID) -> int:
    return await entries.count(db, all_of(Reflection, owner))


async def find_all(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Every reflection of one with the company it is about, oldest first, deleted ones too."""
    query = select(Reflection, Rejection).join(Rejection, Rejection.id == Reflection.rejection_id)
    query = query.where(Reflection.person_id == owner).order_by(Reflection.created_at, Reflection.id)
    async for reflection, entry in await db.stream(few_at_a_time(query)):
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


_DATED: Final[Mapping[Step, str]] = {
    Step.ASKED: "feedback_asked_at",
    Step.ANSWERED: "feedback_answered_at",
    Step.USEFUL: "feedback_useful_at",
}
