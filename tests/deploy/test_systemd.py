import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.files import UNITS, unit

SERVICES = ("steppingstone.service", "steppingstone-backup.service")
STANDARD_UNITS = ("basic", "multi-user", "network-online", "shutdown", "sysinit", "time-set", "time-sync", "timers")
EXPOSURE_AT_MOST = 15  # of 100, as systemd counts it: below 20 is "OK"


@pytest.fixture
def analyze() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd is not installed")
    return found


def test_systemd_takes_the_units(analyze: str, tmp_path: Path) -> None:
    """In a root of its own, in which the program is where the units say, and so are systemd's own targets."""
    program = tmp_path / "opt/steppingstone/.venv/bin/python"
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    units = tmp_path / "etc/systemd/system"
    shutil.copytree(UNITS, units)
    for name in STANDARD_UNITS:
        (units / f"{name}.target").write_text(f"[Unit]\nDescription={name}\n")
    names = [path.name for path in UNITS.iterdir()]
    done = subprocess.run(
        [analyze, "verify", "--man=no", f"--root={tmp_path}", *names], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_as_little_as_possible(analyze: str, name: str) -> None:
    command = [
        analyze,
        "security",
        "--offline=true",
        "--no-pager",
        f"--threshold={EXPOSURE_AT_MOST}",
        str(UNITS / name),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_both_services_are_fenced_alike() -> None:
    own = {"Type", "ExecStart", "Nice", "IOSchedulingClass", "TimeoutStartSec", "Description"}
    own |= {"Wants", "After", "Restart", "RestartSec", "RestartPreventExitStatus", "TimeoutStopSec", "KillMode"}
    own |= {"MemoryMax", "TasksMax", "WantedBy"}
    bot, backup = ({key: value for key, value in unit(name).items() if key not in own} for name in SERVICES)
    assert bot == backup


def test_nothing_is_written_but_the_state() -> None:
    for name in SERVICES:
        found = unit(name)
        assert (found["ProtectSystem"], found["StateDirectory"]) == (["strict"], ["steppingstone"])
        assert "ReadWritePaths" not in found
    [backup] = unit("steppingstone-backup.service")["ExecStart"]
    assert " /var/lib/steppingstone/" in backup


def test_settings_are_in_one_place() -> None:
    """A verb typed by hand in the unit's folder has to find the same ones."""
    for name in SERVICES:
        found = unit(name)
        assert found["WorkingDirectory"] == ["/opt/steppingstone"]
        assert "EnvironmentFile" not in found
        assert not [each for each in found["Environment"] if "STEPPINGSTONE" in each]


def test_a_wrong_setting_is_not_tried_again() -> None:
    from bot.verbs import WRONG_USE  # noqa: PLC0415 - it brings the whole program

    assert unit("steppingstone.service")["RestartPreventExitStatus"] == [str(WRONG_USE)]
