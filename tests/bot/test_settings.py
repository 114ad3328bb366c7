import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.environment import WrongSettings, read_settings, unknown_variables, variable
from bot.reference import env_example, settings_table
from bot.settings import Settings
from db.keyring import Keyring
from tests.bot.program import ROOT


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("database_url", "mysql://user:hunter2@host/name", "sqlite:///path/of/a/file or postgresql://"),
        ("keys", "hunter2", "Key 1 has no id"),
        ("discord_token", "hunter2", "should be the bot token of the Discord developer portal"),
        ("discord_api_url", "hunter2", "should be a web address"),
        ("discord_gateway_url", "hunter2", "should be a WebSocket address"),
        ("slack_bot_token", "hunter2", "should start with xoxb-"),
        ("slack_app_token", "hunter2", "should start with xapp-"),
        ("slack_signing_secret", "hunter2", "should be 32 characters of 0-9 and a-f"),
        ("slack_api_url", "hunter2", "should be a web address"),
        ("http_port", "hunter2", "should be a whole number"),
        ("http_port", "65536", "should be less than or equal to 65535"),
        ("log_level", "hunter2", "should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("log_format", "hunter2", "should be 'text' or 'json'"),
    ],
)
def test_a_wrong_setting_is_named_with_its_rule_and_never_its_value(
    field: str, value: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable(field), value)
    with pytest.raises(WrongSettings) as refused:
        read_settings()
    (line,) = refused.value.lines
    assert line.startswith(variable(field))
    assert rule in line
    assert line.endswith(".")
    assert value not in line


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPPINGSTONE_HTTP_PORT", "many")
    monkeypatch.setenv("STEPPINGSTONE_LOG_FORMAT", "xml")
    with pytest.raises(WrongSettings) as refused:
        read_settings()
    assert [line.split(" ")[0] for line in refused.value.lines] == [
        "STEPPINGSTONE_HTTP_PORT",
        "STEPPINGSTONE_LOG_FORMAT",
    ]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"slack_bot_token": "xoxb-1"}, "STEPPINGSTONE_SLACK_APP_TOKEN"),
        ({"slack_app_token": "xapp-1"}, "STEPPINGSTONE_SLACK_BOT_TOKEN"),
        ({"slack_signing_secret": "0" * 32}, "STEPPINGSTONE_SLACK_BOT_TOKEN"),
    ],
)
def test_half_of_slack_names_the_other_half(given: dict[str, str], missing: str) -> None:
    with pytest.raises(WrongSettings) as refused:
        read_settings(**given)
    assert refused.value.lines[0].startswith(f"{missing} should be set beside")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("STEPPINGSTONE_LOG_FORMAT=json\nSTEPPINGSTONE_HTTP_PORT=81\n")
    monkeypatch.setenv("STEPPINGSTONE_HTTP_PORT", "82")
    settings = read_settings()
    assert (settings.log_format, settings.http_port) == ("json", 82)


def test_a_file_that_is_no_text_is_named() -> None:
    Path(".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WrongSettings, match=r"\.env cannot be read"):
        read_settings()


def test_a_misspelt_setting_is_pointed_at_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPPINGSTONE_DISCORD_TOKN", "x.y.z")
    monkeypatch.setenv("STEPPINGSTONE_TEST_DATABASE_URL", "for the tests")
    Path(".env").write_text("STEPPINGSTONE_LOGLEVEL=DEBUG\nOTHER=1\n")
    assert unknown_variables() == [
        "STEPPINGSTONE_DISCORD_TOKN is not a setting and changes nothing. Did you mean STEPPINGSTONE_DISCORD_TOKEN?",
        "STEPPINGSTONE_LOGLEVEL is not a setting and changes nothing. Did you mean STEPPINGSTONE_LOG_LEVEL?",
    ]


def test_no_secret_is_in_what_settings_show_of_themselves() -> None:
    settings = read_settings(
        discord_token="hunter2.a.b",
        keys=Keyring.generate().replace(":", "hunter2:"),
        database_url="postgresql://user:hunter2@host/name",
    )
    assert "hunter2" not in f"{settings!r} {settings}"


def test_the_sample_settings_are_complete_and_fresh() -> None:
    assert (ROOT / "deploy/env.example").read_text("utf-8") == env_example()
    names = re.findall(r"^#(STEPPINGSTONE_\w+)=", env_example(), re.MULTILINE)
    assert names == [variable(name) for name in Settings.model_fields]


def test_the_sample_settings_as_they_are_change_nothing() -> None:
    before = read_settings()
    Path(".env").write_text(env_example())
    assert read_settings() == before


def test_the_sample_settings_without_their_marks_are_the_defaults_but_for_the_sample_key() -> None:
    Path(".env").write_text(re.sub(r"^#(?=STEPPINGSTONE_)", "", env_example(), flags=re.MULTILINE))
    with pytest.raises(WrongSettings) as refused:
        read_settings()
    (line,) = refused.value.lines
    assert line.startswith("STEPPINGSTONE_KEYS: Key 1 is the sample from deploy/env.example")


def test_the_settings_in_the_readme_are_fresh() -> None:
    assert settings_table() in (ROOT / "README.md").read_text("utf-8")


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(ValidationError):
        read_settings().http_port = 1  # type: ignore[misc]  # what mypy refuses too
