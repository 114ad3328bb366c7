import asyncio
import re
import socket
from pathlib import Path

import pytest

from bot.doctor import Finding, State, examine
from bot.keyfile import key_file, load_keyring
from bot.settings import Settings
from db.migrate import migrate
from tests.bot.program import answering

DISCORD = "STEPPINGSTONE_DISCORD_TOKEN"


def settings_in(folder: Path, **given: object) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **{"http_port": 0, **given})  # type: ignore[arg-type]  # pydantic reads the types


async def finding(subject: str, settings: Settings, *, seconds: float = 5.0) -> Finding:
    found = [each for each in await examine(settings, seconds=seconds) if each.subject == subject]
    assert len(found) == 1
    return found[0]


async def test_an_empty_folder_is_fine_and_stays_empty(tmp_path: Path) -> None:
    findings = await examine(settings_in(tmp_path / "data"))
    assert {each.subject: each.state for each in findings} == {
        "keys": State.OK,
        "folder": State.OK,
        "database": State.OK,
        "web": State.OK,
        "platforms": State.WARN,
    }
    assert not (tmp_path / "data").exists()


async def test_no_token_at_all_says_which_to_set_and_how_to_try_the_bot(tmp_path: Path) -> None:
    words = (await finding("platforms", settings_in(tmp_path))).words
    assert DISCORD in words
    assert " demo" in words


async def test_a_database_says_whether_it_is_upgraded(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    load_keyring(settings)
    (tmp_path / "steppingstone.db").touch()
    before = await finding("database", settings)
    assert (before.state, " migrate" in before.words) == (State.WARN, True)
    await migrate(settings.database)
    assert (await finding("database", settings)).state is State.OK


async def test_a_database_that_does_not_answer_is_a_failure_that_shows_no_password(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = await finding(
        "database", settings_in(tmp_path, database_url=f"postgresql://user:hunter2@127.0.0.1:{port}/name")
    )
    assert found.state is State.FAIL
    assert "STEPPINGSTONE_DATABASE_URL" in found.words
    assert "hunter2" not in found.words


async def test_a_file_that_is_no_database_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "steppingstone.db").write_text("a letter, and not a short one " * 100)
    assert (await finding("database", settings_in(tmp_path))).state is State.FAIL


async def test_a_database_whose_key_file_is_gone_is_a_failure(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    load_keyring(settings)
    await migrate(settings.database)
    key_file(settings).unlink()
    found = await finding("keys", settings)
    assert (found.state, "Put it back" in found.words) == (State.FAIL, True)


async def test_a_key_file_that_others_can_read_is_a_failure_with_the_command(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    load_keyring(settings)
    key_file(settings).chmod(0o644)
    found = await finding("keys", settings)
    assert (found.state, "chmod 600" in found.words) == (State.FAIL, True)


async def test_a_folder_that_is_a_file_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert (await finding("folder", settings_in(tmp_path / "data"))).state is State.FAIL


async def test_a_taken_port_is_a_warning_since_the_bot_itself_may_have_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = await finding("web", settings_in(tmp_path, http_port=taken.getsockname()[1]))
    assert (found.state, "Is the bot running already?" in found.words) == (State.WARN, True)


@pytest.mark.parametrize(
    ("status", "state", "words"),
    [
        (200, State.OK, "it takes the token"),
        (401, State.FAIL, f"set {DISCORD}"),
        (503, State.WARN, "503"),
    ],
)
async def test_discord_says_whether_it_takes_the_token(status: int, state: State, words: str, tmp_path: Path) -> None:
    async with answering(status, {}) as address:
        found = await finding("discord", settings_in(tmp_path, discord_token="a.b.hunter2", discord_api_url=address))
    assert (found.state, words in found.words, "hunter2" in found.words) == (state, True, False)


@pytest.mark.parametrize(
    ("status", "body", "state", "words"),
    [
        (200, {"ok": True}, State.OK, "takes STEPPINGSTONE_SLACK_BOT_TOKEN"),
        (200, {"ok": False, "error": "invalid_auth"}, State.FAIL, "refuses STEPPINGSTONE_SLACK_BOT_TOKEN"),
        (429, {"ok": False, "error": "ratelimited"}, State.WARN, "429"),
        (503, "not the shape of an answer", State.WARN, "503"),
    ],
)
async def test_slack_says_whether_it_takes_the_token(
    status: int, body: object, state: State, words: str, tmp_path: Path
) -> None:
    secrets = {"slack_bot_token": "xoxb-hunter2", "slack_signing_secret": "0" * 32}
    async with answering(status, body) as address:
        found = await finding("slack", settings_in(tmp_path, slack_api_url=f"{address}/api/", **secrets))
    assert (found.state, words in found.words, "hunter2" in found.words) == (state, True, False)


async def test_both_tokens_of_slack_are_tried(tmp_path: Path) -> None:
    secrets = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    async with answering(200, {"ok": True}) as address:
        findings = await examine(settings_in(tmp_path, slack_api_url=address, **secrets))
    tried = [name for each in findings for name in re.findall("SLACK_(?:BOT|APP)_TOKEN", each.words)]
    assert sorted(tried) == ["SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"]


async def test_a_platform_that_does_not_answer_in_time_is_a_failure(tmp_path: Path) -> None:
    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as silent:
        host, port = silent.sockets[0].getsockname()
        settings = settings_in(tmp_path, discord_token="a.b.c", discord_api_url=f"http://{host}:{port}")
        found = await finding("discord", settings, seconds=0.1)
    assert (found.state, "Not reachable" in found.words) == (State.FAIL, True)
