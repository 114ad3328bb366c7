"""A card as the words that are on it."""

from collections.abc import Iterator
from dataclasses import fields

from bot.cards import Actions, Card, Row, Words, plain


def words_of(card: Card) -> Iterator[str]:
    """Its title and its elements in order; what can be pressed has no words here."""
    yield plain(card.title)
    for element in card.body:
        if isinstance(element, Row):
            yield plain(element.words)
        elif not isinstance(element, Actions):
            yield " ".join(_words(tuple(getattr(element, each.name) for each in fields(element))))


def _words(value: object) -> Iterator[str]:
    match value:
        case Words():
            yield plain(value)
        case str():
            yield value
        case tuple():
            for each in value:
                yield from _words(each)
        case _:
            pass
