"""Checks Block Kit payloads: slackblocks builds each anew and has to give the same; beside it, what it lets through."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import slackblocks as kit

Json = Mapping[str, Any]

_ELEMENTS: Final[Mapping[str, type]] = {
    "button": kit.Button,
    "static_select": kit.StaticSelectMenu,
    "multi_static_select": kit.StaticMultiSelectMenu,
    "checkboxes": kit.CheckboxGroup,
    "radio_buttons": kit.RadioButtonGroup,
    "datepicker": kit.DatePicker,
    "number_input": kit.NumberInput,
    "plain_text_input": kit.PlainTextInput,
    "users_select": kit.UserSelectMenu,
}
_RICH: Final[Mapping[str, type]] = {
    "text": kit.RichText,
    "user": kit.RichTextUser,
    "channel": kit.RichTextChannel,
    "link": kit.RichTextLink,
}


def check_message(message: Json) -> None:
    """Raises AssertionError, or slackblocks' own errors, for a message that Slack would not take."""
    assert message.get("text"), "a message without text says nothing to a screen reader"
    built = kit.Message(channel="C1", text=message["text"], blocks=[_block(each) for each in message["blocks"]])
    _compare(built.to_dict()["blocks"], message["blocks"])
    _check_blocks(message["blocks"])


def check_view(view: Json) -> None:
    """The same for a modal or App Home."""
    blocks = [_block(each) for each in view["blocks"]]
    if view["type"] == "home":
        built = kit.HomeTabView(blocks=blocks).to_dict()
    else:
        assert bool(view.get("submit")) == any(each["type"] == "input" for each in view["blocks"])
        modal = kit.ModalView(
            title=_text(view["title"]),
            blocks=blocks,
            close=_text(view["close"]),
            submit=_text(view["submit"]) if "submit" in view else None,
            private_metadata=view.get("private_metadata"),
            callback_id=view.get("callback_id"),
        )
        built = modal.to_dict()
    _compare(built["blocks"], view["blocks"])
    _check_blocks(view["blocks"])


def pressables(blocks: Any) -> Iterator[Json]:
    """Every button and select, in order."""
    for block in blocks:
        yield from block["elements"] if block["type"] == "actions" else ()
        if "accessory" in block:
            yield block["accessory"]


def inputs(blocks: Any) -> dict[str, Json]:
    """The inputs of a form by the name of their field."""
    return {block["block_id"]: block for block in blocks if block["type"] == "input"}


def _check_blocks(blocks: Any) -> None:
    assert blocks, "nothing to show"
    pressed = list(pressables(blocks))
    _once("action_id", [each["action_id"] for each in pressed])
    _once("block_id", [each["block_id"] for each in blocks if "block_id" in each])
    assert sum(each["type"] == "table" for each in blocks) <= 1, "Slack takes one table in a message"
    _check_buttons(pressed)
    _check_options([*pressed, *(each["element"] for each in inputs(blocks).values())])
    for block in blocks:
        if block["type"] == "actions":
            assert block["elements"], "an empty row of buttons"
        if block["type"] == "table":
            assert len({len(row) for row in block["rows"]}) == 1, "rows of different widths"
        if block["type"] == "input":
            element = block["element"]
            assert len(element.get("initial_value", "")) <= element.get("max_length", 3000)
    for part in _walk(blocks):
        _check_part(part)


def _check_buttons(pressed: list[Json]) -> None:
    for element in pressed:
        if element["type"] == "button":
            assert ("url" in element) != ("value" in element), "a button is a link or a call"
        if "url" in element:
            assert element["url"].startswith(("https://", "http://"))


def _check_options(elements: list[Json]) -> None:
    for element in elements:
        options = element.get("options")
        if options is not None:
            _once("option", [each["value"] for each in options])
            chosen = [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]
            assert all(each in options for each in chosen), "Slack compares the whole option"


