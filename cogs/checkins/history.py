"""Looking back at one's own answers: how one was, and what one did, week by week."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from bot.acts import Needs
from bot.call import Call
from bot.cards import Actions, Card, Chart, Element, Note, Row, Series, Style, Text, Typed, Words, join, say, say_n
from cogs.checkins import records, service, shares
from cogs.checkins.commands import now
from cogs.checkins.shares import Said
from cogs.checkins.tables import Answer, Round
from cogs.checkins.words import MOODS, checkins, question_of, round_of

PAGE: Final = 5
LETTERS_SHOWN: Final = 250
"""Of an answer in the list, in whole lines; the rest is a press away."""
WEEKS: Final = 12


@checkins.command("checkin history", needs=Needs(reads=True))
async def history(call: Call) -> Card:
    """Look back at your answers, with how you were and what you logged week by week.

    Only you see it. Answers are kept for 6 months.
    """
    return await _page(call, 1)


@checkins.action(needs=Needs(reads=True))
async def page(call: Call, number: int) -> Card:
    return await _page(call, number)


@checkins.action(needs=Needs(reads=True))
async def read(call: Call, answer_id: UUID) -> Card:
    """A whole answer, also of a group that the member has left."""
    answer, found = await service.get_answer(call.db, answer_id, owner=call.member.id)
    mood = (Text(say("{mood}", mood=MOODS[answer.mood])),) if answer.mood else ()
    lines = [Text(_line(said)) for said in await shares.find_lines(call.db, answer)]
    return Card((*mood, *lines, Actions((page.button("Back", Style.PLAIN, 1),))), title=round_of(found))


async def going_soon(call: Call) -> Sequence[Element]:
    """A word of the oldest answers, where they go within two weeks."""
    first = await records.find_first_to_go(call.db, owner=call.member.id, now=call.now)
    if first is None:
        return ()
    words = say(
        "Your oldest check-ins go on {day}. Take them along: {export}.", day=first.date(), export=Typed("mydata export")
    )
    return (Note(words),)


async def _page(call: Call, number: int) -> Card:
    number = max(number, 1)
    found = await service.find_newest(call.db, owner=call.member.id, limit=PAGE + 1, skip=(number - 1) * PAGE)
    if not found and number == 1:
        words = say("Nothing here yet. After your first check-in, this shows how your weeks went.")
        return Card((Text(words), Actions((now.button("Check in now"),))), title=say("Your check-ins"))
    chart = await _chart(call) if number == 1 else ()
    lines = await shares.find_lines_of(call.db, [answer for answer, _ in found[:PAGE]])
    rows = [_row(answer, each, lines[answer.id]) for answer, each in found[:PAGE]]
    turns = [
        page.button(label, Style.PLAIN, to)
        for label, to, there in (("Newer", number - 1, number > 1), ("Older", number + 1, len(found) > PAGE))
        if there
    ]
    body = (*chart, *rows, *((Actions(tuple(turns)),) if turns else ()), *await going_soon(call))
    return Card(body, title=say("Your check-ins"))


def _row(answer: Answer, found: Round, lines: Sequence[Said]) -> Element:
    parts = [say("{mood}", mood=MOODS[answer.mood])] if answer.mood else []
    letters = 0
    for number, said in enumerate(lines):
        letters += len(said.line.words)
        if letters > LETTERS_SHOWN:
            rest = len(lines) - number
            parts.append(say_n(rest, "and one more line", "and {n} more lines"))
            break
        parts.append(say("{words}", words=said.line.words))
    words = say("**{round}** {said}", round=round_of(found), said=join(" · ", parts) if parts else say("Skipped"))
    return Row(words, read.button("Read", Style.PLAIN, answer.id)) if lines else Text(words)


def _line(said: Said) -> Words:
    return say("**{question}** {words}", question=question_of(said.question), words=said.line.words)


async def _chart(call: Call) -> Sequence[Element]:
    """The last weeks: the latest mood of each, beside all that was logged in it."""
    this = call.today - timedelta(days=call.today.weekday())
    mondays = [this - timedelta(weeks=ago) for ago in range(WEEKS - 1, -1, -1)]
    # There are at most two rounds a day.
    kept = await service.find_newest(call.db, owner=call.member.id, limit=WEEKS * 14, since=mondays[0])
    felt: dict[date, int] = {}
    for answer, found in reversed(kept):
        if answer.mood is not None:
            felt[found.slot - timedelta(days=found.slot.weekday())] = int(answer.mood)
    if not felt:
        return ()
    logged_on = await _logged(call, mondays[0])
    did = [sum(logged_on[monday + timedelta(days=day)] for day in range(7)) for monday in mondays]
    names = tuple(f"{day.day} {day:%b}" for day in mondays)
    moods = tuple(felt.get(monday, 0) for monday in mondays)
    series = (Series("How you were, 1 to 5", moods), Series("What you logged", tuple(did)))
    answered, logged = len(felt), sum(did)
    alt = say(
        "{weeks}, and {logged} logged in all. The latest was {latest} of 5.",
        weeks=say_n(answered, "You answered in one of the last 12 weeks", "You answered in {n} of the last 12 weeks"),
        logged=say_n(logged, "one thing", "{n} things"),
        latest=next(mood for mood in reversed(moods) if mood),
    )
    return (Chart("The last 12 weeks", names, series, alt),)


async def _logged(call: Call, since: date) -> Counter[date]:
    """How much was logged on each day."""
    counts = [await tally(call.db, call.member.id, since, date.max) for tally in call.extensions.tally]
    logged = Counter[date]()
    for days in (days for each in counts for days in each.values()):
        logged.update(days)
    return logged
