"""The few things the machine itself offers to press, declared like any feature's."""

from uuid import UUID

from bot.call import Call, Run
from bot.cards import Card, Text, Tone, say
from bot.errors import Gone
from bot.feature import Feature, Needs, Resume, Working
from db.posts import posts_of

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
