"""Who is still where their groups meet, and in the community: asked of the platform, and acted on.

No platform can be relied on to say who left: Discord does so only to bots that may read lists of members, Slack's
word may come late, twice, or not at all. So a word is only a reason to look, and so is a message that names people.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bot.call import Asking, Run
from bot.events import ReachChanged
from bot.machine import machine
from bot.outbox import Outbox
from bot.platforms.base import Departure
from bot.sending import Refused, Unreachable
from db.groups import (
    Group,
    GroupMember,
    RequestState,
    accounts_of,
    end_membership,
    find_group_meeting_at,
    find_group_member,
    groups_of,
    members_of,
)
from db.members import IdentityKey, find_member, leave
from db.places import Community, find_community

logger = logging.getLogger(__name__)

TRIED_FOR: Final = timedelta(days=1)
BEFORE: Final = timedelta(minutes=5)
SPREAD_SECONDS: Final = 3300
"""Thousands of groups are asked at the same hour: over so long before it they are looked at one after the other."""


async def note(asking: Asking, departure: Departure) -> None:
    """Has it looked up what a platform says of somebody; nothing for who is not known, or not in that group."""
    key = IdentityKey(departure.platform, departure.tenant, departure.user)
    found = await find_member(asking.db, key, community=None)
    community = await find_community(asking.db, departure.platform, departure.community)
    if found is None or community is None:
        return
    person_id = found.person.id
    once = f"departed:{departure.platform}:{departure.id}"
    until = asking.now + TRIED_FOR
    if not departure.destination:
        await asking.later(confirm_member.call(person_id, community.id), key=once, person=person_id, expires_at=until)
        return
    group = await find_group_meeting_at(asking.db, departure.destination, person_id=person_id)
    if group is not None:
        await asking.later(confirm_group.call(group.id), key=once, expires_at=until)


async def confirm_before(outbox: Outbox, group_id: UUID, *, at: datetime, key: str) -> None:
    """Has it looked up, shortly before something comes `at` which names the members of a group, who is still in it."""
    early = BEFORE + timedelta(seconds=group_id.int % SPREAD_SECONDS)
    begin = max(outbox.now, at - early)
    await outbox.later(confirm_group.call(group_id), at=begin, key=key, expires_at=begin + TRIED_FOR)


@machine.job(key="confirm_group")
async def confirm_group(run: Run, group_id: UUID) -> None:
    """Takes those out of a group who have left its place, and those out of the community who have left that."""
    async with run.reading() as db:
        group = await db.get(Group, group_id)
        if group is None:
            return
        community = await db.get_one(Community, group.community_id)
        members = await members_of(db, group_id)
        accounts = await accounts_of(db, [each.person_id for each in members], community_id=community.id)
    absent = await _absent(run, group, [each for each in members if each.let_in_at is not None], accounts)
    for member in members:
        account = accounts.get(member.person_id)
        if account is None or (member.let_in_at is not None and account not in absent):
            continue
        if await _has_left(run, community, account):
            await _leave_community(run, community, member.person_id, account)
        elif account in absent:
            await _leave_group(run, member)


@machine.job(key="confirm_member")
async def confirm_member(run: Run, person_id: UUID, community_id: UUID) -> None:
    """Takes a person out of a community and its groups, where they have left it."""
    async with run.reading() as db:
        community = await db.get(Community, community_id)
        account = (await accounts_of(db, [person_id], community_id=community_id)).get(person_id)
    if community is None or account is None:
        return
    if await _has_left(run, community, account):
        await _leave_community(run, community, person_id, account)


async def _absent(
    run: Run, group: Group, members: Sequence[GroupMember], accounts: Mapping[UUID, IdentityKey]
) -> Collection[IdentityKey]:
    """The accounts of those who were in the group's place and are not any more; nobody's where that is not known."""
    known = [accounts[each.person_id] for each in members if each.person_id in accounts]
    if group.destination is None or not known:
        return ()
    try:
        return await run.rooms.find_absent(group.destination, known)
    except (Refused, Unreachable):  # the place is gone, or the bot is out of it: that says nothing of its people
        return ()


async def _has_left(run: Run, community: Community, account: IdentityKey) -> bool:
    try:
        return await run.rooms.has_left(community.external_id, account)
    except (Refused, Unreachable):  # the bot itself is not there any more
        return False


async def _leave_group(run: Run, seen: GroupMember) -> None:
    async with run.transaction() as db:
        await db.get(Group, seen.group_id, with_for_update=True)
        member = await find_group_member(db, seen.group_id, seen.person_id)
        if member is None or (member.id, member.let_in_at) != (seen.id, seen.let_in_at):  # they came back meanwhile
            return
        await end_membership(db, seen.group_id, seen.person_id, how=RequestState.GONE, at=run.now)
        await run.asking(db).announce(ReachChanged(seen.person_id))
    logger.info("left a group on the platform", extra={"fields": {"key": confirm_group.key}})


async def _leave_community(run: Run, community: Community, person_id: UUID, account: IdentityKey) -> None:
    async with run.reading() as db:
        groups = [group for group, _ in await groups_of(db, person_id, community_id=community.id)]
    for group in groups:
        if group.destination is not None:
            # Discord remembers who may see a channel: who comes to the server again is not in the group again.
            with suppress(Refused, Unreachable):
                await run.rooms.let_out(group.destination, account)
    async with run.transaction() as db:
        for group in groups:
            await db.get(Group, group.id, with_for_update=True)
            await end_membership(db, group.id, person_id, how=RequestState.GONE, at=run.now)
        if await leave(db, person_id, community=community.id) or groups:
            await run.asking(db).announce(ReachChanged(person_id))
    logger.info("left a community on the platform", extra={"fields": {"key": confirm_member.key}})
