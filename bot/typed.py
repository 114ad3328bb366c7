"""Reads a typed command line, the same way wherever people type one: quotes, positions, and `name:value`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.options import Field, Raw

_WORD = re.compile(r"""(?:(?P<name>[a-z_]+):\s*)?(?:"(?P<double>[^"]*)"?|“(?P<curly>[^”]*)”?|(?P<bare>[^\s]+))""")


@dataclass(frozen=True, slots=True)
class Line:
    """The values of a typed line by field name; `last` is the field still being typed."""

    values: Mapping[str, Raw]
    last: str | None


def read_line(text: str, fields: Sequence[Field]) -> Line:
    """Values for the fields, in order or by name. The last text field takes all the words that are left.

    Nothing typed is lost and nothing raises: what fits no field joins the last one.
    """
    names = {field.name for field in fields}
    values: dict[str, str] = {}
    last: str | None = None
    for word, named in _words(text, names):
        name = named or next((field.name for field in fields if field.name not in values), None)
        if name is not None:
            values[name] = word
            last = name
        elif last is not None:
            values[last] = f"{values[last]} {word}".strip()
    return Line(values, last)


def spell(fields: Sequence[Field], values: Mapping[str, str]) -> str:
    """The values as a person would type them: in order and quoted where needed, by name after a gap."""
    parts: list[str] = []
    gap = False
    for field in fields:
        value = values.get(field.name)
        if value is None:
            gap = True
            continue
        quoted = f'"{value}"' if not value or re.search(r"[\s:]", value) else value
        parts.append(f"{field.name}:{quoted}" if gap else quoted)
    return " ".join(parts)


def _words(text: str, names: set[str]) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for match in _WORD.finditer(text):
        name = match["name"]
        value = next((match[group] for group in ("double", "curly", "bare") if match[group] is not None), "")
        if name is None and value.endswith(":") and value[:-1] in names:
            found.append(("", value[:-1]))
        elif name is None or name in names:
            found.append((value, name))
        else:  # a colon in ordinary words, such as a web address, names no field
            found.append((f"{name}:{value}", None))
    return found
