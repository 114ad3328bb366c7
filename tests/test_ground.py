"""The ground around the code: what a fresh clone, a packager and the next maintainer rely on."""

import ast
import json
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePath

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "cogs", "db")
LINES_AT_MOST = 400

# Joined here, so that this file does not name what it looks for.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("proxy", "golang", "org"),
    )
]
HOME = re.compile("|".join(rf"(?<![\w.])/{folder}/[\w.]+" for folder in ("home", "Users", "root")))


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Every file of the project, as paths from its root: what git holds or is about to."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: the project's files cannot be told from what lies beside them")
    listing = [git, "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [Path(name) for name in names if name and (ROOT / name).is_file()]


def text_of(name: PurePath) -> str:
    return (ROOT / name).read_text(encoding="utf-8", errors="ignore")


def test_no_file_names_a_registry_or_a_home_directory(tracked: list[Path]) -> None:
    named = [
        f"{path}: {found}"
        for path in tracked
        for text in [text_of(path)]
        for found in [*(host for host in REGISTRY_HOSTS if host in text), *HOME.findall(text)]
    ]
    assert not named


def test_every_module_is_short_enough_to_be_about_one_thing(tracked: list[Path]) -> None:
    lengths = {path: len(text_of(path).splitlines()) for path in tracked if path.suffix == ".py"}
    assert not {str(path): length for path, length in lengths.items() if length > LINES_AT_MOST}


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_requirements_are_pinned_with_hashes_and_name_no_index(name: str) -> None:
    text = text_of(PurePath("requirements", f"{name}.txt"))
    assert "://" not in text
    assert not re.findall(r"^-.*", text, re.MULTILINE), "no option, such as an index, may be set here"
    hashed = re.compile(r"[\w.-]+==[\w.]+( ;.*)? \\\n +--hash=sha256:\w{64}")
    entries = re.split(r"\n(?=\S)", text)
    assert not [entry for entry in entries if not hashed.match(entry)]


def test_development_pins_what_runs_to_the_same_versions() -> None:
    runtime, dev = (pins(f"{name}.txt") for name in ("runtime", "dev"))
    assert runtime <= dev


def test_every_dependency_is_chosen_for_a_written_reason() -> None:
    rows = text_of(PurePath("docs/dependencies.md"))
    documented = set(re.findall(r"^\| (\w[\w.-]*) \| \S", rows, re.MULTILINE))
    assert documented - {"package"} == chosen("runtime.in") | chosen("dev.in")


def test_every_chosen_dependency_is_pinned() -> None:
    for name in ("runtime", "dev"):
        pinned = {pin.partition("==")[0] for pin in pins(f"{name}.txt")}
        assert {package.replace(".", "-") for package in chosen(f"{name}.in")} <= pinned


def chosen(name: str) -> set[str]:
    return set(re.findall(r"^[a-z][\w.-]*", text_of(PurePath("requirements", name)), re.MULTILINE))


def pins(name: str) -> set[str]:
    return set(re.findall(r"^[\w.-]+==[\w.]+", text_of(PurePath("requirements", name)), re.MULTILINE))


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads(text_of(PurePath("pyproject.toml")))["project"]["version"]
    unreleased, *released = re.findall(r"^## \[(.+?)\]", text_of(PurePath("CHANGELOG.md")), re.MULTILINE)
    assert unreleased == "Unreleased"
    if version.endswith(".dev0"):
        assert version.removesuffix(".dev0") not in released
    else:
        assert released[0] == version


def test_every_lint_rule_that_is_off_says_why() -> None:
    lint = text_of(PurePath("pyproject.toml")).partition("[tool.ruff.lint]")[2].partition("[tool.mypy]")[0]
    off = [line for line in lint.splitlines() if re.match(r' *"[A-Z]+[0-9]+",', line)]
    assert off
    assert not [line for line in off if not re.search(r"# \w.{8,}", line)]


def test_every_exception_in_the_code_says_why(tracked: list[Path]) -> None:
    mark = re.compile(r"# (?:noqa|type: ignore|pragma: no cover)(?P<rules>\S*(?: [A-Z]+\d+,?)*)(?P<why>.*)")
    silent = [
        f"{path}:{number}: {found[0]}"
        for path in tracked
        if path.suffix == ".py"
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        for found in [mark.search(line)]
        if found and not re.search(r"[a-z]{2}", found["why"])
    ]
    assert not silent


def test_the_machine_takes_only_the_session_from_sqlalchemy(tracked: list[Path]) -> None:
    """import-linter sees packages of others only as a whole, so this row of its table is kept here."""
    allowed = {"sqlalchemy.ext.asyncio.AsyncSession"}
    machine = [path for path in tracked if path.suffix == ".py" and path.parts[0] == "bot"]
    taken = {
        f"{path} takes {name}"
        for path in machine
        if path.name not in {"app.py", "loader.py", "__main__.py"}
        for name in imported(path)
        if name.startswith("sqlalchemy") and name not in allowed
    }
    assert not taken


def imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def test_no_module_imports_for_the_type_checker_alone(tracked: list[Path]) -> None:
    ours = [path for path in tracked if path.suffix == ".py" and path.parts[0] in PACKAGES]
    assert not [str(path) for path in ours if "typing.TYPE_CHECKING" in imported(path)]


def test_the_built_package_holds_every_file_of_the_program(tracked: list[Path], tmp_path: Path) -> None:
    source, built = tmp_path / "source", tmp_path / "built"
    for path in tracked:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, source / path)
    build = f"import setuptools.build_meta as backend; backend.build_wheel({str(built)!r})"
    done = subprocess.run([sys.executable, "-c", build], cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    with zipfile.ZipFile(next(built.glob("steppingstone-*.whl"))) as wheel:
        held = set(wheel.namelist())
        scripts = next(name for name in held if name.endswith("entry_points.txt"))
        assert "steppingstone = bot.__main__:main" in wheel.read(scripts).decode()
    assert not {path.as_posix() for path in tracked if path.parts[0] in PACKAGES} - held
    assert not {name for name in held if PurePath(name).parts[0] == "tests"}


@pytest.mark.parametrize(
    ("package", "code", "words"),
    [
        ({"version": "1.0", "vulns": [{"id": "PYSEC-1"}]}, 1, "Vulnerable: stone 1.0: PYSEC-1"),
        ({"version": "1.0", "vulns": []}, 0, "No known vulnerability in 1 packages"),
        ({"skip_reason": "not found"}, 0, "NOT AUDITED"),
    ],
)
def test_the_audit_never_takes_silence_for_safety(
    package: dict[str, object], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    audit = runpy.run_path(str(ROOT / ".ci" / "audit.py"))
    report = audit["read"](json.dumps({"dependencies": [{"name": "stone", **package}]}))
    assert audit["verdict"](report) == code
    assert words in "".join(capsys.readouterr())
