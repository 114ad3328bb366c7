"""Discord's own description of its API as a judge of what we send."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

DESCRIPTION: Final = Path(__file__).parents[2] / "data" / "discord-openapi.json"
MESSAGES: Final = {4, 7}
_CALLBACKS: Final = {
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
}


def check(schema: str, body: object) -> None:
    """Asserts that a body is what the schema says, with nothing that the schema does not know."""
    shape = (schema, json.dumps(_shape(body), sort_keys=True))
    if shape in _fine:
        return
    problem = best_match(_validator(schema).iter_errors(body))
    assert problem is None, f"{schema} {problem.json_path}: {problem.message}"
    _fine.add(shape)


def check_request(method: str, path: str, body: Any) -> None:
    """Asserts the same of a recorded request, and that a message says whom it may ping."""
    if path.endswith("/callback"):
        message = body.get("data") if body["type"] in MESSAGES else None
        check(_CALLBACKS[body["type"]], {**body, "data": _quiet(message)} if message else body)
    elif path.startswith("/webhooks/"):
        message = body
        edits = method == "PATCH"
        check("IncomingWebhookUpdateRequestPartial" if edits else "IncomingWebhookInteractionRequest", _quiet(body))
    elif path.endswith("/commands"):
        for command in body:
            check("ApplicationCommandUpdateRequest", command)
        message = None
    elif path.startswith("/channels/") and "/messages" in path:
        message = body
        check("MessageEditRequestPartial" if method == "PATCH" else "MessageCreateRequest", _quiet(body))
    elif path == "/users/@me/channels":
        check("CreatePrivateChannelRequest", body)
        message = None
    elif path.endswith("/threads"):
        check("CreateTextThreadWithoutMessageRequest", body)
        message = None
    elif "/permissions/" in path:
        # Discord describes these without a name; discord.py repeats the id of the path.
        assert set(body) == {"id", "allow", "deny", "type"}
        message = None
    else:
        raise AssertionError(f"{method} {path} is not a request that the bot makes")
    if message is not None:
        assert message["allowed_mentions"]["parse"] == [], "everything that is sent says that it pings nobody"


def _quiet(message: Mapping[str, Any]) -> dict[str, Any]:
    """discord.py says of every message that it is not read aloud, also where Discord knows no such thing."""
    return {name: value for name, value in message.items() if (name, value) != ("tts", False)}


def _shape(body: object) -> object:
    """The body, of whose texts only the lengths are left: of these the schema asks no more."""
    match body:
        case dict():
            return {name: len(each) if name in _TEXTS and isinstance(each, str) else _shape(each)
                    for name, each in body.items()}  # fmt: skip
        case list() | tuple():
            return [_shape(each) for each in body]
        case _:
            return body


_TEXTS: Final = frozenset({"content", "custom_id", "description", "label", "placeholder"})
_fine: Final[set[tuple[str, str]]] = set()
"""Shapes that were found to be right: what is sent again and again is looked at once."""


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{schema}", **_description()})


@cache
def _description() -> Mapping[str, Any]:
    description: dict[str, Any] = json.loads(DESCRIPTION.read_text())
    schemas = description["components"]["schemas"]
    for each in schemas.values():
        if "properties" in each:
            each.setdefault("additionalProperties", False)
    # Discord takes numbers for ids too, and discord.py sends them.
    schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer"}]}
    return description
