"""Drafts, arrivals and posts."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.drafts import delete_draft, delete_drafts_of, find_draft, purge_drafts, save_draft
from db.handled import Handled, claim, find_answer, purge_handled, set_answer
from db.posts import (
    Post,
    PostState,
    create_post,
    mark_all_posted,
    mark_failed,
    mark_posted,
    mark_withdrawn,
    posts_of,
    release_posts_of,
    take_withdrawals,
)
from db.session import Database
from tests.db.people import NOW, someone

MINUTE = timedelta(minutes=1)
ONE, TWO = b"1" * 32, b"2" * 32


async def test_a_draft_waits_for_its_owner_for_a_quarter_of_an_hour(database: Database) -> None:
    async with database.writing() as db:
        draft = await save_draft(db, owner=ONE, content='{"company": "Acme"}', now=NOW)

    async with database.reading() as db:
        assert await find_draft(db, draft.id, owner=ONE, now=NOW + 14 * MINUTE) == '{"company": "Acme"}'
        assert await find_draft(db, draft.id, owner=ONE, now=NOW + 15 * MINUTE) is None
        assert await find_draft(db, draft.id, owner=TWO, now=NOW) is None


async def test_a_draft_is_deleted_by_its_owner_alone(database: Database) -> None:
    async with database.writing() as db:
        draft = await save_draft(db, owner=ONE, content="words", now=NOW)
        await delete_draft(db, draft.id, owner=TWO)
        assert await find_draft(db, draft.id, owner=ONE, now=NOW) == "words"
        await delete_draft(db, draft.id, owner=ONE)
        assert await find_draft(db, draft.id, owner=ONE, now=NOW) is None


async def test_old_drafts_go_and_so_do_all_of_one_owner(database: Database) -> None:
    async with database.writing() as db:
        for owner, minutes in ((ONE, 5), (ONE, 15), (TWO, 15), (TWO, 16)):
            await save_draft(db, owner=owner, content="words", now=NOW, minutes=minutes)
        assert await purge_drafts(db, now=NOW + 5 * MINUTE) == 1
        assert await delete_drafts_of(db, owner=ONE) == 1
        assert await purge_drafts(db, now=NOW + 15 * MINUTE) == 1


async def test_the_same_event_is_claimed_once_and_its_answer_found_again(database: Database) -> None:
    async with database.writing() as db:
        assert await claim(db, ONE, at=NOW)
        await set_answer(db, ONE, "rejections.show:42")
    async with database.writing() as db:
        assert not await claim(db, ONE, at=NOW)
        assert await find_answer(db, ONE) == "rejections.show:42"
        assert await claim(db, TWO, at=NOW)  # the refused claim broke nothing
        assert await find_answer(db, TWO) is None


async def test_a_second_arrival_waits_until_the_first_is_done(database: Database) -> None:
    first_claimed, second_started = asyncio.Event(), asyncio.Event()

    async def first() -> bool:
        async with database.writing() as db:
            claimed = await claim(db, ONE, at=NOW)
            first_claimed.set()
            await second_started.wait()
            await set_answer(db, ONE, "done")
            return claimed

    async def second() -> tuple[bool, str | None]:
        await first_claimed.wait()
        second_started.set()
        async with database.writing() as db:
            return await claim(db, ONE, at=NOW), await find_answer(db, ONE)

    one, other = await asyncio.gather(first(), second())
    assert (one, other) == (True, (False, "done"))


async def test_when_the_first_arrival_fails_the_second_is_the_first(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as db:
            assert await claim(db, ONE, at=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.writing() as db:
        assert await claim(db, ONE, at=NOW)


async def test_old_arrivals_are_forgotten(database: Database) -> None:
    async with database.writing() as db:
        await claim(db, ONE, at=NOW)
        await claim(db, TWO, at=NOW + MINUTE)
        assert await purge_handled(db, before=NOW + MINUTE) == 1
        assert (await db.scalars(select(Handled.id))).all() == [TWO]


async def test_a_post_is_drawn_posted_and_withdrawn(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        post = await create_post(db, job="wins.card", args=["7"], destination="slack:T1:C1", at=NOW, person_id=ana)
        assert (post.state, post.drawn, post.args) == (PostState.WAITING, 0, ["7"])
        await mark_posted(db, post.id, message_ref="1700.1")

    async with database.writing() as db:
        [there] = await posts_of(db, ana)
        assert (there.message_ref, there.drawn, there.state) == ("1700.1", 1, PostState.POSTED)
        await mark_withdrawn(db, there.id)
        assert await posts_of(db, ana) == []


async def test_what_was_on_its_way_as_it_was_withdrawn_is_found_out(database: Database) -> None:
    async with database.writing() as db:
        late, other, gone = [
            await create_post(db, job="j", args=[], destination="d", at=NOW + n * MINUTE) for n in range(3)
        ]
        await mark_withdrawn(db, late.id)
        await db.delete(gone)
        await db.flush()
        assert await mark_all_posted(db, {late.id: "1", other.id: "2", gone.id: "3"}) == [late.id]
    async with database.reading() as db:
        assert (await db.get_one(Post, late.id)).message_ref == "1"
        assert (await db.get_one(Post, other.id)).state is PostState.POSTED


async def test_a_members_live_posts_become_nobodys(database: Database) -> None:
    ana = await someone(database)
    async with database.writing() as db:
        sent, sending, failed, others = [
            await create_post(db, job="j", args=[], destination="d", at=NOW + n * MINUTE, person_id=whose)
            for n, whose in enumerate([ana, ana, ana, None])
        ]
        await mark_posted(db, sent.id, message_ref="1")
        await mark_failed(db, failed.id)
        assert [post.id for post in await posts_of(db, ana)] == [sent.id, sending.id]
        assert await release_posts_of(db, ana) == [sent.id, sending.id]

    async with database.reading() as db:
        assert {post.person_id for post in await db.scalars(select(Post))} == {None}
        assert (await db.get_one(Post, others.id)).state is PostState.WAITING


async def test_what_an_earlier_version_noted_to_be_withdrawn_is_taken_once(database: Database) -> None:
    async with database.writing() as db:
        posts = [await create_post(db, job="j", args=[], destination="d", at=NOW) for _ in range(3)]
        posts[0].withdraw_at, posts[1].withdraw_at = NOW + MINUTE, NOW
        await db.flush()
        assert await take_withdrawals(db, limit=1) == [(posts[1].id, NOW)]
        assert await take_withdrawals(db) == [(posts[0].id, NOW + MINUTE)]
        assert await take_withdrawals(db) == []
