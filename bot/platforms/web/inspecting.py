"""The inspector: what the other platforms would be sent for what the page shows."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cards import Card
from bot.platforms.base import Form


@dataclass(frozen=True, slots=True)
class Inspectors:
    """By the platforms' names: what makes a payload, as plain data, when it is asked for."""

    cards: Mapping[str, Callable[[Card], object]] = field(default_factory=dict)
    forms: Mapping[str, Callable[[Form], object]] = field(default_factory=dict)


async def payloads(inspectors: Mapping[str, Callable[[Any], object]], drawn: object) -> Sequence[Mapping[str, str]]:
    """A `name` and `json` for each platform, or the `problem` that it has with it."""
    return [await asyncio.to_thread(_payload, name, inspect, drawn) for name, inspect in inspectors.items()]


def _payload(name: str, inspect: Callable[[Any], object], drawn: object) -> Mapping[str, str]:
    try:
        payload = inspect(drawn)
    except Exception as error:  # noqa: BLE001 - what a platform cannot draw is what the inspector is to show
        return {"name": name, "json": "", "problem": f"{name} cannot draw this: {error}"}
    text = json.dumps(payload, indent=2, ensure_ascii=False, default=str)
    return {"name": name, "json": text, "problem": ""}
