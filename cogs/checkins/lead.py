"""Setting up a group's check-in, and how its rounds go: for those who lead the group."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Annotated, Final
from uuid import UUID

from bot.acts import Filling, Needs
from bot.call import Call
from bot.cards import (
    Actions,
    Card,
    Element,
    Fields,
    Note,
    Option,
    Row,
    Style,
    Text,
    Tone,
    Typed,
    Words,
    join,
    say,
    say_n,
)
from bot.errors import Gone, NotAllowed, WrongFields
from bot.options import ASKED, Ask, Choice
from bot.zones import REGIONS, clock, clocks, is_zone
from cogs.checkins import rounds, service, setups, views
from cogs.checkins.asking import open_again
from cogs.checkins.setups import QUESTIONS_AT_MOST, Setup, Times, coming_dates
from cogs.checkins.sharing import offer, read_on
from cogs.checkins.tables import Bank, Kind, SummaryTo
from cogs.checkins.words import checkins, question_of
from db.groups import Group
from db.jobs import is_open

ROWS: Final = 8
OWN_LENGTH: Final = 45
"""Of a question in one's own words, so that it fits a form as its label."""


class Day(Choice):
    """A day of the week."""

    MONDAY = "0", "Monday"
    TUESDAY = "1", "Tuesday"
    WEDNESDAY = "2", "Wednesday"
    THURSDAY = "3", "Thursday"
    FRIDAY = "4", "Friday"
    SATURDAY = "5", "Saturday"
    SUNDAY = "6", "Sunday"


class Hour(Choice):
    """An hour of the day; none in which most people sleep."""

    SEVEN = "7", "07:00"
    EIGHT = "8", "08:00"
    NINE = "9", "09:00"
    TEN = "10", "10:00"
    ELEVEN = "11", "11:00"
    TWELVE = "12", "12:00"
    THIRTEEN = "13", "13:00"
    FOURTEEN = "14", "14:00"
    FIFTEEN = "15", "15:00"
    SIXTEEN = "16", "16:00"
    SEVENTEEN = "17", "17:00"
    EIGHTEEN = "18", "18:00"
    NINETEEN = "19", "19:00"
    TWENTY = "20", "20:00"


class Window(Choice):
    """How long a round is open: long enough for every zone."""

    ONE_DAY = "30", "30 hours"
    TWO_DAYS = "48", "48 hours"
    THREE_DAYS = "72", "3 days"


NAMES: Final[Mapping[Kind, str]] = {Kind.PLAN: "Plan for the week", Kind.REVIEW: "Look back at the week"}
DEEDS: Final = say("This is for a group’s facilitators and the moderators. Ask one of them to do it.")


async def complete_led(call: Call, typed: str) -> Sequence[str]:
    """The names of the groups that the member leads here."""
    wanted = typed.casefold().strip()
    return [group.name for group in await _find_led(call) if wanted in group.name.casefold()]


@checkins.command("lead checkin", needs=Needs(reads=True), title="A group’s check-in")
async def lead_checkin(
    call: Call,
    group: Annotated[
        str | None, Ask("Which group?", hint="With one alone, leave it empty", complete=complete_led)
    ] = None,
) -> Card:
    """Set up your group's check-in: days, times, questions, and who reads the summary.

    For facilitators and moderators. Nothing starts before you have seen the next dates and said that it looks right.
    """
    led = await _find_led(call)
    if not led:
        raise NotAllowed(DEEDS)
    wanted = (group or "").casefold().strip()
    fits = [each for each in led if each.name.casefold() == wanted] or [
        each for each in led if wanted in each.name.casefold()
    ]
    if len(fits) == 1:
        return await _card(call, fits[0])
    found = fits or led
    rows = [Row(say("{name}", name=each.name), show.button("Open", Style.PLAIN, each.id)) for each in found[:ROWS]]
    more = len(found) - ROWS
    note = say_n(more, "And one more: type its name.", "And {n} more: type the name of yours.")
    return Card((*rows, *((Note(note),) if more > 0 else ())), title=say("Which group?"))


