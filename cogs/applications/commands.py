"""Logging an application, finding it again, and moving it on: what members see of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Needs
from bot.call import Call
from bot.cards import (
    Actions,
    Button,
    Card,
    Element,
    Fields,
    Note,
    Option,
    Row,
    Style,
    Text,
    Typed,
    Words,
    say,
    say_n,
)
from bot.days import check_past
from bot.errors import Refusal, WrongFields
from bot.events import ApplicationTold, Deed, Done, Undone
from bot.extensions import Exported
from bot.feature import Feature
from bot.options import ASKED, Ask
from bot.paging import Page
from bot.undoing import as_before, changed, deleted, is_back
from cogs.applications import service
from cogs.applications.asks import Company, Day, Found, How, Role, fill, fill_day, names
from cogs.applications.facts import facts, told
from cogs.applications.service import INTERVIEWS, Content, Shown
from cogs.applications.tables import Application, Move, Stage
from db import entries

applications = Feature("applications", "Keep track of where you applied, and what came of it.")

READS: Final = Needs(reads=True)
PAGE: Final = 5


@applications.command("application log")
async def log(
    call: Call, company: Company = ASKED, *, role: Role = None, found: Found = None, method: How = None, on: Day = None
) -> Card:
    """Log an application.

    The company is enough. What you add later, such as a contact or how far it got, stays in one place.
    """
    entry, undo, moved = await _create(call, Content(company, check_past(call, on or call.today), role, found, method))
    return await current_card(call, entry, Row(say("Noted. You sent one out."), undo), *moved, logged=True)


@applications.listen(ApplicationTold)
async def log_told(call: Call, told: ApplicationTold) -> Sequence[Element]:
    entry, undo, moved = await _create(call, Content(told.company, told.on, told.role))
    noted = say("Noted among your applications: {company}.", company=entry.company)
    return (Row(noted, undo), *moved, Actions((current.button("The application", Style.PLAIN, entry.id),)))


@applications.command("application list", needs=READS, title="Your applications")
async def list_all(
    call: Call, which: Annotated[Shown | None, Ask("Which ones?", hint="Left empty, all", example="open")] = None
) -> Card:
    """List your applications, the latest first."""
    return await _page(call, which or Shown.ALL, 1)


@applications.command("application show", needs=READS)
async def show(
    call: Call,
    which: Annotated[
        str | None, Ask("Which one?", hint="The company; left empty, the latest", example="Acme", complete=names)
    ] = None,
) -> Card:
    """Show an application.

    From there you can say what happened, add a contact, or change it. Without a name it is the latest.
    """
    found = await service.find_by_name(call.db, owner=call.member.id, today=call.today, name=which)
    if not found and which:
        raise Refusal(
            say("No application of yours is called {which}. Choose it from the list instead.", which=which),
            page.button("All applications", Style.PRIMARY, Shown.ALL, 1),
        )
    if len(found) == 1:
        return await current_card(call, found[0])
    if not found:
        return _nothing_yet()
    rows = map(row, found[:PAGE])
    return Card((Text(say("More than one fits. Which one do you mean?")), *rows), title=say("Your applications"))


@applications.action(needs=READS)
async def page(call: Call, shown: Shown, number: int) -> Card:
    return await _page(call, shown, number)


@applications.action(needs=READS)
async def current(call: Call, entry_id: UUID) -> Card:
    return await current_card(call, await service.get(call.db, entry_id, owner=call.member.id))


@applications.action(needs=READS)
async def hear(call: Call, entry_id: UUID) -> Card:
    """The application, with the question what came."""
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    return await current_card(call, entry, Text(say("What did you hear? Choose it below.")))


@applications.action()
async def move(call: Call, entry_id: UUID, version: int, stage: Stage) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if not entry.is_as_drawn(version):
        return await current_card(call, entry)
    made = await service.change_stage(call.db, entry, stage=stage, on=call.today, at=call.now)
    felt = (Note(say("To write down how it felt: {log}", log=Typed("rejection log"))),)
    return await moved_card(call, entry, made, *(felt if stage is Stage.REJECTED else ()))


@applications.action()
async def undo_move(call: Call, entry_id: UUID, version: int) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if not entry.is_as_drawn(version):
        return await current_card(call, entry)
    gone = await service.change_stage_back(call.db, entry, at=call.now)
    back = await call.announce(Undone(gone.id)) if gone and _is_interview(gone) else ()
    return await current_card(call, entry, as_before(), *back)


@applications.action(title="The day of it", form=fill_day)
async def change_day(
    call: Call, entry_id: UUID, on: Annotated[date, Ask("When was it?", example="yesterday")] = ASKED
) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    moves = await service.find_moves(call.db, entry)
    check_past(call, on)
    if len(moves) > 1 and on < moves[-2].happened_on:
        words = "The step before it was on {day}. Choose that or a later day."
        raise WrongFields({"on": say(words, day=moves[-2].happened_on)})
    return await _change_day(call, entry, on, say("It was on {day}.", day=on))


@applications.action()
async def put_day_back(call: Call, entry_id: UUID, version: int, on: date) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if entry.version != version:
        return await current_card(call, entry)
    return await _change_day(call, entry, on, say("It is as it was before."))


@applications.action(title="Edit the application", form=fill)
async def edit(
    call: Call,
    entry_id: UUID,
    company: Company = ASKED,
    *,
    role: Role = None,
    found: Found = None,
    method: How = None,
    on: Day = None,
) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    on = on or entry.applied_on
    if on != entry.applied_on:
        check_past(call, on)
        _, *later = await service.find_moves(call.db, entry)
        if later and on > later[0].happened_on:
            day = later[0].happened_on
            raise WrongFields({"on": say("It had moved on by {day}. Choose that or an earlier day.", day=day)})
    content = Content(company, on, role, found, method, entry.contact, entry.notes)
    return await _change(call, entry, content)


@applications.action(title="Contact and notes", form=fill)
async def describe(
    call: Call,
    entry_id: UUID,
    *,
    contact: Annotated[
        str | None, Ask("Contact", hint="Whom to ask, and how", example="Ms Reyes, 555-0100", at_most=200)
    ] = None,
    notes: Annotated[str | None, Ask("Notes", hint="Kept for yourself alone", paragraph=True)] = None,
) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    return await _change(call, entry, replace(Content.of(entry), contact=contact, notes=notes))


@applications.action()
async def undo_change(call: Call, entry_id: UUID, draft_id: UUID, version: int) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if not entry.is_as_drawn(version):
        return await current_card(call, entry)
    before = entry.applied_on
    await service.change_back(call.db, entry, draft_id=draft_id, editor=call.member.fingerprint, at=call.now)
    return await current_card(call, entry, as_before(), *await _counted_anew(call, entry, before))


@applications.action()
async def delete(call: Call, entry_id: UUID, version: int) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if not await entries.delete_as_drawn(call.db, entry, version, at=call.now):
        return await current_card(call, entry)
    interviews = filter(_is_interview, await service.find_moves(call.db, entry))
    back = await _tell(call, [Undone(entry.id), *(Undone(each.id) for each in interviews)])
    return await current_card(call, entry, *back)


@applications.action()
async def undo_delete(call: Call, entry_id: UUID, version: int) -> Card:
    entry = await service.get(call.db, entry_id, owner=call.member.id)
    if not await entries.put_back_as_drawn(call.db, entry, version):
        return await current_card(call, entry)
    interviews = filter(_is_interview, await service.find_moves(call.db, entry))
    met = (Done(Deed.INTERVIEW, each.id, each.happened_on) for each in interviews)
    moved = await _tell(call, [Done(Deed.APPLICATION, entry.id, entry.applied_on), *met])
    return await current_card(call, entry, is_back(), *moved)


@applications.export
async def export_all(db: AsyncSession, person_id: UUID) -> Exported:
    count = await service.count_all(db, owner=person_id)
    return Exported("Applications", count, service.find_all(db, owner=person_id))


@applications.export
async def export_moves(db: AsyncSession, person_id: UUID) -> Exported:
    count = await service.count_all_moves(db, owner=person_id)
    return Exported("Steps of applications", count, service.find_all_moves(db, owner=person_id))


@applications.erase
async def erase(db: AsyncSession, person_id: UUID) -> None:
    await service.delete_all(db, owner=person_id)


@applications.tidy
async def tidy(db: AsyncSession, now: datetime) -> None:
    await entries.delete_expired(db, Application, now=now)


async def moved_card(call: Call, entry: Application, made: Move, *more: Element) -> Card:
    """The application after a move, which is told to whoever listens, and can be taken back."""
    moved = await call.announce(Done(Deed.INTERVIEW, made.id, made.happened_on)) if _is_interview(made) else ()
    undo = undo_move.button("Undo", Style.PLAIN, entry.id, entry.version)
    return await current_card(call, entry, Row(told(made), undo), *more, *moved)


async def quiet(call: Call) -> tuple[Element, ...]:
    """The question about the application that was quiet for longest; nothing where there is none."""
    entry = await service.find_quietest(call.db, owner=call.member.id, today=call.today)
    if entry is None:
        return ()
    more = await service.count(call.db, owner=call.member.id, today=call.today, shown=Shown.QUIET) - 1
    asked = say("No news from {company} since {day}. Heard back?", company=entry.company, day=entry.moved_on)
    others = say_n(
        more, "One more is as quiet. I ask about one at a time.", "{n} more are as quiet. I ask about one at a time."
    )
    answers = (
        hear.button("Heard back", Style.PRIMARY, entry.id),
        move.button("No reply", Style.PLAIN, entry.id, entry.version, Stage.GHOSTED),
        move.button("Nothing new yet", Style.PLAIN, entry.id, entry.version, entry.stage),
    )
    return (Text(asked), *((Note(others),) if more else ()), Actions(answers))


def row(entry: Application) -> Row:
    """One line of a list, which opens it."""
    stage = say("{stage} · {day}", stage=entry.stage.label, day=entry.applied_on)
    words = say("**{company}** · {role} · {stage}", company=entry.company, role=entry.role or "", stage=stage)
    short = say("**{company}** · {stage}", company=entry.company, stage=stage)
    return Row(words if entry.role else short, current.button("Open", Style.PLAIN, entry.id))


async def _create(call: Call, content: Content) -> tuple[Application, Button, Sequence[Element]]:
    """The application, what takes it back, and what came of it elsewhere."""
    entry = await service.create(call.db, owner=call.member.id, content=content, at=call.now)
    moved = await call.announce(Done(Deed.APPLICATION, entry.id, entry.applied_on))
    return entry, delete.button("Undo", Style.PLAIN, entry.id, entry.version), moved


async def _change_day(call: Call, entry: Application, on: date, words: Words) -> Card:
    _, *later = await service.find_moves(call.db, entry)
    if not later or entry.is_deleted or on == later[-1].happened_on:
        return await current_card(call, entry)
    last, former = later[-1], later[-1].happened_on
    await service.change_day(call.db, entry, last, on=on, at=call.now)
    moved: Sequence[Element] = ()
    if _is_interview(last):
        await call.announce(Undone(last.id))
        moved = await call.announce(Done(Deed.INTERVIEW, last.id, on))
    undo = put_day_back.button("Undo", Style.PLAIN, entry.id, entry.version, former)
    return await current_card(call, entry, Row(words, undo), *moved)


async def _change(call: Call, entry: Application, content: Content) -> Card:
    if entry.is_deleted:
        return await current_card(call, entry)
    before = entry.applied_on
    draft_id = await service.change(call.db, entry, content=content, editor=call.member.fingerprint, at=call.now)
    if draft_id is None:
        return await current_card(call, entry)
    undo = undo_change.button("Undo", Style.PLAIN, entry.id, draft_id, entry.version)
    return await current_card(call, entry, changed(undo), *await _counted_anew(call, entry, before))


async def _tell(call: Call, events: Sequence[Done | Undone]) -> Sequence[Element]:
    """Announces all; shows what came of the first and of the last, since interviews all move the same."""
    shown = [await call.announce(event) for event in events]
    return [*shown[0], *(shown[-1] if len(shown) > 1 else ())]


async def _counted_anew(call: Call, entry: Application, before: date) -> Sequence[Element]:
    if entry.applied_on == before:
        return ()
    await call.announce(Undone(entry.id))
    return await call.announce(Done(Deed.APPLICATION, entry.id, entry.applied_on))


def _is_interview(made: Move) -> bool:
    return made.stage in INTERVIEWS and made.is_news


async def current_card(call: Call, entry: Application, *said: Element, logged: bool = False) -> Card:
    """The application as it stands now, deleted or not; `logged`: its Undo already deletes it."""
    if entry.is_deleted:
        return _deleted(entry, *said)
    moves = await service.find_moves(call.db, entry)
    stages = [Option(stage.value, stage.label) for stage in Stage if stage is not entry.stage]
    day = (change_day.button("Another day", Style.PLAIN, entry.id),) if len(moves) > 1 else ()
    return Card(
        (
            *said,
            *facts(entry, moves),
            Actions((move.select("What happened?", stages, entry.id, entry.version),)),
            Actions(
                (
                    edit.button("Edit", Style.PLAIN, entry.id),
                    describe.button("Contact and notes", Style.PLAIN, entry.id),
                    *day,
                    *(() if logged else (delete.button("Delete", Style.DANGER, entry.id, entry.version),)),
                    page.button("All applications", Style.PLAIN, Shown.ALL, 1),
                )
            ),
        ),
        title=say("{company}", company=entry.company),
        redraw=current.call(entry.id),
    )


def _deleted(entry: Application, *said: Element) -> Card:
    gone = say("The application at {company} is off your list.", company=entry.company)
    back = undo_delete.button("Bring it back", Style.PLAIN, entry.id, entry.version)
    return deleted(gone, back, *said, title=say("Taken back"), redraw=current.call(entry.id))


async def _page(call: Call, shown: Shown, number: int) -> Card:
    stages = await service.count_stages(call.db, owner=call.member.id)
    if not stages:
        return _nothing_yet()
    total = await service.count(call.db, owner=call.member.id, today=call.today, shown=shown)
    part = Page.of(total, number=number, size=PAGE)
    found = await service.find_newest(
        call.db, owner=call.member.id, today=call.today, limit=PAGE, skip=part.skip, shown=shown
    )
    turns = part.turns(lambda label, to: page.button(label, Style.PLAIN, shown, to))
    counted = part.counted(say("{shown}: {n}", shown=shown.label, n=say_n(total, "one", "{n}")))
    asked = await quiet(call) if part.number == 1 and shown is not Shown.CLOSED else ()
    return Card(
        (
            Fields(tuple((stage.label, say("{n}", n=stages[stage])) for stage in Stage if stage in stages)),
            *asked,
            Note(counted),
            *map(row, found),
            Actions((*turns, log.button("Log an application"))),
        ),
        title=say("Your applications"),
    )


def _nothing_yet() -> Card:
    words = Text(say("Nothing is noted yet. When you apply somewhere, you can keep track of it here."))
    add = Actions((log.button("Log an application", Style.PRIMARY),))
    return Card((words, add), title=say("Your applications"))
