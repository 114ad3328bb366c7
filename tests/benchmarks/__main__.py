"""`make bench`: measures, and prints the tables of docs/performance.md. Options: --rounds, --only."""

import argparse
import asyncio
import os
import platform
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.benchmarks import at_start, on_discord, on_engine, on_load, on_page, on_slack, report
from tests.benchmarks.measure import Measured, Size, Spread
from tests.benchmarks.report import Target
from tests.postgres import ENVIRONMENT, find_binaries, new_database, running_server

SECOND: Final = 1000.0
_MANY: Final = "PostgreSQL"
_DELIVERED: Final = ("per_second", "processor")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=Size().rounds, help="how often each variant has its turn")
    parser.add_argument("--only", choices=_PARTS, action="append", help="one part; may be given again")
    asked = parser.parse_args()
    size = Size(rounds=asked.rounds, starts=asked.rounds)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    _say(f"{os.cpu_count()} processors, Python {platform.python_version()}, load {load}; {asked.rounds} rounds.\n")
    found: list[Target] = []
    for part in asked.only or _PARTS:
        # Each with a loop and a folder of its own.
        with tempfile.TemporaryDirectory() as folder:
            found += asyncio.run(_PARTS[part](Path(folder), size))
    _say(report.targets(found))


async def _discord(folder: Path, size: Size) -> list[Target]:
    with _postgresql() as url:
        databases = {"SQLite": f"sqlite:///{folder / 'discord.db'}", "PostgreSQL": url}
        measured = await on_discord.measure(databases, folder, size)
    _say(report.commands("Discord: gateway and REST over sockets", measured, bare=[on_discord.BARE]))
    return [target for name in databases for target in _of_discord(measured, name)]


def _of_discord(measured: Mapping[str, Measured], database: str) -> Iterator[Target]:
    bare = measured[on_discord.BARE]
    for words, times in ((on_discord.READS, 2.5), (on_discord.WRITES, 5.0)):
        ours = measured[f"{words}, {database}"]
        yield Target(f"Discord, {database}: {words}, times bare", times, ours.p50.over(bare.p50).middle)
        if ours.per_second and bare.per_second:
            share = ours.per_second.over(bare.per_second).middle
            yield Target(f"Discord, {database}: {words}, 50 at once, of bare", 1 / 3, share, at_least=True)


async def _slack(folder: Path, size: Size) -> list[Target]:
    measured = await on_slack.measure(folder, size)
    bare = [f"{on_slack.BARE}, {transport}" for transport in on_slack.TRANSPORTS]
    _say(report.commands("Slack: signed HTTP and Socket Mode", measured, bare=bare))
    return [
        Target(f"Slack, {transport}: {words}, ms", measured[f"{on_slack.BARE}, {transport}"].p50.middle,
               measured[f"{words}, {transport}"].p50.middle)
        for transport in on_slack.TRANSPORTS for words in (on_slack.READS, on_slack.WRITES)
    ]  # fmt: skip


async def _page(folder: Path, size: Size) -> list[Target]:
    measured = await on_page.measure(folder, size)
    _say(report.commands("Demo page: a press that turns a page of entries", measured, bare=[]))
    return [
        Target(f"Demo: press {name}, p95, ms", 25, measured[name].p95.middle)
        for name in (on_page.IN_PAGE, on_page.PAINTED)
        if name in measured
    ]


async def _start(folder: Path, size: Size) -> list[Target]:
    measured = await at_start.measure(folder, size)
    _say(report.starts("Start and memory", measured))
    names = (at_start.DISCORD, at_start.SLACK, at_start.BOTH)
    return [
        *(Target(f"{name}: ready, ms", 1.5 * SECOND, measured[name].ready.middle) for name in names),
        *(Target(f"{name}: memory, MB", 120, held.middle) for name in names if (held := measured[name].memory)),
        Target(f"{at_start.HELP}, ms", 0.3 * SECOND, measured[at_start.HELP].ready.middle),
    ]


