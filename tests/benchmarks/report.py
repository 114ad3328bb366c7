"""The tables as they are printed: medians of the rounds with the spread between them, ratios, targets."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.benchmarks.at_start import Started
from tests.benchmarks.measure import Measured, Spread
from tests.benchmarks.on_load import Loaded

_DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class Target:
    """What was aimed at, and what came out; `at_least` where more is better."""

    words: str
    aim: float
    found: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.found >= self.aim if self.at_least else self.found <= self.aim


def commands(title: str, measured: Mapping[str, Measured], *, bare: Sequence[str]) -> str:
    """One row for each variant, each beside the nearest bare one before it."""
    rows = []
    beside: Measured | None = None
    for name, each in measured.items():
        if name in bare:
            beside = each
        ratio = share = ""
        if beside is not None and beside is not each and each.per_second and beside.per_second:
            ratio = f"{each.p50.over(beside.p50).middle:.1f} x"
            share = f"{each.per_second.over(beside.per_second).middle:.2f}"
        rate, used = (spread(many) if many else "" for many in (each.per_second, each.processor))
        rows.append((name, spread(each.p50), spread(each.p95), ratio, rate, share, used))
    heads = ("", "p50, ms", "p95, ms", "to bare", "50 at once, /s", "of bare", "processor, ms")
    return table(title, heads, rows)


def starts(title: str, measured: Mapping[str, Started]) -> str:
    rows = [(name, spread(each.ready), spread(each.memory) if each.memory else "") for name, each in measured.items()]
    return table(title, ("", "ready, ms", "memory at rest, MB"), rows)


def load(title: str, loaded: Loaded) -> str:
    """One row for each thing that was done, the slowest first, in the first place; the others beside it."""
    first, *others = loaded.populated
    heads = ["", "p50, ms", "p95, ms", "at most, ms", "processor, ms", "statements"]
    for name in others:
        heads += [f"{name}: p50, ms", "p95, ms", f"to {name}"]
    rows = []
    for what, took in sorted(loaded.commands.items(), key=lambda each: -each[1][first].at(95)):
        row = [what, *(_number(took[first].at(percent)) for percent in (50, 95, 100))]
        row += [_number(statistics.median(took[first].processor)), f"{statistics.median(took[first].statements):.0f}"]
        for name in others:
            ratio = took[first].at(50) / took[name].at(50)
            row += [_number(took[name].at(50)), _number(took[name].at(95)), f"{ratio:.1f} x"]
        rows.append(row)
    made = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in loaded.populated.items())
    turns = [
        (name, _number(took.milliseconds[0]), _number(took.processor[0]), f"{took.statements[0]}")
        for name, took in loaded.turned.items()
    ]
    heads_of_plan = ("", "ms", "processor, ms", "statements")
    plan = table("The week’s plan of one group, all groups at once", heads_of_plan, turns)
    return "\n".join([table(title, heads, rows), f"Made up in: {made}.", "", plan])


def targets(found: Iterable[Target]) -> str:
    rows = [
        (each.words, f"{'≥' if each.at_least else '≤'} {_number(each.aim)}", _number(each.found),
         "met" if each.met else "missed")
        for each in found
    ]  # fmt: skip
    return table("Targets", ("", "aim", "found", ""), rows)


def spread(each: Spread) -> str:
    """`1.23 (1.10–1.40)`: the median round, the lowest and the highest."""
    return f"{_number(each.middle)} ({_number(min(each.rounds))}–{_number(max(each.rounds))})"


def _number(value: float) -> str:
    return f"{value:.2f}" if value < _DIGITS else f"{value:,.0f}"


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join([f"## {title}", "", *(f"| {' | '.join(line)} |" for line in lines), ""])
