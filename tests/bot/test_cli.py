import asyncio
import json
import re
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import VERBS, Verb, main
from bot.environment import variable
from bot.keyfile import load_keyring
from bot.program import NAME
from bot.settings import Settings
from db.keyring import Keyring
from db.members import get_person
from db.migrate import head, migrate
from db.session import Database
from tests.bot.program import Done, answering, do, running, started
from tests.db.people import someone
from tests.platforms.discord.server import small_discord

STOP_SECONDS = 10.0


Here = Callable[..., Done]


@pytest.fixture
def nowhere() -> str:
    """A web address where nothing answers."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Here:
    """Does a verb as `do` does, but in this process: for what ends before anything of the process is changed."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)

    def act(*arguments: str, **settings: str) -> Done:
        for name, value in settings.items():
            monkeypatch.setenv(variable(name), value)
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
        return Done(code, *capsys.readouterr())

    return act


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_says_what_it_does_with_an_example(verb: Verb, here: Here) -> None:
    done = here(verb.name, "--help")
    said = " ".join(done.said.split())
    assert done.code == 0
    assert " ".join(verb.details.split())[:40] in said
    assert f"Example: {NAME} {verb.example}" in said


def test_help_lists_every_verb_and_imports_nothing_heavy(tmp_path: Path) -> None:
    done = do("--help", folder=tmp_path, python=("-X", "importtime"))
    assert done.code == 0
    assert all(re.search(rf"^ +{verb.name}\b", done.said, re.MULTILINE) for verb in VERBS)
    imported = set(re.findall(r"\| +([a-z_]+)$", done.complained, re.MULTILINE))
    assert "argparse" in imported
    assert not imported & {"aiohttp", "cryptography", "discord", "pydantic", "slack_bolt", "sqlalchemy"}


@pytest.mark.parametrize("arguments", [[], ["walk"], ["run", "--fast"], ["demo", "--port", "many"]])
def test_wrong_use_is_answered_with_the_usage(arguments: list[str], here: Here) -> None:
    done = here(*arguments)
    assert done.code == 2
    assert "usage: python -m bot" in done.complained


@pytest.mark.parametrize("verb", ["run", "migrate", "sync", "rotate-keys", "demo"])
def test_wrong_settings_stop_every_start_with_one_line_each(verb: str, tmp_path: Path, here: Here) -> None:
    done = here(verb, HTTP_PORT="hunter2", LOG_FORMAT="hunter2", DISCORD_TOKN="hunter2")
    assert done.code == 2
    assert done.complained.splitlines() == [
        "STEPPINGSTONE_DISCORD_TOKN is not a setting and changes nothing. Did you mean STEPPINGSTONE_DISCORD_TOKEN?",
        "STEPPINGSTONE_HTTP_PORT should be a whole number.",
        "STEPPINGSTONE_LOG_FORMAT should be 'text' or 'json'.",
    ]
    assert not list(tmp_path.iterdir())


def test_run_without_any_token_names_the_settings_and_the_demo(tmp_path: Path) -> None:
    done = do("run", folder=tmp_path)
    assert done.code == 1
    for words in ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", " demo"):
        assert words in done.complained
    assert not list(tmp_path.iterdir())


def test_postgresql_without_keys_is_refused(here: Here) -> None:
    done = here("migrate", DATABASE_URL="postgresql://user:hunter2@127.0.0.1:1/name")
    assert done.code == 2
    assert done.complained.startswith("STEPPINGSTONE_KEYS should be set with PostgreSQL.")


def test_a_database_that_does_not_answer_is_a_sentence(here: Here) -> None:
    address = "postgresql://user:hunter2@127.0.0.1:1/name"
    done = here("migrate", DATABASE_URL=address, KEYS=Keyring.generate())
    assert done.code == 1
    assert "STEPPINGSTONE_DATABASE_URL" in done.complained
    assert "hunter2" not in done.complained
    assert "Traceback" not in done.complained


def test_a_first_migration_says_where_it_got_and_a_second_changes_nothing(tmp_path: Path) -> None:
    first, second = do("migrate", folder=tmp_path), do("migrate", folder=tmp_path)
    assert (first.code, second.code) == (0, 0)
    assert "it was at none" in first.said
    assert f"at revision {head()}; it was at {head()}." in second.said
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["steppingstone.db", "steppingstone.keys"]


