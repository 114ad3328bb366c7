"""Looks at everything a start needs, changes nothing, and says what to do."""

import asyncio
import os
import shutil
import socket
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import aiohttp
from pydantic import SecretStr

from bot.environment import WrongSettings, variable
from bot.jobs import age_of
from bot.keyfile import database_file, has_content, key_file, read_keys
from bot.program import NAME
from bot.settings import Settings
from db.jobs import OPEN
from db.keyring import Keyring
from db.migrate import current, head
from db.queue import count_given_up, count_queue, find_behind
from db.real_time import get_real_now
from db.session import Database
from db.url import SQLITE, read_url

PLATFORM_SECONDS = 5.0
DATABASE_SECONDS = 10.0
ENOUGH_BYTES = 100 * 1024**2
TOO_FEW_BYTES = 10 * 1024**2
CLOCKS_APART = timedelta(seconds=2)
DAY = timedelta(days=1)


class State(StrEnum):
    """How it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do about it."""

    subject: str
    state: State
    words: str


async def examine(settings: Settings, *, seconds: float = PLATFORM_SECONDS) -> list[Finding]:
    """Keys, database, work, web address and platforms, each within its own time."""
    findings = [_keys(settings), *_folder(settings)]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds), trust_env=True) as web:
        rest = await asyncio.gather(examine_database(settings), _port(settings), _platforms(settings, web))
    work = await _work(settings) if rest[0].state is State.OK and _is_there(settings) else []
    return [*findings, rest[0], *work, rest[1], *rest[2]]


async def examine_database(settings: Settings) -> Finding:
    """Whether it answers, and is of a version that this one can work with."""
    file = database_file(settings)
    if file is not None and not file.exists():
        return Finding("database", State.OK, f"The first start makes it: {file}.")
    try:
        async with asyncio.timeout(DATABASE_SECONDS):
            found = await current(settings.database)
    except Exception as error:  # noqa: BLE001 - whatever the driver raises; its message may hold the password
        kind = read_url(settings.database).get_backend_name()
        words = f"{kind} does not answer ({type(error).__name__}). Check {variable('database_url')}, and that it runs."
        return Finding("database", State.FAIL, words)
    if found == head():
        return Finding("database", State.OK, f"Reachable, at the newest revision, {found}.")
    if found is not None and found > head():
        words = f"It was made by a newer version: {found}, and this one knows {head()}. Install the newer version."
        return Finding("database", State.FAIL, words)
    words = f"At revision {found or 'none'}, the newest is {head()}. The next start upgrades it, or: {NAME} migrate"
    return Finding("database", State.WARN, words)


def wrong_settings(wrong: WrongSettings) -> list[Finding]:
    """What stops the start before anything else can be looked at."""
    return [Finding("settings", State.FAIL, line) for line in wrong.lines]


def _keys(settings: Settings) -> Finding:
    if settings.keys is not None:
        return Finding("keys", State.OK, f"Taken from {variable('keys')}.")
    try:
        path = key_file(settings)
        if path.exists():
            count = len(read_keys(path).split(","))
            return Finding("keys", State.OK, f"{count} in {path}. Keep a copy of it, apart from the database's.")
    except WrongSettings as wrong:
        return Finding("keys", State.FAIL, str(wrong))
    database = database_file(settings)
    if database is not None and has_content(database):
        words = f"The database is there, but its key file is not: {path}. Put it back from your copy."
        return Finding("keys", State.FAIL, words)
    return Finding("keys", State.OK, f"The first start makes a key file: {path}.")


def _folder(settings: Settings) -> list[Finding]:
    database = database_file(settings)
    if database is None:
        return []
    folder = _existing(database.parent)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        words = f"{folder} should be a folder that this user may write. Change its owner, or {variable('data_dir')}."
        return [Finding("folder", State.FAIL, words)]
    free = shutil.disk_usage(folder).free
    if free < ENOUGH_BYTES:
        state = State.FAIL if free < TOO_FEW_BYTES else State.WARN
        return [Finding("folder", state, f"Only {free // 1024**2} MB are free in {folder}. Make room.")]
    return [Finding("folder", State.OK, f"{folder} can be written; {free // 1024**2} MB are free.")]


async def _work(settings: Settings) -> list[Finding]:
    """Whether somebody does what is due. There is no other sign of a worker's life, and none is needed."""
    database = Database(settings.database, Keyring.parse(Keyring.generate()))  # nothing that is sealed is opened
    try:
        async with asyncio.timeout(DATABASE_SECONDS), database.reading() as db:
            before = datetime.now(UTC)
            theirs = await get_real_now(db)
            now = datetime.now(UTC)
            counts = await count_queue(db, now=now)
            behind = await find_behind(db, now=now)
            dead = await count_given_up(db, since=now - DAY, until=now)
    except Exception as error:  # noqa: BLE001 - as above
        return [Finding("work", State.WARN, f"It could not be looked at ({type(error).__name__}).")]
    finally:
        await database.close()
    late = [each for each in counts if each.state in OPEN and each.late]
    overdue = sum(each.late for each in late) + behind.schedules
    oldest = min([each.oldest for each in late] + ([behind.oldest] if behind.oldest else []), default=now)
    return [
        *([_clock(theirs - before - (now - before) / 2)] if database.dialect != SQLITE else []),
        _overdue(overdue, now - oldest, closed=behind.closed),
        *([_dead(dead)] if dead else []),
    ]


