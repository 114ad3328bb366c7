"""The one path: what is asked is done once, answered always, and nothing typed is lost."""

import asyncio
import functools
import logging
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from bot.call import Call
from bot.cards import Button, Card, buttons
from bot.clock import StillClock
from bot.dispatch import Dispatcher
from bot.feature import Feature
from bot.loader import collect
from bot.machine import fix, machine
from bot.members import Members
from bot.platforms.base import Capabilities
from bot.runs import Runs
from bot.withdrawals import Withdrawals
from db.drafts import Draft, save_draft
from db.keyring import Keyring
from db.members import Membership, Person, Role
from db.session import POSTGRESQL_CONNECTIONS, Database
from tests.bot import sample
from tests.bot.account import Account

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NO_FIELD_ERRORS = Capabilities(field_errors=False, private_files=True)


def desk_of(
    database: Database,
    *,
    clock: StillClock | None = None,
    feature: Feature | None = None,
) -> Dispatcher:
    features, clock = collect((feature or sample.make(), machine)), clock or StillClock(NOW)
    withdraw = Withdrawals(database, {}).withdraw
    runs = Runs(features, database=database, clock=clock, platforms={}, withdraw=withdraw)
    return Dispatcher(features, database=database, clock=clock, members=Members(database.keyring), runs=runs)


@pytest.fixture
def desk(database: Database) -> Dispatcher:
    return desk_of(database)


@pytest.fixture
async def ada(desk: Dispatcher) -> Account:
    """A member who has agreed that things are kept."""
    return await settled(Account(desk))


async def settled(account: Account) -> Account:
    await account.ask("sample.show_wish")
    await account.press("Yes")
    return account


async def test_too_little_opens_the_form_with_what_was_typed(ada: Account) -> None:
    await ada.ask("sample.set_wish", size="large")
    form = ada.answer.form
    assert form is not None
    assert [field.value for field in form.fields] == [None, "large", None]
    await ada.fill(wish="rest")
    assert "You wish: rest (A large one, 1)" in ada.text


async def test_enough_words_need_no_form(ada: Account) -> None:
    await ada.ask("sample.set_wish", wish="rest", times="3")
    assert "rest (A small one, 3)" in ada.text


async def test_the_same_event_twice_has_one_effect_and_shows_the_current_state(ada: Account) -> None:
    await ada.ask("sample.set_wish", event="e1", wish="rest")
    await ada.press("More")
    await ada.ask("sample.set_wish", event="e1", wish="rest")
    assert "rest (A small one, 1)+" in ada.text


async def test_the_same_event_twice_at_once_has_one_effect(ada: Account, database: Database) -> None:
    await ada.ask("sample.set_wish", wish="rest")
    card = ada.card
    other = Account(ada.desk)
    await asyncio.gather(ada.press("More", card=card, event="e2"), other.press("More", card=card, event="e2"))
    for account in (ada, other):
        assert "1)+" in account.text
        assert "++" not in account.text


async def test_two_presses_of_an_old_drawing_have_one_effect(ada: Account) -> None:
    await ada.ask("sample.set_wish", wish="rest")
    card = ada.card
    await ada.press("More", card=card)
    await ada.press("More", card=card)
    assert "1)+" in ada.text
    assert "++" not in ada.text


@pytest.mark.parametrize(
    "packed",
    [
        "nobody.knows",
        "",
        "sample.more",
        "sample.more:x",
        "sample.more:-",
        "sample.choose:-",
        "sample.choose:huge",
        "a:b:c",
    ],
)
async def test_an_unknown_or_damaged_button_gets_one_neutral_answer(ada: Account, packed: str) -> None:
    await ada.ask(packed)
    assert "no longer here" in ada.text


async def test_wrong_fields_come_back_in_the_form_with_what_was_typed(ada: Account) -> None:
    await ada.ask("sample.set_wish", wish="rest", times="often")
    form = ada.answer.form
    assert form is not None
    assert list(form.errors) == ["times"]
    assert [field.value for field in form.fields] == ["rest", None, "often"]
    await ada.fill(times="2")
    assert "rest (A small one, 2)" in ada.text


async def test_where_fields_cannot_show_errors_a_button_reopens_the_form(desk: Dispatcher) -> None:
    ada = await settled(Account(desk, capabilities=NO_FIELD_ERRORS))
    await ada.ask("sample.set_wish")
    await ada.fill(wish="rest", times="99")
    assert "up to 9" in ada.text
    assert "How often?" in ada.text
    card = ada.card
    await Account(desk, "eve").press("Fix it", card=card)
    await ada.press("Fix it")
    assert ada.answer.form
    assert [field.value for field in ada.answer.form.fields] == ["rest", None, "99"]
    await ada.fill(times="9")
    assert "rest (A small one, 9)" in ada.text


