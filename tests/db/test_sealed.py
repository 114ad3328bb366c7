from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import StatementError

from db.drafts import Draft
from db.keyring import Keyring, Sealed, Unopenable
from db.members import Consent, IdentityKey, Person, get_person
from db.places import Installation
from db.rotation import rotate
from db.sealed import Unsealed
from db.session import Database
from tests.db.people import ANA, BEN, NOW, someone

SECRET = "anything near the sea, Zanzibar-4913"


async def looking_for(database: Database, person_id: Any) -> str | None:
    async with database.reading() as db:
        return (await get_person(db, person_id)).looking_for


async def test_what_a_member_writes_comes_back_to_them(database: Database) -> None:
    ana = await someone(database, looking_for=SECRET)
    assert await looking_for(database, ana) == SECRET

    async with database.writing() as db:
        (await get_person(db, ana)).looking_for = "a lab"
    assert await looking_for(database, ana) == "a lab"

    async with database.writing() as db:
        (await get_person(db, ana)).looking_for = None
    assert await looking_for(database, ana) is None


async def test_text_can_be_read_before_and_after_it_is_sealed(database: Database) -> None:
    async with database.writing() as db:
        person = Person(consent=Consent.KEEP, consented_at=NOW, created_at=NOW, looking_for=SECRET)
        assert person.looking_for == SECRET
        db.add(person)
        await db.flush()
        assert isinstance(person.sealed_looking_for, Sealed)
        assert person.looking_for == SECRET

    with pytest.raises(Unopenable, match="session is open"):
        assert person.looking_for


async def test_a_value_copied_to_another_member_does_not_open(database: Database) -> None:
    ana = await someone(database, ANA, looking_for=SECRET)
    ben = await someone(database, BEN)
    async with database.writing() as db:
        stolen = (await get_person(db, ana)).sealed_looking_for
        (await get_person(db, ben)).sealed_looking_for = stolen

    with pytest.raises(Unopenable, match="another row, column or member"):
        await looking_for(database, ben)


async def test_a_draft_given_another_owner_does_not_open(database: Database) -> None:
    async with database.writing() as db:
        draft = Draft(owner=b"ana", content=SECRET, expires_at=NOW)
        db.add(draft)
        await db.flush()
        draft.owner = b"ben"
        await db.flush()
        with pytest.raises(Unopenable):
            assert draft.content


async def test_a_row_without_its_owner_is_not_sealed_for_nobody(database: Database) -> None:
    with pytest.raises(ValueError, match="owner must be set"):
        async with database.writing() as db:
            db.add(Draft(content=SECRET, expires_at=NOW))


@pytest.mark.parametrize("value", [SECRET, SECRET.encode(), Unsealed(SECRET)], ids=["str", "bytes", "unsealed"])
async def test_a_bulk_write_of_plain_text_fails_and_shows_none_of_it(database: Database, value: object) -> None:
    ana = await someone(database)
    row = {"id": uuid4(), "consent": Consent.KEEP, "consented_at": NOW, "created_at": NOW}
    statements = [
        (insert(Person), [row | {"sealed_looking_for": value}]),
        (insert(Person.metadata.tables["people"]), [row | {"sealed_looking_for": value}]),
        (update(Person).where(Person.id == ana).values(sealed_looking_for=value), None),
        (update(Person), [{"id": ana, "version": 2, "sealed_looking_for": value}]),
    ]
    for statement, rows in statements:
        with pytest.raises(StatementError, match="takes Sealed") as refused:
            async with database.writing() as db:
                await db.execute(statement, rows)
        assert "Zanzibar" not in f"{refused.value!r} {refused.value} {refused.value.orig!r}"

    assert await looking_for(database, ana) is None


def test_only_text_may_be_set_and_a_required_one_not_be_left_out() -> None:
    with pytest.raises(TypeError, match="takes text, not bytes"):
        Person(looking_for=b"bytes")
    with pytest.raises(TypeError, match="takes text, not NoneType"):
        Draft(content=None)
    with pytest.raises(ValueError, match="no text yet"):
        assert Draft().content


async def test_no_repr_shows_what_was_written(database: Database) -> None:
    ana = await someone(database, looking_for=SECRET)
    async with database.writing() as db:
        person = await get_person(db, ana)
        fresh = Person(looking_for=SECRET)
        shown = repr((person, person.sealed_looking_for, fresh, fresh.sealed_looking_for, vars(fresh), ANA))
    assert "Zanzibar" not in shown
    assert ANA.user not in shown


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_no_plain_text_is_in_the_files(database: Database, tmp_path: Path) -> None:
    await someone(database, looking_for=SECRET)

    files = written(tmp_path)  # before the database is closed: the log of writes too
    assert {".db", ".db-wal"} <= set(files)
    assert not any(b"Zanzibar" in content for content in files.values())


