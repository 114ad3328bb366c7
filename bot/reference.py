"""The pages that are made from declarations: `deploy/env.example`, the settings table, `docs/commands.md`."""

import base64
from collections.abc import Iterator
from itertools import groupby

from bot.catalogue import Catalogue, Entry
from bot.environment import variable
from bot.options import Field
from bot.settings import Settings
from bot.typed import spell
from db.keyring import SAMPLE_KEY
from db.members import Role

_HEAD = """\
# The settings of Steppingstone. Copy this file to .env, beside where you start it, and take the # from the lines you
# change. The environment wins over .env. Keep .env to yourself: chmod 600 .env
"""

_COMMANDS_HEAD = """\
# Commands

Type them with `/` on Discord and on the demo page, and after `/stone` on Slack. Leave words out and a form asks for
them. This page is made from the code by `make docs`.
"""


def env_example() -> str:
    """Every setting in order, with what it is and what it is when it is not set."""
    return "\n".join([_HEAD, *(_env_entry(name) for name in Settings.model_fields)])


def settings_table() -> str:
    """The same as a Markdown table."""
    rows = [
        f"| `{variable(name)}` | {field.description} | {f'`{shown}`' if (shown := _default(name)) else ''} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | what it is | default |", "| --- | --- | --- |", *rows]) + "\n"


def commands_page(catalogue: Catalogue) -> str:
    """Every command with its help, its options and an example in each platform's own spelling."""
    parts = [
        _COMMANDS_HEAD,
    ]
    for (name, summary), entries in groupby(catalogue.values(), lambda each: (each.feature, each.feature_summary)):
        parts += [f"## {name}\n", f"{summary}\n"]
        parts += [part for entry in entries for part in _command(entry)]
    return "\n".join(parts)


def _command(entry: Entry) -> Iterator[str]:
    yield f"### `{entry.words}`\n"
    yield f"{entry.summary}{f' For {entry.role.name.lower()}s.' if entry.role is not Role.MEMBER else ''}\n"
    if entry.details:
        yield f"{entry.details}\n"
    if entry.fields:
        yield "\n".join(["| option | asks | needed |", "| --- | --- | --- |", *map(_option, entry.fields)]) + "\n"
    shown = entry.example.values
    on_discord = " ".join([f"/{entry.words}", *(f"{name}:{value}" for name, value in shown.items())])
    on_slack = f"/stone {entry.words} {spell(entry.fields, shown)}".rstrip()
    yield f"Discord: `{on_discord}` · Slack: `{on_slack}`\n"


def _option(field: Field) -> str:
    choices = ", ".join(option.label for option in field.options)
    parts = [part.rstrip(".") for part in (field.ask.label, field.ask.hint, choices) if part]
    words = " ".join(part if part.endswith("?") else f"{part}." for part in parts)
    return f"| `{field.name}` | {words.replace('|', '/')} | {'yes' if field.required else ''} |"


def _env_entry(name: str) -> str:
    shown = f"sample:{base64.b64encode(SAMPLE_KEY).decode()}" if name == "keys" else _default(name)
    note = "# The one shown is a sample, and refused.\n" if name == "keys" else ""
    return f"# {Settings.model_fields[name].description}\n{note}#{variable(name)}={shown}\n"


def _default(name: str) -> str:
    default = Settings.model_fields[name].default
    return "" if default is None else str(default)
