"""Draws forms as Discord's modals, and reads what was sent back without any live modal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import discord
from discord import ui

from bot.cards import Option, plain
from bot.options import Field, Kind, Raw, clean
from bot.platforms.base import Form
from bot.platforms.discord import limits
from bot.platforms.discord.limits import TooLarge
from bot.platforms.discord.text import draw, visible

Item = ui.Item[Any]
Drawn = TypeVar("Drawn")


def modal(form: Form) -> ui.Modal:
    """The form as discord.py sends it, kept out of its store of live modals. Needs a running loop.

    Two people may have a form of the same id open, and a restart may come before they send it: it is read by `read`.
    """
    made = ui.Modal(title=form.title, custom_id=form.packed, timeout=None)
    for part in _checked(form):
        made.add_item(part)
    made.stop()
    if not made.is_finished():
        raise RuntimeError("a modal is made on the running event loop")
    return made


def payload(form: Form) -> dict[str, Any]:
    """The body of the modal as it goes over the wire. Raises TooLarge where it does not fit."""
    return _payload(form, _checked(form))


def read(data: Mapping[str, Any]) -> dict[str, Raw]:
    """Field name -> what was filled in, from the raw data of a submit."""
    values: dict[str, Raw] = {}
    for part in data.get("components", ()):
        field = part.get("component")
        if field is not None:
            values[field["custom_id"]] = _filled(field)
    return values


def _filled(field: Mapping[str, Any]) -> Raw:
    if "values" in field:
        chosen = tuple(str(each) for each in field["values"] or ())
        # One of a list is one value; only boxes to tick, and lists that take several, are several.
        return chosen if field["type"] == limits.CHECKBOX_GROUP or len(chosen) > 1 else "".join(chosen)
    value = field.get("value")
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value or "")


def _checked(form: Form) -> list[Item]:
    parts = list(_parts(form))
    limits.check_modal(_payload(form, parts))
    return parts


def _payload(form: Form, parts: Sequence[Item]) -> dict[str, Any]:
    return {
        "custom_id": form.packed,
        "title": form.title,
        "components": [part.to_component_dict() for part in parts],
    }


def _parts(form: Form) -> Iterator[Item]:
    hints = {field.name: field.ask.hint for field in form.fields}
    long: list[str] = []
    for field in form.fields:
        wrong = form.errors.get(field.name)
        if wrong is not None and limits.length(plain(wrong)) <= limits.HINT:
            hints[field.name] = visible(plain(wrong))
        elif wrong is not None:
            hints[field.name] = f"This could not be read. {_for_example(field)}".strip()
            long.append(f"**{field.ask.label}:** {draw(wrong)}")
    if long and len(form.fields) < limits.MODAL_PARTS:
        yield ui.TextDisplay("\n".join(long))
    for field in form.fields:
        yield ui.Label(text=field.ask.label, description=hints[field.name] or None, component=_input(field))


def _for_example(field: Field) -> str:
    return f"For example: {field.ask.example}" if 0 < len(field.ask.example) <= EXAMPLE_LENGTH else ""


def _input(field: Field) -> Item:
    match field.kind:
        case Kind.CHOICE:
            return _one_of(field)
        case Kind.CHOICES:
            return _several_of(field)
        case Kind.TOGGLE:
            return ui.Checkbox(custom_id=field.name, default=bool(field.value))
        case Kind.MEMBER:
            known = isinstance(field.value, str) and field.value.isdecimal()
            default = [discord.Object(int(str(field.value)), type=discord.User)] if known else []
            return ui.UserSelect(custom_id=field.name, required=field.required, default_values=default)
        case _:
            return _text(field)


def _text(field: Field) -> Item:
    value = clean(field.value) if isinstance(field.value, str) else ""
    longest = field.longest if field.kind in {Kind.TEXT, Kind.PARAGRAPH} else SHORT
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.kind is Kind.PARAGRAPH else discord.TextStyle.short,
        placeholder=field.ask.example or None,
        default=value or None,
        required=field.required,
        # What was typed too long elsewhere comes back whole, to be shortened here.
        max_length=max(longest, len(value)),
    )


def _one_of(field: Field) -> Item:
    chosen = _matching(field.options, [field.value] if isinstance(field.value, str) else field.value or ())
    if limits.RADIO_LEAST <= len(field.options) <= limits.CHECK_OPTIONS:
        return ui.RadioGroup(
            custom_id=field.name,
            required=field.required,
            options=_options(discord.RadioGroupOption, field, chosen),
        )
    return _list(field, chosen, most=1)


def _several_of(field: Field) -> Item:
    given = field.value.split(",") if isinstance(field.value, str) else field.value or ()
    chosen = _matching(field.options, given)
    if len(field.options) <= limits.CHECK_OPTIONS:
        return ui.CheckboxGroup(
            custom_id=field.name,
            required=field.required,
            min_values=1 if field.required else 0,
            max_values=len(field.options),
            options=_options(discord.CheckboxGroupOption, field, chosen),
        )
    return _list(field, chosen, most=len(field.options))


def _list(field: Field, chosen: set[str], *, most: int) -> Item:
    if not field.options:
        raise TooLarge(f"{field.name} has nothing to choose from")
    return ui.Select(
        custom_id=field.name,
        required=field.required,
        min_values=1 if field.required else 0,
        max_values=most,
        options=_options(discord.SelectOption, field, chosen),
    )


def _options(kind: Callable[..., Drawn], field: Field, chosen: set[str]) -> list[Drawn]:
    return [
        kind(
            label=visible(option.label),
            value=option.value,
            description=visible(option.description) or None,
            default=option.value in chosen,
        )
        for option in field.options
    ]


def _matching(options: Sequence[Option], given: Sequence[str]) -> set[str]:
    """The options' values that were typed, by value or by label."""
    wanted = {each.strip().casefold() for each in given if each.strip()}
    return {option.value for option in options if {option.value.casefold(), option.label.casefold()} & wanted}


EXAMPLE_LENGTH: Final = 60
SHORT: Final = 100
"""Characters of a number, a date or a length of time, in words."""
