"""Who is in a group and who leads it: for whoever leads it, or looks after the community."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from bot.acts import Needs, Where, Working
from bot.call import Call
from bot.cards import (
    Actions,
    Button,
    Card,
    Divider,
    Element,
    Mention,
    Note,
    Shape,
    Style,
    Text,
    Tone,
    When,
    Words,
    join,
    say,
    say_n,
)
from bot.errors import NotAllowed, Refusal
from bot.options import ASKED, Ask
from bot.roles import Permission, may, outranks
from cogs.groups import service
from cogs.groups.access import account, allow, get_group, get_named, here, mention, standing
from cogs.groups.closed import trouble_of
from cogs.groups.commands import OwnName, decision_buttons, groups, let_in
from cogs.groups.service import Joining
from cogs.groups.words import not_known, place_of, room_left, way_in
from db.groups import Group, GroupMember, JoinRequest, accounts_of, groups_of, members_of
from db.members import IdentityKey, Role

SHOWN: Final = 5


@groups.command("group who", needs=Needs(reads=True, where=Where.COMMUNITY), title="Who is in a group")
async def who(call: Call, group: OwnName = None) -> Card:
    """See who is in a group, and who asks to join.

    For whoever leads the group, and for moderators and admins.
    """
    if group is not None:
        return await _shown(call, await get_named(call, group))
    own = await groups_of(call.db, call.member.id, community_id=here(call))
    led = [each for each, member in own if member.role is Role.FACILITATOR]
    if len(led) == 1:
        return await _shown(call, led[0])
    if led:
        raise Refusal("You lead more than one group. Which one?", *(
            show.button(each.name[:34], Style.PLAIN, each.id) for each in led[:SHOWN]))  # fmt: skip
    raise NotAllowed("Name the group. Who is in it is shown to those who lead it or look after the community.")


@groups.action(needs=Needs(reads=True))
async def show(call: Call, group_id: UUID) -> Card:
    return await _shown(call, await get_group(call, group_id))


@groups.action(title="Appoint a facilitator")
async def appoint(
    call: Call, group_id: UUID, member: Annotated[Mention, Ask("Who is to lead the group?")] = ASKED
) -> Card | Working:
    """Lets somebody lead the group, who comes in with it."""
    group, person_id = await _act_on(call, group_id, member)
    match await service.appoint(call.db, group, person=person_id, at=call.now):
        case Joining.FULL:
            raise Refusal("The group is full. An admin can allow more members, or somebody in it can lead it.")
        case Joining.IN_ALREADY:
            return _said(say("{member} leads {group} already.", member=member, group=group.name), group)
        case _:
            return await let_in(call, group, person_id)


@groups.action(title="End somebody’s lead")
async def end_lead(
    call: Call, group_id: UUID, member: Annotated[Mention, Ask("Who is to lead it no longer?")] = ASKED
) -> Card:
    """Makes a facilitator a member like the others."""
    group, person_id = await _act_on(call, group_id, member)
    if not await service.end_lead(call.db, group, person=person_id):
        raise Refusal("They do not lead this group. Look who does, and choose one of them.", _again(group))
    words = say("{member} is a member of {group} like the others now.", member=member, group=group.name)
    return _said(words, group)


async def card_of(call: Call, group: Group, *, buttons: Sequence[Button] = ()) -> Card:
    """Who is in the group, who waits, and what the caller may do about it; with more buttons of other modules."""
    by = await standing(call, group)
    members = await members_of(call.db, group.id)
    waiting = await service.find_waiting(call.db, group)
    gone = (await service.find_gone(call.db, group))[:SHOWN]
    people = [*(member.person_id for member in members), *(request.person_id for request in (*waiting, *gone))]
    known = await accounts_of(call.db, people, community_id=group.community_id)
    appoints: tuple[Button, ...] = ()
    if may(Permission.APPOINT_FACILITATORS, by):
        appoints = (
            appoint.button("Appoint a facilitator", Style.PLAIN, group.id),
            end_lead.button("End a lead", Style.PLAIN, group.id),
        )
    asking: list[Element] = []
    for request in waiting[:SHOWN]:
        words = say(
            "{member} asked {when}.",
            member=mention(known.get(request.person_id)),
            when=When(request.asked_at, Shape.RELATIVE),
        )
        asking += [Text(words), Actions(decision_buttons(request))]
    more = len(waiting) - SHOWN
    if more > 0:
        asking.append(Note(say_n(more, "One more waits.", "{n} more wait.")))
    every = (*appoints, *buttons)
    return Card(
        (
            *await trouble_of(call.db, group),
            Text(join(" ", [way_in(group), room_left(group, len(members)), place_of(group)])),
            Text(_people(members, known)),
            *(Note(_left(request, known)) for request in gone),
            *((Divider(), *asking) if asking else ()),
            *((Actions(every),) if every else ()),
        ),
        title=say("{group}", group=group.name),
        redraw=show.call(group.id),
    )


async def _shown(call: Call, group: Group) -> Card:
    await allow(call, group, Permission.SEE_MEMBERS)
    return await card_of(call, group)


async def _act_on(call: Call, group_id: UUID, member: Mention) -> tuple[Group, UUID]:
    """The group, and somebody of lower rank whom the caller may appoint or not. Raises Refusal."""
    group = await get_group(call, group_id, lock=True)
    by = await allow(call, group, Permission.APPOINT_FACILITATORS)
    person_id = await service.find_member_of(call.db, account(call, member), community=group.community_id)
    if person_id is None:
        words = not_known()
        raise Refusal(words)
    other = await service.get_standing(call.db, group, person=person_id)
    if person_id == call.member.id or not outranks(by, other):
        raise NotAllowed("Nobody decides this about themselves, or about somebody of the same or a higher role.")
    return group, person_id


def _people(members: Sequence[GroupMember], known: Mapping[UUID, IdentityKey]) -> Words:
    if not members:
        return say("Nobody is in it.")
    lines = [
        say(
            "{member}{lead}, since {since}",
            member=mention(known.get(member.person_id)),
            lead=say(" **leads it**") if member.role is Role.FACILITATOR else say(""),
            since=When(member.joined_at, Shape.DATE),
        )
        for member in members
    ]
    unled = all(member.role is not Role.FACILITATOR for member in members)
    return join("\n", [*lines, *([say("Nobody leads it.")] if unled else [])])


def _left(request: JoinRequest, known: Mapping[UUID, IdentityKey]) -> Words:
    who = mention(known.get(request.person_id))
    return say("{member} left on {day}, and is no longer asked.", member=who, day=When(request.asked_at, Shape.DATE))


def _said(words: Words, group: Group) -> Card:
    return Card((Text(words), Actions((_again(group),))), tone=Tone.GOOD)


def _again(group: Group) -> Button:
    return show.button("Who is in", Style.PLAIN, group.id)
