"""What a process claims and what it leaves, and what is counted and logged of it."""

import logging
from datetime import timedelta

import pytest

from bot.logs import fields_of
from bot.sending import TryLater, Unreachable
from tests.bot.engine.conftest import Bench


async def test_nothing_is_claimed_for_a_platform_that_cannot_send(bench: Bench) -> None:
    bench.sink.can_send = False
    await bench.post(1)
    await bench.later(2)
    await bench.catch_up()
    assert bench.done == [2], "what goes nowhere needs no platform"
    assert bench.seen == []
    assert [job.attempts for job in await bench.jobs() if job.post_id] == [0, 0]
    bench.sink.can_send = True
    await bench.catch_up()
    await bench.catch_up()
    assert sorted(bench.seen) == ["Hello 1", "Hello 2"]


async def test_how_each_attempt_ended_is_told_by_kind_and_platform_alone(bench: Bench) -> None:
    bench.words.pop(2)
    bench.sink.trouble = [TryLater("refused"), None, Unreachable("closed")]
    await bench.post(1)
    await bench.catch_up(timedelta(minutes=2))
    await bench.catch_up(timedelta(minutes=1))
    await bench.post(2)
    await bench.catch_up()
    await bench.post(3)
    await bench.catch_up()
    await bench.later(4)
    await bench.catch_up()
    told = [(each.outcome, each.key, each.platform) for each in bench.ended]
    assert told[:5] == [
        ("again", "bench.hello", "test"),
        ("sent", "bench.hello", "test"),
        ("unneeded", "bench.hello", "test"),
        ("dead", "bench.hello", "test"),
        ("done", "bench.work", "work"),
    ]
    assert bench.ended[1].late_seconds == 180


async def test_every_line_says_kind_platform_and_duration_and_a_failure_its_reference(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.sink.trouble = [RuntimeError("a secret")]
    await bench.post(1)
    with caplog.at_level(logging.INFO, "bot"):
        await bench.catch_up()
        await bench.catch_up(timedelta(minutes=1))
    failed, sent = [(record.message, fields_of(record)) for record in caplog.records]
    assert (failed[0], sent[0]) == ("not delivered", "sent")
    for _, fields in (failed, sent):
        assert (fields["key"], fields["platform"]) == ("bench.hello", "test")
        assert fields["ms"] >= 0  # type: ignore[operator]  # a number
    assert failed[1]["reference"]
    assert sent[1]["late"] == 60
    assert "secret" not in str((failed, sent))


async def test_a_turn_that_failed_says_of_which_kind_and_its_reference(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.words[0] = "broken"
    await bench.schedule()
    with caplog.at_level(logging.ERROR, "bot"):
        await bench.catch_up(timedelta(days=7))
    fields = fields_of(caplog.records[0])
    assert (caplog.messages[0], fields["kind"]) == ("a schedule's turn failed", "bench.weekly")
    assert fields["reference"]
