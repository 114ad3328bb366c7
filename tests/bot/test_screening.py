"""What is written in one's own words is looked at first, and whatever becomes of it, its author sees that first."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import pytest

from bot.acts import Needs, Working
from bot.call import Call, Run
from bot.cards import Card, Text, say
from bot.dispatch import Dispatcher
from bot.errors import Refusal
from bot.extensions import Hold
from bot.feature import Feature
from bot.options import ASKED, Ask
from bot.platforms.base import Answer, Arrival, Capabilities, Request
from db.session import Database
from tests.bot.account import Account
from tests.bot.test_dispatch import desk_of
from tests.words import words_of

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
OPEN = Needs(before_consent=True, without_saving=True)
FIRST = "A kind word first."


def make() -> Feature:
    diary = Feature("diary", "Tell the diary.")

    @diary.job()
    async def print_it(run: Run, number: int) -> Card:
        return Card((Text(say("Printed {n}.", n=number)),))

    @diary.command("diary tell", needs=OPEN)
    async def tell(
        call: Call,
        words: Annotated[str, Ask("What happened?")] = ASKED,
        times: Annotated[int | None, Ask("How often?", at_most=9)] = None,
    ) -> Card | Working:
        """Tell something."""
        if "refuse" in words:
            raise Refusal("Not this.")
        if "explode" in words:
            raise RuntimeError(words)
        if "print" in words:
            return Working(Card((Text(say("Printing.")),)), print_it.call(times or 1))
        return Card((Text(say("Kept: {words}", words=words)),), private="shout" not in words)

    @diary.gate
    async def ask_first(call: Call, needs: Needs, hold: Hold) -> Card | None:
        return Card((Text(say("May I?")),)) if call.place.channel == "hall" else None

    @diary.screen
    def watch(texts: Sequence[str]) -> Card | None:
        if any("broken" in text for text in texts):
            raise ValueError(texts[0])
        return Card((Text(say(FIRST)),)) if any("heavy" in text for text in texts) else None

    return diary


@pytest.fixture
def desk(database: Database) -> Dispatcher:
    return desk_of(database, feature=make())


@pytest.fixture
def ada(desk: Dispatcher) -> Account:
    return Account(desk, capabilities=Capabilities(field_errors=False, private_files=True))


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("heavy", "Kept: heavy"),
        ("heavy refuse", "Not this."),
        ("heavy explode", "Something went wrong on my side"),
        ("heavy print", "Printing."),
    ],
)
async def test_the_kind_word_comes_before_whatever_the_answer_is(ada: Account, words: str, then: str) -> None:
    await ada.ask("diary.tell", words=words)
    assert ada.text.index(FIRST) < ada.text.index(then)
    assert ada.card.private
    await ada.ask("diary.tell", words=words.replace("heavy", "light"))
    assert FIRST not in ada.text


async def test_it_comes_before_what_cannot_be_read_and_before_a_question_to_settle_first(ada: Account) -> None:
    await ada.ask("diary.tell", words="heavy", times="eleventy")
    assert ada.text.index(FIRST) < ada.text.index("Not everything could be read")
    held = Account(ada.desk, channel="hall")
    await held.ask("diary.tell", words="heavy")
    assert held.text.index(FIRST) < held.text.index("May I?")


async def test_it_stays_when_the_work_that_goes_on_replaces_the_card(ada: Account) -> None:
    answer = await ada.ask("diary.tell", words="heavy print", times="3")
    assert answer.then is not None
    later = await answer.then()
    assert later.card is not None
    words = "\n".join(words_of(later.card))
    assert words.index(FIRST) < words.index("Printed 3.")


async def test_a_form_to_fill_waits_until_it_is_sent(ada: Account) -> None:
    await ada.ask("diary.tell", times="2")
    await ada.fill(words="heavy")
    assert ada.text.index(FIRST) < ada.text.index("Kept: heavy")


async def test_the_answer_itself_is_the_same(ada: Account, desk: Dispatcher) -> None:
    arrival: Arrival = ada.arrival()

    async def answered(words: str) -> Answer:
        return await desk.answer(arrival, Request("diary.tell", {"words": words}))

    light, heavy = await answered("light"), await answered("heavy")
    assert light.card is not None
    assert heavy.card is not None
    rest = heavy.card.body[2:]  # behind the kind word and its divider
    assert [type(each) for each in rest] == [type(each) for each in light.card.body]
    assert replace(heavy, card=None) == replace(light, card=None)
    assert replace(heavy.card, body=()) == replace(light.card, body=())


async def test_a_match_leaves_no_trace_in_the_log(ada: Account, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    lines = []
    for words in ("light", "heavy"):
        caplog.clear()
        await ada.ask("diary.tell", words=words)
        lines.append([(line.name, line.getMessage(), sorted(line.__dict__)) for line in caplog.records])
    assert lines[0] == lines[1]


async def test_a_broken_screen_costs_nobody_their_answer_and_quotes_nothing(
    ada: Account, caplog: pytest.LogCaptureFixture
) -> None:
    await ada.ask("diary.tell", words="broken secret")
    assert "Kept: broken secret" in ada.text
    assert any(line.getMessage() == "not screened" for line in caplog.records)
    assert "secret" not in caplog.text


async def test_an_answer_for_others_to_see_is_refused(ada: Account, caplog: pytest.LogCaptureFixture) -> None:
    await ada.ask("diary.tell", words="shout")
    assert "Something went wrong on my side" in ada.text
    assert "the rest is a post" in caplog.text
