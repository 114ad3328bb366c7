"""Being away for some weeks, and coming back: nothing breaks by it."""

from typing import Annotated, Final
from uuid import UUID

from bot.acts import Needs
from bot.call import Call
from bot.cards import Actions, Card, Note, Option, Style, Text, Tone, Typed, Words, join, say, say_n
from bot.errors import Gone, Refusal
from bot.events import ReachChanged
from bot.options import ASKED, Ask
from cogs.checkins import wishes
from cogs.checkins.wishes import WEEKS_AT_MOST
from cogs.checkins.words import checkins
from db.groups import Group, find_group_member, groups_of

NO_GROUP: Final = say(
    "You are in no group yet. Find one with {find}, and its check-in reaches you by itself.", find=Typed("group find")
)


@checkins.command("checkin pause", title="Pause check-ins")
async def pause(
    call: Call,
    weeks: Annotated[
        int, Ask("For how many weeks?", hint="1 to 8", example="2", at_least=1, at_most=WEEKS_AT_MOST)
    ] = ASKED,
) -> Card:
    """Take a break from check-ins, for 1 to 8 weeks.

    You are not asked and not reminded, and nobody is told. You can still answer with `checkin now`.
    """
    groups = [group for group, _ in await groups_of(call.db, call.member.id)]
    if not groups:
        raise Refusal(NO_GROUP)
    return await _pause(call, groups, weeks)


@checkins.command("checkin resume")
async def resume(call: Call) -> Card:
    """Come back to check-ins before your pause is over."""
    ended = await wishes.resume(call.db, owner=call.member.id)
    await call.announce(ReachChanged(call.member.id))
    if not ended:
        return Card((Text(say("You are not away: you will be asked with the next check-in.")),))
    return Card((Text(say("Welcome back. You will be asked with the next check-in.")),), tone=Tone.GOOD)


@checkins.action(needs=Needs(reads=True))
async def ask_weeks(call: Call, group_id: UUID) -> Card:
    await _get_group(call, group_id)
    weeks = [Option(str(n), "1 week" if n == 1 else f"{n} weeks") for n in range(1, WEEKS_AT_MOST + 1)]
    return Card(
        (
            Text(say("You are not asked and not reminded for that time, and nobody is told. Nothing breaks by it.")),
            Actions((pause_for.select("For how many weeks?", weeks, group_id),)),
        ),
        title=say("Pause"),
    )


@checkins.action()
async def pause_for(call: Call, group_id: UUID, weeks: int) -> Card:
    group = await _get_group(call, group_id)
    if not 1 <= weeks <= WEEKS_AT_MOST:
        raise Gone
    return await _pause(call, [group], weeks)


async def _get_group(call: Call, group_id: UUID) -> Group:
    """A group that the member is in. Raises Gone for any other id."""
    group = await call.db.get(Group, group_id)
    if group is None or await find_group_member(call.db, group_id, call.member.id) is None:
        raise Gone
    return group


async def _pause(call: Call, groups: list[Group], weeks: int) -> Card:
    until = [
        await wishes.pause(call.db, owner=call.member.id, group_id=group.id, weeks=weeks, at=call.now)
        for group in groups
    ]
    names: Words = join(", ", [say("**{name}**", name=group.name) for group in groups])
    words = say_n(
        weeks,
        "You are away from {names} for one week, until {until}.",
        "You are away from {names} for {n} weeks, until {until}.",
        names=names,
        until=until[0].astimezone(call.member.tzinfo).date(),
    )
    return Card(
        (
            Text(words),
            Note(say("Take good care. I do not ask before that.")),
            Actions((resume.button("Come back now", Style.PLAIN),)),
        ),
        tone=Tone.CALM,
    )
