"""A member's data as a whole: gathered for them, packed for them, and deleted with nothing left."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from string import punctuation
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.extensions import Erase, Export, Exported, Record
from bot.outbox import withdraw_post
from bot.pack import unpack
from db.drafts import delete_drafts_of
from db.jobs import Job
from db.members import delete_person
from db.posts import Post, PostState, posts_of, release_posts_of

ARCHIVE: Final = "steppingstone.zip"
TOLD_FIRST: Final = timedelta(minutes=1)
"""The answer to a deletion tries by itself to take posts back, and tells how that went."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the archive."""

    title: str
    records: Sequence[Record] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is left of a person who was deleted: posts of nobody, until they are withdrawn."""

    id: UUID
    posts: int

    @property
    def keys(self) -> Sequence[str]:
        """Of the jobs that withdraw them."""
        return [f"deletion:{self.id}:{number}" for number in range(self.posts)]


async def find_all(db: AsyncSession, *, owner: UUID, exports: Sequence[Export]) -> Sequence[Exported]:
    """Every part of what is kept, empty ones left out."""
    parts = [await export(db, owner) for export in exports]
    return [part for part in parts if part.count]


async def read_all(parts: Sequence[Exported]) -> Sequence[Part]:
    """The parts with their records, while the session is open that they come from."""
    return [Part(part.title, [record async for record in part.records]) for part in parts]


def pack(parts: Sequence[Part], *, at: datetime) -> bytes:
    """A ZIP of `data.json` and `data.md` with the same content. Takes a moment for much data: call it in a thread."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", _json(parts, at))
        archive.writestr("data.md", _markdown(parts, at))
    return content.getvalue()


async def delete_all(
    db: AsyncSession, *, owner: UUID, fingerprint: bytes, erases: Sequence[Erase], at: datetime
) -> Deletion:
    """Deletes a person and all that is theirs, in the caller's transaction.

    Their posts lose the name of their owner, and are withdrawn soon after `at`.
    """
    posts = await release_posts_of(db, owner)
    deletion = Deletion(uuid4(), len(posts))
    for post_id, key in zip(posts, deletion.keys, strict=True):
        await withdraw_post(db, post_id, at=at + TOLD_FIRST, key=key)
    for erase in erases:
        await erase(db, owner)
    await delete_drafts_of(db, owner=fingerprint)
    await delete_person(db, owner)
    return deletion


async def find_posts(db: AsyncSession, *, owner: UUID) -> Sequence[Record]:
    """Where a person's posts are, as a platform names the place."""
    return tuple({"place": post.destination, "posted at": post.created_at} for post in await posts_of(db, owner))


async def delete_withdrawn(db: AsyncSession) -> None:
    """Forgets posts that are gone, and those of nobody that will never go: their place may be somebody's own."""
    nobodys = and_(Post.state == PostState.FAILED, Post.person_id.is_(None))
    await db.execute(delete(Post).where(or_(Post.state == PostState.WITHDRAWN, nobodys)))


async def find_left(db: AsyncSession, deletion: Deletion) -> Sequence[UUID]:
    """The posts that `delete_all` left to be withdrawn."""
    calls = await db.scalars(select(Job.call).where(Job.key.in_(deletion.keys)))
    return [unpack(call, [UUID])[0] for call in calls]


def _json(parts: Sequence[Part], at: datetime) -> str:
    content = {
        "exported_at": at.isoformat(),
        "parts": [{"title": part.title, "records": [dict(each) for each in part.records]} for part in parts],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, default=_text)


def _markdown(parts: Sequence[Part], at: datetime) -> str:
    return "\n".join(_lines(parts, at)) + "\n"


def _lines(parts: Sequence[Part], at: datetime) -> Iterator[str]:
    yield f"# My data, {at:%Y-%m-%d %H:%M} UTC"
    for part in parts:
        yield from ("", f"## {_safe(part.title)}")
        for number, record in enumerate(part.records, start=1):
            yield from ("", f"### {number}", "", *_record(record))


def _record(record: Record) -> Iterator[str]:
    for name, value in record.items():
        if value not in (None, "", [], ()):
            yield f"- **{_safe(name)}**: {_safe(_text(value))}"


def _safe(text: str) -> str:
    """Text that Markdown shows as it is: marks escaped, line ends as hard ones within the same list item."""
    escaped = "".join(f"\\{character}" if character in punctuation else character for character in text)
    return "\\\n  ".join(line.strip() for line in escaped.splitlines() if line.strip())


def _text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime() | date() | time():
            return value.isoformat()
        case list() | tuple():
            return ", ".join(map(_text, value))
        case _:
            return str(value)
