"""Audits the pinned dependencies, and tells "nothing known" apart from "nobody could be asked"."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

REQUIREMENTS = Path(__file__).parents[1] / "requirements" / "dev.txt"

# How pip-audit's last words begin, or end, when its database cannot be asked: it has no exit code for that.
NO_ANSWER = ("requests.exceptions.", "ServiceError", "ConnectionError", "Try another service")


class Report(NamedTuple):
    """What pip-audit found: names and versions, and per vulnerable package the ids of its advisories."""

    audited: Sequence[str]
    skipped: Sequence[str]
    vulnerable: Sequence[str]


def main() -> int:
    """Exit code 1 for a known vulnerability; 0 for none, and for a database that could not be reached."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(REQUIREMENTS), "--disable-pip"]
    done = subprocess.run(  # noqa: S603 - our own arguments
        [*command, "--format", "json", "--progress-spinner", "off"],
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.strip():
        problem = done.stderr.strip().splitlines()[-1:]
        if any(sign in line for line in problem for sign in NO_ANSWER):
            return unreachable("The advisory database did not answer.")
        print(done.stderr.strip(), file=sys.stderr)
        return done.returncode or 1
    return verdict(read(done.stdout))


def read(output: str) -> Report:
    """Sort pip-audit's JSON."""
    packages = json.loads(output)["dependencies"]
    return Report(
        audited=[f"{each['name']} {each['version']}" for each in packages if "version" in each],
        skipped=[each["name"] for each in packages if "skip_reason" in each],
        vulnerable=[
            f"{each['name']} {each['version']}: {', '.join(found['id'] for found in each['vulns'])}"
            for each in packages
            if each.get("vulns")
        ],
    )


def verdict(report: Report) -> int:
    """Say what the report means, and give the exit code for it."""
    for line in report.vulnerable:
        print(f"Vulnerable: {line}", file=sys.stderr)
    if report.vulnerable:
        print("Run `make lock` for newer versions, then `make check`.", file=sys.stderr)
        return 1
    if not report.audited:
        return unreachable("The index here is a mirror that has no advisories.")
    print(f"No known vulnerability in {len(report.audited)} packages.")
    if report.skipped:
        print(f"NOT AUDITED, unknown to the database: {', '.join(report.skipped)}", file=sys.stderr)
    return 0


def unreachable(reason: str) -> int:
    print(f"NOT AUDITED. {reason} Run `make audit` again where the network reaches it.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
