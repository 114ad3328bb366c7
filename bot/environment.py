"""Reads the settings, and says in sentences what is wrong with them: names and rules, never a value."""

import difflib
import os
from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import DotEnvSettingsSource

from bot.settings import PREFIX, Settings


class WrongSettings(Exception):  # noqa: N818 - named for what is wrong
    """Settings that nothing can start with. Each of `lines` names a variable and says what it should be."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read_settings(**given: object) -> Settings:
    """The settings from the environment and `.env`; `given` ones, by field name, win. Raises WrongSettings."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # pydantic reads the types
    except ValidationError as refused:
        raise WrongSettings(*map(_sentence, refused.errors(include_input=False, include_url=False))) from None
    except (OSError, UnicodeDecodeError):
        raise WrongSettings(".env cannot be read. It should be a text file in UTF-8 that this user may read.") from None


def variable(field: str) -> str:
    """The environment variable of a field of Settings."""
    return f"{PREFIX}{field.upper()}"


def unknown_variables() -> list[str]:
    """A sentence for each variable with our prefix that is no setting, with the near one."""
    known = [variable(field) for field in Settings.model_fields]
    sentences = []
    for name in sorted(set(_ours()) - set(known)):
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else "deploy/env.example lists all settings."
        sentences.append(f"{name} is not a setting and changes nothing. {hint}")
    return sentences


def _ours() -> Iterator[str]:
    try:
        file = DotEnvSettingsSource(Settings).env_vars
    except (OSError, UnicodeDecodeError):  # `read_settings` says so
        file = {}
    for name in (*os.environ, *file):
        if name.upper().startswith(PREFIX) and not name.upper().startswith(f"{PREFIX}TEST_"):
            yield name.upper()


def _sentence(error: ErrorDetails) -> str:
    words = _NUMBER_WORDS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    words = words.replace("Input should", "should", 1).removesuffix(".")
    if not error["loc"]:
        return f"{words}."
    return f"{variable(str(error['loc'][0]))}{' ' if words.startswith('should') else ': '}{words}."


_NUMBER_WORDS = {"int_parsing": "should be a whole number", "int_from_float": "should be a whole number"}
