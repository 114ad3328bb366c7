"""What is asked about a rejection, what is suggested meanwhile, and what its forms start with."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from bot.acts import Filling
from bot.call import Call
from bot.options import Ask
from cogs.rejections import service
from cogs.rejections.tables import Feeling, Stage


async def companies(call: Call, typed: str) -> Sequence[str]:
    return await service.find_companies(call.db, owner=call.member.id, typed=typed)


async def names(call: Call, typed: str) -> Sequence[str]:
    named = await service.find_names(call.db, owner=call.member.id, zone=call.member.tzinfo)
    return [name for name in named if typed.casefold().strip() in name.casefold()]


Company = Annotated[str, Ask("Company", hint="Who said no", example="Acme", at_most=80, complete=companies)]
How = Annotated[Stage, Ask("How far did it get?", example="final")]
Role = Annotated[str | None, Ask("Role", hint="What the job was", example="Shift lead", at_most=80)]
Felt = Annotated[
    tuple[Feeling, ...], Ask("How does it feel?", hint="As many as fit, or none", example="disappointed, tired")
]
Notes = Annotated[str | None, Ask("Note", hint="Anything you want to remember", paragraph=True)]
Which = Annotated[str | None, Ask("Which one?", hint="Its company; empty: the newest", example="Acme", complete=names)]


async def fill(call: Call, entry_id: UUID) -> Filling:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    return Filling(
        {
            "company": entry.company,
            "stage": entry.stage,
            "role": entry.role,
            "feelings": entry.feelings,
            "note": entry.note,
            "lesson": entry.lesson,
        }
    )
