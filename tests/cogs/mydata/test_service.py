"""Packing and deleting a member's data as a whole."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, time
from string import punctuation
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from bot.extensions import Exported
from cogs.mydata import service
from cogs.mydata.service import Part
from db.drafts import find_draft, save_draft
from db.members import find_member
from db.session import Database
from tests.db.people import ANA, BEN, someone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ALL_KINDS = {"text": "a", "number": 3, "when": NOW, "at": time(21), "yes": True, "several": ["b", "c"], "nothing": None}


def unpacked(parts: list[Part]) -> tuple[str, str]:
    with zipfile.ZipFile(io.BytesIO(service.pack(parts, at=NOW))) as archive:
        return archive.read("data.json").decode(), archive.read("data.md").decode()


def test_every_kind_of_value_is_packed() -> None:
    data, page = unpacked([Part("Things", [ALL_KINDS])])
    assert json.loads(data)["parts"] == [
        {
            "title": "Things",
            "records": [{**ALL_KINDS, "when": "2026-11-23T09:00:00+00:00", "at": "21:00:00"}],
        }
    ]
    assert "- **several**: b\\, c" in page
    assert "- **yes**: yes" in page
    assert "nothing" not in page


@given(st.text(alphabet=st.one_of(st.sampled_from(f"{punctuation}\n\r\t a1#"), st.characters(codec="utf-8"))))
def test_what_people_wrote_is_never_markup(text: str) -> None:
    page = unpacked([Part("Things", [{"note": text}])])[1]
    lines = page.partition("### 1\n\n")[2].splitlines()
    value = "\n".join(lines).removeprefix("- **note**: ")
    assert not re.search(rf"(?<!\\)(?:\\\\)*[{re.escape(punctuation.replace(chr(92), ''))}]", value)
    assert all(line.startswith("  ") for line in value.split("\n")[1:])
    assert "\n\n" not in value


async def test_deleting_takes_the_person_their_drafts_and_what_every_feature_keeps(database: Database) -> None:
    ana, ben = await someone(database, ANA), await someone(database, BEN)
    asked: list[UUID] = []

    async def erase(_db: AsyncSession, person_id: UUID) -> None:
        asked.append(person_id)

    async with database.writing() as db:
        draft = await save_draft(db, owner=b"ana", content="{}", now=NOW)
        other = await save_draft(db, owner=b"ben", content="{}", now=NOW)
        deleted = await service.delete_all(db, owner=ana, fingerprint=b"ana", erases=[erase], at=NOW)
    async with database.reading() as db:
        assert deleted.posts == 0
        assert asked == [ana]
        assert await find_member(db, ANA, community=None) is None
        assert await find_draft(db, draft.id, owner=b"ana", now=NOW) is None
        assert await find_draft(db, other.id, owner=b"ben", now=NOW) is not None
        found = await find_member(db, BEN, community=None)
        assert found
        assert found.person.id == ben


async def test_empty_parts_are_left_out(database: Database) -> None:
    async def nothing(_db: AsyncSession, _person_id: UUID) -> Exported:
        return Exported.of("Nothing", ())

    ana = await someone(database)
    async with database.reading() as db:
        assert await service.find_all(db, owner=ana, exports=[nothing]) == []
