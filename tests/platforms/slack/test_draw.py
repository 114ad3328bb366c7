"""What is drawn is what Slack takes, and people's words stay words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import (
    Actions,
    Button,
    Card,
    Fields,
    LinkButton,
    Mention,
    Note,
    Option,
    Row,
    Select,
    Table,
    Text,
    Typed,
    say,
    summary,
)
from bot.platforms.slack import draw
from bot.platforms.slack.forms import NOWHERE, Origin, filled_in, in_fields, modal
from bot.platforms.slack.limits import TooLarge
from bot.platforms.slack.words import shown as shown_text
from tests.platforms.slack import kit
from tests.platforms.slack.samples import ATTACKS, BLANK, CARDS, EVERYTHING, FILLED, FORMS, IN_PUBLIC, WRONG, attacked
from tests.platforms.slack.screen import words_of

TODAY = date(2026, 11, 23)


def spelling(typed: Typed) -> str:
    return " ".join(["/stone", typed.command, *typed.values.values()])


def message(card: Card, *, native: bool = True) -> dict[str, Any]:
    return draw.message(card, spelling=spelling, native=native)


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_slack_takes_every_card(card: Card, native: bool) -> None:
    kit.check_message(message(card, native=native))
    kit.check_view(draw.home(card, spelling=spelling, native=native))
    kit.check_view(draw.page(card, spelling=spelling))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_slack_takes_every_form(form: Any) -> None:
    kit.check_view(modal(form, today=TODAY, spelling=spelling, origin=Origin("https://hooks.example", "V1", "C1")))


@pytest.mark.parametrize("text", ATTACKS)
def test_what_people_type_is_shown_as_they_typed_it(text: str) -> None:
    drawn = message(attacked(text))
    kit.check_message(drawn)
    shown = shown_text(text)
    for part in _parts(drawn["blocks"]):
        assert part["type"] not in {"user", "channel", "usergroup", "broadcast", "emoji"}
        if part["type"] == "mrkdwn":
            assert "<!channel>" not in part["text"]
            assert "<@" not in part["text"]
    assert shown.strip() in words_of(drawn["blocks"])


def test_piled_marks_are_one_text() -> None:
    piled = "a" + "\u0301" * 4000
    assert piled in words_of(message(Card((Text(say("{text}", text=piled)),)))["blocks"])


MARKS = st.one_of(st.sampled_from("*_~`<>&:|\n @#!"), st.characters())


@given(st.text(MARKS, max_size=80))
def test_no_text_breaks_a_drawing_or_becomes_markup(text: str) -> None:
    drawn = message(attacked(text))
    kit.check_message(drawn)
    for part in _parts(drawn["blocks"]):
        if part["type"] == "mrkdwn":
            # All that is left of the marks are those of the template, around the value.
            assert part["text"].count("*") in {0, 2, 4}
            assert part["text"].count("`") == 0
            assert "_" not in part["text"].replace("{date_short_pretty}", "")


def test_the_top_level_text_is_never_empty_and_pings_nobody() -> None:
    assert message(Card(()))["text"] == "Steppingstone"
    drawn = message(Card((Text(say("{text}", text="<!channel> & co")),)))
    assert drawn["text"] == "&lt;!channel&gt; &amp; co"


def test_an_instant_is_drawn_in_the_readers_own_zone() -> None:
    dates = [part for part in _parts(message(EVERYTHING)["blocks"]) if part["type"] == "date"]
    assert {part["format"] for part in dates} == {"{date_short_pretty} {time}", "{ago}"}
    marked = [part["text"] for part in _parts(message(EVERYTHING)["blocks"]) if part["type"] == "mrkdwn"]
    assert any("<!date^1795426200^{date_short_pretty} {time}|23 Nov 2026 09:30 UTC>" in text for text in marked)


def test_a_command_is_spelled_as_it_is_typed_here() -> None:
    assert "/stone rejection log A B" in words_of(message(EVERYTHING)["blocks"])


def test_in_public_only_those_to_notify_are_mentioned() -> None:
    parts = list(_parts(message(IN_PUBLIC)["blocks"]))
    assert [part["user_id"] for part in parts if part["type"] == "user"] == ["U1"]
    assert [part["text"] for part in parts if part["type"] == "link"] == ["a member"]
    private = list(_parts(message(replace(IN_PUBLIC, private=True))["blocks"]))
    assert [part["user_id"] for part in private if part["type"] == "user"] == ["U1", "U2"]


def test_a_button_carries_its_call_and_a_select_its_own() -> None:
    pressed = {each["text"]["text"]: each for each in kit.pressables(message(EVERYTHING)["blocks"]) if "text" in each}
    assert pressed["Keep"]["value"] == "keep"
    assert pressed["Delete"]["style"] == "danger"
    assert "value" not in pressed["Web"]
    selects = [each for each in kit.pressables(message(EVERYTHING)["blocks"]) if each["type"] == "static_select"]
    assert [each["action_id"].partition(":")[2] for each in selects] == ["pick", "pick"]


def test_a_telephone_number_is_written_out() -> None:
    drawn = message(EVERYTHING)["blocks"]
    assert "Phone: 116123" in words_of(drawn)
    assert "Phone" not in [each["text"]["text"] for each in kit.pressables(drawn) if "text" in each]


def test_an_email_without_an_address_says_what_to_do_instead() -> None:
    drawn = message(Card((Actions((LinkButton("Mail", "mailto:?subject=Hello"),)),)))["blocks"]
    assert words_of(drawn) == "Mail: copy the words into a new e-mail"


def test_a_row_keeps_its_button_beside_it_where_its_words_are_plain() -> None:
    row = Row(say("{name}", name="Acme"), Button("Open", "open"))
    assert message(Card((row,)))["blocks"][0]["accessory"]["value"] == "open"
    starred = Row(say("{name}", name="*Acme*"), Button("Open", "open"))
    assert [block["type"] for block in message(Card((starred,)))["blocks"]] == ["rich_text", "actions"]


def test_a_workspace_without_tables_gets_lines() -> None:
    assert "table" in [block["type"] for block in message(EVERYTHING)["blocks"]]
    drawn = message(EVERYTHING, native=False)["blocks"]
    assert "table" not in [block["type"] for block in drawn]
    assert "Month: May · Sent: 4\nMonth: June · Sent: –" in words_of(drawn)


@pytest.mark.parametrize(
    "card",
    [
        Card(tuple(Text(say("x")) for _ in range(51))),
        Card((Text(say("{x}", x="x" * 12_001)),)),
        Card((Actions((Button("x" * 76, "x"),)),)),
        Card((Actions((Button("x", "x" * 2001),)),)),
        Card((Actions((Select("Choose", "pick", tuple(Option(str(n), str(n)) for n in range(101))),)),)),
        Card((Actions((Select("Choose", "pick", (Option("x" * 151, "x"),)),)),)),
        Card((Actions((Select("Choose", "x" * 255, (Option("x", "x"),)),)),)),
        Card((Note(say("{x}", x="x" * 3001)),)),
        Card((Fields((("Label", say("{x}", x="x" * 2001)),)),)),
        Card((Table("Table", ("x",), tuple((say("x"),) for _ in range(100))),)),
    ],
)
def test_too_much_is_refused_and_never_cut(card: Card) -> None:
    with pytest.raises(TooLarge) as refused:
        message(card)
    assert "xxx" not in str(refused.value)


def test_nothing_long_is_cut_where_it_fits() -> None:
    long = "word " * 600
    assert long.strip() in words_of(message(Card((Text(say("{long}", long=long)),)))["blocks"])
    assert summary(Card((Text(say("{long}", long=long)),))) == message(Card((Text(say("{long}", long=long)),)))["text"]


# Forms


def elements(form: Any) -> dict[str, Any]:
    view = modal(form, today=TODAY, spelling=spelling, origin=NOWHERE)
    return {name: block["element"] for name, block in kit.inputs(view["blocks"]).items()}


def test_each_kind_of_field_is_asked_for_natively() -> None:
    kinds = {name: element["type"] for name, element in elements(BLANK).items()}
    assert kinds == {
        "company": "plain_text_input",
        "note": "plain_text_input",
        "rounds": "number_input",
        "day": "datepicker",
        "length": "plain_text_input",
        "share": "checkboxes",
        "stage": "radio_buttons",
        "zone": "static_select",
        "feelings": "checkboxes",
        "topics": "multi_static_select",
        "buddy": "users_select",
    }


def test_a_form_starts_with_what_was_typed_in_words() -> None:
    drawn = elements(FILLED)
    assert drawn["company"]["initial_value"] == "Acme & <Co>"
    assert drawn["rounds"]["initial_value"] == "3"
    assert drawn["day"]["initial_date"] == "2026-11-24"
    assert drawn["share"]["initial_options"][0]["value"] == "yes"
    assert drawn["stage"]["initial_option"]["value"] == "option_2"
    assert drawn["zone"]["initial_option"]["value"] == "option_11"
    assert [each["value"] for each in drawn["feelings"]["initial_options"]] == ["option_1", "option_2"]
    assert [each["value"] for each in drawn["topics"]["initial_options"]] == ["option_3", "option_4"]
    assert drawn["buddy"]["initial_user"] == "U1"


def test_what_a_field_cannot_hold_is_kept_above_it_with_what_to_type_instead() -> None:
    view = modal(WRONG, today=TODAY, spelling=spelling, origin=NOWHERE)
    shown = words_of(view["blocks"])
    assert "Which day? – Type it anew, such as *this*.\nYou typed: nonsense" in shown
    assert "x" * 4000 in shown
    assert elements(WRONG)["company"]["initial_value"] == "nonsense"


def test_a_title_too_long_for_slack_heads_the_form_instead() -> None:
    view = modal(WRONG, today=TODAY, spelling=spelling, origin=NOWHERE)
    assert view["title"]["text"] == "Steppingstone"
    assert view["blocks"][0]["text"]["text"] == WRONG.title


def test_errors_are_named_by_field() -> None:
    form = replace(WRONG, errors={"day": say("When?"), "gone": say("No such field.")})
    assert in_fields(form) == {"day": "When?", "company": "No such field."}


def test_a_submitted_form_is_read_back() -> None:
    state: dict[str, Any] = {
        "company": {"value": {"type": "plain_text_input", "value": "Acme"}},
        "note": {"value": {"type": "plain_text_input", "value": None}},
        "rounds": {"value": {"type": "number_input", "value": "3"}},
        "day": {"value": {"type": "datepicker", "selected_date": "2026-11-24"}},
        "share": {"value": {"type": "checkboxes", "selected_options": []}},
        "stage": {"value": {"type": "radio_buttons", "selected_option": {"value": "option_2"}}},
        "zone": {"value": {"type": "static_select", "selected_option": None}},
        "feelings": {"value": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
        "buddy": {"value": {"type": "users_select", "selected_user": "U1"}},
        "other": {"another": {"type": "plain_text_input", "value": "not ours"}},
    }
    assert filled_in(state) == {
        "company": "Acme",
        "rounds": "3",
        "day": "2026-11-24",
        "stage": "option_2",
        "feelings": ("a", "b"),
        "buddy": "U1",
    }


@given(st.text(max_size=40))
def test_metadata_of_another_time_leads_nowhere(text: str) -> None:
    assert isinstance(Origin.read(text), Origin)
    origin = Origin("https://hooks.example/1", "V1", "C1", own=True)
    assert Origin.read(origin.write()) == origin


def test_nothing_personal_shows_in_a_repr() -> None:
    assert "hooks" not in repr(Origin("https://hooks.example/1"))
    assert "U1" not in repr(Mention("U1"))


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "type" in value:
            yield value
        for each in value.values():
            yield from _parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _parts(each)
