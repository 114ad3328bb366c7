"""A week of the demo's group, lived by its people while the clock is moved; and what a visitor does is left alone."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bot import demo
from bot.app import App
from bot.cards import Button, buttons, plain
from bot.clock import MovableClock
from bot.platforms.web import Future, WebPlatform, future
from bot.platforms.web.addresses import room_of
from bot.platforms.web.cast import DIRECT
from bot.platforms.web.chronicle import Came
from bot.platforms.web.diary import read_diary
from bot.platforms.web.screen import fill
from bot.platforms.web.script import Step, Way
from bot.settings import Settings
from db.migrate import migrate
from tests.platforms.html import parse

GROUP: Final = "design-seekers"
BERLIN: Final = ZoneInfo("Europe/Berlin")
SUNDAY: Final = datetime(2030, 1, 6, 12, tzinfo=UTC)
"""Before a week in which Tomás asks for help."""
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SETUP: Final = read_diary("0 99%\n/lead checkin\n  press Looks right")


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo from that Sunday on, with the group's check-in and nothing else behind it."""

    app: App
    page: WebPlatform
    future: Future

    @property
    def came(self) -> list[str]:
        """What the clock says of the last move, in Berlin."""
        page = self.page
        shown = page.chronicle.shown_to(page.personas["maya"], others=page.personas.values(), may_enter=page.may_enter)
        return [f"{each.came.at.astimezone(BERLIN):%a %H:%M} {plain(each.came.words)}" for each in shown]

    def read(self, slug: str, room: str = GROUP) -> list[str]:
        """The messages in a room as a persona sees them, in order."""
        events = [event for _, event in self.page.messages(self.page.personas[slug])]
        return [parse(event["html"]).words for event in events if event["room"] == room]

    def summaries(self, slug: str = "maya") -> list[str]:
        return [each for each in self.read(slug) if "This check-in is closed" in each]

    async def press(self, slug: str, label: str, **filled: str) -> str:
        """What a visitor does as this persona, with the newest message that has the button; the answer."""
        page, persona = self.page, self.page.personas[slug]
        for message, _ in reversed(page.messages(persona)):
            for button in buttons(message.card) if message.card else ():
                if isinstance(button, Button) and button.label == label:
                    where = (persona, message.room, message.id)
                    answer = await page.press(*where, button.packed, None, next(EVENTS))
                    form = page.open_form(persona)
                    if form is not None:
                        values = fill(form, Step(Way.PRESSED, label, filled=filled))
                        answer = await page.submit(*where, form.packed, values, next(EVENTS))
                    return parse(answer["events"][0]["html"]).words
        raise AssertionError(f"nobody offers {label}")

    async def say(self, slug: str, line: str) -> str:
        answer = await self.page.say(self.page.personas[slug], DIRECT, line, next(EVENTS))
        return parse(answer["events"][0]["html"]).words


EVENTS: Final = (f"visitor-{number}" for number in itertools.count())


def compose(folder: Path) -> Demo:
    app = demo.compose(
        demo.own_settings(Settings(_env_file=None, data_dir=folder)), clock=MovableClock(folder / "clock")
    )
    page = app.platforms["web"]
    assert isinstance(page, WebPlatform)
    return Demo(app, page, demo.future_of(app, page))


@pytest.fixture
async def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Demo]:
    monkeypatch.setattr(demo, "find_diary", lambda slug: SETUP if slug == "aisha" else ())
    (tmp_path / "clock").write_text(str((SUNDAY - datetime.now(UTC)).total_seconds()))
    made = compose(tmp_path)
    await migrate(made.app.settings.database)
    await demo.seed(made.app)
    async with made.app.running():
        yield made


