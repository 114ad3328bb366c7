"""The rules of rejections: an entry is its owner's alone, every change can be undone, a deleted one lasts a day."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from bot.errors import Gone, or_gone
from bot.extensions import Record
from cogs.rejections.tables import Feeling, Rejection, Stage
from db import entries
from db.entries import all_of, few_at_a_time, kept_of

NAMED_AT_MOST: Final = 200
"""How far back names are looked up: they are sealed, so each one is opened to be compared."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a member says about a rejection."""

    company: str = field(repr=False)
    stage: Stage
    role: str | None = field(default=None, repr=False)
    feelings: tuple[Feeling, ...] = field(default=(), repr=False)
    note: str | None = field(default=None, repr=False)
    lesson: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, entry: Rejection, /) -> Self:
        return cls(entry.company, entry.stage, entry.role, entry.feelings, entry.note, entry.lesson)

    def __post_init__(self) -> None:
        # In the order of the list: the same feelings chosen in another order say the same.
        feelings = tuple(each for each in Feeling if each in self.feelings)
        object.__setattr__(self, "feelings", feelings)

    def write(self, entry: Rejection, /) -> None:
        entry.company = self.company
        entry.stage = self.stage
        entry.role = self.role
        entry.felt = ",".join(self.feelings) or None
        entry.note = self.note
        entry.lesson = self.lesson


@dataclass(frozen=True, slots=True)
class Month:
    """What was written down since a month began."""

    entries: int
    lessons: int


async def create(db: AsyncSession, *, owner: UUID, community: UUID | None, content: Content, at: datetime) -> Rejection:
    entry = Rejection(person_id=owner, community_id=community, created_at=at, changed_at=at)
    content.write(entry)
    db.add(entry)
    await db.flush()
    return entry


async def get(db: AsyncSession, entry_id: UUID, *, owner: UUID) -> Rejection:
    """One's own entry, a deleted one too while it lasts. Raises Gone for any other id."""
    return or_gone(await entries.find(db, Rejection, entry_id, owner=owner))


async def get_kept(db: AsyncSession, entry_id: UUID, *, owner: UUID) -> Rejection:
    """One's own entry, unless it is deleted. Raises Gone."""
    entry = await get(db, entry_id, owner=owner)
    if entry.is_deleted:
        raise Gone
    return entry


async def find_newest(db: AsyncSession, *, owner: UUID, limit: int, skip: int = 0) -> Sequence[Rejection]:
    """One's own entries, newest first."""
    newest = kept_of(Rejection, owner).order_by(Rejection.created_at.desc(), Rejection.id)
    return (await db.scalars(newest.limit(limit).offset(skip))).all()


async def find_page(
    db: AsyncSession, *, owner: UUID, limit: int, skip: int = 0
) -> tuple[Sequence[Rejection], int | None]:
    """The same, and how many there are in all; None where none is shown. Only what a list shows is read."""
    rows = (await db.execute(_PAGE, {"owner": owner, "limit": limit, "skip": skip})).all()
    return [entry for entry, _ in rows], rows[0][1] if rows else None


async def count(db: AsyncSession, *, owner: UUID, deleted_too: bool = False) -> int:
    every = all_of if deleted_too else kept_of
    return await entries.count(db, every(Rejection, owner))


async def count_month(db: AsyncSession, *, owner: UUID, today: date, zone: ZoneInfo) -> Month:
    """What one wrote down in the month of `today`, as calendars in `zone` have it."""
    begins = datetime.combine(today.replace(day=1), time(), tzinfo=zone)
    month = kept_of(Rejection, owner).where(Rejection.created_at >= begins).subquery()
    number, lessons = (await db.execute(select(func.count(month.c.id), func.count(month.c.sealed_lesson)))).one()
    return Month(number, lessons)


async def find_companies(db: AsyncSession, *, owner: UUID, typed: str) -> list[str]:
    """Names from one's own entries that hold what is typed, those that begin with it first, each once."""
    wanted = typed.casefold().strip()
    names = {
        name.casefold(): name
        for name in (entry.company for entry in await find_newest(db, owner=owner, limit=NAMED_AT_MOST))
        if wanted in name.casefold()
    }
    return [names[key] for key in sorted(names, key=lambda key: not key.startswith(wanted))]


