"""Values that wait in drafts: found as they were, by their owner, for what they are about, and as nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import uuid4

from db.drafts import Draft, find_value, save_value
from db.session import Database

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ME = b"a fingerprint of the account"


class Mood(StrEnum):
    FINE = "fine"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Diary:
    """One of each kind of value that contents have."""

    words: str
    on: date
    moods: tuple[Mood, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    words: str
    on: date


async def test_a_value_reads_back_as_it_was_and_only_for_what_it_is_about(database: Database) -> None:
    about = uuid4()
    kept = Diary("two\nlines", date(2026, 3, 1), (Mood.LOW, Mood.FINE))
    async with database.writing() as db:
        draft_id = await save_value(db, kept, about=about, owner=ME, now=NOW)
        assert await find_value(db, Diary, draft_id, about=about, owner=ME, now=NOW) == kept
        assert await find_value(db, Letter, draft_id, about=about, owner=ME, now=NOW) is None
        for row, owner in ((uuid4(), ME), (None, ME), (about, b"somebody else")):
            assert await find_value(db, Diary, draft_id, about=row, owner=owner, now=NOW) is None


async def test_a_value_whose_kind_has_changed_since_is_not_found(database: Database) -> None:
    async with database.writing() as db:
        draft_id = await save_value(db, Diary("words", date(2026, 3, 1)), owner=ME, now=NOW)
        draft = await db.get_one(Draft, draft_id)
        draft.content = draft.content.replace("words", "text")
        await db.flush()
        assert await find_value(db, Diary, draft_id, owner=ME, now=NOW) is None
