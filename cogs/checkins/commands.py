"""Answering a check-in: one tap, some lines, a skip, a change, and a line shared after it was seen as it will be."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from bot.acts import Filling, Needs
from bot.call import Call
from bot.cards import (
    Actions,
    Button,
    Card,
    Divider,
    Element,
    Fields,
    Mention,
    Note,
    Row,
    Style,
    Text,
    Tone,
    Typed,
    Words,
    join,
    say,
)
from bot.errors import Gone, Refusal
from bot.options import Ask
from cogs.checkins import rounds, service, shares
from cogs.checkins.pause import NO_GROUP, ask_weeks
from cogs.checkins.service import OverError
from cogs.checkins.setups import QUESTIONS_AT_MOST, find_dates
from cogs.checkins.shares import PRIVATE, Said
from cogs.checkins.sharing import here, publish
from cogs.checkins.tables import Answer, Bank, Mood, Round, SummaryTo
from cogs.checkins.words import LINE_LENGTH, MOODS, checkins, find_mentions, line_of, question_of, round_of
from db.groups import Group, groups_of

Written = Annotated[str | None, Ask("A line", paragraph=True, at_most=LINE_LENGTH)]
"""In the words of the round's own question, where the form opens."""
LOW: Final = (Mood.HEAVY, Mood.LOW)


@checkins.command("checkin now", needs=Needs(reads=True), shortcut="Check in")
async def now(call: Call) -> Card:
    """Answer your group's check-in, or change your answer.

    One tap is enough. Only you see it; you choose later whether to share a line of it with your group.
    """
    groups = [group for group, _ in await groups_of(call.db, call.member.id, community_id=call.place.community)]
    if not groups:
        raise Refusal(NO_GROUP)
    begun = [(group, found) for group in groups if (found := await _current(call, group))]
    if len(begun) == 1:
        return await card(call, begun[0][1])
    if begun:
        rows = [
            Row(say("{group}", group=group.name), look.button("Open", Style.PLAIN, each.id)) for group, each in begun
        ]
        return Card(tuple(rows), title=say("Which group?"))
    return Card((Text(await _nothing_yet(call, groups)),))


@checkins.action(needs=Needs(reads=True))
async def look(call: Call, round_id: UUID) -> Card:
    """One's own answer as it stands, or the question."""
    return await card(call, await _round(call, round_id))


@checkins.action(needs=Needs(reads=True))
async def ask_again(call: Call, round_id: UUID) -> Card:
    found = await _open_round(call, round_id)
    return Card(
        (Text(say("How are you?")), moods(found), Actions((look.button("Back", Style.PLAIN, found.id),))),
        title=round_of(found),
    )


@checkins.action()
async def feel(call: Call, round_id: UUID, mood: Mood) -> Card:
    found = await _round(call, round_id)
    try:
        former = await service.feel(call.db, found, owner=call.member.id, mood=mood, at=call.now)
    except OverError:
        raise _over() from None
    answer = await service.find_answer(call.db, found.id, owner=call.member.id)
    if answer is None:
        raise Gone
    if former is mood:  # pressed twice: the first answer has the Undo
        return await card(call, found, Text(say("Noted.")))
    undo = feel_back.button("Undo", Style.PLAIN, found.id, answer.version, former)
    words = say("Noted. You need not do more today.") if mood in LOW else say("Noted. Thank you.")
    return await card(call, found, Row(words, undo))


@checkins.action()
async def feel_back(call: Call, round_id: UUID, version: int, former: Mood | None) -> Card:
    found = await _round(call, round_id)
    back = await service.feel_back(call.db, found, owner=call.member.id, version=version, mood=former)
    return await card(call, found, *((Text(say("It is as it was before.")),) if back else ()))


async def _filled(call: Call, round_id: UUID) -> Filling:
    found = await _open_round(call, round_id)
    questions = await rounds.find_questions_of(call.db, found)
    answer = await service.find_answer(call.db, found.id, owner=call.member.id)
    written = {said.line.number: said.line.words for said in await shares.find_lines(call.db, answer)}
    values: dict[str, object] = {_NAMES[number - 1]: words for number, words in written.items()}
    asks: dict[str, Ask | None] = dict.fromkeys(_NAMES)
    for question, name in zip(questions, _NAMES, strict=False):
        words = question_of(question.bank or question.words or "")
        asks[name] = Ask(words, paragraph=True, at_most=LINE_LENGTH)
        if question.bank is Bank.DID and not written:
            values[name] = await _logged(call)
    return Filling(values, asks=asks)


@checkins.action(title="Write a few lines", form=_filled)
async def write(
    call: Call,
    round_id: UUID,
    line_1: Written = None,
    line_2: Written = None,
    line_3: Written = None,
    line_4: Written = None,
    line_5: Written = None,
) -> Card:
    found = await _round(call, round_id)
    texts = (line_1, line_2, line_3, line_4, line_5)
    shared = await _is_shared(call, found)
    try:
        draft_id = await service.write(
            call.db, found, owner=call.member.id, texts=texts, editor=call.member.fingerprint, at=call.now
        )
    except OverError:  # while they wrote
        raise _over(*filter(None, texts)) from None
    if draft_id is None:
        return await card(call, found)
    if shared:
        await _publish_again(call, found)
    undo = write_back.button("Undo", Style.PLAIN, found.id, draft_id)
    return await card(call, found, Row(say("Kept, for you alone."), undo))


