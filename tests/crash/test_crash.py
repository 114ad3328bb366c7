"""The crash test, small: `make crash` is the large one."""

from pathlib import Path
from typing import Final

from tests.crash.receiving import Days
from tests.crash.scenarios import Plan, carry_out, sleep_through

SMALL: Final = 500


async def test_nothing_is_lost_or_doubled_when_processes_are_killed(
    database_url: str, dialect: str, tmp_path: Path
) -> None:
    one = dialect == "sqlite"
    plan = Plan(
        "kill -9, SIGSTOP",
        deliveries=SMALL,
        processes=1 if one else 3,
        kills=2,
        stops=0 if one else 1,
        days=Days(latency=0.05),
        lease_seconds=2.0,
    )
    assert not list((await carry_out(plan, url=database_url, folder=tmp_path)).broken())


async def test_after_an_hour_without_platforms_everything_comes_and_says_that_it_is_late(
    sqlite_url: str, tmp_path: Path
) -> None:
    plan = Plan("down", deliveries=100, days=Days(latency=0.0))
    assert not list((await sleep_through(plan, url=sqlite_url, folder=tmp_path)).broken())
