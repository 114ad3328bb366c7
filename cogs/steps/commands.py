"""Events and courses, noted and found again: all that members see of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Command, Filling, Needs
from bot.call import Call
from bot.cards import Actions, Card, Element, Fields, Heading, Note, Row, Style, Text, Words, join, say, say_n
from bot.days import check_past
from bot.errors import or_gone
from bot.events import Deed, Done, Undone
from bot.extensions import Exported, Part
from bot.feature import Feature
from bot.options import ASKED, Ask
from bot.paging import Page
from bot.undoing import as_before, changed, deleted, is_back
from cogs.steps import service
from cogs.steps.service import Content
from cogs.steps.tables import Kind, Step
from db import entries

steps = Feature("steps", "Keep the events you went to and the courses you finished.")

READS: Final = Needs(reads=True)
PAGE: Final = 5
WEEKS: Final = 12

_EVENT: Final = Ask("Which event?", example="Job fair at the library", at_most=100)
_MET: Final = Ask("Whom did you meet?", hint="Kept for yourself alone", example="Ms Reyes from Acme", at_most=200)
_WRITE: Final = Ask("One next step", hint="Small is fine", example="Write to Ms Reyes", at_most=200)
_COURSE: Final = Ask("Which course?", hint="Or which certificate", example="Excel basics", at_most=100)
_GIVEN: Final = Ask("Who gave it?", example="The city library", at_most=200)
_USE: Final = Ask("One next step", hint="Small is fine", example="Add it to my resume", at_most=200)
_WENT: Final = Ask("When?", hint="Left empty, today", example="yesterday")
_FINISHED: Final = Ask("When did you finish it?", hint="Left empty, today", example="yesterday")


@dataclass(frozen=True, slots=True)
class Voice:
    """How one kind of step is spoken of."""

    deed: Deed
    noted: str
    gone: str
    people: str
    title: str
    every: str
    add: str
    empty: str
    asks: Mapping[str, Ask]
    """The questions of `edit` in the words of this kind."""


VOICES: Final[Mapping[Kind, Voice]] = {
    Kind.EVENT: Voice(
        deed=Deed.EVENT,
        noted="Noted. You were there.",
        gone="The event is off your list.",
        people="Met",
        title="Your events",
        every="All events",
        add="Note an event",
        empty="No event is noted yet. A talk, a job fair or a coffee with somebody counts.",
        asks={"name": _EVENT, "on": _WENT, "people": _MET, "following": _WRITE},
    ),
    Kind.COURSE: Voice(
        deed=Deed.COURSE,
        noted="Noted. You saw it through.",
        gone="The course is off your list.",
        people="Given by",
        title="Your courses",
        every="All courses",
        add="Note a course",
        empty="No course is noted yet. One finished online counts as much as any other.",
        asks={"name": _COURSE, "on": _FINISHED, "people": _GIVEN, "following": _USE},
    ),
}


@steps.command("network event", title="An event you went to")
async def log_event(
    call: Call,
    event: Annotated[str, _EVENT] = ASKED,
    *,
    on: Annotated[date | None, _WENT] = None,
    met: Annotated[str | None, _MET] = None,
    next_step: Annotated[str | None, _WRITE] = None,
) -> Card:
    """Note an event you went to.

    Its name is enough. Whom you met and one next step stay with it, and goals about events move by themselves.
    """
    return await _log(call, Kind.EVENT, Content(event, check_past(call, on or call.today), met, next_step))


@steps.command("network list", needs=READS)
async def list_events(call: Call) -> Card:
    """List the events you went to, the latest first."""
    return await _page(call, Kind.EVENT, 1)


@steps.command("course log", title="A course you finished")
async def log_course(
    call: Call,
    course: Annotated[str, _COURSE] = ASKED,
    *,
    on: Annotated[date | None, _FINISHED] = None,
    provider: Annotated[str | None, _GIVEN] = None,
    next_step: Annotated[str | None, _USE] = None,
) -> Card:
    """Note a course you finished.

    Its name is enough. Certificates count too, and goals about courses move by themselves.
    """
    return await _log(call, Kind.COURSE, Content(course, check_past(call, on or call.today), provider, next_step))


@steps.command("course list", needs=READS)
async def list_courses(call: Call) -> Card:
    """List the courses you finished, the latest first."""
    return await _page(call, Kind.COURSE, 1)


@steps.action(needs=READS)
async def page(call: Call, kind: Kind, number: int) -> Card:
    return await _page(call, kind, number)


@steps.action(needs=READS)
async def current(call: Call, step_id: UUID) -> Card:
    return _card(await _get(call, step_id))


async def _filled(call: Call, step_id: UUID) -> Filling:
    step = await _get(call, step_id)
    values = {"name": step.name, "on": step.happened_on, "people": step.people, "following": step.following}
    return Filling(values, asks=VOICES[step.kind].asks)


@steps.action(title="Change it", form=_filled)
async def edit(
    call: Call,
    step_id: UUID,
    name: Annotated[str, _EVENT] = ASKED,
    *,
    on: Annotated[date | None, _WENT] = None,
    people: Annotated[str | None, _MET] = None,
    following: Annotated[str | None, _WRITE] = None,
) -> Card:
    step = await _get(call, step_id)
    if step.is_deleted:
        return _card(step)
    before = step.happened_on
    content = Content(name, check_past(call, on or before), people, following)
    draft_id = await entries.change(call.db, step, content, editor=call.member.fingerprint, at=call.now)
    if draft_id is None:
        return _card(step)
    undo = undo_change.button("Undo", Style.PLAIN, step.id, draft_id, step.version)
    return _card(step, changed(undo), *await _counted_anew(call, step, before))


@steps.action()
async def undo_change(call: Call, step_id: UUID, draft_id: UUID, version: int) -> Card:
    step = await _get(call, step_id)
    if not step.is_as_drawn(version):
        return _card(step)
    before, editor = step.happened_on, call.member.fingerprint
    or_gone(await entries.change_back(call.db, step, Content, draft_id=draft_id, editor=editor, at=call.now))
    return _card(step, as_before(), *await _counted_anew(call, step, before))


@steps.action()
async def delete(call: Call, step_id: UUID, version: int) -> Card:
    step = await _get(call, step_id)
    if not await entries.delete_as_drawn(call.db, step, version, at=call.now):
        return _card(step)
    return _card(step, *await call.announce(Undone(step.id)))


@steps.action()
async def undo_delete(call: Call, step_id: UUID, version: int) -> Card:
    step = await _get(call, step_id)
    if not await entries.put_back_as_drawn(call.db, step, version):
        return _card(step)
    return _card(step, is_back(), *await _count(call, step))


@steps.progress(part=Part.WEEKS)
async def last_weeks(call: Call) -> Sequence[Element]:
    if not call.member.keeps:
        return ()
    counts = await service.count_since(call.db, owner=call.member.id, since=call.today - timedelta(weeks=WEEKS))
    events, courses = counts.get(Kind.EVENT, 0), counts.get(Kind.COURSE, 0)
    did = (
        say_n(events, "you went to one event", "you went to {n} events") if events else None,
        say_n(courses, "you finished one course", "you finished {n} courses") if courses else None,
    )
    parts = [each for each in did if each]
    words = say("In the last {weeks} weeks {did}.", weeks=WEEKS, did=join(" and ", parts))
    return (Heading(say("Events and courses")), Text(words)) if parts else ()


@steps.export
async def export(db: AsyncSession, person_id: UUID) -> Exported:
    count = await service.count_all(db, owner=person_id)
    return Exported("Events and courses", count, service.find_all(db, owner=person_id))


@steps.erase
async def erase(db: AsyncSession, person_id: UUID) -> None:
    await entries.delete_all(db, Step, owner=person_id)


@steps.tidy
async def tidy(db: AsyncSession, now: datetime) -> None:
    await entries.delete_expired(db, Step, now=now)


async def _get(call: Call, step_id: UUID) -> Step:
    return await service.get(call.db, step_id, owner=call.member.id)


async def _log(call: Call, kind: Kind, content: Content) -> Card:
    step = await service.create(call.db, owner=call.member.id, kind=kind, content=content, at=call.now)
    undo = delete.button("Undo", Style.PLAIN, step.id, step.version)
    return _card(step, Row(Words(VOICES[kind].noted), undo), *await _count(call, step), logged=True)


async def _count(call: Call, step: Step) -> tuple[Element, ...]:
    return await call.announce(Done(VOICES[step.kind].deed, step.id, step.happened_on))


async def _counted_anew(call: Call, step: Step, before: date) -> tuple[Element, ...]:
    if step.happened_on == before:
        return ()
    await call.announce(Undone(step.id))
    return await _count(call, step)


def _card(step: Step, *said: Element, logged: bool = False) -> Card:
    """The step as it stands now, deleted or not; `logged`: its Undo already deletes it."""
    voice = VOICES[step.kind]
    if step.is_deleted:
        back = undo_delete.button("Bring it back", Style.PLAIN, step.id, step.version)
        return deleted(Words(voice.gone), back, *said, title=say("Taken back"), redraw=current.call(step.id))
    rows = {voice.people: step.people, "Next step": step.following}
    known = tuple((label, say("{value}", value=value)) for label, value in rows.items() if value)
    return Card(
        (
            *said,
            Fields((("When", say("{day}", day=step.happened_on)), *known)),
            Actions(
                (
                    edit.button("Edit", Style.PLAIN, step.id),
                    *(() if logged else (delete.button("Delete", Style.DANGER, step.id, step.version),)),
                    page.button(voice.every, Style.PLAIN, step.kind, 1),
                )
            ),
        ),
        title=say("{name}", name=step.name),
        redraw=current.call(step.id),
    )


async def _page(call: Call, kind: Kind, number: int) -> Card:
    voice, add = VOICES[kind], LOGS[kind]
    total = await service.count(call.db, owner=call.member.id, kind=kind)
    if not total:
        first = Actions((add.button(voice.add, Style.PRIMARY),))
        return Card((Text(Words(voice.empty)), first), title=Words(voice.title))
    part = Page.of(total, number=number, size=PAGE)
    found = await service.find_newest(call.db, owner=call.member.id, kind=kind, limit=PAGE, skip=part.skip)
    turns = part.turns(lambda label, to: page.button(label, Style.PLAIN, kind, to))
    counted = Note(part.counted(say_n(total, "One", "{n} in all")))
    return Card((counted, *map(_row, found), Actions((*turns, add.button(voice.add)))), title=Words(voice.title))


def _row(step: Step) -> Row:
    words = say("**{name}** · {day}", name=step.name, day=step.happened_on)
    return Row(words, current.button("Open", Style.PLAIN, step.id))


LOGS: Final[Mapping[Kind, Command[...]]] = {Kind.EVENT: log_event, Kind.COURSE: log_course}