@checkins.action()
async def write_back(call: Call, round_id: UUID, draft_id: UUID) -> Card:
    found = await _round(call, round_id)
    shared = await _is_shared(call, found)
    await service.write_back(
        call.db, found, owner=call.member.id, draft_id=draft_id, editor=call.member.fingerprint, at=call.now
    )
    if shared:
        await _publish_again(call, found)
    return await card(call, found, Text(say("It is as it was before.")))


@checkins.action()
async def skip(call: Call, round_id: UUID) -> Card:
    found = await _round(call, round_id)
    try:
        skipped = await service.skip(call.db, found, owner=call.member.id, at=call.now)
    except OverError:
        raise _over() from None
    if not skipped:
        return await card(call, found)
    return Card(
        (
            Text(say("Skipped. You are not asked again this time, and nothing breaks by it.")),
            Actions((unskip.button("Undo", Style.PLAIN, found.id),)),
        ),
        tone=Tone.CALM,
        redraw=look.call(found.id),
    )


@checkins.action()
async def unskip(call: Call, round_id: UUID) -> Card:
    found = await _round(call, round_id)
    await service.unskip(call.db, found, owner=call.member.id)
    return await card(call, found)


@checkins.action(needs=Needs(reads=True))
async def preview(call: Call, line_id: UUID) -> Card:
    """A line exactly as the group would read it. What the screens find is shown here, and changes nothing."""
    said, found = await shares.find_own_line(call.db, line_id, owner=call.member.id)
    if said.question in PRIVATE or found.summary_to is SummaryTo.NOBODY:
        raise Gone
    shown = [screen([said.line.words]) for screen in call.extensions.screen]
    first = [element for each in shown if each is not None for element in (*each.body, Divider())]
    return Card(
        (
            *first,
            Text(say("This is how it will read:")),
            Text(say("**{question}**", question=question_of(said.question))),
            Text(line_of(said, Mention(call.member.key.user))),
            Note(_where(call, found)),
            Actions(
                (
                    share.button("Share as written", Style.PLAIN, line_id, said.line.version),
                    look.button("Keep private", Style.PLAIN, found.id),
                )
            ),
        ),
        title=say("Share this line?"),
    )


@checkins.action()
async def share(call: Call, line_id: UUID, version: int) -> Card:
    said, found = await shares.find_own_line(call.db, line_id, owner=call.member.id)
    if said.line.version != version or found.summary_to is SummaryTo.NOBODY:  # not what they were shown
        return await card(call, found)
    await shares.share(call.db, said, at=call.now)
    await _publish_again(call, found)
    return await card(call, found, Text(say("Shared, as you saw it. Below you can take it back.")))


@checkins.action()
async def unshare(call: Call, line_id: UUID) -> Card:
    said, found = await shares.find_own_line(call.db, line_id, owner=call.member.id)
    await shares.unshare(call.db, said)
    await _publish_again(call, found)
    return await card(call, found, Text(say("It is yours alone again.")))


async def card(call: Call, found: Round, *first: Element) -> Card:
    """The round as its member sees it now: their answer, else the question."""
    answer = await service.find_answer(call.db, found.id, owner=call.member.id)
    planned = await service.find_planned(call.db, found, owner=call.member.id)
    plan = (Text(say("At the beginning of the week you planned: {words}", words=planned)),) if planned else ()
    writes = bool(await rounds.find_questions_of(call.db, found))
    is_open = await rounds.takes_answers(call.db, found, now=call.now)
    body: Sequence[Element]
    if answer is not None and not answer.skipped:
        body = await _answered(call, found, answer, plan, writes=is_open and writes, is_open=is_open)
    elif is_open:
        skipped = (Note(say("You skipped this one. You can still answer.")),) if answer else ()
        body = (*skipped, *plan, *question(found, writes=writes))
    else:
        body = (*plan, Text(_OVER))
    more = () if is_open else (Actions((_next(),)),)
    return Card((*first, *body, *more), title=round_of(found), redraw=look.call(found.id))


def question(found: Round, *, writes: bool) -> tuple[Element, ...]:
    """The question itself, the same in private and in a group's place: what is pressed is answered in private."""
    buttons: list[Button] = [skip.button("Skip", Style.PLAIN, found.id)]
    if found.group_id is not None:
        buttons.append(ask_weeks.button("Pause", Style.PLAIN, found.group_id))
    if writes:
        buttons.insert(0, write.button("Write a few lines", Style.PLAIN, found.id))
    alone = Note(say("Your answer is for you alone. You can share a line of it later."))
    return (Text(say("How are you? One tap is enough.")), alone, moods(found), Actions(tuple(buttons)))


def moods(found: Round) -> Actions:
    return Actions(tuple(feel.button(label, Style.PLAIN, found.id, mood) for mood, label in MOODS.items()))


