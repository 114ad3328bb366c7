"""What is said of a group, wherever it is shown."""

from bot.cards import Channel, Typed, Words, say, say_n
from cogs.groups.service import Decision
from db.groups import Group


def place_of(group: Group) -> Words:
    """Where it meets."""
    if group.destination is None:
        return say("It has no place of its own yet.")
    return say("It meets in {channel}.", channel=Channel(group.destination.rpartition(":")[2]))


def way_in(group: Group) -> Words:
    return say("Open to all.") if group.open else say("By request.")


def room_left(group: Group, count: int) -> Words:
    """How many may still come in; never who is there."""
    left = max(group.most_members - count, 0)
    return say_n(left, "One place left.", "{n} places left.") if left else say("Full at the moment.")


def not_known() -> Words:
    """Of somebody who is to lead a group, and has never used the bot in this community."""
    return say(
        "They have not used me here yet, or are a bot. Ask them to run {find} here once, then choose them again.",
        find=Typed("group find"),
    )


def decided(decision: Decision) -> Words:
    """What came of a decision that let nobody in."""
    match decision:
        case Decision.DECLINED:
            return say("Declined. They are told, without a name.")
        case Decision.FULL:
            return say("The group is full, so they go on waiting. Once somebody leaves, accept them then.")
        case _:
            return say("This was decided already, or taken back.")
