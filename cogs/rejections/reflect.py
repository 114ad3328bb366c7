"""Looking back at a no: a few questions that fit it, what was outside one's control, and the lessons kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from bot.acts import Filling, Needs
from bot.call import Call
from bot.cards import (
    Actions,
    Card,
    Element,
    Note,
    Row,
    Style,
    Text,
    Tone,
    Words,
    say,
    say_n,
)
from bot.errors import or_gone
from bot.options import Ask
from bot.undoing import as_before, changed, deleted
from cogs.rejections import learning_service as learning
from cogs.rejections import service
from cogs.rejections.asks import Which
from cogs.rejections.commands import current, lesson_button, one, onward, rejections
from cogs.rejections.learning_service import Answers
from cogs.rejections.tables import Feeling, Outside, Reflection, Rejection, Stage
from db import entries

ANSWER_LIMIT: Final = 400
"""With every character escaped, four answers still fit a Discord message."""
HEAVY: Final = 4
LABELS: Final[Mapping[str, str]] = {
    "requirements": "What they wanted",
    "prepared": "Preparing",
    "story": "Your story",
    "unexpected": "The unexpected",
}
FACTS: Final[Mapping[Stage, str]] = {
    Stage.NO_REPLY: "You applied to {company}. The answer was theirs to give, and they gave none.",
    Stage.SCREENING: "{company} decided on paper. Nobody there has met you.",
    Stage.FIRST_INTERVIEW: "{company} read about you, and then wanted to meet you.",
    Stage.FINAL: "{company} met you, and asked you back until the last round.",
    Stage.OFFER_WITHDRAWN: "{company} had chosen you before they took the offer back.",
}


def _ask(label: str, hint: str) -> Ask:
    return Ask(label, hint=hint, paragraph=True, at_most=ANSWER_LIMIT)


# What a stage or a feeling asks in other words, or, with None, not at all. Where several feelings have words for one
# question, the first one's are used.
BY_STAGE: Final[Mapping[Stage, Mapping[str, Ask | None]]] = {
    Stage.NO_REPLY: {
        "requirements": _ask("Did the posting fit what you can do?", "Which requirements you met, and which not yet"),
        "prepared": _ask("What did you prepare for this one?", "Such as a resume or a letter written for it"),
        "story": _ask("What did your resume tell them first?", "And what you would put first now"),
        "unexpected": None,
    },
    Stage.SCREENING: {
        "requirements": _ask("Which requirement was hardest to show?", "And where you have done something like it"),
        "prepared": _ask("What did you prepare for this one?", "Such as a resume or a letter written for it"),
        "story": _ask("Did your story come across on paper?", "What somebody sees who reads it for half a minute"),
        "unexpected": None,
    },
    Stage.FIRST_INTERVIEW: {},
    Stage.FINAL: {
        "prepared": _ask("Did you feel prepared for the final round?", "What helped, and what was different there"),
    },
    Stage.OFFER_WITHDRAWN: {
        "requirements": None,
        "prepared": None,
        "story": _ask("What did you do that won the offer?", "It is yours for the next one"),
        "unexpected": _ask("What came as a surprise?", "And what you would ask earlier next time"),
    },
}
BY_FEELING: Final[Mapping[Feeling, Mapping[str, Ask | None]]] = {
    Feeling.DISAPPOINTED: {
        "story": _ask("Which part of your story went well?", "And which you would tell differently")
    },
    Feeling.SAD: {"story": _ask("Which part of your story went well?", "And which you would tell differently")},
    Feeling.ANXIOUS: {"prepared": _ask("What preparing helped, even a little?", "What you would do again next time")},
    Feeling.TIRED: {"requirements": None},
    Feeling.ANGRY: {"story": _ask("What did they not get to see of you?", "What you would show earlier next time")},
    Feeling.EMBARRASSED: {
        "unexpected": _ask("Which question would you like again?", "Write the answer that you would give now")
    },
    Feeling.RELIEVED: {
        "requirements": _ask("What did not suit you about this one?", "It can tell what to look for instead")
    },
    Feeling.HOPEFUL: {"prepared": _ask("What would you do the same way again?", "And what you would add to it")},
}


def questions(entry: Rejection) -> Mapping[str, Ask | None]:
    """What is asked in other words than the declared ones, chosen by the entry's stage and feelings."""
    chosen = dict(BY_STAGE[entry.stage])
    by_feeling: dict[str, Ask | None] = {}
    for feeling in entry.feelings:
        by_feeling = {**BY_FEELING.get(feeling, {}), **by_feeling}
    left_out = {name for name, ask in chosen.items() if ask is None}
    return {**chosen, **{name: ask for name, ask in by_feeling.items() if name not in left_out}}


