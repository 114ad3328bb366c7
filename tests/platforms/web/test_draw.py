"""How the page draws: what people wrote stays text, and every reader has their own clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bot.cards import (
    Actions,
    Button,
    Card,
    Channel,
    Chart,
    Divider,
    Fields,
    File,
    Heading,
    Link,
    LinkButton,
    Mention,
    Note,
    Option,
    Progress,
    Row,
    Select,
    Series,
    Shape,
    Table,
    Text,
    Tone,
    Typed,
    When,
    Words,
    say,
)
from bot.options import Ask, Field, Kind, Raw
from bot.platforms.base import Form
from bot.platforms.web.cast import PERSONAS
from bot.platforms.web.draw import Reader, draw_form, draw_message, relative, spell_line, stamp
from bot.platforms.web.transcript import Message
from tests.platforms.html import Node, parse

NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
READER: Final = Reader(
    slug="maya",
    zone=ZoneInfo("Europe/Berlin"),
    now=NOW,
    names={"tomas": "Tomás Rivera"},
    rooms={"welcome": "welcome"},
    spell=lambda typed: spell_line(typed, ()),
)
ATTACK: Final = "<script>alert(1)</script>\" onclick='x' {{ 7*7 }} &lt; \u202egnp.exe"


def card_of(card: Card) -> Node:
    """The card as its message shows it."""
    message = Message("own-1", "welcome", NOW, card=card, only="maya")
    return parse(draw_message(message, READER, None)).all("div", "class", "card")[0]


def text(words: Words) -> str:
    return card_of(Card((Text(words),))).text


def everything(words: str) -> Card:
    """A card that shows the words wherever a card can."""
    said = say("{words}", words=words)
    press = Button(words, words)
    return Card(
        (
            Heading(said),
            Text(said),
            Note(said),
            Fields(((words, said),)),
            Row(said, press),
            Divider(),
            Table(words, (words,), ((said,),)),
            Progress(said, 3, 5),
            Chart(words, (words, "23 Nov"), (Series(words, (3, 12)),), said),
            Actions((press, LinkButton(words, f"https://example.org/{words}"))),
            Actions((Select(words, words, (Option(words, words, words),)),)),
            Text(say("{a} {b} {c} {d}", a=Mention(words), b=Channel(words), c=Link(words, words), d=Typed(words))),
        ),
        title=said,
        tone=Tone.WARN,
        files=(File(words, b"", words),),
    )


def test_what_people_wrote_is_text_wherever_it_is_shown() -> None:
    shown = Message("own-1", "welcome", NOW, card=everything(ATTACK), only="maya", asked=ATTACK, tokens=("t",))
    said = Message("all-1", "welcome", NOW, "maya", ATTACK)
    asked = tuple(
        Field(
            kind.name, kind, Ask(ATTACK, ATTACK, ATTACK), required=True, options=(Option(ATTACK, ATTACK),), value=ATTACK
        )
        for kind in Kind
    )
    form = Form(ATTACK, ATTACK, asked, {each.name: say("{words}", words=ATTACK) for each in asked})
    for drawn in (
        draw_message(shown, READER, None),
        draw_message(said, READER, PERSONAS[0]),
        draw_form(form, READER, room=ATTACK, message=ATTACK),
    ):
        tree = parse(drawn)
        assert not tree.all("script")
        assert not tree.all(None, "onclick")
        assert "49" not in tree.raw
        assert "<script>alert(1)</script>" in tree.raw


def test_a_turned_direction_stays_with_its_own_words() -> None:
    turned = card_of(Card((Text(say("{name} is here.", name="שלום\u202e")),)))
    assert [each.raw for each in turned.all("bdi")] == ["שלום\u202e"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//example.org", "https://[", "x"])
def test_only_web_mail_and_telephone_links_are_links(url: str) -> None:
    drawn = card_of(Card((Text(say("{x}", x=Link("there", url))), Actions((LinkButton("go", url),)))))
    assert not drawn.all("a")
    assert drawn.text == "there go"


def test_links_that_are_safe() -> None:
    urls = ["https://example.org/?a=1&b=2", "tel:+49", "mailto:a@example.org"]
    drawn = card_of(Card((Actions(tuple(LinkButton("go", url) for url in urls)),)))
    assert [each.attributes["href"] for each in drawn.all("a")] == urls
    assert {each.attributes["rel"] for each in drawn.all("a")} == {"noopener noreferrer"}


def test_instants_are_in_the_readers_own_zone() -> None:
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert text(say("{at}", at=at)) == "24 Nov 2026, 00:30"
    assert text(say("{at}", at=When(at, Shape.DATE))) == "24 Nov 2026"
    assert text(say("{at}", at=When(at, Shape.TIME))) == "00:30"
    assert text(say("{at}", at=When(at, Shape.RELATIVE))) == "in 14 hours"
    assert text(say("{at}", at=date(2026, 1, 2))) == "2 Jan 2026"


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(days=3), "in 3 days"),
        (timedelta(weeks=-2), "2 weeks ago"),
    ],
)
def test_how_far_away_an_instant_is(away: timedelta, words: str) -> None:
    assert relative(NOW + away, NOW) == words


def test_a_message_says_its_day_only_where_it_was_not_today() -> None:
    assert stamp(NOW, READER) == "10:00"
    assert stamp(NOW - timedelta(hours=11), READER) == "Yesterday 23:00"
    assert stamp(NOW - timedelta(days=40), READER) == "14 Oct 11:00"


def test_names_and_commands_are_spelled_as_here() -> None:
    assert text(say("{who} in {where}", who=Mention("tomas"), where=Channel("welcome"))) == "@Tomás Rivera in #welcome"
    assert text(say("{who}", who=Mention("gone"))) == "@someone"
    typed = Typed("rejection log", {"company": "Acme Inc", "stage": "final"})
    assert text(say("Type {it}", it=typed)) == 'Type /rejection log company:"Acme Inc" stage:final'
    assert text(say("**bold** and `code`")) == "bold and code"


def test_tone_is_said_by_a_mark_and_not_by_colour_alone() -> None:
    for tone in (Tone.CALM, Tone.GOOD, Tone.WARN):
        assert card_of(Card((), title=say("Title"), tone=tone)).all("h3")[0].all("svg")


def test_all_is_drawn_that_a_card_has() -> None:
    drawn = card_of(everything("word"))
    tags = {"h3", "h4", "p", "dl", "hr", "table", "progress", "svg", "button", "select", "a"}
    assert {each.tag for each in drawn.below()} >= tags


def test_a_bar_has_a_name_and_its_numbers() -> None:
    drawn = card_of(Card((Progress(say("Five calls"), 7, 5), Progress(say("None"), 0, 0))))
    bars = [{**each.attributes} for each in drawn.all("progress")]
    assert bars[0] == {"value": "5", "max": "5", "aria-label": "Five calls"}
    assert bars[1]["max"] == "1"
    assert "7 of 5" in drawn.text


def test_a_chart_fits_a_phone_too_and_its_numbers_can_be_read_as_a_table() -> None:
    weeks = Chart("Weeks", ("16 Nov", "23 Nov"), (Series("Sent", (2, 12)),), say("14 sent."))
    drawn = card_of(Card((weeks,)))
    assert [each.attributes["width"] for each in drawn.all("svg")] == ["640", "320"]
    assert [[each.text for each in svg.all("title") + svg.all("desc")] for svg in drawn.all("svg")] == [
        ["Weeks", "14 sent."]
    ] * 2
    assert [row.text for row in drawn.all("details")[0].all("tr")] == ["WhenSent", "16 Nov2", "23 Nov12"]


def question(kind: Kind, value: Raw | None = None, options: int = 3) -> Field:
    chosen = tuple(Option(f"v{number}", f"Label {number}") for number in range(options))
    return Field("it", kind, Ask("It", hint="About it"), required=False, options=chosen, value=value)


def drawn(field: Field) -> str:
    return str(draw_form(Form("key", "Title", (field,)), READER, room="welcome", message=""))


@pytest.mark.parametrize(
    ("field", "tags"),
    [
        (question(Kind.TEXT), {"input": 1}),
        (question(Kind.PARAGRAPH), {"textarea": 1}),
        (question(Kind.CHOICE), {"input": 3, "fieldset": 1}),
        (question(Kind.CHOICE, options=11), {"select": 1, "option": 12}),
        (question(Kind.CHOICES, options=11), {"input": 11, "fieldset": 1}),
        (question(Kind.TOGGLE), {"input": 1, "fieldset": 1}),
        (question(Kind.MEMBER), {"select": 1, "option": 2}),
    ],
)
def test_each_kind_of_question_has_its_own_input(field: Field, tags: dict[str, int]) -> None:
    tree = parse(drawn(field))
    assert {tag: len(tree.all(tag)) for tag in tags} == tags
    assert "About it" in tree.text


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        (Kind.NUMBER, "5", "number"),
        (Kind.NUMBER, "", "number"),
        (Kind.NUMBER, "lots", "text"),
        (Kind.DATE, "2026-11-30", "date"),
        (Kind.DATE, "tomorrow", "text"),
        (Kind.DURATION, "45 minutes", "text"),
    ],
)
def test_what_was_typed_is_never_lost_to_a_browsers_own_field(kind: Kind, typed: str, expected: str) -> None:
    (field,) = parse(drawn(question(kind, typed))).all("input")
    assert (field.attributes["type"], field.attributes["value"]) == (expected, typed)


def test_choices_are_ticked_by_value_or_by_label() -> None:
    ticked = parse(drawn(question(Kind.CHOICES, "label 1, v2"))).all("input", "checked")
    assert [each.attributes["value"] for each in ticked] == ["v1", "v2"]
    ticked = parse(drawn(question(Kind.CHOICE, "Label 0"))).all("input", "checked")
    assert [each.attributes["value"] for each in ticked] == ["v0"]


def test_a_wrong_field_is_marked_and_described() -> None:
    form = Form("key", "Title", (question(Kind.TEXT),), {"it": say("Shorten it.")})
    tree = parse(draw_form(form, READER, room="welcome", message=""))
    (field,) = tree.all("input")
    assert field.attributes["aria-invalid"] == "true"
    named = [
        each.text for each in tree.below() if each.attributes.get("id") in field.attributes["aria-describedby"].split()
    ]
    assert named == ["About it", "Shorten it."]


def test_a_file_that_was_fetched_has_no_link() -> None:
    card = Card((), files=(File("a.zip", b"x" * 2000, "All"),))
    message = Message("own-1", "welcome", NOW, card=card, only="maya", tokens=("token",))
    assert parse(draw_message(message, READER, None)).all("a")[0].attributes["href"] == "/as/maya/files/token"
    assert not parse(draw_message(replace(message, tokens=("",)), READER, None)).all("a")
