"""Cutting a sentence into tokens that remember where they stood, whatever the language."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

PUNCTUATION: Final = frozenset(",;:.!?…()[]{}\"'`*•#<>|-~/&")
"""Keys of the tokens that are marks alone, but for those that are part of a number or a word."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark: `text[start:end]` of its sentence; `key` is how it is compared."""

    key: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        return self.key in PUNCTUATION


def cut(text: str) -> list[Token]:
    """The tokens of a text whose spaces are tidy, in time linear in its length."""
    return [Token(_key(text[start:end]), start, end) for start, end in _spans(text)]


def pieces(text: str, tokens: Sequence[Token]) -> str:
    """What these tokens were, as typed: what lay between neighbours is kept, what lay between others is a space."""
    parts: list[str] = []
    start = end = -1
    for token in tokens:
        if end >= 0 and text[end : token.start].strip() == "" and token.start - end <= 1:
            end = token.end
            continue
        if end >= 0:
            parts.append(text[start:end])
        start, end = token.start, token.end
    if end >= 0:
        parts.append(text[start:end])
    return trimmed(" ".join(parts))


def trimmed(words: str) -> str:
    """Without marks at either end, except a bracket or a quotation that opens and closes inside."""
    before = None
    while before != words:
        before = words
        words = words.strip(" ,;:.!?…-–—*•|~&")
        if words and words[-1] in _OPENS and _OPENS[words[-1]] not in words[:-1]:
            words = words[:-1]
        if words and words[0] in _CLOSES and _CLOSES[words[0]] not in words[1:]:
            words = words[1:]
        if len(words) > 1 and _CLOSES.get(words[0]) == words[-1] and _CLOSES[words[0]] not in words[1:-1]:
            words = words[1:-1]
    return "" if not any(map(str.isalnum, words)) else words


def keys(tokens: Sequence[Token], at: int, number: int) -> tuple[str, ...]:
    """So many keys from a token on, fewer at the end."""
    return tuple(token.key for token in tokens[at : at + number])


def key_at(tokens: Sequence[Token], at: int) -> str:
    """The key of a token, empty beyond either end."""
    return tokens[at].key if 0 <= at < len(tokens) else ""


def after(tokens: Sequence[Token], at: int, *words: str) -> int:
    """The index after one of these words where it stands here, else this one."""
    return at + 1 if key_at(tokens, at) in words else at


def clause_ends(tokens: Sequence[Token], at: int) -> bool:
    """Whether the text or a part of it ends before this token."""
    return at >= len(tokens) or tokens[at].is_mark


def word_list(words: str) -> tuple[str, ...]:
    """The words of a table that is written as a line of text."""
    return tuple(words.split())


_CLOSES: Final = {"(": ")", "[": "]", "{": "}", "\u201c": "\u201d", "\u2018": "’", '"': '"', "'": "'", "«": "»"}
_OPENS: Final = {closing: opening for opening, closing in _CLOSES.items()}
_STRAIGHT: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e«»", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | {"×": "x"}
)
"""The many quotation marks, dashes and crosses that keyboards and word processors make, one for one."""
_THOUSANDS: Final = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?\+?")
_GLUED: Final = re.compile(r"([0-9]+)([a-z]{3,})")


def _key(piece: str) -> str:
    return piece.casefold().translate(_STRAIGHT)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for chunk in re.finditer(r"\S+", text):
        straight = chunk.group().translate(_STRAIGHT)
        start, end = _core(straight)
        base = chunk.start()
        yield from ((base + at, base + at + 1) for at in range(start))
        yield from ((base + a, base + b) for a, b in _inner(straight, start, end))
        yield from ((base + at, base + at + 1) for at in range(end, len(straight)))


def _core(straight: str) -> tuple[int, int]:
    """Where a chunk begins and ends without the marks around it."""
    start, end = 0, len(straight)
    while start < end and straight[start] in PUNCTUATION:
        if straight[start] == "-" and straight[start + 1 : start + 2].isdecimal():
            break
        start += 1
    while end > start and straight[end - 1] in PUNCTUATION:
        end -= 1
    return start, end


def _inner(straight: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A chunk's words, where a space was forgotten after a mark or a number; addresses of the web stay whole."""
    core = straight[start:end]
    if not core:
        return
    if "://" in core or _THOUSANDS.fullmatch(core):
        yield start, end
        return
    last = start
    for at in range(start + 1, end - 1):
        if last < at and _parts(straight, last, at):
            yield from _unglued(straight, last, at)
            yield at, at + 1
            last = at + 1
    yield from _unglued(straight, last, end)


def _parts(straight: str, last: int, at: int) -> bool:
    mark, following = straight[at], straight[at + 1]
    if mark in ",;()":
        return True
    if mark == ":":
        return following.isalpha()
    if mark == "/":
        return following.isalpha() and straight[at - 1].isalnum()
    return mark == "&" and straight[last:at].isalpha() and at - last > 1 and following.isalpha()


def _unglued(straight: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    glued = _GLUED.fullmatch(straight, start, end)
    if glued:
        yield glued.span(1)
        yield glued.span(2)
    elif start < end:
        yield start, end
