"""Setting a group up, changing and dissolving it: for admins."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from bot.acts import Filling, Needs, Where, Working
from bot.call import Call, Run
from bot.cards import Actions, Card, Mention, Style, Text, Tone, Words, say
from bot.errors import NotAllowed, Refusal, WrongFields
from bot.options import ASKED, Ask, Choice
from bot.roles import Permission, Standing, may
from bot.sending import NotDelivered
from bot.zones import clock, find_zone, zone_names
from cogs.groups import places, service
from cogs.groups.access import NAME_LENGTH, account, get_group, here, names
from cogs.groups.commands import groups
from cogs.groups.service import Content
from cogs.groups.who import card_of
from cogs.groups.words import not_known, place_of
from db.groups import MOST_MEMBERS, Group, create_group, find_group_by_name, members_of
from db.jobs import is_open, open_destination
from db.members import Role
from db.places import Community

ADMINS: Final = Needs(role=Role.ADMIN, where=Where.COMMUNITY)
ADMINS_READ: Final = Needs(role=Role.ADMIN, where=Where.COMMUNITY, reads=True)
FEWEST, MOST = 2, 30


class Meeting(Choice):
    """Where a group meets."""

    NEW = "new", "In a new private place"
    HERE = "here", "In this one, which is private"


class WayIn(Choice):
    """How people come into a group."""

    REQUEST = "request", "By request"
    OPEN = "open", "Open to all"


async def _zones(_call: Call, typed: str) -> list[str]:
    return zone_names(typed)


Name = Annotated[str, Ask("What is the group called?", example="Design seekers", at_most=NAME_LENGTH, complete=names)]
Zone = Annotated[str | None, Ask("Which city’s time?", hint="Left empty, your own", example="Berlin", complete=_zones)]
Way = Annotated[WayIn, Ask("How do people come in?")]


async def _usual(_call: Call) -> Filling:
    return Filling({"meeting": Meeting.NEW, "way_in": WayIn.REQUEST})


@groups.command("setup group", needs=ADMINS, form=_usual, title="Set up a group")
async def set_up(
    call: Call,
    name: Name = ASKED,
    meeting: Annotated[Meeting, Ask("Where does it meet?")] = Meeting.NEW,
    way_in: Way = WayIn.REQUEST,
    facilitator: Annotated[Mention | None, Ask("Who leads it?", hint="Left empty, you")] = None,
    zone: Zone = None,
) -> Card | Working:
    """Set up a group, or change one.

    With the name of a group that there is, it shows that one, with what can be changed.
    """
    _allow(call)
    found = await find_group_by_name(call.db, name, community_id=here(call))
    if found is not None:
        return await _managed(call, found)
    leads = call.member.id if facilitator is None else await _facilitator(call, facilitator)
    group = await create_group(
        call.db,
        community_id=here(call),
        name=name,
        zone=_zone(zone) or call.member.zone or "UTC",
        at=call.now,
        is_open=way_in is WayIn.OPEN,
    )
    if group is None:  # somebody else was quicker
        raise Refusal("There is a group of that name by now. Run this again to see it.")
    await service.appoint(call.db, group, person=leads, at=call.now)
    return Working(_making(group), furnish.call(group.id, meeting, call.place.channel))


@groups.action(needs=ADMINS_READ)
async def manage(call: Call, group_id: UUID) -> Card:
    _allow(call)
    return await _managed(call, await get_group(call, group_id))


@groups.action(needs=ADMINS)
async def make_place(call: Call, group_id: UUID, meeting: Meeting) -> Card | Working:
    """Gives a group its place that has none yet, or whose place is closed."""
    _allow(call)
    group = await get_group(call, group_id, lock=True)
    if group.destination is not None:
        if await is_open(call.db, group.destination):
            return await _managed(call, group)
        group.destination = None
    return Working(_making(group), furnish.call(group.id, meeting, call.place.channel))


async def _filled(call: Call, group_id: UUID, version: int) -> Filling:  # noqa: ARG001 - it travels with the form
    group = await get_group(call, group_id)
    way = WayIn.OPEN if group.open else WayIn.REQUEST
    return Filling({"name": group.name, "way_in": way, "size": group.most_members, "zone": group.zone})


@groups.action(title="Change the group", form=_filled, needs=ADMINS)
async def change(
    call: Call,
    group_id: UUID,
    version: int,
    name: Name = ASKED,
    way_in: Way = ASKED,
    size: Annotated[
        int, Ask("How many members at most?", example=str(MOST_MEMBERS), at_least=FEWEST, at_most=MOST)
    ] = ASKED,
    zone: Zone = None,
) -> Card:
    _allow(call)
    group = await get_group(call, group_id, lock=True)
    if group.version != version:
        return await _managed(call, group)
    content = Content(name, _zone(zone) or call.member.zone or "UTC", way_in is WayIn.OPEN, size)
    if not await service.change(call.db, group, content=content):
        raise WrongFields({"name": say("Another group here is called so. Choose another name.")})
    return await _managed(call, group)


@groups.action(needs=ADMINS_READ)
async def ask_to_dissolve(call: Call, group_id: UUID) -> Card:
    _allow(call)
    group = await get_group(call, group_id)
    return Card(
        (
            Text(say("Everybody leaves {group}, and it can no longer be found. This cannot be undone.",
                     group=group.name)),
            Text(say("Its place and what was said there stay, until you remove them yourself.")),
            Actions((
                dissolve.button("Dissolve it", Style.DANGER, group.id),
                manage.button("Keep it", Style.PLAIN, group.id),
            )),
        ),
        title=say("Dissolve the group?"),
        tone=Tone.WARN,
    )  # fmt: skip


@groups.action(needs=ADMINS)
async def dissolve(call: Call, group_id: UUID) -> Card:
    _allow(call)
    group = await get_group(call, group_id, lock=True)
    if group.destination is not None:
        await call.post(group.destination, dissolved.call(), key=f"groups.dissolved:{group.id}")
    await service.dissolve(call.db, group)
    return Card((Text(say("{group} is dissolved.", group=group.name)),))


@groups.job()
async def furnish(run: Run, group_id: UUID, meeting: Meeting, channel: str) -> Card | None:
    """Makes or adopts the place, where the group has none yet, and lets its members in."""
    wanted = await _wanted(run, group_id)
    if wanted is None:
        return None
    group = wanted.group
    if group.destination is None:
        try:
            destination = await _place(run, wanted, meeting, channel)
        except NotDelivered as refused:
            return _without_place(group, meeting, places.words_of(refused))
        async with run.transaction() as db:
            if await service.set_destination(db, group.id, destination=destination):
                await open_destination(db, destination, at=run.now)
                await run.asking(db).post(destination, greeting.call(group.id), key=f"groups.greeting:{group.id}")
            elif meeting is Meeting.HERE:
                return _without_place(group, meeting, say("Another group meets here already. Choose another place."))
    troubles = [await places.find_trouble(run, group.id, person_id) for person_id in wanted.people]
    async with run.reading() as db:
        group = await db.get_one(Group, group_id)
    return _ready(group, *(trouble for trouble in troubles if trouble is not None))


@groups.job()
async def greeting(run: Run, group_id: UUID) -> Card | None:
    """The first words in a group's place."""
    async with run.reading() as db:
        group = await db.get(Group, group_id)
    if group is None:
        return None
    return Card(
        (Text(say("This is the place of {group}. What is said here stays here.", group=group.name)),), private=False
    )


