"""Who asked and where: finds the member and the place of an arrival, and joins members to communities."""

import asyncio
import logging
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Member, Place
from bot.platforms.base import Arrival
from db.keyring import Keyring
from db.members import Consent, Found, IdentityKey, Role, find_member, join
from db.places import find_community, get_community
from db.session import Database

logger = logging.getLogger(__name__)

LOOKUP_SECONDS: Final = 1.0


class Members:
    """Looks up members. Of a community it remembers the id, which never changes; of people it remembers nothing."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._communities: dict[tuple[str, str], UUID] = {}

    async def find(self, db: AsyncSession, arrival: Arrival, *, now: datetime, writes: bool) -> tuple[Member, Place]:
        """The member and the place. Where `writes`, a member who keeps entries joins the community they act in."""
        community = await self._community(db, arrival)
        found = await find_member(db, _key(arrival), community=community)
        keeps = found is not None and found.person.consent is Consent.KEEP
        if found is not None and keeps and writes and arrival.community and not found.joined:
            community = (await get_community(db, arrival.platform, arrival.community, at=now)).id
            await join(db, found.person.id, community=community, at=now)
        return self._member(arrival, found), _place(arrival, community)

    async def find_or_stranger(self, database: Database, arrival: Arrival, *, now: datetime) -> tuple[Member, Place]:
        """The same for what answers also while the database is down: a stranger where it does not answer in time."""
        try:
            async with asyncio.timeout(LOOKUP_SECONDS), database.reading() as db:
                return await self.find(db, arrival, now=now, writes=False)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, the answer goes out
            logger.warning("answering without the database", extra={"fields": {"error": type(error).__name__}})
            return self._member(arrival, None), _place(arrival, self._communities.get(_community_key(arrival)))

    def fingerprint(self, arrival: Arrival) -> bytes:
        """Owns what this account has in flight, before and after consent, without telling whose it is."""
        return self._keyring.fingerprint(f"{arrival.platform}\n{arrival.tenant}\n{arrival.user}")

    def _member(self, arrival: Arrival, found: Found | None) -> Member:
        person = found.person if found else None
        role = found.role if found else Role.MEMBER
        return Member(
            id=person.id if person else uuid4(),
            key=_key(arrival),
            name=arrival.name,
            role=Role.ADMIN if arrival.is_admin else role,
            consent=person.consent if person else None,
            zone=(person.zone if person else None) or arrival.zone,
            person=person,
            missed=found is not None and found.missed,
            fingerprint=self.fingerprint(arrival),
        )

    async def _community(self, db: AsyncSession, arrival: Arrival) -> UUID | None:
        if arrival.community is None:
            return None
        key = _community_key(arrival)
        if key not in self._communities:
            found = await find_community(db, *key)
            if found is None:
                return None
            self._communities[key] = found.id
        return self._communities[key]


def _key(arrival: Arrival) -> IdentityKey:
    return IdentityKey(arrival.platform, arrival.tenant, arrival.user)


def _community_key(arrival: Arrival) -> tuple[str, str]:
    return arrival.platform, arrival.community or ""


def _place(arrival: Arrival, community: UUID | None) -> Place:
    return Place(arrival.platform, arrival.channel, arrival.direct, community, arrival.destination)
