"""Forms as modals: drawn, and read back from what Slack sends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bot.cards import Option, Words, plain, say
from bot.options import Field, Kind, Raw, read, write
from bot.platforms.base import Form
from bot.platforms.slack.draw import NAME, option, plain_text, rich_text
from bot.platforms.slack.limits import BOXES, INPUT_TEXT, PLACEHOLDER_TEXT, TITLE_TEXT, Json, check_view
from bot.platforms.slack.words import Ink, Spelling, rich

ACTION: Final = "value"
_YES: Final = Option("yes", "Yes")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was opened from, which Slack forgets unless the form carries it."""

    response_url: str = field(default="", repr=False)
    view: str = ""
    """The modal it was opened from."""
    channel: str = ""
    own: bool = False
    """From a private message of the bot, which the answer may take the place of."""

    def write(self) -> str:
        return json.dumps([self.response_url, self.view, self.channel, self.own])

    @classmethod
    def read(cls, metadata: str) -> "Origin":
        """What `write` wrote; nowhere for anything else, such as a form of an older version."""
        try:
            response_url, view, channel, own = json.loads(metadata)
            return cls(str(response_url), str(view), str(channel), bool(own))
        except (ValueError, TypeError):
            return cls()


NOWHERE: Final = Origin()
"""For what was opened from no conversation: a shortcut, App Home."""


def modal(form: Form, *, today: date, spelling: Spelling, origin: Origin) -> Json:
    """The form as a view. `today` is the member's, for dates that were typed in words. Raises TooLarge."""
    ink = Ink(spelling)
    blocks: list[Json] = []
    if len(form.title) > TITLE_TEXT:
        blocks.append({"type": "header", "text": plain_text(form.title)})
    for asked in form.fields:
        started = _started(asked, today=today)
        blocks += _above(asked, started, form.errors.get(asked.name), ink)
        blocks.append(_input(asked, started.value))
    return check_view({
        "type": "modal",
        "callback_id": form.packed,
        "private_metadata": origin.write(),
        "title": plain_text(form.title if len(form.title) <= TITLE_TEXT else NAME),
        "submit": plain_text("Send"),
        "close": plain_text("Cancel"),
        "blocks": blocks,
    })  # fmt: skip


def in_fields(form: Form) -> dict[str, str]:
    """The errors as Slack shows them in the fields of a form that stays open."""
    names = [asked.name for asked in form.fields]
    return {name if name in names else names[0]: plain(words) for name, words in form.errors.items()}


def filled_in(state: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Raw]:
    """The values of a submitted view by field name; what was left empty is left out."""
    values = {name: _given(actions[ACTION]) for name, actions in state.items() if ACTION in actions}
    return {name: value for name, value in values.items() if value}


def _given(element: Mapping[str, Any]) -> Raw:
    match element.get("type"):
        case "datepicker":
            return str(element.get("selected_date") or "")
        case "users_select":
            return str(element.get("selected_user") or "")
        case "radio_buttons" | "static_select":
            return str((element.get("selected_option") or {}).get("value", ""))
        case "checkboxes" | "multi_static_select":
            return tuple(str(each["value"]) for each in element.get("selected_options") or ())
        case _:
            return str(element.get("value") or "")


@dataclass(frozen=True, slots=True)
class _Started:
    """What a field starts with, and what was typed for it that it cannot hold."""

    value: Raw = ""
    typed: str = ""


def _started(asked: Field, *, today: date) -> _Started:
    raw = asked.value or ""
    typed = raw if isinstance(raw, str) else ", ".join(raw)
    if asked.kind in {Kind.TEXT, Kind.PARAGRAPH, Kind.DURATION}:
        return _Started(typed) if len(typed) <= INPUT_TEXT else _Started(typed=typed)
    if not raw:
        return _Started()
    try:
        # A picker holds only what can be read: "tomorrow" becomes its date, "final" its option.
        return _Started(write(read(asked, raw, today=today)))
    except ValueError:
        return _Started(typed=typed)


def _above(asked: Field, started: _Started, error: Words | None, ink: Ink) -> list[Json]:
    """What is wrong with a field that is not open yet, since Slack shows errors in fields only after a submit."""
    lines = [error] if error else []
    if started.typed:
        lines.append(say("You typed: {typed}", typed=started.typed))
    if not lines:
        return []
    said = say("**{label}** – {error}", label=asked.ask.label, error=lines[0])
    elements = rich(said, ink)
    for line in lines[1:]:
        elements += [{"type": "text", "text": "\n"}, *rich(line, ink)]
    return [rich_text(elements)]


def _input(asked: Field, value: Raw) -> Json:
    block: Json = {
        "type": "input",
        "block_id": asked.name,
        "label": plain_text(asked.ask.label),
        "element": {**_element(asked, value), "action_id": ACTION},
        "optional": not asked.required or asked.kind is Kind.TOGGLE,
    }
    return {**block, "hint": plain_text(asked.ask.hint)} if asked.ask.hint else block


def _element(asked: Field, value: Raw) -> Json:
    text = value if isinstance(value, str) else ""
    match asked.kind:
        case Kind.NUMBER:
            return _number(asked, text)
        case Kind.DATE:
            return {"type": "datepicker", **({"initial_date": text} if text else {})}
        case Kind.MEMBER:
            return {"type": "users_select", **({"initial_user": text} if text else {})}
        case Kind.CHOICE:
            return _one_of(asked, text)
        case Kind.CHOICES:
            return _some_of(asked, value)
        case Kind.TOGGLE:
            return _chosen({"type": "checkboxes", "options": [option(_YES)]}, [option(_YES)] if text else [])
        case Kind.TEXT | Kind.PARAGRAPH | Kind.DURATION:
            return _text(asked, text)


def _text(asked: Field, text: str) -> Json:
    drawn: Json = {
        "type": "plain_text_input",
        "multiline": asked.kind is Kind.PARAGRAPH,
        # What was typed may be longer than what fits; Slack takes no field that starts too full.
        "max_length": min(INPUT_TEXT, max(asked.longest, len(text))),
    }
    return {**drawn, **({"initial_value": text} if text else {}), **_placeholder(asked)}


def _number(asked: Field, text: str) -> Json:
    least, most = asked.ask.at_least, asked.ask.at_most
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        **({"min_value": str(least)} if least is not None else {}),
        **({"max_value": str(most)} if most is not None else {}),
        **({"initial_value": text} if text else {}),
        **_placeholder(asked),
    }


def _one_of(asked: Field, value: str) -> Json:
    chosen = [option(each) for each in asked.options if each.value == value]
    return {
        "type": "radio_buttons" if len(asked.options) <= BOXES else "static_select",
        "options": [option(each) for each in asked.options],
        **({"initial_option": chosen[0]} if chosen else {}),
    }


def _some_of(asked: Field, value: Raw) -> Json:
    values = (value,) if isinstance(value, str) else value
    kind = "checkboxes" if len(asked.options) <= BOXES else "multi_static_select"
    drawn: Json = {"type": kind, "options": [option(each) for each in asked.options]}
    return _chosen(drawn, [option(each) for each in asked.options if each.value in values])


def _chosen(drawn: Json, chosen: list[Json]) -> Json:
    return {**drawn, "initial_options": chosen} if chosen else drawn


def _placeholder(asked: Field) -> Json:
    example = asked.ask.example
    return {"placeholder": plain_text(example)} if example and len(example) <= PLACEHOLDER_TEXT else {}
