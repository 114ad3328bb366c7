"""The few things the machine itself offers to press, declared like any feature's."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Call, Run
from bot.cards import Card, Text, Tone, say
from bot.errors import Gone
from bot.extensions import Exported, Record
from bot.feature import Feature, Needs, Resume, Working
from db.jobs import Job, jobs_of
from db.posts import posts_of
from db.schedules import Schedule, schedules_owned_by

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
    if await run.withdraw(post_id):
        return Card((Text(say("Removed.")),), tone=Tone.GOOD)
    return Card(
        (Text(say("It could not be removed. Delete the message yourself, or ask an admin of the workspace.")),),
        tone=Tone.WARN,
    )


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
