"""All settings in one frozen tree, read once by the composition root: environment and `.env`, prefix STEPPINGSTONE_."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.shards import Shards
from db.keyring import Keyring
from db.url import read_url

PREFIX = "STEPPINGSTONE_"
DISCORD_TOKEN_PARTS = 3


class Only(StrEnum):
    """The part of the bot that one of several processes is for."""

    WORKER = "worker"
    """Sends what is due, and takes in nothing."""
    DISCORD = "discord"
    SLACK = "slack"
    """Takes in what people do there, and leaves what is due to the workers."""


class Settings(BaseSettings):
    """What a host can set. Each field's description is what `deploy/env.example` and the README show."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    data_dir: Path = Path("data")
    """Folder for the SQLite database and its key file; made when missing."""

    database_url: SecretStr | None = None
    """postgresql://user:password@host/name, or sqlite:///path; empty: an SQLite file in the data folder."""

    keys: SecretStr | None = None
    """Sealing keys, id:base64[,id:base64]; the first seals, all open; empty: a key file beside the SQLite database."""

    discord_token: SecretStr | None = None
    """The bot's token from Discord's developer portal; empty: no Discord."""

    discord_api_url: str = "https://discord.com/api/v10"
    """Where Discord's API answers; another address for a proxy or a test."""

    discord_gateway_url: str | None = None
    """Where Discord's gateway answers, wss://...; empty: as Discord's API says."""

    discord_shards: str | None = None
    """Which of Discord's shards this process serves, such as 0-3/8: the first four of eight; empty: all."""

    slack_bot_token: SecretStr | None = None
    """The bot token of the Slack workspace, xoxb-...; empty: no Slack."""

    slack_app_token: SecretStr | None = None
    """The app-level token for Socket Mode, xapp-...; with it no public address is needed."""

    slack_signing_secret: SecretStr | None = None
    """The signing secret for events over HTTP, 32 hexadecimal characters; used where there is no app-level token."""

    slack_api_url: str = "https://slack.com/api/"
    """Where Slack's API answers; another address for GovSlack, a proxy or a test."""

    http_host: str = "127.0.0.1"
    """The address that health checks and Slack's HTTP events listen on."""

    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """The port for them; 0 picks a free one."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much to log: DEBUG, INFO, WARNING or ERROR."""

    log_format: Literal["text", "json"] = "text"
    """One line of text, or one JSON object, per event."""

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _database_shape(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            read_url(url.get_secret_value())
        return url

    @field_validator("keys")
    @classmethod
    def _usable_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None:
            Keyring.parse(keys.get_secret_value())
        return keys

    @field_validator("discord_api_url", "slack_api_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("should be a web address that starts with https://")
        return url

    @field_validator("discord_gateway_url")
    @classmethod
    def _socket_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("wss://", "ws://")):
            raise ValueError("should be a WebSocket address that starts with wss://")
        return url

    @field_validator("discord_shards")
    @classmethod
    def _shards(cls, shards: str | None) -> str | None:
        if shards is not None:
            Shards.parse(shards)
        return shards

    @field_validator("discord_token")
    @classmethod
    def _discord_shape(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and len(token.get_secret_value().split(".")) != DISCORD_TOKEN_PARTS:
            raise ValueError("should be the bot token of the Discord developer portal: three parts joined by dots")
        return token

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_shape(cls, token: SecretStr | None) -> SecretStr | None:
        return _starting("xoxb-", token)

    @field_validator("slack_app_token")
    @classmethod
    def _app_shape(cls, token: SecretStr | None) -> SecretStr | None:
        return _starting("xapp-", token)

    @field_validator("slack_signing_secret")
    @classmethod
    def _secret_shape(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch("[0-9a-f]{32}", secret.get_secret_value()):
            raise ValueError("should be 32 characters of 0-9 and a-f, from Basic Information in Slack's app settings")
        return secret

    @model_validator(mode="after")
    def _whole_slack(self) -> Self:
        way_in = self.slack_app_token or self.slack_signing_secret
        if self.slack_bot_token and not way_in:
            raise ValueError(
                f"{PREFIX}SLACK_APP_TOKEN should be set beside {PREFIX}SLACK_BOT_TOKEN: "
                f"it starts with xapp-. Or, for Slack over HTTP, {PREFIX}SLACK_SIGNING_SECRET."
            )
        if way_in and not self.slack_bot_token:
            raise ValueError(
                f"{PREFIX}SLACK_BOT_TOKEN should be set beside Slack's other settings: it starts with xoxb-."
            )
        return self

    @property
    def database(self) -> str:
        """The database's address: the one that is set, else the file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'steppingstone.db'}"


def _starting(prefix: str, token: SecretStr | None) -> SecretStr | None:
    if token is not None and not token.get_secret_value().startswith(prefix):
        raise ValueError(f"should start with {prefix}")
    return token
