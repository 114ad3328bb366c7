import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.program import PATIENCE_SECONDS, running
from tests.deploy.files import DEPLOY, dockerfile, stage


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_both_stages_begin_with_the_same_pinned_slim_image() -> None:
    """The packages are made for one Python, on one system, and used on the other."""
    bases = {each.text.split()[0] for each in dockerfile() if each.name == "FROM"}
    [base] = bases
    name, _, tag = base.partition(":")
    assert name == "python"
    assert tag.startswith("3.")
    assert "slim" in tag


def test_it_runs_as_nobody_in_particular() -> None:
    [user] = [each.text for each in stage(-1) if each.name == "USER"]
    assert all(part.isdecimal() and int(part) >= 10000 for part in user.split(":"))
    names = [each.name for each in stage(-1)]
    assert not {"RUN", "COPY"} & set(names[names.index("USER") :])


def test_packages_are_checked_by_their_hashes_and_never_built() -> None:
    [install] = [each.text for each in dockerfile() if "pip install" in each.text]
    assert {"--require-hashes", "--only-binary"} <= set(install.split())


def test_what_changes_most_is_copied_last() -> None:
    copied = [each.text.split()[0] for each in stage(-1) if each.name == "COPY" and "--from" not in each.text]
    assert copied == ["LICENSE", "db", "bot", "cogs"]
    assert "requirements" in stage(0)[1].text


def test_what_starts_gets_signals_itself() -> None:
    """A shell in between would keep SIGTERM to itself."""
    for each in stage(-1):
        if each.name in {"ENTRYPOINT", "CMD", "HEALTHCHECK"}:
            assert each.words()[0] != "sh"
    assert [each.words() for each in stage(-1) if each.name == "ENTRYPOINT"] == [["python", "-m", "bot"]]


def test_nothing_is_added_from_elsewhere() -> None:
    assert not [each for each in dockerfile() if each.name in {"ADD", "ARG"}]


@pytest.fixture
def unwell() -> Iterator[int]:
    """The port of a server that says 503."""

    class Unwell(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(503)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Unwell) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


def test_an_unwell_bot_is_found_so(unwell: int) -> None:
    assert healthy(unwell) == 1


async def test_a_living_bot_is_found_healthy_through_no_proxy(tmp_path: Path, unwell: int) -> None:
    nowhere = f"http://127.0.0.1:{unwell}"  # a platform that is down is no reason to be unhealthy
    async with running(tmp_path, DISCORD_TOKEN="a.b.c", DISCORD_API_URL=nowhere) as program:
        port = int(program.address.rpartition(":")[2])
        assert healthy(port) == 0
    assert healthy(port) == 1


def healthy(port: int) -> int:
    [check] = [each for each in stage(-1) if each.name == "HEALTHCHECK"]
    surroundings = {**os.environ, "STEPPINGSTONE_HTTP_PORT": str(port), "http_proxy": "http://127.0.0.1:1"}
    _, *arguments = check.words()
    done = subprocess.run(
        [sys.executable, *arguments], env=surroundings, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )
    return done.returncode
