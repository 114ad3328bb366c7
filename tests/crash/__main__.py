"""`make crash`: one bad day after the other, a table, and 1 for an exit code where a promise was broken."""

import argparse
import asyncio
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from tests.crash.asks import DISCORD, MEMBERS, SLACK
from tests.crash.counting import Outcome
from tests.crash.receiving import Days
from tests.crash.scenarios import Plan, carry_out, sleep_through
from tests.postgres import find_binaries, restart_server, running_server

PLANS: Final = {
    "kills": Plan("20 kill -9, 6 SIGSTOP", kills=20, stops=6),
    "history": Plan("the same; Discord knows a nonce for 2 s", kills=20, stops=6, nonce_seconds=2.0),
    "terms": Plan("20 SIGTERM", ends=20),
    "restarts": Plan("5 restarts of the database", deliveries=5_000, restarts=5),
    "storm": Plan("30 % answered 429", deliveries=5_000, days=Days(too_many=0.3)),
    "dropped": Plan("5 % lost after they were taken", deliveries=5_000, days=Days(dropped=0.05)),
    "down": Plan("an hour of refused connections", processes=1, deliveries=1_000, days=Days(latency=0.0)),
    "sqlite": Plan("SQLite: 20 kill -9", processes=1, deliveries=5_000, kills=20),
}
_HEADS: Final = (
    "", "deliveries", "seconds", "Discord: lost", "doubled", "Slack: doubled", "lost", "unreported", "uncertain",
    "in flight", "attempts",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--only", choices=PLANS, action="append", help="one scenario; may be given again")
    parser.add_argument("--deliveries", type=int, help=f"of each scenario, a multiple of {MEMBERS}")
    parser.add_argument("--seed", type=int, default=7, help="of what is left to chance")
    asked = parser.parse_args()
    logging.basicConfig(handlers=[logging.NullHandler()])  # what was in the way is in the table
    _say(f"{os.cpu_count()} processors, Python {platform.python_version()}; three processes on PostgreSQL.\n")
    _say(f"| {' | '.join(_HEADS)} |\n|{' --- |' * len(_HEADS)}")
    broken: list[str] = []
    for name in asked.only or PLANS:
        plan = replace(PLANS[name], seed=asked.seed)
        outcome = _carry_out(name, plan if asked.deliveries is None else replace(plan, deliveries=asked.deliveries))
        _say(_row(outcome))
        broken += outcome.broken()
    _say("\n" + ("\n".join(broken) or "Every promise was kept."))
    return 1 if broken else 0


def _carry_out(name: str, plan: Plan) -> Outcome:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if name == "sqlite":
            return asyncio.run(carry_out(plan, url=f"sqlite:///{folder / 'crash.db'}", folder=folder))
        with _postgresql() as (url, restart):
            if name == "down":
                return asyncio.run(sleep_through(plan, url=url, folder=folder))
            return asyncio.run(carry_out(plan, url=url, folder=folder, restart=restart))


@contextmanager
def _postgresql() -> Iterator[tuple[str, Callable[[], None]]]:
    """A database on a server of its own, which keeps what it committed also when it is killed; and how to do that."""
    binaries = find_binaries()
    with running_server(binaries) as server:
        kept = make_url(server).update_query_dict({"options": "-c synchronous_commit=on"})
        yield kept.render_as_string(hide_password=False), partial(restart_server, binaries, server)


def _row(outcome: Outcome) -> str:
    discord, slack = outcome.counted[DISCORD], outcome.counted[SLACK]
    numbers = (
        outcome.deliveries, round(outcome.seconds), discord.lost, discord.doubled, slack.doubled, slack.lost,
        slack.unreported, slack.uncertain, outcome.doubtful, discord.attempts + slack.attempts,
    )  # fmt: skip
    return f"| {outcome.name} | {' | '.join(f'{number:,}' for number in numbers)} |"


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


sys.exit(main())
