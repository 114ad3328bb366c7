"""The feature, and what its cards have in common: moods, questions, lines, names of rounds."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards import Mention, Words, say
from bot.feature import Feature
from cogs.checkins.shares import Said, find_account
from cogs.checkins.tables import Bank, Kind, Mood, Round

checkins = Feature("checkins", "Your group asks how you are, once or twice a week.")

MOODS: Final[Mapping[Mood, str]] = {
    Mood.HEAVY: "🌧️ Heavy",
    Mood.LOW: "☁️ Low",
    Mood.STEADY: "⛅ Steady",
    Mood.GOOD: "🌤️ Good",
    Mood.BRIGHT: "☀️ Bright",
}
"""Weather and a word: neither colour nor picture alone says it."""
LINE_LENGTH: Final = 250
"""Of what is written to one question, so that a summary holds several."""


def question_of(question: Bank | str) -> str:
    """What was asked, as people read it."""
    if isinstance(question, Bank):
        return question.label
    return question or "A question of the group"


def round_of(found: Round) -> Words:
    """`Plan for the week · 23 Nov 2026`."""
    name = "Plan for the week" if found.kind is Kind.PLAN else "Look back at the week"
    return say("{name} · {day}", name=name, day=found.slot)


def line_of(said: Said, by: Mention | None) -> Words:
    """A shared line as the group reads it; in a summary and in what its author is shown before."""
    words = say("{words} – {by}", words=said.line.words, by=by or "a member")
    return say("{words} (late)", words=words) if said.late else words


async def mention_of(db: AsyncSession, person_id: UUID, *, destination: str) -> Mention | None:
    """A member as the platform of a destination shows them; display names are never kept."""
    account = await find_account(db, person_id, destination=destination)
    return None if account is None else Mention(account)


async def mentions_of(db: AsyncSession, people: Sequence[UUID], *, destination: str) -> tuple[Mention, ...]:
    found = [await mention_of(db, each, destination=destination) for each in people]
    return tuple(each for each in found if each is not None)
