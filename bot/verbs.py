"""What each verb of the command line does."""

import gc
import json
import logging
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from bot import jobs
from bot.alone import NotAlone, alone_with
from bot.app import build
from bot.doctor import State, examine, examine_database, wrong_settings
from bot.environment import WrongSettings, read_settings, unknown_variables, variable
from bot.keyfile import add_first, database_file, existing_keyring, key_file, load_keyring, make_folder
from bot.loader import collect, discover
from bot.logs import start_logging
from bot.platforms.base import LoginRefused
from bot.program import NAME
from bot.server import application, listening
from bot.settings import Only, Settings
from bot.supervise import Sending, serve, stop_on_signals
from db.backup import NoBackup, back_up, name_at, remove_oldest, restore
from db.jobs import JobState
from db.keyring import Keyring
from db.migrate import WrongDatabase, current, head, migrate
from db.rotation import rotate
from db.session import Database

logger = logging.getLogger(__name__)

DEMO_PORT: Final = 8765
FINE, FAILED, WRONG_USE = 0, 1, 2
ROTATION_ROUNDS: Final = 3


async def carry_out(asked: Namespace) -> int:
    """Does what was asked; gives the exit code."""
    for sentence in unknown_variables():
        _complain(sentence)
    try:
        return await _ACTS[asked.verb](asked)
    except WrongSettings as wrong:
        for line in wrong.lines:
            _complain(line)
        return WRONG_USE
    except (NoBackup, WrongDatabase) as refused:
        _complain(str(refused))
        return FAILED


async def _demo(asked: Namespace) -> int:
    from bot import demo  # noqa: PLC0415 - only this verb needs the page

    settings = read_settings(data_dir=asked.data, http_port=asked.port)
    # A newcomer's terminal shows the address, not a line for each press.
    level = settings.log_level if "log_level" in settings.model_fields_set else "ERROR"
    start_logging(level=level, form=settings.log_format)
    port = settings.http_port if "http_port" in settings.model_fields_set else DEMO_PORT
    await demo.serve(settings, port=port)
    return FINE


async def _run(asked: Namespace) -> int:
    settings = read_settings()
    only = Only(asked.only) if asked.only else None
    if not _has_token(settings, only):
        return FAILED
    start_logging(level=settings.log_level, form=settings.log_format)
    database = database_file(settings)
    if database is None:
        return await _serve(settings, only)
    make_folder(database.parent)
    try:
        with alone_with(database):
            return await _serve(settings, only)
    except NotAlone:
        _complain(f"The bot runs already on {database}, and an SQLite database is for one process. Stop that one, or")
        _complain(f"for several set {variable('database_url')} to a PostgreSQL database; docs/hosting.md says how.")
        return FAILED


async def _serve(settings: Settings, only: Only | None) -> int:
    with stop_on_signals() as stop:
        app = build(settings, only=only)
        gc.freeze()  # what is there now stays to the end: not to be looked through while somebody waits for an answer
        if not await _database_answers(settings):
            return FAILED
        await migrate(settings.database)
        platforms = list(app.platforms.values())
        served = [Sending(each) for each in platforms] if only is Only.WORKER else platforms
        web = application(served, app.database.ping, stopping=stop, metrics=app.metrics)
        async with (
            app.running(works=only in {None, Only.WORKER}),
            listening(web, host=settings.http_host, port=settings.http_port) as address,
        ):
            logger.info("Started. Is it ready: %s/readyz", address)
            await serve(served, stop=stop, finish=app.finish_work)
    logger.info("Stopped.")
    return FINE


def _has_token(settings: Settings, only: Only | None) -> bool:
    """Whether there is something to run; says what to set otherwise."""
    tokens = {Only.DISCORD: settings.discord_token, Only.SLACK: settings.slack_bot_token}
    if any(token is not None for name, token in tokens.items() if only in {None, Only.WORKER, name}):
        return True
    if only in tokens:
        missing = variable("discord_token" if only is Only.DISCORD else "slack_bot_token")
        _complain(f"{missing} should be set with --only {only}.")
        return False
    _complain("No platform has a token, so there is nothing to run. README says where to find these; set")
    _complain(f"{variable('discord_token')} for Discord,")
    _complain(f"{variable('slack_bot_token')} and {variable('slack_app_token')} for Slack.")
    _complain(f"To try the bot without any token: {NAME} demo")
    return False


