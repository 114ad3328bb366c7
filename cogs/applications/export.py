"""Taking one's applications along as proof of a search for work: a spreadsheet, and a page to print."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from bot.acts import Working
from bot.call import Call, Run
from bot.cards import Card, File, Note, Text, say, say_n
from bot.errors import WrongFields
from bot.options import Ask
from cogs.applications import service
from cogs.applications.commands import READS, applications
from cogs.applications.facts import step
from cogs.applications.proof import Line, write_csv, write_html
from cogs.applications.tables import Application, Move


@applications.command("application export", needs=READS, title="Take them along")
async def export(
    call: Call,
    *,
    since: Annotated[
        date | None, Ask("From which day?", hint="Left empty, from the first", example="2026-01-01")
    ] = None,
    until: Annotated[date | None, Ask("Until which day?", hint="Left empty, until today", example="today")] = None,
) -> Card | Working:
    """Take your applications along, as proof of your search.

    A spreadsheet and a page to print, with dates, employers and what came of each. Your notes are in neither.
    """
    if since and until and since > until:
        raise WrongFields({"until": say("That is before {day}, where it begins.", day=since)})
    count = await service.count_between(call.db, owner=call.member.id, since=since, until=until)
    if not count:
        none = say("Nothing was noted for these days. Leave the days out to take all of it along.")
        return Card((Text(none),), title=say("Nothing to take along"))
    words = say_n(count, "I am writing down one application.", "I am writing down {n} applications.")
    return Working(Card((Text(words),)), write.call(call.member.id, call.today, since, until))


@applications.job()
async def write(run: Run, person_id: UUID, today: date, since: date | None, until: date | None) -> Card:
    async with run.reading() as db:
        found = service.find_between(db, owner=person_id, since=since, until=until)
        lines = [_line(entry, moves) async for entry, moves in found]
    table = await asyncio.to_thread(write_csv, lines)
    page = await asyncio.to_thread(write_html, lines, since=since, until=until, today=today)
    words = say_n(
        len(lines),
        "Here it is: one application, as a spreadsheet and as a page to print.",
        "Here they are: {n} applications, as a spreadsheet and as a page to print.",
    )
    private = say("Your notes are in neither. Whoever gets the files sees the employers and contacts in them.")
    return Card(
        (Text(words), Note(private)),
        title=say("Your applications"),
        files=(
            File("applications.csv", table, "Your applications, for a spreadsheet"),
            File("applications.html", page, "Your applications, to read and to print"),
        ),
    )


def _line(entry: Application, moves: Sequence[Move]) -> Line:
    return Line(
        entry.applied_on,
        entry.company,
        entry.role or "",
        entry.found or "",
        entry.method.label if entry.method else "",
        entry.contact or "",
        entry.stage.label,
        [(move.happened_on, step(move)) for move in moves],
    )
