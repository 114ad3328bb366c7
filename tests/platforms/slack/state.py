"""What a simulated Slack keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Message:
    """A message that one person sees, or all in its channel; `drawings` has it as it was drawn each time."""

    id: str
    channel: str
    drawings: list[Json]
    only_for: str | None
    ephemeral: bool

    @property
    def drawn(self) -> Json:
        return self.drawings[-1]


@dataclass
class View:
    """A modal as it stands, with what was typed into it."""

    id: str
    user: str
    drawn: Json
    hash: str = "h0"
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """One call of the Web API or of a response_url."""

    method: str
    body: Json
    token: str


@dataclass(frozen=True)
class Refusal:
    """What a method answers instead; the connection is cut where `status` is 0."""

    error: str = "internal_error"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class ResponseUrl:
    """Where an answer to one event goes; without a message of its own it cannot replace any."""

    user: str
    channel: str
    message: Message | None
    uses: int = 0
