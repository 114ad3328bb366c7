"""The rules of a first use: one choice is kept for good, the rest can be skipped."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.zones import is_zone
from db.members import Consent, IdentityKey, Person, create_person


async def create(db: AsyncSession, key: IdentityKey, *, consent: Consent, zone: str | None, at: datetime) -> Person:
    """The person, made with this choice. One who is known and now keeps entries is changed; no other choice is."""
    person = await create_person(db, key, consent=consent, zone=zone, at=at)
    if consent is Consent.KEEP and person.consent is not Consent.KEEP:
        person.consent = consent
        person.consented_at = at
        person.zone = person.zone or zone
        await db.flush()
    return person


async def change_zone(db: AsyncSession, person: Person, *, zone: str) -> None:
    """Raises Gone for a zone that no card offers."""
    if not is_zone(zone):
        raise Gone
    person.zone = zone
    await db.flush()


async def change_looking_for(db: AsyncSession, person: Person, *, words: str) -> None:
    person.looking_for = words
    await db.flush()
