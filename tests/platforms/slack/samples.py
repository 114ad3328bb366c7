"""Cards and forms that use every part there is, and text that tries to be more than text."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from bot.cards import (
    Actions,
    Button,
    Card,
    Channel,
    Chart,
    Divider,
    Fields,
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
    Style,
    Table,
    Text,
    Typed,
    When,
    say,
)
from bot.options import Ask, Field, Kind, Raw
from bot.platforms.base import Form

AT: Final = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

ATTACKS: Final = (
    "<@U0001> <!channel> <!here> <#C1> <https://evil.example|click>",
    "@channel @here @everyone *bold* _under_ ~gone~ `code`",
    "> a quote\n&gt; another\n• a point",
    ":tada: :skull: :+1:",
    "&lt;b&gt; &amp; <b> & \"quoted\" 'too'",
    "{company} {0} {} **stars** `ticks` {{}}",
    "a" + "\u0301" * 400,
    "\u202emirrored\u202c \u2066isolated\u2069",
    "null\x00byte and bell\x07 and half \ud800 a pair",
    "https://evil.example mailto:a@b.example",
    "*",
    "`",
    " ",
)

PLAIN: Final = Card(
    (Text(say("Logged {company}.", company="Acme")), Actions((Button("Undo", "undo:1"),))), title=say("Done")
)

EVERYTHING: Final = Card(
    (
        Heading(say("Since {day}", day=date(2026, 11, 1))),
        Text(say("**{company}** on {at}, {then}.", company="Acme", at=AT, then=When(AT, Shape.RELATIVE))),
        Text(say("From {who} in {where}, see {link}.", who=Mention("U1"), where=Channel("C1"),
                 link=Link("the guide", "https://guide.example"))),
        Note(say("Seen {at}; type {typed}.", at=When(AT, Shape.DATE),
                 typed=Typed("rejection log", {"company": "A B"}))),
        Fields((("Company", say("Acme")), ("When", say("{at}", at=AT)), ("Nothing", say("")))),
        Row(say("**{company}** · {at}", company="Acme", at=AT), Button("Open", "open:1")),
        Row(say("{company}", company="*Acme*"), Button("Open", "open:2")),
        Row(say("Read on"), LinkButton("Guide", "https://guide.example")),
        Row(say("Call"), LinkButton("Line", "tel:+491234")),
        Divider(),
        Progress(say("**{goal}** since {day}", goal="*Five*", day=date(2026, 11, 1)), 3, 5),
        Table("Months", ("Month", "Sent"), ((say("May"), say("**{n}**", n=4)), (say("June"), say("")))),
        Actions((Select("Choose one", "pick", (Option("a", "A", "The first"), Option("b", "B")), chosen="b"),)),
        Actions((Select("Choose one", "pick", (Option("c", "C"),)),)),
        Actions((
            Button("Keep", "keep", Style.PRIMARY), Button("Delete", "delete", Style.DANGER),
            LinkButton("Web", "https://guide.example"), LinkButton("Phone", "tel:116123"),
        )),
    ),
    title=say("Everything"),
)  # fmt: skip

MONTHS: Final = Table("Months", ("Month", "Sent"), ((say("May"), say("4")), (say("June"), say("5"))))
TWO_TABLES: Final = Card((MONTHS, MONTHS))
WEEKS: Final = Chart(
    "Your last weeks",
    ("9 Nov", "16 Nov", "23 Nov"),
    (Series("Applications", (4, 0, 12)), Series("Interviews", (0, 1, 3))),
    say("16 applications and 4 interviews in 3 weeks."),
)
THREE_CHARTS: Final = Card((WEEKS, WEEKS, WEEKS))
LONG_CHART: Final = Card((replace(WEEKS, title="A title that is longer than the fifty letters that fit"),))
ALIKE: Final = Card((replace(WEEKS, categories=("Nov", "Nov", "Nov")),))
EMPTY: Final = Card(())
MANY_FIELDS: Final = Card((Fields(tuple((f"Label {n}", say("{n}", n=n)) for n in range(23))),))
DATED_TITLE: Final = Card((Text(say("x")),), title=say("Until {at}", at=AT))
LONG_TITLE: Final = Card((Text(say("x")),), title=say("{long}", long="long " * 40))
IN_PUBLIC: Final = Card((Text(say("{one} and {two}", one=Mention("U1"), two=Mention("U2"))),), private=False,
                        notify=(Mention("U1"),))  # fmt: skip

CARDS: Final = {
    "plain": PLAIN,
    "everything": EVERYTHING,
    "two tables": TWO_TABLES,
    "three charts": THREE_CHARTS,
    "long chart": LONG_CHART,
    "weeks that are called alike": ALIKE,
    "empty": EMPTY,
    "many fields": MANY_FIELDS,
    "dated title": DATED_TITLE,
    "long title": LONG_TITLE,
    "in public": IN_PUBLIC,
}


def attacked(text: str) -> Card:
    """A card with the text wherever a value may be."""
    words = say("{text}", text=text)
    bold = say("Before **{text}** after, since {at}", text=text, at=AT)
    return Card(
        (
            Heading(words), Text(bold), Note(words), Note(bold), Fields((("Label", words), ("When", bold))),
            Row(words, Button("Open", "open:1")), Row(bold, Button("Open", "open:2")),
            Table("Table", ("One",), ((words,),)), Text(say("{t}", t=Typed("rejection log", {"company": text}))),
            Text(say("{link}", link=Link(text, "https://guide.example"))),
            Text(say("{link}", link=Link("label", text))),
        ),
        title=words,
    )  # fmt: skip


def _options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"option_{number}", f"Option {number}") for number in range(count))


FIELDS: Final = (
    Field("company", Kind.TEXT, Ask("Company", hint="As you would say it", example="Acme"), required=True),
    Field("note", Kind.PARAGRAPH, Ask("Note", at_most=500), required=False),
    Field("rounds", Kind.NUMBER, Ask("How many?", at_least=1, at_most=9), required=True),
    Field("day", Kind.DATE, Ask("Which day?"), required=True),
    Field("length", Kind.DURATION, Ask("How long?", example="45 minutes"), required=False),
    Field("share", Kind.TOGGLE, Ask("Share it?"), required=True),
    Field("stage", Kind.CHOICE, Ask("How far?"), required=True, options=_options(4)),
    Field("zone", Kind.CHOICE, Ask("Which clock?"), required=False, options=_options(25)),
    Field("feelings", Kind.CHOICES, Ask("How was it?"), required=False, options=_options(9)),
    Field("topics", Kind.CHOICES, Ask("What about?"), required=False, options=_options(20)),
    Field("buddy", Kind.MEMBER, Ask("Who?"), required=False),
)
BLANK: Final = Form("log", "Log it", FIELDS)
STARTED: Final[Mapping[str, Raw]] = {
    "company": "Acme & <Co>",
    "note": "long " * 90,
    "rounds": "3",
    "day": "tomorrow",
    "length": "2 hours",
    "share": "yes",
    "stage": "option 2",
    "zone": "option_11",
    "feelings": ("option_1", "option_2"),
    "topics": "Option 3, Option 4",
    "buddy": "<@U1|bob>",
}
FILLED: Final = replace(
    BLANK, packed="!change:1", fields=tuple(replace(each, value=STARTED[each.name]) for each in FIELDS)
)
WRONG: Final = Form(
    "log",
    "A title that is longer than Slack has room for",
    tuple(replace(each, value="x" * 4000 if each.name == "note" else "nonsense") for each in FIELDS),
    errors={each.name: say("Type it anew, such as {example}.", example="*this*") for each in FIELDS},
)
FORMS: Final = {"blank": BLANK, "filled": FILLED, "wrong": WRONG}
