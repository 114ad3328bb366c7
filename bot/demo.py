"""The demo: the bot in a browser on this computer alone, with made-up people, a database and a clock of its own."""

import sys
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import App, build
from bot.cards import Card
from bot.clock import MovableClock, StillClock
from bot.environment import WrongSettings
from bot.platforms.base import Desk, Form
from bot.platforms.web import CAST, PERSONAS, ROOMS, Future, Inspectors, WebPlatform, application
from bot.platforms.web.addresses import TENANT, direct_of, room_of
from bot.platforms.web.cast import Persona, Standing
from bot.platforms.web.diary import find_diary
from bot.platforms.web.habits import find_habits
from bot.platforms.web.past import relive
from bot.server import listening
from bot.settings import Settings
from bot.supervise import stop_on_signals
from db.clearing import delete_all_rows
from db.groups import accounts_of, add_group_member, create_group, groups_in, members_of
from db.members import Consent, IdentityKey, Role, create_person, find_member, join
from db.migrate import migrate
from db.places import find_community, get_community
from db.session import Database

HOST: Final = "127.0.0.1"
PORT: Final = 8765
_PLATFORM: Final = WebPlatform.name
_SETTLED: Final = tuple(persona for persona in CAST if not persona.new)
_PAST: Final = timedelta(weeks=13)
"""How long everyone has been a member: since before the first line of any diary."""


async def serve(settings: Settings, *, host: str = HOST, port: int = PORT) -> None:
    """Serves the page until the program is asked to stop. Raises WrongSettings where the port is taken."""
    own = own_settings(settings)
    app = compose(own, clock=MovableClock(own.data_dir.absolute() / "demo.clock"))
    await migrate(own.database)
    page = app.platforms[_PLATFORM]
    if not isinstance(page, WebPlatform):
        raise TypeError("the demo has no page")
    with stop_on_signals() as stop:
        # Before the regular work begins, which would wait for it.
        await seed(app)
        async with app.running():
            await open_rooms(app, page)
            future = future_of(app, page)
            try:
                async with listening(application(page, future), host=host, port=port) as address, future.going_on():
                    sys.stdout.write(f"The demo is ready: {address}\nStop it with Ctrl+C.\n")
                    sys.stdout.flush()
                    await stop.wait()
                    # Ends the pages' streams, for which the server would wait.
                    await page.close()
            except WrongSettings:
                raise WrongSettings(
                    f"Port {port} is taken by another program, or closed to this one. Choose another: "
                    f"make demo PORT={port + 1}, or steppingstone demo --port {port + 1}"
                ) from None


def own_settings(settings: Settings) -> Settings:
    """The demo's own database and key file in the data folder: starting over never touches anything else."""
    database = settings.data_dir.absolute() / "demo.db"
    return settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{database}"), "keys": None})


def compose(settings: Settings, *, clock: MovableClock) -> App:
    """The program with the page as its one platform. Nothing is served yet."""
    composed: list[App] = []

    async def reset() -> None:
        clock.reset()
        await begin(composed[0])

    def pages(desk: Desk, _: Database) -> list[WebPlatform]:
        inspectors = Inspectors(
            cards={"Discord": _discord_card, "Slack": partial(_slack_card, desk)},
            forms={"Discord": _discord_form, "Slack": partial(_slack_form, desk, clock)},
        )
        people = {each.slug: each for each in CAST}
        return [WebPlatform(desk, personas=people, rooms=ROOMS, clock=clock, inspectors=inspectors, reset=reset)]

    composed.append(build(settings, clock=clock, platforms=pages))
    return composed[0]


def future_of(app: App, page: WebPlatform) -> Future:
    """What comes on the page: by the engine, and by people who go on with their weeks."""
    habits = {each.slug: find_habits(each.slug) for each in CAST}
    return Future(page, next_due=app.next_due, catch_up=app.catch_up, habits=habits)


