"""Keeps a second process off an SQLite database that the bot runs on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class NotAlone(Exception):  # noqa: N818 - named for what is wrong
    """Another process runs on the same database."""


@contextmanager
def alone_with(database: Path) -> Iterator[None]:
    """Until the end of the block, or of the process, nobody else gets here. Raises NotAlone.

    The data would survive a second one. But its connection to Discord or Slack is sent everything that people do as
    well, and both would answer. The lock is SQLite's own, on a file beside the database that stays empty: it works on
    every system, and whatever ends the process ends it.
    """
    with closing(sqlite3.connect(database.with_name(f"{database.name}.lock"), timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise NotAlone from None
        yield
