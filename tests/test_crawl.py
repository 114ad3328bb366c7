"""Every card and every form that can be reached, on every platform, as the platform would be sent it."""

import pytest

from tests.chat import World
from tests.crawl import crawl

# Slack's two transports carry the same payloads, so one of them is enough here.
SURFACES = ["plain", "plain on postgresql", "discord", "slack over http", "page"]


@pytest.mark.parametrize("surface", SURFACES, indirect=True)
async def test_everything_that_can_be_reached_answers_and_is_drawn(world: World, surface: str) -> None:
    """The world checks each payload against its platform's own rules when it closes."""
    taken = await crawl(world.person("ada", admin=True), thorough=surface == "plain")
    commands = {words for words, _ in taken}
    assert {"rejection log", "rejection list", "rejection show", "settings", "support", "help"} <= commands
    assert len(taken) > 40
