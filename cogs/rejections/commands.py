"""Logging a rejection, and finding it again: all that members see of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from bot.acts import Action, Needs
from bot.call import Call
from bot.cards import (
    Actions,
    Button,
    Card,
    Element,
    Fields,
    Note,
    Row,
    Shape,
    Style,
    Text,
    Tone,
    When,
    say,
    say_n,
)
from bot.errors import Refusal, or_gone
from bot.events import LessonLearned, RejectionLogged
from bot.feature import Feature
from bot.options import ASKED, Ask
from bot.paging import Page
from bot.undoing import as_before, changed, deleted, is_back
from cogs.rejections import service
from cogs.rejections.asks import Company, Felt, How, Notes, Role, Which, fill
from cogs.rejections.service import Content
from cogs.rejections.tables import Rejection
from cogs.rejections.words import INTENSITIES, kind_words, labels, not_kept, remembered, weight_of
from db import entries

rejections = Feature("rejections", "Write down a no, privately, and find it again.")
onward: Final[list[tuple[str, Action[[UUID]]]]] = []
"""What else can be made of an entry: the modules beside this one add their labels and actions."""

PAGE: Final = 5
LAST_PAGE: Final = 1_000_000


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
        return not_kept(content)
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
    if entry.is_as_drawn(version) and 1 <= intensity <= len(INTENSITIES):
        await service.change_intensity(call.db, entry, intensity=intensity, at=call.now)
        return await _answer(call, entry, *await _announce(call, entry))
    return await _current(call, entry, logged=True)


@rejections.action()
async def delete(call: Call, entry_id: UUID, version: int, logged: bool = False) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    await entries.delete_as_drawn(call.db, entry, version, at=call.now)
    return await _current(call, entry, logged=logged)


@rejections.action()
async def undo_delete(call: Call, entry_id: UUID, version: int, logged: bool = False) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if not await entries.put_back_as_drawn(call.db, entry, version):
        return await _current(call, entry, logged=logged)
    return await _answer(call, entry) if logged else _entry(entry, is_back())


@rejections.action(title="Edit the entry", form=fill)
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


@rejections.action(title="A lesson", form=fill)
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
    if not entry.is_as_drawn(version):
        return await _current(call, entry)
    editor = call.member.fingerprint
    or_gone(await entries.change_back(call.db, entry, Content, draft_id=draft_id, editor=editor, at=call.now))
    return _entry(entry, as_before())


async def _change(call: Call, entry: Rejection, content: Content) -> Card:
    if entry.is_deleted:
        return await _current(call, entry)
    learned = content.lesson if content.lesson != entry.lesson else None
    draft_id = await entries.change(call.db, entry, content, editor=call.member.fingerprint, at=call.now)
    if draft_id is None:
        return _entry(entry)
    undo = undo_change.button("Undo", Style.PLAIN, entry.id, draft_id, entry.version)
    offers = await call.announce(LessonLearned(learned)) if learned else ()
    return _entry(entry, changed(undo), *offers)


async def _current(call: Call, entry: Rejection, *, logged: bool = False) -> Card:
    if entry.is_deleted:
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
    weight = weight_of(entry)
    return Card(
        (
            *kind_words(Content.of(entry)),
            *((remembered(lesson),) if lesson else ()),
            Text(say("Noted: {weight}.", weight=weight) if weight else say("How heavy is it, from 1 to 5?")),
            Actions(tuple(rates)),
            *more,
            Actions((lesson_button(entry), undo)),
        ),
        title=say("Written down"),
        tone=Tone.CALM,
        redraw=current.call(entry.id, logged=True),
    )


def _entry(entry: Rejection, *said: Element) -> Card:
    rows: dict[str, str | None] = {
        "How far": entry.stage.label,
        "Role": entry.role,
        "Felt": labels(entry.feelings),
        "How heavy": weight_of(entry),
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
    gone = say("The entry about {company} is off your list.", company=entry.company)
    label = "Bring it back" if logged else "Undo"
    back = undo_delete.button(label, Style.PLAIN, entry.id, entry.version, logged=logged)
    title = say("Taken back") if logged else say("Deleted")
    return deleted(gone, back, title=title, redraw=current.call(entry.id, logged=logged))


async def _page(call: Call, number: int) -> Card:
    number = min(max(number, 1), LAST_PAGE)
    shown, total = await service.find_page(call.db, owner=call.member.id, limit=PAGE, skip=PAGE * (number - 1))
    if total is None:  # nothing at all, or less than when the button was drawn
        total = await service.count(call.db, owner=call.member.id)
        return await _page(call, Page.of(total, number=number, size=PAGE).last) if total else _nothing_yet()
    part = Page.of(total, number=number, size=PAGE)
    turns = part.turns(lambda label, to: page.button(label, Style.PLAIN, to))
    return _list(shown, Note(part.counted(say_n(total, "One entry", "{n} entries"))), *turns)


def _list(entries: Sequence[Rejection], words: Element, *buttons: Button) -> Card:
    add = log.button("Log a rejection")
    return Card((words, *map(row, entries), Actions((*buttons, add))), title=say("Your rejections"))


def _nothing_yet() -> Card:
    words = Text(say("Nothing is written down yet. When a no comes, you can leave it here."))
    return Card((words, Actions((log.button("Log a rejection", Style.PRIMARY),))), title=say("Your rejections"))


def row(entry: Rejection) -> Row:
    day = When(entry.created_at, Shape.DATE)
    words = say("**{company}** · {stage} · {day}", company=entry.company, stage=entry.stage.label, day=day)
    return Row(words, current.button("Open", Style.PLAIN, entry.id))


def lesson_button(entry: Rejection) -> Button:
    return change_lesson.button("Change the lesson" if entry.lesson else "Add a lesson", Style.PLAIN, entry.id)
