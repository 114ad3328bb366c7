"""Database addresses: what people configure, read into what SQLAlchemy connects to."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


def read_url(text: str) -> URL:
    """`sqlite:///path` or `postgresql://...` with any driver. ValueError with a sentence that shows no part of it."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(_EXPECTED) from None
    kind = url.drivername.partition("+")[0]
    if kind == SQLITE and url.database and url.database != ":memory:":
        return url.set(drivername=SQLITE)
    if kind in {POSTGRESQL, "postgres"}:
        return url.set(drivername=f"{POSTGRESQL}+psycopg")
    raise ValueError(_EXPECTED)


_EXPECTED = "A database address is sqlite:///path/of/a/file or postgresql://user:password@host/name."
