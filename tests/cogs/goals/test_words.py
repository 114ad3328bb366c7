"""What is said back reads the same, and every question has its words."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.cards import plain
from cogs.goals.reading import Bound, Gap, Goal, Missing, Period, Reason, Weekday, readers
from cogs.goals.words import EXAMPLES, question, sentence
from tests.cogs.goals.said import SAID
from tests.cogs.goals.sentences import TODAY, Lacks, Says
from tests.cogs.goals.tried import TRIED
from tests.cogs.goals.unsaid import UNSAID

GOALS = [*SAID, *TRIED]

english = readers["en"]


@pytest.mark.parametrize("said", GOALS, ids=lambda said: f"{said.text[:60]} ({said.today})")
def test_what_is_said_back_reads_the_same(said: Says) -> None:
    goal = english.read(said.text, today=said.today)
    assert isinstance(goal, Goal)
    assert english.read(plain(sentence(goal)), today=said.today) == goal


@given(
    some.builds(
        Goal,
        some.sampled_from(("apply to", "attend", "reach out to", "")),
        some.integers(1, 500),
        some.sampled_from(("job postings", "Fortune 500 companies", "chapters of Web 2.0", "roles (remote only)")),
        some.sampled_from((Period.DAY, Period.WEEK, Period.FORTNIGHT, Period.MONTH)),
        until=some.none() | some.dates(TODAY, date(2028, 12, 31)),
        upper=some.none() | some.integers(501, 1000),
    ),
    some.sets(some.sampled_from(Weekday)).map(lambda days: tuple(sorted(days))),
    some.sampled_from(Bound),
)
def test_any_goal_is_said_so_that_it_reads_the_same(goal: Goal, weekdays: tuple[Weekday, ...], bound: Bound) -> None:
    if weekdays and goal.period is Period.DAY:
        goal = replace(goal, period=Period.WEEKDAYS, weekdays=weekdays)
    if goal.upper is None:
        goal = replace(goal, bound=bound)
    assert english.read(plain(sentence(goal)), today=TODAY) == goal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (EXAMPLES[0], "Apply to 5 new job postings each week"),
        (EXAMPLES[1], "Attend at least 2 networking events each month"),
        (EXAMPLES[2], "Complete 1 online course related to my field by 23 January 2027"),
        ("go to the gym twice a week", "Go to the gym, 2 times each week"),
        ("meditate every day", "Meditate, once each day"),
        ("finish my portfolio by Friday", "Finish my portfolio by 27 November 2026"),
        ("apply to 2 jobs every weekday", "Apply to 2 jobs every weekday"),
        ("practice 2 questions each Mon, Wed and Fri", "Practice 2 questions on Mondays, Wednesdays and Fridays"),
        ("apply to 1 jobs each week", "Apply to jobs, 1 each week"),
        ("at least 1 job postings in sales a week", "job postings in sales, at least 1 each week"),
        ("write 1 page of notes a day", "Write 1 page of notes each day"),
        ("send 3-5 applications a week until March 1", "Send 3-5 applications each week until 1 March 2027"),
    ],
)
def test_a_goal_is_said_as_people_say_it(text: str, said: str) -> None:
    goal = english.read(text, today=TODAY)
    assert isinstance(goal, Goal)
    assert plain(sentence(goal)) == said


@pytest.mark.parametrize("said", UNSAID, ids=lambda said: said.text[:60])
def test_every_question_asks_one_thing_and_says_why(said: Lacks) -> None:
    missing = english.read(said.text, today=said.today)
    assert isinstance(missing, Missing)
    asked = plain(question(missing))
    assert asked.endswith("?")
    assert "!" not in asked
    assert len(asked) > len("How often, or by when?") or missing.reason is Reason.NOT_SAID
    assert ("many" in asked.rsplit(". ", 1)[-1]) == (missing.gap is Gap.QUANTITY)
