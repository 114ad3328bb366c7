"""Charts as pictures: drawn with the font that comes along, once, beside the event loop, and described."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards import Card, Chart, File, Progress, Series, Text, say
from bot.chart import IN_PICTURE, svg
from bot.platforms.base import Answer
from bot.platforms.discord import pictures as drawing
from bot.platforms.discord.draw import message
from bot.platforms.discord.limits import TooLarge, walk
from bot.platforms.discord.pictures import pictures, png
from tests.platforms.discord import schema
from tests.platforms.discord.running import COMMAND, SOON, TYPED, connected, first
from tests.platforms.discord.server import Server
from tests.platforms.fake_desk import FakeDesk

WEEKS = Chart(
    "Your last weeks",
    ("9 Nov", "16 Nov", "23 Nov"),
    (Series("Applications", (4, 0, 12)), Series("Interviews", (0, 1, 3))),
    say("16 applications and 4 interviews in 3 weeks."),
)
CARD = Card((Progress(say("Five {what}", what="*calls*"), 3, 5), WEEKS), title=say("Your progress"))
SOURCE = svg(WEEKS, theme=IN_PICTURE)


@pytest.fixture(autouse=True)
def _nothing_drawn_yet() -> Iterator[None]:
    png.cache_clear()
    yield
    png.cache_clear()


def test_every_letter_is_drawn_and_with_the_font_that_comes_along() -> None:
    drawn = png(SOURCE)
    assert drawn.startswith(b"\x89PNG")
    without_words = png(re.sub(r"<text.*?</text>", "", SOURCE))
    assert drawn != without_words
    assert png(SOURCE.replace('"Inter"', '"A font of this machine"')) == without_words
    assert png(re.sub(r'font-weight="600"', 'font-weight="400"', SOURCE)) != drawn


def test_it_has_twice_the_pixels_it_says_so_that_it_is_sharp() -> None:
    width, height = (int.from_bytes(png(SOURCE)[start : start + 4]) for start in (16, 20))
    assert (width, height) == (1280, 2 * int(re.findall(r'height="(\d+)"', SOURCE)[0]))


async def test_the_same_chart_is_drawn_once() -> None:
    one, again = await pictures(CARD), await pictures(replace(CARD, title=say("Another")))
    other = await pictures(Card((replace(WEEKS, title="Another"),)))
    assert one == again != other
    assert (png.cache_info().misses, png.cache_info().hits) == (2, 1)


async def test_everybody_else_is_answered_meanwhile() -> None:
    ticks = 0
    drawn = asyncio.create_task(pictures(CARD))
    while not drawn.done():
        await asyncio.sleep(0)
        ticks += 1
    assert await drawn
    assert ticks > 200, "where the drawing keeps the loop or the interpreter to itself there are next to none"


async def test_a_card_without_a_chart_starts_nothing() -> None:
    assert await pictures(Card((Text(say("Hello")),))) == ()
    assert png.cache_info().misses == 0


def test_the_picture_stands_where_the_chart_does_and_is_described() -> None:
    payload = message(CARD, drawing.make_pictures(CARD)).payload()
    schema.check("IncomingWebhookInteractionRequest", payload)
    alt = "16 applications and 4 interviews in 3 weeks."
    assert payload["attachments"] == [{"id": 0, "filename": "chart-1.png", "description": alt}]
    gallery = next(part for part in walk(payload["components"]) if part["type"] == 12)
    assert gallery["items"][0]["media"] == {"url": "attachment://chart-1.png"}
    assert gallery["items"][0]["description"] == alt
    texts = [part["content"] for part in walk(payload["components"]) if part["type"] == 10]
    assert texts == ["## Your progress", "Five \\*calls\\*\n▰▰▰▰▰▰▱▱▱▱ **3** of 5"]


async def test_without_a_picture_the_numbers_are_there_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(drawing, "_RASTERIZE", Path("/nowhere"))
    made = await pictures(CARD)
    assert made == ()
    assert "no picture of a chart" in caplog.text
    assert "applications" not in caplog.text
    payload = message(CARD, made).payload()
    schema.check("IncomingWebhookInteractionRequest", payload)
    told = "\n".join(part["content"] for part in walk(payload["components"]) if part["type"] == 10)
    assert "23 Nov  12            3" in told
    assert "-# 16 applications and 4 interviews in 3 weeks." in told


async def test_letters_that_the_font_has_not_are_drawn_as_text_instead() -> None:
    assert await pictures(Card((replace(WEEKS, title="Bewerbungen – für später"),)))
    assert await pictures(Card((replace(WEEKS, series=(Series("Заявки", (4, 0, 12)),)),))) == ()


@pytest.mark.parametrize("description", ["", "x" * 1025])
def test_a_picture_that_nobody_could_hear_is_refused(description: str) -> None:
    with pytest.raises(TooLarge):
        message(CARD, (File("chart-1.png", b"", description),))


async def test_the_picture_comes_along_with_the_answer(server: Server, desk: FakeDesk) -> None:
    desk.answers["log"] = Answer(CARD)
    async with connected(server, desk):
        await server.arrive(COMMAND, TYPED)
        await server.until(first)
    [sent] = server.of_interactions
    assert sent.files["chart-1.png"] == png(SOURCE)
    assert sent.body["data"]["attachments"][0]["description"].startswith("16 applications")


async def test_a_picture_that_takes_long_is_announced_like_any_slow_answer(server: Server, desk: FakeDesk) -> None:
    desk.answers["log"] = Answer(CARD)
    async with connected(server, desk, defer_after=SOON):
        await server.arrive(COMMAND, TYPED)
        await server.until(lambda sent: len(sent) == 2)
    announced, answered = server.of_interactions
    assert announced.body["type"] == 5
    assert "chart-1.png" in answered.files
