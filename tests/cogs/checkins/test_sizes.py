"""The longest that members can write fits every platform: nothing is cut, and all of it can be reached."""

import pytest

from bot.cards import Button, Card, buttons, plain
from cogs.checkins.lead import OWN_LENGTH
from cogs.checkins.words import LINE_LENGTH
from db.members import Role
from tests.cogs.checkins.conftest import PLACE, Weeks, look_at
from tests.cogs.progress.test_long_page import check
from tests.platforms.plain_world import PlainChat
from tests.words import words_of

MEMBERS = ("fay", "gil", "hanna", "ines", "jon", "kim", "leo", "mia", "nils")


async def written(chat: PlainChat, letter: str, number: int) -> None:
    """An answer as long as it can be, of which all is shared that can be."""
    await chat.press("☀️ Bright")
    await chat.press("Write a few lines")
    assert chat.screen.form is not None
    line = f"{number} ".ljust(LINE_LENGTH, letter)
    await chat.fill(**dict.fromkeys(chat.screen.form, line))
    while "Share" in chat.screen.buttons:
        await chat.press("Share")
        await chat.press("Share as written")


@pytest.mark.parametrize("letter", ["*", "ま"])
async def test_each_card_fits_also_where_everybody_writes_as_much_as_they_can(weeks: Weeks, letter: str) -> None:
    people = [await weeks.join(name, direct=True) for name in MEMBERS[1:]]
    fay = await weeks.join("fay", direct=True, role=Role.FACILITATOR)
    await fay.say("lead checkin")
    await fay.press("Looks right")
    await fay.press("Questions looking back")
    own = [f"{number} ".ljust(OWN_LENGTH, letter) for number in range(3)]
    await fay.fill(bank=("won", "ask"), own_1=own[0], own_2=own[1], own_3=own[2])
    await weeks.until(27, 14)
    for number, chat in enumerate((fay, *people)):
        look_at(chat, weeks.direct(MEMBERS[number])[-1])
        await written(chat, letter, number)
    await fay.say("checkin history")
    await weeks.until(29, 14)
    [summary] = weeks.posts(PLACE)
    assert "9 people took a moment" in "\n".join(words_of(summary.card))
    for each in buttons(summary.card):
        if isinstance(each, Button) and each.label == "I can help" and "Tell them" not in people[0].screen.buttons:
            await people[0].press_packed(each.packed)  # not with one's own ask
    await people[0].press("Tell them")
    await weeks.world.app.catch_up()
    look_at(people[0], summary)
    await people[0].press("Read all")
    read = people[0].screen.text
    while "Next" in people[0].screen.buttons:
        await people[0].press("Next")
        read += people[0].screen.text
    assert read.count(" – a member") == 5 * len(MEMBERS)
    await fay.say("lead checkin")
    await fay.press("How it goes")
    fay.see("9 answered, 45 shared", "8 asks have no helper yet")
    await fay.say("checkin now")
    longest = {plain(card.title): card for chat in (fay, people[0]) for card in sorted(chat.cards, key=length)}
    for card in (*longest.values(), weeks.direct("fay")[-1].card, weeks.direct("gil")[-1].card):
        check(card)


def length(card: Card) -> int:
    return len("".join(words_of(card)))
