"""A member who uses all there is: every command that keeps something, and a change of most of it."""

from collections.abc import Callable

from tests.chat import Chat

Word = Callable[[], str]
"""Gives the next thing that the member types; it begins with a letter."""


async def tell(ada: Chat, word: Word) -> None:
    """Leaves something in every column of every table that people type into. `ada` has settled in."""
    await look_for(ada, word)
    await log_rejections(ada, word)
    await learn(ada, word)
    await apply(ada, word)
    await set_goals(ada, word)
    await take_steps(ada, word)


async def look_for(ada: Chat, word: Word) -> None:
    await ada.say("settings")
    for _ in range(2):
        await ada.press("Change what you look for")
        await ada.fill(words=word())
        ada.see("Changed.")


async def log_rejections(ada: Chat, word: Word) -> None:
    await ada.say(f"rejection log company:{word()} stage:final role:{word()} feelings:sad note:{word()}")
    ada.see("Written down")
    await ada.press("Add a lesson")
    await ada.fill(lesson=word())
    await ada.press("Edit")
    await ada.fill(company=word(), role=word(), note=f"They said {word()}\nand {word()}")
    ada.see("Changed.")
    await ada.press("Undo")
    ada.see("as it was before")


async def learn(ada: Chat, word: Word) -> None:
    """Feedback, a look back, and lessons on a checklist."""
    await ada.say("rejection feedback")
    await ada.press("Write the e-mail")
    await ada.fill(to=word(), your_name=word())
    await ada.press("Change it")
    await ada.fill(subject=word(), body=word())
    await ada.say("rejection reflect")
    await ada.press("Look back")
    await ada.fill(requirements=word(), prepared=word(), story=word(), unexpected=word(), outside=("many",))
    await ada.press("Change")
    await ada.fill(story=word())
    await ada.press("Change the lesson")
    await ada.fill(lesson=f"Never {word()} again")
    await ada.choose("Put it on a checklist", "Interview")
    ada.see("On your checklist")
    lesson = word()
    await ada.say(f"lessons add lesson:{lesson} checklist:resume")
    await ada.say("lessons list")
    await ada.choose("Open one to change it", lesson)
    await ada.press("Edit")
    await ada.fill(lesson=word())
    ada.see("Changed.")


async def apply(ada: Chat, word: Word) -> None:
    await ada.say(f"application log company:{word()} role:{word()} found:{word()}")
    await ada.press("Contact and notes")
    await ada.fill(contact=word(), notes=word())
    await ada.press("Edit")
    await ada.fill(company=word(), role=word(), found=word())
    ada.see("Changed.")


async def set_goals(ada: Chat, word: Word) -> None:
    await ada.say(f'goal set "read about {word()}"')
    ada.see("One thing at a time")
    await ada.say(f'goal set "read 5 {word()} pages each week"')
    await ada.press("Change")
    await ada.fill(what=f"study {word()}")
    await ada.press("Looks right")
    ada.see("Your goal is set")
    await ada.say("goal log")
    await ada.press("Change")
    await ada.fill(what=f"read about {word()}")
    ada.see("Changed.")


async def take_steps(ada: Chat, word: Word) -> None:
    await ada.say(f"network event event:{word()} met:{word()} next_step:{word()}")
    await ada.press("Edit")
    await ada.fill(name=word(), people=word(), following=word())
    ada.see("Changed.")
    await ada.say(f"course log course:{word()} provider:{word()}")
    ada.see("You saw it through")
