"""Which helplines may be shown: only given rows, and only while somebody has checked them lately."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

SHOWN_DAYS: Final = 180
"""A row that nobody has checked for so long is hidden."""
WARNED_DAYS: Final = 150
"""A row of this age is due to be checked again; the tests warn of it."""


@dataclass(frozen=True, slots=True)
class Helpline:
    """One service of one country (ISO 3166 code). `call`, `text` and `emergency` are numbers as people dial them."""

    country: str
    name: str
    call: str | None
    text: str | None
    chat: str | None
    hours: str
    cost: str
    emergency: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Directory:
    """Where all other countries' lines are found."""

    name: str
    url: str


def find_helplines(country: str | None, *, today: date) -> Sequence[Helpline]:
    """The lines of a country, in the order they were given; none where no row is fresh enough."""
    oldest = today - timedelta(days=SHOWN_DAYS)
    return [line for line in _given()[0] if line.country == country and line.checked_on >= oldest]


def find_due(*, today: date) -> Sequence[Helpline]:
    """The lines of all countries that should be checked again by now."""
    oldest = today - timedelta(days=WARNED_DAYS)
    return [line for line in _given()[0] if line.checked_on < oldest]


def find_countries() -> frozenset[str]:
    """The countries that any row is for, fresh or not."""
    return frozenset(line.country for line in _given()[0])


def get_directory() -> Directory:
    return _given()[1]


@cache
def _given() -> tuple[tuple[Helpline, ...], Directory]:
    data = json.loads(files(__package__).joinpath("helplines.json").read_text(encoding="utf-8"))
    lines = tuple(
        Helpline(
            country=row["country"],
            name=row["name"],
            call=row["call"],
            text=row["text"],
            chat=row["chat"],
            hours=row["hours"],
            cost=row["cost"],
            emergency=row["emergency"],
            checked_on=date.fromisoformat(row["checked_on"]),
        )
        for row in data["lines"]
    )
    return lines, Directory(data["directory"]["name"], data["directory"]["url"])
