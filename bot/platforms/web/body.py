"""What the page sends: read once, at the edge."""

from typing import Annotated, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

Event = Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{8,64}$")]
"""Made by the page for each act, and the same when it is sent again."""

Short = Annotated[str, Field(max_length=200)]
Typed = Annotated[str, Field(max_length=8000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Say(Body):
    """A line of chat, or a command."""

    event: Event
    room: Short
    text: Typed


class Press(Body):
    """A button of a message, or a choice with its `value`."""

    event: Event
    room: Short
    message: Short = ""
    packed: Short
    value: Annotated[str, Field(max_length=1000)] | None = None


class Submit(Body):
    """A form that was filled in, and the message it was opened from."""

    event: Event
    room: Short
    message: Short = ""
    packed: Short
    values: dict[Short, Typed | list[Short]]


class Complete(Body):
    """A command that is being typed, up to the caret."""

    room: Short
    line: Typed


class Inspect(Body):
    """A message to look into; without one, the form that is open."""

    message: Short | None = None


class Move(Body):
    """How far the clock goes, in hours; 0 is until what comes next."""

    hours: Literal[0, 1, 24, 168]


class Turn(Body):
    """A button of the tour."""

    to: Literal["start", "skip", "leave"]


class Nothing(Body):
    """An act that needs no more words."""


Kind = TypeVar("Kind", bound=Body)


async def read_body(request: web.Request, kind: type[Kind]) -> Kind:
    """The body as its kind. Raises HTTPBadRequest, which repeats nothing of what was sent."""
    try:
        return kind.model_validate_json(await request.read())
    except ValidationError:
        raise web.HTTPBadRequest(text="This could not be read. Reload the page and try again.") from None
