"""Cards are values: templates and what people typed stay apart."""

from datetime import UTC, datetime

import pytest

from bot.cards import (
    Actions,
    Button,
    Card,
    Link,
    LinkButton,
    Option,
    Row,
    Select,
    Span,
    Style,
    Text,
    Typed,
    buttons,
    join,
    plain,
    say,
    say_n,
    spans,
    summary,
    with_button,
)

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
HELP = Button("Help", "help")


def test_marks_in_the_template_are_style_and_marks_in_a_value_are_text() -> None:
    assert spans(say("Say **{word}** as `{word}`", word="**x** {y}")) == (
        Span("Say "),
        Span("**x** {y}", bold=True),
        Span(" as "),
        Span("**x** {y}", code=True),
    )


def test_nested_words_take_the_style_around_them() -> None:
    assert spans(say("**{inner}**", inner=say("a {b}", b=1))) == (Span("a ", bold=True), Span(1, bold=True))


def test_a_missing_value_is_a_mistake_of_the_author() -> None:
    with pytest.raises(KeyError):
        spans(say("{nobody}"))


@pytest.mark.parametrize(("count", "text"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries")])
def test_words_that_depend_on_a_number(count: int, text: str) -> None:
    assert plain(say_n(count, "{n} entry", "{n} entries")) == text


def test_plain_text_for_notifications() -> None:
    words = join(", ", [say("{at}", at=AT), say("{link}", link=Link("here", "https://x")), say("{c}", c=Typed("help"))])
    assert plain(words) == "23 Nov 2026 09:00 UTC, here, /help"


def test_reprs_show_no_values() -> None:
    shown = repr(Card((Text(say("Logged {company}", company="Secret GmbH")),)))
    assert "Secret" not in shown


def test_a_summary_is_never_empty() -> None:
    assert summary(Card(())) == "Steppingstone"
    assert summary(Card((Text(say("Hello")),), title=say("Hi"))) == "Hi – Hello"
    assert summary(Card((Text(say("Hello")),), summary=say("Short"))) == "Short"


def test_a_button_joins_the_last_row_of_buttons() -> None:
    card = Card((Text(say("x")), Actions((Button("One", "one"),))))
    assert with_button(card, HELP).body[-1] == Actions((Button("One", "one"), HELP))
    assert with_button(with_button(card, HELP), HELP) == with_button(card, HELP)


@pytest.mark.parametrize("last", [Text(say("x")), Actions((Select("Pick", "pick", (Option("a", "A"),)),))])
def test_a_button_gets_a_row_of_its_own_where_there_is_none(last: Text | Actions) -> None:
    assert with_button(Card((last,)), HELP).body == (last, Actions((HELP,)))


def test_all_that_can_be_pressed_in_reading_order() -> None:
    row = Row(say("Acme"), Button("Open", "open", Style.PRIMARY))
    link = LinkButton("Site", "https://example.org")
    assert [item.label for item in buttons(Card((row, Actions((link, HELP))))) if not isinstance(item, Select)] == [
        "Open",
        "Site",
        "Help",
    ]
