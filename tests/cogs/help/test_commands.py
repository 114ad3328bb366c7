"""Help, as a conversation."""

from tests.chat import Chat, World
from tests.platforms.plain_world import PlainWorld


async def test_help_lists_every_command_by_feature(plain: PlainWorld) -> None:
    bo = plain.person("bo", admin=True)
    await bo.say("help")
    seen = bo.screen.text
    while "More" in bo.screen.buttons:
        await bo.press("More")
        seen += bo.screen.text
    for words, entry in plain.app.dispatcher.catalogue.items():
        assert entry.feature_summary in seen
        assert f"/{words} {entry.summary}" in seen


async def test_help_answers_before_and_without_consent(world: World) -> None:
    bo = world.person("bo")
    await bo.say("help")
    bo.see("What you can ask for")
    await bo.say("settings")
    await bo.press("Use without saving")
    await bo.say("help rejection log")
    bo.see("rejection log")


async def test_help_of_a_command_shows_what_it_asks_with_an_example(ada: Chat) -> None:
    await ada.say("help rejection log")
    ada.see("Log a rejection", "Company", "Who said no", "How far did it get?", "No reply", "(may be left empty)")
    ada.see("For example:", "rejection log")


async def test_words_that_are_nearly_right_lead_there(ada: Chat) -> None:
    await ada.say("help rejetion lgo")
    ada.see("Did you mean one of these?")
    await ada.press("rejection log")
    ada.see("What it asks")


async def test_a_part_of_the_words_is_enough(ada: Chat) -> None:
    await ada.say("help mydata")
    assert {"mydata show", "mydata export", "mydata delete"} <= set(ada.screen.buttons)
    await ada.say("help sup")
    ada.see("Find people to talk to.")


async def test_words_for_nothing_lead_to_the_whole_list(ada: Chat) -> None:
    await ada.say("help zzzzzz")
    ada.see("I know no command like zzzzzz.")
    await ada.press("All commands")
    ada.see("What you can ask for")


async def test_commands_are_suggested(plain: PlainWorld) -> None:
    bo = plain.person("bo")
    assert await bo.suggestions("help rej") == [
        "rejection log",
        "rejection list",
        "rejection show",
        "rejection feedback",
        "rejection reflect",
    ]
