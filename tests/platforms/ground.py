"""What every world stands on: settings in a folder that goes with it, and the hour at which it begins."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.settings import Settings

START: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)


@contextmanager
def throw_away_settings(database_url: str) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory() as folder:
        yield Settings(_env_file=None, database_url=SecretStr(database_url), data_dir=Path(folder))
