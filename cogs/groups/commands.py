"""Coming into a group and leaving it: what its members see, and what whoever leads it decides."""

from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Needs, Where, Working
from bot.call import Call, Run
from bot.cards import Actions, Button, Card, Element, Mention, Note, Style, Text, Tone, Typed, Words, say
from bot.errors import Gone, NotAllowed, Refusal
from bot.events import ReachChanged
from bot.extensions import Exported
from bot.feature import Feature
from bot.options import ASKED, Ask
from bot.outbox import JobCall
from bot.roles import Permission, may
from cogs.groups import places, service
from cogs.groups.access import (
    NAME_LENGTH,
    account,
    allow,
    get_group,
    get_named,
    mention,
    names,
    own_names,
    standing,
)
from cogs.groups.service import Decision, Joining, Leaving
from cogs.groups.words import decided as decided_words
from cogs.groups.words import place_of
from db.groups import Group, JoinRequest, RequestState, find_group_member, groups_of
from db.members import IdentityKey

groups = Feature("groups", "Small groups of peers: find one, come in, and leave.")

IN_COMMUNITY: Final = Needs(where=Where.COMMUNITY)
SETTLED_AFTER: Final = timedelta(minutes=1)
"""Who is in the place is looked at once more, in case the first time was cut short."""
TRIED_FOR: Final = timedelta(days=1)
"""While the platform is down or wants nothing."""


Name = Annotated[str, Ask("Which group?", example="Design seekers", at_most=NAME_LENGTH, complete=names)]
OwnName = Annotated[
    str | None,
    Ask("Which group?", hint="Left empty, your only one", at_most=NAME_LENGTH, complete=own_names),
]


@groups.command("group join", needs=IN_COMMUNITY)
async def join(call: Call, group: Name = ASKED) -> Card | Working:
    """Come into a group.

    An open group you join at once, where there is room. In others somebody who leads it decides, and you are told.
    """
    return await _join(call, await get_named(call, group, lock=True))


@groups.action()
async def join_one(call: Call, group_id: UUID) -> Card | Working:
    return await _join(call, await get_group(call, group_id, lock=True))


@groups.action()
async def withdraw(call: Call, group_id: UUID) -> Card:
    """Takes one's request back."""
    group = await get_group(call, group_id, lock=True)
    await call.db.delete(await service.get_waiting(call.db, group, person=call.member.id))
    return Card((Text(say("Taken back. You no longer ask to come into {group}.", group=group.name)),))


@groups.command("group leave", needs=IN_COMMUNITY)
async def leave(call: Call, group: OwnName = None) -> Card | Working:
    """Leave a group."""
    if group is not None:
        return await _leave(call, await get_named(call, group, lock=True))
    own = await groups_of(call.db, call.member.id, community_id=call.place.community)
    if not own:
        raise Refusal(say("You are in no group here. {find} shows which there are.", find=Typed("group find")))
    if len(own) > 1:
        raise Refusal("You are in more than one group. Which one do you leave?", *(
            leave_one.button(each.name[:34], Style.PLAIN, each.id) for each, _ in own[:5]))  # fmt: skip
    return await _leave(call, await get_group(call, own[0][0].id, lock=True))


@groups.action()
async def leave_one(call: Call, group_id: UUID) -> Card | Working:
    return await _leave(call, await get_group(call, group_id, lock=True))


@groups.action()
async def come_back(call: Call, group_id: UUID) -> Card | Working:
    group = await get_group(call, group_id, lock=True)
    match await service.come_back(call.db, group, person=call.member.id, at=call.now):
        case Joining.FULL:
            raise Refusal("Somebody else has come in since, and the group is full. Ask to join it again.")
        case _:
            return await let_in(call, group, call.member.id)


@groups.action(title="Hand over the group")
async def hand_over(
    call: Call, group_id: UUID, member: Annotated[Mention, Ask("Who leads it from now on?")] = ASKED
) -> Card:
    """Passes the lead to another member of the group."""
    group = await get_group(call, group_id, lock=True)
    await allow(call, group, Permission.HAND_OVER)
    to = await service.find_member_of(call.db, account(call, member), community=group.community_id)
    if to is None or not await service.hand_over(call.db, group, person=call.member.id, to=to):
        raise Refusal("Choose somebody else who is in the group. Only then can they lead it.")
    return Card(
        (
            Text(say("{member} leads {group} from now on. You are a member like the others.", member=member,
                     group=group.name)),
            Actions((leave_one.button("Leave the group", Style.PLAIN, group.id),)),
        ),
        tone=Tone.GOOD,
    )  # fmt: skip


