"""Setting goals and seeing them move, as a conversation."""

from datetime import timedelta

import pytest

from cogs.goals.words import EXAMPLES
from tests.chat import Chat, World, settle_in
from tests.cogs.goals.talk import GYM, SET, have
from tests.platforms.plain_world import PlainChat, PlainWorld


async def test_a_goal_is_read_shown_back_and_kept(ada: Chat) -> None:
    await ada.say(SET)
    ada.see("I read this as", "Apply to 5 new job postings each week until 1 March 2027")
    assert ada.screen.private
    assert {"Looks right", "Change", "Support"} <= set(ada.screen.buttons)
    await ada.press("Looks right")
    ada.see("Your goal is set", "Apply to 5 new job postings each week until 1 March 2027", "this week")
    await ada.say("goal list")
    ada.see("One goal.", "0 of 5 this week")


async def test_it_is_set_once_however_often_that_is_pressed(bob: PlainChat) -> None:
    await bob.say(SET)
    right = bob.packed("Looks right")
    for _ in range(2):
        await bob.press_packed(right)
        bob.see("Your goal is set")
    await bob.say("goal list")
    bob.see("One goal.")


async def test_what_was_read_can_be_changed_first(ada: Chat) -> None:
    await ada.say(SET)
    await ada.press("Change")
    assert ada.screen.form is not None
    assert list(ada.screen.form) == ["what", "how_many", "how_often", "days", "until"]
    assert ada.screen.form["what"] == "apply to new job postings"
    assert ada.screen.form["how_many"] == "5"
    await ada.fill(how_many="3", how_often="month")
    ada.see("Apply to 3 new job postings each month until 1 March 2027")
    await ada.press("Looks right")
    ada.see("Your goal is set", "3 new job postings each month")


async def test_an_old_drawing_of_what_was_read_sets_nothing(bob: PlainChat) -> None:
    await bob.say(SET)
    right = bob.packed("Looks right")
    await bob.press("Change")
    await bob.fill(how_many="3")
    await bob.press_packed(right)
    bob.see("I read this as", "Apply to 3 new job postings each week")
    await bob.say("goal list")
    bob.see("No goal is set yet.")


async def test_what_is_missing_is_asked_one_thing_at_a_time(ada: Chat) -> None:
    await ada.say('goal set "apply to job postings"')
    ada.see("“apply to job postings”", "How many do you want to do?", f"For example: {EXAMPLES[0]}.")
    ada.not_see("How often", "!")
    await ada.press("Another number")
    assert ada.screen.form is not None
    assert list(ada.screen.form) == ["number"]
    await ada.fill(number="at least four")
    ada.see("How often, or by when?")
    await ada.press("Each week")
    ada.see("I read this as", "Apply to at least 4 job postings each week")


async def test_an_answer_is_asked_for_again_with_the_reason(bob: PlainChat) -> None:
    await bob.say('goal set "apply to 5 jobs until I’m hired"')
    bob.see("I know no date for “until I’m hired”.", "How often, or by when?")
    await bob.press("Another time")
    await bob.fill(time="soon")
    bob.see("“soon” is hard to count.", "How often, or by when?")
    await bob.press("Another time")
    await bob.fill(time="blue")
    bob.see("I could not read “blue” here.", "“apply to 5 jobs, soon”", "How often, or by when?")
    await bob.press("Another time")
    await bob.fill(time="each week until March 1")
    bob.see("Apply to 5 jobs each week until 1 March 2027")


async def test_a_date_that_could_be_two_is_chosen_with_one_press(ada: Chat) -> None:
    await ada.say('goal set "apply to 20 jobs by 1/3"')
    ada.see("“by 1/3” could be more than one day. Which one do you mean?")
    assert {"3 January 2027", "1 March 2027"} <= set(ada.screen.buttons)
    await ada.press("1 March 2027")
    ada.see("I read this as", "Apply to 20 jobs by 1 March 2027")


async def test_two_goals_in_one_are_told_apart_from_what_was_typed(bob: PlainChat) -> None:
    await bob.say('goal set "apply to 5 jobs a week and attend 2 events a month"')
    bob.see("That sounds like two goals.")
    await bob.press("Say what")
    assert bob.screen.form == {"thing": "apply to 5 jobs a week and attend 2 events a month"}
    await bob.fill(thing="apply to 5 jobs a week")
    bob.see("I read this as", "Apply to 5 jobs each week")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("apply to 0 jobs each week", "A goal counts from one up."),
        ("apply to 2.5 jobs each week", "I count in whole numbers, and “2.5” is none."),
        ("apply to 5000 jobs each week", "up to 1000 fit"),
        ("attend 1 fair every quarter", "“every quarter” is none of them."),
        ("apply to 20 jobs by 2026-11-01", "“by 2026-11-01” has passed."),
        ("don't check my mail each Sunday", "What would you do instead?"),
    ],
)
async def test_what_cannot_be_kept_is_refused_kindly(bob: PlainChat, text: str, reason: str) -> None:
    await bob.say(f'goal set "{text}"')
    bob.see("One thing at a time", reason, "For example: Apply to five new job postings each week.")
    bob.not_see("!")


