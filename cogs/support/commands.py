"""The support card: static, the same for everybody, and there when nothing else is."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.acts import Needs
from bot.call import Call
from bot.cards import Actions, Button, Card, Divider, Element, Link, LinkButton, Note, Text, Tone, say
from bot.countries import COUNTRIES, ELSEWHERE, countries
from bot.feature import Feature
from cogs.support import service
from cogs.support.service import Helpline

support = Feature("support", "People to talk to when it is heavy.")

ALWAYS: Final = Needs(reads=True, database=False, before_consent=True, without_saving=True)


@support.command("support", needs=ALWAYS)
async def show(call: Call) -> Card:
    """Find people to talk to.

    Lines for your country, and small steps that help some people. Nobody is told, and nothing is kept.
    """
    person = call.member.person
    return _card(call, person.country if person else None)


@support.action(needs=ALWAYS)
async def choose_country(call: Call, country: str) -> Card:
    return _card(call, country)


@support.footer
def button() -> Button:
    return show.button("Support")


@support.screen
def watch(_texts: Sequence[str]) -> Card | None:
    """Looks for clear first-person statements of crisis in what is typed into the bot; for now it lets all pass.

    A match will show this card to its author alone, before anything is shared, and change nothing else.
    """
    return None


def _card(call: Call, country: str | None) -> Card:
    lines = service.find_helplines(country, today=call.now.date())
    directory = service.get_directory()
    site = Link(directory.url.removeprefix("https://"), directory.url)
    known = country if country in COUNTRIES else ELSEWHERE if country else None
    choice = choose_country.select("Your country", countries(), chosen=known)
    links = [LinkButton(line.name, line.chat) for line in lines if line.chat]
    return Card(
        (
            Text(say("Thank you for reaching out. I am a bot, so here are people. Any one of these is enough.")),
            *_lines(lines),
            *(() if lines else (Text(say(_EVERYWHERE, site=site)),)),
            *_emergency(lines),
            Actions((*links, LinkButton(directory.name, directory.url))),
            Actions((choice,)),
            Divider(),
            Text(
                say(
                    "**Steady yourself:** put both feet on the floor. Name five things you see, four you can touch, "
                    "three you hear. Breathe out slowly after each."
                )
            ),
            Text(say("**Tell one person:** you could send this: `Today is hard. Can you talk for ten minutes?`")),
            Note(say("Nobody was told that you opened this, and nothing about this card is kept.")),
        ),
        title=say("Support"),
        tone=Tone.CALM,
        redraw=show.call(),
    )


def _lines(lines: Sequence[Helpline]) -> Iterator[Element]:
    for line in lines:
        values = {"name": line.name, "hours": line.hours, "cost": line.cost}
        if line.call:
            yield Text(say("**Talk:** {name}, call **{call}** ({hours}, {cost}).", call=line.call, **values))
        if line.text:
            yield Text(say("**Write:** {name}, text **{text}** ({hours}, {cost}).", text=line.text, **values))


def _emergency(lines: Sequence[Helpline]) -> Iterator[Element]:
    numbers = sorted({line.emergency for line in lines})
    if numbers:
        yield Text(say("**In danger right now:** call **{number}**.", number=" / ".join(numbers)))
    else:
        yield Text(say("**In danger right now:** call your local emergency number."))


_EVERYWHERE: Final = "**Talk or write:** {site} lists lines of most countries, by phone, text and chat."
