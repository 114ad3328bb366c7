"""What the reader of goals makes of the sentences, of sentences built from parts, and of anything at all."""

import sys
from datetime import date, timedelta
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cogs.goals.reading import Bound, Gap, Goal, Missing, Period, Reason, Weekday, readers
from tests.cogs.goals.said import SAID
from tests.cogs.goals.sentences import FRIDAY, MARCH_1, TODAY, YEAR_END, Lacks, Says
from tests.cogs.goals.tried import TRIED
from tests.cogs.goals.unsaid import UNSAID

GOALS = [*SAID, *TRIED]
ALL: list[Says | Lacks] = [*GOALS, *UNSAID]

english = readers["en"]


@pytest.mark.parametrize("said", GOALS, ids=lambda said: f"{said.text[:60]} ({said.today})")
def test_a_sentence_is_read(said: Says) -> None:
    assert english.read(said.text, today=said.today) == Goal(
        said.verb,
        said.quantity,
        said.thing,
        said.period,
        weekdays=said.weekdays,
        until=said.until,
        starts=said.starts,
        upper=said.upper,
        bound=said.bound,
    )


@pytest.mark.parametrize("said", UNSAID, ids=lambda said: said.text[:60])
def test_what_is_missing_is_named(said: Lacks) -> None:
    read = english.read(said.text, today=said.today)
    assert isinstance(read, Missing), read
    assert (read.gaps, read.reason, read.words, read.dates) == (said.gaps, said.reason, said.words, said.dates)


def test_there_are_enough_sentences() -> None:
    assert len(GOALS) >= 180
    assert len(UNSAID) >= 40


NUMBERS = {
    "5": (5, None, Bound.PLAIN),
    "five": (5, None, Bound.PLAIN),
    "twenty-one": (21, None, Bound.PLAIN),
    "a hundred": (100, None, Bound.PLAIN),
    "a couple of": (2, None, Bound.PLAIN),
    "half a dozen": (6, None, Bound.PLAIN),
    "at least 3": (3, None, Bound.AT_LEAST),
    "up to four": (4, None, Bound.UP_TO),
    "about ten": (10, None, Bound.ABOUT),
    "2-4": (2, 4, Bound.PLAIN),
    "two to four": (2, 4, Bound.PLAIN),
    "7+": (7, None, Bound.AT_LEAST),
}
VERBS = ("apply to", "attend", "send", "follow up with", "rewrite", "reach out to", "whittle")
THINGS = (
    "job postings",
    "Fortune 500 companies",
    "chapters of Web 2.0",
    "AWS S3 features",
    "people at Société Générale",
    "roles (remote only)",
    "questions about “Deep Work”",
    "one-on-one calls",
    "C++ exercises",
    "events in 2 cities",
    "求人",
)
PERIODS: dict[str, tuple[Period, tuple[Weekday, ...]]] = {
    "each week": (Period.WEEK, ()),
    "a day": (Period.DAY, ()),
    "per month": (Period.MONTH, ()),
    "every other week": (Period.FORTNIGHT, ()),
    "on Mondays and Thursdays": (Period.WEEKDAYS, (Weekday.MONDAY, Weekday.THURSDAY)),
    "every Friday": (Period.WEEKDAYS, (Weekday.FRIDAY,)),
    "every weekend": (Period.WEEK, (Weekday.SATURDAY, Weekday.SUNDAY)),
}
ENDS: dict[str, date | None] = {
    "": None,
    "until March 1": MARCH_1,
    "through 1 March 2027": MARCH_1,
    "by 2027-03-01": MARCH_1,
    "until the end of the year": YEAR_END,
    "for the next three weeks": TODAY + timedelta(days=20),
    "(until Friday)": FRIDAY,
}
MANNERS = ("", "I want to ", "My goal is to ", "Please help me to ", "I’ll try to ")
SHAPES = (
    "{manners}{verb} {number} {thing} {period} {end}",
    "{period}, {manners}{verb} {number} {thing}, {end}.",
    "{manners}{verb} {number}  {thing}, {end}, {period}!",
)


