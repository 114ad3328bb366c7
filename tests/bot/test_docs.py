import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from db.migrate import head
from tests.bot.program import PATIENCE_SECONDS, ROOT, environment

BLOCK = re.compile(r"```python\n# (?P<path>\S+)\n(?P<code>.*?)```", re.DOTALL)
COPIED = ("bot", "cogs", "db", "tests", "docs", "deploy", ".ci", "pyproject.toml", "README.md")


def python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**environment({}), "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_SECONDS,
        check=False,
    )


def test_the_pages_that_are_made_from_the_code_are_fresh() -> None:
    done = python(".ci/docs.py", "--check", folder=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which somebody followed docs/developing.md."""
    copy = tmp_path_factory.mktemp("developing")
    for name in COPIED:
        source, target = ROOT / name, copy / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    page = (ROOT / "docs/developing.md").read_text("utf-8")
    numbers = {"0003": f"{int(head()) + 1:04}", "0002": head()}
    for block in BLOCK.finditer(re.sub("|".join(numbers), lambda number: numbers[number[0]], page)):
        path = copy / block["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["code"].lstrip("\n"), "utf-8")
    return copy


def test_the_feature_of_the_guide_talks_as_the_guide_says(followed: Path) -> None:
    tests = ("tests/cogs/wins", "-k", "plain and not postgresql")
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, folder=followed)
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout


def test_the_guide_s_code_is_as_clean_as_ours(followed: Path) -> None:
    new = ["cogs/wins", "tests/cogs/wins", *map(str, (followed / "db/migrations/versions").glob("*_wins.py"))]
    for check in (["check"], ["format", "--check"]):
        done = python("-m", "ruff", *check, "--no-cache", *new, folder=followed)
        assert done.returncode == 0, done.stdout


def test_the_guide_s_table_is_what_its_migration_makes(followed: Path) -> None:
    tests = ("tests/db/test_migrate.py", "-k", "what_the_tables_say and sqlite")
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, folder=followed)
    assert done.returncode == 0, done.stdout


def test_the_guide_s_feature_appears_on_every_page_made_from_the_code(followed: Path) -> None:
    done = python(".ci/docs.py", folder=followed)
    assert done.returncode == 0, done.stderr
    assert "### `win add`" in (followed / "docs/commands.md").read_text("utf-8")
    assert "## wins" in (followed / "docs/data.md").read_text("utf-8")
