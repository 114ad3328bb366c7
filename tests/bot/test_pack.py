"""Calls travel as short texts and come back as they were, or not at all."""

from datetime import date, time
from enum import IntEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.options import Choice
from bot.pack import LIMIT, in_place, is_in_place, key_of, pack, unpack, with_value, without_mark


class Level(IntEnum):
    LOW = 0
    HIGH = 3


class Way(Choice):
    IN = "in", "In"
    OUT = "out", "Out"


_VALUES: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (UUID, st.uuids()),
    (int, st.integers(-(10**11), 10**11)),
    (bool, st.booleans()),
    (Way, st.sampled_from(Way)),
    (Level, st.sampled_from(Level)),
    (date, st.dates()),
    (time, st.times().map(lambda at: at.replace(microsecond=0, fold=0))),
    (str, st.text(st.characters(codec="utf-8"), max_size=3)),
]


@given(st.lists(st.sampled_from(_VALUES), max_size=3).flatmap(
    lambda kinds: st.tuples(st.just([kind for kind, _ in kinds]), st.tuples(*(values for _, values in kinds)))
))  # fmt: skip
def test_a_call_comes_back_as_it_was(call: tuple[list[Any], tuple[Any, ...]]) -> None:
    kinds, values = call
    packed = pack("feature.act", values)
    assert key_of(packed) == "feature.act"
    assert unpack(packed, kinds) == list(values)
    assert len(in_place(packed)) <= LIMIT


def test_none_and_the_dash_are_told_apart() -> None:
    assert unpack(pack("k", [None, "-", ""]), [str, str, str]) == [None, "-", ""]


def test_a_chosen_value_is_the_last_one() -> None:
    assert unpack(with_value(pack("k", [1]), "a:b"), [int, str]) == [1, "a:b"]


def test_a_call_that_is_too_long_is_refused_without_its_words() -> None:
    with pytest.raises(ValueError, match="too long") as refused:
        pack("k", ["secret" * 20])
    assert "secret" not in str(refused.value)


@given(st.text(max_size=60))
def test_a_damaged_text_is_refused_and_nothing_else_happens(text: str) -> None:
    for kind in (UUID, int, bool, Way, Level, date, time, str):
        try:
            unpack(f"k:{text}", [kind])
        except ValueError:
            continue


def test_the_mark_of_a_form_that_answers_in_place() -> None:
    assert is_in_place(in_place("k:1"))
    assert without_mark(in_place("k:1")) == "k:1" == without_mark("k:1")


def test_what_does_not_travel_is_a_mistake_of_the_author() -> None:
    with pytest.raises(TypeError):
        pack("k", [1.5])
