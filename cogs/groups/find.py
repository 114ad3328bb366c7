"""Which groups there are, and one's own: all that others see of a group."""

from collections.abc import Sequence
from typing import Final

from bot.acts import Needs
from bot.call import Call
from bot.cards import Actions, Button, Card, Element, Note, Row, Style, Text, Words, join, say, say_n
from bot.paging import IN_ORDER, Page
from bot.roles import Permission, Standing, may
from cogs.groups import service
from cogs.groups.closed import trouble_of
from cogs.groups.commands import IN_COMMUNITY, groups, join_one, leave_one
from cogs.groups.who import show
from cogs.groups.words import place_of, room_left, way_in
from db.groups import Group, groups_in, groups_of
from db.members import Role

PAGE: Final = 5


@groups.command("group find", needs=IN_COMMUNITY)
async def find(call: Call) -> Card:
    """See which groups there are.

    With how many places are left in each, and never who is in it.
    """
    # Not only a look: whoever looks is known from then on as a member of the community, so that they can be appointed.
    return await _page(call, 1)


@groups.action(needs=Needs(reads=True))
async def page(call: Call, number: int) -> Card:
    return await _page(call, number)


@groups.home
async def own(call: Call) -> Sequence[Element]:
    """One's own groups, and what waits there for whoever leads them."""
    elements: list[Element] = []
    for group, member in await groups_of(call.db, call.member.id, community_id=call.place.community):
        words = say("**{group}.** {place}", group=group.name, place=place_of(group))
        if member.role is not Role.FACILITATOR:
            elements.append(Text(words))
            continue
        waiting = len(await service.find_waiting(call.db, group))
        asks = say_n(waiting, "One person asks to join.", "{n} people ask to join.") if waiting else say("You lead it.")
        elements.append(Row(join(" ", [words, asks]), show.button("Who is in", Style.PLAIN, group.id)))
        elements += await trouble_of(call.db, group)
    return [*elements, *await _unled(call)]


async def _page(call: Call, number: int) -> Card:
    community = call.place.community
    listed = await groups_in(call.db, community) if community else ()
    if not listed:
        return Card(
            (Text(say("There are no groups here yet. An admin of the server or workspace sets one up.")),),
            title=say("Groups"),
        )
    own_ids = {group.id for group, _ in await groups_of(call.db, call.member.id, community_id=community)}
    asked = await service.find_asked(call.db, person=call.member.id, community=community) if community else {}
    part = Page.of(len(listed), number=number, size=PAGE)
    rows = [
        _row(group, count, inside=group.id in own_ids, waits=group.id in asked)
        for group, count in listed[part.skip :][:PAGE]
    ]
    where = say("Page {number} of {last}.", number=part.number, last=part.last)
    turns = part.turns(lambda label, to: page.button(label, Style.PLAIN, to), IN_ORDER)
    return Card(
        (
            *rows,
            *((Note(where), Actions(turns)) if turns else ()),
            *await _unled(call),
        ),
        title=say("Groups"),
    )


def _row(group: Group, count: int, *, inside: bool, waits: bool) -> Row:
    facts: Sequence[Words] = (way_in(group), room_left(group, count))
    if inside:
        facts = (say("You are in it."), place_of(group))
    elif waits:
        facts = (*facts, say("You have asked."))
    return Row(say("**{group}.** {facts}", group=group.name, facts=join(" ", facts)), _button(group, count, inside))


def _button(group: Group, count: int, inside: bool) -> Button:
    if inside:
        return leave_one.button("Leave", Style.PLAIN, group.id)
    at_once = group.open and count < group.most_members
    return join_one.button("Join" if at_once else "Ask to join", Style.PRIMARY, group.id)


async def _unled(call: Call) -> Sequence[Element]:
    """For those who may appoint somebody: the groups that nobody leads."""
    if call.place.community is None or not may(Permission.APPOINT_FACILITATORS, Standing(call.member.role)):
        return ()
    unled = await service.find_unled(call.db, community=call.place.community)
    return [
        Row(say("Nobody leads {group}.", group=group.name), show.button("Who is in", Style.PLAIN, group.id))
        for group in unled[:PAGE]
    ]
