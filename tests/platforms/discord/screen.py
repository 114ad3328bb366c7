"""What a person reads in Discord's components, and what stands in the fields of a form."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.options import Raw

TEXT, GALLERY, LABEL = 10, 12, 18

Component = Mapping[str, Any]


def plain(text: str) -> str:
    """Markdown as a person sees it: escapes undone, style taken off."""
    return _MARKDOWN.sub(lambda found: found[1] or plain(found[2] or ""), text)


def words_of(part: Component) -> list[str]:
    """What is read, or heard: a picture by its description."""
    if part["type"] == TEXT:
        return [plain(part["content"])]
    return [item["description"] for item in part["items"]] if part["type"] == GALLERY else []


def inputs(modal: Component) -> dict[str, Component]:
    """The fields of a form, by their names."""
    fields = [part["component"] for part in modal.get("components", ()) if part["type"] == LABEL]
    return {each["custom_id"]: each for each in fields}


def told(modal: Component) -> list[str]:
    """The words of a form: above its fields, and below their labels."""
    above = [plain(part["content"]) for part in modal["components"] if part["type"] == TEXT]
    labels = [part for part in modal["components"] if part["type"] == LABEL]
    return above + [text for part in labels for text in (part["label"], part.get("description")) if text]


def start_of(control: Component) -> Raw:
    """What a field starts with."""
    marked = tuple(each["value"] for each in control.get("options", ()) if each.get("default"))
    match control["type"]:
        case 4:
            return str(control.get("value") or "")
        case 3 | 21:
            return "".join(marked[:1])
        case 22:
            return marked
        case 23:
            return "yes" if control.get("default") else ""
        case _:
            return tuple(str(each["id"]) for each in control.get("default_values", ()))


def chosen(options: Sequence[tuple[str, str]], text: str) -> str:
    """The value of the option that a person would pick for these words."""
    wanted = text.casefold()
    exact = [value for value, label in options if wanted in {value.casefold(), label.casefold()}]
    starting = [value for value, label in options if label.casefold().startswith(wanted)]
    assert exact or starting, f"Discord offers only {[label for _, label in options]}, not {text!r}"
    return (exact or starting)[0]


_MARKDOWN: Final = re.compile(
    r"\\([^A-Za-z0-9\s])|\[((?:\\.|[^\]\\])*)\]\(<[^>]*>\)|\*\*|`|^(?:#{1,3}|-#) ", re.MULTILINE
)