def _clock(ahead: timedelta) -> Finding:
    if abs(ahead) <= CLOCKS_APART:
        return Finding("clock", State.OK, "This machine's agrees with the database's.")
    seconds = abs(ahead).total_seconds()
    words = f"The database's is {seconds:.0f} s {'ahead of' if ahead > timedelta() else 'behind'} this machine's."
    return Finding("clock", State.WARN, f"{words} Set both by a time server: messages come as much too early or late.")


def _overdue(count: int, age: timedelta, *, closed: int) -> Finding:
    if not count:
        words = f"Nothing is overdue. Places that take no messages any more: {closed}."
        return Finding("work", State.OK, words if closed else "Nothing is overdue.")
    words = f"Overdue: {count}, the oldest by {age_of(age)}. Does a process run that works, without --only or"
    return Finding("work", State.WARN, f"{words} with --only worker, and has the platform's token? See: {NAME} jobs")


def _dead(count: int) -> Finding:
    return Finding("jobs", State.WARN, f"Given up, of what was due in the last day: {count}. See: {NAME} jobs")


def _is_there(settings: Settings) -> bool:
    file = database_file(settings)
    return file is None or file.exists()


async def _port(settings: Settings) -> Finding:
    host, port = settings.http_host, settings.http_port
    try:
        server = await asyncio.start_server(lambda _reader, _writer: None, host, port)
    except socket.gaierror:
        words = f"{variable('http_host')} should be an address of this machine, such as 127.0.0.1 or 0.0.0.0."
        return Finding("web", State.FAIL, words)
    except OSError as error:
        words = f"Nothing can listen on {host} port {port} (error {error.errno}). Is the bot running already?"
        return Finding("web", State.WARN, f"{words} Else set another {variable('http_port')}.")
    server.close()
    await server.wait_closed()
    return Finding("web", State.OK, f"{host} port {port} is free for health checks.")


async def _platforms(settings: Settings, web: aiohttp.ClientSession) -> list[Finding]:
    checks: list[Awaitable[Finding]] = []
    if settings.discord_token is not None:
        checks.append(_reached("discord", _discord(settings, settings.discord_token, web)))
    if settings.slack_bot_token is not None:
        checks.append(_reached("slack", _slack(settings, "slack_bot_token", "auth.test", web)))
    if settings.slack_app_token is not None:
        checks.append(_reached("slack", _slack(settings, "slack_app_token", "apps.connections.open", web)))
    if not checks:
        words = f"None has a token. Set {variable('discord_token')}, or Slack's, as README says"
        return [Finding("platforms", State.WARN, f"{words}. Or try: {NAME} demo")]
    return list(await asyncio.gather(*checks))


async def _reached(subject: str, check: Awaitable[Finding]) -> Finding:
    try:
        return await check
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        words = f"Not reachable from here ({type(error).__name__}). Check the network, a proxy, and the address set."
        return Finding(subject, State.FAIL, words)


async def _discord(settings: Settings, token: SecretStr, web: aiohttp.ClientSession) -> Finding:
    address = f"{settings.discord_api_url.rstrip('/')}/users/@me"
    async with web.get(address, headers={"Authorization": f"Bot {token.get_secret_value()}"}) as answer:
        status = answer.status
    if status == UNAUTHORIZED:
        words = "Discord refuses the token. Reset it on the Bot page of the developer portal, and set"
        return Finding("discord", State.FAIL, f"{words} {variable('discord_token')}.")
    if status != OK:
        return Finding("discord", State.WARN, f"It answers {status}. If that stays, see Discord's status page.")
    return Finding("discord", State.OK, "Reachable, and it takes the token.")


async def _slack(settings: Settings, field: str, method: str, web: aiohttp.ClientSession) -> Finding:
    token: SecretStr = getattr(settings, field)
    address = f"{settings.slack_api_url.rstrip('/')}/{method}"
    async with web.post(address, headers={"Authorization": f"Bearer {token.get_secret_value()}"}) as answer:
        status = answer.status
        try:
            body = await answer.json(content_type=None)
        except ValueError:
            body = None
    if isinstance(body, dict) and body.get("ok") is True:
        return Finding("slack", State.OK, f"Reachable, and it takes {variable(field)}.")
    if isinstance(body, dict) and body.get("error") in _SLACK_REFUSALS:
        words = f"Slack refuses {variable(field)}. Install the app again in its settings, and set the token anew."
        return Finding("slack", State.FAIL, words)
    return Finding("slack", State.WARN, f"{method} answers {status}. If that stays, see Slack's status page.")


def _existing(folder: Path) -> Path:
    return folder if folder.exists() or folder == folder.parent else _existing(folder.parent)


OK = 200
UNAUTHORIZED = 401
_SLACK_REFUSALS = {
    "account_inactive",
    "invalid_auth",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}
