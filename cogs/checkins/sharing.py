"""What a group reads of a round: the summary, all that was shared in it, and offers of help."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.acts import Needs
from bot.call import Call, Run
from bot.cards import Actions, Card, Element, Heading, Mention, Note, Row, Style, Text, Tone, Words, say, say_n
from bot.errors import Gone, Refusal
from bot.outbox import Outbox, post_id_of
from cogs.checkins import records, rounds, shares
from cogs.checkins.records import summary_key
from cogs.checkins.shares import Said
from cogs.checkins.tables import Bank, Round, SummaryTo
from cogs.checkins.words import checkins, find_mentions, line_of, question_of, round_of
from db.members import Person

LINES_SHOWN: Final = 8
LETTERS_SHOWN: Final = 1200
"""So that a summary fits the smallest message, also where each letter is drawn as two. The rest is a press away."""
PAGE: Final = 5
SUMMARY_GRACE: Final = timedelta(hours=24)


async def publish(outbox: Outbox, found: Round) -> None:
    """Posts the summary of a closed round where it goes, once; draws it anew where it is there already."""
    group = await rounds.find_group(outbox.db, found)
    if group is None:
        return
    if found.summary_to is SummaryTo.GROUP and group.destination is not None:
        key = summary_key(found.id, None)
        made = await outbox.post(group.destination, summary.call(found.id, None), key=key, grace=SUMMARY_GRACE)
        if made is None:
            await outbox.redraw(post_id_of(key))
    if found.summary_to is SummaryTo.LEADERS:
        for leader in await records.find_leaders(outbox.db, group.id):
            key = summary_key(found.id, leader)
            made = await outbox.tell(
                leader, summary.call(found.id, leader), key=key, grace=SUMMARY_GRACE, group_zone=found.zone
            )
            if made is None:
                await outbox.redraw(post_id_of(key))


@checkins.job()
async def summary(run: Run, round_id: UUID, leader: UUID | None) -> Card | None:
    """What members chose to share, and how many answered where that finds nobody out."""
    async with run.reading() as db:
        found = await db.get(Round, round_id)
        group = None if found is None else await rounds.find_group(db, found)
        if found is None or group is None:
            return None
        destination = group.destination if leader is None else await _direct(db, leader)
        if destination is None:
            return None
        said = await shares.find_shared(db, found.id)
        shown = _that_fit(said)
        rest = len(said) - len(shown)
        body: list[Element] = [Text(_counted(found)), *[each async for each in _lines(db, shown, destination)]]
    if rest:
        words = say_n(rest, "And one more line.", "And {n} more lines.")
        body.append(Row(words, read_on.button("Read all", Style.PLAIN, found.id, 1)))
    body.append(Note(say("Each answer is private. This is only what somebody chose to share.")))
    return Card(tuple(body), title=round_of(found), private=leader is not None)


@checkins.action(needs=Needs(reads=True))
async def read_on(call: Call, round_id: UUID, page: int) -> Card:
    """All that was shared, some at a time."""
    found = await rounds.get_round(call.db, round_id, person_id=call.member.id)
    await _check_reader(call, found)
    said = await shares.find_shared(call.db, found.id) if found.closed_at else ()
    first = max(page - 1, 0) * PAGE
    body = [each async for each in _lines(call.db, said[first : first + PAGE], here(call))]
    turns = [
        read_on.button(label, Style.PLAIN, found.id, number)
        for label, number, there in (
            ("Before", page - 1, first > 0),
            ("Next", page + 1, first + PAGE < len(said)),
        )
        if there
    ]
    return Card((*body, *((Actions(tuple(turns)),) if turns else ())), title=round_of(found))


@checkins.action(needs=Needs(reads=True))
async def offer(call: Call, line_id: UUID) -> Card:
    """What the one who asked will read, before they do."""
    said = await _get_ask(call, line_id)
    return Card(
        (
            Text(say("The one who asked will read this, and nobody else:")),
            Text(_offered(said, Mention(call.member.key.user))),
            Actions((tell.button("Tell them", Style.PRIMARY, line_id),)),
        ),
        title=say("You can help"),
    )


@checkins.action()
async def tell(call: Call, line_id: UUID) -> Card:
    said = await _get_ask(call, line_id)
    made = await shares.offer_help(call.db, said, helper=call.member.id, at=call.now)
    if made is None:
        return Card((Text(say("You offered this before, and it stands. Thank you.")),))
    await call.tell(said.line.person_id, helped.call(made.id), key=shares.help_key(made.id))
    return Card(
        (
            Text(say("Thank you. They will read it: in their direct messages, or when they look at their check-in.")),
            Actions((take_help_back.button("Take it back", Style.PLAIN, made.id),)),
        ),
        tone=Tone.GOOD,
    )


@checkins.action()
async def take_help_back(call: Call, help_id: UUID) -> Card:
    await shares.take_help_back(call.db, help_id, helper=call.member.id)
    return Card((Text(say("Taken back. If they were told already, that message is being removed.")),))


@checkins.job()
async def helped(run: Run, help_id: UUID) -> Card | None:
    """Tells the one who asked, alone."""
    async with run.reading() as db:
        found = await shares.find_help(db, help_id)
        asker = None if found is None else await db.get(Person, found[1].line.person_id)
        if found is None or asker is None or asker.direct is None:
            return None
        made, said = found
        by = (await find_mentions(db, [made.person_id], destination=asker.direct)).get(made.person_id)
        return Card((Text(_offered(said, by)), Note(say("Write to them when it suits you."))), title=say("Help"))


def here(call: Call) -> str:
    """Where the caller reads, as far as naming people goes."""
    return f"{call.place.platform}:{call.member.key.tenant}:"


async def _direct(db: AsyncSession, person_id: UUID) -> str | None:
    person = await db.get(Person, person_id)
    return None if person is None else person.direct


async def _get_ask(call: Call, line_id: UUID) -> Said:
    """What somebody else asked for, where the caller may read it. Raises Refusal."""
    said, found = await shares.find_shared_line(call.db, line_id, reader=call.member.id)
    await _check_reader(call, found)
    if said.line.person_id == call.member.id or said.question is not Bank.ASK:
        raise Refusal("This is your own ask. Others in the group can answer it with this button.")
    return said


async def _check_reader(call: Call, found: Round) -> None:
    """What was shared with the facilitators is theirs alone to read. Raises Gone."""
    if found.summary_to is SummaryTo.GROUP or found.group_id is None:
        return
    if call.member.id not in await records.find_leaders(call.db, found.group_id):
        raise Gone


def _offered(said: Said, by: Mention | None) -> Words:
    return say("{by} can help with what you asked for: {words}", by=by or "A member", words=said.line.words)


def _counted(found: Round) -> Words:
    number = rounds.shown(found.answered, of=found.members)
    if number is None:
        return say("This check-in is closed. Thank you to everyone who took a moment.")
    return say("This check-in is closed. {n} people took a moment. Thank you.", n=number)


def _that_fit(said: Sequence[Said]) -> Sequence[Said]:
    shown, letters = 0, 0
    for each in said[:LINES_SHOWN]:
        letters += len(each.line.words)
        if letters > LETTERS_SHOWN:
            break
        shown += 1
    return said[:shown]


async def _lines(db: AsyncSession, said: Sequence[Said], destination: str) -> AsyncIterator[Element]:
    named = await find_mentions(db, [each.line.person_id for each in said], destination=destination)
    for question, group in groupby(said, key=lambda each: question_of(each.question)):
        yield Heading(say("{question}", question=question))
        for each in group:
            words = line_of(each, named.get(each.line.person_id))
            if each.question is Bank.ASK:
                yield Row(words, offer.button("I can help", Style.PLAIN, each.line.id))
            else:
                yield Text(words)