async def test_press_by_press_a_week_goes_from_question_to_answers_to_reminder_to_summary_to_friday(
    begun: Demo,
) -> None:
    stops: list[Sequence[str]] = []
    while not stops or "Fri" not in stops[-1][0]:
        assert await begun.future.move_to_next() == ""
        stops.append(begun.came)
    assert stops == [
        ["Mon 09:00 Maya, Leo, Inés and Hana are asked in design-seekers."],
        [
            "Mon 09:25 Leo writes a few lines, and shares the focus of the week.",
            "Mon 09:50 Maya answers, and shares the focus of the week.",
        ],
        ["Mon 10:00 Aisha is asked in direct messages."],
        [
            "Mon 11:10 Aisha answers with one tap.",
            "Mon 12:20 Inés answers with one tap.",
            "Mon 13:05 Hana answers, and shares the focus of the week.",
        ],
        ["Mon 16:00 Tomás is asked in direct messages."],
        ["Wed 00:48 Tomás is reminded in direct messages."],
        ["Wed 02:08 Tomás answers after the reminder, and asks for help."],
        ["Wed 09:00 The summary is in design-seekers."],
        ["Wed 09:35 Aisha offers help to Tomás."],
        ["Wed 15:00 Tomás reads who can help."],
        ["Fri 15:00 Maya, Leo, Inés and Hana are asked in design-seekers."],
    ]
    (summary,) = begun.summaries()
    for words in (
        "6 people took a moment",
        "An ask for the group",
        "play the nurse",
        "– @Tomás Rivera",
        "– @Leo Brandt",
    ):
        assert words in summary
    assert "@Aisha Rahman can help with what you asked for" in begun.read("tomas", DIRECT)[-1]