async def _answered(
    call: Call, found: Round, answer: Answer, plan: Sequence[Element], *, writes: bool, is_open: bool
) -> Sequence[Element]:
    lines = await shares.find_lines(call.db, answer)
    mood = (Fields((("You", say("{mood}", mood=MOODS[answer.mood])),)),) if answer.mood else ()
    late = (Note(say("This came after the end, so it is marked late.")),) if answer.late else ()
    buttons: list[Button] = []
    if writes:
        buttons.append(write.button("Change my lines" if lines else "Write a few lines", Style.PLAIN, found.id))
    if is_open:
        buttons.append(ask_again.button("Change how I am" if mood else "Say how I am", Style.PLAIN, found.id))
    until = Note(_until(call, found, is_open=is_open))
    changes = (Actions(tuple(buttons)),) if buttons else ()
    return (*mood, *plan, *_rows(lines, found), *late, *await _helpers(call, found), until, *changes)


def _rows(lines: Sequence[Said], found: Round) -> list[Element]:
    rows: list[Element] = []
    for said in lines:
        words = say("**{question}** {words}", question=question_of(said.question), words=said.line.words)
        if said.question in PRIVATE or found.summary_to is SummaryTo.NOBODY:
            rows.append(Text(words))
        elif said.line.shared_at is None:
            rows.append(Row(words, preview.button("Share", Style.PLAIN, said.line.id)))
        else:
            back = unshare.button("Take back", Style.PLAIN, said.line.id)
            rows.append(Row(say("{words} · shared", words=words), back))
    return rows


async def _helpers(call: Call, found: Round) -> Sequence[Element]:
    helpers = await shares.find_helpers(call.db, found.id, owner=call.member.id)
    if not helpers:
        return ()
    named = await find_mentions(call.db, helpers, destination=here(call))
    if not named:
        return (Text(say("Somebody in the group can help with what you asked for.")),)
    names = join(", ", [say("{by}", by=each) for each in named.values()])
    return (Text(say("{names} can help with what you asked for.", names=names)),)


def _until(call: Call, found: Round, *, is_open: bool) -> Words:
    if not is_open:
        return say("Only you see this. The next check-in has begun, so it stays as it is.")
    if call.now < found.closes_at and found.summary_to is not SummaryTo.NOBODY:
        words = "Only you see this. You can change it until the next check-in begins. The summary comes on {end}."
        return say(words, end=found.closes_at)
    return say("Only you see this. You can change it until the next check-in begins.")


def _where(call: Call, found: Round) -> Words:
    readers = say("your group") if found.summary_to is SummaryTo.GROUP else say("your group’s facilitators")
    if call.now < found.closes_at:
        return say("For {readers}, under your name, in the summary of {end}.", readers=readers, end=found.closes_at)
    return say("For {readers}, under your name, in the summary that is there already.", readers=readers)


async def _logged(call: Call) -> str | None:
    """What the member has logged since Monday, as the first words of a line that they may change."""
    monday = call.today - timedelta(days=call.today.weekday())
    counts = [await tally(call.db, call.member.id, monday, call.today) for tally in call.extensions.tally]
    parts = [f"{deed.label}: {sum(days.values())}" for each in counts for deed, days in each.items()]
    return ", ".join(parts) or None


async def _nothing_yet(call: Call, groups: Sequence[Group]) -> Words:
    coming = [await find_dates(call.db, group, now=call.now) for group in groups]
    dates = [day for each in coming for days in each.values() for day in days]
    if not dates:
        lead = Typed("lead checkin")
        return say("Your group has no check-in yet. Its facilitator sets one up with {lead}.", lead=lead)
    return say("No check-in has begun yet. The next one is on {day}.", day=min(dates))


async def _is_shared(call: Call, found: Round) -> bool:
    answer = await service.find_answer(call.db, found.id, owner=call.member.id)
    return any(said.line.shared_at for said in await shares.find_lines(call.db, answer))


async def _publish_again(call: Call, found: Round) -> None:
    """What is shared or taken back before the end waits for the summary; later it changes the one that is there."""
    if found.closed_at is not None:
        await publish(call, found)


async def _current(call: Call, group: Group) -> Round | None:
    return await rounds.find_current(call.db, group.id, now=call.now)


async def _round(call: Call, round_id: UUID) -> Round:
    return await rounds.get_round(call.db, round_id, person_id=call.member.id)


async def _open_round(call: Call, round_id: UUID) -> Round:
    """One that still takes answers. Raises Refusal, so that nobody writes what cannot be kept."""
    found = await _round(call, round_id)
    if not await rounds.takes_answers(call.db, found, now=call.now):
        raise _over()
    return found


def _over(*written: str) -> Refusal:
    """With what they have written, so that they can take it along."""
    words = _OVER
    if written:
        lines = join("\n", [say("{line}", line=each) for each in written])
        words = say("{over} This is what you wrote:\n{lines}", over=words, lines=lines)
    return Refusal(words, _next())


def _next() -> Button:
    return now.button("Open the next one")


_OVER: Final = say("The next check-in has begun, so this one is over.")
_NAMES: Final = tuple(f"line_{number}" for number in range(1, QUESTIONS_AT_MOST + 1))
