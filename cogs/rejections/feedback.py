"""Asking for feedback after a no: the e-mail that is drafted from the entry, and what came of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Filling, Needs
from bot.call import Call, Run
from bot.cards import (
    Actions,
    Button,
    Card,
    Element,
    Fields,
    File,
    LinkButton,
    Note,
    Row,
    Shape,
    Style,
    Text,
    Tone,
    When,
    say,
)
from bot.errors import Gone, Refusal
from bot.machine import write_to_me
from bot.options import ASKED, Ask
from bot.undoing import changed
from cogs.rejections import learning_service as learning
from cogs.rejections import service
from cogs.rejections.asks import Which
from cogs.rejections.commands import current, lesson_button, one, onward, rejections
from cogs.rejections.drafting import Mail, draft
from cogs.rejections.tables import Rejection, Step
from db.drafts import DRAFT_MINUTES

NAME_LIMIT: Final = 80
SUBJECT_LIMIT: Final = 150
BODY_LIMIT: Final = 1500
"""With every character escaped, the card still fits a Discord message."""
A_WEEK: Final = timedelta(days=7)
GRACE: Final = timedelta(days=2)
"""A question that comes later than this is not asked any more."""
STEPS: Final[Mapping[Step, str]] = {
    Step.ASKED: "I have asked",
    Step.ANSWERED: "They answered",
    Step.USEFUL: "It was useful",
}


@rejections.command("rejection feedback", needs=Needs(reads=True), title="Ask for feedback")
async def feedback(call: Call, which: Which = None) -> Card:
    """Ask for feedback after a rejection.

    The e-mail is drafted from your entry; you change it, and you send it. A week later you are asked what came of it,
    where you take direct messages. Without a name it is the newest entry.
    """
    found = await one(call, which)
    return found if isinstance(found, Card) else _standing(call, found)


@rejections.action(needs=Needs(reads=True))
async def feedback_of(call: Call, entry_id: UUID) -> Card:
    return _standing(call, await _entry(call, entry_id))


async def _named(call: Call, _entry_id: UUID) -> Filling:
    return Filling({"your_name": call.member.name if len(call.member.name) <= NAME_LIMIT else None})


@rejections.action(title="The e-mail", form=_named)
async def draft_mail(
    call: Call,
    entry_id: UUID,
    to: Annotated[
        str | None, Ask("Who is it for?", hint="A name; left empty, it greets the hiring team", at_most=NAME_LIMIT)
    ] = None,
    your_name: Annotated[str | None, Ask("Your name", hint="For the end of the e-mail", at_most=NAME_LIMIT)] = None,
) -> Card:
    entry = await _entry(call, entry_id)
    mail = draft(stage=entry.stage, company=entry.company, role=entry.role, interviewer=to, name=your_name)
    return _drafted(entry, mail, await _wait(call, entry, mail))


@rejections.action(needs=Needs(reads=True))
async def show_mail(call: Call, entry_id: UUID, draft_id: UUID) -> Card:
    entry = await _entry(call, entry_id)
    return _drafted(entry, await _mail(call, entry, draft_id), draft_id)


async def _as_drafted(call: Call, entry_id: UUID, draft_id: UUID) -> Filling:
    mail = await _mail(call, await _entry(call, entry_id), draft_id)
    return Filling({"subject": mail.subject, "body": mail.body})


@rejections.action(title="Change the e-mail", form=_as_drafted)
async def edit_mail(
    call: Call,
    entry_id: UUID,
    draft_id: UUID,
    subject: Annotated[str, Ask("Subject", at_most=SUBJECT_LIMIT)] = ASKED,
    body: Annotated[str, Ask("Text", paragraph=True, at_most=BODY_LIMIT)] = ASKED,
) -> Card:
    entry = await _entry(call, entry_id)
    mail = Mail(subject, body)
    if mail == await _mail(call, entry, draft_id):
        return _drafted(entry, mail, draft_id)
    undo = show_mail.button("Undo", Style.PLAIN, entry.id, draft_id)
    return _drafted(entry, mail, await _wait(call, entry, mail), changed(undo))


@rejections.action(needs=Needs(reads=True), adds=True)
async def mail_file(call: Call, entry_id: UUID, draft_id: UUID) -> Card:
    mail = await _mail(call, await _entry(call, entry_id), draft_id)
    file = File("feedback-request.txt", mail.text.encode(), "The e-mail as plain text")
    return Card((Text(say("Here is the e-mail as plain text.")),), files=(file,))


@rejections.action()
async def take_step(call: Call, entry_id: UUID, version: int, step: Step) -> Card:
    entry = await _entry(call, entry_id)
    if entry.version == version and learning.next_step(entry) is step:
        await learning.change_feedback(call.db, entry, step=step, on=call.now, at=call.now)
        if step is Step.ASKED:
            await call.later(week_over.call(call.member.id, entry.id), at=call.now + A_WEEK, person=call.member.id)
    return _standing(call, entry)


@rejections.action()
async def undo_step(call: Call, entry_id: UUID, version: int, step: Step) -> Card:
    entry = await _entry(call, entry_id)
    if entry.version == version and learning.last_step(entry) is step:
        await learning.change_feedback(call.db, entry, step=step, on=None, at=call.now)
    return _standing(call, entry)


@rejections.job()
async def week_over(run: Run, person_id: UUID, entry_id: UUID) -> None:
    """Asks what came of it, where the member by now takes direct messages."""
    async with run.transaction() as db:
        if await _waits_for_word(run, db, person_id, entry_id):
            await run.asking(db).tell(person_id, what_came.call(person_id, entry_id), grace=GRACE)


@rejections.job()
async def what_came(run: Run, person_id: UUID, entry_id: UUID) -> Card | None:
    """None where it has been told meanwhile, or is gone."""
    async with run.reading() as db:
        entry = await _waits_for_word(run, db, person_id, entry_id)
        return None if entry is None else _asked_what_came(entry)


onward.append(("Ask for feedback", feedback_of))


async def _entry(call: Call, entry_id: UUID) -> Rejection:
    return await service.get_kept(call.db, entry_id, owner=call.member.id)


async def _waits_for_word(run: Run, db: AsyncSession, person_id: UUID, entry_id: UUID) -> Rejection | None:
    """The entry, where feedback was asked for a week ago and nothing has been told of it since."""
    try:
        entry = await service.get_kept(db, entry_id, owner=person_id)
    except Gone:
        return None
    asked_at = entry.feedback_asked_at
    if asked_at is None or learning.last_step(entry) is not Step.ASKED:
        return None
    return entry if A_WEEK <= run.now - asked_at <= A_WEEK + GRACE else None


async def _wait(call: Call, entry: Rejection, mail: Mail) -> UUID:
    return await learning.create_mail(call.db, entry, mail=mail, editor=call.member.fingerprint, at=call.now)


async def _mail(call: Call, entry: Rejection, draft_id: UUID) -> Mail:
    editor = call.member.fingerprint
    mail = await learning.find_mail(call.db, entry, draft_id=draft_id, editor=editor, at=call.now)
    if mail is None:
        raise Refusal(
            say("The draft waited for {minutes} minutes and is gone. It can be written again.", minutes=DRAFT_MINUTES),
            draft_mail.button("Write it again", Style.PRIMARY, entry.id),
        )
    return mail


def _standing(call: Call, entry: Rejection) -> Card:
    """Where asking for feedback stands, with the next step."""
    last, following = learning.last_step(entry), learning.next_step(entry)
    write = draft_mail.button("Write the e-mail", Style.PLAIN if last else Style.PRIMARY, entry.id)
    step = (_step(entry, following),) if following else ()
    answered = last in {Step.ANSWERED, Step.USEFUL}
    learned = Text(say("What you learned from it can be kept as a lesson."))
    return Card(
        (
            *(_taken(entry, last) if last else (_invitation(entry),)),
            *((learned,) if answered and not entry.lesson else ()),
            *((_in_a_week(call),) if last is Step.ASKED else ()),
            Actions((*step, lesson_button(entry)) if answered else (write, *step)),
            Actions((current.button("The entry", Style.PLAIN, entry.id),)),
        ),
        title=say("Feedback from {company}", company=entry.company),
        tone=Tone.CALM,
        redraw=feedback_of.call(entry.id),
    )


def _invitation(entry: Rejection) -> Element:
    words = "A few lines from {company} can show what decided it. The e-mail is drafted from your entry: {stage}."
    return Text(say(words, company=entry.company, stage=entry.stage.label.lower()))


def _taken(entry: Rejection, last: Step) -> tuple[Element, ...]:
    """The steps with their dates; the last of them can be undone."""
    dates = learning.feedback_dates(entry)
    lines = [(step.label, say("{day}", day=When(at, Shape.DATE))) for step, at in dates.items()]
    undo = undo_step.button("Undo", Style.PLAIN, entry.id, entry.version, last)
    *earlier, (label, day) = lines
    return (*((Fields(tuple(earlier)),) if earlier else ()), Row(say("**{label}:** {day}", label=label, day=day), undo))


def _asked_what_came(entry: Rejection) -> Card:
    words = "A week ago you asked {company} for feedback. Many never write back, and that says nothing about you."
    steps = (_step(entry, Step.ANSWERED), feedback_of.button("Where it stands", Style.PLAIN, entry.id))
    title = say("What came of it?")
    return Card((Text(say(words, company=entry.company)), Actions(steps)), title=title, tone=Tone.CALM)


def _in_a_week(call: Call) -> Element:
    person = call.member.person
    if person is not None and person.direct is not None and person.may_write_first:
        return Note(say("A week after that I ask you what came of it, in a direct message."))
    offer = say("I can ask you after a week what came of it, in a direct message.")
    return Row(offer, write_to_me.button("Write to me there"))


def _step(entry: Rejection, step: Step) -> Button:
    return take_step.button(STEPS[step], Style.PLAIN, entry.id, entry.version, step)


def _drafted(entry: Rejection, mail: Mail, draft_id: UUID, *said: Element) -> Card:
    waits = say("Copy it, or change it first. I keep this draft for {minutes} minutes.", minutes=DRAFT_MINUTES)
    alone = say("The text is too long for a link, so the link has the subject alone. Copy the text into it.")
    asked = (_step(entry, Step.ASKED),) if learning.next_step(entry) is Step.ASKED else ()
    return Card(
        (
            *said,
            Text(say("**Subject:** {subject}", subject=mail.subject)),
            Text(say("{body}", body=mail.body)),
            Note(waits),
            *(() if mail.fits_link else (Note(alone),)),
            Actions(
                (
                    edit_mail.button("Change it", Style.PLAIN, entry.id, draft_id),
                    LinkButton("Open as an e-mail", mail.link),
                    mail_file.button("As a text file", Style.PLAIN, entry.id, draft_id),
                    *asked,
                )
            ),
        ),
        title=say("To {company}", company=entry.company),
        redraw=show_mail.call(entry.id, draft_id),
    )
