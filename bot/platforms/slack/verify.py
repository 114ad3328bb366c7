"""Decides whether a request over HTTP comes from Slack, before anything else looks at it.

Slack signs `v0:<timestamp>:<body>` with the app's signing secret:
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import re
import time
from collections import deque
from collections.abc import Callable
from typing import Final

WINDOW_SECONDS: Final = 300
_TIMESTAMP: Final = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")


class Verifier:
    """Takes each signature once. Never raises, whatever the headers hold, and remembers nothing of a body."""

    def __init__(self, secret: str, *, now: Callable[[], float] = time.time) -> None:
        self._secret = secret.encode()
        self._now = now
        self._seen: set[str] = set()
        self._leaving: deque[tuple[float, str]] = deque()

    def accepts(self, *, timestamp: str | None, signature: str | None, body: bytes) -> bool:
        """True the first time that a request with a true signature comes, within 300 s of its making."""
        if timestamp is None or signature is None:
            return False
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return False
        now = self._now()
        if abs(now - int(timestamp)) > WINDOW_SECONDS:
            return False
        made = hmac.new(self._secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"v0={made}", signature):
            return False
        return self._is_first(signature, now)

    def _is_first(self, signature: str, now: float) -> bool:
        while self._leaving and self._leaving[0][0] < now:
            self._seen.discard(self._leaving.popleft()[1])
        if signature in self._seen:
            return False
        # A timestamp may be ahead of our clock by one window, and is good for one more after that.
        self._seen.add(signature)
        self._leaving.append((now + 2 * WINDOW_SECONDS, signature))
        return True
