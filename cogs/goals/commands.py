"""Goals that are set: listing, counting, changing, resting and finishing; all that members see of it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from bot.acts import Filling, Needs
from bot.call import Call
from bot.cards import Actions, Button, Card, Element, Note, Row, Style, Text, Tone, Typed, plain, say, say_n
from bot.days import check_past
from bot.errors import Refusal, WrongFields, or_gone
from bot.events import ApplicationTold, Deed
from bot.options import Ask
from bot.paging import IN_ORDER, Page
from bot.undoing import as_before, changed, is_back
from cogs.goals import service, standings
from cogs.goals.form import Filled, asking, fill
from cogs.goals.reading import MOST
from cogs.goals.service import Content, NoRoomError, NotCountedError, content_of, is_over
from cogs.goals.set import (
    NO_ROOM,
    goals,
    how_it_counts,
    restore,
    set_goal,
    taken_back,
)
from cogs.goals.tables import Goal
from cogs.goals.words import bar, state_of, strength_of, title
from db import entries

PAGE: Final = 5
CHOICES: Final = 8
"""Rows of a card that asks which goal is meant."""
NAME_LENGTH: Final = 100
"""Of a goal among suggestions, as far as every platform shows them."""


async def under_way(call: Call, typed: str) -> Sequence[str]:
    return [name for name, _ in await _matching(call, typed, resting=False)]


async def resting(call: Call, typed: str) -> Sequence[str]:
    return [name for name, _ in await _matching(call, typed, resting=True)]


async def unfinished(call: Call, typed: str) -> Sequence[str]:
    return [name for name, _ in await _matching(call, typed, resting=None)]


async def _filled(call: Call, goal_id: UUID, _drawn: int = 0) -> Filling:
    return fill(content_of(await service.get(call.db, goal_id, owner=call.member.id)))


_HINT: Final = "A part of it; with one goal alone, leave it empty"
UnderWay = Annotated[str | None, Ask("Which goal?", hint=_HINT, example="job postings", complete=under_way)]
Resting = Annotated[str | None, Ask("Which goal?", hint=_HINT, example="job postings", complete=resting)]
Unfinished = Annotated[str | None, Ask("Which goal?", hint=_HINT, example="job postings", complete=unfinished)]


@goals.command("goal list", needs=Needs(reads=True))
async def list_all(call: Call) -> Card:
    """List your goals, and how each one stands."""
    return await _page(call, 1)


@goals.command("goal log", title="Count for a goal")
async def log(
    call: Call,
    goal: UnderWay = None,
    count: Annotated[int, Ask("How many?", example="1", at_least=1, at_most=MOST)] = 1,
    *,
    company: Annotated[str | None, Ask("Company", hint="For a goal about applications", at_most=80)] = None,
    role: Annotated[str | None, Ask("Role", hint="What the job is", at_most=80)] = None,
    on: Annotated[date | None, Ask("When?", hint="Of an application; left empty, today")] = None,
) -> Card:
    """Count something that you did for a goal.

    Without a number it is one. You can take it back. With a company it is kept as an application too. What you log
    elsewhere, such as applications, events and courses, counts by itself.
    """
    found = await _find(call, goal, resting=False)
    if company or role or on:
        told = ApplicationTold(_company(found, count, company), role, check_past(call, on or call.today))
        if said := await call.announce(told):
            return _told(said)
    if len(found) == 1:
        return await _add(call, found[0], count)
    return _which(found, lambda each: add.button("Count it", Style.PLAIN, each.id, each.version, count))


@goals.command("goal change", title="Change a goal", needs=Needs(reads=True))
async def change_one(call: Call, goal: Unfinished = None) -> Card:
    """Change how many, what, how often, or until when."""
    found = await _find(call, goal, resting=None)
    if len(found) == 1:
        return await _card(call, found[0])
    return _which(found, lambda each: change.button("Change", Style.PLAIN, each.id))


@goals.command("goal pause", title="Let a goal rest")
async def pause_one(call: Call, goal: UnderWay = None) -> Card:
    """Let a goal rest. Its strength waits for you, and nothing is lost."""
    found = await _find(call, goal, resting=False)
    if len(found) == 1:
        return await _pause(call, found[0])
    return _which(found, lambda each: pause.button("Pause", Style.PLAIN, each.id, each.version))


@goals.command("goal resume", title="Go on with a goal")
async def resume_one(call: Call, goal: Resting = None) -> Card:
    """Go on with a goal that rests."""
    found = await _find(call, goal, resting=True)
    if len(found) == 1:
        return await _resume(call, found[0])
    return _which(found, lambda each: resume.button("Resume", Style.PLAIN, each.id, each.version), resting=True)


@goals.command("goal finish", title="Finish a goal")
async def finish_one(call: Call, goal: Unfinished = None) -> Card:
    """Finish a goal, reached or not. You can take it up again."""
    found = await _find(call, goal, resting=None)
    if len(found) == 1:
        return await _finish(call, found[0])
    return _which(found, lambda each: finish.button("Finish", Style.PLAIN, each.id, each.version))


@goals.action(needs=Needs(reads=True))
async def page(call: Call, number: int) -> Card:
    return await _page(call, number)


@goals.action(needs=Needs(reads=True))
async def current(call: Call, goal_id: UUID) -> Card:
    return await _card(call, await service.get(call.db, goal_id, owner=call.member.id))


@goals.action()
async def add(call: Call, goal_id: UUID, version: int, count: int = 1) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    fresh = goal.is_as_drawn(version) and 1 <= count <= MOST
    return await _add(call, goal, count) if fresh else await _card(call, goal)


@goals.action()
async def uncount(call: Call, goal_id: UUID, progress_id: UUID) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    if await service.take_back(call.db, goal, progress_id=progress_id, at=call.now):
        return await _card(call, goal, Text(say("Taken back.")))
    return await _card(call, goal)


@goals.action(title="Change the goal", form=_filled)
@asking
async def change(call: Call, goal_id: UUID, _drawn: int, form: Filled) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    if goal.is_deleted:
        return await _card(call, goal)
    content = Content(form.goal(content_of(goal), today=call.today))
    draft_id = await entries.change(call.db, goal, content, editor=call.member.fingerprint, at=call.now)
    if draft_id is None:
        return await _card(call, goal)
    undo = undo_change.button("Undo", Style.PLAIN, goal.id, draft_id, goal.version)
    return await _card(call, goal, changed(undo))


@goals.action()
async def undo_change(call: Call, goal_id: UUID, draft_id: UUID, version: int) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    if not goal.is_as_drawn(version):
        return await _card(call, goal)
    editor = call.member.fingerprint
    or_gone(await entries.change_back(call.db, goal, Content, draft_id=draft_id, editor=editor, at=call.now))
    return await _card(call, goal, as_before())


@goals.action()
async def pause(call: Call, goal_id: UUID, version: int) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    fresh = goal.version == version and goal.paused_on is None
    return await _pause(call, goal) if fresh else await _card(call, goal)


@goals.action()
async def resume(call: Call, goal_id: UUID, version: int) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    fresh = goal.version == version and goal.paused_on is not None
    return await _resume(call, goal) if fresh else await _card(call, goal)


@goals.action()
async def rest_again(call: Call, goal_id: UUID, version: int, since: date) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    if goal.version != version or goal.paused_on is not None:
        return await _card(call, goal)
    await service.rest_again(call.db, goal, since=since, today=call.today, at=call.now)
    return await _card(call, goal, Text(say("It rests on, as before.")))


@goals.action()
async def finish(call: Call, goal_id: UUID, version: int) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    fresh = goal.version == version and goal.finished_on is None
    return await _finish(call, goal) if fresh else await _card(call, goal)


@goals.action()
async def take_up_again(call: Call, goal_id: UUID, version: int) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    if goal.version != version or goal.finished_on is None:
        return await _card(call, goal)
    try:
        await service.take_up_again(call.db, goal, at=call.now)
    except NoRoomError:
        raise Refusal(NO_ROOM) from None
    return await _card(call, goal, Text(say("It is under way again.")))


@goals.action()
async def delete(call: Call, goal_id: UUID, version: int) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    await entries.delete_as_drawn(call.db, goal, version, at=call.now)
    return await _card(call, goal)


@goals.action()
async def undo_delete(call: Call, goal_id: UUID, version: int) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    if not goal.is_deleted_as_drawn(version):
        return await _card(call, goal)
    await restore(call, goal)
    return await _card(call, goal, is_back())


def _company(found: Sequence[Goal], count: int, company: str | None) -> str:
    """Of the one application that is told of. Raises WrongFields where that cannot be."""
    if company is None:
        raise WrongFields({"company": say("An application is kept under its company. Type it here.")})
    if not any(goal.deed is Deed.APPLICATION for goal in found):
        instead = Typed("application log")
        raise WrongFields({"company": say("No such goal is about applications. To keep one: {log}", log=instead)})
    if count > 1:
        raise WrongFields({"count": say("These are one application. Log the others on their own.")})
    return company


def _told(said: Sequence[Element]) -> Card:
    every = Actions((page.button("All goals", Style.PLAIN, 1),))
    return Card((*said, every), title=say("Counted"), redraw=page.call(1))


async def _add(call: Call, goal: Goal, count: int) -> Card:
    try:
        progress = await service.add(call.db, goal, number=count, on=call.today, at=call.now)
    except NotCountedError:
        return await _card(call, goal, Text(say("Today does not count for this goal. You can change it here.")))
    undo = uncount.button("Undo", Style.PLAIN, goal.id, progress.id)
    return await _card(call, goal, Row(say_n(count, "Counted: one.", "Counted: {n}."), undo))


async def _pause(call: Call, goal: Goal) -> Card:
    await service.pause(call.db, goal, today=call.today, at=call.now)
    return await _card(call, goal, Text(say("It rests. Nothing is lost, and its strength waits for you.")))


async def _resume(call: Call, goal: Goal) -> Card:
    since = goal.paused_on or call.today
    await service.resume(call.db, goal, today=call.today, at=call.now)
    undo = rest_again.button("Undo", Style.PLAIN, goal.id, goal.version, since)
    return await _card(call, goal, Row(say("It goes on from where it was."), undo))


async def _finish(call: Call, goal: Goal) -> Card:
    await service.finish(call.db, goal, today=call.today, at=call.now)
    done = await standings.count_done(call.db, goal)
    kind = say_n(done, "You did one thing for it.", "You did {n} things for it.")
    words = kind if done else say("To put a goal down is a decision too.")
    undo = take_up_again.button("Undo", Style.PLAIN, goal.id, goal.version)
    another = set_goal.button("Set another goal")
    return Card(
        (
            Text(say("“{goal}” is finished.", goal=title(goal))),
            Text(words),
            Actions((undo, another, page.button("All goals", Style.PLAIN, 1))),
        ),
        title=say("Finished"),
        tone=Tone.GOOD,
        redraw=current.call(goal.id),
    )


async def _card(call: Call, goal: Goal, *said: Element) -> Card:
    if goal.is_deleted:
        undo = undo_delete.button("Undo", Style.PLAIN, goal.id, goal.version)
        return taken_back(goal, undo, redraw=current.call(goal.id))
    (standing,) = await standings.find_standings(call.db, [goal], today=call.today)
    told: list[Element] = [bar(standing, today=call.today)]
    going = goal.finished_on is None and goal.paused_on is None
    if going and is_over(goal, today=call.today):
        told.append(Text(say("Its last day has passed. You can finish it, or change until when it goes.")))
    elif going and standing.done >= goal.quantity:
        told.append(Text(say("That is what you set out to do, and you did it.")))
    if strength := strength_of(standing):
        told.append(Text(strength))
    if going:
        told.append(Note(how_it_counts(call, goal)))
    buttons = Actions((*_buttons(call, goal), page.button("All goals", Style.PLAIN, 1)))
    return Card((*said, *told, buttons), title=say("Your goal"), redraw=current.call(goal.id))


def _buttons(call: Call, goal: Goal) -> Sequence[Button]:
    remove = delete.button("Delete", Style.DANGER, goal.id, goal.version)
    if goal.finished_on is not None:
        return (take_up_again.button("Take it up again", Style.PLAIN, goal.id, goal.version), remove)
    rest = (
        change.button("Change", Style.PLAIN, goal.id),
        finish.button("Finish", Style.PLAIN, goal.id, goal.version),
        remove,
    )
    if goal.paused_on is not None:
        return (resume.button("Resume", Style.PRIMARY, goal.id, goal.version), *rest)
    one = (add.button("+1", Style.PRIMARY, goal.id, goal.version),) if service.takes_today(goal, call.today) else ()
    return (*one, pause.button("Pause", Style.PLAIN, goal.id, goal.version), *rest)


async def _page(call: Call, number: int) -> Card:
    total = await service.count(call.db, owner=call.member.id)
    if not total:
        return _nothing_yet()
    part = Page.of(total, number=number, size=PAGE)
    shown = await service.find_page(call.db, owner=call.member.id, limit=PAGE, skip=part.skip)
    stand = await standings.find_standings(call.db, shown, today=call.today)
    rows = [
        Row(
            say("**{goal}** · {state}", goal=title(each.goal), state=state_of(each, today=call.today)),
            current.button("Open", Style.PLAIN, each.goal.id),
        )
        for each in stand
    ]
    turns = part.turns(lambda label, to: page.button(label, Style.PLAIN, to), IN_ORDER)
    words = Note(part.counted(say_n(total, "One goal", "{n} goals")))
    return Card((words, *rows, Actions((*turns, set_goal.button("Set a goal")))), title=say("Your goals"))


def _nothing_yet() -> Card:
    words = Text(say("No goal is set yet. A small one is a good one to begin with."))
    return Card((words, Actions((set_goal.button("Set a goal", Style.PRIMARY),))), title=say("Your goals"))


async def _matching(call: Call, typed: str, *, resting: bool | None) -> Sequence[tuple[str, Goal]]:
    """The unfinished goals by name, those that fit what is typed: of that name, else that hold it."""
    found = await service.find_unfinished(call.db, owner=call.member.id, resting=resting)
    named = [(_name(goal), goal) for goal in found]
    wanted = typed.casefold().strip()
    same = [(name, goal) for name, goal in named if name.casefold() == wanted]
    return same or [(name, goal) for name, goal in named if wanted in plain(title(goal)).casefold()]


def _name(goal: Goal) -> str:
    text = plain(title(goal))
    return text if len(text) <= NAME_LENGTH else f"{text[: NAME_LENGTH - 1].rstrip()}…"


async def _find(call: Call, typed: str | None, *, resting: bool | None) -> Sequence[Goal]:
    """The goals that may be meant. Raises Refusal where what is typed fits none."""
    found = [goal for _, goal in await _matching(call, typed or "", resting=resting)]
    if not found and typed:
        raise Refusal(
            say("No goal here has “{typed}” in it. Choose it from the list instead.", typed=typed),
            page.button("All goals", Style.PRIMARY, 1),
        )
    return found


def _which(found: Sequence[Goal], button: Callable[[Goal], Button], *, resting: bool = False) -> Card:
    if not found:
        words = say("No goal rests.") if resting else say("No goal is under way.")
        every = page.button("All goals", Style.PLAIN, 1)
        return Card((Text(words), Actions((set_goal.button("Set a goal"), every))), title=say("Your goals"))
    rows = [Row(say("{goal}", goal=title(goal)), button(goal)) for goal in found[:CHOICES]]
    more = len(found) - len(rows)
    left = (Note(say_n(more, "And one more: type a part of it.", "And {n} more: type a part of it.")),) if more else ()
    return Card((Text(say("Which one do you mean?")), *rows, *left), title=say("Your goals"))
