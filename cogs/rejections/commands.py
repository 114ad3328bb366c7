"""Logging a rejection, and finding it again: all that members see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Call
from bot.cards import (
    Actions,
    Button,
    Card,
    Element,
    Fields,
    Heading,
    Note,
    Row,
    Shape,
    Style,
    Text,
    Tone,
    Typed,
    When,
    Words,
    say,
    say_n,
)
from bot.errors import Refusal
from bot.events import LessonLearned, RejectionLogged
from bot.extensions import Exported
from bot.feature import Action, Feature, Filling, Needs
from bot.options import ASKED, Ask
from cogs.rejections import service
from cogs.rejections.service import Content
from cogs.rejections.tables import Feeling, Rejection, Stage

rejections = Feature("rejections", "Write down a no, privately, and find it again.")
onward: Final[list[tuple[str, Action[[UUID]]]]] = []
"""What else can be made of an entry: the modules beside this one add their labels and actions."""

PAGE: Final = 5
LAST_PAGE: Final = 1_000_000
ON_HOME: Final = 3
INTENSITIES: Final = ("1 light", "2 a little", "3 medium", "4 heavy", "5 very heavy")
ANSWERS: Final[Mapping[Stage, str]] = {
    Stage.NO_REPLY: "No word from {company}. Silence is hard to put down, because nothing marks its end.",
    Stage.SCREENING: "{company} said no at the screening. They had read about you by then, and had not met you.",
    Stage.FIRST_INTERVIEW: "{company} said no after a first interview. A no lands closer once you have talked.",
    Stage.FINAL: "{company} said no in the final round. You went a long way there, and that makes it heavier.",
    Stage.OFFER_WITHDRAWN: "{company} took back an offer. You had good reason to count on it.",
}


async def companies(call: Call, typed: str) -> Sequence[str]:
    return await service.find_companies(call.db, owner=call.member.id, typed=typed)


async def names(call: Call, typed: str) -> Sequence[str]:
    named = await service.find_names(call.db, owner=call.member.id, zone=call.member.tzinfo)
    return [name for name in named if typed.casefold().strip() in name.casefold()]


Company = Annotated[str, Ask("Company", hint="Who said no", example="Acme", at_most=80, complete=companies)]
How = Annotated[Stage, Ask("How far did it get?", example="final")]
Role = Annotated[str | None, Ask("Role", hint="What the job was", example="Shift lead", at_most=80)]
Felt = Annotated[
    tuple[Feeling, ...], Ask("How does it feel?", hint="As many as fit, or none", example="disappointed, tired")
]
Notes = Annotated[str | None, Ask("Note", hint="Anything you want to remember", paragraph=True)]
Which = Annotated[str | None, Ask("Which one?", hint="Its company; empty: the newest", example="Acme", complete=names)]


async def _filled(call: Call, entry_id: UUID) -> Filling:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    return Filling(
        {
            "company": entry.company,
            "stage": entry.stage,
            "role": entry.role,
            "feelings": entry.feelings,
            "note": entry.note,
            "lesson": entry.lesson,
        }
    )


@rejections.command("rejection log", needs=Needs(without_saving=True), shortcut="Log a rejection")
async def log(
    call: Call,
    company: Company = ASKED,
    stage: How = ASKED,
    *,
    role: Role = None,
    feelings: Felt = (),
    note: Notes = None,
) -> Card:
    """Log a rejection.

    Twenty seconds are enough: the company and how far it got. Only you see the entry, and you can take it back.
    """
    content = Content(company, stage, role, feelings, note)
    if not call.member.keeps:
        return _not_kept(content)
    entry = await service.create(
        call.db, owner=call.member.id, community=call.place.community, content=content, at=call.now
    )
    return await _answer(call, entry, *await _announce(call, entry))


@rejections.command("rejection list", needs=Needs(reads=True))
async def list_all(call: Call) -> Card:
    """List your rejections, newest first."""
    return await _page(call, 1)


@rejections.command("rejection show", needs=Needs(reads=True))
async def show(call: Call, which: Which = None) -> Card:
    """Show a rejection.

    From there you can edit it, add a lesson, or delete it. Without a name it is the newest.
    """
    found = await one(call, which)
    return found if isinstance(found, Card) else _entry(found)


async def one(call: Call, which: str | None) -> Rejection | Card:
    """The entry that is meant, or a card to choose it from."""
    found = await service.find_by_name(call.db, owner=call.member.id, name=which, zone=call.member.tzinfo)
    if not found and which:
        raise Refusal(
            say("No entry of yours is called {which}. Choose it from the list instead.", which=which),
            page.button("All entries", Style.PRIMARY, 1),
        )
    if len(found) == 1:
        return found[0]
    return _list(found[:PAGE], Text(say("More than one fits. Which one do you mean?"))) if found else _nothing_yet()


@rejections.action(needs=Needs(reads=True))
async def page(call: Call, number: int) -> Card:
    return await _page(call, number)


@rejections.action(needs=Needs(reads=True))
async def current(call: Call, entry_id: UUID, logged: bool = False) -> Card:
    """The entry as it is now; `logged`: as the answer to logging it, which the other drawings are not."""
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    return await _current(call, entry, logged=logged)


@rejections.action()
async def rate(call: Call, entry_id: UUID, version: int, intensity: int) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if entry.version == version and entry.deleted_at is None and 1 <= intensity <= len(INTENSITIES):
        await service.change_intensity(call.db, entry, intensity=intensity, at=call.now)
        return await _answer(call, entry, *await _announce(call, entry))
    return await _current(call, entry, logged=True)


@rejections.action()
async def delete(call: Call, entry_id: UUID, version: int, logged: bool = False) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if entry.version == version and entry.deleted_at is None:
        await service.delete(call.db, entry, at=call.now)
    return await _current(call, entry, logged=logged)


@rejections.action()
async def undo_delete(call: Call, entry_id: UUID, version: int, logged: bool = False) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if entry.version != version or entry.deleted_at is None:
        return await _current(call, entry, logged=logged)
    await service.create_again(call.db, entry)
    return await _answer(call, entry) if logged else _entry(entry, Text(say("It is back on your list.")))


@rejections.action(title="Edit the entry", form=_filled)
async def edit(
    call: Call,
    entry_id: UUID,
    company: Company = ASKED,
    stage: How = ASKED,
    *,
    role: Role = None,
    feelings: Felt = (),
    note: Notes = None,
) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    return await _change(call, entry, Content(company, stage, role, feelings, note, entry.lesson))


@rejections.action(title="A lesson", form=_filled)
async def change_lesson(
    call: Call,
    entry_id: UUID,
    lesson: Annotated[
        str | None,
        Ask("What do you take from it?", hint="You see it again after the next no", paragraph=True, at_most=500),
    ] = None,
) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    return await _change(call, entry, replace(Content.of(entry), lesson=lesson))


@rejections.action()
async def undo_change(call: Call, entry_id: UUID, draft_id: UUID, version: int) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if entry.version != version or entry.deleted_at is not None:
        return await _current(call, entry)
    await service.change_back(call.db, entry, draft_id=draft_id, editor=call.member.fingerprint, at=call.now)
    return _entry(entry, Text(say("It is as it was before.")))


@rejections.home
async def newest(call: Call) -> Sequence[Element]:
    add = Actions((log.button("Log a rejection", Style.PRIMARY),))
    found = await service.find_newest(call.db, owner=call.member.id, limit=ON_HOME) if call.member.keeps else ()
    return (Heading(say("Your last entries")), *map(_row, found), add) if found else (add,)


@rejections.export
async def export(db: AsyncSession, person_id: UUID) -> Exported:
    count = await service.count(db, owner=person_id, deleted_too=True)
    return Exported("Rejections", count, service.find_all(db, owner=person_id))


@rejections.erase
async def erase(db: AsyncSession, person_id: UUID) -> None:
    await service.delete_all(db, owner=person_id)


@rejections.tidy
async def tidy(db: AsyncSession, now: datetime) -> None:
    await service.delete_expired(db, now=now)


async def _change(call: Call, entry: Rejection, content: Content) -> Card:
    if entry.deleted_at is not None:
        return await _current(call, entry)
    learned = content.lesson if content.lesson != entry.lesson else None
    draft_id = await service.change(call.db, entry, content=content, editor=call.member.fingerprint, at=call.now)
    if draft_id is None:
        return _entry(entry)
    undo = undo_change.button("Undo", Style.PLAIN, entry.id, draft_id, entry.version)
    offers = await call.announce(LessonLearned(learned)) if learned else ()
    return _entry(entry, Row(say("Changed."), undo), *offers)


async def _current(call: Call, entry: Rejection, *, logged: bool = False) -> Card:
    if entry.deleted_at is not None:
        return _deleted(entry, logged=logged)
    return await _answer(call, entry) if logged else _entry(entry)


async def _announce(call: Call, entry: Rejection) -> Sequence[Element]:
    on = entry.created_at.astimezone(call.member.tzinfo).date()
    return await call.announce(RejectionLogged(entry.id, entry.company, entry.role, entry.stage.value, on))


async def _answer(call: Call, entry: Rejection, *more: Element) -> Card:
    lesson = await service.find_lesson(call.db, owner=call.member.id, besides=entry.id, stage=entry.stage)
    rates = [
        rate.button(label, Style.PRIMARY if number == entry.intensity else Style.PLAIN, entry.id, entry.version, number)
        for number, label in enumerate(INTENSITIES, start=1)
    ]
    undo = delete.button("Undo", Style.PLAIN, entry.id, entry.version, logged=True)
    weight = _weight(entry)
    return Card(
        (
            *_kind_words(Content.of(entry)),
            *((_remembered(lesson),) if lesson else ()),
            Text(say("Noted: {weight}.", weight=weight) if weight else say("How heavy is it, from 1 to 5?")),
            Actions(tuple(rates)),
            *more,
            Actions((lesson_button(entry), undo)),
        ),
        title=say("Written down"),
        tone=Tone.CALM,
        redraw=current.call(entry.id, logged=True),
    )


def _not_kept(content: Content) -> Card:
    how = say("Lists, lessons and undo need kept entries. To keep them, run {it}.", it=Typed("settings"))
    return Card(
        (*_kind_words(content), Text(say("Nothing of this was kept, as you chose.")), Note(how)),
        title=say("I have read it"),
        tone=Tone.CALM,
    )


def _kind_words(content: Content) -> Sequence[Element]:
    words = Text(Words(ANSWERS[content.stage], {"company": content.company}))
    if not content.feelings:
        return (words,)
    felt = say("You noted: {feelings}. There is room for that here.", feelings=_labels(content.feelings))
    return (words, Text(felt))


def _remembered(entry: Rejection) -> Element:
    day, lesson = When(entry.created_at, Shape.DATE), entry.lesson or ""
    words = "Your own lesson of {day}, after {company}: {lesson}"
    return Text(say(words, day=day, company=entry.company, lesson=lesson))


def _entry(entry: Rejection, *said: Element) -> Card:
    rows: dict[str, str | None] = {
        "How far": entry.stage.label,
        "Role": entry.role,
        "Felt": _labels(entry.feelings),
        "How heavy": _weight(entry),
        "Note": entry.note,
        "Lesson": entry.lesson,
    }
    shown = tuple((label, say("{value}", value=value)) for label, value in rows.items() if value)
    logged = ("Logged", say("{day}", day=When(entry.created_at, Shape.DATE)))
    return Card(
        (
            *said,
            Fields((*shown, logged)),
            Actions(tuple(action.button(label, Style.PLAIN, entry.id) for label, action in onward)),
            Actions(
                (
                    edit.button("Edit", Style.PLAIN, entry.id),
                    lesson_button(entry),
                    delete.button("Delete", Style.DANGER, entry.id, entry.version),
                    page.button("All entries", Style.PLAIN, 1),
                )
            ),
        ),
        title=say("{company}", company=entry.company),
        redraw=current.call(entry.id),
    )


def _deleted(entry: Rejection, *, logged: bool) -> Card:
    gone = say(
        "The entry about {company} is off your list. In {hours} hours it is gone for good.",
        company=entry.company,
        hours=service.UNDO_HOURS,
    )
    label = "Bring it back" if logged else "Undo"
    back = undo_delete.button(label, Style.PLAIN, entry.id, entry.version, logged=logged)
    return Card(
        (Text(gone), Actions((back,))),
        title=say("Taken back") if logged else say("Deleted"),
        redraw=current.call(entry.id, logged=logged),
    )


async def _page(call: Call, number: int) -> Card:
    number = min(max(number, 1), LAST_PAGE)
    shown, total = await service.find_page(call.db, owner=call.member.id, limit=PAGE, skip=PAGE * (number - 1))
    if total is None:  # nothing at all, or less than when the button was drawn
        total = await service.count(call.db, owner=call.member.id)
        return await _page(call, _pages(total)) if total else _nothing_yet()
    last = _pages(total)
    newer = (page.button("Newer", Style.PLAIN, number - 1),) if number > 1 else ()
    older = (page.button("Older", Style.PLAIN, number + 1),) if number < last else ()
    return _list(
        shown,
        Note(say_n(total, "One entry.", "{n} entries, page {number} of {last}.", number=number, last=last)),
        *newer,
        *older,
    )


def _pages(entries: int) -> int:
    return (entries + PAGE - 1) // PAGE


def _list(entries: Sequence[Rejection], words: Element, *buttons: Button) -> Card:
    add = log.button("Log a rejection")
    return Card((words, *map(_row, entries), Actions((*buttons, add))), title=say("Your rejections"))


def _nothing_yet() -> Card:
    words = Text(say("Nothing is written down yet. When a no comes, you can leave it here."))
    return Card((words, Actions((log.button("Log a rejection", Style.PRIMARY),))), title=say("Your rejections"))


def _row(entry: Rejection) -> Row:
    day = When(entry.created_at, Shape.DATE)
    words = say("**{company}** · {stage} · {day}", company=entry.company, stage=entry.stage.label, day=day)
    return Row(words, current.button("Open", Style.PLAIN, entry.id))


def lesson_button(entry: Rejection) -> Button:
    return change_lesson.button("Change the lesson" if entry.lesson else "Add a lesson", Style.PLAIN, entry.id)


def _labels(feelings: Sequence[Feeling]) -> str:
    return ", ".join(feeling.label.lower() for feeling in feelings)


def _weight(entry: Rejection) -> str | None:
    return INTENSITIES[entry.intensity - 1] if entry.intensity else None