@checkins.action(needs=Needs(reads=True))
async def show(call: Call, group_id: UUID) -> Card:
    return await _card(call, await _get_led(call, group_id))


@checkins.action()
async def begin(call: Call, group_id: UUID) -> Card:
    """Looks right: it begins as it was proposed, or goes on as it was before it was stopped."""
    group = await _get_led(call, group_id)
    return await _change(call, group, await _setup(call, group), say("It is on."))


async def _filled_times(call: Call, group_id: UUID) -> Filling:
    setup = await _setup(call, await _get_led(call, group_id))
    values: dict[str, object] = {"open_for": str(setup.window_hours)}
    for kind in Kind:
        values[f"{kind}_days"] = tuple(Day(str(day)) for day in setup.times[kind].days)
        values[f"{kind}_at"] = str(setup.times[kind].at.hour)
    return Filling(values)


@checkins.action(title="Days and times", form=_filled_times)
async def change_times(
    call: Call,
    group_id: UUID,
    plan_days: Annotated[tuple[Day, ...], Ask("Plan the week on", hint="Choose none to leave it out")] = (),
    plan_at: Annotated[Hour, Ask("At", hint="Where each member is")] = ASKED,
    review_days: Annotated[tuple[Day, ...], Ask("Look back on", hint="Choose none to leave it out")] = (),
    review_at: Annotated[Hour, Ask("At", hint="Where each member is")] = ASKED,
    open_for: Annotated[Window, Ask("Open for")] = ASKED,
) -> Card:
    group = await _get_led(call, group_id)
    if not plan_days and not review_days:
        raise WrongFields({"plan_days": say("Choose at least one day here or below, or stop the check-in instead.")})
    times = {
        Kind.PLAN: Times(tuple(map(int, plan_days)), time(int(plan_at))),
        Kind.REVIEW: Times(tuple(map(int, review_days)), time(int(review_at))),
    }
    setup = replace(await _setup(call, group), times=times, window_hours=int(open_for))
    return await _change(call, group, setup, say("This is how it will be."))


async def _filled_questions(call: Call, group_id: UUID, kind: Kind) -> Filling:
    setup = await _setup(call, await _get_led(call, group_id))
    own = [str(each) for each in setup.questions[kind] if not isinstance(each, Bank)]
    banked = tuple(each for each in setup.questions[kind] if isinstance(each, Bank))
    return Filling({"bank": banked, **dict(zip(("own_1", "own_2", "own_3"), own, strict=False))})


_Own = Annotated[
    str | None,
    Ask("One in your own words", hint="At most five in all", example="What made you laugh?", at_most=OWN_LENGTH),
]


@checkins.action(title="Questions", form=_filled_questions)
async def change_questions(
    call: Call,
    group_id: UUID,
    kind: Kind,
    bank: Annotated[tuple[Bank, ...], Ask("Ask these", hint="At most five in all")] = (),
    own_1: _Own = None,
    own_2: _Own = None,
    own_3: _Own = None,
) -> Card:
    group = await _get_led(call, group_id)
    chosen = (*bank, *(each for each in (own_1, own_2, own_3) if each))
    if len(chosen) > QUESTIONS_AT_MOST:
        raise WrongFields({"bank": say("These are {n} with your own; at most five fit a form.", n=len(chosen))})
    setup = await _setup(call, group)
    setup = replace(setup, questions={**setup.questions, kind: chosen})
    return await _change(call, group, setup, say("This is what is asked from the next round on."))


@checkins.action()
async def change_summary(call: Call, group_id: UUID, to: SummaryTo) -> Card:
    group = await _get_led(call, group_id)
    setup = replace(await _setup(call, group), summary_to=to)
    return await _change(call, group, setup, say("This holds from the next round on."))