async def _deliveries(folder: Path, size: Size) -> list[Target]:
    asked = on_engine.Size()
    rates, rows = defaultdict[str, list[on_engine.Delivered]](list), []
    for turn in range(size.rounds):
        with _databases(folder, f"deliveries{turn}") as databases:
            for name, url in databases.items():
                rates[name].append(await on_engine.measure_deliveries(url, asked))
    for name, each in rates.items():
        per_second, processor = (Spread(tuple(getattr(one, field) for one in each)) for field in _DELIVERED)
        rows.append((name, report.spread(per_second), report.spread(processor)))
    _say(report.table("Deliveries, one process, all due at once", ("", "/s", "processor, ms"), rows))
    found: list[Target] = []
    with _databases(folder, "schedules") as schedules, _databases(folder, "commands") as commands:
        for name in schedules:
            found += await _of_engine(name, schedules[name], commands[name], asked)
        rest = await on_engine.measure_rest(commands["PostgreSQL"], folder, asked)
    _say(f"Three processes at rest: {rest.percent:.1f} % of a core, {rest.memory:,.0f} MB together.\n")
    return [
        *(Target(f"{name}: deliveries, /s", aim, statistics.median(each.per_second for each in rates[name]),
                 at_least=True) for name, aim in (("SQLite", 190), ("PostgreSQL", 400))),
        *found,
        Target("three processes at rest, % of a core", 3.6, rest.percent),
    ]  # fmt: skip


async def _of_engine(name: str, schedules: str, commands: str, size: on_engine.Size) -> list[Target]:
    drained = await on_engine.measure_schedules(schedules, size)
    heads = ("", "idle tick, ms", "turned, s", "blocked at most, ms", f"sent at {on_engine.LIMITED.per_second}/s, s")
    row = [f"{number:.2f}" for number in (drained.idle_tick, drained.turned, drained.blocked, drained.seconds)]
    _say(report.table(f"{name}: {size.schedules:,} schedules, {size.due:,} due at one instant", heads, [("", *row)]))
    meanwhile = await on_engine.measure_commands(commands, size)
    pairs = (("at rest", meanwhile.at_rest), ("during a fan-out", meanwhile.during))
    rows = [(words, f"{p50:.2f}", f"{p99:.2f}") for words, (p50, p99) in pairs]
    _say(report.table(f"{name}: `rejection list`", ("", "p50, ms", "p99, ms"), rows))
    return [
        Target(f"{name}: drained, of the time that the rate allows", 1.03, drained.seconds / drained.expected),
        Target(
            f"{name}: a command's p99 during a fan-out, times at rest", 2, meanwhile.during[1] / meanwhile.at_rest[1]
        ),
    ]


async def _load(folder: Path, size: Size) -> list[Target]:
    asked = on_load.Size(each=5 * size.rounds)
    with _postgresql() as many, _postgresql() as one:
        places = [
            on_load.Place(_MANY, many, asked.population),
            on_load.Place("one community", one, asked.beside),
            on_load.Place("SQLite", f"sqlite:///{folder / 'load.db'}", asked.population),
        ]
        loaded = await on_load.measure(places, asked)
    people = asked.population.groups * asked.population.members
    _say(report.load(f"{asked.population.groups:,} groups, {people:,} members", loaded))
    for read in loaded.bad:
        _say(f"reads {', '.join(read.through)} {read.in_vain}:\n{read.statement}\n")
    commands = [each[_MANY].at(95) for what, each in loaded.commands.items() if what.endswith("`")]
    pressed = [each[_MANY].at(95) for what, each in loaded.commands.items() if what.startswith("press")]
    return [
        Target("the slowest command’s p95, ms", 50, max(commands)),
        Target("the slowest press’s p95, ms", 50, max(pressed)),
        Target("statements that read through a table", 0, len(loaded.bad)),
    ]


@contextmanager
def _databases(folder: Path, name: str) -> Iterator[Mapping[str, str]]:
    """A new one of each kind."""
    with _postgresql() as url:
        yield {"SQLite": f"sqlite:///{folder / f'{name}.db'}", "PostgreSQL": url}


@contextmanager
def _postgresql() -> Iterator[str]:
    """A new database: on the given server, else on one that is started for it."""
    if given := os.environ.get(ENVIRONMENT):
        with new_database(given) as url:
            yield url
    else:
        with running_server(find_binaries()) as server, new_database(server) as url:
            yield url


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


_PARTS: Final[Mapping[str, Callable[[Path, Size], Coroutine[None, None, list[Target]]]]] = {
    "discord": _discord,
    "slack": _slack,
    "page": _page,
    "start": _start,
    "deliveries": _deliveries,
    "load": _load,
}

main()
