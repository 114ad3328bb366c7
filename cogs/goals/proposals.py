"""Goals that are being set: what was read, or said so far, waits in a draft until it looks right."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from cogs.goals import reading
from db.drafts import delete_draft, find_draft, save_draft

_TURN: Final = "turn"


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
    draft = await save_draft(db, owner=editor, content=_text(1, said), now=at)
    return Proposal(draft.id, 1, said)


async def get(db: AsyncSession, proposal_id: UUID, *, editor: bytes, at: datetime) -> Proposal:
    """One's own, while it lasts. Raises Gone."""
    text = await find_draft(db, proposal_id, owner=editor, now=at)
    values: dict[str, Any] = json.loads(text) if text else {}
    if _TURN not in values:
        raise Gone
    said = values["sentence"] if values["goal"] is None else unpack(values["goal"])
    return Proposal(proposal_id, values[_TURN], said)


async def change(
    db: AsyncSession, proposal: Proposal, said: str | reading.Goal, *, editor: bytes, at: datetime
) -> Proposal:
    """The next turn, for as long again."""
    await delete(db, proposal, editor=editor)
    turn = proposal.turn + 1
    await save_draft(db, owner=editor, content=_text(turn, said), now=at, draft_id=proposal.id)
    return Proposal(proposal.id, turn, said)


async def delete(db: AsyncSession, proposal: Proposal, *, editor: bytes) -> None:
    await delete_draft(db, proposal.id, owner=editor)


def pack(content: reading.Goal) -> dict[str, Any]:
    """A goal as plain values for JSON."""
    return {
        "verb": content.verb,
        "quantity": content.quantity,
        "thing": content.thing,
        "period": content.period.value,
        "weekdays": [day.value for day in content.weekdays],
        "until": content.until.isoformat() if content.until else None,
        "starts": content.starts.isoformat() if content.starts else None,
        "upper": content.upper,
        "bound": content.bound.value,
    }


def unpack(values: Mapping[str, Any]) -> reading.Goal:
    """The same, back."""
    return reading.Goal(
        values["verb"],
        values["quantity"],
        values["thing"],
        reading.Period(values["period"]),
        weekdays=tuple(reading.Weekday(day) for day in values["weekdays"]),
        until=date.fromisoformat(values["until"]) if values["until"] else None,
        starts=date.fromisoformat(values["starts"]) if values["starts"] else None,
        upper=values["upper"],
        bound=reading.Bound(values["bound"]),
    )


def _text(turn: int, said: str | reading.Goal) -> str:
    sentence, goal = (said, None) if isinstance(said, str) else (None, pack(said))
    return json.dumps({_TURN: turn, "sentence": sentence, "goal": goal})