@groups.action()
async def accept(call: Call, request_id: UUID) -> Card | Working:
    """Lets in who asked."""
    request, group = await _asked_for(call, request_id)
    decision = await service.decide(call.db, request, group, accept=True, at=call.now)
    if decision is not Decision.ACCEPTED:
        return Card((Text(decided_words(decision)),))
    await _tell_decision(call, request, group)
    return await let_in(call, group, request.person_id)


@groups.action()
async def decline(call: Call, request_id: UUID) -> Card:
    """Does not."""
    request, group = await _asked_for(call, request_id)
    decision = await service.decide(call.db, request, group, accept=False, at=call.now)
    if decision is Decision.DECLINED:
        await _tell_decision(call, request, group)
    return Card((Text(decided_words(decision)),))


@groups.action(needs=Needs(reads=True))
async def try_again(call: Call, group_id: UUID, person_id: UUID) -> Working:
    """Once more adds somebody to the place of a group, who is in it, or removes who is not."""
    group = await get_group(call, group_id)
    own = person_id == call.member.id
    if not own:
        await allow(call, group, Permission.DECIDE_JOINING)
    return Working(_one_moment(group), entered.call(group.id, person_id, own))


@groups.job()
async def settle(run: Run, group_id: UUID, person_id: UUID) -> None:
    await places.settle(run, group_id, person_id)


@groups.job()
async def entered(run: Run, group_id: UUID, person_id: UUID, own: bool) -> Card | None:
    """The place in line with the group, and how that went: for the person's `own` eyes, or for who let them in."""
    trouble = await places.find_trouble(run, group_id, person_id)
    async with run.reading() as db:
        group = await db.get(Group, group_id)
        if group is None:
            return None
        known = await service.find_account(db, person_id, community=group.community_id)
        belongs = await find_group_member(db, group_id, person_id) is not None
    if not belongs:  # they have left meanwhile, and so it was brought in line with that
        return _out(group) if own else None
    words = say("You are in {group}.", group=group.name) if own else _is_in(group, known)
    if trouble is not None:
        return _not_settled(group, person_id, words, trouble, own=own)
    undo = (Actions((leave_one.button("Undo", Style.PLAIN, group.id),)),) if own else ()
    return Card((Text(words), Text(place_of(group)), *undo), tone=Tone.GOOD)


@groups.job()
async def departed(run: Run, group_id: UUID, person_id: UUID) -> Card | None:
    trouble = await places.find_trouble(run, group_id, person_id)
    async with run.reading() as db:
        group = await db.get(Group, group_id)
    if group is None:
        return None
    more = () if trouble is None else (Text(say("You may still see its place. {why}", why=trouble)),)
    return _out(group, *more)


@groups.job()
async def asked(run: Run, request_id: UUID) -> Card | None:
    """For a facilitator: somebody asks to come in."""
    async with run.reading() as db:
        request = await db.get(JoinRequest, request_id)
        if request is None or request.state is not RequestState.WAITING:
            return None
        group = await db.get_one(Group, request.group_id)
        known = await service.find_account(db, request.person_id, community=group.community_id)
    return Card(
        (
            Text(say("{member} asks to come into {group}.", member=mention(known), group=group.name)),
            Actions(decision_buttons(request)),
        ),
        title=say("Somebody asks to join"),
    )


@groups.job()
async def decided(run: Run, request_id: UUID) -> Card | None:
    """For who asked: what was decided."""
    async with run.reading() as db:
        request = await db.get(JoinRequest, request_id)
        group = await db.get(Group, request.group_id) if request else None
    if request is None or group is None:
        return None
    match request.state:
        case RequestState.ACCEPTED:
            return Card((Text(say("You are in {group}.", group=group.name)), Text(place_of(group))), tone=Tone.GOOD)
        case RequestState.DECLINED:
            words = "{group} could not take you in this time. {find} shows which other groups there are."
            return Card((Text(say(words, group=group.name, find=Typed("group find"))),), tone=Tone.CALM)
        case _:
            return None


