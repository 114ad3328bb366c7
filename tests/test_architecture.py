"""Rules of the whole tree that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.loader import collect, discover

ROOT = Path(__file__).parent.parent
FEATURES = sorted(path for path in (ROOT / "cogs").iterdir() if (path / "__init__.py").exists())
FILES = {"__init__.py", "commands.py", "service.py", "tables.py", "discord.py", "slack.py"}
PARTS = {
    "applications": {"asks.py", "close.py", "facts.py", "figures.py", "progress.py", "proof.py"},
    "checkins": {
        "asking.py",
        "extensions.py",
        "records.py",
        "rounds.py",
        "setups.py",
        "shares.py",
        "sharing.py",
        "views.py",
        "wishes.py",
        "words.py",
    },
    "goals": {
        "deeds.py",
        "extensions.py",
        "form.py",
        "periods.py",
        "proposals.py",
        "standings.py",
        "strength.py",
        "words.py",
    },
    "groups": {"access.py", "closed.py", "places.py", "words.py"},
    "rejections": {"asks.py", "drafting.py", "extensions.py", "learning_service.py", "words.py"},
}
"""What a large feature keeps beside the usual files, since one of them would hold too much."""
WORDS = {"say", "say_n", "Refusal", "NotAllowed"}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


@pytest.mark.parametrize("feature", FEATURES, ids=lambda path: path.name)
def test_a_feature_has_the_same_files_as_every_other(feature: Path) -> None:
    modules = {path.name for path in feature.glob("*.py")}
    words = {
        word for each in discover() if each.name == feature.name for command in each.commands for word in command.path
    }
    # A command with much to say has its own module, named after its second word.
    assert (
        {"__init__.py", "commands.py"}
        <= modules
        <= FILES | {f"{word}.py" for word in words} | PARTS.get(feature.name, set())
    )
    assert (ast.get_docstring(ast.parse((feature / "__init__.py").read_text("utf-8"))) or "").strip()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "cogs").rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_words_for_people_are_templates_and_values(path: Path) -> None:
    """An f-string, a sum or `format` would make what a person typed part of a template."""
    for name, call in calls(ast.parse(path.read_text("utf-8"))):
        if name in WORDS:
            templates = call.args[: 3 if name == "say_n" else 1]
            built = [arg for arg in templates if isinstance(arg, ast.JoinedStr | ast.BinOp | ast.Call)]
            built = [arg for arg in built if not (isinstance(arg, ast.Call) and _makes_words(arg))]
            assert not built, f"{path.name}:{call.lineno} builds its words"


def _makes_words(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in {"say", "say_n", "join", "len"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "cogs").rglob("*service.py")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_services_have_no_words_for_people_and_never_commit(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert "bot.cards" not in imported
    assert not [
        node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    ]


def test_every_feature_that_keeps_something_exports_and_erases_it() -> None:
    for feature in discover():
        if (ROOT / "cogs" / feature.name / "tables.py").exists():
            assert feature.extensions.export, feature.name
            assert feature.extensions.erase, feature.name


def test_every_extension_point_is_used() -> None:
    extensions = collect(discover()).extensions
    for point in ("export", "erase", "home", "progress", "gate", "screen", "tidy", "tally", "footer"):
        assert getattr(extensions, point), point