async def test_a_form_that_contradicts_itself_names_the_field(bob: PlainChat) -> None:
    await bob.say(SET)
    for wrong, words in (
        ({"how_often": "once", "until": ""}, "What is done once needs a day."),
        ({"how_often": "weekdays"}, "Choose at least one day."),
        ({"until": "2026-11-01"}, "That day has passed"),
    ):
        await bob.press("Change")
        await bob.fill(**wrong)
        bob.see(words)
    await bob.fix(until="2027-01-31", days=("monday", "thursday"), how_often="weekdays")
    bob.see("Apply to 5 new job postings on Mondays and Thursdays until 31 January 2027")


async def test_suggestions_show_the_reading_while_one_types(bob: PlainChat) -> None:
    assert await bob.suggestions("goal set ") == list(EXAMPLES)
    assert await bob.suggestions("goal set apply to five jobs a week til march 1") == [
        "Apply to 5 jobs each week until 1 March 2027"
    ]
    assert await bob.suggestions("goal set apply to five jobs") == [
        "Apply to 5 jobs each day",
        "Apply to 5 jobs each week",
        "Apply to 5 jobs each month",
    ]
    assert await bob.suggestions("goal set read more pages") == [
        "Read pages, 1 each week",
        "Read 3 pages each week",
        "Read 5 pages each week",
        "Read 10 pages each week",
    ]
    assert await bob.suggestions("goal set apply to jobs each week") == [
        "Apply to jobs, 1 each week",
        *(f"Apply to {number} jobs each week" for number in (3, 5, 10)),
    ]


async def test_a_goal_that_was_set_is_taken_back_and_brought_back(ada: Chat) -> None:
    await have(ada)
    await ada.press("Undo")
    ada.see("Taken back", "In 24 hours it is gone for good.")
    await ada.press("Bring it back")
    ada.see("Your goal is set")


async def test_an_old_drawing_takes_nothing_back_twice(bob: PlainChat) -> None:
    await have(bob)
    undo = bob.packed("Undo")
    await bob.press_packed(undo)
    await bob.press("Bring it back")
    await bob.press_packed(undo)
    bob.see("Your goal is set")


async def test_one_press_counts_one_and_an_old_drawing_counts_nothing(ada: Chat) -> None:
    await have(ada)
    await ada.say("goal change")
    await ada.press("+1")
    ada.see("Counted: one.", "Strength: taking root")
    await ada.press("+1", old=True)
    ada.not_see("Counted")
    await ada.say("goal list")
    ada.see("1 of 5 this week")


async def test_a_log_counts_and_is_taken_back_in_place(ada: Chat) -> None:
    await have(ada)
    await ada.say("goal log count:4")
    ada.see("Counted: 4.", "Apply to 5 new job postings")
    await ada.press("Undo")
    ada.see("Taken back.")
    await ada.say("goal log postings")
    ada.see("Counted: one.")
    await ada.say("goal list")
    ada.see("1 of 5 this week")


async def test_which_goal_is_asked_where_more_than_one_fits(ada: Chat) -> None:
    await have(ada)
    await have(ada, GYM)
    await ada.say("goal log")
    ada.see("Which one do you mean?", "Apply to 5", "Go to the gym")
    await ada.say("goal log gym")
    ada.see("Counted: one.", "Go to the gym")
    await ada.say("goal log nonsense")
    ada.see("No goal here has “nonsense” in it.")
    await ada.press("All goals")
    ada.see("2 goals.")


async def test_goals_are_suggested_from_ones_own_alone(bob: PlainChat, plain: PlainWorld) -> None:
    await have(bob)
    await have(bob, GYM)
    eve = plain.person("eve")
    await settle_in(eve)
    await have(eve, 'goal set "read 10 pages a day"')
    assert await bob.suggestions("goal log gym") == ["Go to the gym, 2 times each week"]
    assert len(await bob.suggestions("goal log ")) == 2
    assert await bob.suggestions("goal resume ") == []
    await bob.say('goal pause "Go to the gym, 2 times each week"')
    assert await bob.suggestions("goal resume g") == ["Go to the gym, 2 times each week"]
    assert len(await bob.suggestions("goal log ")) == 1