def _check_part(part: Json) -> None:
    assert part.get("elements") != [], "an empty part"
    if isinstance(part.get("text"), str):
        assert part["text"], "an empty text"
        assert "\x00" not in part["text"]
    match part.get("type"):
        case "plain_text":
            assert part["emoji"] is False, "what people typed stays as they typed it"
        case "mrkdwn":
            assert part["verbatim"] is True, "Slack would look for people and links in it"
        case "date":
            assert isinstance(part["timestamp"], int)
            assert part["fallback"]
            assert "{" in part["format"]


def _block(block: Json) -> Any:
    match block["type"]:
        case "header":
            return kit.HeaderBlock(_text(block["text"]))
        case "divider":
            return kit.DividerBlock()
        case "section":
            accessory = _element(block["accessory"]) if "accessory" in block else None
            fields = [_text(each) for each in block["fields"]] if "fields" in block else None
            return kit.SectionBlock(_text(block.get("text")), fields=fields, accessory=accessory)
        case "context":
            return kit.ContextBlock([_text(each) for each in block["elements"]])
        case "actions":
            return kit.ActionsBlock([_element(each) for each in block["elements"]])
        case "rich_text":
            return kit.RichTextBlock([_section(each) for each in block["elements"]])
        case "data_visualization":
            chart = block["chart"]
            series = [
                kit.DataSeries(each["name"], [kit.DataPoint(**point) for point in each["data"]])
                for each in chart["series"]
            ]
            return kit.DataVisualizationBlock(
                block["title"], kit.BarChart(series, kit.AxisConfig(chart["axis_config"]["categories"]))
            )
        case "table":
            return kit.TableBlock([[_cell(cell) for cell in row] for row in block["rows"]])
        case "input":
            return kit.InputBlock(
                _text(block["label"]),
                _element(block["element"]),
                block_id=block["block_id"],
                hint=_text(block.get("hint")),
                optional=block["optional"],
            )
        case other:
            raise AssertionError(f"a block of type {other} is new here")


def _text(text: Json | None) -> Any:
    return None if text is None else kit.Text.from_dict(dict(text))


def _element(element: Json) -> Any:
    values = {name: value for name, value in element.items() if name != "type"}
    for name in ("text", "placeholder"):
        if name in values:
            values[name] = _text(values[name])
    for name in ("options", "initial_options"):
        if name in values:
            values[name] = [kit.Option.from_dict(each) for each in values[name]]
    if "initial_option" in values:
        values["initial_option"] = kit.Option.from_dict(values["initial_option"])
    return _ELEMENTS[element["type"]](**values)


def _section(section: Json) -> Any:
    assert section["type"] == "rich_text_section"
    return kit.RichTextSection([_rich(each) for each in section["elements"]])


def _rich(element: Json) -> Any:
    if element["type"] == "date":  # slackblocks does not know it; `_check_blocks` looks at it instead
        return kit.RichText(element["fallback"])
    values = {name: value for name, value in element.items() if name not in {"type", "style"}}
    return _RICH[element["type"]](**values, **element.get("style", {}))


def _cell(cell: Json) -> Any:
    return kit.RawText(cell["text"]) if cell["type"] == "raw_text" else _section(cell["elements"][0])


def _compare(built: Any, drawn: Any) -> None:
    assert _bare(built) == _bare(drawn)


def _bare(value: Any) -> Any:
    """Without the ids that slackblocks makes up, and without what is false: it leaves that out."""
    if isinstance(value, Mapping):
        if value.get("type") == "date":
            return {"type": "text", "text": value["fallback"]}
        return {name: _bare(each) for name, each in value.items() if name != "block_id" and each not in (False, None)}
    return [_bare(each) for each in value] if isinstance(value, list | tuple) else value


def _once(what: str, values: list[str]) -> None:
    twice = [value for value, count in Counter(values).items() if count > 1]
    assert not twice, f"the same {what} twice: {twice}"


def _walk(value: Any) -> Iterator[Json]:
    if isinstance(value, Mapping):
        yield value
        for each in value.values():
            yield from _walk(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _walk(each)
