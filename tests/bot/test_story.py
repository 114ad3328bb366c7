"""What the demo's people have lived through, as it is seen when the demo begins, whenever that is."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import func, select

from bot import demo
from bot.app import App, build
from bot.cards import Card, Chart, Progress, Table
from bot.clock import StillClock
from bot.platforms.base import Arrival, Request
from bot.platforms.web import CAST, PERSONAS
from bot.platforms.web.cast import Persona
from bot.platforms.web.diary import find_diary
from bot.platforms.web.habits import find_habits
from bot.platforms.web.script import Step
from bot.platforms.web.suggest import find_offer
from bot.settings import Settings
from bot.typed import read_line
from cogs.applications.tables import Application, Move
from cogs.goals.tables import Goal, Pause
from cogs.goals.tables import Progress as Counted
from cogs.lessons.tables import Lesson
from cogs.rejections.tables import Reflection, Rejection
from db.members import IdentityKey, find_member
from db.migrate import migrate
from tests.words import words_of

BEGINNINGS: Final = {
    "the first half hour of a week in Berlin": datetime(2026, 11, 22, 23, 30, tzinfo=UTC),
    "the last half hour of a week in Chicago": datetime(2027, 1, 4, 5, 30, tzinfo=UTC),
    "the week after the clocks went forward": datetime(2027, 4, 1, 10, 15, tzinfo=UTC),
}
TELLING: Final = {persona.slug: persona for persona in PERSONAS if find_diary(persona.slug)}


@dataclass(frozen=True, slots=True)
class Begun:
    """A demo that has begun, as it is on the disk."""

    folder: Path
    at: datetime

    def open(self) -> App:
        settings = demo.own_settings(Settings(_env_file=None, data_dir=self.folder))
        return build(settings, clock=StillClock(self.at), platforms=lambda *_: [])


@pytest.fixture(scope="module", params=[*BEGINNINGS.values()], ids=[*BEGINNINGS])
def begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """Lived through once for all the tests, which only look."""
    made = Begun(tmp_path_factory.mktemp("demo"), request.param)

    async def begin() -> None:
        app = made.open()
        await migrate(app.settings.database)
        async with app.running():
            await demo.seed(app)

    asyncio.run(begin())
    return made


@pytest.fixture
async def app(begun: Begun) -> AsyncIterator[App]:
    async with begun.open().running() as opened:
        yield opened


@pytest.mark.parametrize("slug", TELLING)
def test_each_story_has_all_its_parts(slug: str) -> None:
    told = counts_of(slug)
    assert all(told.values()), told
    assert max(deed.at.weeks for deed in find_diary(slug)) == 11, "as far back as the chart goes"


async def test_all_that_the_diaries_say_has_happened(app: App) -> None:
    for slug, persona in TELLING.items():
        assert await counts_in(app, persona) == counts_of(slug)


async def test_progress_is_full_for_everyone_and_this_week_is_under_way(app: App) -> None:
    for slug, persona in TELLING.items():
        first = await card(app, persona, "/progress")
        words = "\n".join(words_of(first))
        for heading in ("This week", "Heard back?", "Where applications stop"):
            assert heading in words, slug
        assert "The week is open" not in words
        (chart,) = (part for part in first.body if isinstance(part, Chart))
        applied, met = chart.series
        assert sum(applied.values) == counts_of(slug)["applications"]
        assert applied.values[-1], "something was sent out this week, whatever the day"
        assert sum(1 for n in applied.values if n) >= 9, "a chart with a shape"
        assert len(set(applied.values)) > 2
        assert sum(met.values) >= 3
        assert sum(isinstance(part, Progress) for part in first.body) >= 2
        assert any(isinstance(part, Table) for part in first.body) is (slug == "maya"), "ten are closed for one alone"


async def test_every_list_and_ones_own_page_have_something_to_show(app: App) -> None:
    for slug, persona in TELLING.items():
        told = counts_of(slug)
        assert f"All: {told['applications']}, page" in await words(app, persona, "/application list")
        assert f"{told['rejections']} entries" in await words(app, persona, "/rejection list")
        goals = await words(app, persona, "/goal list")
        assert f"{told['goals']} goals" in goals
        assert "finished on" in goals
        assert "✓" in (lessons := await words(app, persona, "/lessons list"))
        assert "○" in lessons, "and something is left to do"
        assert "one." not in await words(app, persona, "/application list which:quiet")
        home = "\n".join(words_of(await app.dispatcher.home(arrival(persona))))
        for heading in ("Open applications", "Strength: ", "Your last entries", "A lesson of yours"):
            assert heading in home, slug


def test_nothing_in_the_stories_is_screened(tmp_path: Path) -> None:
    app = build(demo.own_settings(Settings(_env_file=None, data_dir=tmp_path)), platforms=lambda *_: [])
    coming = [step for each in CAST for habit in find_habits(each.slug) for turn in habit.turns for step in turn.steps]
    texts = [text for step in (*steps_of(*TELLING), *coming) for text in (step.words, *step.filled.values())]
    assert all(screen(texts) is None for screen in app.features.extensions.screen)


def counts_of(slug: str) -> Mapping[str, int]:
    """What the diary says was done, told from its words alone."""
    done = [str(step) for step in steps_of(slug)]

    def number(*starts: str) -> int:
        return sum(each.startswith(starts) for each in done)

    applications = number("/application log")
    logged = [each.rpartition("count:") for each in done if each.startswith("/goal log")]
    closed = number("press No reply", "press Nothing new yet", "press Close the application")
    return {
        "applications": applications,
        "moves": applications + closed + number("choose What happened?"),
        "rejections": number("/rejection log"),
        "weighed": sum(each.startswith("press") and each[6].isdigit() for each in done),
        "asked": number("press I have asked"),
        "answered": number("press They answered"),
        "useful": number("press It was useful"),
        "reflections": number("press Look back"),
        "lessons": number("/lessons add", "choose Put it on a checklist"),
        "lessons done": number("press Done"),
        "goals": number("press Looks right") - number("/lead checkin"),
        "goals finished": number("/goal finish"),
        "pauses": number("/goal resume"),
        "counted by hand": sum(int(count) if by_name else 1 for _, by_name, count in logged),
    }


async def counts_in(app: App, persona: Persona) -> Mapping[str, int]:
    """What is kept of it."""
    async with app.database.reading() as db:
        found = await find_member(db, IdentityKey("web", "demo", persona.id), community=None)
        assert found is not None

        async def number(table: Any, *where: Any, of: Any = None) -> Any:
            counted = func.count() if of is None else func.sum(of)
            mine = select(counted).select_from(table).where(table.person_id == found.person.id, *where)
            return (await db.execute(mine)).scalar_one()

        return {
            "applications": await number(Application),
            "moves": await number(Move),
            "rejections": await number(Rejection),
            "weighed": await number(Rejection, Rejection.intensity.is_not(None)),
            "asked": await number(Rejection, Rejection.feedback_asked_at.is_not(None)),
            "answered": await number(Rejection, Rejection.feedback_answered_at.is_not(None)),
            "useful": await number(Rejection, Rejection.feedback_useful_at.is_not(None)),
            "reflections": await number(Reflection),
            "lessons": await number(Lesson),
            "lessons done": await number(Lesson, Lesson.done_at.is_not(None)),
            "goals": await number(Goal),
            "goals finished": await number(Goal, Goal.finished_on.is_not(None)),
            "pauses": await number(Pause),
            "counted by hand": await number(Counted, Counted.source.is_(None), of=Counted.count),
        }


async def words(app: App, persona: Persona, line: str) -> str:
    return "\n".join(words_of(await card(app, persona, line)))


async def card(app: App, persona: Persona, line: str) -> Card:
    found = find_offer(line, app.dispatcher.offers)
    assert found is not None
    offer, rest = found
    request = Request(offer.key, read_line(rest, offer.fields).values)
    shown = (await app.dispatcher.answer(arrival(persona), request)).card
    assert shown is not None
    return shown


def arrival(persona: Persona) -> Arrival:
    return Arrival("now", "web", "demo", persona.id, persona.name, "direct", direct=True, community="demo")


def steps_of(*slugs: str) -> list[Step]:
    return [step for slug in slugs for deed in find_diary(slug) for step in deed.steps]
