"""What is asked about an application, what is suggested meanwhile, and what its forms start with."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from bot.acts import Filling
from bot.call import Call
from bot.options import Ask
from cogs.applications import service
from cogs.applications.tables import Method


async def companies(call: Call, typed: str) -> Sequence[str]:
    return await service.find_companies(call.db, owner=call.member.id, today=call.today, typed=typed)


async def names(call: Call, typed: str) -> Sequence[str]:
    named = await service.find_names(call.db, owner=call.member.id, today=call.today)
    return [name for name in named if typed.casefold().strip() in name.casefold()]


Company = Annotated[str, Ask("Company", hint="Where you applied", example="Acme", at_most=80, complete=companies)]
Role = Annotated[str | None, Ask("Role", hint="What the job is", example="Shift lead", at_most=80)]
Found = Annotated[str | None, Ask("Where did you find it?", example="Their website", at_most=80)]
How = Annotated[Method | None, Ask("How did you apply?", example="email")]
Day = Annotated[date | None, Ask("When?", hint="Left empty, today", example="yesterday")]


async def fill(call: Call, entry_id: UUID) -> Filling:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    return Filling(
        {
            "company": entry.company,
            "role": entry.role,
            "found": entry.found,
            "method": entry.method,
            "on": entry.applied_on,
            "contact": entry.contact,
            "notes": entry.notes,
        }
    )


async def fill_day(call: Call, entry_id: UUID) -> Filling:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    return Filling({"on": entry.moved_on})
