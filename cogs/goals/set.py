"""Setting a goal: in one's own words, read back, corrected, or completed one thing at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from bot.acts import Filling, Needs
from bot.call import Call
from bot.cards import Actions, Button, Card, Note, Style, Text, Tone, Typed, Words, plain, say
from bot.errors import Gone, Refusal
from bot.events import Deed
from bot.feature import Feature
from bot.options import ASKED, PARAGRAPH_LIMIT, Ask
from bot.undoing import deleted
from cogs.goals import proposals, service, standings
from cogs.goals.form import LANGUAGE, WORDS_AT_MOST, Filled, asking, fill
from cogs.goals.proposals import Proposal
from cogs.goals.reading import Gap, Goal, Missing, Reason, readers
from cogs.goals.service import GOALS_AT_MOST, NoRoomError
from cogs.goals.tables import Goal as Kept
from cogs.goals.words import EXAMPLES, bar, question, sentence, title
from db import entries
from db.drafts import find_value, save_value

goals = Feature("goals", "Set goals you can keep, and see them move.")

NO_ROOM: Final = say(
    "You have {n} goals under way, which is as many as I keep. Finish one first: {list}.",
    n=GOALS_AT_MOST,
    list=Typed("goal list"),
)


async def readings(call: Call, typed: str) -> Sequence[str]:
    """What would be read, as sentences that read the same; with one thing missing, ways to complete it."""
    if not typed.strip():
        return EXAMPLES
    reader, today = readers[LANGUAGE], call.today
    read = reader.read(typed, today=today)
    if isinstance(read, Missing):
        answers = _OFTEN.values() if read.gap is Gap.TIME else _NUMBERS if read.gap is Gap.QUANTITY else ()
        completed = [_completed(reader.complete(read, answer, today=today), today=today) for answer in answers]
        return [plain(sentence(each)) for each in completed if isinstance(each, Goal)]
    return [plain(sentence(read))]


@dataclass(frozen=True, slots=True)
class Wish:
    """What may become a goal."""

    words: str = field(repr=False)


def _completed(read: Goal | Missing, *, today: date) -> Goal | Missing:
    """With a time, where that is all that is still to be said."""
    if isinstance(read, Missing) and read.gap is Gap.TIME:
        return readers[LANGUAGE].complete(read, _OFTEN["Each week"], today=today)
    return read


async def _wish(call: Call, draft_id: UUID) -> Filling:
    wish = await find_value(call.db, Wish, draft_id, owner=call.member.fingerprint, now=call.now)
    return Filling({"goal": wish.words if wish else None})


async def _said(call: Call, proposal_id: UUID, turn: int) -> Filling:  # noqa: ARG001 - the form shows the newest
    proposal = await proposals.get(call.db, proposal_id, editor=call.member.fingerprint, at=call.now)
    if isinstance(proposal.said, Goal):
        return fill(proposal.said)
    read = readers[LANGUAGE].read(proposal.said, today=call.today)
    if isinstance(read, Goal):
        raise Gone
    # Two goals in one: what to keep of them is easier to say by cutting than by typing again.
    words = read.read.text if read.reason is Reason.SEVERAL else read.words
    return Filling(dict.fromkeys(("thing", "number", "time"), words))


Sentence = Annotated[
    str,
    Ask(
        "Your goal, in your own words",
        hint="What, how many, and how often or by when",
        example="apply to five jobs each week until March 1",
        at_most=200,
        complete=readings,
    ),
]
LongSentence = Annotated[
    str,
    Ask(
        "Your goal, in your own words",
        hint="What, how many, and how often or by when",
        example="apply to five jobs each week until March 1",
        paragraph=True,
    ),
]


@goals.command("goal set")
async def set_goal(call: Call, goal: Sentence = ASKED) -> Card:
    """Set a goal.

    Say it in your own words: what, how many, and how often or by when. I show what I read before anything is kept.
    """
    return await _read(call, goal)


@goals.action(title="A goal from it", form=_wish, adds=True)
async def set_from_lesson(call: Call, draft_id: UUID, goal: LongSentence = ASKED) -> Card:  # noqa: ARG001 - fills the form
    return await _read(call, goal)


@goals.action(needs=Needs(reads=True))
async def proposed(call: Call, proposal_id: UUID) -> Card:
    """The goal as it is now: on its way, set, or taken back."""
    return await _current(call, proposal_id)


@goals.action()
async def keep(call: Call, proposal_id: UUID, turn: int) -> Card:
    if await service.find(call.db, proposal_id, owner=call.member.id) is not None:
        return await _current(call, proposal_id)
    proposal = await proposals.get(call.db, proposal_id, editor=call.member.fingerprint, at=call.now)
    if proposal.turn != turn or not isinstance(proposal.said, Goal):
        return _card(call, proposal)
    try:
        await service.create(
            call.db, owner=call.member.id, goal_id=proposal.id, content=proposal.said, today=call.today, at=call.now
        )
    except NoRoomError:
        raise Refusal(NO_ROOM) from None
    await proposals.delete(call.db, proposal, editor=call.member.fingerprint)
    return await _current(call, proposal_id)


@goals.action(title="Change the goal", form=_said)
@asking
async def correct(call: Call, proposal_id: UUID, turn: int, form: Filled) -> Card:
    proposal = await proposals.get(call.db, proposal_id, editor=call.member.fingerprint, at=call.now)
    if proposal.turn != turn or not isinstance(proposal.said, Goal):
        return _card(call, proposal)
    return _card(call, await _change(call, proposal, form.goal(proposal.said, today=call.today)))


@goals.action()
async def answer(call: Call, proposal_id: UUID, turn: int, words: str) -> Card:
    """One of the answers that the buttons offer."""
    return await _answer(call, proposal_id, turn, words)


@goals.action(title="What", form=_said)
async def say_thing(
    call: Call,
    proposal_id: UUID,
    turn: int,
    thing: Annotated[str, Ask("What do you want to do?", example="apply to job postings", at_most=200)] = ASKED,
) -> Card:
    return await _answer(call, proposal_id, turn, thing)


@goals.action(title="How many", form=_said)
async def say_number(
    call: Call,
    proposal_id: UUID,
    turn: int,
    number: Annotated[str, Ask("How many do you want to do?", hint="One number, or two: 3-5", example="5")] = ASKED,
) -> Card:
    return await _answer(call, proposal_id, turn, number)


@goals.action(title="When", form=_said)
async def say_time(
    call: Call,
    proposal_id: UUID,
    turn: int,
    time: Annotated[str, Ask("How often, or by when?", example="each week until March 1")] = ASKED,
) -> Card:
    return await _answer(call, proposal_id, turn, time)


@goals.action()
async def take_back(call: Call, goal_id: UUID, version: int) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    await entries.delete_as_drawn(call.db, goal, version, at=call.now)
    return await _current(call, goal_id)


@goals.action()
async def bring_back(call: Call, goal_id: UUID, version: int) -> Card:
    goal = await service.get(call.db, goal_id, owner=call.member.id)
    if goal.is_deleted_as_drawn(version):
        await restore(call, goal)
    return await _current(call, goal_id)


async def restore(call: Call, goal: Kept) -> None:
    """Puts a deleted goal back on the list. Raises Refusal where it is full."""
    try:
        await service.undo_delete(call.db, goal)
    except NoRoomError:
        raise Refusal(NO_ROOM) from None


def taken_back(goal: Kept, undo: Button, *, redraw: str) -> Card:
    return deleted(say("“{goal}” is off your list.", goal=title(goal)), undo, title=say("Taken back"), redraw=redraw)


def how_it_counts(call: Call, goal: Kept) -> Words:
    logged = _LOGGED.get(goal.deed) if goal.deed else None
    if logged and logged in call.catalogue:
        return say("It moves by itself with {log}, which also keeps the details.", log=Typed(logged))
    return say("Count what you do with {log}.", log=Typed("goal log"))


async def offer(call: Call, lesson: str) -> Button:
    """A button that makes a goal of a lesson, whose words wait in a draft."""
    wish = Wish(lesson if len(lesson) <= PARAGRAPH_LIMIT else "")
    draft_id = await save_value(call.db, wish, owner=call.member.fingerprint, now=call.now)
    return set_from_lesson.button("Make it a goal", Style.PLAIN, draft_id)


async def _read(call: Call, text: str) -> Card:
    read = readers[LANGUAGE].read(text, today=call.today)
    said = _fitting(read)
    return _card(call, await proposals.create(call.db, said, editor=call.member.fingerprint, at=call.now), read)


async def _answer(call: Call, proposal_id: UUID, turn: int, words: str) -> Card:
    proposal = await proposals.get(call.db, proposal_id, editor=call.member.fingerprint, at=call.now)
    if proposal.turn != turn or not isinstance(proposal.said, str):
        return _card(call, proposal)
    reader = readers[LANGUAGE]
    read = asked = reader.read(proposal.said, today=call.today)
    if isinstance(asked, Missing):
        read = reader.complete(asked, words, today=call.today)
    proposal = await _change(call, proposal, _fitting(read))
    if isinstance(read, Missing) and read == asked:
        return _asking(proposal, read, unread=words)
    return _card(call, proposal, read)


async def _change(call: Call, proposal: Proposal, said: str | Goal) -> Proposal:
    return await proposals.change(call.db, proposal, said, editor=call.member.fingerprint, at=call.now)


def _fitting(read: Goal | Missing) -> str | Goal:
    """What a proposal keeps of it. Raises Refusal."""
    if isinstance(read, Missing):
        return read.read.text
    if len(read.verb) + len(read.thing) >= WORDS_AT_MOST:
        most = say("That is long for a goal. Say it again in at most {most} characters.", most=WORDS_AT_MOST)
        raise Refusal(most, set_goal.button("Set a goal", Style.PRIMARY))
    return read


async def _current(call: Call, proposal_id: UUID) -> Card:
    goal = await service.find(call.db, proposal_id, owner=call.member.id)
    if goal is None:
        return _card(call, await proposals.get(call.db, proposal_id, editor=call.member.fingerprint, at=call.now))
    if goal.is_deleted:
        undo = bring_back.button("Bring it back", Style.PLAIN, goal.id, goal.version)
        return taken_back(goal, undo, redraw=proposed.call(goal.id))
    (standing,) = await standings.find_standings(call.db, [goal], today=call.today)
    undo = take_back.button("Undo", Style.PLAIN, goal.id, goal.version)
    return Card(
        (bar(standing, today=call.today), Note(how_it_counts(call, goal)), Actions((undo,))),
        title=say("Your goal is set"),
        tone=Tone.GOOD,
        redraw=proposed.call(goal.id),
    )


def _card(call: Call, proposal: Proposal, read: Goal | Missing | None = None) -> Card:
    """`read` is what was read last, where that says more than the proposal kept."""
    if isinstance(proposal.said, str):
        read = read or readers[LANGUAGE].read(proposal.said, today=call.today)
        if isinstance(read, Missing):
            return _asking(proposal, read)
        raise Gone
    right = keep.button("Looks right", Style.PRIMARY, proposal.id, proposal.turn)
    change = correct.button("Change", Style.PLAIN, proposal.id, proposal.turn)
    return Card(
        (Text(say("**{goal}**", goal=sentence(proposal.said))), Actions((right, change))),
        title=say("I read this as"),
        redraw=proposed.call(proposal.id),
    )


def _asking(proposal: Proposal, read: Missing, *, unread: str = "") -> Card:
    """`unread` is an answer that did not help."""
    label, form = _FORMS[read.gap]
    offered = [
        answer.button(shown, Style.PLAIN, proposal.id, proposal.turn, words) for shown, words in _offered(read).items()
    ]
    other = form.button(label, Style.PLAIN if offered else Style.PRIMARY, proposal.id, proposal.turn)
    # The reader puts a comma before the time that is still to come.
    said = read.read.text.rstrip(" ,")
    told = [Text(say("“{text}”", text=said))] if said else []
    if unread:
        told.append(Text(say("I could not read “{words}” here.", words=unread)))
    return Card(
        (
            *told,
            Text(question(read)),
            Actions((*offered, other)),
            Note(say("For example: {example}.", example=EXAMPLES[0])),
        ),
        title=say("One thing at a time"),
        redraw=proposed.call(proposal.id),
    )


def _offered(read: Missing) -> Mapping[str, str]:
    """Answers that take one press: label -> words."""
    if read.reason is Reason.AMBIGUOUS:
        return {f"{day.day} {day:%B %Y}": day.isoformat() for day in read.dates}
    if read.gap is Gap.TIME and read.read.period is None:
        return _OFTEN
    return {number: number for number in _NUMBERS} if read.gap is Gap.QUANTITY else {}


_NUMBERS: Final = ("1", "3", "5", "10")
_OFTEN: Final[Mapping[str, str]] = {"Each day": "each day", "Each week": "each week", "Each month": "each month"}
_LOGGED: Final[Mapping[Deed, str]] = {
    Deed.APPLICATION: "application log",
    Deed.INTERVIEW: "application log",
    Deed.EVENT: "network event",
    Deed.COURSE: "course log",
}
_FORMS: Final[Mapping[Gap, tuple[str, Any]]] = {
    Gap.THING: ("Say what", say_thing),
    Gap.QUANTITY: ("Another number", say_number),
    Gap.TIME: ("Another time", say_time),
}
