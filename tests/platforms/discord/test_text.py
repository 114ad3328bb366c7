"""A value is shown as it is: never markup, never a link, never a ping."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Channel, Link, Mention, Shape, Typed, When, say
from bot.options import clean
from bot.platforms.discord.text import code_span, draw, escape, one_line
from tests.platforms.discord.screen import plain

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        (say("Logged {company}.", company="Acme"), "Logged Acme."),
        (say("**Logged {company} today**, `{n}`", company="*A*", n=3), r"**Logged \*A\* today**, `3`"),
        (say("At {at}.", at=AT), "At <t:1795426200:f>."),
        (say("{at}", at=When(AT, Shape.RELATIVE)), "<t:1795426200:R>"),
        (say("{day}", day=date(2026, 11, 23)), "23 Nov 2026"),
        (say("{who} in {where}", who=Mention("42"), where=Channel("43")), "<@42> in <#43>"),
        (say("{who}", who=Mention("42> @everyone")), "a member"),
        (say("{link}", link=Link("a [b](c)", "https://x.org/(a b)>")), r"[a \[b\](c)](<https://x.org/%28a%20b%29%3E>)"),
        (say("{link}", link=Link("Call", "tel:116123")), "Call: tel:116123"),
        (say("{how}", how=Typed("rejection log", {"company": "Acme"})), "`/rejection log company:Acme`"),
        (say("**{nothing}**", nothing=""), ""),
        (say("`{n}` and `{at}`", n="a`b", at=AT), "`aˋb` and `23 Nov 2026 09:30 UTC`"),
        (say("{inner} end", inner=say("**{x}**", x="_y_")), r"**\_y\_** end"),
    ],
)
def test_words_are_drawn_natively_and_values_escaped(words: object, drawn: str) -> None:
    assert draw(words) == drawn  # type: ignore[arg-type]  # the table's type is wider than its rows


@pytest.mark.parametrize(
    "attack",
    [
        "@everyone", "@here", "<@1>", "<@&1>", "<#1>", "</log:1>", "<t:0:R>", "<:smile:1>", "<id:guide>",
        "[click](https://evil.example)", "https://evil.example", "steam://run/1", "# big", "### big", "-# small",
        "- item", "1. item", "> quote", ">>> quote", "||hidden||", "*a* **b** __c__ ~~d~~ `e` ```f```", "a\\*b\\",
        "line\n# heading\n- item\n2. item", "<+49 30 123>", "<a@b.example>",
    ],
)  # fmt: skip
def test_an_attack_is_shown_as_it_was_typed(attack: str) -> None:
    drawn = escape(attack)
    assert plain(drawn) == attack
    bare = re.sub(r"\\.", "x", drawn)
    assert not re.search(r"[*_~`|<>\[\]@]|://", bare), drawn
    assert not re.search(r"(?m)^\s*([#>+-]|\d+\.)", bare), drawn


@given(st.text())
def test_any_text_comes_back_as_it_was_less_what_breaks_a_drawing(text: str) -> None:
    assert plain(escape(text)).strip() == clean(text)


@given(st.text())
def test_a_box_of_code_holds_any_text(text: str) -> None:
    assert "`" not in code_span(text)[1:-1]
    assert "\n" not in code_span(text)


def test_what_breaks_a_drawing_is_left_out() -> None:
    assert escape("a\0b\u202ec") == "abc"
    assert len(escape("e" + "\u0301" * 4000)) < 10


def test_a_heading_stays_on_its_line() -> None:
    assert one_line(say("A {b}", b="c\nd")) == "A c d"
