import sqlite3
from pathlib import Path

import pytest

from bot.alone import NotAlone, alone_with


def test_a_second_one_waits_outside_until_the_first_is_gone(tmp_path: Path) -> None:
    database = tmp_path / "steppingstone.db"
    with alone_with(database):
        with pytest.raises(NotAlone), alone_with(database):
            raise AssertionError("two are in")
        with alone_with(tmp_path / "demo.db"):
            pass
    with alone_with(database):
        pass
    assert not database.exists(), "the database itself is not touched"


def test_whatever_else_is_wrong_is_not_called_a_second_one(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError), alone_with(tmp_path / "missing" / "steppingstone.db"):
        raise AssertionError("there is no such folder")
