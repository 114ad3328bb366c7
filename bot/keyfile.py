"""The keys that seal what members write: from the settings, else from a file beside the SQLite database."""

import contextlib
import logging
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bot.environment import WrongSettings, variable
from bot.settings import Settings
from db.keyring import Keyring, Sealed, Unopenable
from db.url import SQLITE, read_url

logger = logging.getLogger(__name__)

OWNER_ONLY = 0o600
_INTRODUCTION = """\
# The keys that seal what members write. The first seals, all of them open.
# Without this file nobody can read the database, so keep a copy of it; keep it apart from the database's copies,
# since who has both can read everything.
"""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file as it was read."""

    path: Path
    keys: str = field(repr=False)


class FileKeyring(Keyring):
    """A key file's keys. Reads the file again when something was sealed by a newer key than it knows."""

    file: KeyFile

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises WrongSettings where the file is open to others or cannot be read."""
        keys = read_keys(path)
        keyring = cls.parse(keys)
        keyring.file = KeyFile(path, keys)
        return keyring

    def open(self, sealed: Sealed, *, place: bytes) -> str:
        try:
            return super().open(sealed, place=place)
        except Unopenable:
            if not self._read_again():
                raise
        return super().open(sealed, place=place)

    def _read_again(self) -> bool:
        with contextlib.suppress(WrongSettings):
            keys = read_keys(self.file.path)
            if keys != self.file.keys:
                self.adopt(Keyring.parse(keys))
                self.file = KeyFile(self.file.path, keys)
                return True
        return False


def load_keyring(settings: Settings) -> Keyring:
    """The keyring, and beside SQLite the folder and the key file where there are none yet.

    Raises WrongSettings, with what to do.
    """
    database = database_file(settings)
    if database is not None:
        make_folder(database.parent)
    if settings.keys is None and not key_file(settings).exists():
        if database is not None and has_content(database):
            raise WrongSettings(_lost(key_file(settings)))
        _create(key_file(settings))
    return existing_keyring(settings)


def existing_keyring(settings: Settings) -> Keyring:
    """The keyring that is there; makes nothing. Raises WrongSettings, with what to do."""
    if settings.keys is not None:
        return Keyring.parse(settings.keys.get_secret_value())
    path = key_file(settings)
    if not path.exists():
        raise WrongSettings(f"The key file is not there: {path}. {_RESTORE}")
    return FileKeyring.read(path)


def database_file(settings: Settings) -> Path | None:
    """The SQLite database's file; None for PostgreSQL."""
    url = read_url(settings.database)
    return Path(url.database or "") if url.get_backend_name() == SQLITE else None


def key_file(settings: Settings) -> Path:
    """Where the key file is or would be. Raises WrongSettings with PostgreSQL, which has no folder for one."""
    database = database_file(settings)
    if database is None:
        raise WrongSettings(
            f"{variable('keys')} should be set with PostgreSQL. For a new key, this once: "
            f'python -c "from db.keyring import Keyring; print(Keyring.generate())"'
        )
    return database.with_suffix(".keys")


def make_folder(folder: Path) -> None:
    """Make a folder that is its owner's alone, where there is none. Raises WrongSettings where it cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSettings(
            f"{variable('data_dir')} should be a folder that this user may write: {folder} is not "
            f"({error.strerror or type(error).__name__})."
        ) from None


def read_keys(path: Path) -> str:
    """The file's keys, as `Keyring.parse` takes them. Raises WrongSettings where it is not safe or not whole."""
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise WrongSettings(f"{path} can be read by others. Close it to them: chmod 600 '{path}'")
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSettings(f"{path} cannot be read ({type(error).__name__}). {_RESTORE}") from None
    text = ",".join(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    try:
        Keyring.parse(text)
    except ValueError as wrong:
        raise WrongSettings(f"{path}: {wrong} {_RESTORE}") from None
    return text


def add_first(path: Path, key: str) -> Keyring:
    """Puts a new key before the others, in one step: a crash leaves the old file or the new one."""
    keys = [key, *read_keys(path).split(",")]
    draft = _write_beside(path, keys)
    draft.replace(path)
    return FileKeyring.read(path)


def has_content(database: Path) -> bool:
    """Whether a database was made here before."""
    return database.exists() and database.stat().st_size > 0


def _create(path: Path) -> None:
    draft = _write_beside(path, [Keyring.generate()])
    try:
        # A link fails where the file is there already, so of two starts at once both use the same key.
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    logger.warning("Made a key file, %s. Nothing that members write can be read without it: keep a copy.", path)


def _write_beside(path: Path, keys: list[str]) -> Path:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="utf-8") as file:
        file.write(_INTRODUCTION + "".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    return draft


def _lost(path: Path) -> str:
    return f"The database is there, but its key file is not: {path}. {_RESTORE}"


_RESTORE = f"Put it back from your copy, or set {variable('keys')} to the keys it held."
