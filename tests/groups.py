"""Groups as people make them: an admin sets one up, others come into it and say when and where they are reached."""

from bot.zones import REGIONS, clock
from tests.chat import Chat, World, settle_in


async def set_up(world: World, line: str = 'name:"Design seekers"', *, name: str = "boss") -> Chat:
    """An admin who leads a new group."""
    chat = world.person(name, admin=True)
    await settle_in(chat)
    await chat.say(f"setup group {line}")
    chat.see(" is ready", "It meets in")
    return chat


async def live_in(chat: Chat, zone: str, *, world: World) -> None:
    """Says what time it is where they are."""
    [region] = [name for name, zones in REGIONS.items() if zone in zones]
    await chat.say("settings")
    await chat.press("Change time")
    await chat.choose(region, clock(zone, now=world.now()))
    chat.see(f"Your time: {clock(zone, now=world.now())}")


async def be_written_to(chat: Chat) -> None:
    """Chooses direct messages, which are tried out."""
    await chat.say("settings")
    await chat.press("Write to me there")
    chat.see("A test message is there.")
