"""What Slack takes at most, checked on every finished payload: too much is refused here, and never cut."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Json = dict[str, Any]
"""A JSON object as Slack takes it."""

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
MESSAGE_TEXT: Final = 12_000
"""Characters of a whole message; above about 13,000 Slack answers `msg_blocks_too_long`."""
HEADER_TEXT: Final = 150
SECTION_TEXT: Final = 3000
SECTION_FIELDS: Final = 10
FIELD_TEXT: Final = 2000
ACTION_ELEMENTS: Final = 25
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2000
BUTTON_URL: Final = 3000
OPTIONS: Final = 100
BOXES: Final = 10
"""Options of radio buttons or checkboxes."""
OPTION_TEXT: Final = 75
OPTION_VALUE: Final = 150
PLACEHOLDER_TEXT: Final = 150
LABEL_TEXT: Final = 2000
INPUT_TEXT: Final = 3000
TITLE_TEXT: Final = 24
METADATA_TEXT: Final = 3000
ID_TEXT: Final = 255
TABLE_ROWS: Final = 100
TABLE_COLUMNS: Final = 20
CHARTS: Final = 2
"""In a message."""
CHART_TITLE: Final = 50
CHART_LABEL: Final = 20
"""Of a series, a category or a point."""
CHART_CATEGORIES: Final = 20

_TEXT_OF_BLOCK: Final = {"header": HEADER_TEXT, "section": SECTION_TEXT, "context": SECTION_TEXT}
_OPTIONS_OF: Final = {
    "radio_buttons": BOXES,
    "checkboxes": BOXES,
    "static_select": OPTIONS,
    "multi_static_select": OPTIONS,
}


class TooLarge(Exception):  # noqa: N818 - named for what it is, as every error of ours
    """A card or form that Slack would not take. The message names the part and its size, never its words."""

    def __init__(self, part: str, size: int, most: int) -> None:
        super().__init__(f"{part} is {size}, and at most {most} fit")


def check_message(message: Json) -> Json:
    """The message itself, where it fits. Raises TooLarge."""
    blocks = message["blocks"]
    _at_most("blocks of a message", len(blocks), MESSAGE_BLOCKS)
    _at_most("characters of a message", sum(map(len, _texts(blocks))), MESSAGE_TEXT)
    for block in blocks:
        _check_block(block)
    return message


def check_view(view: Json) -> Json:
    """The view itself, where it fits. Raises TooLarge."""
    _at_most("blocks of a view", len(view["blocks"]), VIEW_BLOCKS)
    _at_most("private_metadata", len(view.get("private_metadata", "")), METADATA_TEXT)
    _at_most("callback_id", len(view.get("callback_id", "")), ID_TEXT)
    for name in ("title", "submit", "close"):
        _check_text(f"the {name} of a view", view.get(name), TITLE_TEXT)
    for block in view["blocks"]:
        _check_block(block)
    return view


def _check_block(block: Json) -> None:
    kind = block["type"]
    _at_most("block_id", len(block.get("block_id", "")), ID_TEXT)
    _check_text(kind, block.get("text"), _TEXT_OF_BLOCK.get(kind, SECTION_TEXT))
    _at_most("fields of a section", len(block.get("fields", ())), SECTION_FIELDS)
    for field in block.get("fields", ()):
        _check_text("a field of a section", field, FIELD_TEXT)
    if kind == "actions":
        _at_most("elements of an actions block", len(block["elements"]), ACTION_ELEMENTS)
    if kind == "context":
        for element in block["elements"]:
            _check_text("context", element, SECTION_TEXT)
    if kind == "input":
        _check_text("the label of an input", block["label"], LABEL_TEXT)
        _check_text("the hint of an input", block.get("hint"), LABEL_TEXT)
    if kind == "table":
        _at_most("rows of a table", len(block["rows"]), TABLE_ROWS)
        _at_most("columns of a table", max(map(len, block["rows"]), default=0), TABLE_COLUMNS)
    for element in _elements(block):
        _check_element(element)


def _elements(block: Json) -> Iterator[Json]:
    if block["type"] == "actions":
        yield from block["elements"]
    for name in ("accessory", "element"):
        if name in block:
            yield block[name]


def _check_element(element: Json) -> None:
    kind = element["type"]
    _at_most("action_id", len(element.get("action_id", "")), ID_TEXT)
    _at_most("the value of a button", len(element.get("value", "")), BUTTON_VALUE)
    _at_most("the address of a button", len(element.get("url", "")), BUTTON_URL)
    _at_most("the text an input starts with", len(element.get("initial_value", "")), INPUT_TEXT)
    _check_text("the label of a button", element.get("text"), BUTTON_TEXT)
    _check_text("a placeholder", element.get("placeholder"), PLACEHOLDER_TEXT)
    options = element.get("options", ())
    _at_most(f"options of {kind}", len(options), _OPTIONS_OF.get(kind, OPTIONS))
    for option in options:
        _check_text("an option", option["text"], OPTION_TEXT)
        _check_text("the description of an option", option.get("description"), OPTION_TEXT)
        _at_most("the value of an option", len(option["value"]), OPTION_VALUE)


def _check_text(part: str, text: Mapping[str, Any] | None, most: int) -> None:
    if text is not None:
        _at_most(f"the text of {part}", len(text["text"]), most)


def _at_most(part: str, size: int, most: int) -> None:
    if size > most:
        raise TooLarge(part, size, most)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name == "text" and isinstance(each, str):
                yield each
            else:
                yield from _texts(each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _texts(each)
