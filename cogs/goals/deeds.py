"""Which entries of other features count towards a goal, told by its words."""

import re
from collections.abc import Mapping
from typing import Final

from bot.events import Deed


def deed_of(verb: str, thing: str) -> Deed | None:
    """The deed that a goal is about; None where nothing but the member is to move it.

    "Review 3 applications" is about applications and makes none, so a thing counts only with the verbs that do it.
    """
    first, _, rest = verb.casefold().partition(" ")
    about = f"{rest} {thing.casefold()}"
    if first in _NOT_DOING or _NOT_THE_DEED.search(about):
        return None
    if first in {"apply", "applying"}:
        return Deed.APPLICATION
    for deed, (verbs, things) in _WORDS.items():
        if things.search(about) and (not first or first in verbs):
            return deed
    return None


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


_DO: Final = frozenset({"complete", "do", "finish", "get", "have", "make", "start"})
_GO: Final = frozenset({"attend", "go", "join", "visit"})
_WORDS: Final[Mapping[Deed, tuple[frozenset[str], re.Pattern[str]]]] = {
    Deed.APPLICATION: (
        _DO | {"email", "file", "hand", "mail", "put", "send", "submit", "write"},
        _words("(?:job )?applications?", "cvs?", "resumes?", "résumés?"),
    ),
    Deed.INTERVIEW: (_DO | _GO | {"land", "secure"}, _words("interviews?")),
    Deed.EVENT: (
        _DO | _GO | {"schedule", "set"},
        _words(
            "(?:networking|industry|recruiting|hiring|career|job) (?:events?|calls?|evenings?|meetings?|fairs?)",
            "(?:coffee|networking) chats?",
            "meet-?ups?",
            "conferences?",
            "networking",
        ),
    ),
    Deed.COURSE: (
        _DO | _GO | {"enrol", "enroll", "pass", "take"},
        _words("courses?", "certificates?", "certifications?", "bootcamps?"),
    ),
}
"""Deed -> the verbs that do it, and what it is called."""
_NOT_DOING: Final = frozenset({"practice", "practise", "prepare", "rehearse"})
_NOT_THE_DEED: Final = _words(
    *("mock", "informational", "questions?", "templates?", "minutes?", "hours?"),
    *("chapters?", "lessons?", "modules?", "videos?", "pages?", "letters?"),
)
"""A part of it, or getting ready for it: worth counting, and not the thing itself."""