@checkins.action(needs=Needs(reads=True))
async def ask_zone(call: Call, group_id: UUID) -> Card:
    group = await _get_led(call, group_id)
    choices = [
        Actions((change_zone.select(region, clocks(region, now=call.now), group.id, number),))
        for number, region in enumerate(REGIONS)
    ]
    words = say("Where does your group’s week begin? Each member is still asked at that hour where they are.")
    return Card((Text(words), *choices, Actions((show.button("Back", Style.PLAIN, group.id),))), title=_title(group))


@checkins.action()
async def change_zone(call: Call, group_id: UUID, region: int, zone: str) -> Card:  # noqa: ARG001 - no two choices of a card share an id
    group = await _get_led(call, group_id)
    if not is_zone(zone):
        raise Gone
    return await _change(call, group, replace(await _setup(call, group), zone=zone), say("This is how it will be."))


@checkins.action()
async def stop(call: Call, group_id: UUID) -> Card:
    group = await _get_led(call, group_id)
    draft_id = await setups.save(call.db, group, editor=call.member.fingerprint, at=call.now)
    await setups.stop(call.db, group)
    await open_again(call, group)
    undo = undo_change.button("Undo", Style.PLAIN, group.id, draft_id)
    return await _card(call, group, Row(say("Stopped. What is open still closes with its summary."), undo))


@checkins.action()
async def undo_change(call: Call, group_id: UUID, draft_id: UUID) -> Card:
    group = await _get_led(call, group_id)
    await setups.change_back(call.db, group, draft_id=draft_id, editor=call.member.fingerprint, at=call.now)
    await open_again(call, group)
    return await _card(call, group, Text(say("It is as it was before.")))


@checkins.action(needs=Needs(reads=True))
async def how_it_goes(call: Call, group_id: UUID) -> Card:
    """Counts, and what needs a hand: never who did not answer, and no score of anybody."""
    group = await _get_led(call, group_id)
    view = await views.find_view(call.db, group, now=call.now)
    fields = tuple((NAMES[each.kind], _count_of(each)) for each in view.rounds)
    body: list[Element] = [Fields(fields)] if fields else [Text(say("No round has closed yet."))]
    if view.is_quiet:
        body.append(Text(say("Nobody answered for two weeks. A word from you in the group may help, or a pause.")))
    mine = await service.is_in(call.db, group, person_id=call.member.id)
    latest = next((each for each in view.rounds if each.shared), None)
    if mine and latest is not None:
        words = say("{name}, {day}: what was shared.", name=NAMES[latest.kind], day=latest.slot)
        body.append(Row(words, read_on.button("Read", Style.PLAIN, latest.round_id, 1)))
    if view.asks:
        body.append(Text(say_n(len(view.asks), "One ask has no helper yet.", "{n} asks have no helper yet.")))
        # What is shared is for the group: a moderator who is not in it sees how many there are.
        rows = [Row(say("{words}", words=each.line.words), offer.button("I can help", Style.PLAIN, each.line.id))
                for each in view.asks[:5] if mine and each.line.person_id != call.member.id]  # fmt: skip
        body += rows
    body.append(Note(_NUMBERS))
    return Card((*body, Actions((show.button("Back", Style.PLAIN, group.id),))), title=_title(group))


async def _change(call: Call, group: Group, setup: Setup, words: Words) -> Card:
    draft_id = await setups.save(call.db, group, editor=call.member.fingerprint, at=call.now)
    await setups.change(call.db, group, setup=setup, at=call.now)
    await open_again(call, group)
    undo = undo_change.button("Undo", Style.PLAIN, group.id, draft_id)
    return await _card(call, group, Row(words, undo), tone=Tone.GOOD)


