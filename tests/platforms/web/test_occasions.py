"""What the bot writes by itself, as the clock tells of it."""

import pytest

from bot.cards import Button, Card, Note, Row, Text, plain, say
from bot.platforms.web.occasions import Occasion, line_of, occasion_of

ASKS = Text(say("How are you? One tap is enough."))
REMINDS = Text(say("This check-in is open until {end}.", end="Wednesday"))
CLOSED = Text(say("This check-in is closed. Thank you."))
HELPS = Row(say("{by} can help with what you asked for.", by="Leo"), Button("Read", "read"))


@pytest.mark.parametrize(
    ("card", "people", "occasion", "line"),
    [
        (Card((ASKS,), private=False), ("Maya",), Occasion.ASKED, "Maya is asked in makers."),
        (Card((ASKS,), private=False), ("Maya", "Leo"), Occasion.ASKED, "Maya and Leo are asked in makers."),
        (Card((ASKS,), private=False), ("Al", "Bo", "Cy"), Occasion.ASKED, "Al, Bo and Cy are asked in makers."),
        (Card((ASKS,)), ("Maya",), Occasion.ASKED, "Maya is asked in direct messages."),
        (Card((REMINDS, ASKS)), ("Maya",), Occasion.REMINDED, "Maya is reminded in direct messages."),
        (Card((CLOSED,), private=False), ("Al", "Bo"), Occasion.TOLD, "The summary is in makers."),
        (Card((CLOSED,)), ("Maya",), Occasion.TOLD, "Maya is sent the summary in direct messages."),
        (Card((HELPS,)), ("Maya",), Occasion.HELPED, "Maya reads who can help."),
        (Card((Note(say("A note.")),), say("Due tomorrow")), ("Maya",), None,
         "For Maya, in direct messages: Due tomorrow"),
        (Card((Text(say("Hello, all.")),), private=False), ("Al", "Bo"), None, "In makers: Hello, all."),
    ],
)  # fmt: skip
def test_it_is_told_apart_by_its_words_and_said_in_a_line(
    card: Card, people: tuple[str, ...], occasion: Occasion | None, line: str
) -> None:
    assert occasion_of(card) is occasion
    assert plain(line_of(card, room="makers", people=people)) == line
