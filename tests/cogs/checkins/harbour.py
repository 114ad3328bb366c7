"""Harbour, a group of six as people make it, on the Saturday before its first week; on every surface."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.chat import Chat, World, settle_in
from tests.groups import be_written_to, live_in, set_up

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
DIRECT = ("ada", "eve")
"""Who chose direct messages."""


@dataclass(frozen=True, slots=True)
class Harbour:
    """The group's people, wherever they read."""

    world: World

    async def until(self, day: int, hour: int, minute: int = 0, *, month: int = 11) -> None:
        """What is due comes, in its order, until this moment, UTC."""
        await self.world.wait_until(datetime(2026, month, day, hour, minute, tzinfo=UTC))

    def out(self, name: str) -> Chat:
        """Where everybody is."""
        return self.world.person(name)

    async def direct(self, name: str) -> Chat:
        """Their direct messages; what came since they last looked is before them."""
        return await _looking(self.world.person(name, direct=True))

    async def meeting(self, name: str) -> Chat:
        """The same in the group's place."""
        return await _looking(self.world.meeting(name))


async def open_harbour(world: World) -> Harbour:
    """Fay leads it; Dan lives further west; the check-in is as it is proposed."""
    world.move(timedelta(days=5))
    fay = await set_up(world, "name:Harbour way_in:open zone:Berlin", name="fay")
    await live_in(fay, BERLIN, world=world)
    for name in ("ada", "ben", "cleo", "dan", "eve"):
        chat = world.person(name)
        await settle_in(chat)
        await live_in(chat, NEW_YORK if name == "dan" else BERLIN, world=world)
        if name in DIRECT:
            await be_written_to(chat)
        await chat.say("group join group:Harbour")
        chat.see("You are in Harbour.")
    await fay.say("lead checkin")
    fay.see("Mondays at 09:00, where each member is. Next: 30 Nov")
    await fay.press("Looks right")
    fay.see("It is on")
    harbour = Harbour(world)
    await harbour.until(29, 15)
    for name in DIRECT:
        await harbour.direct(name)
    for name in ("ben", "dan", "fay"):
        await harbour.meeting(name)
    return harbour


async def _looking(chat: Chat) -> Chat:
    await chat.wait()
    return chat
