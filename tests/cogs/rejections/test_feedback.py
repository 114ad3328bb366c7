"""Asking for feedback after a no, as a conversation, and the e-mails themselves."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import LinkButton, buttons
from cogs.rejections.drafting import LINK_LIMIT, Mail, draft
from cogs.rejections.feedback import A_WEEK
from cogs.rejections.tables import Stage
from tests.chat import Chat, World, settle_in
from tests.platforms.plain_world import PlainChat, PlainWorld

LOG = 'rejection log company:Acme stage:final role:"Shift lead"'


def link_of(chat: PlainChat) -> str:
    return next(item.url for item in buttons(chat.cards[-1]) if isinstance(item, LinkButton))


async def test_the_email_is_drafted_changed_copied_and_marked_as_sent(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection feedback")
    ada.see("Feedback from Acme", "drafted from your entry: final round")
    await ada.press("Write the e-mail")
    await ada.fill(to="Ms Lind", your_name="Ada Brook")
    ada.see("To Acme", "Dear Ms Lind,", "the role of Shift lead at Acme", "Ada Brook")
    await ada.press("Change it")
    assert ada.screen.form is not None
    assert str(ada.screen.form["body"]).startswith("Dear Ms Lind,")
    await ada.fill(subject="One question", body="Dear Ms Lind,\n\nwhat decided it?\n\nAda")
    ada.see("Changed.", "One question", "what decided it?")
    await ada.press("As a text file")
    assert ada.screen.files["feedback-request.txt"].decode() == (
        "Subject: One question\n\nDear Ms Lind,\n\nwhat decided it?\n\nAda\n"
    )
    await ada.press("I have asked")
    ada.see("Feedback from Acme", "Asked")


async def test_a_change_of_the_email_is_undone_in_place(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection feedback Acme")
    await ada.press("Write the e-mail")
    await ada.fill(your_name="Ada Brook")
    ada.see("Dear hiring team at Acme,")
    await ada.press("Change it")
    await ada.fill(body="Something else")
    ada.not_see("hiring team")
    await ada.press("Undo")
    ada.see("Dear hiring team at Acme,")


async def test_each_step_is_dated_and_undone_and_ends_in_a_lesson(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection show")
    await ada.press("Ask for feedback")
    await ada.press("I have asked")
    ada.see("Asked")
    await ada.press("They answered")
    ada.see("Answered", "kept as a lesson")
    await ada.press("It was useful")
    ada.see("Useful")
    assert "It was useful" not in ada.screen.buttons
    await ada.press("Undo")
    ada.not_see("Useful")
    assert "It was useful" in ada.screen.buttons
    await ada.press("Add a lesson")
    await ada.fill(lesson="Name the numbers")
    ada.see("Changed.", "Name the numbers")
    await ada.say("rejection feedback")
    ada.see("Answered")
    ada.not_see("kept as a lesson")


@pytest.mark.parametrize("meanwhile", ["nothing", "answered", "undone"])
async def test_a_week_later_it_is_asked_what_came_of_it(world: World, ada: Chat, direct: Chat, meanwhile: str) -> None:
    await ada.say(LOG)
    await ada.say("rejection feedback")
    await ada.press("I have asked")
    ada.see("I ask you what came of it")
    if meanwhile != "nothing":
        await ada.press({"answered": "They answered", "undone": "Undo"}[meanwhile])
    await world.wait_for(A_WEEK - timedelta(hours=1))
    await direct.wait()
    direct.not_see("What came of it?")
    await world.wait_for(timedelta(hours=1))
    await direct.wait()
    if meanwhile != "nothing":
        direct.not_see("What came of it?")
        return
    direct.see("What came of it?", "A week ago you asked Acme for feedback.")
    await direct.press("They answered")
    direct.see("Answered", "kept as a lesson")


async def test_who_takes_no_direct_messages_is_offered_them_and_may_choose_them_meanwhile(
    world: World, ada: Chat
) -> None:
    await ada.say(LOG)
    await ada.say("rejection feedback")
    await ada.press("I have asked")
    ada.see("I can ask you after a week")
    await ada.press("Write to me there")
    direct = world.person("ada", direct=True)
    await direct.wait()
    await world.wait_for(A_WEEK + timedelta(days=1))
    await direct.wait()
    direct.see("A week ago you asked Acme for feedback.")


async def test_a_deleted_entry_is_not_asked_about(world: World, ada: Chat, direct: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection feedback")
    await ada.press("I have asked")
    await ada.say("rejection log company:Globex stage:final")
    await ada.say("rejection feedback Globex")
    await ada.press("I have asked")
    await ada.say("rejection show Acme")
    await ada.press("Delete")
    await world.wait_for(A_WEEK)
    await direct.wait()
    direct.see("you asked Globex")
    direct.not_see("Acme")


async def test_after_a_long_absence_nothing_old_is_asked(world: World, ada: Chat, direct: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection feedback")
    await ada.press("I have asked")
    await world.wait_for(2 * A_WEEK)
    await direct.wait()
    direct.not_see("What came of it?")


@pytest.mark.parametrize("surface", ["discord", "slack over a socket"], indirect=True)
async def test_where_no_button_opens_an_email_the_card_says_what_to_do(ada: Chat) -> None:
    await ada.say(LOG)
    await ada.say("rejection feedback")
    await ada.press("Write the e-mail")
    await ada.fill(your_name="Ada")
    ada.see("Open as an e-mail", "copy the words into a new e-mail")
    ada.not_see("subject=", "%20")


async def test_the_link_says_what_the_card_says(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say('rejection log company:"Smith & Söhne" stage:no_reply')
    await ada.say("rejection feedback")
    await ada.press("Write the e-mail")
    await ada.fill(to="Jo & Ed?", your_name="Ada #1")
    parts = parse_qs(urlsplit(link_of(ada)).query)
    assert parts["subject"] == ["A question about my application at Smith & Söhne"]
    assert parts["body"][0].startswith("Dear Jo & Ed?,\r\n\r\n")
    assert parts["body"][0].endswith("Kind regards,\r\nAda #1")


async def test_a_text_too_long_for_a_link_leaves_it_to_be_pasted(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    await ada.say("rejection feedback")
    await ada.press("Write the e-mail")
    await ada.fill(your_name="Ada")
    ada.not_see("too long for a link")
    await ada.press("Change it")
    await ada.fill(body="ö" * 1500)
    ada.see("too long for a link")
    assert "body" not in parse_qs(urlsplit(link_of(ada)).query)


async def test_ones_own_name_is_offered_and_nothing_of_the_email_is_kept(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    await ada.say("rejection feedback")
    await ada.press("Write the e-mail")
    assert ada.screen.form is not None
    assert ada.screen.form["your_name"] == "Ada"
    await ada.fill(to="Ms Lind")
    plain.move(timedelta(minutes=16))
    await ada.press("Change it")
    ada.see("is gone. It can be written again.")
    await ada.press("Write it again")
    assert ada.screen.form is not None
    assert not ada.screen.form["to"]


async def test_old_drawings_take_no_step_and_undo_none(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    await ada.say("rejection feedback")
    asked = ada.packed("I have asked")
    await ada.press("I have asked")
    undo = ada.packed("Undo")
    await ada.press("They answered")
    for old in (asked, undo, asked.replace("asked", "useful")):
        await ada.press_packed(old)
        ada.see("Asked", "Answered")
        assert "It was useful" in ada.screen.buttons


async def test_a_strangers_press_changes_nothing_and_tells_nothing(plain: PlainWorld) -> None:
    ada, eve = plain.person("ada"), plain.person("eve", community="other")
    await settle_in(ada)
    await settle_in(eve)
    await ada.say(LOG)
    await ada.say("rejection show")
    labels = ["Ask for feedback"]
    await ada.press("Ask for feedback")
    await ada.press("Write the e-mail")
    await ada.fill(to="Ms Lind")
    labels += ["Change it", "As a text file", "I have asked"]
    drawn = [ada.packed(label) for label in labels]
    await ada.press("I have asked")
    drawn.append(ada.packed("Undo"))
    for packed in drawn:
        await eve.press_packed(packed)
        eve.see("This is no longer here, so nothing was changed.")
    await ada.say("rejection feedback")
    ada.see("Asked")


async def test_a_draft_is_about_its_own_entry_alone(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    for company in ("Acme", "Beta"):
        await ada.say(f"rejection log company:{company} stage:final")
        await ada.say(f"rejection feedback {company}")
        await ada.press("Write the e-mail")
        await ada.fill(your_name="Ada")
    key, entry, _ = ada.packed("As a text file").split(":")
    await ada.say("rejection show Acme")
    await ada.press("Add a lesson")
    await ada.fill(lesson="Ask first")
    foreign = ada.packed("Undo").split(":")[2]
    await ada.press_packed(f"{key}:{entry}:{foreign}")
    ada.see("is gone. It can be written again.")


async def test_a_deleted_entry_asks_for_no_feedback(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    await ada.say(LOG)
    await ada.say("rejection show")
    await ada.press("Delete")
    await ada.press("Ask for feedback", old=True)
    ada.see("This is no longer here")


async def test_a_name_that_fits_several_or_none_leads_to_the_entries(plain: PlainWorld) -> None:
    ada = plain.person("ada")
    await settle_in(ada)
    for line in ("rejection feedback", "rejection reflect"):
        await ada.say(line)
        ada.see("Nothing is written down yet.")
    await ada.say("rejection log company:Beta stage:final")
    await ada.say("rejection log company:Betamax stage:final")
    for line in ("rejection feedback bet", "rejection reflect bet"):
        await ada.say(line)
        ada.see("Which one do you mean?")


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_its_own_letter_that_fits_a_link(stage: Stage) -> None:
    mail = draft(stage=stage, company="Acme", role="Shift lead", interviewer="Ms Lind", name="Ada")
    bare = draft(stage=stage, company="Acme", role=None, interviewer=None, name=None)
    others = [draft(stage=each, company="Acme", role=None, interviewer=None, name=None) for each in Stage]
    assert mail.fits_link
    assert "$" not in mail.text + bare.text
    assert "!" not in mail.text
    assert "None" not in bare.text
    assert [each.body for each in others].count(bare.body) == 1


@given(st.text(), st.text())
def test_a_link_holds_exactly_what_was_written_and_is_never_too_long(subject: str, body: str) -> None:
    mail = Mail(subject, body)
    parts = parse_qs(urlsplit(mail.link).query, keep_blank_values=True)
    assert parts["subject"] == [subject.replace("\n", "\r\n")]
    assert parts.get("body", [""]) == ([body.replace("\n", "\r\n")] if mail.fits_link else [""])
    assert not mail.fits_link or len(mail.link) <= LINK_LIMIT


@given(st.text(max_size=80), st.text(max_size=80))
def test_what_people_wrote_is_never_read_as_a_template(company: str, name: str) -> None:
    mail = draft(stage=Stage.FINAL, company=company, role=f"$role {company}", interviewer="$name", name=name)
    assert f"$role {company}" in mail.body
    assert mail.body.startswith("Dear $name,")