def test_doctor_finds_nothing_wrong_with_an_empty_folder(tmp_path: Path) -> None:
    done = do("doctor", folder=tmp_path, HTTP_PORT="0")
    assert done.code == 0
    assert {line.split()[0] for line in done.said.splitlines()} == {"ok", "warn"}
    assert not list(tmp_path.iterdir())


def test_doctor_fails_for_programs_too_when_something_would_fail(here: Here, nowhere: str) -> None:
    done = here("doctor", "--json", HTTP_PORT="0", DISCORD_TOKEN="a.b.hunter2", DISCORD_API_URL=nowhere)
    assert done.code == 1
    found = {each["subject"]: each["state"] for each in json.loads(done.said)}
    assert (found["discord"], found["keys"]) == ("fail", "ok")
    assert "hunter2" not in done.said


def test_doctor_shows_wrong_settings_as_findings(here: Here) -> None:
    done = here("doctor", LOG_FORMAT="hunter2")
    assert done.code == 1
    assert re.fullmatch(r"fail +settings +STEPPINGSTONE_LOG_FORMAT should be 'text' or 'json'\.\n", done.said)


def test_rotate_keys_puts_a_new_key_first_and_keeps_the_old(tmp_path: Path, here: Here) -> None:
    here("migrate")
    file = tmp_path / "data" / "steppingstone.keys"
    before = keys_of(file)
    done = here("rotate-keys")
    assert done.code == 0
    new, *old = keys_of(file)
    assert old == before
    assert new.partition(":")[0] in done.said
    assert not any(key.partition(":")[2] in done.said for key in (new, *old))


async def test_rotate_keys_beside_a_running_bot_leaves_everything_readable(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "data")
    running_bot = Database(settings.database, load_keyring(settings))
    await migrate(settings.database)
    member = await someone(running_bot, looking_for="shift work near home")
    done = await asyncio.to_thread(do, "rotate-keys", folder=tmp_path)
    assert "1 value was sealed anew" in done.said
    async with running_bot.reading() as db:
        assert (await get_person(db, member)).looking_for == "shift work near home"
    again = await asyncio.to_thread(do, "rotate-keys", folder=tmp_path)
    assert "1 value was sealed anew" in again.said
    await running_bot.close()


def test_rotate_keys_with_keys_that_are_set_gives_a_new_one_to_set(here: Here) -> None:
    keys = Keyring.generate()
    done = here("rotate-keys", KEYS=keys)
    assert done.code == 0
    assert "put this before the keys" in done.said
    assert keys.partition(":")[2] not in done.said
    Keyring.parse(f"{done.said.splitlines()[-1]},{keys}")


def test_manifest_is_what_slack_takes(here: Here) -> None:
    socket_mode, http = (here("manifest", *url) for url in ((), ("--url", "https://bot.example.org/")))
    assert json.loads(socket_mode.said)["settings"]["socket_mode_enabled"] is True
    assert "https://bot.example.org/slack/events" in http.said
    assert here("manifest", "--url", "bot.example.org").code == 2


def test_sync_needs_a_token(here: Here) -> None:
    done = here("sync")
    assert (done.code, "STEPPINGSTONE_DISCORD_TOKEN should be set" in done.complained) == (1, True)


async def test_sync_shows_the_difference_and_changes_it_only_when_agreed(tmp_path: Path) -> None:
    async with small_discord() as discord:
        reach = {"DISCORD_TOKEN": "a.b.c", "DISCORD_API_URL": f"{discord.address}/api"}
        unasked = await asyncio.to_thread(do, "sync", folder=tmp_path, **reach)
        assert (unasked.code, "+ /rejection log" in unasked.said, discord.commands) == (1, True, [])
        assert "Nothing was changed." in unasked.said
        agreed = await asyncio.to_thread(do, "sync", "--yes", folder=tmp_path, **reach)
        assert (agreed.code, bool(discord.commands)) == (0, True)
        again = await asyncio.to_thread(do, "sync", folder=tmp_path, **reach)
        assert (again.code, again.said) == (0, "The commands on Discord are up to date.\n")
        discord.token_works = False
        refused = await asyncio.to_thread(do, "sync", folder=tmp_path, **reach)
        assert (refused.code, "STEPPINGSTONE_DISCORD_TOKEN" in refused.complained) == (1, True)