async def test_a_month_at_once_leaves_nothing_undone_and_says_something_else_every_week(
    begun: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.platforms.web.company")
    for _ in range(4):
        await begun.future.move(WEEK)
        assert begun.came == sorted(begun.came, key=_in_the_week), "in its order"
    assert not caplog.messages
    summaries = begun.summaries()
    assert len(summaries) == 7, "the last one closes on Sunday"
    assert all("6 people took a moment" in each for each in summaries)
    lines = [line for each in summaries for line in each.splitlines() if " – @" in line]
    assert len(set(lines)) > 20
    assert len(lines) - len(set(lines)) == 1, "some begin again after three weeks"
    assert sum("can help with what you asked for" in each for each in begun.read("tomas", DIRECT)) == 2


async def test_whoever_a_visitor_looks_at_leaves_the_answer_to_them(begun: Demo) -> None:
    with begun.page.stream(begun.page.personas["maya"], after=begun.page.position):
        await begun.future.move(3 * DAY)
    assert not any("Maya answers" in line for line in begun.came)
    assert "Hana answers" in " ".join(begun.came)
    (summary,) = begun.summaries()
    assert "Thank you to everyone" in summary
    assert "@Maya Okafor" not in summary
    assert "One tap is enough" in await begun.say("maya", "/checkin now"), "she may still answer late"


@pytest.mark.parametrize(("label", "stays"), [("🌧️ Heavy", "🌧️ Heavy"), ("Skip", "You skipped this one")])
async def test_what_a_visitor_has_answered_is_not_answered_again(begun: Demo, label: str, stays: str) -> None:
    came: list[str] = []
    for hours, slug in ((20, "maya"), (1, "aisha"), (6, "tomas"), (48, "")):
        await begun.future.move(timedelta(hours=hours))
        came += begun.came
        if slug:
            await begun.press(slug, label)
    assert {line.split()[2] for line in came if "answers" in line or "writes" in line} == {"Leo", "Inés", "Hana"}
    for slug in ("maya", "aisha", "tomas"):
        answered = await begun.say(slug, "/checkin now")
        assert stays in answered
        assert "shared" not in answered


async def test_nobody_is_overtaken_who_changes_their_answer(begun: Demo) -> None:
    await begun.future.move(timedelta(hours=21))
    await begun.press("aisha", "🌧️ Heavy")
    await begun.press("aisha", "Change how I am")
    await begun.future.move(DAY)
    assert "🌧️ Heavy" in await begun.say("aisha", "/checkin now")


async def test_whoever_is_no_longer_in_the_room_does_nothing_more_there(begun: Demo) -> None:
    await begun.future.move_to_next()
    await begun.page.let_out(destination=room_of(GROUP), user="maya")
    await begun.future.move(3 * DAY)
    assert not any("Maya" in line for line in begun.came)
    assert "Thank you to everyone" in begun.summaries("aisha")[0]


async def test_where_the_questions_were_changed_what_fits_is_answered_and_the_rest_is_left(
    begun: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.platforms.web.company")
    await begun.say("aisha", "/lead checkin")
    assert "asked from the next round on" in await begun.press("aisha", "Questions of the plan", bank="energy")
    await begun.future.move(3 * DAY)
    (summary,) = begun.summaries()
    assert "6 people took a moment" in summary
    assert " – @" not in summary
    assert "left undone in the demo" in caplog.messages


async def test_two_who_move_the_clock_at_once_get_there_one_after_the_other(begun: Demo) -> None:
    await asyncio.gather(*(begun.future.move_to_next() for _ in range(2)), begun.future.move(3 * DAY))
    assert len(begun.summaries()) == 1
    assert "6 people took a moment" in begun.summaries()[0]
    assert f"{begun.page.clock.now().astimezone(BERLIN):%a}" == "Thu"


async def test_starting_over_in_the_middle_begins_the_week_anew(begun: Demo) -> None:
    await begun.future.move(4 * DAY)
    await begun.future.start_over()
    assert begun.came == []
    assert not begun.summaries()
    await begun.future.move(WEEK)
    assert all("6 people took a moment" in each for each in begun.summaries())
    assert 1 <= len(begun.summaries()) <= 2, "of this week, whatever the day"


async def test_starting_over_forgets_what_somebody_meant_to_do(begun: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    await begun.future.move_to_next()
    monkeypatch.setattr(demo, "find_diary", lambda _: ())
    await begun.future.start_over()
    assert "Nothing is planned" in await begun.future.move_to_next()
    assert begun.page.clock.now() - datetime.now(UTC) < timedelta(minutes=1)


async def test_after_a_restart_in_the_middle_the_week_goes_on_where_it_was(begun: Demo, tmp_path: Path) -> None:
    await begun.future.move(DAY + timedelta(hours=10))
    before = begun.page.clock.now()
    await begun.app.finish_work()
    again = compose(tmp_path)
    assert again.page.clock.now() >= before, "nothing that happened lies in the future"
    async with again.app.running():
        await demo.open_rooms(again.app, again.page)
        await again.future.move(2 * DAY)
        assert [line.partition(" ")[2].partition(" ")[2] for line in again.came] == [
            "Tomás is reminded in direct messages.",
            "Tomás answers after the reminder, and asks for help.",
            "The summary is in design-seekers.",
            "Aisha offers help to Tomás.",
            "Tomás reads who can help.",
        ]
        assert "6 people took a moment" in again.summaries()[0]


async def test_the_people_live_on_while_nobody_moves_the_clock_also_after_something_failed(
    begun: Demo, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(future, "BEAT_SECONDS", 0.01)
    failed = asyncio.Event()

    def fail(_: Came) -> None:
        failed.set()
        raise RuntimeError

    await begun.future.move_to_next()
    with begun.page.stream(begun.page.personas["priya"], after=begun.page.position) as heard:
        async with begun.future.going_on(), asyncio.timeout(30):
            with monkeypatch.context() as broken:
                broken.setattr(begun.page.chronicle, "note", fail)
                begun.page.clock.move(timedelta(minutes=30))
                await failed.wait()
            begun.page.clock.move(timedelta(minutes=30))
            while (event := await heard.get()) and "Maya answers" not in event.get("came", ""):
                pass
    assert any("Maya answers" in line for line in begun.came)
    assert "living on failed" in caplog.messages


async def test_the_clock_leads_to_whoever_sees_what_came(begun: Demo) -> None:
    await begun.future.move(3 * DAY)
    page = begun.page

    def way(slug: str, line: str) -> str:
        (item,) = (
            each for each in parse(page.clock_event(page.personas[slug])["came"]).all("li") if line in each.words
        )
        return "".join(each.attributes["href"] + each.attributes.get("data-go", "") for each in item.all("a"))

    assert way("maya", "are asked") == "/as/maya/design-seekersdesign-seekers"
    assert way("maya", "Tomás is reminded") == "/as/tomas/direct"
    assert way("tomas", "Tomás is reminded") == "/as/tomas/directdirect"
    assert way("priya", "are asked") == "/as/maya/design-seekers", "she is not in the group"
    assert way("maya", "Leo writes") == "", "nobody can be Leo"


def _in_the_week(line: str) -> tuple[int, str]:
    """Where a line of a week that begins on Sunday at noon belongs."""
    day, time, *_ = line.split()
    return ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].index(day), time
