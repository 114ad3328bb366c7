"""What those who lead a group see of its rounds: counts, and what needs a hand; never a person's answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cogs.checkins import shares
from cogs.checkins.shares import Said
from cogs.checkins.tables import Answer, Bank, Kind, Line, Round
from db.groups import Group

ROUNDS_SHOWN: Final = 6
QUIET: Final = timedelta(weeks=2)


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round that is over, counted when it closed; `shared` is how many lines the group reads of it."""

    round_id: UUID
    kind: Kind
    slot: date
    answered: int | None
    members: int | None
    shared: int


@dataclass(frozen=True, slots=True)
class View:
    """The latest rounds, the newest first; the asks of these that nobody helps with; whether all fell silent."""

    rounds: Sequence[RoundView]
    asks: Sequence[Said] = field(repr=False)
    is_quiet: bool


async def find_view(db: AsyncSession, group: Group, *, now: datetime) -> View:
    shared = (
        select(func.count())
        .select_from(Line)
        .join(Answer, Answer.id == Line.answer_id)
        .where(Answer.round_id == Round.id, Line.shared_at.is_not(None))
        .correlate(Round)
        .scalar_subquery()
    )
    over = select(Round, shared).where(Round.group_id == group.id, Round.closed_at.is_not(None))
    rows = (await db.execute(over.order_by(Round.opens_at.desc(), Round.id).limit(ROUNDS_SHOWN))).all()
    views = [RoundView(each.id, each.kind, each.slot, each.answered, each.members, count) for each, count in rows]
    recent = [each for each, _ in rows if each.closes_at > now - QUIET]
    first = await db.scalar(select(func.min(Round.opens_at)).where(Round.group_id == group.id))
    known = first is not None and first <= now - QUIET
    shared_in = await shares.find_shared_of(db, [each.id for each, _ in rows])
    lines = [said for each, _ in rows for said in shared_in[each.id]]
    return View(
        views,
        [said for said in lines if said.question is Bank.ASK and not said.helpers],
        is_quiet=known and bool(recent) and not any(each.answered for each in recent),
    )