async def _migrate(_: Namespace) -> int:
    settings = read_settings()
    load_keyring(settings)
    if not await _database_answers(settings):
        return FAILED
    before = await current(settings.database)
    await migrate(settings.database)
    _say(f"The database is at revision {head()}; it was at {before or 'none'}.")
    return FINE


async def _sync(asked: Namespace) -> int:
    from bot.platforms.discord.adapter import DiscordPlatform  # noqa: PLC0415 - only this verb needs Discord by name

    settings = read_settings()
    if settings.discord_token is None:
        _complain(f"{variable('discord_token')} should be set: it is Discord's list of commands that is synced.")
        return FAILED
    start_logging(level=settings.log_level, form=settings.log_format)
    discord = build(settings).platforms["discord"]
    assert isinstance(discord, DiscordPlatform)  # noqa: S101 - for the type checker: the name says it
    try:
        difference = await discord.difference()
        _say(str(difference))
        if not difference:
            return FINE
        if not asked.yes and not _agreed("Change Discord's list so?"):
            _say("Nothing was changed.")
            return FAILED
        await discord.sync()
    except LoginRefused as refused:
        _complain(str(refused))
        return FAILED
    except Exception as error:  # noqa: BLE001 - whatever the library raises; its text may quote a request
        _complain(f"Discord could not be asked ({type(error).__name__}). What to do: {NAME} doctor")
        return FAILED
    _say("Done. Discord shows it within a minute; a client may need a restart.")
    return FINE


async def _manifest(asked: Namespace) -> int:
    from bot.platforms.slack.manifest import manifest_text  # noqa: PLC0415 - only this verb needs Slack

    if asked.url is not None and not asked.url.startswith("https://"):
        _complain("--url should be the public address that Slack can reach, and start with https://.")
        return WRONG_USE
    _say(manifest_text(collect(discover()).offers, url=asked.url).rstrip())
    return FINE


async def _rotate_keys(_: Namespace) -> int:
    settings = read_settings()
    keyring = load_keyring(settings)
    discover()  # the features' tables hold sealed text too
    if not await _database_answers(settings):
        return FAILED
    await migrate(settings.database)
    if settings.keys is None:
        keyring = add_first(key_file(settings), Keyring.generate())
    count = await _reseal(settings, keyring)
    if settings.keys is None:
        _say(f"A new key, {keyring.first}, seals from now on; {_values(count)} sealed anew.")
        _say("A running bot takes it up by itself. The older keys stay in the file, since copies of the database may")
        _say("need them. Copy the file now.")
    elif count:
        _say(f"{_values(count)} sealed anew by the first key, {keyring.first}.")
        _say("The older keys are needed only for older copies of the database.")
    else:
        _say(f"Everything is sealed by the first key, {keyring.first}. For a new one, put this before the keys that")
        _say(f"{variable('keys')} has, with a comma between, start the bot anew, and run this again:")
        _say(Keyring.generate())
    return FINE


async def _backup(asked: Namespace) -> int:
    settings = read_settings()
    given = settings.data_dir / "backups" if asked.target is None else Path(asked.target)
    alone = given.suffix == ".db"
    if asked.keep is not None and (alone or asked.keep < 1):
        _complain("--keep should be 1 or more, and go with a folder: it removes older backups there.")
        return WRONG_USE
    if not await _database_answers(settings):
        return FAILED
    target = given if alone else given / name_at(datetime.now(UTC))
    copied = await back_up(settings.database, target)
    _say(f"{target} holds the database: {copied.rows} rows in {copied.tables} tables, revision {copied.revision}.")
    if asked.keep is not None:
        for path in remove_oldest(given, keep=asked.keep):
            _say(f"Removed {path}.")
    in_file = settings.keys is None and database_file(settings) is not None
    _say(f"The keys are not in it. They are in {key_file(settings) if in_file else variable('keys')}: a restore needs")
    _say("them too. Keep a copy of them apart from the backups, since who has both can read everything.")
    return FINE


