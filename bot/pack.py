"""Calls as short texts: what a button carries, what a modal is named, what a stored job or draft points to.

A packed call is `key:value:value`, at most 100 characters (Discord's custom_id, the shortest of the platforms). It is
no authority: whoever sends one back is checked as if they had typed it.
"""

import base64
from collections.abc import Sequence
from datetime import date, time
from enum import Enum, IntEnum
from typing import Any, Final
from urllib.parse import quote, unquote
from uuid import UUID

LIMIT: Final = 100
IN_PLACE: Final = "!"
_NONE: Final = "-"


def pack(key: str, values: Sequence[object] = ()) -> str:
    """The call as text. Raises ValueError where it would be too long for a button."""
    packed = ":".join([key, *map(_pack_value, values)])
    if len(packed) > LIMIT - len(IN_PLACE):
        # Only the key is named: a value may be personal.
        raise ValueError(f"a packed call of {key!r} is {len(packed)} characters, too long for a button")
    return packed


def with_value(packed: str, value: str) -> str:
    """The call with one more value at its end, as a chosen option adds it."""
    return f"{packed}:{_pack_value(value)}"


def key_of(packed: str) -> str:
    """The stable key of the command, action or job that is called."""
    return packed.partition(":")[0]


def unpack(packed: str, kinds: Sequence[Any]) -> list[Any]:
    """The values, read back as the given types. Raises ValueError for a foreign, old or damaged text."""
    _, *texts = packed.split(":")
    if len(texts) > len(kinds):
        raise ValueError("more values than the call takes")
    return [_unpack_value(text, kind) for text, kind in zip(texts, kinds, strict=False)]


def in_place(packed: str) -> str:
    """Marks a form whose answer takes the place of the message it was opened from."""
    return IN_PLACE + packed


def is_in_place(packed: str) -> bool:
    return packed.startswith(IN_PLACE)


def without_mark(packed: str) -> str:
    return packed.removeprefix(IN_PLACE)


def _pack_value(value: object) -> str:
    match value:
        case None:
            return _NONE
        case bool():
            return "1" if value else "0"
        case Enum():
            return _pack_value(value.value)
        case int():
            return str(value)
        case UUID():
            return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode()
        case date() | time():
            return value.isoformat().replace(":", ".")
        case str():
            return quote(value, safe="/ ,") if value != _NONE else "%2D"
        case _:
            raise TypeError(f"{type(value).__name__} cannot travel in a button")


def _unpack_value(text: str, kind: Any) -> Any:
    if text == _NONE:
        return None
    match kind:
        case type() if issubclass(kind, bool):
            return text == "1"
        case type() if issubclass(kind, IntEnum):
            return kind(int(text))
        case type() if issubclass(kind, Enum):
            return kind(unquote(text))
        case type() if issubclass(kind, int):
            return int(text)
        case type() if issubclass(kind, UUID):
            return UUID(bytes=base64.urlsafe_b64decode(text + "=="))
        case type() if issubclass(kind, date):
            return date.fromisoformat(text)
        case type() if issubclass(kind, time):
            return time.fromisoformat(text.replace(".", ":"))
        case type() if issubclass(kind, str):
            return unquote(text)
        case _:
            raise ValueError("a type that does not travel in buttons")