@groups.export
async def export_memberships(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported.of("Groups", await service.find_memberships(db, owner=person_id))


@groups.export
async def export_requests(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported.of("Requests to join a group", await service.find_requests(db, owner=person_id))


@groups.erase
async def erase(db: AsyncSession, person_id: UUID) -> None:
    await service.delete_all(db, owner=person_id)


@groups.tidy
async def tidy(db: AsyncSession, now: datetime) -> None:
    await service.delete_expired(db, now=now)


def decision_buttons(request: JoinRequest) -> tuple[Button, Button]:
    return (
        accept.button("Accept", Style.PRIMARY, request.id),
        decline.button("Decline", Style.PLAIN, request.id),
    )


async def let_in(call: Call, group: Group, person_id: UUID) -> Card | Working:
    """What follows on coming in: the place is brought in line at once, and looked at once more."""
    await call.announce(ReachChanged(person_id))
    own = person_id == call.member.id
    if group.destination is not None:
        return await _settled(call, group, person_id, _one_moment(group), entered.call(group.id, person_id, own))
    known = None if own else await service.find_account(call.db, person_id, community=group.community_id)
    words = say("You are in {group}.", group=group.name) if own else _is_in(group, known)
    return Card((Text(words), Text(place_of(group))), tone=Tone.GOOD)


async def _tell_decision(call: Call, request: JoinRequest, group: Group) -> None:
    key = f"groups.decided:{request.id}"
    await call.tell(request.person_id, decided.call(request.id), key=key, group_zone=group.zone)


async def _settled(call: Call, group: Group, person_id: UUID, card: Card, job: JobCall) -> Working:
    until = call.now + SETTLED_AFTER + TRIED_FOR
    await call.later(settle.call(group.id, person_id), at=call.now + SETTLED_AFTER, person=person_id, expires_at=until)
    return Working(card, job)


async def _join(call: Call, group: Group) -> Card | Working:
    match await service.join(call.db, group, person=call.member.id, at=call.now):
        case Joining.IN | Joining.IN_ALREADY:
            return await let_in(call, group, call.member.id)
        case Joining.ASKED:
            request = await service.get_waiting(call.db, group, person=call.member.id)
            for member in await service.find_facilitators(call.db, group):
                key = f"groups.asked:{request.id}:{member.person_id}"
                await call.tell(member.person_id, asked.call(request.id), key=key, group_zone=group.zone)
            return _waits(group, say("You have asked to come into {group}.", group=group.name))
        case Joining.ASKED_ALREADY:
            return _waits(group, say("Your request to come into {group} waits.", group=group.name))
        case _:
            raise Refusal(
                say(
                    "{group} could not take you in of late. You can ask again a week after that, or look at others "
                    "with {find}.",
                    group=group.name,
                    find=Typed("group find"),
                )
            )


async def _leave(call: Call, group: Group) -> Card | Working:
    match await service.leave(call.db, group, person=call.member.id, at=call.now):
        case Leaving.NOT_IN:
            raise Refusal(say("You are not in {group}.", group=group.name))
        case Leaving.LEADS_ALONE:
            raise Refusal(
                say("You are the only one who leads {group}. Hand it over to somebody in it, then leave.",
                    group=group.name),
                hand_over.button("Hand over", Style.PRIMARY, group.id),
            )  # fmt: skip
        case Leaving.OUT:
            await call.announce(ReachChanged(call.member.id))
            if group.destination is None:
                return _out(group)
            job = departed.call(group.id, call.member.id)
            return await _settled(call, group, call.member.id, _out(group), job)


async def _asked_for(call: Call, request_id: UUID) -> tuple[JoinRequest, Group]:
    request = await service.get_request(call.db, request_id, community=call.place.community, person=call.member.id)
    group = await get_group(call, request.group_id)
    by = await standing(call, group)
    if not may(Permission.DECIDE_JOINING, by):
        raise Gone
    if request.person_id == call.member.id:
        raise NotAllowed("Somebody else decides about your own request.")
    return request, group


def _one_moment(group: Group) -> Card:
    return Card((Text(say("One moment: I am opening the place of {group}.", group=group.name)),))


def _waits(group: Group, words: Words) -> Card:
    return Card(
        (
            Text(words),
            Text(say("Somebody who leads it decides. You find the answer here with {join}, and I write to you if you "
                     "chose direct messages.", join=Typed("group join", {"group": group.name}))),
            Actions((withdraw.button("Take it back", Style.PLAIN, group.id),)),
        )
    )  # fmt: skip


def _is_in(group: Group, known: IdentityKey | None) -> Words:
    return say("{member} is in {group}.", member=mention(known), group=group.name)


def _not_settled(group: Group, person_id: UUID, words: Words, trouble: Words, *, own: bool) -> Card:
    closed = say("Its place is not open to {whom} yet. {why}", whom="you" if own else "them", why=trouble)
    again = try_again.button("Try again", Style.PRIMARY, group.id, person_id)
    return Card((Text(words), Text(closed), Actions((again,))), tone=Tone.WARN)


def _out(group: Group, *more: Element) -> Card:
    return Card(
        (
            Text(say("You have left {group}.", group=group.name)),
            *more,
            Note(say("For a day you can come back as you went.")),
            Actions((come_back.button("Undo", Style.PLAIN, group.id),)),
        )
    )
