"""How a rejection is answered, and how an entry reads."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.cards import Card, Element, Note, Shape, Text, Tone, Typed, When, Words, say
from cogs.rejections.service import Content
from cogs.rejections.tables import Feeling, Rejection, Stage

INTENSITIES: Final = ("1 light", "2 a little", "3 medium", "4 heavy", "5 very heavy")
ANSWERS: Final[Mapping[Stage, str]] = {
    Stage.NO_REPLY: "No word from {company}. Silence is hard to put down, because nothing marks its end.",
    Stage.SCREENING: "{company} said no at the screening. They had read about you by then, and had not met you.",
    Stage.FIRST_INTERVIEW: "{company} said no after a first interview. A no lands closer once you have talked.",
    Stage.FINAL: "{company} said no in the final round. You went a long way there, and that makes it heavier.",
    Stage.OFFER_WITHDRAWN: "{company} took back an offer. You had good reason to count on it.",
}


def not_kept(content: Content) -> Card:
    how = say("Lists, lessons and undo need kept entries. To keep them, run {it}.", it=Typed("settings"))
    return Card(
        (*kind_words(content), Text(say("Nothing of this was kept, as you chose.")), Note(how)),
        title=say("I have read it"),
        tone=Tone.CALM,
    )


def kind_words(content: Content) -> Sequence[Element]:
    words = Text(Words(ANSWERS[content.stage], {"company": content.company}))
    if not content.feelings:
        return (words,)
    felt = say("You noted: {feelings}. There is room for that here.", feelings=labels(content.feelings))
    return (words, Text(felt))


def remembered(entry: Rejection) -> Element:
    day, lesson = When(entry.created_at, Shape.DATE), entry.lesson or ""
    words = "Your own lesson of {day}, after {company}: {lesson}"
    return Text(say(words, day=day, company=entry.company, lesson=lesson))


def labels(feelings: Sequence[Feeling]) -> str:
    return ", ".join(feeling.label.lower() for feeling in feelings)


def weight_of(entry: Rejection) -> str | None:
    return INTENSITIES[entry.intensity - 1] if entry.intensity else None