@given(
    some.sampled_from(SHAPES),
    some.sampled_from(MANNERS),
    some.sampled_from(VERBS),
    some.sampled_from(sorted(NUMBERS)),
    some.sampled_from(THINGS),
    some.sampled_from(sorted(PERIODS)),
    some.sampled_from(sorted(ENDS)),
)
def test_a_sentence_built_from_parts_gives_them_back(
    shape: str, manners: str, verb: str, number: str, thing: str, period: str, end: str
) -> None:
    if shape.startswith("{period}") and period == "a day":
        period = "per day"
        expected: tuple[Period, tuple[Weekday, ...]] = (Period.DAY, ())
    else:
        expected = PERIODS[period]
    text = shape.format(manners=manners, verb=verb, number=number, thing=thing, period=period, end=end)
    quantity, upper, bound = NUMBERS[number]
    assert english.read(text, today=TODAY) == Goal(
        verb, quantity, thing, expected[0], weekdays=expected[1], until=ENDS[end], upper=upper, bound=bound
    )


def said_back(goal: Goal) -> str:
    """A goal in plain words, as the card that asks "Looks right?" would say it."""
    bound = {Bound.PLAIN: "", Bound.AT_LEAST: "at least ", Bound.UP_TO: "up to ", Bound.ABOUT: "about "}[goal.bound]
    number = f"{bound}{goal.quantity}{f'-{goal.upper}' if goal.upper else ''}"
    days = " and ".join(f"{each.name.capitalize()}s" for each in goal.weekdays)
    rhythm = {
        Period.DAY: "each day",
        Period.WEEK: "each week",
        Period.FORTNIGHT: "every other week",
        Period.MONTH: "each month",
        Period.WEEKDAYS: "",
        Period.ONCE: "",
    }[goal.period]
    parts = (
        f"{goal.verb} {number} {goal.thing}" if goal.thing else f"{goal.verb}, {number} times",
        rhythm,
        f"on {days}" if days else "",
        f"from {goal.starts}" if goal.starts else "",
        f"{'by' if goal.period is Period.ONCE else 'until'} {goal.until}" if goal.until else "",
    )
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize("said", GOALS, ids=lambda said: f"{said.text[:60]} ({said.today})")
def test_what_is_said_back_reads_the_same(said: Says) -> None:
    goal = english.read(said.text, today=said.today)
    assert isinstance(goal, Goal)
    assert english.read(said_back(goal), today=said.today) == goal


WORDS = some.sampled_from(
    (
        *(word for said in ALL for word in said.text.split() if len(word) < 30),
        "(",
        ")",
        ",",
        ".",
        "/",
        "-",
        ":",
        "#",
        "“",
        "”",
        "0",
        "-1",
        "1.5",
        "2/2",
        "0000-00-00",
        "9999-12-31",
        "0001-01-01",
        "99999999999999999999",
    )
)
"""The vocabulary of the sentences, in any order."""

DAYS_OF_USE = some.dates(min_value=date(2020, 1, 1), max_value=date(2100, 12, 31))


@given(some.one_of(some.text(), some.lists(WORDS, max_size=25).map(" ".join)), DAYS_OF_USE)
def test_any_text_gets_an_answer_that_keeps_its_promises(text: str, today: date) -> None:
    read = english.read(text, today=today)
    if isinstance(read, Missing):
        assert read.gap in read.gaps
        assert list(read.dates) == sorted(read.dates)
        assert (read.reason is Reason.AMBIGUOUS) == bool(read.dates)
        return
    assert 1 <= read.quantity <= 1000
    assert read.upper is None or read.quantity < read.upper <= 1000
    assert read.verb or read.thing
    assert read.until is None or read.until >= today
    assert read.starts is None or read.starts > today or read.starts == read.until
    assert read.until is None or read.starts is None or read.starts <= read.until
    assert read.until is not None or read.period is not Period.ONCE
    assert bool(read.weekdays) or read.period is not Period.WEEKDAYS
    assert not read.weekdays or read.period not in {Period.DAY, Period.ONCE}


@given(some.one_of(some.text(max_size=60), some.lists(WORDS, max_size=8).map(" ".join)), some.sampled_from(UNSAID))
def test_any_answer_is_taken(answer: str, said: Lacks) -> None:
    missing = english.read(said.text, today=TODAY)
    assert isinstance(missing, Missing)
    assert isinstance(english.complete(missing, answer, today=TODAY), Goal | Missing)


