"""One's progress with as much in every feature as there can be: in order, and within every platform's limits."""

from datetime import timedelta

from bot.cards import Actions, Chart, Progress, Table
from bot.platforms.slack import draw as slack
from tests.chat import Chat, World, settle_in
from tests.cogs.progress.test_long_page import check, pages, spelled
from tests.platforms.plain_world import PlainChat, PlainWorld
from tests.platforms.slack import kit
from tests.words import words_of

MARKS = "x*_`~" * 16
"""80 letters, most of them marks that Discord needs a second letter for."""


async def everything(world: PlainWorld) -> PlainChat:
    """A member with all that can be on the page."""
    chat = world.person("ada")
    await settle_in(chat)
    for number in range(20):
        await chat.say(f'goal set "read {number} {MARKS}{MARKS[:60]} five times each week"')
        await chat.press("Looks right")
    await chat.say("goal log count:3")
    for number in range(14):
        await chat.say(f'application log company:"{number}{MARKS[:75]}" role:"{MARKS}"')
        if number < 11:
            await chat.choose("What happened?", "Rejected" if number else "Offer")
    await chat.say(f'rejection log company:"{MARKS}" stage:final')
    await chat.press("Add a lesson")
    await chat.fill(lesson=MARKS * 6)
    world.move(timedelta(days=24))
    return chat


async def test_all_of_it_fits_everywhere_in_its_order(plain: PlainWorld) -> None:
    await everything(plain)
    shown = await pages(plain)
    for card in shown:
        check(card)
    told = "\n".join(words for card in shown for words in words_of(card))
    first = [
        told.index(words) for words in ("This week", "The last 12 weeks", "How far they came", "A lesson of yours")
    ]
    assert first == sorted(first)
    assert "And 15 more: /goal list" in told
    body = [each for card in shown for each in card.body]
    kinds = {type(each) for each in body}
    assert {Progress, Chart, Table, Actions} <= kinds


async def test_app_home_has_room_for_it_too(plain: PlainWorld) -> None:
    chat = await everything(plain)
    await chat.look_home()
    for native in (True, False):
        kit.check_view(slack.home(chat.cards[-1], spelling=spelled, native=native))


async def test_the_chart_is_there_for_eyes_and_ears_on_every_platform(ada: Chat, world: World) -> None:
    await ada.say("application log company:Acme")
    await ada.say("progress")
    ada.see("In the last 12 weeks: one application, no interviews.")
    await ada.say("application show")
    await ada.choose("What happened?", "First interview")
    await ada.say("progress")
    ada.see("Your progress", "In the last 12 weeks: one application, one interview.")
    assert (world.platform == "discord") == ("chart-1.png" in ada.screen.files)
