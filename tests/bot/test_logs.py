"""Logs hold references and events, never what people wrote."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import CAPPED, JsonLines, TextLines, new_reference, start_logging


@pytest.fixture
def restored() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], level = before
    root.setLevel(level)
    for name in ("bot", "cogs", "db", *CAPPED):
        logging.getLogger(name).setLevel(logging.NOTSET)


def fail() -> None:
    try:
        dict[str, str]()["my secret employer"]
    except KeyError as inner:
        raise ValueError("another secret") from inner


@pytest.mark.parametrize("form", [TextLines(), JsonLines()])
def test_an_exception_shows_where_and_not_what(form: logging.Formatter, restored: None) -> None:
    stream = io.StringIO()
    logger = logging.getLogger("bot.test")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(form)
    logger.addHandler(handler)
    try:
        fail()
    except ValueError:
        logger.exception("failed", extra={"fields": {"reference": "AAAA-BBBB"}})
    logger.removeHandler(handler)
    written = stream.getvalue()
    assert "secret" not in written
    for part in ("AAAA-BBBB", "builtins.ValueError", "builtins.KeyError", "test_logs.py"):
        assert part in written


def test_libraries_are_heard_from_warning_up_even_at_debug(restored: None, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(level="DEBUG", form="json")
    logging.getLogger("bot.test").debug("our event", extra={"fields": {"n": 1}})
    logging.getLogger("slack_bolt.App").debug("a whole payload")
    logging.getLogger("discord.gateway").info("a whole payload")
    logging.getLogger("sqlalchemy.engine").warning("careful: %s", "a value")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line.get("n")) for line in lines] == [("our event", 1), ("careful: %s", None)]


def test_references_are_short_and_differ() -> None:
    made = {new_reference() for _ in range(200)}
    assert len(made) == 200
    assert all(len(each) == 9 for each in made)
