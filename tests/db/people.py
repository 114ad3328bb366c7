"""Somebody to test with."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from db.members import Consent, IdentityKey, create_person
from db.session import Database

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANA = IdentityKey("slack", "T1", "U-ana-4711")
BEN = IdentityKey("slack", "T1", "U-ben-4712")


async def someone(database: Database, key: IdentityKey = ANA, *, looking_for: str | None = None) -> UUID:
    async with database.writing() as db:
        person = await create_person(db, key, consent=Consent.KEEP, zone="Europe/Lisbon", at=NOW)
        if looking_for is not None:
            person.looking_for = looking_for
        return person.id
