"""What the bot writes to the demo's people by itself: told apart by its words, as they do, and said in a line."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from bot.cards import Card, Heading, Note, Row, Text, Words, plain, say, say_n, summary


class Occasion(StrEnum):
    """What it is about, as it is called in the people's habits."""

    ASKED = "asked"
    REMINDED = "reminded"
    TOLD = "told"
    """What came of a check-in."""
    HELPED = "helped"


_SAYS: Final = (
    (Occasion.REMINDED, "This check-in is open until"),  # after which it asks again
    (Occasion.ASKED, "One tap is enough"),
    (Occasion.TOLD, "This check-in is closed"),
    (Occasion.HELPED, "can help with what you asked for"),
)


def occasion_of(card: Card) -> Occasion | None:
    """What a message is about; None for anything else that the bot may write."""
    words = "\n".join(plain(each.words) for each in card.body if isinstance(each, Heading | Text | Note | Row))
    return next((occasion for occasion, says in _SAYS if says in words), None)


def line_of(card: Card, *, room: str, people: Sequence[str]) -> Words:
    """That it came, in a line; `people` are the names of those whom it names, or of the one who alone reads it."""
    names = {"names": " and ".join(filter(None, [", ".join(people[:-1]), *people[-1:]]))}
    match occasion_of(card), card.private:
        case Occasion.ASKED, False:
            return say_n(len(people), "{names} is asked in {room}.", "{names} are asked in {room}.", room=room, **names)
        case Occasion.ASKED, True:
            return say("{names} is asked in direct messages.", **names)
        case Occasion.REMINDED, _:
            return say("{names} is reminded in direct messages.", **names)
        case Occasion.TOLD, False:
            return say("The summary is in {room}.", room=room)
        case Occasion.TOLD, True:
            return say("{names} is sent the summary in direct messages.", **names)
        case Occasion.HELPED, _:
            return say("{names} reads who can help.", **names)
        case _, True:
            return say("For {names}, in direct messages: {words}", words=summary(card), **names)
        case _:
            return say("In {room}: {words}", room=room, words=summary(card))
