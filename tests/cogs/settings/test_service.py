"""The rules of settings, on both databases."""

from datetime import UTC, datetime, time

import pytest

from bot.errors import Gone
from cogs.settings import service
from cogs.settings.service import Setting
from db.drafts import save_draft
from db.members import get_person, join
from db.places import get_community
from db.session import Database
from tests.db.people import ANA, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (Setting.ZONE, "Asia/Tokyo"),
        (Setting.ZONE, None),
        (Setting.QUIET_FROM, "23"),
        (Setting.QUIET_UNTIL, "0"),
        (Setting.COUNTRY, "IE"),
        (Setting.CONSENT, "without_saving"),
        (Setting.WRITES_FIRST, "no"),
    ],
)
async def test_a_change_gives_the_former_value_which_changes_it_back(
    database: Database, setting: Setting, value: str | None
) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        person = await get_person(db, ana)
        before = service.text_of(person, setting)
        former = await service.change(db, person, setting=setting, value=value, at=NOW)
        assert former == before
        assert service.text_of(person, setting) == value
        assert person.version == 2
    async with database.writing() as db:
        person = await get_person(db, ana)
        assert service.text_of(person, setting) == value
        await service.change(db, person, setting=setting, value=former, at=NOW)
        assert service.text_of(person, setting) == before


async def test_a_draft_of_something_else_is_not_written_into_the_settings(database: Database) -> None:
    ana = await someone(database, looking_for="A job in retail")
    async with database.writing() as db:
        person = await get_person(db, ana)
        other = await save_draft(db, owner=b"ana", content='{"packed": "x"}', now=NOW)
        with pytest.raises(Gone):
            await service.change_looking_for_back(db, person, draft_id=other.id, editor=b"ana", at=NOW)
        assert person.looking_for == "A job in retail"


async def test_the_export_tells_settings_accounts_and_communities(database: Database) -> None:
    ana = await someone(database, looking_for="A job in retail")
    async with database.writing() as db:
        community = await get_community(db, "slack", "T1", at=NOW)
        await join(db, ana, community=community.id, at=NOW)
        (settings,) = [record async for record in service.find_settings(db, owner=ana)]
        assert (settings["looking for"], settings["quiet from"]) == ("A job in retail", time(21))
        assert await service.find_accounts(db, owner=ana) == (
            {"platform": "slack", "workspace": "T1", "user": ANA.user},
        )
        (membership,) = await service.find_communities(db, owner=ana)
        assert (membership["community"], membership["role"]) == ("T1", "member")
