"""A group whose weeks go by, at the machine alone: the clock moves, and what is due then is done."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.cards import plain
from db.groups import Group, add_group_member, create_group
from db.members import Identity, IdentityKey, Person, Role, find_member
from db.places import get_community
from tests.chat import settle_in
from tests.platforms.plain_world import PlainChat, PlainWorld
from tests.platforms.sink import Sent
from tests.words import words_of

PLACE = "plain:main:hut"
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


@dataclass
class Weeks:
    """A world, its group, and what was posted."""

    world: PlainWorld
    group_id: UUID

    async def until(self, day: int, hour: int, minute: int = 0, *, month: int = 11) -> None:
        """What is due comes, in its order, until this moment, UTC."""
        await self.world.wait_until(datetime(2026, month, day, hour, minute, tzinfo=UTC))

    async def join(self, name: str, *, zone: str = BERLIN, direct: bool = False, role: Role = Role.MEMBER) -> PlainChat:
        """A member of the group who keeps entries; `direct`: they chose direct messages."""
        chat = self.world.person(name)
        chat.zone = zone
        await settle_in(chat)
        async with self.world.app.database.writing() as db:
            found = await find_member(db, IdentityKey("plain", "", name), community=None)
            assert found is not None
            found.person.zone = zone
            found.person.direct = f"plain:main:D{name}" if direct else None
            await add_group_member(db, self.group_id, found.person.id, at=self.world.now(), role=role)
        return chat

    async def person(self, name: str) -> UUID:
        async with self.world.app.database.reading() as db:
            found = await db.scalar(select(Person.id).join(Identity).where(Identity.user_id == name))
            assert found is not None
            return found

    def posts(self, place: str = PLACE) -> list[Sent]:
        """What stands in a place, in the order it came."""
        return [each for each in self.world.sink.messages.values() if each.destination == place]

    def direct(self, name: str) -> list[Sent]:
        return self.posts(f"plain:main:D{name}")

    def words(self, place: str = PLACE) -> list[str]:
        return ["\n".join(words_of(each.card)) for each in self.posts(place)]

    def named(self) -> list[list[str]]:
        """Who is pinged by each message in the group's place."""
        return [sorted(each.user for each in sent.card.notify) for sent in self.posts()]


@pytest.fixture
async def weeks(plain: PlainWorld) -> Weeks:
    """A group with a facilitator, on a Monday at 09:00 UTC; its check-in is not set up."""
    async with plain.app.database.writing() as db:
        community = await get_community(db, "plain", "main", at=plain.now())
        group = await create_group(
            db, community_id=community.id, name="Harbour", zone=BERLIN, at=plain.now(), destination=PLACE
        )
        assert isinstance(group, Group)
        return Weeks(plain, group.id)


@pytest.fixture
async def fay(weeks: Weeks) -> PlainChat:
    """The facilitator, who sets the check-in up as it is proposed, and does not want to be asked herself."""
    chat = await weeks.join("fay", role=Role.FACILITATOR)
    await chat.say("lead checkin")
    await chat.press("Looks right")
    chat.see("It is on")
    await chat.say("checkin pause weeks:8")
    return chat


def look_at(chat: PlainChat, sent: Sent) -> None:
    """The message is before the person, who can press what is on it."""
    chat.cards.append(sent.card)


def title_of(sent: Sent) -> str:
    return plain(sent.card.title)
