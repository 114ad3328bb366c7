"""Takes variants by turns, so that what else the machine does falls on all of them alike."""

import asyncio
import gc
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

Step = Callable[[int], Awaitable[str]]
"""`async (number) -> what was answered`: one command, from when it is sent until its answer is there."""

MILLISECONDS: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. Every round takes each variant once: `each` commands in a row, then `many` at once."""

    rounds: int = 7
    each: int = 150
    many: int = 400
    at_once: int = 50
    starts: int = 7
    uncounted_starts: int = 1
    idle_seconds: float = 1.0
    """How long a bot is left alone before its memory is read."""
    clicks: int = 150
    members: int = 50
    """As many who read, and as many who write."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing to measure. `answers` is part of every true answer: an error answered quickly is no result."""

    name: str
    step: Step
    answers: str
    processor: Callable[[], float] = lambda: 0.0
    """Milliseconds of processor that its program has used so far."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One number for each round; the median is what is told, the rest says how far to trust it."""

    rounds: tuple[float, ...]

    @property
    def middle(self) -> float:
        return statistics.median(self.rounds)

    def over(self, other: "Spread") -> "Spread":
        """The ratio, round by round: the two were measured seconds apart."""
        return Spread(tuple(mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True)))


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of one command at a time, and commands in a second where many are under way at once."""

    p50: Spread
    p95: Spread
    per_second: Spread | None = None
    processor: Spread | None = None
    """What one command costs the program, in milliseconds of processor: hardly depends on what else runs."""


async def side_by_side(variants: Sequence[Variant], size: Size) -> dict[str, Measured]:
    """Measures all of them, in turns that change direction every round. Raises AssertionError for a wrong answer."""
    numbers = {variant.name: _Numbers() for variant in variants}
    for variant in variants:
        await _in_a_row(variant, numbers[variant.name], _warming_up(size))
    results: dict[str, list[tuple[float, float, float, float]]] = {variant.name: [] for variant in variants}
    for turn in range(size.rounds):
        for variant in variants if turn % 2 == 0 else reversed(variants):
            async with _undisturbed():
                used = variant.processor()
                took = await _in_a_row(variant, numbers[variant.name], size.each)
                used = (variant.processor() - used) / size.each
                rate = await _at_once(variant, numbers[variant.name], size.many, size.at_once)
            results[variant.name].append((percentile(took, 50), percentile(took, 95), rate, used))
    return {name: Measured(*(Spread(each) for each in zip(*rows, strict=True))) for name, rows in results.items()}


def written(size: Size) -> int:
    """How many commands one variant has carried out in the end."""
    return _warming_up(size) + size.rounds * (size.each + size.many)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


class _Numbers:
    """Counts the commands of one variant, so that each is another one."""

    def __init__(self) -> None:
        self._last = -1

    def next(self) -> int:
        self._last += 1
        return self._last


def _warming_up(size: Size) -> int:
    return min(size.each, 50)


async def _in_a_row(variant: Variant, numbers: _Numbers, count: int) -> list[float]:
    took = []
    for _ in range(count):
        started = time.perf_counter()
        answer = await variant.step(numbers.next())
        took.append((time.perf_counter() - started) * MILLISECONDS)
        _check(variant, answer)
    return took


async def _at_once(variant: Variant, numbers: _Numbers, count: int, at_once: int) -> float:
    waiting = [numbers.next() for _ in range(count)]
    answers: list[str] = []

    async def one_after_the_other() -> None:
        while waiting:
            answers.append(await variant.step(waiting.pop(0)))

    started = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(one_after_the_other())
    took = time.perf_counter() - started
    for answer in answers:
        _check(variant, answer)
    return count / took


def _check(variant: Variant, answer: str) -> None:
    assert variant.answers in answer, f"{variant.name} answered:\n{answer[:500]}"


@asynccontextmanager
async def _undisturbed() -> AsyncIterator[None]:
    """Without this process's own collector; those of the bots run as they always do."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