@rejections.command("rejection reflect", needs=Needs(reads=True), title="Look back")
async def reflect(call: Call, which: Which = None) -> Card:
    """Look back at a rejection, with a few questions.

    They fit how far you got and how it felt, and each may stay empty. Without a name it is the newest entry.
    """
    found = await one(call, which)
    return found if isinstance(found, Card) else await _looking_back(call, found)


@rejections.action(needs=Needs(reads=True))
async def look_at(call: Call, entry_id: UUID) -> Card:
    return await _looking_back(call, await _entry(call, entry_id))


@rejections.action(needs=Needs(reads=True))
async def reflection(call: Call, reflection_id: UUID) -> Card:
    """What was written, as it is now."""
    found = await learning.get_reflection(call.db, reflection_id, owner=call.member.id)
    return _as_it_is(await _entry(call, found.rejection_id), found)


async def _filled(call: Call, entry_id: UUID) -> Filling:
    entry = await _entry(call, entry_id)
    found = await learning.find_reflection(call.db, entry)
    values = {name: getattr(found, name) for name in (*LABELS, "outside")} if found else {}
    return Filling(values, asks=questions(entry))


@rejections.action(title="Look back", form=_filled)
async def look_back(
    call: Call,
    entry_id: UUID,
    requirements: Annotated[
        str | None, _ask("Did you understand what they wanted?", "And where it differed from what you expected")
    ] = None,
    prepared: Annotated[
        str | None, _ask("Did you feel prepared?", "What helped, and what you would prepare next time")
    ] = None,
    story: Annotated[
        str | None, _ask("Did you tell your story well?", "Which parts of you came across, and which did not")
    ] = None,
    unexpected: Annotated[
        str | None, _ask("Which questions did you not expect?", "And what you would say to them now")
    ] = None,
    outside: Annotated[tuple[Outside, ...], Ask("What was outside your control?", hint="As many as fit, or none")] = (),
) -> Card:
    entry = await _entry(call, entry_id)
    answers = Answers(requirements, prepared, story, unexpected, outside)
    found = await learning.find_reflection(call.db, entry)
    if found is not None:
        return await _change(call, entry, found, answers)
    if not answers:
        return _invitation(entry, Text(say("Nothing was written, so nothing is kept.")))
    found = await learning.create_reflection(call.db, entry, answers=answers, at=call.now)
    undo = delete_reflection.button("Undo", Style.PLAIN, found.id, found.version)
    return _looked_back(entry, found, Row(say("Written down."), undo), fresh=True)


@rejections.action()
async def undo_reflection(call: Call, reflection_id: UUID, draft_id: UUID, version: int) -> Card:
    found = await learning.get_reflection(call.db, reflection_id, owner=call.member.id)
    entry = await _entry(call, found.rejection_id)
    if not found.is_as_drawn(version):
        return _as_it_is(entry, found)
    editor = call.member.fingerprint
    or_gone(await entries.change_back(call.db, found, Answers, draft_id=draft_id, editor=editor, at=call.now))
    return _looked_back(entry, found, as_before())


@rejections.action()
async def delete_reflection(call: Call, reflection_id: UUID, version: int) -> Card:
    found = await learning.get_reflection(call.db, reflection_id, owner=call.member.id)
    entry = await _entry(call, found.rejection_id)
    await entries.delete_as_drawn(call.db, found, version, at=call.now)
    return _as_it_is(entry, found)


