"""A logger for the SDK and Bolt: they tell that something failed, and none of what was in it."""

import logging
from typing import Final

_NAME: Final = "bot.platforms.slack.library"


def quiet_logger() -> logging.Logger:
    """Passes on from WARNING up, and only the place in the library: its words hold bodies, addresses and tickets."""
    logger = logging.getLogger(_NAME)
    logger.setLevel(logging.WARNING)
    if not logger.filters:
        logger.addFilter(_only_the_place)
    return logger


def _only_the_place(record: logging.LogRecord) -> bool:
    record.msg = f"slack library: {record.module}.{record.funcName}"
    record.args = ()
    record.exc_info = None
    return True
