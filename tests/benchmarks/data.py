"""The database that all variants begin with: members who know the bot, each with entries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from cogs.rejections.tables import Rejection, Stage
from db.keyring import Keyring
from db.members import Consent, IdentityKey, create_person, join
from db.migrate import migrate
from db.places import get_community
from db.session import Database

ENTRIES: Final = 50
_SINCE: Final = datetime(2026, 9, 1, 9, tzinfo=UTC)


async def make_members(url: str, keys: str, *, platform: str, tenant: str, community: str, users: list[str]) -> None:
    """Migrates the database, and gives every user a consent and ENTRIES rejections."""
    await migrate(url)
    database = Database(url, Keyring.parse(keys))
    try:
        async with database.writing() as db:
            home = await get_community(db, platform, community, at=_SINCE)
            for user in users:
                account = IdentityKey(platform, tenant, user)
                person = await create_person(db, account, consent=Consent.KEEP, zone="Europe/Berlin", at=_SINCE)
                await join(db, person.id, community=home.id, at=_SINCE)
                db.add_all(_entries(person.id, home.id))
                await db.flush()
    finally:
        await database.close()


async def count_entries(url: str, keys: str) -> int:
    """All rejections of all members."""
    database = Database(url, Keyring.parse(keys))
    try:
        async with database.reading() as db:
            return await db.scalar(select(func.count()).select_from(Rejection)) or 0
    finally:
        await database.close()


def _entries(person_id: object, community_id: object) -> Iterator[Rejection]:
    for number in range(ENTRIES):
        at = _SINCE + timedelta(hours=number)
        entry = Rejection(
            person_id=person_id, community_id=community_id, stage=Stage.SCREENING, created_at=at, changed_at=at
        )
        entry.company, entry.note = f"Acme {number}", "They looked for somebody with more years."
        if number % 10 == 0:
            entry.lesson = "Ask about the team earlier."
        yield entry
