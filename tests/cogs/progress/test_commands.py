"""The page of one's progress, as its member sees it."""

from collections.abc import Sequence

from bot.call import Call
from bot.cards import Card, Divider, Element, Heading, Text, plain, say
from bot.extensions import Part
from bot.feature import Feature
from cogs.progress import feature as progress
from db.sealed import Keyring
from tests.chat import Chat
from tests.platforms.plain_world import PlainWorld, plain_world


async def test_an_empty_page_is_kind_and_says_one_first_step(ada: Chat) -> None:
    await ada.say("progress")
    ada.see("Your progress", "Nothing here counts against you.", "A first step:")
    ada.not_see("!")
    assert ada.screen.private
    assert "Support" in ada.screen.buttons


async def test_what_was_written_down_is_on_it(ada: Chat) -> None:
    await ada.say("rejection log company:Acme stage:final")
    await ada.say("progress")
    ada.see("Your progress", "you wrote it down")
    ada.not_see("A first step")


async def test_what_one_did_stands_before_what_came_of_it(sqlite_url: str, keyring: Keyring) -> None:
    sections = list(Part)
    some = Feature("some", "Some.")

    def add(part: Part) -> None:
        async def section(_: Call) -> Sequence[Element]:
            return (Heading(say("{name}", name=part.name)), Text(say("words")))

        some.progress(part=part)(section)

    for part in reversed(sections):
        add(part)

    @some.progress
    async def plainly(_: Call) -> Sequence[Element]:
        return (Text(say("plainly declared")),)

    @some.progress(part=Part.OUTCOMES)
    async def nothing(_: Call) -> Sequence[Element]:
        return ()

    async with plain_world(sqlite_url, keyring=keyring, features=(progress, some)) as world:
        card = await shown(world)
    headings = [plain(each.words) for each in card.body if isinstance(each, Heading)]
    assert headings == ["WEEK", "WEEKS", "OUTCOMES", "LESSONS"]
    assert [type(each) for each in card.body].count(Divider) == len(headings)
    assert card.body[3] == Text(say("plainly declared")), "without a part it is of this week"


async def shown(world: PlainWorld) -> Card:
    chat = world.person("ada")
    await chat.say("progress")
    return chat.cards[-1]
