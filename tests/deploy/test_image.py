"""The Dockerfile's steps, carried out in a folder, and what comes of them started as its entrypoint would."""

import os
import re
from pathlib import Path

import pytest

from tests.bot.program import ROOT
from tests.deploy.image import Image, Maker, ignored

# The whole one installs every package from the network; `make image-steps` asks for it.
KINDS = ["with the packages that are here", *(["whole"] if os.environ.get("STEPPINGSTONE_TEST_IMAGE") else [])]


@pytest.fixture(scope="module", params=KINDS)
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Image:
    return Maker(tmp_path_factory.mktemp("image"), installs=request.param == "whole").make()


def test_it_holds_the_program_and_nothing_else(image: Image) -> None:
    here = image.place("/opt/steppingstone")
    assert {path.name for path in here.iterdir()} == {".venv", "LICENSE", "bot", "cogs", "db"}
    for folder in ("bot", "cogs", "db"):
        original = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()}
        copied = {path.relative_to(here) for path in (here / folder).rglob("*") if path.is_file()}
        assert {path for path in original if "__pycache__" not in path.parts} <= copied
        assert all(path.suffix == ".pyc" for path in copied - original)


def test_everything_is_compiled_because_its_root_may_be_read_only(image: Image) -> None:
    here = image.place("/opt/steppingstone")
    code = [path for folder in ("bot", "cogs", "db") for path in (here / folder).rglob("*.py")]
    assert code
    assert not [path for path in code if not list((path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"))]


def test_its_packages_are_those_that_are_pinned(image: Image) -> None:
    if image.place("/opt/steppingstone/.venv/pyvenv.cfg").exists():
        listed = image.run(["python", "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"])
        pinned = re.findall(r"^[\w.-]+==[\w.]+", (ROOT / "requirements/runtime.txt").read_text("utf-8"), re.MULTILINE)
        found = {_plain(line) for line in listed.stdout.split()}
        assert {line for line in found if not line.startswith(("pip==", "setuptools=="))} <= {*map(_plain, pinned)}
        assert "sqlalchemy" in {line.partition("==")[0] for line in found}


def test_it_starts_and_migrates_and_backs_up_in_its_data_folder(image: Image) -> None:
    said = image.do("--help")
    assert said.returncode == 0, said.stderr
    looked = image.do("doctor", HTTP_PORT="0", HTTP_HOST="127.0.0.1")
    assert looked.returncode == 0, looked.stdout
    migrated = image.do("migrate")
    assert migrated.returncode == 0, migrated.stderr
    saved = image.do("backup", str(image.place("/data/backups")), "--keep", "14")
    assert saved.returncode == 0, saved.stderr
    data = image.place("/data")
    assert {path.name for path in data.iterdir()} == {"steppingstone.db", "steppingstone.keys", "backups"}
    assert image.do("run").returncode == 1  # no token: said in words, and no traceback
    assert "Traceback" not in image.do("run").stderr


def test_its_data_folder_is_its_users_alone(image: Image) -> None:
    found = image.place("/data").stat()
    assert found.st_mode & 0o777 == 0o700
    if os.geteuid() == 0:
        assert (found.st_uid, found.st_gid) == (10001, 10001)


@pytest.mark.parametrize("name", [".env", "deploy/.env", "data/steppingstone.keys", ".git/config", "tests/chat.py"])
def test_nothing_that_is_not_the_program_s_gets_into_it(name: str) -> None:
    assert ignored(Path(name))
    assert not ignored(Path("bot/verbs.py"))


def _plain(line: str) -> str:
    name, _, version = line.partition("==")
    return f"{re.sub('[-_.]+', '-', name).lower()}=={version}"
