"""A typed line is read the same way wherever people type one."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.options import Ask, Field, field_of
from bot.typed import read_line, spell


def fields(*names: str) -> list[Field]:
    made = [field_of(name, Annotated[str, Ask(name.title())], required=True) for name in names]
    return [field for field in made if field]


FIELDS = fields("company", "role", "stage")


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("", {}),
        ("Acme", {"company": "Acme"}),
        ('"Acme Robotics" Designer final', {"company": "Acme Robotics", "role": "Designer", "stage": "final"}),
        ("“Acme Robotics” Designer", {"company": "Acme Robotics", "role": "Designer"}),
        ("stage:final company:Acme", {"stage": "final", "company": "Acme"}),
        ('stage:"first interview" Acme', {"stage": "first interview", "company": "Acme"}),
        ("company: Acme", {"company": "Acme"}),
        (
            "Acme Designer final and more words",
            {"company": "Acme", "role": "Designer", "stage": "final and more words"},
        ),
        ("https://example.org", {"company": "https://example.org"}),
        ('"no end', {"company": "no end"}),
        ("company:", {"company": ""}),
    ],
)
def test_reading_a_line(line: str, values: dict[str, str]) -> None:
    assert read_line(line, FIELDS).values == values


def test_the_value_that_is_being_typed_is_known() -> None:
    assert read_line("Acme Des", FIELDS).last == "role"
    assert read_line("stage:fi", FIELDS).last == "stage"
    assert read_line("", FIELDS).last is None


_word = st.text(st.characters(codec="utf-8", exclude_characters='"“”', exclude_categories=("Cc", "Zs", "Zl", "Zp")),
                min_size=1, max_size=12)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["company", "role", "stage"]), st.lists(_word, min_size=1).map(" ".join)))
def test_what_is_spelled_is_read_again(values: dict[str, str]) -> None:
    assert read_line(spell(FIELDS, values), FIELDS).values == values


@given(st.text(max_size=80))
def test_no_line_raises_and_no_word_is_lost(line: str) -> None:
    read = read_line(line, FIELDS).values
    assert set(read) <= {"company", "role", "stage"}
