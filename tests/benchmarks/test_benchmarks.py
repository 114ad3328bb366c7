"""Each benchmark, small: numbers come out, and what was measured did happen. How fast it was is not asserted."""

from pathlib import Path
from typing import Final

import pytest

from bot.loader import discover
from tests.benchmarks import at_start, on_discord, on_engine, on_load, on_page, on_slack, report
from tests.benchmarks.measure import Measured, Size, Spread, Variant, percentile, side_by_side, written
from tests.benchmarks.report import Target
from tests.load.people import Size as Population
from tests.platforms.web.seen.showing import CHROMIUM
from tests.postgres import new_database

SMALL: Final = Size(
    rounds=1, each=3, many=3, at_once=2, starts=1, uncounted_starts=0, idle_seconds=0, clicks=3, members=2
)


def numbers(measured: Measured) -> list[float]:
    return [each for spread in (measured.p50, measured.p95, measured.per_second) if spread for each in spread.rounds]


async def test_discord_commands_are_answered_and_kept_on_both_databases(tmp_path: Path, postgres_server: str) -> None:
    with new_database(postgres_server) as url:
        databases = {"SQLite": f"sqlite:///{tmp_path / 'one.db'}", "PostgreSQL": url}
        measured = await on_discord.measure(databases, tmp_path, SMALL)  # asserts answers and rows itself
    assert next(iter(measured)) == on_discord.BARE
    assert len(measured) == 5
    assert all(number > 0 for each in measured.values() for number in numbers(each))


async def test_slack_commands_are_answered_and_kept_on_both_transports(tmp_path: Path) -> None:
    measured = await on_slack.measure(tmp_path, SMALL)
    assert len(measured) == 6
    assert all(number > 0 for each in measured.values() for number in numbers(each))


async def test_a_press_on_the_page_turns_it(tmp_path: Path) -> None:
    measured = await on_page.measure(tmp_path, SMALL)
    assert list(measured) == [on_page.REQUEST, *([on_page.IN_PAGE, on_page.PAINTED] if CHROMIUM else [])]
    assert all(number > 0 for each in measured.values() for number in numbers(each))


async def test_every_start_gets_ready_and_holds_memory(tmp_path: Path) -> None:
    measured = await at_start.measure(tmp_path, SMALL)
    assert {at_start.HELP, at_start.BARE_DISCORD, at_start.BARE_SLACK, at_start.BOTH, at_start.FIRST} <= set(measured)
    assert all(each.ready.middle > 0 for each in measured.values())
    assert all(each.memory.middle > 1 for name, each in measured.items() if each.memory)


async def test_the_engine_delivers_turns_and_lets_commands_through(database_url: str) -> None:
    small = on_engine.Size(deliveries=20, schedules=60, due=20, commands=3)
    assert (await on_engine.measure_deliveries(database_url, small)).per_second > 0  # asserts what arrived itself
    drained = await on_engine.measure_schedules(database_url, small)
    assert drained.seconds > drained.expected * 0.9  # the rate was kept
    meanwhile = await on_engine.measure_commands(database_url, small)
    assert min(*meanwhile.at_rest, *meanwhile.during) > 0


async def test_processes_at_rest_cost_little_and_hold_memory(sqlite_url: str, tmp_path: Path) -> None:
    rest = await on_engine.measure_rest(sqlite_url, tmp_path, on_engine.Size(rest_seconds=0))
    assert rest.percent >= 0
    assert rest.memory > 1


async def test_every_command_is_asked_for_in_a_database_of_many_groups(postgres_server: str, sqlite_url: str) -> None:
    few = Population(communities=1, groups=6)
    with new_database(postgres_server) as url:
        places = [on_load.Place("PostgreSQL", url, few), on_load.Place("SQLite", sqlite_url, few)]
        loaded = await on_load.measure(places, on_load.Size(each=1))
    commands = {f"`{command.words}`" for feature in discover() for command in feature.commands}
    assert commands <= set(loaded.commands)
    assert {"press groups.page", "one’s own page"} <= set(loaded.commands)
    assert all(took.at(50) > 0 for each in loaded.commands.values() for took in each.values())
    assert all(took.statements[0] > 10 for took in loaded.turned.values())
    table = report.load("Title", loaded)
    assert "| `goal list` |" in table


async def test_a_wrong_answer_is_no_result() -> None:
    async def fail(_: int) -> str:
        return "Something went wrong"

    with pytest.raises(AssertionError, match="Something went wrong"):
        await side_by_side([Variant("broken", fail, "50 entries")], SMALL)


async def test_variants_take_turns_and_each_command_is_another_one() -> None:
    asked: list[tuple[str, int]] = []

    def variant(name: str) -> Variant:
        async def step(number: int) -> str:
            asked.append((name, number))
            return "done"

        return Variant(name, step, "done")

    size = Size(rounds=2, each=1, many=1, at_once=1)
    await side_by_side([variant("a"), variant("b")], size)
    assert [name for name, _ in asked] == ["a", "b", "a", "a", "b", "b", "b", "b", "a", "a"]
    assert [number for name, number in asked if name == "a"] == list(range(written(size)))


def test_the_numbers_are_what_they_say() -> None:
    assert [percentile([4, 1, 3, 2], each) for each in (50, 95)] == [2, 4]
    ours, bare = Spread((2.0, 6.0, 3.0)), Spread((1.0, 2.0, 1.0))
    assert (ours.middle, ours.over(bare).rounds) == (3.0, (2.0, 3.0, 3.0))
    assert report.spread(ours) == "3.00 (2.00–6.00)"
    table = report.commands(
        "Title", {"bare": Measured(bare, bare, ours), "ours": Measured(ours, ours, bare)}, bare=["bare"]
    )
    assert "| ours | 3.00 (2.00–6.00) | 3.00 (2.00–6.00) | 3.0 x | 1.00 (1.00–2.00) | 0.33 |  |" in table
    told = report.targets([Target("fast", 2.5, 3.0), Target("many", 0.3, 0.5, at_least=True)])
    assert "| fast | ≤ 2.50 | 3.00 | missed |" in told
    assert "| many | ≥ 0.30 | 0.50 | met |" in told
