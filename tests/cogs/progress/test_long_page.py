"""A page with more on it than a message takes: nothing is cut, and all of it can be reached."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.call import Call
from bot.cards import (
    Button,
    Card,
    Chart,
    Element,
    Fields,
    Heading,
    Note,
    Progress,
    Row,
    Series,
    Table,
    Text,
    Typed,
    say,
)
from bot.extensions import Part
from bot.feature import Feature
from bot.platforms.discord import draw as discord
from bot.platforms.discord.pictures import make_pictures
from bot.platforms.slack import draw as slack
from cogs.progress import feature as progress
from db.sealed import Keyring
from tests.platforms.discord import schema
from tests.platforms.plain_world import PlainWorld, plain_world
from tests.platforms.slack import kit

WEEKS = tuple(f"{week} Nov" for week in range(12))
CHART = Chart(
    "Your last 12 weeks",
    WEEKS,
    (Series("Applications", (99,) * 12), Series("Interviews", (10,) * 12)),
    say("{alt}", alt="words " * 40),
)


def section(part: Part, words: str, nth: int = 0) -> Sequence[Element]:
    """As much as a section may have."""
    said = say("{words}", words=words)
    match part:
        case Part.WEEK:
            return (Heading(say("This week")), *(Progress(said, 3, 5) for _ in range(5)), Note(say("and 15 more")))
        case Part.WEEKS:
            return (CHART,)
        case Part.OUTCOMES:
            rows = tuple((said, say("{n}", n=number)) for number in range(3))
            presses = tuple(Row(said, Button("Heard back", f"some.press:{nth}{number}")) for number in range(3))
            return (Fields((("Applied", said),)), Table("Where", ("Stage", "Rate"), rows), *presses)
        case Part.LESSONS:
            return (Heading(say("A lesson of yours")), Text(said))


def full(words: str, times: int) -> Feature:
    """A feature with every section that there may be, `times` over."""
    some = Feature("some", "Some.")

    def add(part: Part, nth: int) -> None:
        async def shown(_: Call) -> Sequence[Element]:
            return section(part, words, nth)

        some.progress(part=part)(shown)

    for part in Part:
        for nth in range(times):
            add(part, nth)
    return some


def spelled(typed: Typed) -> str:
    return f"/stone {typed.command}"


def check(card: Card) -> None:
    """Raises where a platform would not take it."""
    for pictures in (make_pictures(card), ()):
        body: Any = discord.message(card, pictures).payload()
        schema.check("IncomingWebhookInteractionRequest", body)
    for native in (True, False):
        kit.check_message(slack.message(card, spelling=spelled, native=native))


async def pages(world: PlainWorld) -> list[Card]:
    """Every page, by the buttons."""
    chat = world.person("ada")
    await chat.say("progress")
    while "More of it" in chat.screen.buttons:
        await chat.press("More of it")
    return [*chat.cards]


@pytest.mark.parametrize("words", ["five calls", "*" * 160, "a" * 200, "ま" * 200])
async def test_every_page_fits_every_platform_and_nothing_is_missing(
    sqlite_url: str, keyring: Keyring, words: str
) -> None:
    async with plain_world(sqlite_url, keyring=keyring, features=(progress, full(words, 2))) as world:
        shown = await pages(world)
    for card in shown:
        check(card)
    expected = [each for part in Part for nth in range(2) for each in section(part, words, nth)]
    assert [each for card in shown for each in card.body if each in expected] == expected


async def test_one_can_go_back_and_a_page_that_is_gone_is_the_last_one(sqlite_url: str, keyring: Keyring) -> None:
    async with plain_world(sqlite_url, keyring=keyring, features=(progress, full("x" * 200, 2))) as world:
        shown = await pages(world)
        chat = world.person("ada")
        await chat.press("Back")
        assert chat.cards[-1] == shown[-2]
        await chat.press_packed("progress.page:99")
        assert chat.cards[-1] == shown[-1]


async def test_an_ordinary_page_is_one(sqlite_url: str, keyring: Keyring) -> None:
    ordinary = full("Apply to five job postings each week", 1)
    async with plain_world(sqlite_url, keyring=keyring, features=(progress, ordinary)) as world:
        assert len(await pages(world)) == 1
