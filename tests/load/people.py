"""Who lives in a made-up database: communities on both platforms, groups in them, and their members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import cycle, islice
from typing import Final
from uuid import UUID

from bot.platforms.base import Arrival
from db.drafts import Draft
from db.groups import Group, GroupMember, JoinRequest, RequestState, key_of_name
from db.handled import Handled
from db.jobs import WORK, Destination, Lane, lane_of
from db.members import Consent, Identity, IdentityKey, Membership, Person, Role
from db.places import Community, Installation
from tests.load.filling import Filling

NOW: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""A Saturday: the look back that was asked for on Friday is open, and the week's plan lies ahead."""
PLATFORMS: Final = ("discord", "slack")
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SINCE: Final = NOW - timedelta(weeks=13)
_ZONES: Final = ("Europe/Berlin", "America/Chicago", "Europe/Lisbon", "Asia/Kolkata", "America/Sao_Paulo", "UTC")
_COLOURS: Final = ("Amber", "Blue", "Coral", "Green", "Indigo", "Ivory", "Olive", "Rose", "Silver", "Teal")
_PLACES: Final = ("Harbour", "Garden", "Bridge", "Lantern", "Meadow", "Orchard", "Quarry", "River", "Summit", "Valley")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is. Every group has `members`, one of whom leads it."""

    communities: int = 40
    groups: int = 2_000
    members: int = 10


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member as their platform knows them, and where they are."""

    person: UUID
    account: IdentityKey = field(repr=False)
    community: str
    role: Role
    """In the community; an admin is one by the platform's word alone."""
    leads: bool
    place: str
    """The destination of their group."""
    direct: str | None
    """That of their direct messages, where they chose these."""
    zone: str | None
    diligence: float
    """How much of what could be done they do, from 0 to 1."""

    def arrives(self, event: str, *, in_direct: bool = False) -> Arrival:
        """An event of theirs in their group's place, or in their direct messages."""
        where = self.direct or "" if in_direct else self.place
        return Arrival(
            id=event,
            platform=self.account.platform,
            tenant=self.account.tenant,
            user=self.account.user,
            name="Somebody",
            channel=where.rpartition(":")[2],
            direct=in_direct,
            destination=where,
            community=None if in_direct and self.account.platform == "discord" else self.community,
            is_admin=self.role is Role.ADMIN,
            on_own_message=True,
        )


@dataclass(frozen=True, slots=True)
class Circle:
    """One group with its members, the one who leads it first."""

    id: UUID
    community_id: UUID
    community: str
    platform: str
    zone: str
    place: str
    members: tuple[Somebody, ...]


def settle(filling: Filling, size: Size) -> Sequence[Circle]:
    """Makes communities, and in each as many groups."""
    filling.add(Lane, key=WORK, platform=WORK, free_at=LONG_AGO)
    filling.add(Lane, key="discord:main", platform="discord", free_at=LONG_AGO)
    circles: list[Circle] = []
    for number, platform in enumerate(islice(cycle(PLATFORMS), size.communities)):
        groups = len(range(number, size.groups, size.communities))
        circles += _community(filling, platform, number, groups=groups, members=size.members)
    _pass_through(filling, circles)
    return circles


def _community(filling: Filling, platform: str, number: int, *, groups: int, members: int) -> list[Circle]:
    name = f"T{number}" if platform == "slack" else f"{900_000 + number}"
    community_id = filling.add(Community, platform=platform, external_id=name, created_at=_SINCE)
    if platform == "slack":
        filling.add(Lane, key=f"slack:{name}", platform="slack", free_at=LONG_AGO)
        filling.add(Installation, platform="slack", enterprise="", team=name, sealed_bot_token="xoxb-1", bot_id="B1",
                    bot_user_id="U1", installed_at=_SINCE)  # fmt: skip
    return [_group(filling, platform, name, community_id, each, members=members) for each in range(groups)]


