"""The feature, and what its cards have in common: moods, questions, lines, names of rounds."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards import Mention, Words, say
from bot.feature import Feature
from cogs.checkins.shares import Said, find_accounts
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


async def find_mentions(db: AsyncSession, people: Sequence[UUID], *, destination: str) -> Mapping[UUID, Mention]:
    """Members as the platform of a destination shows them, in that order; display names are never kept."""
    accounts = await find_accounts(db, people, destination=destination)
    return {person: Mention(accounts[person]) for person in people if person in accounts}
