"""The few things the machine itself offers to press, declared like any feature's."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Needs, Resume, Working
from bot.call import Call, Run
from bot.cards import Actions, Card, Divider, Element, Row, Text, Tone, say
from bot.errors import Gone
from bot.events import ReachChanged
from bot.extensions import Exported, Record
from bot.feature import Feature
from bot.outbox import WITHDRAWAL, Outbox, withdraw_post
from bot.sending import NotDelivered, Unreachable
from bot.withdrawals import take_over
from db.jobs import (
    Job,
    forget_waiting,
    jobs_of,
    mark_seen,
    missed_by,
    open_destination,
    postpone_job,
    waiting_at,
)
from db.members import Identity, IdentityKey, Person, get_identity, get_person
from db.posts import posts_of
from db.quiet import after_quiet, zone_of
from db.schedules import Schedule, schedules_owned_by

MISSED_AT_ONCE: Final = 3
ROOM: Final = 12
"""Elements of a card beside which there is room for one more, on every platform."""

machine = Feature("machine", "What the bot itself offers on its answers.")


@machine.action(key="fix", needs=Needs(before_consent=True, without_saving=True, reads=True))
async def fix(call: Call, draft_id: UUID) -> Resume:  # noqa: ARG001 - an action takes a call
    """Opens a form again as it was left."""
    return Resume(draft_id, as_form=True)


@machine.action(key="withdraw", needs=Needs(without_saving=True, reads=True))
async def withdraw(call: Call, post_id: UUID) -> Working:
    """Takes back a message or file that was posted for this member."""
    if post_id not in {post.id for post in await posts_of(call.db, call.member.id)}:
        raise Gone
    return Working(Card((Text(say("Removing it.")),)), take_back.call(post_id))


@machine.job(key="take_back")
async def take_back(run: Run, post_id: UUID) -> Card:
    """Removes it where the platform allows, and says so where it does not."""
    try:
        gone = await run.withdraw(post_id)
    except NotDelivered:
        async with run.transaction() as db:
            await withdraw_post(db, post_id, at=run.now)
        return Card((Text(say("It cannot be removed right now. I try again until it is gone.")),))
    if gone:
        return Card((Text(say("Removed.")),), tone=Tone.GOOD)
    return Card(
        (Text(say("It could not be removed. Delete the message yourself, or ask an admin of the workspace.")),),
        tone=Tone.WARN,
    )


@machine.job(key=WITHDRAWAL)
async def remove(run: Run, post_id: UUID) -> None:
    """What `withdraw_post` asks for; the engine tries it again while the platform cannot be asked."""
    await run.withdraw(post_id)


machine.tidy(take_over)


@machine.action(key="write_to_me")
async def write_to_me(call: Call) -> Working:
    """Has the bot write first in direct messages, which is tried out at this moment."""
    identity = await get_identity(call.db, call.member.key)
    return Working(Card((Text(say("I am sending you a test message.")),)), try_direct.call(identity.id))


@machine.job(key="try_direct")
async def try_direct(run: Run, identity_id: UUID) -> Card:
    """Opens the direct messages and sends a test; closed ones are found out now, not on some Monday."""
    async with run.reading() as db:
        identity = await db.get_one(Identity, identity_id)
    try:
        destination = await run.open_direct(IdentityKey(identity.platform, identity.tenant, identity.user_id))
        await run.deliver(destination, Card((Text(say("This is a test. From now on I write to you here.")),)))
    except Unreachable:
        return Card((Text(say(_CLOSED)), Actions((write_to_me.button("Try again"),))), tone=Tone.WARN)
    async with run.transaction() as db:
        person = await get_person(db, identity.person_id)
        person.direct, person.may_write_first = destination, True
        await open_destination(db, destination, at=run.now)
        await db.flush()
        await run.asking(db).announce(ReachChanged(person.id))
    return Card(
        (
            Text(say("I write to you in direct messages from now on. A test message is there.")),
            Actions((write_in_group.button("Stop that"),)),
        ),
        tone=Tone.GOOD,
    )


@machine.action(key="write_in_group")
async def write_in_group(call: Call) -> Card:
    """Has the bot write nothing first in direct messages."""
    person = await get_person(call.db, call.member.id)
    if person.direct is not None:
        await forget_waiting(call.db, person.id, destination=person.direct)
    person.direct = None
    await call.db.flush()
    await call.announce(ReachChanged(person.id))
    return Card(
        (
            Text(say("I no longer write to you first in direct messages. In your group I still do.")),
            Actions((write_to_me.button("Undo"),)),
        )
    )


@machine.listen(ReachChanged)
async def keep_in_line(outbox: Outbox, changed: ReachChanged) -> tuple[Element, ...]:
    """What waits to be told comes in no night of the member's as it is by now, and not at all where they want none."""
    person = await outbox.db.get(Person, changed.person_id)
    if person is None or person.direct is None:
        return ()
    if not person.may_write_first:
        await forget_waiting(outbox.db, person.id, destination=person.direct)
        return ()
    zone = await zone_of(outbox.db, person)
    for job in await waiting_at(outbox.db, person.direct, person_id=person.id):
        later = after_quiet(job.due_at, person, elsewhere=zone) - job.due_at
        expires_at = None if job.expires_at is None else job.expires_at + later
        await postpone_job(outbox.db, job.key, at=job.due_at + later, expires_at=expires_at)
    return ()