def _group(filling: Filling, platform: str, community: str, community_id: UUID, number: int, *, members: int) -> Circle:
    name = f"{_COLOURS[number % 10]} {_PLACES[number // 10 % 10]}{f' {number // 100 + 1}' if number >= 100 else ''}"
    zone = _ZONES[number % len(_ZONES)]
    place = f"{'discord:main' if platform == 'discord' else f'slack:{community}'}:{community}-{number}"
    group_id = filling.add(Group, community_id=community_id, name=name, name_key=key_of_name(name), destination=place,
                           zone=zone, open=number % 3 == 0, most_members=members + 2, created_at=_SINCE)  # fmt: skip
    filling.add(Destination, key=place, free_at=LONG_AGO)
    people = []
    for seat in range(members):
        role = Role.MODERATOR if number == 0 and seat == 1 else Role.ADMIN if number == 0 and seat == 2 else Role.MEMBER
        user = f"{community}-{number}-{seat}"
        somebody = _member(filling, platform, community, user, role, zone, place, leads=seat == 0)
        joined = _SINCE + timedelta(hours=number % 200 + seat)
        stored = Role.MEMBER if role is Role.ADMIN else role
        filling.add(Membership, person_id=somebody.person, community_id=community_id, role=stored, joined_at=joined)
        leads = Role.FACILITATOR if somebody.leads else Role.MEMBER
        filling.add(GroupMember, group_id=group_id, person_id=somebody.person, role=leads, joined_at=joined)
        people.append(somebody)
    return Circle(group_id, community_id, community, platform, zone, place, tuple(people))


def _member(
    filling: Filling, platform: str, community: str, user: str, role: Role, zone: str, place: str, *, leads: bool
) -> Somebody:
    random = filling.random
    tenant = community if platform == "slack" else ""
    account = IdentityKey(platform, tenant, user)
    direct = f"{lane_of(place)}:D{user}" if leads or random.random() < 0.6 else None
    own_zone = zone if random.random() < 0.6 else random.choice((None, *_ZONES))
    person = filling.add(
        Person, consent=Consent.KEEP, consented_at=_SINCE, zone=own_zone, quiet_from=time(21), quiet_until=time(8),
        country=random.choice((None, "DE", "US")), may_write_first=random.random() < 0.97, direct=direct,
        sealed_looking_for="Work in a small team" if random.random() < 0.5 else None, created_at=_SINCE,
    )  # fmt: skip
    filling.add(Identity, person_id=person, platform=platform, tenant=tenant, user_id=user)
    if direct is not None:
        filling.add(Destination, key=direct, free_at=LONG_AGO)
    diligence = 0.9 if leads else random.choice((0.1, 0.4, 0.6, 0.9))
    return Somebody(person, account, community, role, leads, place, direct, own_zone, diligence)


def _pass_through(filling: Filling, circles: Sequence[Circle]) -> None:
    """Who asks to come into a group, came in so or was declined; what came in today; what is typed just now."""
    random = filling.random
    neighbours: dict[str, list[Circle]] = {}
    for circle in circles:
        neighbours.setdefault(circle.community, []).append(circle)
    for circle in circles:
        others = [each for each in neighbours[circle.community] if each is not circle] or [circle]
        for state in RequestState:
            asker = random.choice(random.choice(others).members[1:])
            asked_at = NOW - timedelta(hours=random.randrange(1, 400))
            filling.add(
                JoinRequest, group_id=circle.id, person_id=asker.person, state=state, asked_at=asked_at,
                decided_at=None if state is RequestState.WAITING else asked_at + timedelta(minutes=30),
            )  # fmt: skip
        for _ in circle.members:
            at = NOW - timedelta(minutes=random.randrange(1, 1400))
            filling.add(Handled, id=random.randbytes(32), answer=None, at=at)
        if random.random() < 0.1:
            filling.add(Draft, owner=random.randbytes(32), sealed_content="{}", expires_at=NOW + timedelta(minutes=5))
