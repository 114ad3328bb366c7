"""The rules of applications: each is its owner's alone, moves from stage to stage, and every change can be undone."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Self
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, func, select, true
from sqlalchemy import delete as delete_rows
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import or_gone
from bot.extensions import Record
from bot.options import Choice
from cogs.applications.tables import Application, Method, Move, Stage
from db import entries
from db.entries import all_of, few_at_a_time, kept_of

QUIET_DAYS: Final = 21
NAMED_AT_MOST: Final = 200
"""How far back names are looked up: they are sealed, so each one is opened to be compared."""

STEPS: Final = (Stage.APPLIED, Stage.SCREENING, Stage.FIRST_INTERVIEW, Stage.FINAL, Stage.OFFER)
"""The way from an application to a job, in order; every other stage is an end on it."""
OPEN: Final = STEPS[:-1]
INTERVIEWS: Final = (Stage.FIRST_INTERVIEW, Stage.FINAL)


class Shown(Choice):
    """Which applications a list shows."""

    ALL = "all", "All"
    OPEN = "open", "Open"
    QUIET = "quiet", "Quiet for three weeks"
    CLOSED = "closed", "Closed"


@dataclass(frozen=True, slots=True)
class Content:
    """What a member says about an application."""

    company: str = field(repr=False)
    applied_on: date
    role: str | None = field(default=None, repr=False)
    found: str | None = field(default=None, repr=False)
    method: Method | None = None
    contact: str | None = field(default=None, repr=False)
    notes: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, entry: Application, /) -> Self:
        return cls(entry.company, entry.applied_on, entry.role, entry.found, entry.method, entry.contact, entry.notes)

    def write(self, entry: Application, /) -> None:
        entry.company = self.company
        entry.applied_on = self.applied_on
        entry.role = self.role
        entry.found = self.found
        entry.method = self.method
        entry.contact = self.contact
        entry.notes = self.notes


async def create(db: AsyncSession, *, owner: UUID, content: Content, at: datetime) -> Application:
    entry = Application(person_id=owner, created_at=at, changed_at=at)
    content.write(entry)
    first = _move(entry, number=1, stage=Stage.APPLIED, furthest=Stage.APPLIED, on=content.applied_on)
    for row in (entry, first):  # no relationship tells the session which of them comes first
        db.add(row)
        await db.flush()
    return entry


async def get(db: AsyncSession, entry_id: UUID, *, owner: UUID) -> Application:
    """One's own application, a deleted one too while it lasts. Raises Gone for any other id."""
    return or_gone(await entries.find(db, Application, entry_id, owner=owner))


async def find_newest(
    db: AsyncSession, *, owner: UUID, today: date, limit: int, skip: int = 0, shown: Shown = Shown.ALL
) -> Sequence[Application]:
    """One's own applications, the latest first."""
    query = kept_of(Application, owner).where(_fits(shown, today))
    newest = query.order_by(Application.applied_on.desc(), Application.created_at.desc(), Application.id)
    return (await db.scalars(newest.limit(limit).offset(skip))).all()


async def count(db: AsyncSession, *, owner: UUID, today: date, shown: Shown = Shown.ALL) -> int:
    query = kept_of(Application, owner).where(_fits(shown, today)).with_only_columns(func.count())
    return await db.scalar(query) or 0


async def count_stages(db: AsyncSession, *, owner: UUID) -> Mapping[Stage, int]:
    """How many of one's own applications stand at each stage, those without any left out."""
    query = kept_of(Application, owner).with_only_columns(Application.stage, func.count()).group_by(Application.stage)
    return dict((await db.execute(query)).all())


async def count_all(db: AsyncSession, *, owner: UUID) -> int:
    """How many are kept, deleted ones too."""
    return await entries.count(db, all_of(Application, owner))


async def count_all_moves(db: AsyncSession, *, owner: UUID) -> int:
    """How many steps they took, all together."""
    return await db.scalar(select(func.count()).where(Move.person_id == owner)) or 0


async def find_quietest(db: AsyncSession, *, owner: UUID, today: date) -> Application | None:
    """The open one that there was no news of for the longest time, where that is QUIET_DAYS or more."""
    query = kept_of(Application, owner).where(_fits(Shown.QUIET, today))
    return (await db.scalars(query.order_by(Application.moved_on, Application.id).limit(1))).first()


