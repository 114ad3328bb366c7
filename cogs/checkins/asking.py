"""What comes of each date of a check-in: whom it asks when, the one reminder, and the end."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.call import Call, Run
from bot.cards import Actions, Card, Element, Mention, Style, Text, Typed, Words, join, say
from bot.events import PlaceClosed, ReachChanged
from bot.outbox import Outbox, gathered, post_id_of
from bot.presence import confirm_before
from bot.turn import Turn
from cogs.checkins import records, rounds, service, setups, views, wishes
from cogs.checkins.commands import question
from cogs.checkins.records import together_key
from cogs.checkins.rounds import Recipient
from cogs.checkins.setups import GRACE, SCHEDULES
from cogs.checkins.sharing import SUMMARY_GRACE, publish
from cogs.checkins.tables import Answer, Asked, CheckIn, Kind, Round, Way
from cogs.checkins.words import checkins, find_mentions, round_of
from db.groups import Group, find_group_member
from db.posts import is_posted
from db.quiet import after_quiet
from db.schedules import delete_schedules_of

__all__ = ["checkins", "open_again", "plan_again"]


@checkins.schedule(SCHEDULES[Kind.PLAN])
async def begin_plan(turn: Turn) -> None:
    await _begin(turn, Kind.PLAN)


@checkins.schedule(SCHEDULES[Kind.REVIEW])
async def begin_review(turn: Turn) -> None:
    await _begin(turn, Kind.REVIEW)


async def open_again(outbox: Outbox, group: Group) -> None:
    """After a change: makes the rounds anew in which nobody was asked yet, as far as their dates are still meant."""
    await rounds.delete_unopened(outbox.db, group.id, now=outbox.now)
    checkin = await setups.find_checkin(outbox.db, group.id)
    if checkin is None:
        return
    for kind, slot, at in await setups.find_dates_taken(outbox.db, checkin, now=outbox.now):
        made = await rounds.create_round(
            outbox.db, checkin, kind=kind, slot=slot, at=at, zone=checkin.zone, now=outbox.now
        )
        if made is not None:
            await _open(outbox, made)


async def plan_again(outbox: Outbox, person_id: UUID) -> None:
    """What was planned to be asked of a member, in all groups they are in now; what was asked stays."""
    await rounds.unplan(outbox.db, person_id=person_id, now=outbox.now)
    for found in await rounds.find_open_rounds_of(outbox.db, person_id, now=outbox.now):
        group = await rounds.find_group(outbox.db, found)
        asked = await rounds.find_asked(outbox.db, found.id, person_id)
        for recipient in await rounds.find_recipients(outbox.db, found, now=outbox.now, only=person_id):
            await _plan(outbox, found, group, recipient, asked, late=True)


@checkins.listen(ReachChanged)
async def reach_changed(outbox: Outbox, changed: ReachChanged) -> tuple[Element, ...]:
    await plan_again(outbox, changed.person_id)
    return ()


@checkins.listen(PlaceClosed)
async def place_closed(outbox: Outbox, closed: PlaceClosed) -> tuple[Element, ...]:
    """Who cannot be reached directly any more is asked in the group's place; what did reach them is not asked twice."""
    if closed.person_id is None:
        return ()
    for found in await rounds.find_open_rounds_of(outbox.db, closed.person_id, now=outbox.now):
        asked = await rounds.find_asked(outbox.db, found.id, closed.person_id)
        if asked is not None and asked.way is Way.DIRECT:
            key = _key(found, closed.person_id, asked.at, "ask")
            if not await is_posted(outbox.db, post_id_of(key)):
                await rounds.forget(outbox.db, asked)
    await plan_again(outbox, closed.person_id)
    return ()


@checkins.job()
async def ask_alone(run: Run, round_id: UUID, person_id: UUID, at: int) -> Card | None:
    """Asks in a member's direct messages; nothing where that was planned anew, or is not needed any more."""
    async with run.reading() as db:
        found = await _waits(db, round_id, person_id, at=at, now=run.now, way=Way.DIRECT)
        if found is None:
            return None
        planned = await service.find_planned(db, found, owner=person_id)
        writes = bool(await rounds.find_questions_of(db, found))
    words = (Text(say("At the beginning of the week you planned: {words}", words=planned)),) if planned else ()
    return Card((*words, *question(found, writes=writes)), title=round_of(found))


