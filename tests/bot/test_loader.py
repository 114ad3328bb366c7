"""Mistakes in declarations are found at start, all at once, in words."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest

import bot.app  # noqa: F401 - every module of the bot that declares something of the machine's
from bot.call import Call, Run
from bot.cards import Card
from bot.feature import Feature
from bot.loader import BadDeclarationsError, collect, discover
from bot.machine import machine
from bot.options import Ask
from bot.pack import unpack
from tests.bot import sample

KEYS = Path(__file__).parent / "keys.txt"


async def nothing(call: Call) -> Card:
    """Do nothing."""
    return Card(())


def test_the_sample_feature_is_declared_well() -> None:
    features = collect((sample.make(), machine))
    assert [offer.path for offer in features.offers][:2] == [("wish", "set"), ("wish", "show")]
    entry = features.catalogue["wish set"]
    assert (entry.summary, entry.details) == ("Keep a wish.", "It stays until you change it.")
    assert entry.example.values == {"wish": "a quiet day"}


def test_every_declared_feature_is_found_and_fine() -> None:
    assert collect((*discover(), machine)).offers


def test_no_key_that_a_button_on_a_screen_may_carry_vanishes() -> None:
    """A renamed act keeps its former key in `formerly`. New keys are added to keys.txt, and none is taken out."""
    known = KEYS.read_text("utf-8").split()
    assert collect((*discover(), machine)).keys == tuple(sorted(known))


def problems(*features: Feature) -> str:
    with pytest.raises(BadDeclarationsError) as refused:
        collect(features)
    return str(refused.value)


def test_the_same_words_twice() -> None:
    one, two = Feature("one", "One."), Feature("two", "Two.")
    one.command("thing do")(nothing)
    two.command("thing do")(nothing)
    assert "'thing do' is declared 2 times" in problems(one, two)


def test_the_same_key_twice() -> None:
    one = Feature("one", "One.")
    one.command("thing do")(nothing)
    one.command("thing undo", formerly=("one.nothing",))(nothing)
    assert "the key 'one.nothing' is declared" in problems(one)


def test_a_command_that_is_also_a_group() -> None:
    one = Feature("one", "One.")
    one.command("thing", key="a")(nothing)
    one.command("thing do", key="b")(nothing)
    assert "both a command and the first word" in problems(one)


def test_a_command_without_help_or_with_a_name_no_platform_takes() -> None:
    async def silent(call: Call) -> Card:
        return Card(())

    one = Feature("one", "One.")
    one.command("Thing-do now please")(silent)
    text = problems(one)
    assert "has 3 words" in text
    assert "needs a docstring" in text
    assert "'Thing-do' cannot be" in text


def test_a_form_with_too_many_questions_or_none_to_head_it() -> None:
    async def many(
        call: Call,
        a: Annotated[str, Ask("A")],
        b: Annotated[str, Ask("B")],
        c: Annotated[str, Ask("C")],
        d: Annotated[str, Ask("D")],
        e: Annotated[str, Ask("E")],
        f: Annotated[str, Ask("F" * 50, hint="h" * 200)],
    ) -> Card:
        return Card(())

    one = Feature("one", "One.")
    one.action()(many)
    text = problems(one)
    assert "asks 6 questions" in text
    assert "needs a form title" in text
    assert "needs a label" in text
    assert "hint of 'f'" in text


def test_choices_that_no_platform_shows() -> None:
    huge: Any = Enum("Huge", [f"N{number}" for number in range(30)])  # type: ignore[misc]  # thirty members, made here

    async def pick(call: Call, one: Annotated[huge, Ask("One")]) -> Card:
        """Pick one."""
        return Card(())

    feature = Feature("one", "One.")
    feature.command("pick one")(pick)
    assert "more than 25 choices" in problems(feature)


def test_a_button_that_could_grow_too_long() -> None:
    async def far(call: Call, a: UUID, b: UUID, c: UUID, d: UUID, e: UUID) -> Card:
        return Card(())

    feature = Feature("one", "One.")
    feature.action()(far)
    assert "its buttons could be" in problems(feature)


def test_a_bound_parameter_of_a_command_is_refused() -> None:
    async def bound(call: Call, number: int) -> Card:
        """Take a number."""
        return Card(())

    with pytest.raises(TypeError, match="needs Annotated"):
        Feature("one", "One.").command("take it")(bound)


def test_a_former_key_still_leads_to_the_act() -> None:
    feature = Feature("one", "One.")
    declared = feature.action(key="one.now", formerly=("one.then",))(nothing)
    assert collect((feature,)).acts["one.then"] is declared


def test_a_button_names_what_it_lacks() -> None:
    async def add(call: Call, number: int, step: int = 1) -> Card:
        return Card(())

    action = Feature("one", "One.").action()(add)
    assert unpack(action.button("+", action.button("x", number=1).style, 5).packed, [int, int]) == [5]
    with pytest.raises(TypeError, match="number"):
        action.call()  # type: ignore[call-arg]  # that is the mistake


def test_what_travels_in_a_button_does_not_stand_behind_the_star() -> None:
    async def hidden(call: Call, *, number: int) -> Card:
        return Card(())

    with pytest.raises(TypeError, match="must not stand behind"):
        Feature("one", "One.").action()(hidden)


def test_a_jobs_key_that_packing_cannot_take() -> None:
    async def work(run: Run) -> Card:
        return Card(())

    one = Feature("one", "One.")
    one.job(key="one:work")(work)
    assert "one:work: its key holds a character that packing needs" in problems(one)
