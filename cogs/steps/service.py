"""The rules of events and courses: each is its owner's alone, and every change can be undone."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import or_gone
from bot.extensions import Record
from cogs.steps.tables import Kind, Step
from db import entries
from db.entries import all_of, few_at_a_time, kept_of


@dataclass(frozen=True, slots=True)
class Content:
    """What a member says about an event or a course."""

    name: str = field(repr=False)
    happened_on: date
    people: str | None = field(default=None, repr=False)
    """Whom they met there, or who gave the course."""
    following: str | None = field(default=None, repr=False)
    """Their next step."""

    @classmethod
    def of(cls, step: Step, /) -> Self:
        return cls(step.name, step.happened_on, step.people, step.following)

    def write(self, step: Step, /) -> None:
        step.name = self.name
        step.happened_on = self.happened_on
        step.people = self.people
        step.following = self.following


async def create(db: AsyncSession, *, owner: UUID, kind: Kind, content: Content, at: datetime) -> Step:
    step = Step(person_id=owner, kind=kind, created_at=at, changed_at=at)
    content.write(step)
    db.add(step)
    await db.flush()
    return step


async def get(db: AsyncSession, step_id: UUID, *, owner: UUID) -> Step:
    """One's own, a deleted one too while it lasts. Raises Gone for any other id."""
    return or_gone(await entries.find(db, Step, step_id, owner=owner))


async def find_newest(db: AsyncSession, *, owner: UUID, kind: Kind, limit: int, skip: int = 0) -> Sequence[Step]:
    """One's own of one kind, the latest first."""
    query = kept_of(Step, owner).where(Step.kind == kind)
    newest = query.order_by(Step.happened_on.desc(), Step.created_at.desc(), Step.id)
    return (await db.scalars(newest.limit(limit).offset(skip))).all()


async def count(db: AsyncSession, *, owner: UUID, kind: Kind) -> int:
    return await entries.count(db, kept_of(Step, owner).where(Step.kind == kind))


async def count_since(db: AsyncSession, *, owner: UUID, since: date) -> Mapping[Kind, int]:
    """How many of each kind from that day on; a kind without any is left out."""
    query = kept_of(Step, owner).where(Step.happened_on >= since)
    rows = await db.execute(query.with_only_columns(Step.kind, func.count()).group_by(Step.kind))
    return dict(rows.all())


async def count_all(db: AsyncSession, *, owner: UUID) -> int:
    """How many are kept, deleted ones too."""
    return await entries.count(db, all_of(Step, owner))


async def find_all(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Everything that is kept of one, oldest first, what was deleted in the last hours too."""
    query = all_of(Step, owner).order_by(Step.happened_on, Step.created_at, Step.id)
    async for step in await db.stream_scalars(few_at_a_time(query)):
        yield {
            "what": step.kind.label,
            "name": step.name,
            "on": step.happened_on,
            "met, or given by": step.people,
            "next step": step.following,
            "logged at": step.created_at,
            "changed at": step.changed_at,
            "deleted at": step.deleted_at,
        }
