import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from bot.environment import WrongSettings
from bot.keyfile import FileKeyring, add_first, key_file, load_keyring
from bot.settings import Settings
from db.keyring import Keyring, Sealed, Unopenable

PLACE = b"here"


def settings_in(folder: Path, **given: object) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **given)  # type: ignore[arg-type]  # pydantic reads the types


def test_the_first_start_makes_a_key_file_that_others_cannot_read_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_in(tmp_path / "new" / "data")
    first, second = load_keyring(settings), load_keyring(settings)
    assert second.open(first.seal("mine", place=PLACE), place=PLACE) == "mine"
    assert oct(key_file(settings).stat().st_mode & 0o777) == "0o600"
    (said,) = caplog.messages
    assert str(key_file(settings)) in said
    assert "keep a copy" in said


def test_two_first_starts_at_once_use_one_key(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        rings = list(threads.map(lambda _: load_keyring(settings), range(8)))
    assert len({ring.first for ring in rings}) == 1
    assert list(tmp_path.iterdir()) == [key_file(settings)]


def test_keys_that_are_set_win_over_the_file(tmp_path: Path) -> None:
    load_keyring(settings_in(tmp_path))
    assert load_keyring(settings_in(tmp_path, keys=f"mine:{'A' * 42}E=")).first == "mine"


def test_the_key_file_lies_beside_the_database(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, database_url=f"sqlite:///{tmp_path}/elsewhere/bot.db")
    load_keyring(settings)
    assert key_file(settings) == tmp_path / "elsewhere" / "bot.keys"
    assert key_file(settings).exists()


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these modes")
def test_a_key_file_that_others_can_read_is_refused_with_the_command_that_closes_it(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    load_keyring(settings)
    key_file(settings).chmod(0o640)
    with pytest.raises(WrongSettings, match=f"chmod 600 '{key_file(settings)}'"):
        load_keyring(settings)


def test_a_database_without_its_key_file_gets_no_new_key(tmp_path: Path) -> None:
    (tmp_path / "steppingstone.db").write_bytes(b"sealed entries")
    with pytest.raises(WrongSettings, match="Put it back from your copy"):
        load_keyring(settings_in(tmp_path))
    assert not key_file(settings_in(tmp_path)).exists()


@pytest.mark.parametrize("content", [b"", b"\xff", b"# only words\n", b"one:hunter2\n"])
def test_a_damaged_key_file_is_named_and_kept(content: bytes, tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    load_keyring(settings)
    key_file(settings).write_bytes(content)
    with pytest.raises(WrongSettings) as refused:
        load_keyring(settings)
    assert str(key_file(settings)) in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert key_file(settings).read_bytes() == content


def test_postgresql_needs_keys_that_are_set(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, database_url="postgresql://user:hunter2@host/name")
    with pytest.raises(WrongSettings, match="STEPPINGSTONE_KEYS should be set with PostgreSQL"):
        load_keyring(settings)


def test_a_data_folder_that_cannot_be_made_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(WrongSettings, match="STEPPINGSTONE_DATA_DIR should be a folder"):
        load_keyring(settings_in(tmp_path / "data"))


def test_a_running_keyring_takes_up_a_key_that_was_added_beside_it(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    running = cast("FileKeyring", load_keyring(settings))
    old, mark = running.seal("before", place=PLACE), running.fingerprint("in flight")
    newer = add_first(key_file(settings), Keyring.generate())
    assert running.open(newer.seal("after", place=PLACE), place=PLACE) == "after"
    assert running.seal("now", place=PLACE).key_id == newer.first
    assert running.open(old, place=PLACE) == "before"
    assert running.fingerprint("in flight") == mark
    assert newer.open(old, place=PLACE) == "before"


def test_what_no_key_opens_stays_closed(tmp_path: Path) -> None:
    ring = load_keyring(settings_in(tmp_path))
    stranger = Keyring.parse(Keyring.generate()).seal("theirs", place=PLACE)
    for sealed in (stranger, Sealed(b"nonsense")):
        with pytest.raises(Unopenable):
            ring.open(sealed, place=PLACE)
