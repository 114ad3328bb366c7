"""Makes the image without Docker: does what the Dockerfile says, in a folder for each stage."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.files import ROOT, Instruction, dockerfile

OWN_PATHS = ("/opt/steppingstone", "/data")
PATIENCE_SECONDS = 300


@dataclass(slots=True)
class Image:
    """A stage: its file system lies in `root`; `variables` and `folder` are what ENV and WORKDIR have set."""

    root: Path
    variables: dict[str, str]
    folder: Path

    def place(self, path: str) -> Path:
        """Where a path of the image is here."""
        return self.root / path.removeprefix("/") if path.startswith("/") else self.folder / path

    def words(self, text: str) -> str:
        """The same words with the image's own paths as they are here."""
        return re.sub(
            "|".join(rf"(?<![\w.]){each}\b" for each in OWN_PATHS), lambda path: f"{self.root}{path[0]}", text
        )

    def do(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Carries out what the image starts with, and these arguments."""
        [entry] = [each for each in dockerfile() if each.name == "ENTRYPOINT"]
        return self.run([*entry.words(), *arguments], **settings)

    def run(self, command: list[str], **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs a command as the image would: found by its PATH, with its variables and no others."""
        given = {f"STEPPINGSTONE_{name}": value for name, value in settings.items()}
        program = shutil.which(command[0], path=self.variables["PATH"])
        assert program is not None, command
        return subprocess.run(
            [program, *command[1:]],
            cwd=self.folder,
            env={**self.variables, **given},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )


@dataclass(slots=True)
class Maker:
    """Carries out the Dockerfile's instructions in order; `installs` says whether packages are installed anew."""

    folder: Path
    installs: bool
    stages: dict[str, Image] = field(default_factory=dict)

    def make(self) -> Image:
        """The last stage, whole."""
        last: Image | None = None
        for each in dockerfile():
            if each.name == "FROM":
                last = self._begin(each)
            elif last is not None:
                self._carry_out(each, last)
        assert last is not None
        return last

    def _begin(self, instruction: Instruction) -> Image:
        root = self.folder / str(len(self.stages))
        tools = root / "usr/local/bin"
        tools.mkdir(parents=True)
        # What the base image brings: a Python of its own, or where nothing is installed, the one that is here.
        python = Path(sys.base_prefix, "bin", "python3") if self.installs else Path(sys.executable)
        _write_program(tools / "python", f'exec "{python}" "$@"')
        image = Image(root, {"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(root)}, root)
        self.stages[instruction.text.partition(" AS ")[2]] = image
        return image

    def _carry_out(self, instruction: Instruction, image: Image) -> None:
        match instruction.name:
            case "ENV":
                for pair in instruction.text.split():
                    name, _, value = pair.partition("=")
                    image.variables[name] = image.words(value.replace("$PATH", image.variables["PATH"]))
            case "WORKDIR":
                image.folder = image.place(instruction.text)
                image.folder.mkdir(parents=True, exist_ok=True)
            case "COPY":
                self._copy(instruction.text, image)
            case "RUN":
                self._run(instruction.text, image)
            case name:
                assert name in {"USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}, name

    def _copy(self, text: str, image: Image) -> None:
        *options, source, target = text.split()
        to = image.place(target)
        to = to / Path(source).name if target.endswith("/") else to
        if not options:
            for path in _context(source):
                wanted = to / path.relative_to(source)
                wanted.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, wanted)
            assert to.exists(), f"{source} is not in the context"
            return
        [stage] = [each.removeprefix("--from=") for each in options]
        shutil.copytree(self.stages[stage].place(source), to, symlinks=True)

    def _run(self, text: str, image: Image) -> None:
        if "pip install" in text and not self.installs:
            _write_program(image.place("/opt/steppingstone/.venv/bin/python"), f'exec "{sys.executable}" "$@"')
            return
        if os.geteuid() != 0:
            text = text.partition(" && chown ")[0]  # only root may give a folder away
        done = image.run(["sh", "-ec", image.words(text)])
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"


def ignored(path: Path) -> bool:
    """Whether .dockerignore keeps a path of the project out: the last pattern for it or a folder above it decides."""
    found = False
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        names = path.parts if line.startswith("**/") else map(str, (path, *path.parents))
        if any(fnmatch.fnmatchcase(name, pattern) for name in names):
            found = not line.startswith("!")
    return found


def _context(source: str) -> list[Path]:
    """The files of the project that a COPY finds: what .dockerignore lets through, as Docker reads it."""
    found = [path.relative_to(ROOT) for path in sorted((ROOT / source).rglob("*")) if path.is_file()]
    if (ROOT / source).is_file():
        found = [Path(source)]
    return [path for path in found if not ignored(path)]


def _write_program(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
    path.chmod(0o755)
