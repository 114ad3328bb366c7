"""`/stone` and the words after it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Typed
from bot.platforms.base import Offer
from bot.platforms.slack.commands import decoded, read_command, spelled
from tests.platforms.fake_desk import FakeDesk
from tests.platforms.slack.conftest import OFFERS

DESK = FakeDesk(offers=OFFERS)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("Tom &amp; &lt;Co&gt;", "Tom & <Co>"),
        ("&amp;lt;", "&lt;"),
        ("<@U1|bob> and <#C1|jobs>", "@bob and #jobs"),
        ("<@U1>", "@U1"),
        ("<https://a.example/b?c=1&amp;d=2|a.example/b>", "a.example/b"),
        ("<https://a.example>", "https://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<!here> <!subteam^S1|@team>", "@here @team"),
    ],
)
def test_text_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert decoded(sent) == typed


@given(st.text())
def test_what_slack_escapes_is_what_was_typed(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert decoded(escaped) == text


@given(st.text(max_size=60))
def test_any_words_are_a_request(text: str) -> None:
    assert read_command(DESK, text).packed in {offer.key for offer in OFFERS}


def test_no_more_words_are_looked_up_than_a_command_has() -> None:
    looked_up: list[Sequence[str]] = []

    class Watched(FakeDesk):
        def find_command(self, path: Sequence[str]) -> Offer | None:
            looked_up.append(path)
            return super().find_command(path)

    read_command(Watched(offers=OFFERS), "word " * 4000)
    assert max(map(len, looked_up)) == 2


def test_a_command_is_spelled_so_that_it_can_be_typed_back() -> None:
    typed = Typed("rejection log", {"company": "A & B", "note": "x"})
    line = spelled(DESK, typed)
    assert line == '/stone rejection log "A & B" note:x'
    request = read_command(DESK, line.removeprefix("/stone "))
    assert request.values == typed.values


def test_a_command_that_is_not_known_is_spelled_bare() -> None:
    assert spelled(DESK, Typed("goal set", {"goal": "five"})) == "/stone goal set"
