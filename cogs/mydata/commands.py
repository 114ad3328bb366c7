"""What is kept of a member, as they see it: shown, taken along, deleted."""

import asyncio
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Needs, Working
from bot.call import Call, Run
from bot.cards import (
    Actions,
    Card,
    Element,
    Fields,
    File,
    Note,
    Style,
    Text,
    Tone,
    Typed,
    Words,
    say,
    say_n,
)
from bot.errors import WrongFields
from bot.extensions import Exported
from bot.feature import Feature
from bot.leaving import leave_places, take_out
from bot.options import ASKED, Ask
from bot.sending import NotDelivered
from cogs.mydata import service

mydata = Feature("mydata", "See, export or delete what is kept about you.")

READS: Final = Needs(reads=True, before_consent=True, without_saving=True)
WORD: Final = "DELETE"


@mydata.command("mydata show", needs=READS)
async def show(call: Call) -> Card:
    """See what is kept about you, and who sees it."""
    kept = await _kept(call)
    if not kept:
        return _nothing()
    commands = {"export": Typed("mydata export"), "delete": Typed("mydata delete")}
    return Card(
        (
            Text(say("This is all that I keep about you.")),
            *kept,
            Text(
                say(
                    "You alone see your entries and settings here. That you are a member, your role and since when "
                    "is known to your community’s moderators."
                )
            ),
            Text(
                say(
                    "What you write is sealed before it is stored. Whoever runs this bot holds the key, and also "
                    "stores your account’s id, to know you again."
                )
            ),
            Note(say("Take it along with {export}. Delete all of it with {delete}.", **commands)),
        ),
        title=say("What is kept"),
    )


@mydata.command("mydata export", needs=READS)
async def export(call: Call) -> Card | Working:
    """Take your data along, in one archive.

    The archive holds the same content twice: as JSON for programs, and as Markdown to read.
    """
    if not await _kept(call):
        return _nothing()
    return Working(Card((Text(say("I am packing it. It will be here in a moment.")),)), pack.call(call.member.id))


@mydata.command("mydata delete", needs=READS)
async def delete(call: Call) -> Card:
    """Delete all that is kept about you."""
    kept = await _kept(call)
    if not kept:
        return _nothing()
    return Card(
        (
            Text(say("This will go, at once and for good:")),
            *kept,
            Text(
                say(
                    "Files and messages that I posted for you are taken back, and you leave the places of your groups, "
                    "where the platform allows it."
                )
            ),
            Note(say("You may want to take it along first: {export}.", export=Typed("mydata export"))),
            Actions((erase.button("Delete everything", Style.DANGER),)),
        ),
        title=say("Delete everything?"),
        tone=Tone.WARN,
    )


@mydata.action(title="Delete everything", needs=Needs(before_consent=True, without_saving=True))
async def erase(
    call: Call, word: Annotated[str, Ask("Type DELETE to go on", hint="In capital letters", example=WORD)] = ASKED
) -> Card | Working:
    if word != WORD:
        raise WrongFields({"word": say("Type {word} in capital letters, or close this to keep all.", word=WORD)})
    leaving = await leave_places(call, call.member.id)
    deletion = await service.delete_all(
        call.db,
        owner=call.member.id,
        fingerprint=call.member.fingerprint,
        erases=call.extensions.erase,
        at=call.now,
    )
    going = []
    if deletion.posts:
        words = say_n(deletion.posts, "I am taking back one post of yours.", "I am taking back {n} posts of yours.")
        going.append(Text(words))
    if leaving is not None:
        going.append(Text(say("I am taking you out of the places of your groups.")))
    if not going:
        return _deleted()
    return Working(_deleted(*going), take_back.call(deletion.id, deletion.posts, leaving))


@mydata.export
async def export_posts(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported.of("Posts", await service.find_posts(db, owner=person_id))


@mydata.tidy
async def tidy(db: AsyncSession, _now: datetime) -> None:
    await service.delete_withdrawn(db)


@mydata.job()
async def pack(run: Run, person_id: UUID) -> Card:
    async with run.reading() as db:
        kept = await service.find_all(db, owner=person_id, exports=run.extensions.export)
        parts = await service.read_all(kept)
    if not parts:
        return _nothing()
    content = await asyncio.to_thread(service.pack, parts, at=run.now)
    return Card(
        (Text(say("Here it is: `data.json` for programs, and `data.md` to read.")),),
        title=say("Your data"),
        files=(File(service.ARCHIVE, content, "Everything that is kept about you"),),
    )


@mydata.job()
async def take_back(run: Run, deletion: UUID, posts: int, leaving: UUID | None = None) -> Card:
    """Takes back what a deletion left, has the person leave their groups’ places, and tells how that went."""
    said: list[Words] = []
    if posts:
        said.append(await _without_posts(run, service.Deletion(deletion, posts)))
    if leaving is not None:
        said += await take_out(run, leaving) or [say("You are out of the places of your groups.")]
    return _deleted(*map(Text, said))


async def _without_posts(run: Run, deletion: service.Deletion) -> Words:
    async with run.reading() as db:
        found = await service.find_left(db, deletion)
    left = [await _is_gone(run, post_id) for post_id in found].count(False)
    if not left:
        return say("What I had posted for you is gone too.")
    return say_n(
        left,
        "One post could not be removed now. If it is still there tomorrow, please delete it yourself.",
        "{n} posts could not be removed now. If they are still there tomorrow, please delete them yourself.",
    )


async def _is_gone(run: Run, post_id: UUID) -> bool:
    try:
        return await run.withdraw(post_id)
    except NotDelivered:  # the engine goes on trying
        return False


async def _kept(call: Call) -> tuple[Element, ...]:
    """How much there is of each part; nothing for a person who is not known."""
    if call.member.person is None:
        return ()
    parts = await service.find_all(call.db, owner=call.member.id, exports=call.extensions.export)
    return (Fields(tuple((part.title, say("{n}", n=part.count)) for part in parts)),)


def _nothing() -> Card:
    return Card((Text(say("Nothing is kept about you here.")),), title=say("What is kept"))


def _deleted(*more: Element) -> Card:
    return Card(
        (Text(say("All that I kept about you is deleted. You are welcome back at any time.")), *more),
        title=say("Deleted"),
    )
