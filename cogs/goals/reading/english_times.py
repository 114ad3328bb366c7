"""The phrases of time in an English sentence, wherever they stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from cogs.goals.reading.english_deadlines import deadline
from cogs.goals.reading.english_phrases import Phrase
from cogs.goals.reading.english_rhythms import rhythm
from cogs.goals.reading.parts import Reason
from cogs.goals.reading.tokens import Token, clause_ends, key_at, keys


def phrases(tokens: Sequence[Token], today: date) -> list[Phrase]:
    """Every phrase of time, in order, none overlapping."""
    found: list[Phrase] = []
    at = 0
    while at < len(tokens):
        phrase = rhythm(tokens, at) or deadline(tokens, at, today) or _vague(tokens, at)
        if phrase:
            phrase = _with_emphasis(tokens, phrase)
            found.append(phrase)
            at = phrase.end
        else:
            at += 1
    return found


_VAGUE: Final = (
    ("as", "soon", "as", "possible"),
    ("one", "day"),
    ("some", "day"),
    ("now", "and", "then"),
    ("from", "time", "to", "time"),
    ("soon",),
    ("asap",),
    ("someday",),
    ("sometime",),
    ("sometimes",),
    ("eventually",),
    ("regularly",),
    ("often",),
    ("frequently",),
    ("occasionally",),
    ("later",),
)


def _vague(tokens: Sequence[Token], at: int) -> Phrase | None:
    for words in _VAGUE:
        end = at + len(words)
        if key_at(tokens, at) == words[0] and keys(tokens, at, len(words)) == words and clause_ends(tokens, end):
            return Phrase(at, end, problem=Reason.VAGUE, is_vague=True)
    return None


def _with_emphasis(tokens: Sequence[Token], found: Phrase) -> Phrase:
    """By Friday at the latest, weekdays only: the words after it belong to it."""
    if keys(tokens, found.end, 3) == ("at", "the", "latest"):
        return replace(found, end=found.end + 3)
    return replace(found, end=found.end + 1) if found.weekdays and key_at(tokens, found.end) == "only" else found
