"""The command line: `python -m bot`, installed as `steppingstone`."""

import argparse
import asyncio
import gc
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.program import NAME

WRONG_USE: Final = 2
INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing the program can be told to do; bot/verbs.py does it. The example is what follows the program's name."""

    name: str
    summary: str
    details: str
    example: str
    options: tuple[tuple[str, dict[str, Any]], ...] = ()


VERBS: Final = (
    Verb(
        "demo",
        "try the bot on a page of its own, without any token",
        "Starts the demo page on this machine alone, with five people to be and rooms to be in. Its data is an SQLite "
        "database of its own in the data folder.",
        "demo --port 9000",
        (
            ("--port", {"type": int, "help": "the page's port; else STEPPINGSTONE_HTTP_PORT, else 8765"}),
            ("--data", {"metavar": "FOLDER", "help": "the data folder; else STEPPINGSTONE_DATA_DIR, else data"}),
        ),
    ),
    Verb(
        "run",
        "run the bot on every platform that has a token",
        "Upgrades the database, connects to Discord and Slack as far as their tokens are set, and serves /healthz, "
        "/readyz and /metrics. A platform that is down is tried again and stops no other. Stops on Ctrl-C or SIGTERM "
        "when work in hand is finished, mostly at once and within 40 seconds; a second signal stops it at once. On "
        "PostgreSQL any number of processes may run, with all parts or one each; docs/hosting.md says how.",
        "run --only worker",
        (
            (
                "--only",
                {
                    "choices": ("worker", "discord", "slack"),
                    "help": "one part: worker sends what is due, the others take in what people do there",
                },
            ),
        ),
    ),
    Verb(
        "migrate",
        "bring the database to the newest shape",
        "What `run` does at its start, alone. Safe to run again, and beside a running bot.",
        "migrate",
    ),
    Verb(
        "sync",
        "bring Discord's list of commands up to date",
        "Shows what would be added, changed and removed, and asks before it does so. `run` does this by itself.",
        "sync --yes",
        (("--yes", {"action": "store_true", "help": "do not ask"}),),
    ),
    Verb(
        "manifest",
        "print the app manifest for Slack",
        "Paste it at Slack: Create New App, From a manifest, JSON. Without --url the app uses Socket Mode, which needs "
        "no public address.",
        "manifest --url https://bot.example.org",
        (("--url", {"help": "the bot's public address, for Slack over HTTP"}),),
    ),
    Verb(
        "rotate-keys",
        "seal everything anew with a new key",
        "With a key file: puts a new key first and re-seals what the older ones sealed. With STEPPINGSTONE_KEYS: "
        "re-seals what its first key did not seal; where there is nothing to do, prints a new key and what to do with "
        "it. Safe beside a running bot, and to run again when it was cut off.",
        "rotate-keys",
    ),
    Verb(
        "backup",
        "copy the database to one file, beside a running bot",
        "Writes an SQLite file with every row as it was at one moment, from SQLite and PostgreSQL alike. The keys are "
        "not in it: what members wrote stays sealed. Keep both, apart from each other. Never writes over anything.",
        "backup /var/backups/steppingstone --keep 14",
        (
            (
                "target",
                {
                    "metavar": "TARGET",
                    "nargs": "?",
                    "help": "a file that ends with .db, or a folder for files named after the time; "
                    "else backups in the data folder",
                },
            ),
            ("--keep", {"type": int, "metavar": "COUNT", "help": "afterwards remove all but the newest in the folder"}),
        ),
    ),
    Verb(
        "restore",
        "fill an empty database from a backup",
        "Takes a backup, or the SQLite database of a stopped bot, into SQLite or PostgreSQL, whichever is set: so it "
        "also moves a bot from one to the other. Upgrades what is older, and opens every sealed value once. Either all "
        "of it happens or nothing. Stop the bot before, and have its keys in place.",
        "restore backups/steppingstone-20260302-093000.db",
        (
            ("file", {"metavar": "FILE", "help": "the backup"}),
            ("--unreadable", {"action": "store_true", "help": "restore also what no key opens any more"}),
        ),
    ),
    Verb(
        "doctor",
        "look at everything a start needs, and say what to do",
        "Checks settings, keys, database, the data folder, the web port, the tokens, whether each platform can be "
        "reached, the database's clock, and whether work is done in time. Changes nothing. Exit code 1 when something "
        "would fail.",
        "doctor --json",
        (("--json", {"action": "store_true", "help": "one JSON list, for programs"}),),
    ),
    Verb(
        "jobs",
        "see what is due or was given up, and try it again",
        "Counts what is due, overdue, claimed by a worker, dead, expired or uncertain, by kind and platform, and lists "
        "the latest of each with its ID, error and the log's reference. Shows nothing that a member wrote, and no "
        "person's id. `retry` tries jobs once more, `drop` forgets them. Exit code 1 when one of them could not be.",
        "jobs retry --all dead",
        (
            (
                "act",
                {
                    "choices": ("list", "retry", "drop"),
                    "nargs": "?",
                    "default": "list",
                    "help": "list them (also when nothing is said), retry or drop some",
                },
            ),
            ("ids", {"metavar": "ID", "nargs": "*", "help": "which ones, by the ID in the list"}),
            ("--all", {"choices": ("dead", "uncertain", "expired"), "help": "or all that were given up so"}),
            ("--limit", {"type": int, "default": 10, "help": "how many to list of each state; else 10"}),
            ("--json", {"action": "store_true", "help": "the list as one JSON object, for programs"}),
        ),
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 fine, 1 failed, 2 used or set wrongly."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.verb is None:
        parser.print_help(sys.stderr)
        return WRONG_USE
    gc.disable()  # nearly all of what is made now stays: to look through it again and again is a tenth of the start
    from bot.verbs import carry_out  # noqa: PLC0415 - all the rest of the program: --help does not wait for it

    gc.enable()
    try:
        return asyncio.run(carry_out(asked))
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=NAME,
        description="A Discord and Slack bot for job seekers' peer-support groups.",
        epilog="Settings come from the environment and from .env; deploy/env.example lists them. "
        f"Exit codes: 0 fine, 1 failed, 2 used or set wrongly. First steps: {NAME} demo",
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(title="verbs", dest="verb", metavar="VERB")
    for verb in VERBS:
        added = verbs.add_parser(
            verb.name,
            help=verb.summary,
            description=f"{verb.summary[0].upper()}{verb.summary[1:]}. {verb.details}",
            epilog=f"Example: {NAME} {verb.example}",
            allow_abbrev=False,
        )
        for name, option in verb.options:
            added.add_argument(name, **option)
    return parser


if __name__ == "__main__":
    sys.exit(main())
