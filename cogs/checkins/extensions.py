"""Check-ins on one's own page, in export and deletion, and how they are let go after six months."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Asking, Call, Run
from bot.cards import Actions, Card, Element, Row, Style, Text, Typed, say
from bot.extensions import Exported
from cogs.checkins import delivery, lead, records, rounds, service, wishes
from cogs.checkins.asking import checkins
from cogs.checkins.commands import look
from cogs.checkins.history import going_soon, history
from db.groups import groups_of

__all__ = ["checkins", "delivery", "lead"]


@checkins.home
async def waiting(call: Call) -> Sequence[Element]:
    """Open check-ins that wait for an answer, and old ones that will go."""
    if not call.member.keeps:
        return ()
    rows: list[Element] = []
    for group, _ in await groups_of(call.db, call.member.id):
        found = await rounds.find_current(call.db, group.id, now=call.now)
        if found is None or found.closes_at <= call.now:
            continue
        if await service.find_answer(call.db, found.id, owner=call.member.id) is None:
            words = say("{group} asks how you are, until {end}.", group=group.name, end=found.closes_at)
            rows.append(Row(words, look.button("Check in", Style.PLAIN, found.id)))
    return [*rows, *await going_soon(call)]


@checkins.export
async def export(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported("Check-ins", await records.count(db, owner=person_id), records.find_all(db, owner=person_id))


@checkins.export
async def export_lines(db: AsyncSession, person_id: UUID) -> Exported:
    number = await records.count_lines(db, owner=person_id)
    return Exported("Lines of check-ins", number, records.find_all_lines(db, owner=person_id))


@checkins.export
async def export_rest(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported.of("How check-ins reach you", await records.find_rest(db, owner=person_id))


@checkins.erase
async def erase(db: AsyncSession, person_id: UUID) -> None:
    await records.delete_all(db, owner=person_id)


@checkins.tidy
async def tidy(db: AsyncSession, now: datetime) -> None:
    outbox = Asking(db, now)
    for person_id in await records.remind(db, now=now):
        await outbox.tell(person_id, going.call(person_id), key=f"checkin:going:{person_id}:{now.date()}")
    await records.delete_expired(db, now=now)
    await wishes.delete_over(db, now=now)


@checkins.job()
async def going(run: Run, person_id: UUID) -> Card | None:
    """Tells a member, two weeks before, that their oldest answers go."""
    async with run.reading() as db:
        first = await records.find_first_to_go(db, owner=person_id, now=run.now)
    if first is None:
        return None
    return Card(
        (
            Text(
                say(
                    "I keep check-ins for 6 months. Your oldest ones go from {day} on. If you want to keep them, take "
                    "them along before: {export}.",
                    day=first.date(),
                    export=Typed("mydata export"),
                )
            ),
            Actions((history.button("Look at them", Style.PLAIN),)),
        ),
        title=say("Some of your check-ins will go"),
    )
