"""A revision only adds, so that processes of the version before go on while the new ones start (docs/hosting.md)."""

import ast
from pathlib import Path

import pytest

import db.migrations

REVISIONS = sorted((Path(db.migrations.__file__).parent / "versions").glob("r*.py"))
ADDS = {"add_column", "bulk_insert", "create_index", "create_table"}


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.stem)
def test_a_revision_takes_nothing_away(path: Path) -> None:
    assert done_by(path.read_text("utf-8")) <= ADDS


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.stem)
def test_a_new_column_may_be_left_out_by_who_does_not_know_it(path: Path) -> None:
    assert not needed_columns(path.read_text("utf-8"))


def test_what_would_stop_the_version_before_is_found() -> None:
    assert "drop_column" in done_by('op.drop_column("people", "zone")')
    assert needed_columns('op.add_column("people", sa.Column("zone", sa.Text(), nullable=False))') == ["zone"]
    assert not needed_columns('op.add_column("p", sa.Column("z", sa.Text(), nullable=False, server_default="x"))')


def done_by(code: str) -> set[str]:
    """The names of Alembic's operations that a revision calls."""
    return {name for name, _ in operations(code)}


def needed_columns(code: str) -> list[str]:
    """The columns that are added to a table, must have a value, and have none by themselves."""
    columns = [call.args[1] for name, call in operations(code) if name == "add_column"]
    needed = []
    for column in columns:
        assert isinstance(column, ast.Call)
        given = {word.arg: ast.unparse(word.value) for word in column.keywords}
        if given.get("nullable") == "False" and "server_default" not in given:
            needed.append(ast.literal_eval(column.args[0]))
    return needed


def operations(code: str) -> list[tuple[str, ast.Call]]:
    return [
        (node.func.attr, node)
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "op"
    ]
