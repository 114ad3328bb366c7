"""A no that was written down may close an application; the member says so."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from bot.call import Call
from bot.cards import Card, Element, Row, Style, say
from bot.events import RejectionLogged
from cogs.applications import service
from cogs.applications.commands import applications, current_card, moved_card
from cogs.applications.tables import Stage

REACHED: Final[Mapping[str, Stage]] = {
    "no_reply": Stage.APPLIED,
    "screening": Stage.SCREENING,
    "first_interview": Stage.FIRST_INTERVIEW,
    "final": Stage.FINAL,
    "offer_withdrawn": Stage.OFFER,
}
"""How far an application had come, by the words of a rejection."""


@applications.listen(RejectionLogged)
async def offer_to_close(call: Call, event: RejectionLogged) -> Sequence[Element]:
    """The button that closes it, where no doubt is which one is meant."""
    found = await service.find_unended(call.db, owner=call.member.id, company=event.company)
    if len(found) != 1 or event.stage not in REACHED:
        return ()
    entry = found[0]
    end = Stage.GHOSTED if event.stage == "no_reply" else Stage.REJECTED
    words = say("Your application at {company} of {day} is still open.", company=entry.company, day=entry.applied_on)
    closing = (entry.id, entry.version, end, REACHED[event.stage], event.on)
    return (Row(words, close.button("Close the application", Style.PLAIN, *closing)),)


@applications.action(adds=True)
async def close(call: Call, entry_id: UUID, version: int, end: Stage, reached: Stage, on: date) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if not entry.is_as_drawn(version) or reached not in service.STEPS:
        return await current_card(call, entry)
    made = await service.change_stage(call.db, entry, stage=end, reached=reached, on=on, at=call.now)
    return await moved_card(call, entry, made)
