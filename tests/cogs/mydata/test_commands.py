"""What is kept of a member, as a conversation."""

import io
import itertools
import json
import zipfile
from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from bot.cards import Card
from cogs.checkins.tables import CheckIn, Question, Round
from db.base import Table
from db.duties import Duty
from db.groups import Group
from db.handled import Handled
from db.jobs import Destination, Lane
from db.keyring import Keyring
from db.members import Person
from db.places import Community, Installation, Place
from db.posts import Post, create_post, mark_failed, mark_posted
from db.schedules import create_schedule, tick
from db.sealed import SealedProperty, owner_attribute
from tests.bot.account import Account
from tests.chat import Chat, World, settle_in
from tests.cogs.checkins import rows
from tests.platforms.plain_world import PlainChat, PlainWorld, plain_world
from tests.story import tell

OF_ALL = {Handled, Community, Group, CheckIn, Question, Round, Lane, Destination, Duty}
"""What is nobody's own, and stays when somebody goes."""
LOG = 'rejection log company:Acme stage:final note:"They were kind"'


async def test_show_counts_what_is_kept_and_says_who_sees_it(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("mydata show")
    ada.see("Rejections", "Settings", "Accounts", "You alone see your entries", "holds the key")


async def test_before_consent_nothing_is_kept_and_each_command_says_so(world: World) -> None:
    bo = world.person("bo")
    for line in ("mydata show", "mydata export", "mydata delete"):
        await bo.say(line)
        bo.see("Nothing is kept about you here.")


async def test_the_export_is_one_archive_with_everything_twice(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("mydata export")
    (content,) = ada.screen.files.values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["data.json", "data.md"]
        data = json.loads(archive.read("data.json"))
        page = archive.read("data.md").decode()
    parts = {part["title"]: part["records"] for part in data["parts"]}
    assert parts["Rejections"][0]["company"] == "Acme"
    assert parts["Rejections"][0]["note"] == "They were kind"
    assert "- **company**: Acme" in page
    assert "They were kind" in page


async def test_an_export_holds_only_ones_own(ada: Chat, world: World) -> None:
    eve = world.person("eve")
    await settle_in(eve)
    await eve.say("rejection log company:EveCorp stage:final")
    await ada.say("mydata export")
    (content,) = ada.screen.files.values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"EveCorp" not in archive.read("data.json")


async def test_delete_says_what_goes_asks_for_a_word_and_leaves_nothing(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("mydata delete")
    ada.see("This will go, at once and for good:", "Rejections")
    await ada.press("Delete everything")
    await ada.fill(word="delete please")
    ada.see("Type DELETE in capital letters")
    await ada.fix(word="DELETE")
    ada.see("All that I kept about you is deleted.")
    await ada.say("mydata show")
    ada.see("Nothing is kept about you here.")
    await ada.say("rejection list")
    ada.see("Before we begin")


async def test_no_table_knows_a_member_after_they_deleted_everything(plain: PlainWorld) -> None:
    ada = plain.person("ada", admin=True)
    await settle_in(ada)
    await everything(plain, ada)
    tables = {mapper.class_ for mapper in Table.registry.mappers} - OF_ALL
    owned = {table for table in tables if hasattr(table, "person_id")}
    async with plain.app.database.reading() as db:
        for table in tables - {Installation, Place, Post}:  # what a platform fills
            assert await db.scalar(select(func.count()).select_from(table)), table.__tablename__
    await erased(ada)
    async with plain.app.database.reading() as db:
        for table in owned:
            hers = select(func.count()).select_from(table).where(table.person_id.is_not(None))
            assert not await db.scalar(hers), table.__tablename__
        for table in tables - owned:
            assert not await db.scalar(select(func.count()).select_from(table)), table.__tablename__


async def test_old_buttons_lead_nowhere_after_everything_is_deleted(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    undo = ada.packed("Undo")
    await erased(ada)
    await ada.press_packed(undo)
    ada.see("Before we begin")
    await ada.press("Keep my entries")
    await ada.press("Skip")
    await ada.press("Skip")
    ada.see("This is no longer here")


@pytest.mark.parametrize("surface", ["slack over a socket", "slack over http"], indirect=True)
async def test_a_file_that_was_posted_goes_with_everything_else(ada: Chat) -> None:
    await ada.say("mydata export")
    await ada.say("mydata show")
    ada.see("Posts")
    await ada.say("mydata delete")
    await ada.press("Delete everything")
    await ada.fill(word="DELETE")
    ada.see("What I had posted for you is gone too.")


async def test_the_export_has_a_record_for_every_row_that_is_ones_own(plain: PlainWorld) -> None:
    ada = plain.person("ada", admin=True)
    await settle_in(ada)
    await everything(plain, ada)
    await posted(plain, message="m1")
    async with plain.app.database.reading() as db:
        person = await db.scalar(select(Person))
        assert person is not None
        rows = 1
        for table in (mapper.class_ for mapper in Table.registry.mappers if hasattr(mapper.class_, "person_id")):
            owned = select(func.count()).select_from(table).where(table.person_id == person.id)
            found = await db.scalar(owned) or 0
            assert found, f"{table.__tablename__}: let this member have a row, and its feature export it"
            rows += found
        exports = plain.app.features.extensions.export
        parts = [await export(db, person.id) for export in exports]
        assert sum(part.count for part in parts) == rows
        exported = ""
        for part in parts:
            records = [record async for record in part.records]
            assert len(records) == part.count
            exported += f"{records}".casefold()
        for mapper in Table.registry.mappers:
            texts = [name for name, each in vars(mapper.class_).items() if isinstance(each, SealedProperty)]
            if texts and owner_attribute(mapper.class_) in {"id", "person_id"}:
                for row in await db.scalars(select(mapper.class_)):
                    for name in texts:
                        assert (getattr(row, name) or "").casefold() in exported, f"{mapper}: {name} is not exported"


async def test_what_no_key_opens_any_more_can_still_be_deleted(plain: PlainWorld, sqlite_url: str) -> None:
    ada = plain.person("ada")
    await ada.say(LOG)
    await ada.press("Keep my entries")
    await ada.press("Skip")
    await ada.press("Write it down")
    await ada.fill(words="A job in retail")
    await ada.press("Go on")
    async with plain_world(sqlite_url, keyring=Keyring.parse(Keyring.generate())) as keyless:
        ada = keyless.person("ada")
        await ada.say("mydata show")
        ada.see("Rejections 1", "Settings 1")
        await erased(ada)
        ada.see("All that I kept about you is deleted.")


async def test_an_export_keeps_no_writer_waiting_and_waits_for_none(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    async with plain.app.database.writing() as db:
        await db.execute(select(Person).with_for_update())
        await ada.say("mydata export")
    assert list(ada.screen.files) == ["steppingstone.zip"]


async def test_an_export_that_is_overtaken_by_a_deletion_says_that_nothing_is_kept(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    other_device = Account(plain.app.dispatcher, platform="plain")
    packing = await other_device.ask("mydata.export")
    await erased(ada)
    assert packing.then is not None
    other_device.answer = await packing.then()
    assert "Nothing is kept about you here." in other_device.text
    assert not other_device.card.files


async def test_posts_of_a_member_who_is_gone_are_taken_back_and_counted(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await posted(plain, message="m1")
    plain.move(timedelta(minutes=1))
    await erased(ada)
    ada.see("All that I kept about you is deleted.", "One post could not be removed now.")
    async with plain.app.database.reading() as db:
        post = await db.scalar(select(Post))
        assert post is not None
        assert post.person_id is None
        await mark_failed_for_good(plain, post)
    await plain.app.heartbeat.beat()
    async with plain.app.database.reading() as db:
        assert await db.scalar(select(Post)) is None


async def test_posts_that_are_gone_are_said_to_be(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    message = await plain.sink.send(destination="plain:T1:D1", card=Card(()), delivery=uuid4())
    await posted(plain, message=message, place="plain:T1:D1")
    await erased(ada)
    ada.see("What I had posted for you is gone too.")
    assert not plain.sink.messages


async def everything(plain: PlainWorld, ada: PlainChat) -> None:
    """Lets the member have a row in every table."""
    numbers = itertools.count(1)
    await tell(ada, lambda: f"word{next(numbers)}")
    await ada.say("goal pause")
    plain.move(timedelta(days=1))
    await ada.say("goal resume")
    for name in ("Makers", "Left behind"):
        await ada.say(f'setup group name:"{name}"')
    await ada.say('group leave group:"Left behind"')
    async with plain.app.database.writing() as db:
        person = await db.scalar(select(Person))
        assert person is not None
        made = await create_schedule(
            db,
            kind="tests.weekly",
            subject=person.id,
            weekdays=[0],
            at=time(9),
            zone="UTC",
            grace_seconds=3600,
            now=plain.now() - timedelta(days=7),
            person_id=person.id,
        )
        assert made.next_due_at is not None
        await tick(db, now=made.next_due_at)
        editor = plain.app.database.keyring.fingerprint("plain\n\nada")
        await rows.everything(db, person.id, at=plain.now(), editor=editor)


async def posted(plain: PlainWorld, *, message: str, place: str = "nowhere:T1:D1") -> None:
    async with plain.app.database.writing() as db:
        person = await db.scalar(select(Person))
        assert person is not None
        post = await create_post(db, job="mydata.pack", args=[], destination=place, at=plain.now(), person_id=person.id)
        await mark_posted(db, post.id, message_ref=message)


async def mark_failed_for_good(plain: PlainWorld, post: Post) -> None:
    async with plain.app.database.writing() as db:
        await mark_failed(db, post.id)


async def erased(ada: PlainChat) -> None:
    await ada.say("mydata delete")
    await ada.press("Delete everything")
    await ada.fill(word="DELETE")
