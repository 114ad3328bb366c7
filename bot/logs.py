"""Logging: an event name, a reference, a duration; never what people wrote, their names, or raw ids.

What a library says, and what an exception says of itself, may hold any of those: libraries are heard from WARNING up,
and of an exception only its type and the places in the code are written.
"""

import json
import logging
import secrets
import sys
import traceback
from datetime import UTC, datetime
from typing import Final, Literal

OURS: Final = ("bot", "cogs", "db")
CAPPED: Final = ("aiohttp", "alembic", "apscheduler", "asyncio", "discord", "psycopg", "slack_bolt", "slack_sdk",
                 "sqlalchemy")  # fmt: skip
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFERENCE_LENGTH: Final = 8


def new_reference() -> str:
    """A short code that a person can quote: `K7Q4-2MXT`."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_REFERENCE_LENGTH))
    return f"{code[:4]}-{code[4:]}"


def start_logging(*, level: str, form: Literal["text", "json"]) -> None:
    """Sends all logs to standard error, ours from `level` up, others from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    cap_libraries()
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def cap_libraries() -> None:
    """Keeps libraries' own DEBUG and INFO lines out, whatever the root's level: they hold whole payloads."""
    for name in CAPPED:
        logging.getLogger(name).setLevel(logging.WARNING)


class TextLines(logging.Formatter):
    """One line per event: time, level, logger, event, fields."""

    def format(self, record: logging.LogRecord) -> str:
        said = " ".join(f"{name}={value}" for name, value in fields_of(record).items())
        line = f"{_at(record)} {record.levelname:7} {record.name} {event_of(record)} {said}".rstrip()
        return f"{line}\n{_exception(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """One JSON object per event."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "event": event_of(record),
            **fields_of(record),
        }
        if record.exc_info:
            entry["exception"] = _exception(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


def event_of(record: logging.LogRecord) -> str:
    """The event's name. A library's words are left out: they are templates filled with what came over the wire."""
    return record.getMessage() if _is_ours(record) else str(record.msg).partition("\n")[0][:200]


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """What our code attached through `extra={"fields": {...}}`."""
    fields = getattr(record, "fields", None)
    return dict(fields) if isinstance(fields, dict) else {}


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _exception(info: object) -> str:
    error = info[1] if isinstance(info, tuple) else None
    lines: list[str] = []
    while isinstance(error, BaseException):
        lines.append(f"  {type(error).__module__}.{type(error).__qualname__}")
        # Only where, never the source line or the message: either may quote a value.
        lines += [
            f"    {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)
