"""Diaries of the demo's people: what can be read of them, and when it was."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.platforms.web import PERSONAS
from bot.platforms.web.cast import Persona
from bot.platforms.web.diary import find_diary, read_diary
from bot.platforms.web.script import Step, Way

DIARY = """# A beginning.
2 Thu 19:40
/rejection log
    company: Halden Museum
  press 4 heavy

0 80%
/application show Halden
  choose What happened?: First
  press Contact and notes
    notes: Small team: two people.
"""


def test_a_diary_is_typed_pressed_chosen_and_filled_in_order() -> None:
    log, show = read_diary(DIARY)
    assert log.line == 3
    assert log.steps == [
        Step(Way.TYPED, "/rejection log", filled={"company": "Halden Museum"}),
        Step(Way.PRESSED, "4 heavy"),
    ]
    assert show.steps == [
        Step(Way.TYPED, "/application show Halden"),
        Step(Way.CHOSEN, "What happened?", "First"),
        Step(Way.PRESSED, "Contact and notes", filled={"notes": "Small team: two people."}),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("/rejection log", "line 1 has no place"),
        ("2 Thu 19:40\n  press 4 heavy", "line 2 has no place"),
        ("2 Thu 19:40\n/rejection log\n 4 heavy", "line 3 has no place"),
        ("2 Thu 19:40\n/rejection log\n  4 heavy", "line 3 neither"),
        ("Thursday\n/rejection log", "line 1 is no time"),
        ("0 Thu 19:40", "line 1 is no time"),
        ("2 Thu 19:40\n2 Thu 19:40", "line 2 is not later"),
        ("2 Thu 19:40\n3 Fri 08:00", "line 2 is not later"),
        ("0 20%\n0 10%", "line 2 is not later"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_diary(text)


def test_who_keeps_no_diary_has_done_nothing() -> None:
    assert find_diary("jun") == ()


@pytest.mark.parametrize(
    ("now", "zone", "then"),
    [
        ("2026-11-23T12:00", "Europe/Berlin", "2026-11-19T18:40"),
        # Two minutes after midnight in Berlin, and still Sunday in Chicago.
        ("2026-11-22T23:02", "Europe/Berlin", "2026-11-19T18:40"),
        ("2026-11-22T23:02", "America/Chicago", "2026-11-13T01:40"),
        # The clocks went back on 25 October: before that, 19:40 was an hour earlier elsewhere.
        ("2026-10-27T12:00", "Europe/Berlin", "2026-10-22T17:40"),
    ],
)
def test_an_hour_is_the_persons_own(now: str, zone: str, then: str) -> None:
    (deed,) = read_diary("1 Thu 19:40\n/rejection list")
    at = deed.at.before(_utc(now), zone=ZoneInfo(zone))
    assert at == _utc(then)


@given(
    now=st.timedeltas(timedelta(), timedelta(days=1000)).map(lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after),
    persona=st.sampled_from(PERSONAS),
)
@example(now=datetime(2026, 11, 22, 23, 0, 1, tzinfo=UTC), persona=PERSONAS[0])
@example(now=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), persona=PERSONAS[0])
def test_a_past_runs_forward_and_ends_in_this_week(now: datetime, persona: Persona) -> None:
    zone = ZoneInfo(persona.zone)
    times = [deed.at.before(now, zone=zone) for deed in find_diary(persona.slug)]
    assert all(one <= next_one for one, next_one in pairwise(times))
    assert all(now - timedelta(weeks=13) < at <= now for at in times)
    lately = [deed.at.before(now, zone=zone) for deed in find_diary(persona.slug) if deed.at.weeks == 0]
    week = now.astimezone(zone).isocalendar()[:2]
    assert all(at.astimezone(zone).isocalendar()[:2] == week for at in lately)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
