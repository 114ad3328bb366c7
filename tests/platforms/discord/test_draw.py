"""Cards as Discord takes them: by its own schema, within its limits, never cut."""

from dataclasses import replace

import pytest

from bot.cards import (
    Actions,
    Button,
    Card,
    Divider,
    Element,
    Fields,
    File,
    Heading,
    Link,
    LinkButton,
    Mention,
    Note,
    Option,
    Row,
    Select,
    Style,
    Table,
    Text,
    Tone,
    Words,
    say,
)
from bot.platforms.discord.draw import message
from bot.platforms.discord.limits import TooLarge, walk
from tests.platforms.discord import schema

COUNTRIES = tuple(Option(f"c{number}", f"Country {number}", "Where you are") for number in range(25))
EVERYTHING = Card(
    (
        Heading(say("Part one")),
        Text(say("Logged {company}.", company="Acme\n# Inc")),
        Note(say("Only you\nsee this")),
        Fields((("Stage", say("final")), ("Note", say("{note}", note="two\nlines")))),
        Row(say("A row"), Button("Open", "rejections.open:1")),
        Row(say("A line"), LinkButton("Web", "https://example.org")),
        Row(say("A phone"), LinkButton("Call", "tel:116123")),
        Divider(),
        Table("Weeks", ("week", "done"), ((say("one"), say("{n}", n=3)), (say("two 日本"), say("{n}", n=12)))),
        Actions(
            (
                *(Button(str(number), f"rejections.rate:{number}", Style.PRIMARY) for number in range(6)),
                Select("Country", "support.country", COUNTRIES, chosen="c3"),
                Button("Undo", "rejections.undo:1", Style.DANGER),
                LinkButton("Text", "sms:85258"),
            )
        ),
    ),
    title=say("Logged"),
    tone=Tone.GOOD,
    files=(File("export.json", b"{}", "All that is kept"),),
    notify=(Mention("42"),),
)


def texts(card: Card) -> list[str]:
    parts = walk(message(card).payload()["components"])
    return [part["content"] for part in parts if part["type"] == 10]


def only(element: Element) -> Card:
    return Card((element,))


def test_every_element_passes_discords_own_schema() -> None:
    payload = message(EVERYTHING).payload()
    schema.check("IncomingWebhookInteractionRequest", payload)
    assert payload["allowed_mentions"] == {"parse": [], "users": [42]}
    assert payload["components"][0]["accent_color"] == 0x2FBF9B
    assert payload["attachments"] == [{"id": 0, "filename": "export.json", "description": "All that is kept"}]


def test_a_private_card_is_ephemeral_and_pings_nobody() -> None:
    payload = message(Card((Text(say("Hi {who}", who=Mention("7"))),))).payload()
    assert payload["flags"] == (1 << 6) | (1 << 15)
    assert payload["allowed_mentions"] == {"parse": []}
    assert not message(replace(EVERYTHING, private=False)).payload()["flags"] & (1 << 6)


def test_an_empty_card_still_says_something() -> None:
    assert texts(Card(())) == ["Steppingstone"]


def test_every_line_of_small_print_is_small() -> None:
    assert texts(only(Note(say("{text}", text="one\n\ntwo")))) == ["-# one\n-# two"]


def test_a_title_is_one_line() -> None:
    assert texts(Card((), title=say("{a}", a="x\ny"))) == ["## x y"]


def test_an_address_that_no_button_opens_is_spelled_out() -> None:
    told = texts(EVERYTHING)
    assert "A phone\n**Call:** 116123" in told
    assert "**Text:** 85258" in told
    assert texts(only(Actions((LinkButton("Mail", "mailto:a%40b.example?subject=s"),)))) == ["**Mail:** a\\@b.example"]


def test_buttons_stand_in_rows_of_five_and_a_select_has_its_own() -> None:
    container = message(EVERYTHING).payload()["components"][0]
    rows = [[part["type"] for part in row["components"]] for row in container["components"] if row["type"] == 1]
    assert rows == [[2] * 5, [2], [3], [2]]
    chosen = [option["value"] for part in walk([container]) for option in part.get("options", ()) if option["default"]]
    assert chosen == ["c3"]


def test_a_table_lines_up_by_the_width_of_its_letters() -> None:
    table = next(text for text in texts(EVERYTHING) if "```" in text)
    assert table == "**Weeks**\n```\nweek      done\n────────  ────\none       3\ntwo 日本  12\n```"


def test_a_table_with_links_is_drawn_as_lines_so_that_they_work() -> None:
    [told] = texts(only(Table("Jobs", ("job",), ((say("{at}", at=Link("a", "https://x.org")),),))))
    assert told == "**Jobs**\n**job:** [a](<https://x.org>)"


@pytest.mark.parametrize(
    "card",
    [
        only(Text(say("{text}", text="x" * 4001))),
        Card(tuple(Text(say("{text}", text="x" * 900)) for _ in range(5))),
        only(Text(say("{text}", text="*" * 2001))),
        Card(tuple(Row(say("row"), Button("b", f"a:{number}")) for number in range(14))),
        only(Actions((Button("x" * 81, "a:1"),))),
        only(Actions((Button("", "a:1"),))),
        only(Actions((Button("x", "a" * 101),))),
        only(Actions((Button("x", "same:1"), Button("y", "same:1")))),
        only(Actions((Select("s", "a", ()),))),
        only(Actions((Select("s", "a", tuple(Option(str(n), "x") for n in range(26))),))),
        only(Actions((Select("s", "a", (Option("1", "x"), Option("1", "y"))),))),
        only(Actions((LinkButton("x", "https://example.org/" + "x" * 500),))),
        only(Text(Words(""))),
        Card((), files=(File("a b.json", b"", "x"),)),
        Card((), files=(File("a.json", b"", "x" * 1025),)),
        Card((), files=tuple(File(f"{n}.json", b"", "x") for n in range(11))),
    ],
)
def test_what_does_not_fit_is_refused_and_never_cut(card: Card) -> None:
    with pytest.raises(TooLarge):
        message(card)


def test_a_refusal_quotes_nothing_that_was_typed() -> None:
    with pytest.raises(TooLarge) as refused:
        message(only(Actions((Button("a", "same:secret"), Button("b", "same:secret")))))
    assert "secret" not in str(refused.value)


async def test_the_view_is_finished_before_it_is_sent() -> None:
    drawn = message(EVERYTHING)
    view = drawn.view()
    assert view.is_finished()
    assert view.has_components_v2()
    assert view.to_components() == drawn.payload()["components"]  # type: ignore[no-untyped-call]  # discord.py leaves it without types


def test_a_view_outside_the_event_loop_is_refused() -> None:
    with pytest.raises(RuntimeError):
        message(EVERYTHING).view()
