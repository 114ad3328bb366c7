"""How Slack sends a payload over HTTP, and signs it."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """A payload as Slack sends it over HTTP, and its content type."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def signed(body: bytes, secret: str, *, at: float | None = None) -> dict[str, str]:
    """The headers of a signature."""
    timestamp = str(int(time.time() if at is None else at))
    made = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={made}"}
