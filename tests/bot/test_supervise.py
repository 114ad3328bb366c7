import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from bot.platforms.base import LoginRefused
from bot.supervise import Pace, Sending, keep_running, serve
from tests.platforms.sink import Sink


@dataclass
class Moments:
    """A monotonic clock that only waiting and working move, and the waits that were asked for."""

    at: float = 0.0
    waits: list[float] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)

    def pace(self) -> Pace:
        return Pace(fraction=lambda: 1.0, pause=self.pause, monotonic=lambda: self.at)


class Flaky(Sink):
    """A platform whose runs end as they are told to: an error is raised, a number is how many seconds it was well."""

    def __init__(self, name: str, runs: Sequence[Exception | float], moments: Moments) -> None:
        super().__init__(name, ready=False)
        self.closed = 0
        self.connected = asyncio.Event()
        self.closing: Callable[[], object] = lambda: None
        self._runs = list(runs)
        self._moments = moments

    async def run(self) -> None:
        if not self._runs:
            self.ready = True
            self.connected.set()
            await asyncio.Event().wait()
        match self._runs.pop(0):
            case Exception() as error:
                raise error
            case seconds:
                self._moments.at += float(str(seconds))

    async def close(self) -> None:
        self.closed += 1
        self.closing()


@pytest.fixture
def moments() -> Moments:
    return Moments()


async def waits_of(platform: Flaky, moments: Moments) -> list[float]:
    """How long is waited between its runs, until it is connected."""
    task = asyncio.create_task(keep_running(platform, stop=asyncio.Event(), pace=moments.pace()))
    await platform.connected.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return moments.waits


async def test_each_failure_doubles_the_longest_wait_up_to_a_minute(moments: Moments) -> None:
    platform = Flaky("discord", [ConnectionError()] * 9, moments)
    assert await waits_of(platform, moments) == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_the_wait_is_a_random_part_of_the_longest(moments: Moments) -> None:
    pace = Pace(fraction=lambda: 0.25)
    assert [pace.wait_after(failures) for failures in (1, 2, 1000)] == [0.25, 0.5, 15]


async def test_a_minute_of_health_starts_the_waits_anew(moments: Moments) -> None:
    platform = Flaky("discord", [OSError(), OSError(), 59.0, 60.0, OSError()], moments)
    assert await waits_of(platform, moments) == [1, 2, 4, 1, 2]


async def test_a_refused_token_says_what_to_do_and_is_tried_slowly(
    moments: Moments, caplog: pytest.LogCaptureFixture
) -> None:
    platform = Flaky("slack", [LoginRefused("Set STEPPINGSTONE_SLACK_BOT_TOKEN anew.")], moments)
    assert await waits_of(platform, moments) == [300]
    assert caplog.messages == ["slack is down: Set STEPPINGSTONE_SLACK_BOT_TOKEN anew. Next attempt in 300 s."]


