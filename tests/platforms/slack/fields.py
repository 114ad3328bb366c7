"""Fields of a form as Slack sends them: untouched, and filled by a person."""

from collections.abc import Mapping
from typing import Any

from bot.options import Raw

Json = dict[str, Any]


def start_of(element: Mapping[str, Any]) -> Json:
    """What a field holds before anybody touches it, as Slack would send it."""
    match element["type"]:
        case "datepicker":
            return {"type": "datepicker", "selected_date": element.get("initial_date")}
        case "users_select":
            return {"type": "users_select", "selected_user": element.get("initial_user")}
        case "radio_buttons" | "static_select":
            return {"type": element["type"], "selected_option": element.get("initial_option")}
        case "checkboxes" | "multi_static_select":
            return {"type": element["type"], "selected_options": element.get("initial_options", [])}
        case _:
            return {"type": element["type"], "value": element.get("initial_value")}


def filled_with(element: Mapping[str, Any], raw: Raw) -> Json:
    """What a field holds once a person has filled it."""
    several = [each.strip() for each in raw.split(",")] if isinstance(raw, str) else list(raw)
    text = raw if isinstance(raw, str) else ", ".join(raw)
    match element["type"]:
        case "datepicker":
            return {"type": "datepicker", "selected_date": text or None}
        case "users_select":
            return {"type": "users_select", "selected_user": f"U{text.removeprefix('@').upper()}" if text else None}
        case "radio_buttons" | "static_select":
            return {"type": element["type"], "selected_option": _option(element, text) if text else None}
        case "checkboxes" | "multi_static_select":
            if [each["value"] for each in element["options"]] == ["yes"]:
                several = ["yes"] if text.casefold() in {"yes", "true", "on"} else []
            return {"type": element["type"], "selected_options": [_option(element, each) for each in several if each]}
        case _:
            return {"type": element["type"], "value": text or None}


def _option(element: Mapping[str, Any], wanted: str) -> Json:
    for each in element["options"]:
        if wanted.casefold() in {each["value"].casefold(), each["text"]["text"].casefold()}:
            return dict(each)
    raise AssertionError(f"{wanted!r} is not among {[each['text']['text'] for each in element['options']]}")


def raw_of(state: Json) -> Raw:
    """The value that a field holds."""
    if "selected_options" in state:
        return tuple(each["value"] for each in state["selected_options"])
    chosen = state.get("selected_option") or {}
    return state.get("value") or state.get("selected_date") or state.get("selected_user") or chosen.get("value") or ""
