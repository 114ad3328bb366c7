"""Goals that are being set: what was read, or said so far, waits in a draft until it looks right."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import or_gone
from cogs.goals import reading
from db.drafts import delete_draft, find_value, save_value


@dataclass(frozen=True, slots=True)
class Proposal:
    """One goal on its way; its id becomes the goal's, so that it is set once however often that is pressed."""

    id: UUID
    turn: int
    """Counts the changes: a button drawn before the last one does nothing."""
    said: str | reading.Goal = field(repr=False)
    """A sentence with something missing, or what was read."""


async def create(db: AsyncSession, said: str | reading.Goal, *, editor: bytes, at: datetime) -> Proposal:
    """`editor` is the fingerprint of the account."""
    return Proposal(await save_value(db, _Turn(1, said), owner=editor, now=at), 1, said)


async def get(db: AsyncSession, proposal_id: UUID, *, editor: bytes, at: datetime) -> Proposal:
    """One's own, while it lasts. Raises Gone."""
    last = or_gone(await find_value(db, _Turn, proposal_id, owner=editor, now=at))
    return Proposal(proposal_id, last.number, last.said)


async def change(
    db: AsyncSession, proposal: Proposal, said: str | reading.Goal, *, editor: bytes, at: datetime
) -> Proposal:
    """The next turn, for as long again."""
    await delete(db, proposal, editor=editor)
    following = _Turn(proposal.turn + 1, said)
    await save_value(db, following, owner=editor, now=at, draft_id=proposal.id)
    return Proposal(proposal.id, following.number, said)


async def delete(db: AsyncSession, proposal: Proposal, *, editor: bytes) -> None:
    await delete_draft(db, proposal.id, owner=editor)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What the draft holds."""

    number: int
    said: str | reading.Goal = field(repr=False)
