"""Events and courses as conversations, on every platform; what is about no drawing, at the machine alone."""

from tests.chat import Chat
from tests.cogs.goals.talk import have
from tests.platforms.plain_world import PlainChat

EVENTS = 'goal set "Attend at least two networking events per month"'
COURSES = 'goal set "Complete one online course related to my field within the next two months"'
FAIR = 'network event event:"Job fair" met:"Ms Reyes" next_step:"Write to her"'


async def test_an_event_moves_its_goal_and_is_found_again(ada: Chat) -> None:
    await have(ada, EVENTS)
    ada.see("It moves by itself with", "network event")
    await ada.say(FAIR)
    ada.see("You were there", "Ms Reyes", "Write to her", "networking events")
    await ada.say("goal list")
    ada.see("1 of 2 this month")
    await ada.say("network list")
    ada.see("One.", "Job fair")
    await ada.press("Open")
    await ada.press("Delete")
    ada.see("The event is off your list", "networking events")
    await ada.press("Bring it back")
    ada.see("It is back on your list", "Job fair", "networking events")


async def test_a_course_is_noted_changed_and_put_back(ada: Chat) -> None:
    await ada.say("course list")
    ada.see("No course is noted yet")
    await ada.press("Note a course")
    await ada.fill(course="Excel basics", provider="The city library")
    ada.see("You saw it through", "The city library")
    await ada.press("Edit")
    await ada.fill(name="Excel for teams", people="")
    ada.see("Changed.", "Excel for teams")
    ada.not_see("The city library")
    await ada.press("Undo")
    ada.see("as it was before", "Excel basics", "The city library")
    await ada.say("course list")
    ada.see("Excel basics", "One.")


async def test_a_course_moves_its_goal_until_it_is_taken_back(bob: PlainChat) -> None:
    await have(bob, COURSES)
    for press, state in (("", "1 of 1 so far"), ("Undo", "0 of 1 so far"), ("Bring it back", "1 of 1 so far")):
        await (bob.press(press) if press else bob.say('course log "Excel basics"'))
        step = bob.cards[-1]
        await bob.say("goal list")
        bob.see(state)
        bob.cards.append(step)


async def test_another_day_counts_where_it_belongs(bob: PlainChat) -> None:
    await have(bob, EVENTS)
    await bob.say(FAIR)
    await bob.press("Edit")
    await bob.fill(on="2026-10-30")
    await bob.say("goal list")
    bob.see("0 of 2 this month")
    await bob.press("Undo")
    bob.see("as it was before")
    await bob.say("goal list")
    bob.see("1 of 2 this month")


async def test_a_day_to_come_is_refused_and_can_be_corrected(ada: Chat) -> None:
    await ada.say('course log course:"Excel basics" on:tomorrow')
    ada.see("That day is still to come")
    await ada.fix(on="yesterday")
    ada.see("You saw it through")


async def test_an_old_drawing_changes_nothing(bob: PlainChat) -> None:
    await bob.say(FAIR)
    undo = bob.packed("Undo")
    await bob.press("Edit")
    await bob.fill(name="Career fair")
    await bob.press_packed(undo)
    bob.see("Career fair")
    bob.not_see("off your list")


async def test_the_form_speaks_of_what_it_is_about(bob: PlainChat) -> None:
    await bob.say('course log "Excel basics"')
    await bob.press("Edit")
    form = bob.answer.form
    assert form
    assert [field.ask.label for field in form.fields] == [
        "Which course?",
        "When did you finish it?",
        "Who gave it?",
        "One next step",
    ]


async def test_the_page_of_ones_progress_counts_both(ada: Chat) -> None:
    await ada.say(FAIR)
    for _ in range(2):
        await ada.say('course log "Excel basics"')
    await ada.say("progress")
    ada.see("In the last 12 weeks you went to one event and you finished 2 courses.")


async def test_a_long_list_has_pages(bob: PlainChat) -> None:
    for number in range(6):
        await bob.say(f'network event "Meetup {number}"')
    await bob.say("network list")
    bob.see("6 in all, page 1 of 2.")
    await bob.press("Older")
    bob.see("page 2 of 2", "Meetup")
    await bob.press("Newer")
    bob.see("page 1 of 2")
