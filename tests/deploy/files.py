"""The files in deploy/ as values: the Dockerfile, the compose file, the Kubernetes manifests and the systemd units."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of the Dockerfile, its lines joined."""

    name: str
    text: str

    def words(self) -> list[str]:
        """The words of its exec form, a JSON list, wherever in the instruction that begins."""
        found: list[str] = json.loads(self.text[self.text.index("[") :])
        return found


@dataclass(frozen=True, slots=True)
class Started:
    """A place in deploy/ that starts the bot: with which words after `python -m bot`."""

    where: str
    words: tuple[str, ...]


@cache
def dockerfile() -> tuple[Instruction, ...]:
    lines = [line for line in (DEPLOY / "Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    return tuple(Instruction(*line.split(maxsplit=1)) for line in whole.splitlines() if line.strip())


def stage(number: int) -> tuple[Instruction, ...]:
    """The instructions of one stage, from its FROM; -1 is the image that runs."""
    starts = [at for at, each in enumerate(dockerfile()) if each.name == "FROM"] + [len(dockerfile())]
    number %= len(starts) - 1
    return dockerfile()[starts[number] : starts[number + 1]]


def image_variables() -> dict[str, str]:
    """What the image's ENV sets."""
    return dict(pair.split("=", 1) for each in stage(-1) if each.name == "ENV" for pair in each.text.split())


@cache
def compose() -> Tree:
    found: Tree = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


def bots() -> dict[str, Tree]:
    """Compose's services that run the bot's image."""
    return {name: each for name, each in compose()["services"].items() if each["image"].startswith("steppingstone")}


@cache
def manifests() -> dict[str, Tree]:
    """Every Kubernetes object by `Kind/name`, the examples too; not the kustomization."""
    found: dict[str, Tree] = {}
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        if path.name != "kustomization.yaml":
            for each in yaml.safe_load_all(path.read_text("utf-8")):
                found[f"{each['kind']}/{each['metadata']['name']}"] = each
    return found


def pods() -> dict[str, Tree]:
    """The specification of each pod that a manifest makes."""
    found = {}
    for name, each in manifests().items():
        spec = each.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found[name] = spec["template"]
    return found


def unit(name: str) -> dict[str, list[str]]:
    """A unit's settings, each with all of its values."""
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", (UNITS / name).read_text("utf-8"), re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


def starts() -> Iterator[Started]:
    """Every place that starts the bot."""
    [image] = [each for each in stage(-1) if each.name == "CMD"]
    yield Started("Dockerfile", tuple(image.words()))
    for name, service in bots().items():
        yield Started(f"compose.yaml, {name}", tuple(service["command"]))
    for name, pod in pods().items():
        yield Started(f"kubernetes, {name}", tuple(pod["spec"]["containers"][0]["args"]))
    for path in sorted(UNITS.glob("*.service")):
        [command] = unit(path.name)["ExecStart"]
        yield Started(path.name, tuple(command.partition(" -m bot ")[2].split()))


def texts() -> dict[str, str]:
    """Every file that is written by hand, by its path from the root, and the page about them."""
    paths = [
        path for path in DEPLOY.rglob("*") if path.is_file() and not path.name.startswith((".env", "slack-manifest"))
    ]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in [*paths, ROOT / "docs/hosting.md"]}
