"""The rules of a first use, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Gone
from cogs.welcome import service
from db.members import Consent
from db.session import Database
from tests.db.people import ANA

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def test_the_first_choice_stays_but_may_turn_to_keeping(database: Database) -> None:
    choices = (
        (Consent.WITHOUT_SAVING, Consent.WITHOUT_SAVING),
        (Consent.KEEP, Consent.KEEP),
        (Consent.WITHOUT_SAVING, Consent.KEEP),
    )
    for minutes, (chosen, kept) in enumerate(choices):
        at = NOW + timedelta(minutes=minutes)
        async with database.writing() as db:
            person = await service.create(db, ANA, consent=chosen, zone="Asia/Tokyo", at=at)
            assert person.consent is kept
            assert person.consented_at == NOW + timedelta(minutes=min(minutes, 1))


async def test_a_zone_is_one_that_clocks_have(database: Database) -> None:
    async with database.writing() as db:
        person = await service.create(db, ANA, consent=Consent.KEEP, zone=None, at=NOW)
        await service.change_zone(db, person, zone="Asia/Tokyo")
        assert person.zone == "Asia/Tokyo"
        with pytest.raises(Gone):
            await service.change_zone(db, person, zone="Nowhere/Land")
