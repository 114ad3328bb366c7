"""Words become values, or a sentence that says what to type instead."""

from datetime import date, timedelta
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Mention, Words
from bot.errors import WrongFields
from bot.options import Ask, Choice, Field, Kind, clean, field_of, read, read_all, write

TODAY = date(2026, 11, 23)  # a Monday


class Mood(Choice):
    LOW = "low", "Rather low"
    FINE = "fine", "Fine, mostly"


def asked(kind: Any, *, required: bool = True, **limits: Any) -> Field:
    field = field_of("it", Annotated[kind, Ask("It", **limits)], required=required)
    assert field
    return field


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (str, "  two   words ", "two words"),
        (int, "1,200", 1200),
        (int, "-3", -3),
        (bool, "Yes", True),
        (bool, "no", False),
        (Mood, "low", Mood.LOW),
        (Mood, "RATHER LOW", Mood.LOW),
        (Mood, "fine", Mood.FINE),
        (tuple[Mood, ...], "low, fine, low", (Mood.LOW, Mood.FINE)),
        (tuple[Mood, ...], ("fine",), (Mood.FINE,)),
        (date, "2026-12-01", date(2026, 12, 1)),
        (date, "today", TODAY),
        (date, "Tomorrow", date(2026, 11, 24)),
        (date, "friday", date(2026, 11, 27)),
        (date, "monday", date(2026, 11, 30)),
        (date, "next tuesday", date(2026, 11, 24)),
        (date, "in 2 weeks", date(2026, 12, 7)),
        (date, "March 1", date(2027, 3, 1)),
        (date, "1st of march", None),
        (date, "24 Dec", date(2026, 12, 24)),
        (date, "29 Feb 2028", date(2028, 2, 29)),
        (date, "29 Feb", None),
        (date, "31 April", None),
        (date, "someday", None),
        (timedelta, "45 minutes", timedelta(minutes=45)),
        (timedelta, "1 hour and 30 min", timedelta(minutes=90)),
        (timedelta, "2w", timedelta(weeks=2)),
        (timedelta, "a while", None),
        (timedelta, "5 elephants", None),
        (int, "five", None),
        (int, "1 200 000", 1_200_000),
        (int, "1,5", None),
        (timedelta, "99999 w " * 1500, None),
        (str, "\u200b", None),
        (str, "\u3164 \u2800", None),
        (str, "\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f3f3\ufe0f\u200d\U0001f308"),
        (str, "two\rlines", "two lines"),
        (int, "1.5", None),
        (int, "٣", None),
        (int, "9" * 30, None),
        (bool, "perhaps", None),
        (Mood, "angry", None),
        (Mood, "", None),
        (tuple[Mood, ...], "low, angry", None),
        (Mention, "<@U1|ada>", Mention("U1")),
        (Mention, "<@!42>", Mention("42")),
        (Mention, "everyone here", None),
    ],
)
def test_reading(kind: Any, typed: str | tuple[str, ...], value: object) -> None:
    if value is None:
        with pytest.raises(ValueError) as refused:  # noqa: PT011 - its argument is what matters
            read(asked(kind), typed, today=TODAY)
        assert isinstance(refused.value.args[0], Words)
    else:
        assert read(asked(kind), typed, today=TODAY) == value


@pytest.mark.parametrize(
    ("limits", "typed"), [({"at_least": 2}, "1"), ({"at_most": 9}, "10"), ({"at_least": 1, "at_most": 1}, "2")]
)
def test_a_number_out_of_bounds_is_refused(limits: dict[str, Any], typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are checked above
        read(asked(int, **limits), typed, today=TODAY)


def test_what_is_left_empty() -> None:
    assert read(asked(str, required=False), " ", today=TODAY) is None
    assert read(asked(str | None), None, today=TODAY) is None
    assert read(asked(bool), None, today=TODAY) is False
    assert read(asked(tuple[Mood, ...], required=False), None, today=TODAY) == ()
    for kind in (str, int, Mood, tuple[Mood, ...]):
        with pytest.raises(ValueError):  # noqa: PT011 - the words are checked above
            read(asked(kind), "", today=TODAY)


def test_every_wrong_field_is_named_at_once() -> None:
    fields = [asked(str, at_most=3), asked(int)]
    fields[1] = field_of("number", Annotated[int, Ask("Number")], required=True) or fields[1]
    with pytest.raises(WrongFields) as refused:
        read_all(fields, {"it": "too long", "number": "x"}, today=TODAY)
    assert set(refused.value.errors) == {"it", "number"}
    assert "too long" not in str(refused.value)


def test_a_paragraph_keeps_its_lines_and_a_line_does_not() -> None:
    assert read(asked(str, paragraph=True), "a\r\nb", today=TODAY) == "a\nb"
    assert read(asked(str), "a\nb", today=TODAY) == "a b"


def test_what_could_break_a_drawing_is_left_out() -> None:
    assert clean("a\x00b\u202ec\u2066d\x07") == "abcd"
    assert len(clean("e" + "\u0301\u0302" * 4000)) < 10
    assert clean("naïve 👩‍👩‍👧 עברית") == "naïve 👩‍👩‍👧 עברית"


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(max_size=200), st.sampled_from(list(Kind)))
def test_reading_never_fails_in_another_way(text: str, kind: Kind) -> None:
    kinds: dict[Kind, Any] = {
        Kind.TEXT: str,
        Kind.PARAGRAPH: str,
        Kind.NUMBER: int,
        Kind.DATE: date,
        Kind.DURATION: timedelta,
        Kind.TOGGLE: bool,
        Kind.CHOICE: Mood,
        Kind.CHOICES: tuple[Mood, ...],
        Kind.MEMBER: Mention,
    }
    try:
        read(asked(kinds[kind]), text, today=TODAY)
    except ValueError as refused:
        assert isinstance(refused.args[0], Words)  # noqa: PT017 - whatever else is raised fails the test


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_date_that_is_written_is_read_again(day: date) -> None:
    assert read(asked(date), write(day), today=TODAY) == day
    assert read(asked(date), f"{day:%d %B %Y}", today=TODAY) == day


@given(st.integers(-(10**11), 10**11))
def test_a_number_that_is_written_is_read_again(number: int) -> None:
    assert read(asked(int), write(number), today=TODAY) == number


@given(
    st.timedeltas(timedelta(minutes=0), timedelta(days=60)).map(lambda d: timedelta(minutes=d // timedelta(minutes=1)))
)
def test_a_duration_that_is_written_is_read_again(duration: timedelta) -> None:
    assert read(asked(timedelta), write(duration), today=TODAY) == duration


@pytest.mark.parametrize("value", [Mood.LOW, (Mood.LOW, Mood.FINE), True])
def test_choices_that_are_written_are_read_again(value: Any) -> None:
    kind = {Mood: Mood, tuple: tuple[Mood, ...], bool: bool}[type(value)]
    assert read(asked(kind), write(value), today=TODAY) == value


def test_what_cannot_be_asked_for_is_refused_at_start() -> None:
    for kind in (float, dict[str, str], str | int):
        with pytest.raises(TypeError):
            asked(kind)
    assert field_of("bound", int, required=True) is None
    assert field_of("bound", Annotated[int, "no question"], required=True) is None
