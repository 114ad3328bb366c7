"""Fixtures for everybody: a keyring, and a migrated database of each kind."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import settings
from sqlalchemy import MetaData

import db
from db.base import Table
from db.migrate import migrate
from db.sealed import Keyring
from db.session import Database
from tests.chat import Chat, World, settle_in
from tests.postgres import Databases, new_database, postgres_databases, postgres_server, postgres_template

# Nothing here is timed: a busy machine would fail what is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SLACK = ("slack over a socket", "slack over http")

__all__ = ["postgres_databases", "postgres_server", "postgres_template"]  # pytest finds fixtures here by their names


@pytest.fixture(scope="session")
def metadata() -> MetaData:
    """All tables: the shared ones, and those of every feature."""
    root = Path(db.__file__).parents[1]
    for path in sorted([*root.glob("db/*.py"), *root.glob("cogs/*/tables.py")]):
        import_module(".".join(path.relative_to(root).with_suffix("").parts))
    return Table.metadata


@pytest.fixture
def keys() -> str:
    """A keyring as it is configured."""
    return Keyring.generate()


@pytest.fixture
def keyring(keys: str) -> Keyring:
    return Keyring.parse(keys)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that others are copied from."""
    path = tmp_path_factory.mktemp("template") / "steppingstone.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Both; a test for one says `@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)`."""
    kind: str = request.param
    return kind


@pytest.fixture
def empty_database_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with nothing in it."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with new_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
def database_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database with no rows."""
    if dialect == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "steppingstone.db")
        yield f"sqlite:///{path}"
    else:
        databases: Databases = request.getfixturevalue("postgres_databases")
        with databases.lend() as url:
            yield url


@pytest.fixture
async def database(database_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    opened = Database(database_url, keyring)
    yield opened
    await opened.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database with no rows, in a folder of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    return f"sqlite:///{shutil.copy(sqlite_template, folder / 'steppingstone.db')}"


@pytest.fixture(params=["plain", "plain on postgresql", "discord", "slack", "page"])
def surface(request: pytest.FixtureRequest) -> str:
    """Where a conversation is held. For some: `@pytest.mark.parametrize("surface", [...], indirect=True)`.

    What is said does not depend on the transport, so "slack" is one of the two, always the same for a test.
    """
    kind: str = request.param
    return SLACK[crc32(request.node.originalname.encode()) % len(SLACK)] if kind == "slack" else kind


@pytest.fixture
def world_url(surface: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The database of the world."""
    if surface.endswith(" on postgresql"):
        databases: Databases = request.getfixturevalue("postgres_databases")
        with databases.lend() as url:
            yield url
    else:
        yield request.getfixturevalue("sqlite_url")


@pytest.fixture
async def world(surface: str, world_url: str, keyring: Keyring) -> AsyncIterator[World]:
    """A running bot with all features, on each platform."""
    from tests.worlds import open_world  # noqa: PLC0415 - it imports every platform, which few tests need

    async with open_world(surface.removesuffix(" on postgresql"), world_url, keyring) as running:
        yield running


@pytest.fixture
async def ada(world: World) -> Chat:
    """A member who keeps entries."""
    chat = world.person("ada")
    await settle_in(chat)
    return chat
