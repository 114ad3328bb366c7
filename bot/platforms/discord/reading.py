"""Reads what came in: who, where, and what they ask, from the raw data of an interaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord

from bot.options import Field, Kind, Raw
from bot.pack import with_value
from bot.platforms.base import Arrival, Capabilities, Desk, Offer, Request
from bot.platforms.discord import forms

NAME: Final = "discord"
CAPABILITIES: Final = Capabilities(field_errors=False, private_files=True)
SUGGESTIONS: Final = 25
SUGGESTION_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class Typing:
    """A value that is being typed into an option."""

    offer: Offer
    field: Field
    typed: str


def arrival(interaction: discord.Interaction) -> Arrival:
    """Who sent it, from where."""
    return Arrival(
        id=str(interaction.id),
        platform=NAME,
        tenant="",
        user=str(interaction.user.id),
        name=interaction.user.display_name,
        channel=str(interaction.channel_id or ""),
        direct=interaction.guild_id is None,
        destination=f"{NAME}:{interaction.application_id}:{interaction.channel_id}" if interaction.channel_id else "",
        community=None if interaction.guild_id is None else str(interaction.guild_id),
        is_admin=interaction.guild_id is not None and interaction.permissions.manage_guild,
        capabilities=CAPABILITIES,
        on_own_message=on_own_message(interaction),
    )


def on_own_message(interaction: discord.Interaction) -> bool:
    """It came from a message that only this person sees."""
    message = interaction.message
    if message is None:
        return False
    # A direct message of several people is no server either.
    return message.flags.ephemeral or (interaction.guild_id is None and not interaction.context.private_channel)


def request(interaction: discord.Interaction, desk: Desk) -> Request | None:
    """What is asked; None for a command that is no longer there."""
    data = _data(interaction)
    match interaction.type:
        case discord.InteractionType.application_command:
            path, options = _command(data)
            offer = desk.find_command(path)
            return Request(offer.key, _values(options)) if offer else None
        case discord.InteractionType.component:
            chosen = data.get("values")
            packed = data["custom_id"]
            return Request(with_value(packed, str(chosen[0])) if chosen else packed)
        case discord.InteractionType.modal_submit:
            return Request(data["custom_id"], forms.read(data), submitted=True)
        case _:
            return None


def typing(interaction: discord.Interaction, desk: Desk) -> Typing | None:
    """The option that is being typed, of a command that is still there."""
    path, options = _command(_data(interaction))
    offer = desk.find_command(path)
    focused = next((option for option in options if option.get("focused")), None)
    if offer is None or focused is None:
        return None
    field = next((field for field in offer.fields if field.name == focused["name"]), None)
    return Typing(offer, field, str(focused.get("value") or "")) if field else None


async def suggestions(now: Typing, desk: Desk, by: Arrival) -> list[tuple[str, str]]:
    """(what is shown, what is typed) for the value being typed, at most 25; one too long for Discord is left out."""
    if now.field.kind is Kind.CHOICES:
        found = _several(now.field, now.typed)
    else:
        found = [(each, each) for each in await desk.complete(by, now.offer.key, now.field.name, now.typed)]
    fits = [pair for pair in found if all(0 < len(text) <= SUGGESTION_LENGTH for text in pair)]
    return fits[:SUGGESTIONS]


def _several(field: Field, typed: str) -> list[tuple[str, str]]:
    """Completes the last of several values, and keeps those before it."""
    *before, last = [part.strip() for part in typed.split(",")]
    taken = {part.casefold() for part in before}
    head = "".join(f"{part}, " for part in before if part)
    return [
        (f"{head}{option.label}", f"{head}{option.label}")
        for option in field.options
        if option.label.casefold().startswith(last.casefold()) and option.label.casefold() not in taken
    ]


def _data(interaction: discord.Interaction) -> dict[str, Any]:
    return dict(interaction.data or {})


def _command(data: Mapping[str, Any]) -> tuple[list[str], list[Mapping[str, Any]]]:
    """The words of a command, and the options of its last word."""
    path = [str(data["name"])]
    options = list(data.get("options") or ())
    while options and options[0]["type"] in _NESTED:
        path.append(str(options[0]["name"]))
        options = list(options[0].get("options") or ())
    return path, options


def _values(options: list[Mapping[str, Any]]) -> dict[str, Raw]:
    return {option["name"]: _raw(option["value"]) for option in options}


def _raw(value: object) -> Raw:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


_NESTED: Final = {1, 2}
