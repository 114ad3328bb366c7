"""Messages that others see: what drew each, where it stands, and when it has to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, case, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Base, Coded, kept, structural
from db.insert import insert_all_once

_UNTIL = "until it is withdrawn"
_READERS = "those who can read the place"


class PostState(StrEnum):
    """Where a post is on its way."""

    WAITING = "waiting"
    POSTED = "posted"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class Post(Base):
    """One message: the job that draws it from current data, never its text.

    `args` are ids as text, `destination` is like "slack:T1:D1", `message_ref` is the platform's own id of the
    message, `drawn` counts the drawings.
    """

    __tablename__ = "posts"

    person_id: Mapped[UUID | None] = structural(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    job: Mapped[str] = kept(why="what draws the message", seen_by="nobody", until=_UNTIL)
    args: Mapped[list[str]] = kept(JSON, why="what the message shows, as ids", seen_by="nobody", until=_UNTIL)
    destination: Mapped[str] = kept(why="where the message is", seen_by=_READERS, until=_UNTIL)
    message_ref: Mapped[str | None] = kept(why="to change or withdraw the message", seen_by="nobody", until=_UNTIL)
    drawn: Mapped[int] = structural(default=0)
    state: Mapped[PostState] = kept(
        Coded(PostState),
        default=PostState.WAITING,
        index=True,
        why="where it is on its way",
        seen_by="the member",
        until=_UNTIL,
    )
    withdraw_at: Mapped[datetime | None] = kept(
        index=True, why="when the message has to go, as an earlier version noted it", seen_by="nobody", until=_UNTIL
    )
    created_at: Mapped[datetime] = kept(why="when it was asked for", seen_by="the member", until=_UNTIL)


async def create_post(
    db: AsyncSession,
    *,
    job: str,
    args: Sequence[str],
    destination: str,
    at: datetime,
    person_id: UUID | None = None,
) -> Post:
    """Ask for a message; `person_id` is the member whose message it is, if it is anyone's."""
    post = Post(
        job=job,
        args=list(args),
        destination=destination,
        person_id=person_id,
        created_at=at,
    )
    db.add(post)
    await db.flush()
    return post


@dataclass(frozen=True, slots=True)
class NewPost:
    """A message to ask for, whose id says which one it is."""

    id: UUID
    job: str
    args: Sequence[str]
    destination: str
    person_id: UUID | None


async def create_posts_once(db: AsyncSession, posts: Sequence[NewPost], *, at: datetime) -> set[UUID]:
    """Ask for messages; the ids of those that were not asked for before."""
    rows = [
        {
            "id": post.id,
            "job": post.job,
            "args": list(post.args),
            "destination": post.destination,
            "person_id": post.person_id,
            "created_at": at,
        }
        for post in sorted(posts, key=lambda each: each.id)
    ]
    return await insert_all_once(db, Post, rows)


async def posts_of(db: AsyncSession, person_id: UUID) -> Sequence[Post]:
    """A member's posts that others can see or will see, oldest first."""
    query = select(Post).where(Post.person_id == person_id, Post.state.in_(_LIVE))
    return (await db.scalars(query.order_by(Post.created_at, Post.id))).all()


async def release_posts_of(db: AsyncSession, person_id: UUID) -> Sequence[UUID]:
    """None of a member's posts is theirs any more; which they were, oldest first."""
    mine = [post.id for post in await posts_of(db, person_id)]
    await db.execute(update(Post).where(Post.person_id == person_id).values(person_id=None))
    return mine


async def take_withdrawals(db: AsyncSession, *, limit: int = 100) -> Sequence[tuple[UUID, datetime]]:
    """Posts that the version before had noted to be withdrawn, and when; they are not noted any more."""
    noted = select(Post.id, Post.withdraw_at).where(Post.withdraw_at.is_not(None)).order_by(Post.withdraw_at)
    taken = [(post_id, at) for post_id, at in await db.execute(noted.limit(limit)) if at is not None]
    if taken:
        ids = [post_id for post_id, _ in taken]
        await db.execute(update(Post).where(Post.id.in_(ids)).values(withdraw_at=None))
    return taken


async def mark_posted(db: AsyncSession, post_id: UUID, *, message_ref: str) -> None:
    """The message is there, drawn once more."""
    await mark_all_posted(db, {post_id: message_ref})


async def mark_all_posted(db: AsyncSession, refs: Mapping[UUID, str]) -> Sequence[UUID]:
    """The same for many: post -> the platform's id of its message.

    Gives those that were withdrawn while they were on their way: they are there, and have to be withdrawn again.
    """
    if not refs:
        return ()
    there = (
        update(Post)
        .where(Post.id.in_(refs))
        .values(
            state=PostState.POSTED,
            message_ref=case(dict(refs), value=Post.id),
            drawn=Post.drawn + 1,
        )
        .returning(Post.id)
        .execution_options(synchronize_session=False)
    )
    marked = set(await db.scalars(there.where(Post.state != PostState.WITHDRAWN)))
    return () if len(marked) == len(refs) else (await db.scalars(there.where(Post.id.not_in(marked)))).all()


async def mark_withdrawn(db: AsyncSession, post_id: UUID) -> None:
    """The message is gone."""
    await db.execute(update(Post).where(Post.id == post_id).values(state=PostState.WITHDRAWN))


async def is_posted(db: AsyncSession, post_id: UUID) -> bool:
    """Whether it is there to be read."""
    return await db.scalar(select(Post.state).where(Post.id == post_id)) is PostState.POSTED


async def mark_unsent(db: AsyncSession, post_id: UUID) -> None:
    """It was never sent, and will not be; nothing changes for one that is there."""
    unsent = update(Post).where(Post.id == post_id, Post.state == PostState.WAITING)
    await db.execute(unsent.values(state=PostState.FAILED))


async def mark_waiting(db: AsyncSession, post_id: UUID) -> None:
    """It may be sent after all; nothing changes for one that is there."""
    again = update(Post).where(Post.id == post_id, Post.state == PostState.FAILED, Post.message_ref.is_(None))
    await db.execute(again.values(state=PostState.WAITING))


async def mark_failed(db: AsyncSession, post_id: UUID) -> None:
    """The platform will not take the message, or will not let it be withdrawn."""
    await db.execute(update(Post).where(Post.id == post_id).values(state=PostState.FAILED))


_LIVE = (PostState.WAITING, PostState.POSTED)
