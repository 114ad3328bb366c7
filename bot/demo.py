"""The demo: the bot in a browser on this computer alone, with made-up people, a database and a clock of its own."""

import sys
from datetime import timedelta
from functools import partial
from typing import Final

from pydantic import SecretStr

from bot.app import App, build
from bot.cards import Button, Card, buttons
from bot.clock import MovableClock, StillClock
from bot.environment import WrongSettings
from bot.platforms.base import Answer, Arrival, Desk, Form, Request
from bot.platforms.web import PERSONAS, ROOMS, Inspectors, WebPlatform, application
from bot.platforms.web.addresses import TENANT
from bot.platforms.web.cast import PAST, Deed, Persona
from bot.platforms.web.suggest import find_offer
from bot.server import listening
from bot.settings import Settings
from bot.supervise import stop_on_signals
from bot.typed import read_line
from db.clearing import delete_all_rows
from db.members import Consent, IdentityKey, Role, create_person, find_member, join
from db.migrate import migrate
from db.places import get_community
from db.session import Database

HOST: Final = "127.0.0.1"
PORT: Final = 8765
_PLATFORM: Final = WebPlatform.name


async def serve(settings: Settings, *, host: str = HOST, port: int = PORT) -> None:
    """Serves the page until the program is asked to stop. Raises WrongSettings where the port is taken."""
    own = own_settings(settings)
    clock = MovableClock()
    app = compose(own, clock=clock)
    await migrate(own.database)
    page = app.platforms[_PLATFORM]
    if not isinstance(page, WebPlatform):
        raise TypeError("the demo has no page")
    with stop_on_signals() as stop:
        async with app.running():
            await seed(app)
            try:
                async with listening(application(page), host=host, port=port) as address:
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
        async with composed[0].database.writing() as db:
            # The community's id is remembered by the running program, and tells nothing of anyone.
            await delete_all_rows(db, besides=("communities",))
        await seed(composed[0])

    def pages(desk: Desk, _: Database) -> list[WebPlatform]:
        inspectors = Inspectors(
            cards={"Discord": _discord_card, "Slack": partial(_slack_card, desk)},
            forms={"Discord": _discord_form, "Slack": partial(_slack_form, desk, clock)},
        )
        people = {each.slug: each for each in PERSONAS}
        return [WebPlatform(desk, personas=people, rooms=ROOMS, clock=clock, inspectors=inspectors, reset=reset)]

    composed.append(build(settings, clock=clock, platforms=pages))
    return composed[0]


async def seed(app: App) -> None:
    """Makes the personas members, but for the new ones, with what they have logged before. Once: not when they are."""
    now = app.clock.now()
    async with app.database.writing() as db:
        if await find_member(db, _key(PERSONAS[0]), community=None) is not None:
            return
        for persona in PERSONAS:
            if persona.new:
                continue
            community = await get_community(db, _PLATFORM, persona.community, at=now)
            person = await create_person(db, _key(persona), consent=Consent.KEEP, zone=persona.zone, at=now)
            role = Role[persona.standing.name]
            await join(db, person.id, community=community.id, at=now - timedelta(days=40), role=role)
    people = {each.slug: each for each in PERSONAS}
    for number, deed in enumerate(PAST):
        await _relive(app, people[deed.persona], deed, number)


async def _relive(app: App, persona: Persona, deed: Deed, number: int) -> None:
    """Does what someone did in the past, as they did it: by typing a command, and a button of its answer."""
    then = StillClock(app.clock.now() - deed.before)
    past = build(app.settings, keyring=app.database.keyring, clock=then, platforms=lambda *_: [])
    desk = past.dispatcher

    async def do(step: int, request: Request) -> Answer:
        arrival = Arrival(
            id=f"past-{number}-{step}",
            platform=_PLATFORM,
            tenant=TENANT,
            user=persona.id,
            name=persona.name,
            channel="direct",
            direct=True,
            community=persona.community,
            zone=persona.zone,
        )
        return await desk.answer(arrival, request)

    try:
        found = find_offer(deed.line, desk.offers)
        if found is None:
            return
        offer, rest = found
        answer = await do(1, Request(offer.key, read_line(rest, offer.fields).values))
        if answer.card is None or not deed.press:
            return
        for each in buttons(answer.card):
            if isinstance(each, Button) and each.label == deed.press:
                form = (await do(2, Request(each.packed))).form
                if form is not None:
                    await do(3, Request(form.packed, {form.fields[0].name: deed.words}, submitted=True))
    finally:
        await past.database.close()


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