@groups.job()
async def dissolved(_run: Run) -> Card:
    """The last ones."""
    return Card((Text(say("This group was dissolved by an admin. The place stays as it is.")),), private=False)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A group that is to have a place, where, and for whom."""

    group: Group
    platform: str
    community: str
    people: tuple[UUID, ...]


async def _wanted(run: Run, group_id: UUID) -> _Wanted | None:
    async with run.reading() as db:
        group = await db.get(Group, group_id)
        if group is None:
            return None
        community = await db.get_one(Community, group.community_id)
        people = tuple(member.person_id for member in await members_of(db, group_id))
        return _Wanted(group, community.platform, community.external_id, people)


async def _place(run: Run, wanted: _Wanted, meeting: Meeting, channel: str) -> str:
    if meeting is Meeting.HERE:
        return await run.rooms.adopt(wanted.platform, community=wanted.community, channel=channel)
    return await run.rooms.make(
        wanted.platform, community=wanted.community, near=channel, name=wanted.group.name, mark=wanted.group.id.hex
    )


def _allow(call: Call) -> None:
    if not may(Permission.SET_UP_GROUPS, Standing(call.member.role)):
        raise NotAllowed("This is for admins of the server or workspace. Ask one of them.")


def _zone(words: str | None) -> str | None:
    if words is None:
        return None
    zone = find_zone(words)
    if zone is None:
        raise WrongFields({"zone": say("Name a large city of that time, such as Berlin.")})
    return zone


async def _facilitator(call: Call, member: Mention) -> UUID:
    person_id = await service.find_member_of(call.db, account(call, member), community=here(call))
    if person_id is None:
        raise WrongFields({"facilitator": not_known()})
    return person_id


async def _managed(call: Call, group: Group) -> Card:
    buttons = [
        change.button("Change", Style.PLAIN, group.id, group.version),
        ask_to_dissolve.button("Dissolve", Style.DANGER, group.id),
    ]
    if group.destination is None:
        buttons.insert(0, make_place.button("Make its place", Style.PRIMARY, group.id, Meeting.NEW))
    elif not await is_open(call.db, group.destination):
        buttons.insert(0, make_place.button("Make another place", Style.PLAIN, group.id, Meeting.NEW))
    card = await card_of(call, group, buttons=buttons)
    note = say("Its day follows the clock {clock}.", clock=clock(group.zone, now=call.now))
    return Card((Text(note), *card.body), title=card.title, redraw=manage.call(group.id))


def _making(group: Group) -> Card:
    return Card((Text(say("{group} is set up. One moment: I am preparing its place.", group=group.name)),))


def _ready(group: Group, *troubles: Words) -> Card:
    return Card(
        (
            Text(say("{group} is ready. {place}", group=group.name, place=place_of(group))),
            *(Text(trouble) for trouble in dict.fromkeys(troubles)),
            Actions((manage.button("Show the group", Style.PLAIN, group.id),)),
        ),
        tone=Tone.WARN if troubles else Tone.GOOD,
    )


def _without_place(group: Group, meeting: Meeting, why: Words) -> Card:
    other = Meeting.HERE if meeting is Meeting.NEW else Meeting.NEW
    labels = {Meeting.NEW: "Make a new place", Meeting.HERE: "Use this channel"}
    return Card(
        (
            Text(say("{group} is there, but has no place yet. {why}", group=group.name, why=why)),
            Actions((
                make_place.button("Try again", Style.PRIMARY, group.id, meeting),
                make_place.button(labels[other], Style.PLAIN, group.id, other),
                manage.button("Show the group", Style.PLAIN, group.id),
            )),
        ),
        tone=Tone.WARN,
    )  # fmt: skip