async def find_names(db: AsyncSession, *, owner: UUID, zone: ZoneInfo) -> Mapping[str, Rejection]:
    """One's own entries by company and day in `zone`, newest first; a second one of the same name with a number."""
    named: dict[str, Rejection] = {}
    for entry in await find_newest(db, owner=owner, limit=NAMED_AT_MOST):
        day = entry.created_at.astimezone(zone)
        name = f"{entry.company} · {day.day} {day:%b %Y}"
        again = 1
        while (numbered := name if again == 1 else f"{name} ({again})") in named:
            again += 1
        named[numbered] = entry
    return named


async def find_by_name(db: AsyncSession, *, owner: UUID, name: str | None, zone: ZoneInfo) -> Sequence[Rejection]:
    """The entries that fit best: of that name, else that company, else companies that begin so, else that hold it.

    Without a name it is the newest.
    """
    if name is None:
        return await find_newest(db, owner=owner, limit=1)
    named = await find_names(db, owner=owner, zone=zone)
    wanted = name.casefold()
    fits = [
        [entry for each, entry in named.items() if each.casefold() == wanted],
        [entry for entry in named.values() if entry.company.casefold() == wanted],
        [entry for entry in named.values() if entry.company.casefold().startswith(wanted)],
        [entry for entry in named.values() if wanted in entry.company.casefold()],
    ]
    return next((found for found in fits if found), [])


async def find_lesson(db: AsyncSession, *, owner: UUID, besides: UUID, stage: Stage) -> Rejection | None:
    """The newest entry with a lesson, one of the same stage before all others."""
    return (await db.scalars(_LESSON, {"owner": owner, "besides": besides, "stage": stage})).first()


async def find_best_lesson(db: AsyncSession, *, owner: UUID) -> Rejection | None:
    """The entry whose lesson fits best now: an earlier one of the last no's stage, else the newest of all."""
    last = next(iter(await find_newest(db, owner=owner, limit=1)), None)
    if last is None:
        return None
    earlier = await find_lesson(db, owner=owner, besides=last.id, stage=last.stage)
    if last.lesson and (earlier is None or earlier.stage is not last.stage):
        return last
    return earlier


async def change_intensity(db: AsyncSession, entry: Rejection, *, intensity: int | None, at: datetime) -> None:
    entry.intensity = intensity
    entry.changed_at = at
    await db.flush()


async def find_all(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Everything that is kept of one, oldest first, what was deleted in the last hours too."""
    query = all_of(Rejection, owner).order_by(Rejection.created_at, Rejection.id)
    async for entry in await db.stream_scalars(few_at_a_time(query)):
        yield {
            "company": entry.company,
            "role": entry.role,
            "stage": entry.stage.label,
            "feelings": [feeling.label for feeling in entry.feelings],
            "intensity": entry.intensity,
            "note": entry.note,
            "lesson": entry.lesson,
            "feedback asked for at": entry.feedback_asked_at,
            "feedback answered at": entry.feedback_answered_at,
            "feedback useful at": entry.feedback_useful_at,
            "logged at": entry.created_at,
            "changed at": entry.changed_at,
            "deleted at": entry.deleted_at,
        }


# Made once: to put these together takes as long as to carry them out.
_MINE: Final = Rejection.person_id == bindparam("owner", type_=Uuid()), Rejection.deleted_at.is_(None)
_PAGE: Final = (
    select(Rejection, select(func.count()).select_from(Rejection).where(*_MINE).scalar_subquery())
    .options(load_only(Rejection.person_id, Rejection.stage, Rejection.sealed_company, Rejection.created_at))
    .where(*_MINE)
    .order_by(Rejection.created_at.desc(), Rejection.id)
    .limit(bindparam("limit", type_=Integer()))
    .offset(bindparam("skip", type_=Integer()))
)
_LESSON: Final = (
    select(Rejection)
    .where(*_MINE, Rejection.sealed_lesson.is_not(None), Rejection.id != bindparam("besides"))
    .order_by((Rejection.stage != bindparam("stage")).asc(), Rejection.created_at.desc(), Rejection.id)
    .limit(1)
)
