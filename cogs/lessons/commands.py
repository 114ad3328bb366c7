"""Lessons on their checklists: all that members see of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Filling, Needs
from bot.call import Call
from bot.cards import (
    Actions,
    Button,
    Card,
    Element,
    Fields,
    Heading,
    Note,
    Option,
    Row,
    Shape,
    Style,
    Text,
    When,
    say,
    say_n,
)
from bot.errors import Gone, Refusal, or_gone
from bot.events import LessonLearned
from bot.extensions import Exported
from bot.feature import Feature
from bot.options import ASKED, Ask
from bot.paging import IN_ORDER, Page
from bot.undoing import as_before, changed, deleted, is_back
from cogs.lessons import service
from cogs.lessons.service import Content, Count
from cogs.lessons.tables import Checklist, Lesson
from db import entries
from db.drafts import DRAFT_MINUTES

lessons = Feature("lessons", "What you learned, on checklists to work through.")

PAGE: Final = 5
LESSON_LIMIT: Final = 500
ON_LIST: Final = 240
ON_SELECT: Final = 45
"""Characters that are shown of a lesson: a page of the longest ones still fits every platform."""

Words = Annotated[
    str, Ask("What did you learn?", example="Ask about the pay first", paragraph=True, at_most=LESSON_LIMIT)
]
On = Annotated[Checklist, Ask("Which checklist?", example="interview")]


@lessons.command("lessons list", needs=Needs(reads=True), title="Your lessons")
async def list_all(
    call: Call,
    checklist: Annotated[Checklist | None, Ask("Which checklist?", hint="Left empty, all of them")] = None,
) -> Card:
    """List your lessons, by checklist."""
    return await _page(call, checklist, 1)


@lessons.command("lessons add", title="Add a lesson")
async def add(call: Call, lesson: Words = ASKED, checklist: On = ASKED) -> Card:
    """Put a lesson on a checklist.

    The lists are for your resume, your cover letters, your interviews, and everything else.
    """
    content = Content(lesson, checklist)
    return _added(await service.create(call.db, owner=call.member.id, content=content, at=call.now))


@lessons.listen(LessonLearned)
async def offer(call: Call, learned: LessonLearned) -> Sequence[Element]:
    draft_id = await service.create_offer(call.db, words=learned.words, editor=call.member.fingerprint, at=call.now)
    return (Actions((put.select("Put it on a checklist", _CHECKLISTS, draft_id),)),)


@lessons.action(adds=True)
async def put(call: Call, draft_id: UUID, checklist: Checklist) -> Card:
    editor = call.member.fingerprint
    words = await service.find_offer(call.db, draft_id=draft_id, editor=editor, at=call.now)
    if words is None:
        raise Refusal(
            say(
                "These words are on a list already, or waited longer than {minutes} minutes. See your lists, or add "
                "them again.",
                minutes=DRAFT_MINUTES,
            ),
            page.button("All lessons", Style.PRIMARY, None, 1),
            add.button("Add a lesson"),
        )
    await service.delete_offer(call.db, draft_id=draft_id, editor=editor)
    return _added(await service.create(call.db, owner=call.member.id, content=Content(words, checklist), at=call.now))


@lessons.action(needs=Needs(reads=True))
async def page(call: Call, checklist: Checklist | None, number: int) -> Card:
    return await _page(call, checklist, number)


@lessons.action()
async def tick(call: Call, lesson_id: UUID, version: int, done: bool, checklist: Checklist | None, number: int) -> Card:
    """Ticks it off where it stands on its page, or opens it again."""
    await _tick(call, await _get(call, lesson_id), version, done=done)
    return await _page(call, checklist, number)


@lessons.action(needs=Needs(reads=True))
async def show(call: Call, lesson_id: UUID) -> Card:
    return _lesson(await _get(call, lesson_id))


@lessons.action(needs=Needs(reads=True))
async def choose(call: Call, lesson_id: str) -> Card:
    """`lesson_id` as an option of a list carries it."""
    try:
        chosen = UUID(lesson_id)
    except ValueError:
        raise Gone from None
    return _lesson(await _get(call, chosen))


@lessons.action()
async def mark(call: Call, lesson_id: UUID, version: int, done: bool) -> Card:
    lesson = await _get(call, lesson_id)
    await _tick(call, lesson, version, done=done)
    return _lesson(lesson)


async def _filled(call: Call, lesson_id: UUID) -> Filling:
    lesson = await _get(call, lesson_id)
    return Filling({"lesson": lesson.words, "checklist": lesson.checklist})


@lessons.action(title="Change the lesson", form=_filled)
async def edit(call: Call, lesson_id: UUID, lesson: Words = ASKED, checklist: On = ASKED) -> Card:
    found = await _get(call, lesson_id)
    if found.is_deleted:
        return _lesson(found)
    content, editor = Content(lesson, checklist), call.member.fingerprint
    draft_id = await entries.change(call.db, found, content, editor=editor, at=call.now)
    if draft_id is None:
        return _lesson(found)
    return _lesson(found, changed(undo_change.button("Undo", Style.PLAIN, found.id, draft_id, found.version)))


@lessons.action()
async def undo_change(call: Call, lesson_id: UUID, draft_id: UUID, version: int) -> Card:
    lesson = await _get(call, lesson_id)
    if not lesson.is_as_drawn(version):
        return _lesson(lesson)
    editor = call.member.fingerprint
    or_gone(await entries.change_back(call.db, lesson, Content, draft_id=draft_id, editor=editor, at=call.now))
    return _lesson(lesson, as_before())


@lessons.action()
async def delete(call: Call, lesson_id: UUID, version: int) -> Card:
    lesson = await _get(call, lesson_id)
    await entries.delete_as_drawn(call.db, lesson, version, at=call.now)
    return _lesson(lesson)


@lessons.action()
async def undo_delete(call: Call, lesson_id: UUID, version: int) -> Card:
    lesson = await _get(call, lesson_id)
    back = await entries.put_back_as_drawn(call.db, lesson, version)
    return _lesson(lesson, *((is_back(),) if back else ()))


@lessons.export
async def export(db: AsyncSession, person_id: UUID) -> Exported:
    count = await service.count_all(db, owner=person_id)
    return Exported("Lessons", count, service.find_all(db, owner=person_id))


@lessons.erase
async def erase(db: AsyncSession, person_id: UUID) -> None:
    await entries.delete_all(db, Lesson, owner=person_id)


@lessons.tidy
async def tidy(db: AsyncSession, now: datetime) -> None:
    await entries.delete_expired(db, Lesson, now=now)


async def _get(call: Call, lesson_id: UUID) -> Lesson:
    return await service.get(call.db, lesson_id, owner=call.member.id)


async def _tick(call: Call, lesson: Lesson, version: int, *, done: bool) -> None:
    if lesson.is_as_drawn(version):
        await service.change_done(call.db, lesson, at=call.now if done else None)


async def _page(call: Call, checklist: Checklist | None, number: int) -> Card:
    counts = await service.count(call.db, owner=call.member.id)
    total = sum(each.all for name, each in counts.items() if checklist in {None, name})
    if not total:
        return _nothing_yet(checklist)
    part = Page.of(total, number=number, size=PAGE)
    shown = await service.find_page(
        call.db, owner=call.member.id, checklist=checklist, now=call.now, limit=PAGE, skip=part.skip
    )
    turns = part.turns(lambda label, to: page.button(label, Style.PLAIN, checklist, to), IN_ORDER)
    return Card(
        (
            Note(part.counted(say_n(total, "One lesson", "{n} lessons"))),
            *_by_checklist(shown, counts, checklist, part.number),
            Actions((choose.select("Open one to change it", tuple(map(_option, shown))),)),
            Actions((*turns, add.button("Add a lesson"))),
        ),
        title=say("Your lessons"),
        redraw=page.call(checklist, part.number),
    )


def _by_checklist(
    shown: Sequence[Lesson], counts: Mapping[Checklist, Count], checklist: Checklist | None, number: int
) -> Iterator[Element]:
    for name, on_it in groupby(shown, key=lambda lesson: lesson.checklist):
        count = counts[name]
        yield Heading(say("{name}: {done} of {all} done", name=name.label, done=count.done, all=count.all))
        for lesson in on_it:
            words = say("{mark} {words}", mark=_mark(lesson), words=_shortened(lesson.words, ON_LIST))
            done = lesson.done_at is not None
            label = "Not done" if done else "Done"
            yield Row(words, tick.button(label, Style.PLAIN, lesson.id, lesson.version, not done, checklist, number))


def _nothing_yet(checklist: Checklist | None) -> Card:
    empty = say("This checklist is empty. What you learn from a no can stand here.")
    none = say("Nothing here yet. What you learn from a no can become a line on a checklist.")
    others = (page.button("All lessons", Style.PLAIN, None, 1),) if checklist else ()
    return Card(
        (Text(empty if checklist else none), Actions((add.button("Add a lesson", Style.PRIMARY), *others))),
        title=say("{name}", name=checklist.label) if checklist else say("Your lessons"),
    )


def _added(lesson: Lesson) -> Card:
    return Card(
        (
            Text(say("{mark} {words}", mark=_mark(lesson), words=lesson.words)),
            Actions(
                (
                    page.button("All lessons", Style.PLAIN, None, 1),
                    delete.button("Undo", Style.PLAIN, lesson.id, lesson.version),
                )
            ),
        ),
        title=say("On your checklist: {name}", name=lesson.checklist.label),
        redraw=show.call(lesson.id),
    )


def _lesson(lesson: Lesson, *said: Element) -> Card:
    """The lesson as it is now."""
    if lesson.is_deleted:
        return _deleted(lesson)
    done = lesson.done_at is not None
    days = [("Added", lesson.created_at), ("Done", lesson.done_at)]
    return Card(
        (
            *said,
            Text(say("{mark} {words}", mark=_mark(lesson), words=lesson.words)),
            Fields(tuple((label, say("{day}", day=When(at, Shape.DATE))) for label, at in days if at)),
            Actions(
                (
                    _mark_button(lesson, done=done),
                    edit.button("Edit", Style.PLAIN, lesson.id),
                    delete.button("Delete", Style.DANGER, lesson.id, lesson.version),
                    page.button("All lessons", Style.PLAIN, None, 1),
                )
            ),
        ),
        title=say("Checklist: {name}", name=lesson.checklist.label),
        redraw=show.call(lesson.id),
    )


def _mark_button(lesson: Lesson, *, done: bool) -> Button:
    return mark.button("Not done" if done else "Done", Style.PLAIN, lesson.id, lesson.version, not done)


def _deleted(lesson: Lesson) -> Card:
    undo = undo_delete.button("Undo", Style.PLAIN, lesson.id, lesson.version)
    every = page.button("All lessons", Style.PLAIN, None, 1)
    gone = say("The lesson is off its list.")
    return deleted(gone, undo, every, title=say("Deleted"), redraw=show.call(lesson.id))


def _mark(lesson: Lesson) -> str:
    return "○" if lesson.done_at is None else "✓"


def _option(lesson: Lesson) -> Option:
    return Option(str(lesson.id), _shortened(lesson.words, ON_SELECT))


def _shortened(words: str, most: int) -> str:
    """On one line; an ellipsis stands for what is seen when the lesson is opened."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


_CHECKLISTS: Final = tuple(Option(each.value, each.label) for each in Checklist)
