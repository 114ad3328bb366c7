"""Which commands help shows to whom."""

import pytest

from bot.catalogue import Entry
from cogs.help import service
from db.members import Role


def entry(words: str, feature: str, role: Role = Role.MEMBER) -> Entry:
    return Entry(words, words, "", (), role, feature, feature)


CATALOGUE = {
    each.words: each
    for each in (
        entry("goal set", "goals"),
        entry("goal list", "goals"),
        entry("goals", "summary"),
        entry("mod pause", "moderation", Role.MODERATOR),
    )
}


def test_a_member_sees_no_command_of_moderators() -> None:
    assert "mod pause" not in service.find_allowed(CATALOGUE, role=Role.MEMBER)
    assert "mod pause" in service.find_allowed(CATALOGUE, role=Role.ADMIN)
    assert not service.find_near(CATALOGUE, typed="mod pause", role=Role.MEMBER, limit=4)


def test_commands_are_grouped_by_feature_in_order() -> None:
    groups = service.find_groups(CATALOGUE, role=Role.MEMBER)
    assert [[each.words for each in group] for group in groups] == [["goal set", "goal list"], ["goals"]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("goals", ["goals"]),
        ("/Goal  SET", ["goal set"]),
        ("goal", ["goal set", "goal list"]),
        ("gaol set", ["goal set"]),
        ("weather", []),
    ],
)
def test_what_fits_best_is_found(typed: str, found: list[str]) -> None:
    near = service.find_near(CATALOGUE, typed=typed, role=Role.MEMBER, limit=2)
    assert [each.words for each in near][: len(found)] == found
    assert bool(near) == bool(found)