async def test_a_long_goal_has_a_short_name_that_finds_it(bob: PlainChat) -> None:
    await have(bob, f'goal set "complete one course about {"very " * 15}long things by March 1"')
    (name,) = await bob.suggestions("goal log ")
    assert len(name) <= 100
    assert name.endswith("…")
    await bob.say(f'goal log "{name}"')
    bob.see("Counted: one.")


async def test_a_goal_is_changed_and_changed_back(ada: Chat) -> None:
    await have(ada)
    await ada.say("goal change")
    await ada.press("Change")
    assert ada.screen.form is not None
    assert ada.screen.form["what"] == "apply to new job postings"
    await ada.fill(what="attend meetups", how_many="2", until="")
    ada.see("Changed.", "Attend 2 meetups each week")
    ada.not_see("March")
    await ada.press("Undo")
    ada.see("It is as it was before.", "Apply to 5 new job postings each week until 1 March 2027")


async def test_a_goal_rests_goes_on_and_rests_on(ada: Chat, world: World) -> None:
    await have(ada)
    await ada.say("goal log count:5")
    ada.see("That is what you set out to do, and you did it.")
    await ada.say("goal pause")
    ada.see("It rests. Nothing is lost", "resting since")
    await ada.say("goal log")
    ada.see("No goal is under way.")
    world.move(timedelta(days=21))
    await ada.say("goal resume")
    ada.see("It goes on from where it was.", "this week")
    await ada.press("Undo")
    ada.see("It rests on, as before.", "resting since")
    await ada.press("Resume")
    ada.see("It goes on from where it was.")


async def test_a_goal_is_finished_kindly_and_taken_up_again(ada: Chat) -> None:
    await have(ada)
    await ada.say("goal log count:3")
    await ada.say("goal finish")
    ada.see("Finished", "is finished.", "You did 3 things for it.")
    ada.not_see("!")
    await ada.press("Undo")
    ada.see("It is under way again.", "this week")
    await ada.press("Finish")
    await ada.press("All goals")
    ada.see("finished on")


async def test_an_untouched_goal_is_finished_without_a_word_of_blame(bob: PlainChat) -> None:
    await have(bob)
    await bob.say("goal finish")
    bob.see("To put a goal down is a decision too.")


async def test_a_deleted_goal_is_put_back(ada: Chat) -> None:
    await have(ada)
    await ada.say("goal change")
    await ada.press("Delete")
    ada.see("is off your list")
    await ada.press("Undo")
    ada.see("It is back on your list.")


async def test_a_goal_whose_time_is_over_says_what_can_be_done(bob: PlainChat, plain: PlainWorld) -> None:
    await have(bob, 'goal set "apply to 5 jobs by Friday"')
    await bob.say("goal log count:2")
    plain.move(timedelta(days=5))
    await bob.say("goal list")
    bob.see("2 of 5 in the end")
    await bob.press("Open")
    bob.see("Its last day has passed. You can finish it, or change until when it goes.")
    assert "+1" not in bob.screen.buttons
    await bob.say("goal log")
    bob.see("Today does not count for this goal.")


async def test_a_goal_that_begins_later_waits(bob: PlainChat, plain: PlainWorld) -> None:
    await have(bob, 'goal set "apply to 5 jobs a week from December 1"')
    await bob.say("goal list")
    bob.see("begins on 1 Dec 2026")
    plain.move(timedelta(days=8))
    await bob.say("goal list")
    bob.see("0 of 5 this week")


async def test_an_application_told_to_a_goal_is_kept_and_counts_once(ada: Chat) -> None:
    await have(ada)
    await ada.say('goal log goal:"job postings" company:Acme role:Clerk')
    ada.see("Noted among your applications: Acme.", "5 new job postings")
    await ada.say("application list")
    ada.see("Acme", "Clerk")
    await ada.say("goal list")
    ada.see("1 of 5 this week")


async def test_what_an_application_needs_is_asked_where_it_is_missing(bob: PlainChat) -> None:
    await have(bob)
    await have(bob, GYM)
    for values, words in (
        ("goal:gym company:Acme", "No such goal is about applications."),
        ("goal:postings role:Clerk", "kept under its company"),
        ("goal:postings company:Acme count:2", "These are one application."),
        ("goal:postings company:Acme on:tomorrow", "That day is still to come"),
    ):
        await bob.say(f"goal log {values}")
        bob.see(words)
    await bob.say("goal list")
    bob.see("0 of 5 this week")
    await bob.say("goal log company:Acme on:yesterday")
    await bob.press("Undo")
    bob.see("The application at Acme is off your list.")