async def test_a_strangers_draft_does_not_open(desk: Dispatcher) -> None:
    ada = await settled(Account(desk, capabilities=NO_FIELD_ERRORS))
    await ada.ask("sample.set_wish", wish="rest", times="99")
    eve = Account(desk, "eve")
    await eve.press("Fix it", card=ada.card)
    assert eve.answer.form is None
    assert "rest" not in eve.text


async def test_ones_own_draft_of_something_else_does_not_open(ada: Account, database: Database) -> None:
    async with database.writing() as db:
        owner = database.keyring.fingerprint("test\n\nada")
        draft = await save_draft(db, owner=owner, content='{"looking for": "rest"}', now=NOW)
    await ada.ask(fix.call(draft.id))
    assert "no longer here" in ada.text


async def test_what_waits_and_asks_nothing_does_not_open_as_a_form(desk: Dispatcher) -> None:
    bo = Account(desk, "bo")
    await bo.ask("sample.show_wish")
    held = next(item.packed for item in buttons(bo.card) if isinstance(item, Button))
    await bo.ask(f"fix:{held.partition(':')[2]}")
    assert "no longer here" in bo.text


async def test_what_was_emptied_in_an_edit_stays_empty_when_something_else_is_wrong(ada: Account) -> None:
    await ada.ask("sample.set_wish", wish="rest")
    await ada.press("Change")
    await ada.fill(wish="")
    assert ada.answer.form
    assert ada.answer.form.errors
    assert ada.answer.form.fields[0].value is None


async def test_a_group_of_newcomers_at_once_is_held_back_one_by_one_and_all_go_on(desk: Dispatcher) -> None:
    people = [Account(desk, f"newcomer {number}") for number in range(2 * POSTGRESQL_CONNECTIONS)]
    await asyncio.gather(*(each.ask("sample.show_wish") for each in people))
    assert {each.text.partition("\n")[2].partition("\n")[0] for each in people} == {"May I keep things?"}
    await asyncio.gather(*(each.press("Yes") for each in people))
    assert all("You wish: nothing" in each.text for each in people)


async def test_an_answer_that_would_be_drawn_again_by_writing_is_a_failure_at_once(database: Database) -> None:
    feature = sample.make()
    command = next(each for each in feature.commands if each.key == "sample.slow")

    async def careless(call: Call) -> Card:
        return Card((), redraw=command.call())

    feature.commands[feature.commands.index(command)] = replace(command, handler=careless)
    ada = await settled(Account(desk_of(database, feature=feature)))
    await ada.ask("sample.slow")
    assert "Something went wrong" in ada.text


async def test_a_gate_holds_back_and_what_was_typed_goes_on(desk: Dispatcher, database: Database) -> None:
    bo = Account(desk, "bo")
    await bo.ask("sample.set_wish", wish="rest")
    assert "May I keep things?" in bo.text
    async with database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(Person)) == 0
        assert await db.scalar(select(func.count()).select_from(Draft)) == 1
    await bo.press("Yes")
    assert "You wish: rest" in bo.text


async def test_pressing_the_last_step_twice_goes_on_once(desk: Dispatcher) -> None:
    bo = Account(desk, "bo")
    await bo.ask("sample.set_wish", wish="rest")
    welcome = bo.card
    await bo.press("Yes", card=welcome)
    await bo.press("More")
    await bo.press("Yes", card=welcome)
    assert "1)+" in bo.text


async def test_too_little_before_consent_opens_the_form_afterwards_in_place(desk: Dispatcher) -> None:
    bo = Account(desk, "bo")
    await bo.ask("sample.set_wish", size="large")
    await bo.press("Yes")
    assert bo.answer.form
    assert bo.answer.form.packed.startswith("!")
    await bo.fill(wish="rest")
    assert "rest (A large one, 1)" in bo.text
    assert bo.answer.replace


async def test_a_draft_older_than_a_quarter_of_an_hour_says_so(database: Database) -> None:
    clock = StillClock(NOW)
    bo = Account(desk_of(database, clock=clock), "bo")
    await bo.ask("sample.set_wish", wish="rest")
    clock.move(timedelta(minutes=16))
    await bo.press("Yes")
    assert "run the command again" in bo.text


async def test_a_refusal_is_a_private_sentence(ada: Account) -> None:
    await ada.ask("sample.set_wish", wish="refuse")
    assert "Try another." in ada.text
    assert ada.card.private