async def _card(call: Call, group: Group, *first: Element, tone: Tone = Tone.PLAIN) -> Card:
    """The check-in as it is, or as it is proposed, with its next dates."""
    setup = await _setup(call, group)
    is_on = await setups.is_on(call.db, group)
    dates = await setups.find_dates(call.db, group, now=call.now) if is_on else coming_dates(setup, now=call.now)
    fields: list[tuple[str, Words]] = []
    for kind in Kind:
        if setup.times[kind].days:
            days = join(", ", [say("{day}", day=day) for day in dates[kind]])
            asks = [say("{words}", words=question_of(each)) for each in setup.questions[kind]]
            fields.append((NAMES[kind], say("{times}. Next: {days}", times=_times(setup.times[kind]), days=days)))
            fields.append(("Asks", join(" · ", asks or [_MOOD])))
    fields.append(("Time", say("{clock}", clock=clock(setup.zone, now=call.now))))
    fields.append(("Open for", say("{n} hours", n=setup.window_hours)))
    missing = (Note(_NO_PLACE),) if group.destination is None else ()
    if group.destination is not None and not await is_open(call.db, group.destination):
        missing = (Note(_CLOSED),)
    to_leaders = (Note(_TO_LEADERS),) if setup.summary_to is SummaryTo.LEADERS else ()
    state = () if is_on else (Text(say("It is not on. This is how it would be:")),)
    buttons = [
        change_times.button("Days and times", Style.PLAIN, group.id),
        change_questions.button("Questions of the plan", Style.PLAIN, group.id, Kind.PLAN),
        change_questions.button("Questions looking back", Style.PLAIN, group.id, Kind.REVIEW),
        ask_zone.button("Time zone", Style.PLAIN, group.id),
    ]
    last = stop.button("Stop", Style.PLAIN, group.id) if is_on else begin.button("Looks right", Style.PRIMARY, group.id)
    options = [Option(each.value, each.label) for each in SummaryTo]
    return Card(
        (
            *first,
            *state,
            Fields(tuple(fields)),
            *missing,
            *to_leaders,
            Actions((change_summary.select("The summary goes to", options, group.id, chosen=setup.summary_to.value),)),
            Actions((*buttons, last)),
            Actions((how_it_goes.button("How it goes", Style.PLAIN, group.id),)),
        ),
        title=_title(group),
        tone=tone,
        redraw=show.call(group.id),
    )


async def _find_led(call: Call) -> Sequence[Group]:
    return await service.find_led(call.db, call.member.id, role=call.member.role, community_id=call.place.community)


async def _get_led(call: Call, group_id: UUID) -> Group:
    """A group that the member leads, read afresh. Raises Gone for any other id."""
    for group in await _find_led(call):
        if group.id == group_id:
            return group
    raise Gone


async def _setup(call: Call, group: Group) -> Setup:
    return await setups.find_setup(call.db, group) or setups.default_setup(group.zone)


def _times(times: Times) -> Words:
    days = join(", ", [say("{day}s", day=Day(str(day)).label) for day in times.days])
    return say("{days} at {at}, where each member is", days=days, at=f"{times.at:%H:%M}")


def _count_of(each: views.RoundView) -> Words:
    number = rounds.shown(each.answered, of=each.members)
    counted = say("{n} answered", n=number) if number is not None else say("number not shown")
    return say("{day}: {counted}, {shared} shared", day=each.slot, counted=counted, shared=each.shared)


def _title(group: Group) -> Words:
    return say("Check-in of {group}", group=group.name)


_MOOD: Final = say("How are you?")
_NO_PLACE: Final = say(
    "The group has no place yet, so only those who chose direct messages are asked, and there is no summary there."
)
_TO_LEADERS: Final = say("Facilitators who have not chosen direct messages read the summary under **How it goes**.")
_CLOSED: Final = say(
    "I can no longer write in the group’s place, so nobody is asked there. {who} says what to do.",
    who=Typed("group who"),
)
_NUMBERS: Final = say(
    "How many answered is shown where it finds nobody out: from five people on, and with nobody or five missing. What "
    "one of them answered is never shown."
)