_CLOSED = (
    "I cannot send you direct messages. Allow them from members of this server in its privacy settings, "
    "or write to me once, and try again."
)


@machine.action(key="show_missed", needs=Needs(reads=True))
async def show_missed(call: Call) -> Working | Card:
    """What could not be delivered, or perhaps was not."""
    if not await missed_by(call.db, call.member.id, limit=1):
        return Card((Text(say("There is nothing that you have missed.")),))
    return Working(Card((Text(say("I am looking it up.")),)), draw_missed.call(call.member.id))


@machine.job(key="draw_missed")
async def draw_missed(run: Run, person_id: UUID) -> Card:
    """Shows it as it would be now, and counts it as seen."""
    async with run.reading() as db:
        jobs = await missed_by(db, person_id, limit=MISSED_AT_ONCE)
    body: list[Element] = []
    for job in jobs:
        try:
            drawn = await run.draw(job.call)
        except (KeyError, ValueError):  # of a feature that is gone
            drawn = None
        if drawn is not None:
            body += [Divider(), *drawn.body] if body else drawn.body
    async with run.transaction() as db:
        await mark_seen(db, [job.id for job in jobs], at=run.now)
        more = await missed_by(db, person_id, limit=1)
    again = (Actions((show_missed.button("Show more"),)),) if more else ()
    return Card((*(body or [Text(say("It is no longer needed."))]), *again), title=say("What you may have missed"))


@machine.home
async def home(call: Call) -> Sequence[Element]:
    return (_missed(),) if call.member.missed else ()


def with_missed(card: Card) -> Card:
    """The card of a command, with a word of what waits to be seen; a long one has no room, and it waits on."""
    return replace(card, body=(_missed(), *card.body)) if len(card.body) <= ROOM else card


def _missed() -> Row:
    return Row(say("Something I wrote may not have reached you."), show_missed.button("Show it"))


@machine.export
async def export_waiting(db: AsyncSession, person_id: UUID) -> Exported:
    """What is to be done for them later, and what could not be delivered."""
    return Exported.of("Messages and reminders on their way", [_job(each) for each in await jobs_of(db, person_id)])


@machine.export
async def export_rhythms(db: AsyncSession, person_id: UUID) -> Exported:
    return Exported.of("Regular times", [_rhythm(each) for each in await schedules_owned_by(db, person_id)])


def _job(job: Job) -> Record:
    return {
        "what": job.call.partition(":")[0],
        "where": job.destination,
        "due at": job.due_at,
        "state": job.state.value,
        "done at": job.done_at,
        "seen at": job.seen_at,
    }


def _rhythm(schedule: Schedule) -> Record:
    return {
        "what": schedule.kind,
        "days from Monday, 0": schedule.weekdays,
        "local time": schedule.at,
        "time zone": schedule.zone,
        "next at": schedule.next_due_at,
    }
