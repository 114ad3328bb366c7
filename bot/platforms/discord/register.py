"""Registers the commands with Discord: made from the offers, sent only where they differ from what is there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import discord

from bot.options import Field, Kind
from bot.platforms.base import Offer
from bot.platforms.discord import limits

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a sync would change, by command as people type it."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        marks = (("+", self.added), ("~", self.changed), ("-", self.removed))
        lines = [f"{mark} /{name}" for mark, names in marks for name in names]
        return "\n".join(lines) or "The commands on Discord are up to date."


def commands(offers: Sequence[Offer]) -> list[Payload]:
    """The payload of the bulk overwrite.

    Every option is optional: what was left out is asked in a modal. Raises TooLarge, and ValueError where one command
    is the first word of others.
    """
    ordered = sorted(offers, key=lambda offer: offer.path)
    made = [_root(list(group)) for _, group in groupby(ordered, key=lambda offer: offer.path[0])]
    limits.check_commands(made)
    return made


async def difference(client: discord.Client, offers: Sequence[Offer]) -> Difference:
    """Compares the commands with the registered ones. The client is logged in; no gateway is needed."""
    there = await client.http.get_global_commands(_application(client))
    return compare(commands(offers), there)


async def sync(client: discord.Client, offers: Sequence[Offer]) -> Difference:
    """Registers the commands where they differ, and gives what was changed."""
    found = await difference(client, offers)
    if found:
        await client.http.bulk_upsert_global_commands(_application(client), commands(offers))
    return found


def compare(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> Difference:
    """The difference between two lists of commands, by leaf: a change of one subcommand names only that one."""
    wanted, there = _leaves(ours), _leaves(theirs)
    return Difference(
        added=tuple(sorted(set(wanted) - set(there))),
        changed=tuple(sorted(name for name in set(wanted) & set(there) if wanted[name] != there[name])),
        removed=tuple(sorted(set(there) - set(wanted))),
    )


def _application(client: discord.Client) -> int:
    if client.application_id is None:
        raise RuntimeError("the client is not logged in")
    return client.application_id


def _root(offers: Sequence[Offer]) -> Payload:
    first = offers[0]
    if len(first.path) == 1:
        if len(offers) > 1:
            raise ValueError(f"/{first.path[0]} is a command and the first word of others")
        made = {**_leaf(first), "type": CHAT_INPUT}
    else:
        options = [_sub(list(group)) for _, group in groupby(offers, key=lambda offer: offer.path[1])]
        made = _group(first.path[0], first.group_summary, options, kind=CHAT_INPUT)
    made["integration_types"] = [GUILD_INSTALL]
    made["contexts"] = _contexts(offers)
    permission = _permission(offers)
    if permission is not None:
        made["default_member_permissions"] = permission
    return made


def _sub(offers: Sequence[Offer]) -> Payload:
    first = offers[0]
    if len(first.path) == 2:  # noqa: PLR2004 - a root and its subcommand
        if len(offers) > 1:
            raise ValueError(f"/{' '.join(first.path)} is a command and the start of others")
        return {**_leaf(first), "type": SUB_COMMAND}
    options: list[Payload] = [{**_leaf(offer), "type": SUB_COMMAND} for offer in offers]
    return _group(first.path[1], first.group_summary, options, kind=SUB_COMMAND_GROUP)


def _group(name: str, summary: str, options: list[Payload], *, kind: int) -> Payload:
    return {"name": name, "description": summary, "type": kind, "options": options}


def _leaf(offer: Offer) -> Payload:
    made: Payload = {"name": offer.path[-1], "description": offer.summary}
    if offer.fields:
        made["options"] = [_option(field) for field in offer.fields]
    return made


def _option(field: Field) -> Payload:
    made: Payload = {"name": field.name, "description": _description(field), "required": False}
    match field.kind:
        case Kind.NUMBER:
            made["type"] = INTEGER
            if field.ask.at_least is not None:
                made["min_value"] = field.ask.at_least
            if field.ask.at_most is not None:
                made["max_value"] = field.ask.at_most
        case Kind.TOGGLE:
            made["type"] = BOOLEAN
        case Kind.MEMBER:
            made["type"] = USER
        case Kind.CHOICE if field.options and field.ask.complete is None:
            made["type"] = STRING
            made["choices"] = [{"name": option.label, "value": option.value} for option in field.options]
        case _:
            made["type"] = STRING
            if field.ask.complete is not None or (field.kind is Kind.CHOICES and field.options):
                made["autocomplete"] = True
            if field.kind in {Kind.TEXT, Kind.PARAGRAPH}:
                made["max_length"] = field.longest
    return made


def _description(field: Field) -> str:
    label = f"{field.ask.label} (several, with commas)" if field.kind is Kind.CHOICES else field.ask.label
    ended = label if label.endswith((".", "?", "!")) else f"{label}."
    whole = f"{ended} {field.ask.hint}" if field.ask.hint else label
    return whole if limits.length(whole) <= limits.COMMAND_DESCRIPTION else label


def _contexts(offers: Sequence[Offer]) -> list[int]:
    """Where the first word shows. A narrower subcommand is refused by the machine, with words."""
    places = [(IN_GUILD, any(offer.in_community for offer in offers)), (IN_BOT_DM, any(o.in_direct for o in offers))]
    return [context for context, shown in places if shown]


def _permission(offers: Sequence[Offer]) -> int | None:
    """Who sees the first word before a server's administrators say otherwise; our own role table is asked anyway.

    Permissions belong to the first word: where it is shared with everyone's commands, everyone sees it.
    """
    if not all(offer.moderators or offer.admins for offer in offers):
        return None
    only_admins = all(offer.admins for offer in offers)
    needed = discord.Permissions(manage_guild=True) if only_admins else discord.Permissions(moderate_members=True)
    return needed.value


def _leaves(roots: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    return {name: leaf for root in roots for name, leaf in _leaves_of(root, root, ())}


def _leaves_of(
    root: Mapping[str, Any], node: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[str, object]]:
    path = (*above, node["name"])
    children = [each for each in node.get("options") or () if each["type"] in {SUB_COMMAND, SUB_COMMAND_GROUP}]
    for child in children:
        yield from _leaves_of(root, child, path)
    if not children:
        rights = (
            int(root.get("default_member_permissions") or 0),
            sorted(root.get("contexts") or (IN_GUILD, IN_BOT_DM)),
            sorted(root.get("integration_types") or (GUILD_INSTALL,)),
        )
        options = [_normal(option) for option in node.get("options") or ()]
        yield " ".join(path), (root["description"], node["description"], rights, options)


def _normal(option: Mapping[str, Any]) -> dict[str, Any]:
    """What Discord stores of an option: it adds nulls and leaves out what is false."""
    kept = {name: option[name] for name in _COMPARED if name in option}
    kept = {name: value for name, value in kept.items() if value is not None and value is not False and value != []}
    if "choices" in kept:
        kept["choices"] = [(choice["name"], choice["value"]) for choice in kept["choices"]]
    return kept


CHAT_INPUT: Final = 1
SUB_COMMAND: Final = 1
SUB_COMMAND_GROUP: Final = 2
STRING: Final = 3
INTEGER: Final = 4
BOOLEAN: Final = 5
USER: Final = 6
GUILD_INSTALL: Final = 0
IN_GUILD: Final = 0
IN_BOT_DM: Final = 1
_COMPARED: Final = (
    "type", "name", "description", "required", "choices", "autocomplete", "min_value", "max_value", "max_length",
)  # fmt: skip