async def _restore(asked: Namespace) -> int:
    settings = read_settings()
    keyring = existing_keyring(settings)
    discover()  # the features' tables hold sealed text too
    database = database_file(settings)
    if database is not None:
        make_folder(database.parent)
    if not await _database_answers(settings):
        return FAILED
    copied = await restore(settings.database, Path(asked.file), keyring, unreadable=asked.unreadable)
    _say(f"Restored {copied.rows} rows in {copied.tables} tables.")
    if copied.revision != head():
        _say(f"They were at revision {copied.revision} and are at {head()} now.")
    _say("What members did or deleted after the backup was made is as it was then.")
    _say(f"To see that all is well: {NAME} doctor")
    return FINE


async def _doctor(asked: Namespace) -> int:
    try:
        findings = await examine(read_settings())
    except WrongSettings as wrong:
        findings = wrong_settings(wrong)
    if asked.json:
        _say(json.dumps([{"subject": each.subject, "state": each.state, "words": each.words} for each in findings]))
    else:
        for each in findings:
            _say(f"{each.state:5} {each.subject:10} {each.words}")
    return FAILED if any(each.state is State.FAIL for each in findings) else FINE


async def _jobs(asked: Namespace) -> int:
    settings = read_settings()
    try:
        ids = [UUID(each) for each in asked.ids]
    except ValueError:
        _complain(f"An ID should be one that this shows: {NAME} jobs")
        return WRONG_USE
    if (asked.act == "list") == bool(ids or asked.all) or (ids and asked.all):
        _complain(f"Say which: {NAME} jobs {asked.act} ID, or --all and a state. Alone it lists them: {NAME} jobs")
        return WRONG_USE
    if not await _database_answers(settings):
        return FAILED
    if await current(settings.database) != head():
        _complain(f"There is no database of this version yet. The next start makes it, or: {NAME} migrate")
        return FAILED
    database, now = Database(settings.database, existing_keyring(settings)), datetime.now(UTC)
    try:
        if asked.act == "list":
            seen = await jobs.overview(database, now=now, limit=asked.limit)
            _say(json.dumps(jobs.data(seen)) if asked.json else "\n".join(jobs.lines(seen, program=NAME)))
            return FINE
        ids = ids or list(await jobs.all_in(database, JobState(asked.all)))
        left = await (jobs.retry(database, ids, at=now) if asked.act == "retry" else jobs.drop(database, ids))
    finally:
        await database.close()
    for each in left:
        _complain(f"{each} is not there, or not to be {'tried again' if asked.act == 'retry' else 'dropped now'}.")
    if asked.act == "retry":
        _say(f"To be tried again: {len(ids) - len(left)}. One that was uncertain may arrive a second time.")
    else:
        _say(f"Forgotten: {len(ids) - len(left)}.")
    return FAILED if left else FINE


async def _database_answers(settings: Settings) -> bool:
    finding = await examine_database(settings)
    if finding.state is State.FAIL:
        _complain(finding.words)
    return finding.state is not State.FAIL


async def _reseal(settings: Settings, keyring: Keyring) -> int:
    database = Database(settings.database, keyring)
    total = 0
    try:
        # A bot beside us may seal with the key before until it meets the new one, so what it wrote comes after.
        for _ in range(ROTATION_ROUNDS):
            count = await rotate(database)
            total += count
            if not count:
                break
    finally:
        await database.close()
    return total


def _agreed(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().casefold() in {"y", "yes"}
    except EOFError:
        return False


def _values(count: int) -> str:
    return "1 value was" if count == 1 else f"{count} values were"


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - the answer of a command line


def _complain(words: str) -> None:
    print(words, file=sys.stderr, flush=True)  # noqa: T201 - what a person at the terminal should change


_ACTS: Final[Mapping[str, Callable[[Namespace], Awaitable[int]]]] = {
    "demo": _demo,
    "run": _run,
    "migrate": _migrate,
    "sync": _sync,
    "manifest": _manifest,
    "rotate-keys": _rotate_keys,
    "backup": _backup,
    "restore": _restore,
    "doctor": _doctor,
    "jobs": _jobs,
}
