"""What is suggested while a command is typed."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Option
from bot.options import Ask, Field, Kind
from bot.platforms.base import Offer
from bot.platforms.web.suggest import find_offer, nearest, suggest

STAGES = (Option("final", "Final round"), Option("screening", "Screening"))
FEELINGS = (Option("sad", "Sad"), Option("tired", "Tired"))


async def nothing(_: object, __: str) -> Sequence[str]:
    return ()


FIELDS = (
    Field("company", Kind.TEXT, Ask("Company", complete=nothing), required=True),
    Field("stage", Kind.CHOICE, Ask("How far?"), required=True, options=STAGES),
    Field("feelings", Kind.CHOICES, Ask("Feelings"), required=False, options=FEELINGS),
    Field("share", Kind.TOGGLE, Ask("Share it?"), required=False),
    Field("who", Kind.MEMBER, Ask("With whom?"), required=False),
)


def offer(words: str, fields: tuple[Field, ...] = ()) -> Offer:
    return Offer(words, tuple(words.split()), f"About {words}.", "", fields, False, False, True, True, "")


OFFERS = (offer("help"), offer("rejection log", FIELDS), offer("rejection list"), offer("support"))


async def companies(_: Offer, __: Field, typed: str) -> Sequence[str]:
    return [each for each in ("Acme", "Brightside Labs", "say: cheese") if typed.casefold() in each.casefold()]


async def lines(typed: str) -> list[str]:
    found = await suggest(typed, OFFERS, members={"tomas": "Tomás Rivera"}, completing=companies)
    return [each.line for each in found]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("/", ["/help", "/rejection log ", "/rejection list", "/support"]),
        ("/RE", ["/rejection log ", "/rejection list"]),
        ("/rejection lo", ["/rejection log "]),
        ("/log", ["/rejection log "]),
        ("/xyz", []),
        ("/rejection list ", []),
    ],
)
async def test_commands_by_their_beginning_then_by_any_part(typed: str, expected: list[str]) -> None:
    assert await lines(typed) == expected


async def test_values_of_the_next_option_then_the_names_of_those_left() -> None:
    assert await lines("/rejection log ") == [
        "/rejection log company:Acme ",
        '/rejection log company:"Brightside Labs" ',
        '/rejection log company:"say: cheese" ',
        *(f"/rejection log {name}:" for name in ("company", "stage", "feelings", "share", "who")),
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("/rejection log Ac", ["/rejection log company:Acme "]),
        ("/rejection log company:Ac", ["/rejection log company:Acme "]),
        ('/rejection log company:"bright', ['/rejection log company:"Brightside Labs" ']),
        ("/rejection log company:“bright", ['/rejection log company:"Brightside Labs" ']),
        ("/rejection log Acme fin", ['/rejection log Acme stage:"Final round" ']),
        ("/rejection log stage:s", ["/rejection log stage:Screening "]),
        ('/rejection log "A B" stage:f', ['/rejection log "A B" stage:"Final round" ']),
        ("/rejection log feelings:t", ["/rejection log feelings:Tired "]),
        ('/rejection log feelings:"Sad, t', ['/rejection log feelings:"Sad, Tired" ']),
        ("/rejection log share:", ["/rejection log share:yes ", "/rejection log share:no "]),
        ("/rejection log who:riv", ["/rejection log who:tomas "]),
        ("/rejection log Acme st", ["/rejection log Acme stage:"]),
        ("/rejection log company:Acme", []),
        ("/rejection log unknown:x", []),
    ],
)
async def test_values_and_names_where_they_are_typed(typed: str, expected: list[str]) -> None:
    assert await lines(typed) == expected


@given(st.text(alphabet='/ re:j"“”ctionlogAcme_,', max_size=60))
async def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    for line in await lines(f"/rejection log {typed}"):
        assert line.startswith("/rejection log ")


def test_the_longest_command_is_meant() -> None:
    both = (*OFFERS, offer("rejection"))
    found = find_offer("/rejection  log  Acme", both)
    assert found is not None
    assert (found[0].path, found[1].strip()) == (("rejection", "log"), "Acme")
    assert find_offer("/rejections", both) is None


def test_a_near_command_is_named() -> None:
    assert nearest("/rejecton lgo", OFFERS) == "rejection log"
    assert nearest("/rejection", OFFERS) in {"rejection log", "rejection list"}
    assert nearest("/suport me", OFFERS) == "support"
    assert nearest("/qqqq", OFFERS) is None