@checkins.job()
async def ask_together(run: Run, round_id: UUID, at: int) -> Card | None:
    """Asks in the group's place, naming once those whose hour it is; each answers in private."""
    moment = datetime.fromtimestamp(at, UTC)
    async with run.reading() as db:
        found = await db.get(Round, round_id)
        group = None if found is None else await rounds.find_group(db, found)
        if found is None or group is None or group.destination is None:
            return None
        people = await rounds.find_asked_together(db, found, at=moment)
        if not people:
            return None
        named = tuple((await find_mentions(db, people, destination=group.destination)).values())
        writes = bool(await rounds.find_questions_of(db, found))
    body = (Text(_names(named)),) if named else ()
    return Card((*body, *question(found, writes=writes)), title=round_of(found), private=False, notify=named)


@checkins.job()
async def nudge(run: Run, round_id: UUID, person_id: UUID, at: int) -> Card | None:
    """The one reminder, in direct messages, to who has not answered and is not away."""
    async with run.reading() as db:
        found = await _waits(db, round_id, person_id, at=at, now=run.now)
        wish = await wishes.find_wish(db, owner=person_id)
        if found is None or not wish.nudges or wish.way is Way.GROUP:
            return None
        writes = bool(await rounds.find_questions_of(db, found))
    return Card(
        (
            Text(
                say("This check-in is open until {end}. If it does not fit today, that is fine.", end=found.closes_at)
            ),
            *question(found, writes=writes),
            Actions((no_nudges.button("No more reminders", Style.PLAIN),)),
        ),
        title=round_of(found),
    )


@checkins.job()
async def close(run: Run, round_id: UUID) -> None:
    """Closes a round, and posts its summary where anybody answered; not days late, after a silence of the bot."""
    async with run.transaction() as db:
        found = await rounds.close(db, round_id, now=run.now)
        if found is None or run.now - found.closes_at > SUMMARY_GRACE:
            return
        if found.answered:
            await publish(run.asking(db), found)
        else:
            await _tell_of_silence(run.asking(db), found)


@checkins.job()
async def quiet(run: Run, group_id: UUID, leader: UUID) -> Card | None:
    """A note to a facilitator whose group fell silent; nothing where somebody answered meanwhile."""
    async with run.reading() as db:
        group = await db.get(Group, group_id)
        if group is None or leader not in await records.find_leaders(db, group_id):
            return None
        if not (await views.find_view(db, group, now=run.now)).is_quiet:
            return None
    words = say(
        "Nobody in {group} answered a check-in for two weeks. A word from you may help. Other days or fewer questions "
        "may, too: {lead}.",
        group=group.name,
        lead=Typed("lead checkin"),
    )
    return Card((Text(words),), title=say("A quiet group"))


@checkins.action()
async def no_nudges(call: Call) -> Card:
    await wishes.change_wish(call.db, owner=call.member.id, nudges=False)
    undo = nudges_again.button("Undo", Style.PLAIN)
    return Card((Text(say("I do not remind you any more. You are still asked.")), Actions((undo,))))


@checkins.action()
async def nudges_again(call: Call) -> Card:
    await wishes.change_wish(call.db, owner=call.member.id, nudges=True)
    return Card((Text(say("I remind you once before a check-in closes, where you have not answered.")),))


async def _begin(turn: Turn, kind: Kind) -> None:
    checkin = await turn.db.get(CheckIn, turn.subject)
    if checkin is None:  # its group was dissolved
        await delete_schedules_of(turn.db, turn.subject)
        return
    made = await rounds.create_round(
        turn.db, checkin, kind=kind, slot=turn.slot, at=turn.at, zone=turn.zone, now=turn.now
    )
    if made is not None:
        await _open(turn, made)


async def _open(outbox: Outbox, found: Round) -> None:
    """Plans a round that was made just now: nobody is asked in it yet."""
    group = await rounds.find_group(outbox.db, found)
    async with gathered(outbox) as together:
        for recipient in await rounds.find_recipients(outbox.db, found, now=outbox.now):
            await _plan(together, found, group, recipient, None, late=False)
        if found.group_id is not None:
            await confirm_before(together, found.group_id, at=found.opens_at, key=f"checkin:{found.id}:confirm")
        await together.later(close.call(found.id), at=found.closes_at, key=f"checkin:{found.id}:close")


