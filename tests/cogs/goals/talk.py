"""What members say of goals, in the tests."""

from tests.chat import Chat

SET = 'goal set "Apply to five new job postings each week until March 1"'
GYM = 'goal set "go to the gym twice a week"'


async def have(chat: Chat, line: str = SET) -> None:
    """Sets a goal."""
    await chat.say(line)
    await chat.press("Looks right")
    chat.see("Your goal is set")
