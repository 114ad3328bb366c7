"""A group's place that takes no messages any more: who leads the group is told, and opens it again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Needs, Working
from bot.call import Call, Run
from bot.cards import Actions, Card, Element, Style, Text, Tone, Typed, Words, say
from bot.events import PlaceClosed
from bot.outbox import Outbox
from bot.roles import Permission
from bot.sending import NotDelivered, Unreachable
from cogs.groups import places, service
from cogs.groups.access import allow, get_group
from cogs.groups.commands import groups
from db.groups import Group, find_group_at
from db.jobs import is_open, retry_all_at


async def trouble_of(db: AsyncSession, group: Group) -> Sequence[Element]:
    """What those who lead a group see of it where its place is closed; nothing where it is open."""
    if group.destination is None or await is_open(db, group.destination):
        return ()
    return (Text(_closed(group)), Actions((try_place.button("Try again", Style.PRIMARY, group.id),)))


@groups.listen(PlaceClosed)
async def place_closed(outbox: Outbox, closed: PlaceClosed) -> tuple[Element, ...]:
    """Tells who leads the group that meets there, at most once a day."""
    group = await find_group_at(outbox.db, closed.destination)
    if group is None:
        return ()
    for leader in await service.find_facilitators(outbox.db, group):
        key = f"groups.closed:{group.id}:{leader.person_id}:{outbox.now.date()}"
        await outbox.tell(leader.person_id, told.call(group.id), key=key)
    return ()


@groups.job()
async def told(run: Run, group_id: UUID) -> Card | None:
    """For a facilitator; nothing where the place was opened meanwhile."""
    async with run.reading() as db:
        group = await db.get(Group, group_id)
        body = () if group is None else await trouble_of(db, group)
    return Card(tuple(body), tone=Tone.WARN) if body else None


@groups.action(needs=Needs(reads=True))
async def try_place(call: Call, group_id: UUID) -> Working:
    """Writes there, to find out now whether that is possible."""
    group = await get_group(call, group_id)
    await allow(call, group, Permission.SEE_MEMBERS)
    return Working(Card((Text(say("I am trying it.")),)), tried.call(group.id))


@groups.job()
async def tried(run: Run, group_id: UUID) -> Card | None:
    """How that went; what did not arrive there and is not too late goes out now."""
    async with run.reading() as db:
        group = await db.get(Group, group_id)
    if group is None or group.destination is None:
        return None
    try:
        await run.deliver(group.destination, Card((Text(say("I can write here again.")),), private=False))
    except NotDelivered as refused:
        words = _closed(group) if isinstance(refused, Unreachable) else places.words_of(refused)
        return Card((Text(words), Actions((try_place.button("Try again", Style.PRIMARY, group.id),))), tone=Tone.WARN)
    async with run.transaction() as db:
        await retry_all_at(db, group.destination, at=run.now)
    words = say("I can write in the place of {group} again. What waited for it comes now.", group=group.name)
    return Card((Text(words),), tone=Tone.GOOD)


def _closed(group: Group) -> Words:
    return say(
        "I can no longer write in the place of {group}. Where it is archived or locked, open it; where I am not in it, "
        "add me. Then try again: what is not too late by then still comes. Where it is gone, an admin gives the group "
        "another place with {setup}.",
        group=group.name,
        setup=Typed("setup group", {"name": group.name}),
    )
