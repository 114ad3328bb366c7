"""What a person reads in a Slack payload, and who else does."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any


def words_of(blocks: Any) -> str:
    """All words of the blocks, a line for each, Slack's own escapes undone."""
    return "\n".join(line for block in blocks for line in _block(block))


def is_public(payload: Mapping[str, Any]) -> bool:
    """Whether others see it too."""
    return payload.get("response_type") == "in_channel" or payload.get("channel", "D")[0] != "D"


def pinged(payload: Mapping[str, Any]) -> Iterator[str]:
    """The people whom it mentions, wherever in its blocks that is."""
    drawn = json.dumps(payload["blocks"])
    yield from (user.lower() for user in re.findall(r'<@U(\w+)>|"user_id": "U(\w+)"', drawn) for user in user if user)


def message_words(payload: Mapping[str, Any]) -> str:
    """Its title and its words; without blocks, its text."""
    title = payload.get("title", {}).get("text", "")
    return "\n".join(filter(None, [title, words_of(payload["blocks"]) or payload.get("text", "")]))


def _block(block: Mapping[str, Any]) -> Iterator[str]:
    if block["type"] == "rich_text":
        yield _rich(block)
    for name in ("text", "label", "hint"):
        if name in block:
            yield _text(block[name])
    yield from (_text(each) for each in block.get("fields", ()))
    if block["type"] == "context":
        yield from (_text(each) for each in block["elements"])
    if block["type"] == "data_visualization":
        yield str(block["title"])
        yield from (str(each["name"]) for each in block["chart"]["series"])
    for row in block.get("rows", ()):
        yield " ".join(cell["text"] if cell["type"] == "raw_text" else _rich(cell) for cell in row)
    for option in block.get("element", {}).get("options", ()):
        yield _text(option["text"])


def _rich(block: Mapping[str, Any]) -> str:
    return "".join(_element(each) for section in block["elements"] for each in section["elements"])


def _element(element: Mapping[str, Any]) -> str:
    match element["type"]:
        case "date":
            return str(element["fallback"])
        case "user":
            return f"@{element['user_id']}"
        case "channel":
            return f"#{element['channel_id']}"
        case _:
            return str(element["text"])


def _text(text: Mapping[str, Any]) -> str:
    if text["type"] == "plain_text":
        return str(text["text"])
    unlinked = re.sub(r"<[^<>|]*\|([^<>]*)>", r"\1", text["text"])
    # What people typed holds none of these marks: words with one are never drawn as mrkdwn.
    return re.sub(r"[*`]", "", unlinked).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
