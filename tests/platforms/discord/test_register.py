"""Commands as Discord registers them, and what a sync would change."""

from dataclasses import replace
from typing import Any

import pytest

from bot.cards import Option
from bot.options import Ask, Field, Kind
from bot.platforms.base import Offer
from bot.platforms.discord.limits import TooLarge
from bot.platforms.discord.register import commands, compare
from tests.platforms.discord import schema


async def _companies(*_: object) -> list[str]:
    return []


STAGES = (Option("final", "Final"), Option("no_reply", "No reply"))
FIELDS = (
    Field("company", Kind.TEXT, Ask("Which company?", complete=_companies), required=True),
    Field("stage", Kind.CHOICE, Ask("How far?", hint="The last step"), required=False, options=STAGES),
    Field("feelings", Kind.CHOICES, Ask("How do you feel?"), required=False, options=STAGES),
    Field("times", Kind.NUMBER, Ask("How often?", at_least=0, at_most=9), required=False),
    Field("sure", Kind.TOGGLE, Ask("Sure?"), required=False),
    Field("buddy", Kind.MEMBER, Ask("With whom?"), required=False),
    Field("day", Kind.DATE, Ask("When?"), required=True),
)


def offer(path: str, **more: Any) -> Offer:
    made = Offer(
        key=path.replace(" ", "."), path=tuple(path.split()), summary=f"Do {path}.", group_summary="A group.",
        fields=(), admins=False, moderators=False, in_direct=True, in_community=True, shortcut="",
    )  # fmt: skip
    return replace(made, **more)


OFFERS = [
    offer("help"),
    offer("rejection log", fields=FIELDS),
    offer("rejection list"),
    offer("mod warn", moderators=True, in_direct=False),
    offer("setup roles", moderators=True, admins=True),
    offer("a b c"),
]


def named(name: str) -> dict[str, Any]:
    return next(command for command in commands(OFFERS) if command["name"] == name)


def test_every_command_passes_discords_own_schema() -> None:
    for command in commands(OFFERS):
        schema.check("ApplicationCommandUpdateRequest", command)


def test_nothing_is_required_since_what_is_missing_is_asked_in_a_form() -> None:
    log = next(each for each in named("rejection")["options"] if each["name"] == "log")
    options = {each["name"]: each for each in log["options"]}
    assert not any(each["required"] for each in options.values())
    assert [options[name]["type"] for name in ("company", "times", "sure", "buddy", "day")] == [3, 4, 5, 6, 3]
    assert options["company"]["autocomplete"]
    assert options["feelings"]["autocomplete"]
    assert options["stage"]["choices"][1] == {"name": "No reply", "value": "no_reply"}
    assert options["stage"]["description"] == "How far? The last step"
    assert (options["times"]["min_value"], options["times"]["max_value"]) == (0, 9)


def test_who_sees_a_command_goes_by_its_first_word() -> None:
    assert "default_member_permissions" not in named("help")
    assert named("mod")["default_member_permissions"] == 1 << 40
    assert named("setup")["default_member_permissions"] == 1 << 5
    mixed = commands([offer("wish set"), offer("wish lead", moderators=True)])
    assert "default_member_permissions" not in mixed[0], "members would not find their own"


def test_where_a_command_shows_goes_by_its_first_word() -> None:
    assert named("help")["contexts"] == [0, 1]
    assert named("mod")["contexts"] == [0]
    assert named("help")["integration_types"] == [0]


def test_three_words_are_a_group_in_a_group() -> None:
    assert named("a")["options"][0]["type"] == 2
    assert named("a")["options"][0]["options"][0]["name"] == "c"


@pytest.mark.parametrize("paths", [("a", "a b"), ("a b", "a b c")])
def test_a_command_cannot_also_be_the_start_of_others(paths: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="/a"):
        commands([offer(path) for path in paths])


@pytest.mark.parametrize(
    "offers",
    [
        [offer("a", summary="")],
        [offer("a", summary="x" * 101)],
        [offer("x" * 33)],
        [offer(f"c{number}") for number in range(101)],
        [offer(f"a c{number}") for number in range(26)],
        [offer("a", fields=tuple(replace(FIELDS[3], name=f"f{n}") for n in range(26)))],
        [offer("a", fields=tuple(
            replace(FIELDS[1], name=f"f{n}", options=tuple(Option(f"{m:090}", f"{m:090}") for m in range(25)))
            for n in range(4)
        ))],
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(offers: list[Offer]) -> None:
    with pytest.raises(TooLarge):
        commands(offers)


def stored(ours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As Discord gives commands back: with ids, with nulls, without what is false, permissions as text."""

    def option(each: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in each.items() if value is not False}
        nested = {"options": [option(inner) for inner in each["options"]]} if "options" in each else {}
        return {**kept, "name_localizations": None, "description_localizations": None, **nested}

    return [
        {
            **option(each), "id": "1", "version": "2", "nsfw": False, "dm_permission": True,
            "contexts": list(reversed(each["contexts"])),
            "default_member_permissions": str(each["default_member_permissions"])
            if "default_member_permissions" in each else None,
        }
        for each in ours
    ]  # fmt: skip


def test_what_discord_adds_is_no_difference() -> None:
    assert not compare(commands(OFFERS), stored(commands(OFFERS)))


def test_a_difference_names_each_command_as_it_is_typed() -> None:
    changed = [replace(each, summary="New.") if each.path == ("rejection", "log") else each for each in OFFERS[1:]]
    found = compare(commands([*changed, offer("rejection show")]), stored(commands(OFFERS)))
    assert (found.added, found.changed, found.removed) == (("rejection show",), ("rejection log",), ("help",))
    assert str(found) == "+ /rejection show\n~ /rejection log\n- /help"
    assert "up to date" in str(compare([], []))


def test_a_change_of_permissions_is_a_difference() -> None:
    freed = [replace(each, moderators=False) for each in OFFERS]
    assert compare(commands(freed), stored(commands(OFFERS))).changed == ("mod warn",)
