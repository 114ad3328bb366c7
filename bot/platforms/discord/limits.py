"""What Discord accepts, checked before anything is sent: discord.py checks neither labels, ids nor text lengths.

The numbers are those of Discord's own API description and of its component reference.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

COMPONENTS: Final = 40
TEXT: Final = 4000
BUTTON_LABEL: Final = 80
CUSTOM_ID: Final = 100
URL: Final = 512
ROW: Final = 5
OPTIONS: Final = 25
OPTION_TEXT: Final = 100
PLACEHOLDER: Final = 150
FILES: Final = 10
FILE_DESCRIPTION: Final = 1024
PICTURES: Final = 10
PICTURE_DESCRIPTION: Final = 1024
MODAL_TITLE: Final = 45
MODAL_PARTS: Final = 5
LABEL: Final = 45
HINT: Final = 100
INPUT: Final = 4000
INPUT_PLACEHOLDER: Final = 100
CHECK_OPTIONS: Final = 10
RADIO_LEAST: Final = 2
COMMANDS: Final = 100
COMMAND_NAME: Final = 32
COMMAND_DESCRIPTION: Final = 100
COMMAND_OPTIONS: Final = 25
COMMAND_TEXT: Final = 8000
CHOICE: Final = 100

ACTION_ROW: Final = 1
BUTTON: Final = 2
SELECT: Final = 3
TEXT_INPUT: Final = 4
SECTION: Final = 9
TEXT_DISPLAY: Final = 10
MEDIA_GALLERY: Final = 12
FILE: Final = 13
SEPARATOR: Final = 14
CONTAINER: Final = 17
LABELLED: Final = 18
RADIO_GROUP: Final = 21
CHECKBOX_GROUP: Final = 22

Payload = Mapping[str, Any]


class TooLarge(ValueError):  # noqa: N818 - named for what is wrong, as every error of ours
    """It does not fit Discord. The message names the limit and never quotes what was to be shown."""


def check_message(components: Sequence[Payload]) -> None:
    """Raises TooLarge where a message's components would be refused."""
    every = list(walk(components))
    _at_most(COMPONENTS, len(every), "components in a message")
    _at_most(TEXT, sum(length(each.get("content", "")) for each in every), "characters in a message")
    for each in every:
        _check_part(each)
    _check_ids(every)


def check_modal(modal: Payload) -> None:
    """Raises TooLarge where a modal would be refused."""
    _between(1, MODAL_TITLE, modal["title"], "a form's title")
    _between(1, CUSTOM_ID, modal["custom_id"], "a form's id")
    if not 1 <= len(modal["components"]) <= MODAL_PARTS:
        raise TooLarge(f"a form has 1 to {MODAL_PARTS} parts, not {len(modal['components'])}")
    every = list(walk(modal["components"]))
    for each in every:
        if each["type"] == LABELLED:
            _between(1, LABEL, each["label"], "a field's label")
            _at_most(HINT, length(each.get("description", "")), "characters in a field's hint")
        elif each["type"] == TEXT_INPUT:
            _at_most(INPUT, each["max_length"], "characters in a text field")
            _at_most(INPUT_PLACEHOLDER, length(each.get("placeholder") or ""), "characters in an example")
        else:
            _check_part(each)
    _check_ids(every)


def check_commands(commands: Sequence[Payload]) -> None:
    """Raises TooLarge where the list of commands would be refused."""
    _at_most(COMMANDS, len(commands), "commands")
    for command in commands:
        _check_command(command)
        _at_most(COMMAND_TEXT, _command_text(command), f"characters in /{command['name']}")


def walk(components: Sequence[Payload]) -> Iterator[Payload]:
    """Every component, nested ones after their parent."""
    for each in components:
        yield each
        if "components" in each:
            yield from walk(each["components"])
        for name in ("accessory", "component"):
            if name in each:
                yield from walk((each[name],))


def length(text: str) -> int:
    """As Discord's clients count: in UTF-16 units, never fewer than characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _check_part(part: Payload) -> None:  # noqa: C901 - one case for each kind of component
    match part["type"]:
        case 1:
            if not 1 <= len(part["components"]) <= ROW:
                raise TooLarge(f"a row has 1 to {ROW} buttons, not {len(part['components'])}")
        case 2:
            _between(1, BUTTON_LABEL, part.get("label") or "", "a button's label")
            _at_most(URL, length(part.get("url") or ""), "characters in a link")
        case 3 | 21 | 22:
            most = OPTIONS if part["type"] == SELECT else CHECK_OPTIONS
            least = RADIO_LEAST if part["type"] == RADIO_GROUP else 1
            options = part.get("options", ())
            if not least <= len(options) <= most:
                raise TooLarge(f"a choice has {least} to {most} options, not {len(options)}")
            _at_most(PLACEHOLDER, length(part.get("placeholder") or ""), "characters in a placeholder")
            for option in options:
                _between(1, OPTION_TEXT, option["label"], "an option's label")
                _between(1, OPTION_TEXT, option["value"], "an option's value")
                _at_most(OPTION_TEXT, length(option.get("description") or ""), "characters in an option's description")
            if len({option["value"] for option in options}) < len(options):
                raise TooLarge("two options have the same value")
        case 10:
            _between(1, TEXT, part["content"], "a text")
        case 12:
            _at_most(PICTURES, len(part["items"]), "pictures")
            for item in part["items"]:
                _between(1, PICTURE_DESCRIPTION, item.get("description") or "", "a picture's description")


def _check_ids(parts: Sequence[Payload]) -> None:
    ids = [part["custom_id"] for part in parts if part.get("custom_id") is not None]
    for each in ids:
        _between(1, CUSTOM_ID, each, "an id")
    # Only the key is named: what follows it may be personal.
    twice = [each.partition(":")[0] for each, count in Counter(ids).items() if count > 1]
    if twice:
        raise TooLarge(f"two parts of one message do the same: {twice}")


def _check_command(command: Payload) -> None:
    _between(1, COMMAND_NAME, command["name"], "a command's name")
    _between(1, COMMAND_DESCRIPTION, command["description"], f"the help of {command['name']}")
    _at_most(COMMAND_OPTIONS, len(command.get("options", ())), f"options of {command['name']}")
    _at_most(OPTIONS, len(command.get("choices", ())), f"choices of {command['name']}")
    for choice in command.get("choices", ()):
        _between(1, CHOICE, choice["name"], f"a choice of {command['name']}")
    for option in command.get("options", ()):
        _check_command(option)


def _command_text(command: Payload) -> int:
    own = length(command["name"]) + length(command["description"])
    choices = sum(length(each["name"]) + length(str(each["value"])) for each in command.get("choices", ()))
    return own + choices + sum(_command_text(option) for option in command.get("options", ()))


def _between(least: int, most: int, text: str, what: str) -> None:
    if not least <= length(text) <= most:
        raise TooLarge(f"{what} has {least} to {most} characters, not {length(text)}")


def _at_most(most: int, count: int, what: str) -> None:
    if count > most:
        raise TooLarge(f"at most {most} {what}, not {count}")
