"""Backup and restore as a host types them."""

import asyncio
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.keyfile import load_keyring, read_keys
from bot.settings import Settings
from db.keyring import Keyring
from db.members import find_member
from db.migrate import migrate
from db.session import Database
from tests.bot.program import PATIENCE_SECONDS, do, environment
from tests.db.people import ANA, someone
from tests.postgres import new_database


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Of a bot with a member, in the folder where the verbs are typed."""
    found = Settings(_env_file=None, data_dir=tmp_path / "data")
    database = Database(found.database, load_keyring(found))
    await migrate(found.database)
    await someone(database, looking_for="shift work near home")
    await database.close()
    return found


async def test_a_backup_brings_a_bot_back_on_another_machine(settings: Settings, tmp_path: Path) -> None:
    made = await asyncio.to_thread(do, "backup", folder=tmp_path)
    assert made.code == 0, made.complained
    assert "steppingstone.keys" in made.said
    assert "apart from the backups" in made.said
    file = re.match(r"\S+/backups/steppingstone-\d{8}-\d{6}\.db", made.said)
    assert file

    other = tmp_path / "other"
    other.mkdir()
    lost = await asyncio.to_thread(do, "restore", str(tmp_path / file[0]), folder=other)
    assert (lost.code, "The key file is not there" in lost.complained) == (2, True)
    (other / "data").mkdir()
    shutil.copy(settings.data_dir / "steppingstone.keys", other / "data")
    restored = await asyncio.to_thread(do, "restore", str(tmp_path / file[0]), folder=other)
    assert (restored.code, "Restored 2 rows" in restored.said) == (0, True), restored.complained
    again = await asyncio.to_thread(do, "restore", str(tmp_path / file[0]), folder=other)
    assert (again.code, "not empty" in again.complained) == (1, True), again.complained

    there = Settings(_env_file=None, data_dir=other / "data")
    await see_ana(Database(there.database, load_keyring(there)))


def test_only_as_many_are_kept_as_were_asked_for(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    for day in (1, 2, 3):
        shutil.copy(settings.data_dir / "steppingstone.db", folder / f"steppingstone-2026010{day}-000000.db")
    done = do("backup", str(folder), "--keep", "2", folder=tmp_path)
    assert done.code == 0, done.complained
    assert done.said.count("Removed ") == 2
    oldest, newest = sorted(path.name for path in folder.iterdir())
    assert oldest == "steppingstone-20260103-000000.db"
    assert newest in done.said


@pytest.mark.parametrize("arguments", [("x.db", "--keep", "3"), ("--keep", "0")])
def test_what_cannot_be_kept_is_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = do("backup", *arguments, folder=tmp_path)
    assert (done.code, "--keep should be 1 or more" in done.complained) == (2, True)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_nothing_behind(settings: Settings, tmp_path: Path) -> None:
    """The limit on the size of a file stands for the disk: writing fails in the middle."""
    command = f'ulimit -f 64; exec "{sys.executable}" -m bot backup full.db'
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert settings.data_dir.exists()
    assert (done.returncode, "nothing was kept" in done.stderr) == (1, True), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


async def test_a_bot_moves_to_postgresql_and_is_backed_up_there_without_its_keys(
    settings: Settings, tmp_path: Path, postgres_server: str
) -> None:
    keys = read_keys(settings.data_dir / "steppingstone.keys")
    with new_database(postgres_server) as url:
        moved = await asyncio.to_thread(
            do, "restore", "data/steppingstone.db", folder=tmp_path, DATABASE_URL=url, KEYS=keys
        )
        assert (moved.code, "Restored 2 rows" in moved.said) == (0, True), moved.complained
        made = await asyncio.to_thread(do, "backup", "moved.db", folder=tmp_path, DATABASE_URL=url)
        assert (made.code, "They are in STEPPINGSTONE_KEYS" in made.said) == (0, True), made.complained
        database = Database(url, Keyring.parse(keys))
        await see_ana(database)


async def see_ana(database: Database) -> None:
    async with database.reading() as db:
        found = await find_member(db, ANA, community=None)
        assert found is not None
        assert found.person.looking_for == "shift work near home"
    await database.close()
