"""Living through a diary again: done as it says, or named where it cannot be."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app import App
from bot.clock import StillClock
from bot.platforms.web import PERSONAS
from bot.platforms.web.diary import read_diary
from bot.platforms.web.past import NotDone, relive
from cogs.applications.tables import Application, Move, Stage
from cogs.rejections.tables import Feeling, Rejection
from db.members import Consent, IdentityKey, create_person
from tests.platforms.ground import START
from tests.platforms.plain_world import plain_world

MAYA = PERSONAS[0]
LOG = "1 Thu 19:40\n/rejection log\n    company: Halden\n    stage: Final\n"

Live = Callable[[str], Awaitable[App]]


@pytest.fixture
async def live(sqlite_url: str) -> AsyncIterator[Live]:
    """Lets Maya live through the diary that is given."""
    clock = StillClock(START)
    async with plain_world(sqlite_url, clock=clock) as world:
        async with world.app.database.writing() as db:
            key = IdentityKey("web", "demo", MAYA.id)
            await create_person(db, key, consent=Consent.KEEP, zone=MAYA.zone, at=START - timedelta(weeks=4))

        async def through(text: str) -> App:
            await relive(world.app.dispatcher, MAYA, read_diary(text), clock=clock, now=START)
            return world.app

        yield through


async def test_what_the_diary_says_is_done_at_its_time(live: Live) -> None:
    app = await live(
        "2 Mon 09:00\n/application log Halden\n"
        "1 Mon 10:00\n/application show Halden\n  choose What happened?: Final\n"
        f"{LOG}    feelings: Sad, Tired\n  press 4 heavy\n  press Close the application\n"
        "  press Add a lesson\n    lesson: Ask who decides.\n"
    )
    async with app.database.reading() as db:
        rejection = (await db.scalars(select(Rejection))).one()
        words, feelings = (rejection.company, rejection.lesson), rejection.feelings
        application = (await db.scalars(select(Application))).one()
        moves = (await db.scalars(select(Move).order_by(Move.number))).all()
    assert (*words, rejection.intensity) == ("Halden", "Ask who decides.", 4)
    assert feelings == (Feeling.SAD, Feeling.TIRED)
    assert f"{rejection.created_at:%Y-%m-%d %H:%M}" == "2026-11-19 18:40"
    assert (application.stage, application.furthest) == (Stage.REJECTED, Stage.FINAL)
    assert [f"{move.happened_on:%m-%d} {move.stage.value}" for move in moves] == [
        "11-09 applied",
        "11-16 final",
        "11-19 rejected",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1 Thu 19:40\n/rejection lag Halden", "line 2, /rejection lag Halden: there is no such command"),
        ("1 Thu 19:40\n/rejection log Halden", "line 2, .*: a form asks for company, stage"),
        ("1 Thu 19:40\n/rejection log Halden sometime", "line 2, .*: a form asks for stage"),
        ("1 Thu 19:40\n/rejection log Halden\n    mood: Sad", "line 2, .*: it asks company, stage"),
        ("1 Thu 19:40\n/goal log walk", "line 2, .*: it was refused"),
        ("1 Thu 19:40\n/mydata export", "line 2, .*: it goes on"),
        (f"{LOG}  press 6 unbearable", "line 2, press 6 unbearable: nothing on the screen is called so"),
        (f"{LOG}  choose 4 heavy: 4", "line 2, choose 4 heavy: 4: nothing on the screen is called so"),
        (f"{LOG}  press 4 heavy\n    note: Sad", "line 2, press 4 heavy: no form opened"),
        (f"{LOG}  press Add a lesson", "line 2, press Add a lesson: a form asks for lesson"),
        (f"{LOG}  press Add a lesson\n    note: Sad", "line 2, press Add a lesson: it asks lesson"),
        (f"{LOG}/rejection list\n/rejection log Acme final\n/rejection list\n  press Open", "there is more than one"),
        (f"{LOG}/rejection list\n  press 4 heavy", "line 5, press 4 heavy: nothing on the screen is called so"),
    ],
)
async def test_what_goes_otherwise_is_named(live: Live, text: str, problem: str) -> None:
    with pytest.raises(NotDone, match=f"maya, .*{problem}"):
        await live(text)