async def test_what_a_library_says_of_its_failure_is_not_logged(
    moments: Moments, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    platform = Flaky("slack", [ConnectionError("wss://host?ticket=hunter2"), OSError(111, "hunter2")], moments)
    await waits_of(platform, moments)
    assert caplog.messages == [
        "slack is down: ConnectionError. Next attempt in 1 s.",
        "slack is down: ConnectionRefusedError, Connection refused. Next attempt in 2 s.",
    ]


async def test_a_time_limit_is_told_as_one(moments: Moments, caplog: pytest.LogCaptureFixture) -> None:
    late = TimeoutError()
    late.__cause__ = asyncio.CancelledError()
    await waits_of(Flaky("discord", [late], moments), moments)
    assert caplog.messages == ["discord is down: TimeoutError. Next attempt in 1 s."]


async def test_one_platform_that_is_down_never_stops_another(moments: Moments) -> None:
    twenty_times = asyncio.Event()

    class Hopeless(Flaky):
        async def run(self) -> None:
            if len(moments.waits) == 20:
                twenty_times.set()
            raise AttributeError

    well, hopeless, stop = Flaky("slack", [], moments), Hopeless("discord", [], moments), asyncio.Event()
    serving = asyncio.create_task(serve([hopeless, well], stop=stop, pace=moments.pace()))
    await well.connected.wait()
    await twenty_times.wait()
    assert well.ready
    assert not serving.done()
    stop.set()
    await serving
    assert (well.closed, hopeless.closed) == (1, 1)


async def test_a_stop_waits_for_work_in_hand(moments: Moments) -> None:
    finished, stop = asyncio.Event(), asyncio.Event()

    class Busy(Flaky):
        async def close(self) -> None:
            await finished.wait()
            await super().close()

    platform = Busy("discord", [], moments)
    serving = asyncio.create_task(serve([platform], stop=stop))
    await platform.connected.wait()
    stop.set()
    await asyncio.sleep(0)
    assert not serving.done()
    finished.set()
    await serving
    assert platform.closed == 1


async def test_a_stop_does_not_wait_for_ever(moments: Moments, caplog: pytest.LogCaptureFixture) -> None:
    class Stuck(Flaky):
        async def close(self) -> None:
            await asyncio.Event().wait()

    stop = asyncio.Event()
    stop.set()
    platform = Stuck("discord", [], moments)
    await serve([platform], stop=stop, stop_seconds=0.01)
    assert "discord still had work in hand" in caplog.text


async def test_a_platform_whose_close_ends_its_run_is_not_started_again(moments: Moments) -> None:
    class Polite(Flaky):
        runs = 0

        def __init__(self) -> None:
            super().__init__("web", [], moments)
            self.ended = asyncio.Event()
            self.closing = self.ended.set

        async def run(self) -> None:
            self.runs += 1
            self.connected.set()
            await self.ended.wait()

    platform, stop = Polite(), asyncio.Event()
    serving = asyncio.create_task(serve([platform], stop=stop))
    await platform.connected.wait()
    stop.set()
    await serving
    assert platform.runs == 1


async def test_a_close_that_fails_is_logged_and_the_others_still_close(
    moments: Moments, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Flaky):
        async def close(self) -> None:
            raise ConnectionError("hunter2")

    stop = asyncio.Event()
    stop.set()
    well = Flaky("slack", [], moments)
    await serve([Broken("discord", [], moments), well], stop=stop)
    assert well.closed == 1
    assert caplog.messages == ["discord did not close cleanly (ConnectionError)."]


async def test_what_is_being_sent_still_has_its_platforms(moments: Moments) -> None:
    platform, stop = Flaky("discord", [], moments), asyncio.Event()
    closed_before_the_end: list[int] = []

    async def finish() -> None:
        await asyncio.sleep(0)
        closed_before_the_end.append(platform.closed)

    serving = asyncio.create_task(serve([platform], stop=stop, finish=finish))
    await platform.connected.wait()
    stop.set()
    await serving
    assert (closed_before_the_end, platform.closed) == ([0], 1)


class Account(Sink):
    """A platform that takes the login at the second attempt."""

    attempts = 0

    def __init__(self) -> None:
        super().__init__(can_send=False)
        self.taken = asyncio.Event()

    async def log_in(self) -> None:
        self.attempts += 1
        if self.attempts == 1:
            raise ConnectionError
        self.can_send = True
        self.taken.set()

    async def run(self) -> None:
        raise AssertionError("it takes nothing in")


async def test_a_platform_that_only_sends_logs_in_until_it_is_taken_and_is_ready_then(moments: Moments) -> None:
    account, stop = Account(), asyncio.Event()
    sending = Sending(account)
    assert not sending.ready
    task = asyncio.create_task(keep_running(sending, stop=stop, pace=moments.pace()))
    await account.taken.wait()
    assert sending.ready
    assert (account.attempts, moments.waits) == (2, [1])
    stop.set()
    await sending.close()
    await task
    assert not sending.ready