async def _tell_of_silence(outbox: Outbox, found: Round) -> None:
    group = await rounds.find_group(outbox.db, found)
    if group is None or not (await views.find_view(outbox.db, group, now=outbox.now)).is_quiet:
        return
    year, week, _ = found.slot.isocalendar()
    for leader in await records.find_leaders(outbox.db, group.id):
        # Once in two weeks, however long it lasts.
        key = f"checkin:{group.id}:{leader}:quiet:{year}:{week // 2}"
        await outbox.tell(leader, quiet.call(group.id, leader), key=key, group_zone=group.zone)


async def _plan(
    outbox: Outbox, found: Round, group: Group | None, recipient: Recipient, asked: Asked | None, *, late: bool
) -> None:
    """Plans the question, unless they were `asked`, and the reminder for one member.

    `late`: who was not asked at their hour is asked now.
    """
    if asked is None:
        if recipient.way is Way.GROUP and (group is None or group.destination is None):
            return
        at = _moment(found, recipient, now=outbox.now) if late else recipient.at
        if at >= found.closes_at:
            return
        asked = await rounds.set_asked(outbox.db, found, person_id=recipient.person.id, way=recipient.way, at=at)
        await _ask(outbox, found, recipient, at=at, destination=group.destination if group else None)
    if recipient.way is Way.DIRECT:
        await _remind(outbox, found, recipient.person.id, asked_at=asked.at)


async def _ask(outbox: Outbox, found: Round, recipient: Recipient, *, at: datetime, destination: str | None) -> None:
    grace = min(GRACE, found.closes_at - at)
    person_id, second = recipient.person.id, int(at.timestamp())
    if recipient.way is Way.DIRECT:
        call = ask_alone.call(found.id, person_id, second)
        key = _key(found, person_id, at, "ask")
        await outbox.tell(person_id, call, at=at, key=key, grace=grace, group_zone=found.zone)
    elif destination is not None:
        call = ask_together.call(found.id, second)
        await outbox.post(destination, call, at=at, key=together_key(found.id, at), grace=grace)


async def _remind(outbox: Outbox, found: Round, person_id: UUID, *, asked_at: datetime) -> None:
    at = rounds.nudge_at(found, asked_at)
    key, grace = _key(found, person_id, asked_at, "nudge"), found.closes_at - at
    call = nudge.call(found.id, person_id, int(asked_at.timestamp()))
    told = await outbox.tell(person_id, call, at=at, key=key, grace=grace, group_zone=found.zone)
    if told is None:  # their night may be at other hours by now
        await outbox.postpone(person_id, key, at=at, grace=grace, group_zone=found.zone)


def _moment(found: Round, recipient: Recipient, *, now: datetime) -> datetime:
    if recipient.at > now:
        return recipient.at
    # Whole seconds, since that is how a moment travels in a job.
    return after_quiet(now.replace(microsecond=0) + timedelta(seconds=1), recipient.person, elsewhere=found.zone)


async def _waits(
    db: AsyncSession, round_id: UUID, person_id: UUID, *, at: int, now: datetime, way: Way | None = None
) -> Round | None:
    """The round, where the member was to be asked at this moment in this way, is not away, and has not answered."""
    found = await db.get(Round, round_id)
    asked = await rounds.find_asked(db, round_id, person_id)
    if found is None or found.group_id is None or asked is None or now >= found.closes_at:
        return None
    if int(asked.at.timestamp()) != at or way not in {None, asked.way}:
        return None
    answer: Answer | None = await service.find_answer(db, round_id, owner=person_id)
    away = await wishes.is_away(db, owner=person_id, group_id=found.group_id, now=now)
    gone = await find_group_member(db, found.group_id, person_id) is None
    return None if answer is not None or away or gone else found


def _key(found: Round, person_id: UUID, at: datetime, what: str) -> str:
    return f"checkin:{found.id}:{person_id}:{int(at.timestamp())}:{what}"


def _names(named: tuple[Mention, ...]) -> Words:
    return say("For {names}.", names=join(", ", [say("{member}", member=each) for each in named]))
