"""Which entries of other features move which goals."""

import pytest

from bot.events import Deed
from cogs.goals.deeds import deed_of
from cogs.goals.reading import Goal, readers
from tests.cogs.goals.sentences import TODAY


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Apply to five new job postings each week", Deed.APPLICATION),
        ("apply for 3 roles a week", Deed.APPLICATION),
        ("Job applications: 5 a week", Deed.APPLICATION),
        ("send 3 CVs to Société Générale each week", Deed.APPLICATION),
        ("submit 4 résumés by Friday", Deed.APPLICATION),
        ("review 3 applications a week", None),
        ("update my CV once a month", None),
        ("write 2 cover letters for applications a week", None),
        ("send 2 application templates by Friday", None),
        ("have 2 interviews a month", Deed.INTERVIEW),
        ("get one interview by March 1", Deed.INTERVIEW),
        ("do 1 mock interview a week", None),
        ("practice 2 interview questions each Monday", None),
        ("prepare for 2 interviews a week", None),
        ("Attend at least two networking events per month", Deed.EVENT),
        ("go to 1 meetup every other week", Deed.EVENT),
        ("visit 2 job fairs by March 1", Deed.EVENT),
        ("do 2 networking calls a week", Deed.EVENT),
        ("Complete one online course related to my field within the next two months", Deed.COURSE),
        ("get 1 certificate by March 1", Deed.COURSE),
        ("study 30 minutes of my course a day", None),
        ("finish Module 3 of the course by Friday", None),
        ("go to the gym twice a week", None),
        ("find a job by June 30", None),
        ("read 10 pages a day", None),
    ],
)
def test_the_words_tell_what_counts(text: str, deed: Deed | None) -> None:
    goal = readers["en"].read(text, today=TODAY)
    assert isinstance(goal, Goal)
    assert deed_of(goal.verb, goal.thing) is deed
