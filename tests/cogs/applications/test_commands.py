"""Logging an application, moving it on, and taking it along, as a conversation."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta

import pytest

from bot.call import Call
from bot.cards import Element, Progress, Text, say
from bot.events import Deed, Done, Undone
from bot.feature import Feature
from bot.loader import discover
from db.keyring import Keyring
from tests.chat import Chat, World, settle_in
from tests.platforms.plain_world import PlainChat, PlainWorld, plain_world

LOG = 'application log company:Acme role:"Shift lead" found:"Their website" method:email'


async def member(world: PlainWorld, name: str = "ada", community: str = "main") -> PlainChat:
    chat = world.person(name, community=community)
    await settle_in(chat)
    return chat


def progress_of(chat: PlainChat) -> list[tuple[int, int]]:
    """The bars of the newest card."""
    return [(each.value, each.total) for each in chat.cards[-1].body if isinstance(each, Progress)]


class Counting:
    """A feature that listens, as goals do."""

    def __init__(self) -> None:
        self.heard: list[Done | Undone] = []
        self.feature = Feature("counting", "Counts what is done.")

        @self.feature.listen(Done)
        async def done(_: Call, event: Done) -> Sequence[Element]:
            self.heard.append(event)
            return (Text(say("{deed}: counted.", deed=event.deed.label)),)

        @self.feature.listen(Undone)
        async def undone(_: Call, event: Undone) -> Sequence[Element]:
            self.heard.append(event)
            return (Text(say("Taken off the count.")),)


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
async def counted(sqlite_url: str, keyring: Keyring, counting: Counting) -> AsyncIterator[PlainWorld]:
    """The machine with all features, and one more that listens to them."""
    features = [feature for feature in discover() if feature.name != "goals"]
    async with plain_world(sqlite_url, keyring=keyring, features=[*features, counting.feature]) as running:
        yield running


async def test_a_log_is_answered_privately_with_what_was_noted(ada: Chat) -> None:
    await ada.say(LOG)
    ada.see("Noted. You sent one out.", "Acme", "Shift lead", "Their website", "E-mail", "Applied", "23 Nov 2026")
    ada.not_see("!")
    assert ada.screen.private
    assert {"Undo", "Edit", "Contact and notes", "All applications"} <= set(ada.screen.buttons)


async def test_without_words_the_form_asks_five_things_and_needs_one(ada: Chat) -> None:
    await ada.say("application log")
    assert ada.screen.form is not None
    assert list(ada.screen.form) == ["company", "role", "found", "method", "on"]
    await ada.fill(company="Acme", on="2026-11-20")
    ada.see("Acme", "20 Nov 2026")


async def test_a_log_is_taken_back_once_and_brought_back_once(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.press("Undo")
    ada.see("Taken back", "In 24 hours it is gone for good.")
    await ada.press("Undo", old=True)
    ada.see("Taken back")
    await ada.press("Bring it back")
    ada.see("It is back on your list.")
    await ada.say("application list")
    ada.see(": one.")


async def test_a_stage_is_one_choice_has_its_day_and_an_undo(ada: Chat, world: World) -> None:
    await ada.say(LOG)
    world.move(timedelta(days=3))
    await ada.say("application show acme")
    await ada.choose("What happened?", "First interview")
    ada.see("It is now here: First interview.", "What happened", "Applied", "26 Nov 2026")
    await ada.press("Another day")
    await ada.fill(on="2026-11-25")
    ada.see("It was on 25 Nov 2026.")
    await ada.press("Undo")
    ada.see("It is as it was before.", "26 Nov 2026")
    ada.not_see("25 Nov 2026")
    await ada.choose("What happened?", "Offer")
    ada.see("An offer. It is yours to weigh now")
    await ada.press("Undo")
    ada.see("It is as it was before.", "First interview")
    ada.not_see("Offer")


async def test_an_old_drawing_changes_nothing(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.choose("What happened?", "Screening")
    await ada.press("Undo")
    await ada.press("Undo", old=True)
    ada.see("Applied")
    ada.not_see("Taken back")


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("application log company:Acme on:tomorrow", "That day is still to come."),
        ("application log company:Acme on:0206-11-20", "Check the year."),
        ("application log company:Acme method:pigeon", "Choose one of: Online form"),
    ],
)
async def test_a_wrong_field_is_named_and_what_was_typed_is_kept(plain: PlainWorld, line: str, refused: str) -> None:
    ada = await member(plain)
    await ada.say(line)
    ada.see(refused)
    await ada.fix(on="2026-11-23", method="email")
    ada.see("Noted. You sent one out.", "Acme")


async def test_the_days_of_a_history_stay_in_order(plain: PlainWorld) -> None:
    ada = await member(plain)
    await ada.say("application log company:Acme on:2026-11-20")
    await ada.choose("What happened?", "Screening")
    await ada.press("Another day")
    await ada.fill(on="2026-11-19")
    ada.see("The step before it was on 20 Nov 2026.")
    await ada.fix(on="2026-11-21")
    await ada.press("Edit")
    await ada.fill(on="2026-11-22")
    ada.see("It had moved on by 21 Nov 2026.")
    await ada.fix(on="2026-11-21")
    ada.see("Changed.")


async def test_an_edit_starts_filled_and_is_undone_in_place(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.press("Edit")
    assert ada.screen.form is not None
    assert ada.screen.form["role"] == "Shift lead"
    await ada.fill(company="Beta", on="2026-11-01")
    ada.see("Changed.", "Beta", "1 Nov 2026", "Shift lead")
    await ada.press("Undo")
    ada.see("It is as it was before.", "Acme", "23 Nov 2026")
    await ada.press("Contact and notes")
    await ada.fill(contact="Ms Reyes", notes="Kind on the phone")
    ada.see("Ms Reyes", "Kind on the phone")
    await ada.press("Undo")
    ada.not_see("Ms Reyes")


async def test_the_list_counts_stages_apart_and_shows_five_a_page(ada: Chat, world: World) -> None:
    for number in range(1, 8):
        world.move(timedelta(hours=1))
        await ada.say(f"application log company:Company{number}")
    await ada.choose("What happened?", "No reply")
    await ada.say("application list")
    ada.see("Applied", "No reply", "7, page 1 of 2.", "Company7", "Company3")
    ada.not_see("Company2", "Rejected")
    await ada.press("Older")
    ada.see("Company2", "page 2 of 2")
    assert "Older" not in ada.screen.buttons
    await ada.press("Newer")
    await ada.press("Open")
    assert "Edit" in ada.screen.buttons
    await ada.press("All applications")
    ada.see("page 1 of 2")
    await ada.say("application list closed")
    ada.see("Closed: one.", "Company7")
    ada.not_see("Company6")


async def test_an_empty_list_says_what_to_do(ada: Chat) -> None:
    for line in ("application list", "application show"):
        await ada.say(line)
        ada.see("Nothing is noted yet.")
        assert "Log an application" in ada.screen.buttons
    await ada.say("application export")
    ada.see("Nothing was noted for these days.")


async def test_show_finds_the_latest_a_name_or_several(ada: Chat) -> None:
    for company in ("Acme", "Beta", "Betamax"):
        await ada.say(f"application log company:{company}")
    await ada.say("application show acm")
    assert "Edit" in ada.screen.buttons
    await ada.say("application show bet")
    ada.see("Which one do you mean?", "Beta", "Betamax")
    await ada.say("application show Gamma")
    ada.see("No application of yours is called Gamma.")
    await ada.press("All applications")
    ada.see("All: 3.")


async def test_companies_and_applications_are_suggested_from_ones_own_alone(plain: PlainWorld) -> None:
    ada, bo = await member(plain), await member(plain, "bo")
    for chat, company in ((ada, "Acme"), (ada, "Old Acme"), (ada, "Beta"), (bo, "Acme of Bo")):
        await chat.say(f'application log company:"{company}"')
    assert await ada.suggestions("application log acm") == ["Acme", "Old Acme"]
    assert await ada.suggestions("application show bet") == ["Beta · 23 Nov 2026"]
    await ada.say('application show "Beta · 23 Nov 2026"')
    ada.see("Beta")


async def test_a_quiet_one_is_asked_about_and_one_press_closes_it_without_a_reply(ada: Chat, world: World) -> None:
    await ada.say("application log company:Acme")
    await ada.say("application log company:Beta")
    await ada.say("application list")
    ada.not_see("Heard back?")
    world.move(timedelta(days=21))
    await ada.say("application list")
    ada.see("since 23 Nov 2026. Heard back?", "One more is as quiet.")
    await ada.press("No reply")
    ada.see("It is closed without a reply. That is counted apart from rejections.")
    await ada.press("Undo")
    ada.see("It is as it was before.")
    await ada.say("application list")
    await ada.press("Nothing new yet")
    ada.see("I ask again after three more weeks.", "Nothing new yet")
    await ada.say("application list")
    ada.not_see("One more is as quiet")
    await ada.press("Heard back")
    ada.see("What did you hear?")
    await ada.choose("What happened?", "Rejected")
    ada.see("It is closed as a rejection.", "rejection log")
    await ada.say("application list")
    ada.not_see("Heard back?")


async def test_a_rejection_offers_to_close_the_one_application_it_may_mean(ada: Chat) -> None:
    await ada.say('application log company:"Acme Ltd"')
    await ada.say('rejection log company:"acme  ltd" stage:final')
    ada.see("Written down", "Your application at Acme Ltd of 23 Nov 2026 is still open.")
    await ada.press("3 medium")
    ada.see("Noted: 3 medium.", "is still open")
    await ada.press("Close the application")
    ada.see("It is closed as a rejection.", "Rejected")
    ada.not_see("To write down how it felt")
    await ada.press("Undo")
    ada.see("It is as it was before.", "Applied")
    await ada.say('rejection log company:"Acme Ltd" stage:no_reply')
    await ada.press("Close the application")
    ada.see("It is closed without a reply.", "No reply")
    await ada.say('rejection log company:"Acme Ltd" stage:final')
    ada.not_see("is still open")


async def test_a_rejection_offers_nothing_where_it_may_mean_several_or_somebody_elses(plain: PlainWorld) -> None:
    ada, bo = await member(plain), await member(plain, "bo")
    await ada.say("application log company:Acme")
    await bo.say("rejection log company:Acme stage:final")
    bo.not_see("is still open")
    await ada.say("application log company:Acme")
    await ada.say("rejection log company:Acme stage:final")
    ada.not_see("is still open")


async def test_what_is_done_is_announced_once_and_taken_back(counted: PlainWorld, counting: Counting) -> None:
    ada = await member(counted)
    await ada.say("application log company:Acme on:2026-11-20")
    ada.see("Applications: counted.")
    (applied,) = counting.heard
    assert isinstance(applied, Done)
    assert (applied.deed, applied.on) == (Deed.APPLICATION, date(2026, 11, 20))
    await ada.choose("What happened?", "Screening")
    counted.move(timedelta(days=2))
    await ada.choose("What happened?", "Final")
    ada.see("Interviews: counted.")
    met = counting.heard[-1]
    assert isinstance(met, Done)
    assert (len(counting.heard), met.deed, met.on) == (2, Deed.INTERVIEW, date(2026, 11, 25))
    await ada.press("Another day")
    await ada.fill(on="2026-11-24")
    assert counting.heard[2:] == [Undone(met.source), Done(Deed.INTERVIEW, met.source, date(2026, 11, 24))]
    await ada.press("Delete")
    ada.see("Taken off the count.")
    assert counting.heard[4:] == [Undone(applied.source), Undone(met.source)]
    await ada.press("Bring it back")
    assert counting.heard[6:] == [applied, Done(Deed.INTERVIEW, met.source, date(2026, 11, 24))]


async def test_an_undone_interview_and_a_changed_day_are_announced(counted: PlainWorld, counting: Counting) -> None:
    ada = await member(counted)
    await ada.say("application log company:Acme")
    await ada.press("Edit")
    await ada.fill(on="2026-11-20")
    applied = counting.heard[0]
    assert isinstance(applied, Done)
    assert counting.heard[1:] == [Undone(applied.source), Done(Deed.APPLICATION, applied.source, date(2026, 11, 20))]
    await ada.press("Undo")
    assert counting.heard[3:] == [Undone(applied.source), applied]
    await ada.press("Contact and notes")
    await ada.fill(contact="Ms Reyes")
    await ada.choose("What happened?", "First")
    met = counting.heard[5]
    assert isinstance(met, Done)
    await ada.press("Undo")
    assert counting.heard[6:] == [Undone(met.source)]


async def test_a_goal_about_applications_moves_with_them(plain: PlainWorld) -> None:
    ada = await member(plain)
    await ada.say('goal set "Apply to five new job postings each week"')
    await ada.press("Looks right")
    shown: list[tuple[int, int]] = []
    await ada.say("application log company:Acme")
    for label in ("Undo", "Bring it back"):
        shown += progress_of(ada)
        await ada.press(label)
    shown += progress_of(ada)
    assert shown == [(1, 5), (0, 5), (1, 5)]


async def test_several_interviews_that_come_back_show_once_where_things_stand(
    counted: PlainWorld, counting: Counting
) -> None:
    ada = await member(counted)
    await ada.say("application log company:Acme")
    for stage in ("First", "Final", "Offer"):
        await ada.choose("What happened?", stage)
    await ada.press("Delete")
    await ada.press("Bring it back")
    assert len(counting.heard) == 3 * 3
    assert ada.screen.text.count("Interviews: counted.") == 1
