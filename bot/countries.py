"""The countries a member can choose: those with helplines of their own. All others share the directory."""

from collections.abc import Mapping
from typing import Final

from bot.cards import Option

COUNTRIES: Final[Mapping[str, str]] = {
    "AU": "Australia",
    "CA": "Canada",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "NL": "Netherlands",
    "US": "United States",
}
"""ISO 3166 code -> name."""

ELSEWHERE: Final = "elsewhere"
"""The choice of a country that has no lines here."""


def countries() -> tuple[Option, ...]:
    """The choices by name, with somewhere else at the end."""
    named = sorted(COUNTRIES.items(), key=lambda each: each[1])
    return (*(Option(code, name) for code, name in named), Option(ELSEWHERE, "Somewhere else"))
