"""Forms as modals, and what comes back from one."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.cards import Option, say
from bot.options import Ask, Field, Kind, Raw
from bot.platforms.base import Form
from bot.platforms.discord import forms
from bot.platforms.discord.limits import TooLarge
from tests.platforms.discord import schema

FEW = tuple(Option(f"v{number}", f"Label {number}") for number in range(3))
MANY = tuple(Option(f"v{number}", f"Label {number}") for number in range(12))


def asked(name: str, kind: Kind, value: Raw | None = None, **more: Any) -> Field:
    options = more.pop("options", ())
    required = more.pop("required", False)
    return Field(name, kind, Ask(f"About {name}?", **more), required, options, value)


def form(*fields: Field, errors: Mapping[str, Any] | None = None) -> Form:
    return Form("rejections.edit:1", "Log a rejection", fields, errors or {})


def controls(made: Form) -> list[dict[str, Any]]:
    payload = forms.payload(made)
    schema.check("ModalInteractionCallbackRequest", {"type": 9, "data": payload})
    return [part["component"] for part in payload["components"] if part["type"] == 18]


def test_each_kind_has_its_own_control() -> None:
    text, note, stage, country, sure = controls(
        form(
            asked("company", Kind.TEXT, "Acme", required=True, example="Acme", at_most=80),
            asked("note", Kind.PARAGRAPH),
            asked("stage", Kind.CHOICE, "v1", options=FEW),
            asked("country", Kind.CHOICE, "Label 2", options=MANY),
            asked("sure", Kind.TOGGLE, "yes"),
        )
    )
    assert (text["type"], text["value"], text["max_length"], text["required"]) == (4, "Acme", 80, True)
    assert (note["type"], note["style"], note["max_length"]) == (4, 2, 1000)
    assert (stage["type"], [each["default"] for each in stage["options"]]) == (21, [False, True, False])
    assert (country["type"], [o["value"] for o in country["options"] if o["default"]]) == (3, ["v2"])
    assert (sure["type"], sure["default"]) == (23, True)
    several, more, who, day, count = controls(
        form(
            asked("feelings", Kind.CHOICES, "v0, label 2", options=FEW, required=True),
            asked("topics", Kind.CHOICES, ("v1", "v11"), options=MANY),
            asked("buddy", Kind.MEMBER, "42"),
            asked("day", Kind.DATE),
            asked("times", Kind.NUMBER, "many"),
        )
    )
    assert (several["type"], [each["default"] for each in several["options"]]) == (22, [True, False, True])
    assert (several["min_values"], several["max_values"]) == (1, 3)
    assert (more["type"], more["max_values"], sum(o["default"] for o in more["options"])) == (3, 12, 2)
    assert (who["type"], who["default_values"]) == (5, [{"id": 42, "type": "user"}])
    assert (day["type"], count["type"], count["value"]) == (4, 4, "many")


def test_what_was_typed_too_long_comes_back_whole() -> None:
    [text] = controls(form(asked("company", Kind.TEXT, "x" * 150, at_most=80)))
    assert (len(text["value"]), text["max_length"]) == (150, 150)


def test_an_error_stands_at_its_field() -> None:
    wrong = form(
        asked("times", Kind.NUMBER, "many", hint="A number", example="5"),
        errors={"times": say("Type a whole number, such as {n}.", n=5)},
    )
    controls(wrong)
    [label] = forms.payload(wrong)["components"]
    assert label["description"] == "Type a whole number, such as 5."


@pytest.mark.parametrize("others", [0, 4])
def test_a_long_error_stands_above_the_fields_where_there_is_room(others: int) -> None:
    long = say("Choose one of: {known}.", known=", ".join(["something"] * 20))
    fields = [asked(f"other{number}", Kind.TEXT) for number in range(others)]
    wrong = form(asked("stage", Kind.TEXT, "x", example="final"), *fields, errors={"stage": long})
    controls(wrong)
    parts = forms.payload(wrong)["components"]
    assert [part["type"] for part in parts] == ([10, 18] if others == 0 else [18] * 5)
    label = next(part for part in parts if part["type"] == 18)
    assert label["description"] == "This could not be read. For example: final"


@pytest.mark.parametrize(
    "made",
    [
        form(*(asked(f"f{number}", Kind.TEXT) for number in range(6))),
        form(),
        form(asked("x", Kind.CHOICE, options=())),
        form(asked("x", Kind.CHOICE, options=tuple(Option(str(n), "x") for n in range(26)))),
        form(asked("x", Kind.TEXT, hint="h" * 101)),
        form(asked("x", Kind.TEXT), asked("x", Kind.TEXT)),
        Form("a" * 101, "Title", (asked("x", Kind.TEXT),)),
        Form("a", "T" * 46, (asked("x", Kind.TEXT),)),
    ],
)
def test_what_does_not_fit_is_refused(made: Form) -> None:
    with pytest.raises(TooLarge):
        forms.payload(made)


async def test_the_modal_is_finished_before_it_is_sent() -> None:
    assert forms.modal(form(asked("x", Kind.TEXT))).is_finished()


def test_a_modal_outside_the_event_loop_is_refused() -> None:
    with pytest.raises(RuntimeError):
        forms.modal(form(asked("x", Kind.TEXT)))


def test_a_submit_is_read_from_its_raw_data() -> None:
    parts = [
        {"type": 4, "custom_id": "company", "value": "Acme"},
        {"type": 21, "custom_id": "stage", "value": None},
        {"type": 22, "custom_id": "feelings", "values": ["sad"]},
        {"type": 3, "custom_id": "country", "values": ["de"]},
        {"type": 5, "custom_id": "buddy", "values": ["42"]},
        {"type": 23, "custom_id": "sure", "value": True},
        {"type": 23, "custom_id": "later", "value": False},
    ]
    data = {"components": [{"type": 10, "id": 1}, *({"type": 18, "component": part} for part in parts)]}
    assert forms.read(data) == {
        "company": "Acme",
        "stage": "",
        "feelings": ("sad",),
        "country": "de",
        "buddy": "42",
        "sure": "yes",
        "later": "",
    }