async def find_companies(db: AsyncSession, *, owner: UUID, today: date, typed: str) -> list[str]:
    """Names from one's own applications that hold what is typed, those that begin with it first, each once."""
    wanted = typed.casefold().strip()
    newest = await find_newest(db, owner=owner, today=today, limit=NAMED_AT_MOST)
    names = {entry.company.casefold(): entry.company for entry in newest if wanted in entry.company.casefold()}
    return [names[key] for key in sorted(names, key=lambda key: not key.startswith(wanted))]


async def find_names(db: AsyncSession, *, owner: UUID, today: date) -> Mapping[str, Application]:
    """One's own applications by company and day, the latest first; a second one of the same name with a number."""
    named: dict[str, Application] = {}
    for entry in await find_newest(db, owner=owner, today=today, limit=NAMED_AT_MOST):
        day = entry.applied_on
        name = f"{entry.company} · {day.day} {day:%b %Y}"
        again = 1
        while (numbered := name if again == 1 else f"{name} ({again})") in named:
            again += 1
        named[numbered] = entry
    return named


async def find_by_name(db: AsyncSession, *, owner: UUID, today: date, name: str | None) -> Sequence[Application]:
    """The applications that fit best: of that name, else that company, else companies that begin so, else hold it.

    Without a name it is the latest.
    """
    if name is None:
        return await find_newest(db, owner=owner, today=today, limit=1)
    named = await find_names(db, owner=owner, today=today)
    wanted = name.casefold()
    fits = [
        [entry for each, entry in named.items() if each.casefold() == wanted],
        [entry for entry in named.values() if entry.company.casefold() == wanted],
        [entry for entry in named.values() if entry.company.casefold().startswith(wanted)],
        [entry for entry in named.values() if wanted in entry.company.casefold()],
    ]
    return next((found for found in fits if found), [])


async def find_unended(db: AsyncSession, *, owner: UUID, company: str) -> Sequence[Application]:
    """One's own applications at a company that have not ended, among the latest NAMED_AT_MOST of them."""
    latest = await db.scalars(_UNENDED, {"owner": owner})
    wanted = _alike(company)
    return [entry for entry in latest if _alike(entry.company) == wanted]


async def find_moves(db: AsyncSession, entry: Application) -> Sequence[Move]:
    """The history of an application, in order."""
    query = select(Move).where(Move.application_id == entry.id).order_by(Move.number)
    return (await db.scalars(query)).all()


async def change_stage(
    db: AsyncSession, entry: Application, *, stage: Stage, on: date, at: datetime, reached: Stage = Stage.APPLIED
) -> Move:
    """Moves it to a stage; to the one that it is at: there was no news until that day.

    `reached` is how far it had come before, where that is known to be further than what was noted.
    """
    last = (await find_moves(db, entry))[-1]
    furthest = max((entry.furthest, reached, stage if stage in STEPS else reached), key=STEPS.index)
    # A member who travels may live in yesterday once more; history does not run backwards.
    on = max(on, last.happened_on)
    news = stage != entry.stage
    move = _move(entry, number=last.number + 1, stage=stage, furthest=furthest, on=on, is_news=news)
    db.add(move)
    entry.changed_at = at
    await db.flush()
    return move


async def change_stage_back(db: AsyncSession, entry: Application, *, at: datetime) -> Move | None:
    """Takes back the newest move and gives it; None where there is only the application itself."""
    moves = await find_moves(db, entry)
    if len(moves) == 1:
        return None
    last = moves[-1]
    await db.delete(last)
    _stand(entry, moves[-2])
    entry.changed_at = at
    await db.flush()
    return last


async def change_day(db: AsyncSession, entry: Application, move: Move, *, on: date, at: datetime) -> None:
    """Sets the day of the newest move."""
    move.happened_on = entry.moved_on = on
    entry.changed_at = at
    await db.flush()


async def change(db: AsyncSession, entry: Application, *, content: Content, editor: bytes, at: datetime) -> UUID | None:
    """Writes what is new. The old words wait sealed for `editor` in the draft whose id is given; None: no change."""
    draft_id = await entries.change(db, entry, content, editor=editor, at=at)
    if draft_id is not None:
        await _begin(db, entry)
    return draft_id


async def change_back(db: AsyncSession, entry: Application, *, draft_id: UUID, editor: bytes, at: datetime) -> None:
    """Writes the old words again. Raises Gone when they are no longer kept, or are not this application's."""
    or_gone(await entries.change_back(db, entry, Content, draft_id=draft_id, editor=editor, at=at))
    await _begin(db, entry)