def written(folder: Path) -> dict[str, bytes]:
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


async def test_rotation_seals_everything_anew_and_the_old_key_may_go(
    database: Database, database_url: str, keys: str
) -> None:
    people = [await someone(database, IdentityKey("slack", "T1", f"U{n}"), looking_for=f"job {n}") for n in range(7)]
    async with database.writing() as db:
        token = Installation(platform="slack", enterprise="", team="T1", bot_token="xoxb-1", installed_at=NOW)
        db.add(token)
    new = Keyring.generate()
    rotating = Database(database_url, Keyring.parse(f"{new},{keys}"))

    assert await rotate(rotating) == 8
    assert await rotate(rotating) == 0
    await rotating.close()

    after = Database(database_url, Keyring.parse(new))
    assert [await looking_for(after, person) for person in people] == [f"job {n}" for n in range(7)]
    async with after.reading() as db:
        assert (await db.get_one(Installation, token.id)).bot_token == "xoxb-1"
        assert await db.scalar(select(Person.version).limit(1)) == 2  # made, then given its text: not rotated
    await after.close()


async def test_rotation_beside_a_live_bot_loses_no_word(
    database: Database, database_url: str, keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await someone(database, IdentityKey("slack", "T1", f"U{n}"), looking_for="old") for n in range(12)]
    both = Keyring.parse(f"{Keyring.generate()},{keys}")
    rotating, live = Database(database_url, both), Database(database_url, both)
    monkeypatch.setattr("db.rotation.BATCH_ROWS", 2)

    async def write(person: Any) -> None:
        async with live.writing() as db:
            (await get_person(db, person)).looking_for = "new"

    async with asyncio.TaskGroup() as group:
        group.create_task(rotate(rotating))
        for person in people[::2]:
            group.create_task(write(person))

    assert [await looking_for(live, person) for person in people] == ["new", "old"] * 6
    assert await rotate(rotating) == 0
    await rotating.close()
    await live.close()


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)  # on SQLite whoever holds one row holds all
async def test_rotation_goes_round_a_row_that_somebody_holds_and_comes_back_for_it(
    database: Database, database_url: str, keys: str
) -> None:
    ana, ben = await someone(database, ANA, looking_for="old"), await someone(database, BEN, looking_for="old")
    rotating = Database(database_url, Keyring.parse(f"{Keyring.generate()},{keys}"))
    async with database.writing() as db:
        (await get_person(db, ana)).country = "PT"
        await db.flush()
        work = asyncio.create_task(rotate(rotating))
        async with asyncio.timeout(10):
            while await key_of(rotating, ben) != rotating.keyring.first:
                assert not work.done()
        assert not work.done()

    assert await work == 2
    assert await key_of(rotating, ana) == rotating.keyring.first
    await rotating.close()


async def key_of(database: Database, person_id: Any) -> str | None:
    async with database.reading() as db:
        sealed = (await get_person(db, person_id)).sealed_looking_for
        return None if sealed is None else sealed.key_id


async def test_rotation_goes_on_past_a_value_that_no_key_opens(
    database: Database, database_url: str, keys: str, caplog: pytest.LogCaptureFixture
) -> None:
    ana, ben = await someone(database, ANA, looking_for="old"), await someone(database, BEN, looking_for="old")
    async with database.writing() as db:
        lost = Keyring.parse(Keyring.generate()).seal(SECRET, place=b"")
        await db.execute(update(Person).where(Person.id == ana).values(sealed_looking_for=lost))
    rotating = Database(database_url, Keyring.parse(f"{Keyring.generate()},{keys}"))

    assert await rotate(rotating) == 1
    assert "people.sealed_looking_for opens with no key" in caplog.text
    assert await looking_for(rotating, ben) == "old"
    await rotating.close()


async def test_the_database_holds_bytes_that_name_their_key(database: Database) -> None:
    await someone(database, looking_for=SECRET)
    async with database.reading() as db:
        raw = bytes(await db.scalar(text("SELECT sealed_looking_for FROM people")))
    assert raw.startswith(database.keyring.header)
    assert b"Zanzibar" not in raw
