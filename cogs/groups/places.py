"""Who is in a group's place: brought in line with who is in the group, outside any transaction."""

from uuid import UUID

from bot.call import Run
from bot.cards import Words, say
from bot.sending import Lacking, NotDelivered
from cogs.groups import service
from db.groups import Group, find_group_member, mark_let_in


async def settle(run: Run, group_id: UUID, person_id: UUID) -> None:
    """Adds a person to the place of a group that they are in, or removes them from it. May be done twice.

    Raises NotDelivered, Lacking where something is missing.
    """
    async with run.reading() as db:
        group = await db.get(Group, group_id)
        if group is None or group.destination is None:
            return
        account = await service.find_account(db, person_id, community=group.community_id)
        belongs = await find_group_member(db, group_id, person_id) is not None
    if account is None:
        return
    if belongs:
        await run.rooms.let_in(group.destination, account)
        async with run.transaction() as db:
            await mark_let_in(db, group_id, person_id, at=run.now)
    else:
        await run.rooms.let_out(group.destination, account)


async def find_trouble(run: Run, group_id: UUID, person_id: UUID) -> Words | None:
    """The same for who waits for it: what is in the way, in words; None where it is done."""
    try:
        await settle(run, group_id, person_id)
    except NotDelivered as refused:
        return words_of(refused)
    return None


def words_of(refused: NotDelivered) -> Words:
    """What a person can do about it."""
    if isinstance(refused, Lacking):
        return refused.words
    return say("The group’s place could not be reached. Try again in a minute.")
