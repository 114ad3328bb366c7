"""Looking back at a no, as a conversation."""

from datetime import timedelta
from itertools import combinations

import pytest

from bot.loader import HINT_LIMIT, LABEL_LIMIT
from cogs.rejections.reflect import ANSWER_LIMIT, LABELS, questions
from cogs.rejections.tables import Feeling, Outside, Rejection, Stage
from tests.chat import Chat, World, settle_in
from tests.platforms.plain_world import PlainChat, PlainWorld

LOG = "rejection log company:Acme stage:final"


async def looked_back(chat: Chat) -> None:
    await chat.say(LOG)
    await chat.say("rejection reflect")
    await chat.press("Look back")
    await chat.fill(prepared="I read their reports", outside=("timing", "many"))


def asked(chat: PlainChat) -> dict[str, str]:
    assert chat.answer.form is not None
    return {field.name: field.ask.label for field in chat.answer.form.fields}


async def test_the_answers_come_back_beside_the_facts_of_the_entry(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection reflect")
    ada.see("Looking back at Acme", "each may stay empty")
    await ada.press("Look back")
    assert ada.screen.form is not None
    assert list(ada.screen.form) == [*LABELS, "outside"]
    await ada.fill(prepared="I read their reports", outside=("timing", "many"))
    ada.see("Written down.", "Preparing", "I read their reports", "Acme met you, and asked you back")
    ada.see("2 things that were not yours to decide: very many people applied; the timing.")
    ada.not_see("!", "Your story")


async def test_no_answers_are_no_entry(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection reflect")
    await ada.press("Look back")
    await ada.fill()
    ada.see("Nothing was written, so nothing is kept.")
    await ada.say("rejection reflect")
    ada.see("each may stay empty")


async def test_what_was_written_is_taken_back_in_place_and_brought_back(ada: Chat) -> None:
    await looked_back(ada)
    await ada.press("Undo")
    ada.see("In 24 hours it is gone for good.")
    await ada.press("Undo")
    ada.see("It is back.", "I read their reports")


async def test_a_change_starts_filled_and_is_undone_in_place(ada: Chat) -> None:
    await looked_back(ada)
    await ada.say("rejection show")
    await ada.press("Reflect")
    ada.see("I read their reports")
    await ada.press("Change")
    assert ada.screen.form is not None
    assert ada.screen.form["prepared"] == "I read their reports"
    assert set(ada.screen.form["outside"]) == {"timing", "many"}
    await ada.fill(prepared="I read nothing", story="Too long", outside=())
    ada.see("Changed.", "I read nothing", "Too long")
    ada.not_see("not yours to decide")
    await ada.press("Undo")
    ada.see("It is as it was before.", "I read their reports", "the timing")
    ada.not_see("Too long")


async def test_delete_is_undone_in_place(ada: Chat) -> None:
    await looked_back(ada)
    await ada.say("rejection reflect")
    await ada.press("Delete")
    ada.see("off the entry")
    await ada.say("rejection reflect")
    ada.see("each may stay empty")
    await ada.press("Undo")
    ada.see("It is back.", "I read their reports")


async def test_emptied_answers_are_a_deletion_that_is_undone(ada: Chat) -> None:
    await looked_back(ada)
    await ada.press("Change")
    await ada.fill(prepared="", outside=())
    ada.see("off the entry")
    await ada.press("Undo")
    ada.see("I read their reports")


async def test_a_lesson_goes_on_a_checklist_with_one_choice(ada: Chat) -> None:
    await looked_back(ada)
    await ada.press("Add a lesson")
    await ada.fill(lesson="Prepare the numbers")
    ada.see("Changed.", "Prepare the numbers")
    await ada.choose("Put it on a checklist", "Interview")
    ada.see("On your checklist: Interview", "Prepare the numbers")
    await ada.say("lessons list")
    ada.see("Interview: 0 of 1 done", "Prepare the numbers")


async def test_questions_fit_the_stage_and_the_feelings(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    seen = {}
    for stage, feelings in (
        ("no_reply", ""), ("screening", "sad"), ("first_interview", "tired"), ("final", "anxious,angry"),
        ("offer_withdrawn", "hopeful"),
    ):  # fmt: skip
        await ada.say(f'rejection log company:{stage} stage:{stage} feelings:"{feelings}"')
        await ada.say("rejection reflect")
        await ada.press("Look back")
        seen[stage] = asked(ada)
        plain.move(timedelta(minutes=1))
    assert list(seen["no_reply"]) == ["requirements", "prepared", "story", "outside"]
    assert seen["no_reply"]["requirements"] == "Did the posting fit what you can do?"
    assert seen["screening"]["story"] == "Which part of your story went well?"
    assert list(seen["first_interview"]) == ["prepared", "story", "unexpected", "outside"]
    assert seen["first_interview"]["unexpected"] == "Which questions did you not expect?"
    assert seen["final"]["prepared"] == "What preparing helped, even a little?"
    assert seen["final"]["story"] == "What did they not get to see of you?"
    assert list(seen["offer_withdrawn"]) == ["story", "unexpected", "outside"]


@pytest.mark.parametrize("stage", Stage)
def test_every_pair_of_feelings_leaves_questions_that_fit_a_form(stage: Stage) -> None:
    for pair in combinations(Feeling, 2):
        chosen = questions(Rejection(stage=stage, felt=",".join(pair)))
        asks = [ask for ask in chosen.values() if ask is not None]
        assert len([name for name in LABELS if chosen.get(name, name) is not None]) >= 2
        assert all(len(ask.label) <= LABEL_LIMIT and len(ask.hint) <= HINT_LIMIT for ask in asks)


async def test_what_is_not_asked_again_stays(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    await ada.say("rejection reflect")
    await ada.press("Look back")
    await ada.fill(requirements="They wanted nights")
    await ada.say("rejection show")
    await ada.press("Edit")
    await ada.fill(feelings=("tired",))
    await ada.press("Reflect")
    await ada.press("Change")
    assert "requirements" not in asked(ada)
    await ada.fill(story="It was fine")
    ada.see("They wanted nights", "It was fine")


async def test_a_heavy_no_may_wait(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    await ada.press("4 heavy")
    await ada.say("rejection reflect")
    ada.see("You noted it as heavy. This can wait")


async def test_a_strangers_press_changes_nothing_and_tells_nothing(plain: PlainWorld) -> None:
    ada, eve = plain.person("ada"), plain.person("eve", community="other")
    await settle_in(ada)
    await settle_in(eve)
    await looked_back(ada)
    drawn = [ada.packed(label) for label in ("Undo", "Change", "The entry")]
    await ada.press("Change")
    await ada.fill(prepared="Nothing")
    drawn.append(ada.packed("Undo"))
    await ada.say("rejection show")
    drawn.append(ada.packed("Reflect"))
    await ada.press("Reflect")
    drawn.append(ada.packed("Delete"))
    for packed in drawn:
        await eve.press_packed(packed)
        eve.see("This is no longer here, so nothing was changed.")
    await ada.press("Delete")
    await eve.press_packed(ada.packed("Undo"))
    eve.see("This is no longer here")
    await ada.say("rejection reflect")
    ada.see("each may stay empty")


async def test_old_drawings_change_nothing(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await looked_back(ada)
    first = ada.packed("Undo")
    await ada.press("Change")
    await ada.fill(prepared="Newer")
    second = ada.packed("Undo")
    await ada.press("Change")
    await ada.fill(prepared="Newest")
    for old in (first, second):
        await ada.press_packed(old)
        ada.see("Newest")


async def test_a_draft_of_another_reflection_is_not_written_here(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    undo = []
    for company in ("Acme", "Beta"):
        await ada.say(f"rejection log company:{company} stage:final")
        await ada.say(f"rejection reflect {company}")
        await ada.press("Look back")
        await ada.fill(prepared=f"From {company}")
        await ada.press("Change")
        await ada.fill(prepared="Changed")
        undo.append(ada.packed("Undo").split(":"))
    await ada.press_packed(":".join([*undo[0][:2], *undo[1][2:]]))
    ada.see("This is no longer here")
    await ada.say("rejection reflect Acme")
    ada.see("Changed")


async def test_one_reflection_at_a_time_also_after_undo(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await looked_back(ada)
    await ada.press("Undo")
    undo = ada.packed("Undo")
    await ada.say("rejection reflect")
    await ada.press("Look back")
    await ada.fill(story="A new look")
    await ada.press_packed(undo)
    ada.see("A new look")
    ada.not_see("I read their reports")


async def test_the_longest_answers_are_drawn_everywhere(world: World) -> None:
    ada = world.person("ada")
    await settle_in(ada)
    await ada.say(f'rejection log company:"{"*" * 80}" stage:final')
    await ada.say("rejection reflect")
    await ada.press("Look back")
    await ada.fill(**dict.fromkeys(LABELS, "*" * ANSWER_LIMIT), outside=tuple(Outside))
    ada.see("Written down.", "9 things")
    await ada.press("Change")
    await ada.fill(story="_" * ANSWER_LIMIT)
    ada.see("Changed.")


async def test_the_best_lesson_is_on_ones_own_page(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    for company, stage, lesson in (
        ("Acme", "final", "From the final"), ("Beta", "screening", "From the screening"), ("Gamma", "final", ""),
    ):  # fmt: skip
        plain.move(timedelta(minutes=1))
        await ada.say(f"rejection log company:{company} stage:{stage}")
        if lesson:
            await ada.press("Add a lesson")
            await ada.fill(lesson=lesson)
    await ada.look_home()
    ada.see("A lesson of yours", "after Acme: From the final")
    ada.not_see("From the screening")