async def test_a_failure_has_one_reference_for_the_person_and_the_log(
    ada: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "bot"):
        await ada.ask("sample.set_wish", wish="explode")
    reference = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", ada.text)
    assert reference
    logged = [record.fields for record in caplog.records if record.message == "failed"]  # type: ignore[attr-defined]  # ours
    assert logged == [{"reference": reference[0], "key": "sample.set_wish"}]
    await ada.ask("sample.show_wish")
    assert "You wish: nothing" in ada.text


async def test_a_role_that_is_too_low_is_refused_and_a_high_one_passes(ada: Account, database: Database) -> None:
    await ada.ask("sample.lead")
    assert "This is for moderators" in ada.text
    await ada.ask("sample.set_wish", wish="rest")
    async with database.writing() as db:
        await db.execute(update(Membership).values(role=Role.MODERATOR))
    await ada.ask("sample.lead")
    assert "You lead." in ada.text
    elsewhere = Account(ada.desk, community="other")
    await elsewhere.ask("sample.lead")
    assert "This is for moderators" in elsewhere.text


async def test_an_admin_of_the_platform_may_lead_but_not_in_a_direct_message(desk: Dispatcher) -> None:
    await settled(Account(desk))
    await (admin := Account(desk, is_admin=True)).ask("sample.lead")
    assert "You lead." in admin.text
    await (admin := Account(desk, is_admin=True, direct=True)).ask("sample.lead")
    assert "Run it again in a channel" in admin.text


async def test_a_deadlock_is_tried_once_more(database: Database, ada: Account) -> None:
    class Locked(Exception):  # noqa: N818 - named as the drivers name theirs
        sqlstate = "40P01"
        sqlite_errorcode = 5

    feature = sample.make()
    failures = [OperationalError("select", {}, Locked())]
    command = feature.commands[0]
    original = command.handler

    async def unlucky(*args: Any, **kwargs: Any) -> Any:
        if failures:
            raise failures.pop()
        return await original(*args, **kwargs)

    feature.commands[0] = replace(command, handler=functools.wraps(original)(unlucky))
    again = Account(desk_of(database, feature=feature))
    await again.ask("sample.set_wish", wish="rest")
    assert "You wish: rest" in again.text


async def test_a_command_that_reads_cannot_write(ada: Account) -> None:
    await ada.ask("sample.sneak")
    assert "Something went wrong" in ada.text
    await ada.ask("sample.show_wish")
    assert "nothing" in ada.text


async def test_work_outside_goes_on_after_the_first_card(ada: Account) -> None:
    await ada.ask("sample.set_wish", wish="rest")
    await ada.ask("sample.fetch_wish")
    assert "Working on it." in ada.text
    assert ada.answer.then
    ada.answer = await ada.answer.then()
    assert "Fetched rest" in ada.text
    assert ada.answer.replace


async def test_support_answers_while_the_database_is_down(keyring: Keyring) -> None:
    down = Database("postgresql://nobody@127.0.0.1:9/none", keyring)
    account = Account(desk_of(down))
    await account.ask("sample.calm")
    assert "Breathe. Known: False" in account.text
    await account.ask("sample.show_wish")
    assert "reference" in account.text
    assert "[Calm]" in account.text
    await down.close()


async def test_an_edit_starts_with_what_is_there(ada: Account) -> None:
    await ada.ask("sample.set_wish", wish="rest")
    await ada.press("Change")
    assert ada.answer.form
    assert ada.answer.form.fields[0].value == "rest (A small one, 1)"
    await ada.fill(wish="sleep")
    assert "You wish: sleep" in ada.text
    assert ada.answer.replace


async def test_a_choice_on_a_card_is_a_call(ada: Account) -> None:
    await ada.ask("sample.set_wish", wish="rest")
    await ada.choose("large")
    assert "Chosen: A large one" in ada.text


async def test_suggestions_are_ones_own(ada: Account, desk: Dispatcher) -> None:
    assert await desk.complete(ada.arrival(), "sample.set_wish", "wish", "tea") == ["Ada wants tea"]
    assert await desk.complete(ada.arrival(), "sample.set_wish", "times", "1") == ()
    assert await desk.complete(ada.arrival(), "nobody.knows", "wish", "t") == ()


async def test_free_text_is_screened_before_it_goes_anywhere(ada: Account) -> None:
    await ada.ask("sample.set_wish", wish="heavy")
    assert ada.text.index("A kind word first.") < ada.text.index("You wish: heavy")


async def test_every_private_answer_carries_the_footer_once(ada: Account) -> None:
    for packed in ("sample.show_wish", "nobody.knows"):
        await ada.ask(packed)
        assert ada.text.count("[Calm]") == 1


async def test_a_member_joins_the_community_they_first_act_in(ada: Account, database: Database) -> None:
    await ada.ask("sample.set_wish", wish="rest")
    async with database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(Membership)) == 1