def test_sync_says_when_discord_cannot_be_asked(tmp_path: Path, nowhere: str) -> None:
    done = do("sync", folder=tmp_path, DISCORD_TOKEN="a.b.hunter2", DISCORD_API_URL=nowhere)
    assert done.code == 1
    assert "python -m bot doctor" in done.complained
    assert "hunter2" not in done.complained


async def test_run_stays_up_while_no_platform_can_be_reached_and_stops_when_asked(tmp_path: Path, nowhere: str) -> None:
    unreachable = {
        "DISCORD_TOKEN": "a.b.hunter2",
        "DISCORD_API_URL": nowhere,
        "SLACK_BOT_TOKEN": "xoxb-hunter2",
        "SLACK_APP_TOKEN": "xapp-hunter2",
        "SLACK_API_URL": f"{nowhere}/api/",
    }
    async with running(tmp_path, **unreachable) as program:
        seen = {await program.until("(?:discord|slack) is down")}
        while seen != {"discord is down", "slack is down"}:
            seen.add(await program.until("(?:discord|slack) is down"))
        assert (await program.get("/healthz"))[0] == 200
        status, body = await program.get("/readyz")
        assert (status, json.loads(body)["not_ready"]) == (503, ["discord", "slack"])
        program.process.send_signal(signal.SIGTERM)
        started = time.monotonic()
        assert await program.ended() == 0
        assert time.monotonic() - started < STOP_SECONDS
    assert "Stopped." in program.said
    assert "hunter2" not in program.said


async def test_run_goes_on_with_one_platform_while_the_other_is_down(tmp_path: Path) -> None:
    workspace = {"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"}
    async with answering(200, workspace) as slack, small_discord() as discord:
        reach = {
            "DISCORD_TOKEN": "a.b.hunter2",
            "DISCORD_API_URL": f"{discord.address}/api",
            "DISCORD_GATEWAY_URL": f"{discord.address.replace('http', 'ws')}/gateway",
            "SLACK_BOT_TOKEN": "xoxb-hunter2",
            "SLACK_SIGNING_SECRET": "0" * 32,
            "SLACK_API_URL": f"{slack}/api/",
        }
        async with running(tmp_path, LOG_FORMAT="json", LOG_LEVEL="DEBUG", **reach) as program:
            await program.until_ready()
            await discord.drop(4004)  # Discord's code for a token that it no longer takes
            await program.until("discord is down: Discord does not take the bot's token")
            status, body = await program.get("/readyz")
            assert (status, json.loads(body)["not_ready"]) == (503, ["discord"])
            assert (await program.post("/slack/events"))[0] == 401
            program.process.send_signal(signal.SIGINT)
            assert await program.ended() == 0
    assert {json.loads(line)["event"] for line in program.said.splitlines()} >= {"Stopped."}
    assert "hunter2" not in program.said


async def test_demo_says_where_it_is_and_stops_when_asked(tmp_path: Path) -> None:
    async with running(tmp_path, "demo", "--port", "0", "--data", "here") as program:
        assert (await program.get("/"))[0] == 200
        program.process.send_signal(signal.SIGTERM)
        assert await program.ended() == 0
    assert (tmp_path / "here" / "demo.db").exists()


STUCK = """
import asyncio
from bot.supervise import stop_on_signals

async def main():
    with stop_on_signals({limit}) as stop:
        print("started", flush=True)
        await stop.wait()
        print("stopping", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_second_signal_stops_at_once(tmp_path: Path) -> None:
    async with started("-c", STUCK.format(limit=""), folder=tmp_path) as program:
        await program.until("started")
        program.process.send_signal(signal.SIGTERM)
        await program.until("stopping")
        program.process.send_signal(signal.SIGTERM)
        assert await program.ended() == 128 + signal.SIGTERM


async def test_a_stop_that_takes_too_long_is_cut_off(tmp_path: Path) -> None:
    async with started("-c", STUCK.format(limit="limit_seconds=0.1"), folder=tmp_path) as program:
        await program.until("started")
        program.process.send_signal(signal.SIGTERM)
        assert await program.ended() == 1


def keys_of(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if not line.startswith("#")]