async def seed(app: App) -> None:
    """Gives the demo its beginning, where it has none yet."""
    async with app.database.reading() as db:
        begun = await find_community(db, _PLATFORM, PERSONAS[0].community) is not None
    if not begun:
        await begin(app)


async def open_rooms(app: App, page: WebPlatform) -> None:
    """Opens the rooms of the groups that there were before a restart, to who is in them."""
    async with app.database.reading() as db:
        community = await find_community(db, _PLATFORM, PERSONAS[0].community)
        for group, _ in await groups_in(db, community.id) if community else ():
            if group.destination is None:
                continue
            page.open_room(group.destination.rpartition(":")[2], group.name)
            people = [member.person_id for member in await members_of(db, group.id)]
            for account in (await accounts_of(db, people, community_id=group.community_id)).values():
                await page.let_in(destination=group.destination, user=account.user)


async def begin(app: App) -> None:
    """Empties the database, makes the personas members, but for the new ones, and lets them live through their past.

    All of it in one transaction: nobody meets it halfway, and a program that is stopped meanwhile finds it as before.
    """
    now = app.clock.now()
    async with app.database.as_one() as database:
        async with database.writing() as db:
            # The community's id is remembered by the running program, and tells nothing of anyone.
            await delete_all_rows(db, besides=("communities",))
            for persona in _SETTLED:
                await _settle(db, persona, at=now - _PAST)
            await _gather(db, at=now - _PAST)
        clock = StillClock(now)
        past = build(app.settings, database=database, clock=clock, platforms=lambda *_: [])
        for persona in _SETTLED:
            await relive(past.dispatcher, persona, find_diary(persona.slug), clock=clock, now=now)


async def _settle(db: AsyncSession, persona: Persona, *, at: datetime) -> None:
    community = await get_community(db, _PLATFORM, persona.community, at=at)
    person = await create_person(db, _key(persona), consent=Consent.KEEP, zone=persona.zone, at=at)
    person.direct = direct_of(persona.slug) if persona.direct else None
    await join(db, person.id, community=community.id, at=at, role=Role[persona.standing.name])


async def _gather(db: AsyncSession, *, at: datetime) -> None:
    """Makes a group of those who are in a room of their own, led by the facilitator among them."""
    for room in ROOMS:
        community = await find_community(db, _PLATFORM, PERSONAS[0].community)
        if room.people is None or community is None:
            continue
        name, zone = room.name.replace("-", " ").capitalize(), PERSONAS[0].zone
        group = await create_group(
            db, community_id=community.id, name=name, zone=zone, at=at, destination=room_of(room.slug)
        )
        for persona in _SETTLED:
            found = await find_member(db, _key(persona), community=community.id)
            if group is not None and found is not None and persona.id in room.people:
                role = Role.FACILITATOR if persona.standing is Standing.FACILITATOR else Role.MEMBER
                await add_group_member(db, group.id, found.person.id, at=at, role=role)


def _key(persona: Persona) -> IdentityKey:
    return IdentityKey(_PLATFORM, TENANT, persona.id)


# The other platforms are loaded when someone looks into a message: their libraries take longer than the demo's start.


def _discord_card(card: Card) -> object:
    from bot.platforms.discord import draw, pictures  # noqa: PLC0415 - see above

    return draw.message(card, pictures.make_pictures(card)).payload()


def _discord_form(form: Form) -> object:
    from bot.platforms.discord import forms  # noqa: PLC0415 - see above

    return forms.payload(form)


def _slack_card(desk: Desk, card: Card) -> object:
    from bot.platforms.slack import commands, draw  # noqa: PLC0415 - see above

    return draw.message(card, spelling=partial(commands.spelled, desk))


def _slack_form(desk: Desk, clock: MovableClock, form: Form) -> object:
    from bot.platforms.slack import commands, forms  # noqa: PLC0415 - see above

    spelling = partial(commands.spelled, desk)
    return forms.modal(form, today=clock.now().date(), spelling=spelling, origin=forms.Origin())
