"""Applications on one's own page: the question about a quiet one, twelve weeks of them, and where they stop."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Call
from bot.cards import Actions, Chart, Element, Heading, Note, Series, Table, Text, Words, join, say, say_n
from bot.events import Deed
from bot.extensions import Part
from cogs.applications import figures, service
from cogs.applications.commands import applications, log, quiet, row
from cogs.applications.figures import ENOUGH, WEEKS, Stop, Week
from cogs.applications.service import Shown

ON_HOME: Final = 3


@applications.home
async def newest(call: Call) -> Sequence[Element]:
    """The latest ones that are open."""
    if not call.member.keeps:
        return ()
    found = await service.find_newest(call.db, owner=call.member.id, today=call.today, limit=ON_HOME, shown=Shown.OPEN)
    add = Actions((log.button("Log an application"),))
    return (Heading(say("Open applications")), *map(row, found), add) if found else (add,)


@applications.progress(part=Part.OUTCOMES)
async def heard_back(call: Call) -> Sequence[Element]:
    return await quiet(call) if call.member.keeps else ()


@applications.progress(part=Part.WEEKS)
async def last_weeks(call: Call) -> Sequence[Element]:
    if not call.member.keeps:
        return ()
    weeks = await figures.count_weeks(call.db, owner=call.member.id, today=call.today)
    if not any(week.applications or week.interviews for week in weeks):
        return ()
    series = (
        Series("Applications", tuple(week.applications for week in weeks)),
        Series("Interviews", tuple(week.interviews for week in weeks)),
    )
    return (Chart("The last 12 weeks", tuple(_monday(week.begins) for week in weeks), series, _in_words(weeks)),)


@applications.progress(part=Part.OUTCOMES)
async def where_they_stop(call: Call) -> Sequence[Element]:
    """Rates, once there are enough to say anything."""
    if not call.member.keeps:
        return ()
    ends = await figures.count_stops(call.db, owner=call.member.id)
    if not ends.closed:
        return ()
    heading = Heading(say("Where applications stop"))
    if ends.closed < ENOUGH:
        words = say_n(
            ends.closed,
            "One application is closed. From {enough} on, this shows where they tend to stop; before that, one no "
            "says nothing about the next.",
            "{n} applications are closed. From {enough} on, this shows where they tend to stop; before that, one no "
            "says nothing about the next.",
            enough=ENOUGH,
        )
        return (heading, Note(words))
    rows = tuple(_row(stop, ends.closed) for stop in ends.stops if stop.reached)
    others = (
        say_n(ends.withdrawn, "One you withdrew yourself.", "{n} you withdrew yourself.") if ends.withdrawn else None,
        say_n(ends.offers, "One led to an offer.", "{n} led to an offer.") if ends.offers else None,
    )
    words = join(" ", [say("Out of {n} that are closed.", n=ends.closed), *(each for each in others if each)])
    return (heading, Table("How far they came", ("Stage", "Came here", "A no here", "No reply"), rows), Text(words))


@applications.tally
async def logged(db: AsyncSession, person_id: UUID, since: date, until: date) -> Mapping[Deed, Mapping[date, int]]:
    return await figures.count_deeds(db, owner=person_id, since=since, until=until)


def _row(stop: Stop, closed: int) -> tuple[Words, ...]:
    stage = say("{stage}", stage=stop.stage.label)
    return (stage, _rate(stop.reached, closed), _rate(stop.rejected, stop.reached), _rate(stop.silent, stop.reached))


def _rate(n: int, of: int) -> Words:
    return say("{n} ({share}%)", n=n, share=round(100 * n / of))


def _monday(day: date) -> str:
    return f"{day.day} {day:%b}"


def _in_words(weeks: Sequence[Week]) -> Words:
    *_, this = weeks
    applied, met = sum(week.applications for week in weeks), sum(week.interviews for week in weeks)
    return say(
        "In the last {weeks} weeks: {applied}, {met}. This week: {applied_now}, {met_now}.",
        weeks=WEEKS,
        applied=_applications(applied),
        met=_interviews(met),
        applied_now=_applications(this.applications),
        met_now=_interviews(this.interviews),
    )


def _applications(n: int) -> Words:
    return say_n(n, "one application", "{n} applications") if n else say("no applications")


def _interviews(n: int) -> Words:
    return say_n(n, "one interview", "{n} interviews") if n else say("no interviews")