async def delete_all(db: AsyncSession, *, owner: UUID) -> None:
    await db.execute(delete_rows(Move).where(Move.person_id == owner))
    await entries.delete_all(db, Application, owner=owner)


async def find_all(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """Every application that is kept of one, oldest first, what was deleted in the last hours too."""
    async for entry, _ in _with_moves(db, all_of(Application, owner)):
        yield {
            "company": entry.company,
            "role": entry.role,
            "found": entry.found,
            "method": entry.method.label if entry.method else None,
            "applied on": entry.applied_on,
            "contact": entry.contact,
            "notes": entry.notes,
            "stage": entry.stage.label,
            "furthest": entry.furthest.label,
            "last news on": entry.moved_on,
            "logged at": entry.created_at,
            "changed at": entry.changed_at,
            "deleted at": entry.deleted_at,
        }


async def find_all_moves(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    """The history of all of them, in the same order."""
    async for entry, moves in _with_moves(db, all_of(Application, owner)):
        for move in moves:
            yield {
                "company": entry.company,
                "on": move.happened_on,
                "stage": move.stage.label,
                "furthest": move.furthest.label,
                "news": move.is_news,
            }


async def find_between(
    db: AsyncSession, *, owner: UUID, since: date | None, until: date | None
) -> AsyncIterator[tuple[Application, Sequence[Move]]]:
    """One's own applications of which anything happened on these days, oldest first, with their whole history."""
    async for found in _with_moves(db, _between(owner, since, until)):
        yield found


async def count_between(db: AsyncSession, *, owner: UUID, since: date | None, until: date | None) -> int:
    return await db.scalar(_between(owner, since, until).with_only_columns(func.count())) or 0


def _between(owner: UUID, since: date | None, until: date | None) -> Select[Application]:
    days = (Move.happened_on >= since if since else true(), Move.happened_on <= until if until else true())
    return kept_of(Application, owner).where(
        Application.id.in_(select(Move.application_id).where(Move.person_id == owner, *days))
    )


def _fits(shown: Shown, today: date) -> ColumnElement[bool]:
    match shown:
        case Shown.ALL:
            return true()
        case Shown.OPEN:
            return Application.stage.in_(OPEN)
        case Shown.QUIET:
            return Application.stage.in_(OPEN) & (Application.moved_on <= today - timedelta(days=QUIET_DAYS))
        case Shown.CLOSED:
            return Application.stage.not_in(OPEN)


async def _with_moves(
    db: AsyncSession, query: Select[Application]
) -> AsyncIterator[tuple[Application, Sequence[Move]]]:
    both = query.add_columns(Move).join(Move, Move.application_id == Application.id)
    ordered = both.order_by(Application.applied_on, Application.created_at, Application.id, Move.number)
    rows = await db.stream(few_at_a_time(ordered))
    moves: list[Move] = []
    last: Application | None = None
    async for entry, move in rows:
        if last is not None and last is not entry:
            yield last, moves
            moves = []
        last = entry
        moves.append(move)
    if last is not None:
        yield last, moves


def _move(entry: Application, *, number: int, stage: Stage, furthest: Stage, on: date, is_news: bool = True) -> Move:
    """The next move, with which the application goes along."""
    move = Move(
        application_id=entry.id,
        person_id=entry.person_id,
        number=number,
        stage=stage,
        furthest=furthest,
        happened_on=on,
        is_news=is_news,
    )
    _stand(entry, move)
    return move


def _stand(entry: Application, move: Move) -> None:
    entry.stage, entry.furthest, entry.moved_on = move.stage, move.furthest, move.happened_on


async def _begin(db: AsyncSession, entry: Application) -> None:
    """Lets its history begin on the day of the application."""
    first, *later = await find_moves(db, entry)
    first.happened_on = entry.applied_on
    if not later:
        entry.moved_on = entry.applied_on
    await db.flush()


def _alike(company: str) -> str:
    return " ".join(company.casefold().split())


# Made once: every rejection that is logged asks it, and to put it together takes as long as to carry it out.
_UNENDED: Final = (
    select(Application)
    .where(Application.person_id == bindparam("owner", type_=Uuid()), Application.deleted_at.is_(None))
    .where(Application.stage.in_(STEPS))
    .order_by(Application.applied_on.desc(), Application.id)
    .limit(NAMED_AT_MOST)
)
