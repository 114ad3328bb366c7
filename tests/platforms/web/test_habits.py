"""Habits of the demo's people: what can be read of them, and whose turn it is in which week."""

from datetime import date, timedelta

import pytest

from bot.platforms.web import CAST, ROOMS
from bot.platforms.web.habits import Turn, find_habits, read_habits
from bot.platforms.web.occasions import Occasion
from bot.platforms.web.script import Step, Way

HABITS = """# Taps, and says why on the next Monday.
asked Plan for the week +0:50 answers with one tap
  press ⛅ Steady
another week answers and shares a line
  press Write a few lines
    What is your focus?: One thing: the box.
  press Share beside What is your focus?

told Plan for the week +12:05 offers help
  press I can help beside Leo
"""
MONDAY = date(2026, 11, 23)


def test_a_habit_is_read_with_its_occasion_its_time_and_a_turn_for_each_week() -> None:
    asked, told = read_habits(HABITS)
    assert (asked.line, asked.occasion, asked.title) == (2, Occasion.ASKED, "Plan for the week")
    assert asked.after == timedelta(minutes=50)
    assert asked.turns == [
        Turn("answers with one tap", [Step(Way.PRESSED, "⛅ Steady")]),
        Turn(
            "answers and shares a line",
            [
                Step(Way.PRESSED, "Write a few lines", filled={"What is your focus?": "One thing: the box."}),
                Step(Way.PRESSED, "Share", beside="What is your focus?"),
            ],
        ),
    ]
    assert told.after == timedelta(hours=12, minutes=5)
    assert told.turns == [Turn("offers help", [Step(Way.PRESSED, "I can help", beside="Leo")])]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("  press Skip", "line 1 has no place"),
        ("another week rests", "line 1 is no occasion"),
        ("another week", "line 1 is no occasion"),
        ("sometimes Plan for the week +0:50 answers", "line 1 is no occasion"),
        ("asked Plan for the week +50 answers", "line 1 is no occasion"),
        ("asked Plan for the week +0:50", "line 1 is no occasion"),
        ("asked Plan +0:50 answers\n    focus: One thing", "line 2 has no place"),
        ("asked Plan +0:50 answers\n  say Hello", "line 2 neither"),
        ("asked Plan +0:50 answers\n  press Write\n    One thing", "line 3 has no place"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_habits(text)


def test_each_week_has_its_turn_from_monday_to_sunday_and_words_never_run_out() -> None:
    asked, _ = read_habits(HABITS)
    turns = [asked.turns.index(asked.in_week_of(MONDAY + timedelta(days=day))) for day in range(28)]
    assert turns in ([0] * 7 + [1] * 7 + [0] * 7 + [1] * 7, [1] * 7 + [0] * 7 + [1] * 7 + [0] * 7)


def test_everybody_in_the_group_answers_both_of_a_weeks_questions_and_nobody_else_does() -> None:
    group = next(room.people for room in ROOMS if room.people is not None)
    answering = {Occasion.ASKED, Occasion.REMINDED}
    for persona in CAST:
        answered = sorted(each.title for each in find_habits(persona.slug) if each.occasion in answering)
        assert answered == (["Look back at the week", "Plan for the week"] if persona.id in group else []), persona.slug
