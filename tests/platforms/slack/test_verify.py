"""Which requests over HTTP are taken to come from Slack."""

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.verify import WINDOW_SECONDS, Verifier
from tests.platforms.slack.wire import signed

SECRET = "0" * 32
NOW = 1_800_000_000.0


class Watch:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def accepts(verifier: Verifier, body: bytes, headers: dict[str, str]) -> bool:
    timestamp, signature = headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"]
    return verifier.accepts(timestamp=timestamp, signature=signature, body=body)


@given(st.binary(max_size=50))
def test_a_true_signature_is_taken_whatever_the_body(body: bytes) -> None:
    assert accepts(Verifier(SECRET, now=Watch()), body, signed(body, SECRET, at=NOW))


@given(st.none() | st.text(), st.none() | st.text())
def test_nothing_in_the_headers_raises_or_is_taken(timestamp: str | None, signature: str | None) -> None:
    assert not Verifier(SECRET, now=Watch()).accepts(timestamp=timestamp, signature=signature, body=b"")


def test_the_window_has_two_sides() -> None:
    verifier = Verifier(SECRET, now=Watch())
    for ahead, taken in ((-WINDOW_SECONDS - 1, False), (-WINDOW_SECONDS, True), (WINDOW_SECONDS, True),
                         (WINDOW_SECONDS + 1, False)):  # fmt: skip
        assert accepts(verifier, b"", signed(b"", SECRET, at=NOW + ahead)) is taken


def test_each_is_taken_once_for_as_long_as_it_would_be_good() -> None:
    watch = Watch()
    verifier = Verifier(SECRET, now=watch)
    headers = signed(b"", SECRET, at=NOW + WINDOW_SECONDS)
    assert accepts(verifier, b"", headers)
    for _ in range(4):
        assert not accepts(verifier, b"", headers)
        watch.now += WINDOW_SECONDS / 2


def test_what_is_too_old_to_come_again_is_forgotten() -> None:
    watch = Watch()
    verifier = Verifier(SECRET, now=watch)
    for _ in range(5):
        assert accepts(verifier, b"", signed(b"", SECRET, at=watch.now))
        watch.now += 3 * WINDOW_SECONDS
    assert len(verifier._seen) == 1  # noqa: SLF001 - that it does not grow shows nowhere else