@pytest.mark.parametrize(
    "part", ["a", "-", "(", "“", "until ", "by the end of ", "Mon, ", "one hundred and ", "1,", "1-", "for "]
)
def test_a_long_text_takes_steps_in_proportion(part: str) -> None:
    """Counts the calls, so that nothing is timed: four times the text may take about four times as many."""
    short, long = (_steps(part * (size // len(part))) for size in (1_000, 4_000))
    assert long < 6 * short


def _steps(text: str) -> int:
    count = 0

    def step(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        english.read(text, today=TODAY)
    finally:
        sys.setprofile(before)
    return count


def test_the_answer_to_one_question_at_a_time_becomes_the_goal() -> None:
    first = english.read("apply to jobs", today=TODAY)
    assert isinstance(first, Missing)
    assert first.gap is Gap.QUANTITY
    second = english.complete(first, "five", today=TODAY)
    assert isinstance(second, Missing)
    assert second.gap is Gap.TIME
    assert english.complete(second, "week", today=TODAY) == Goal("apply to", 5, "jobs", Period.WEEK)


@pytest.mark.parametrize(
    ("text", "answer", "goal"),
    [
        ("find a job", "June 30", Goal("find", 1, "job", Period.ONCE, until=date(2027, 6, 30))),
        ("apply to jobs every week", "at least 5 jobs", Goal("apply to", 5, "jobs", Period.WEEK, bound=Bound.AT_LEAST)),
        ("apply to 0 jobs each week", "3-5", Goal("apply to", 3, "jobs", Period.WEEK, upper=5)),
        ("apply to jobs", "5 a week", Goal("apply to", 5, "jobs", Period.WEEK)),
        ("5 a week", "job applications", Goal("", 5, "job applications", Period.WEEK)),
        ("5 a week", "apply to jobs", Goal("apply to", 5, "jobs", Period.WEEK)),
        ("every week", "apply to 5 jobs", Goal("apply to", 5, "jobs", Period.WEEK)),
        ("apply to 20 jobs by 1/3", "2027-03-01", Goal("apply to", 20, "jobs", Period.ONCE, until=MARCH_1)),
        ("apply to 5 jobs a week until 1/3", "March 1", Goal("apply to", 5, "jobs", Period.WEEK, until=MARCH_1)),
        ("apply to 5 jobs for 2 weeks", "a day", Goal("apply to", 5, "jobs", Period.DAY, until=date(2026, 12, 6))),
        ("apply to 5 jobs", "Mondays", Goal("apply to", 5, "jobs", Period.WEEKDAYS, (Weekday.MONDAY,))),
        ("apply to 5 jobs", "by Friday", Goal("apply to", 5, "jobs", Period.ONCE, until=FRIDAY)),
        ("finish my portfolio", "Friday", Goal("finish my portfolio", 1, "", Period.ONCE, until=FRIDAY)),
        ("5 jobs a week and 2 events a month", "5 jobs a week", Goal("", 5, "jobs", Period.WEEK)),
        ("apply to jobs", "attend 2 events a month", Goal("attend", 2, "events", Period.MONTH)),
    ],
)
def test_an_answer_completes_the_sentence(text: str, answer: str, goal: Goal) -> None:
    missing = english.read(text, today=TODAY)
    assert isinstance(missing, Missing)
    assert english.complete(missing, answer, today=TODAY) == goal


@pytest.mark.parametrize(
    ("text", "answer", "gap", "reason"),
    [
        ("apply to 5 jobs", "dunno", Gap.TIME, Reason.NOT_SAID),
        ("apply to 5 jobs each week until 1/3", "dunno", Gap.TIME, Reason.AMBIGUOUS),
        ("apply to 5 jobs", "by 1/3", Gap.TIME, Reason.AMBIGUOUS),
        ("apply to 5 jobs", "until I'm hired", Gap.TIME, Reason.UNCLEAR),
        ("apply to jobs each week", "several", Gap.QUANTITY, Reason.VAGUE),
        ("apply to jobs each week", "0", Gap.QUANTITY, Reason.ZERO),
        ("apply to jobs each week", "", Gap.QUANTITY, Reason.NOT_SAID),
        ("5 a week", "", Gap.THING, Reason.NOT_SAID),
    ],
)
def test_an_answer_that_does_not_help_is_asked_for_again(text: str, answer: str, gap: Gap, reason: Reason) -> None:
    missing = english.read(text, today=TODAY)
    assert isinstance(missing, Missing)
    again = english.complete(missing, answer, today=TODAY)
    assert isinstance(again, Missing)
    assert (again.gap, again.reason) == (gap, reason)


def test_what_a_person_wrote_stays_out_of_logs() -> None:
    for said in ALL:
        shown = repr(english.read(f"{said.text} Zanzibar", today=said.today))
        assert "Zanzibar" not in shown
        assert "jobs" not in shown