@rejections.action()
async def undo_delete_reflection(call: Call, reflection_id: UUID, version: int) -> Card:
    found = await learning.get_reflection(call.db, reflection_id, owner=call.member.id)
    entry = await _entry(call, found.rejection_id)
    newer = await learning.find_reflection(call.db, entry)
    if newer is not None:
        return _looked_back(entry, newer)
    if not await entries.put_back_as_drawn(call.db, found, version):
        return _as_it_is(entry, found)
    return _looked_back(entry, found, Text(say("It is back.")))


onward.append(("Reflect", look_at))


async def _entry(call: Call, entry_id: UUID) -> Rejection:
    return await service.get_kept(call.db, entry_id, owner=call.member.id)


async def _change(call: Call, entry: Rejection, found: Reflection, answers: Answers) -> Card:
    # What was answered once and is not asked this time stays as it is.
    kept = {name: getattr(found, name) for name, ask in questions(entry).items() if ask is None}
    answers = replace(answers, **kept)
    if not answers:
        await entries.delete(call.db, found, at=call.now)
        return _deleted(entry, found)
    editor = call.member.fingerprint
    draft_id = await entries.change(call.db, found, answers, editor=editor, at=call.now)
    if draft_id is None:
        return _looked_back(entry, found)
    undo = undo_reflection.button("Undo", Style.PLAIN, found.id, draft_id, found.version)
    return _looked_back(entry, found, changed(undo))


async def _looking_back(call: Call, entry: Rejection) -> Card:
    found = await learning.find_reflection(call.db, entry)
    return _looked_back(entry, found) if found else _invitation(entry)


def _as_it_is(entry: Rejection, found: Reflection) -> Card:
    return _deleted(entry, found) if found.is_deleted else _looked_back(entry, found)


def _invitation(entry: Rejection, *said: Element) -> Card:
    later = say("You noted it as heavy. This can wait; it stays here.")
    return Card(
        (
            *said,
            Text(say("A few questions, and each may stay empty. Only you see what you write.")),
            *((Note(later),) if (entry.intensity or 0) >= HEAVY else ()),
            Actions(
                (
                    look_back.button("Look back", Style.PRIMARY, entry.id),
                    current.button("The entry", Style.PLAIN, entry.id),
                )
            ),
        ),
        title=_title(entry),
        tone=Tone.CALM,
        redraw=look_at.call(entry.id),
    )


def _looked_back(entry: Rejection, found: Reflection, *said: Element, fresh: bool = False) -> Card:
    """The answers, and what they and the entry say about this no; `fresh`: undone rather than deleted."""
    answers = [(label, getattr(found, name)) for name, label in LABELS.items()]
    shown = [Text(say("**{label}**\n{answer}", label=label, answer=answer)) for label, answer in answers if answer]
    delete = () if fresh else (delete_reflection.button("Delete", Style.DANGER, found.id, found.version),)
    return Card(
        (
            *said,
            *shown,
            Text(Words(FACTS[entry.stage], {"company": entry.company})),
            *_not_mine(found.outside),
            Actions(
                (
                    look_back.button("Change", Style.PLAIN, entry.id),
                    lesson_button(entry),
                    *delete,
                    current.button("The entry", Style.PLAIN, entry.id),
                )
            ),
        ),
        title=_title(entry),
        tone=Tone.CALM,
        redraw=reflection.call(found.id),
    )


def _not_mine(outside: Sequence[Outside]) -> Sequence[Element]:
    if not outside:
        return ()
    things = "; ".join(each.label[0].lower() + each.label[1:] for each in outside)
    return (
        Text(
            say_n(
                len(outside),
                "You named one thing that was not yours to decide: {things}.",
                "You named {n} things that were not yours to decide: {things}.",
                things=things,
            )
        ),
    )


def _deleted(entry: Rejection, found: Reflection) -> Card:
    undo = undo_delete_reflection.button("Undo", Style.PLAIN, found.id, found.version)
    about = current.button("The entry", Style.PLAIN, entry.id)
    gone = say("What you wrote is off the entry.")
    return deleted(gone, undo, about, title=_title(entry), redraw=reflection.call(found.id))


def _title(entry: Rejection) -> Words:
    return say("Looking back at {company}", company=entry.company)
