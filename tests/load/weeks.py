"""The check-ins of one group over twelve weeks: what was asked, answered, shared and posted, and what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from bot.outbox import POST_GRACE, post_id_of
from bot.pack import pack
from cogs.checkins.records import KEPT, summary_key, together_key
from cogs.checkins.setups import GRACE, SCHEDULES, default_setup
from cogs.checkins.tables import (
    Answer,
    Asked,
    Bank,
    CheckIn,
    Help,
    Kind,
    Line,
    Mood,
    Pause,
    Question,
    Round,
    SummaryTo,
    Way,
    Wish,
)
from db.jobs import Job, JobState, lane_of
from db.posts import Post, PostState
from db.schedules import EARLIEST, Occurrence, OccurrenceState, Schedule
from db.wall_clock import moment_of
from tests.load.filling import Filling
from tests.load.pasts import WEEKS
from tests.load.people import NOW, Circle, Somebody

_MONDAY: Final = date(2026, 11, 16)
_WINDOW: Final = timedelta(hours=48)
_JOBS_KEPT: Final = timedelta(days=30)
_QUIET: Final = timedelta(days=16)
_REMINDED: Final = timedelta(days=15)
_OLD: Final = (26, 25)
"""Weeks from so long ago are kept still: they go soon, or today."""
_SAID: Final[Mapping[Bank, str]] = {
    Bank.WORD: "Tired, and a little proud",
    Bank.DID: "Four applications, one call, and a long walk after it",
    Bank.WON: "Somebody I wrote to in spring remembered me",
    Bank.ASK: "Does anybody know how they interview at Acme?",
    Bank.FOCUS: "The portfolio, an hour each morning",
}


@dataclass(frozen=True, slots=True)
class _Circling:
    """One group while its weeks are told."""

    filling: Filling
    circle: Circle
    checkin: UUID
    questions: Mapping[Kind, Mapping[Bank, UUID]]
    wishes: Mapping[UUID, Way]
    is_quiet: bool
    """Fell silent of late."""

    def way_of(self, somebody: Somebody) -> Way:
        return Way.GROUP if somebody.direct is None else self.wishes.get(somebody.person, Way.DIRECT)


def meet(filling: Filling, circle: Circle) -> None:
    """Tells the weeks of one group."""
    begun = NOW - timedelta(weeks=WEEKS)
    checkin = filling.add(CheckIn, group_id=circle.id, zone=circle.zone, window_hours=48, summary_to=SummaryTo.GROUP)
    setup = default_setup(circle.zone)
    asked = {kind: [each for each in setup.questions[kind] if isinstance(each, Bank)] for kind in Kind}
    questions = {
        kind: {
            bank: filling.add(Question, checkin_id=checkin, kind=kind, number=number, bank=bank, created_at=begun)
            for number, bank in enumerate(asked[kind], start=1)
        }
        for kind in Kind
    }
    circling = _Circling(
        filling, circle, checkin, questions, dict(_wish(filling, circle)), filling.random.random() < 0.1
    )
    for kind, coming in ((Kind.PLAN, _MONDAY + timedelta(days=7)), (Kind.REVIEW, _MONDAY + timedelta(days=11))):
        times = setup.times[kind]
        schedule = filling.add(
            Schedule, kind=SCHEDULES[kind], subject=checkin, weekdays=list(times.days), at=times.at, zone=circle.zone,
            own_hour=True, grace_seconds=int((timedelta(hours=26) + GRACE).total_seconds()), next_slot=coming,
            next_due_at=moment_of(coming, time(), EARLIEST),
        )  # fmt: skip
        for weeks_ago in (*_OLD, *range(WEEKS - 1, -1, -1)):
            slot = coming - timedelta(weeks=weeks_ago + 1)
            due_at = moment_of(slot, times.at, circle.zone)
            filling.add(Occurrence, schedule_id=schedule, slot=slot, due_at=due_at, at=times.at, zone=circle.zone,
                        state=OccurrenceState.EXPANDED, not_before=due_at)  # fmt: skip
            _round(circling, kind, slot, times.at)


def _wish(filling: Filling, circle: Circle) -> Iterator[tuple[UUID, Way]]:
    """Who said how to be asked; some are away."""
    for somebody in circle.members:
        if filling.random.random() < 0.15:
            way = filling.random.choice([*Way])
            filling.add(Wish, person_id=somebody.person, way=way, nudges=filling.random.random() < 0.5)
            yield somebody.person, way
        if filling.random.random() < 0.04:
            until = NOW + timedelta(days=filling.random.randrange(-2, 20))
            filling.add(Pause, person_id=somebody.person, group_id=circle.id, until=until)


def _round(circling: _Circling, kind: Kind, slot: date, at: time) -> None:
    filling, circle = circling.filling, circling.circle
    zones = {circle.zone, *(each.zone for each in circle.members if each.zone)}
    hours = {zone: moment_of(slot, at, zone) for zone in zones}
    opens_at = min(hours[each.zone or circle.zone] for each in circle.members)
    closes_at = hours[circle.zone] + _WINDOW
    is_over = closes_at <= NOW
    eager = 0.0 if circling.is_quiet and closes_at > NOW - _QUIET else 1.0 if is_over else 0.5
    answering = [each for each in circle.members if filling.random.random() < each.diligence * eager]
    round_id = filling.add(
        Round, group_id=circle.id, kind=kind, slot=slot, at=at, zone=circle.zone, opens_at=opens_at,
        created_at=moment_of(slot, time(), EARLIEST), closes_at=closes_at, summary_to=SummaryTo.GROUP,
        closed_at=closes_at if is_over else None, members=len(circle.members) if is_over else None,
        answered=len(answering) if is_over else None,
    )  # fmt: skip
    for somebody in circle.members:
        way, hour = circling.way_of(somebody), hours[somebody.zone or circle.zone]
        filling.add(Asked, round_id=round_id, person_id=somebody.person, at=hour, way=way)
        if way is Way.DIRECT:
            _ask(filling, round_id, somebody, hour, closes_at)
    for hour in {hours[each.zone or circle.zone] for each in circle.members if circling.way_of(each) is Way.GROUP}:
        call = pack("checkins.ask_together", [round_id, int(hour.timestamp())])
        _post(filling, together_key(round_id, hour), call, circle.place, at=hour)
    for somebody in answering:
        _answer(circling, round_id, kind, somebody, hours[somebody.zone or circle.zone])
    if is_over:
        _post(filling, summary_key(round_id, None), pack("checkins.summary", [round_id, None]), circle.place,
              at=closes_at)  # fmt: skip
    else:
        _job(filling, f"checkin:{round_id}:close", pack("checkins.close", [round_id]), at=closes_at)


def _ask(filling: Filling, round_id: UUID, somebody: Somebody, hour: datetime, closes_at: datetime) -> None:
    """In direct messages: the question, and the reminder that waits, or found that there was an answer."""
    ids, second = [round_id, somebody.person], int(hour.timestamp())
    place, key = somebody.direct or "", f"checkin:{round_id}:{somebody.person}:{second}"
    _post(filling, f"{key}:ask", pack("checkins.ask_alone", [*ids, second]), place, at=hour, owner=somebody.person)
    if closes_at > NOW - _JOBS_KEPT:
        call = pack("checkins.nudge", [*ids, second])
        _post(filling, f"{key}:nudge", call, place, at=hour + 0.8 * (closes_at - hour), owner=somebody.person)


def _answer(circling: _Circling, round_id: UUID, kind: Kind, somebody: Somebody, asked_at: datetime) -> None:
    filling, random = circling.filling, circling.filling.random
    at = min(asked_at + timedelta(minutes=random.randrange(5, 900)), NOW)
    answer = filling.add(
        Answer, round_id=round_id, person_id=somebody.person, mood=random.choice([*Mood]), late=False, created_at=at,
        changed_at=at, reminded_at=NOW - _REMINDED if at < NOW - KEPT else None,
    )  # fmt: skip
    for number, (bank, question) in enumerate(circling.questions[kind].items(), start=1):
        if random.random() > 0.4 * somebody.diligence:
            continue
        shared_at = at if bank in {Bank.ASK, Bank.WON} and random.random() < 0.4 else None
        line = filling.add(
            Line, answer_id=answer, person_id=somebody.person, question_id=question, number=number, bank=bank,
            sealed_words=_SAID[bank], shared_at=shared_at,
        )  # fmt: skip
        helper = random.choice(circling.circle.members)
        if bank is Bank.ASK and shared_at is not None and helper is not somebody:
            filling.add(Help, line_id=line, person_id=helper.person, created_at=at)


def _post(filling: Filling, key: str, call: str, place: str, *, at: datetime, owner: UUID | None = None) -> None:
    """A message that is there, or one that waits; what sent it is kept for as long as jobs are."""
    job, *args = call.split(":")
    post_id, is_there = post_id_of(key), at <= NOW
    filling.add(
        Post, id=post_id, person_id=owner, job=job, args=args, destination=place, created_at=at,
        message_ref=str(filling.random.getrandbits(62)) if is_there else None, drawn=int(is_there),
        state=PostState.POSTED if is_there else PostState.WAITING,
    )  # fmt: skip
    if at > NOW - _JOBS_KEPT:
        _job(filling, f"post:{post_id}", call, at=at, post_id=post_id, place=place, owner=owner)


def _job(
    filling: Filling,
    key: str,
    call: str,
    *,
    at: datetime,
    post_id: UUID | None = None,
    place: str | None = None,
    owner: UUID | None = None,
) -> None:
    done, dead = at <= NOW, at <= NOW and filling.random.random() < 0.005
    filling.add(
        Job, key=key, call=call, post_id=post_id, person_id=owner, lane=lane_of(place) if place else "work",
        destination=place, due_at=at, not_before=at,
        state=JobState.DEAD if dead else JobState.DONE if done else JobState.READY,
        expires_at=at + POST_GRACE if place else None, attempts=int(done), fence=int(done),
        done_at=at if done else None,
    )  # fmt: skip
