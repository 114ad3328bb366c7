"""The tour: it goes on by what the newcomer does, by skipping, and from the beginning."""

import asyncio
from pathlib import Path

import pytest

from bot.cards import Actions, Button, Card, Text, Typed, say
from bot.loader import discover
from bot.platforms.base import Answer
from bot.platforms.web.tour import CLOSING, STEPS, Standing, Tour
from tests.platforms.web.conftest import Browser

ROOT = Path(__file__).parents[3]
WORDS = (*(step.words for step in STEPS), CLOSING)


def card(*keys: str) -> Card:
    return Card((Text(say("Done.")), Actions(tuple(Button(key, key) for key in keys))))


def test_every_step_waits_for_something_that_exists() -> None:
    known = set((ROOT / "tests/bot/keys.txt").read_text("utf-8").split())
    assert {key for step in STEPS for key in step.asked | step.shown} <= known
    paths = {" ".join(command.path) for feature in discover() for command in feature.commands}
    lines = {each.command for words in WORDS for each in words.values.values() if isinstance(each, Typed)}
    assert lines
    assert lines <= paths


def test_a_tour_from_its_offer_to_its_end() -> None:
    tour = Tour()
    assert (tour.standing, tour.step) == (Standing.OFFERED, None)
    tour.start()
    seen = []
    for packed, shown in (
        ("welcome.keep:1", card("welcome.tell:1")),
        ("rejections.log", card("rejections.rate:1")),
        ("goals.keep:1", card("goals.take_back:1")),
        ("progress.show", card()),
    ):
        seen.append(tour.number)
        assert tour.answered(packed, shown)
        assert not tour.answered(packed, shown), "nothing new"
    assert seen == [0, 1, 2, 3]
    assert tour.looked_behind()
    assert (tour.standing, tour.step) == (Standing.FINISHED, None)


def test_what_is_asked_first_is_not_yet_the_answer() -> None:
    tour = Tour()
    tour.start()
    assert not tour.answered("progress.show", card("welcome.keep:1", "welcome.without_saving:1"))
    assert not tour.answered("help.show", card("rejections.log"))
    assert tour.number == 0


def test_steps_may_be_done_in_any_order_and_the_first_comes_before_all() -> None:
    tour = Tour()
    tour.start()
    assert tour.answered("progress.show", card())
    assert tour.number == 1, "whoever got an answer had chosen what is kept"
    assert tour.answered("rejections.log", card("rejections.rate:1"))
    assert tour.answered("goals.keep:1", card("goals.take_back:1"))
    assert tour.number == 4


def test_looking_behind_too_early_does_not_choose_what_is_kept() -> None:
    tour = Tour()
    tour.start()
    tour.looked_behind()
    assert tour.number == 0


def test_what_was_skipped_comes_again() -> None:
    tour = Tour()
    tour.start()
    tour.skip()
    tour.start()
    assert tour.number == 0


def test_skipping_leaving_and_starting_again() -> None:
    tour = Tour()
    tour.skip()
    assert tour.number == 0
    tour.answered("welcome.keep:1", card())
    tour.start()
    assert tour.number == 1, "what may be kept is chosen only once"
    tour.skip()
    assert tour.number == 2
    tour.leave()
    assert (tour.standing, tour.step) == (Standing.LEFT, None)
    assert not tour.answered("goals.keep:1", card("goals.take_back:1"))
    tour.start()
    assert tour.number == 1
    for _ in STEPS[1:]:
        tour.skip()
    assert tour.standing is Standing.FINISHED


async def test_the_newcomer_s_page_shows_the_step_and_the_others_where_it_is(browser: Browser) -> None:
    assert "New here?" in (await browser.get("/as/maya/welcome"))[1]
    async with browser.listen("jun") as jun, browser.listen("maya") as maya:
        await asyncio.gather(jun.until("clock"), maya.until("clock"))
        assert (await browser.post("/tour", {"to": "start"}))[0] == 200
        assert "Choose what is kept" in (await jun.next(tour=True))["html"]
        assert "The tour is with Jun Sato" in (await maya.next(tour=True))["html"]
        browser.desk.answers["goals.keep"] = Answer(card("goals.take_back"))
        await browser.act("maya", "press", packed="goals.keep")
        assert (await maya.next(tour=True))["kind"] == "message", "what others do is not the newcomer's"
        browser.desk.answers["welcome.keep"] = Answer(card())
        await browser.act("jun", "press", packed="welcome.keep")
        assert "Log a rejection" in (await jun.next(tour=True))["html"]
    assert "Log a rejection</h2>" in (await browser.get("/as/jun/welcome"))[1], "also for a page that comes later"


async def test_starting_over_offers_the_tour_again(browser: Browser) -> None:
    await browser.post("/tour", {"to": "leave"})
    assert "New here?" not in (await browser.get("/as/maya/welcome"))[1]
    await browser.post("/reset", {})
    assert "New here?" in (await browser.get("/as/maya/welcome"))[1]


@pytest.mark.parametrize("to", ["back", "", None])
async def test_the_tour_has_no_other_buttons(browser: Browser, to: str | None) -> None:
    assert (await browser.post("/tour", {"to": to}))[0] == 400
