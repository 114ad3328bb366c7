"""Writes the pages that are made from the code, or with --check only says which of them are stale."""

import re
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import db
from bot.loader import collect, discover
from bot.platforms.slack.manifest import manifest_text
from bot.reference import commands_page, env_example, settings_table
from bot.roles import roles_page
from db.base import Table
from db.data_page import data_page

ROOT = Path(__file__).parents[1]
TABLE = re.compile(r"(?<=<!-- made by `make docs` -->\n).*?(?=<!-- to here -->)", re.DOTALL)


def main() -> int:
    """Exit code 1 where --check found a stale page."""
    stale = {name: text for name, text in pages().items() if read(name) != text}
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"{name} is stale: run `make docs`.", file=sys.stderr)
        return 1 if stale else 0
    for name, text in stale.items():
        (ROOT / name).write_text(text, "utf-8")
        print(f"wrote {name}")
    return 0


def pages() -> dict[str, str]:
    """Every such page, by its path from the root."""
    features = collect(discover())
    for module in iter_modules(db.__path__, "db."):
        import_module(module.name)  # a table is known when its module was imported
    return {
        "README.md": TABLE.sub(settings_table(), read("README.md")),
        "deploy/env.example": env_example(),
        "deploy/slack-manifest-http.json": manifest_text(features.offers, url="https://steppingstone.example.org"),
        "deploy/slack-manifest-socket.json": manifest_text(features.offers, url=None),
        "docs/commands.md": commands_page(features.catalogue),
        "docs/data.md": data_page(Table.metadata),
        "docs/roles.md": roles_page(),
    }


def read(name: str) -> str:
    path = ROOT / name
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
