"""Finds the features and checks their declarations at start, so that no member meets a mistake first."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from enum import Enum
from typing import Any, Final
from uuid import UUID

from bot.acts import Act, Bound, Command, Job, Where
from bot.catalogue import Entry
from bot.extensions import Extensions
from bot.feature import Feature
from bot.features import Features
from bot.options import Field, Kind
from bot.pack import IN_PLACE, LIMIT
from bot.platforms.base import Offer
from db.members import Role

NAME_LIMIT: Final = 32
SUMMARY_LIMIT: Final = 100
TITLE_LIMIT: Final = 24
LABEL_LIMIT: Final = 45
HINT_LIMIT: Final = 100
FORM_LIMIT: Final = 5
OPTIONS_LIMIT: Final = 25
COMMANDS_IN_A_GROUP: Final = 25
CHOICES_IN_A_FORM: Final = 10
PATH_WORDS: Final = 2
_PACKED_LENGTHS: Final[Mapping[type, int]] = {UUID: 22, bool: 1, int: 12, date: 10, time: 5, str: 24}


class BadDeclarationsError(Exception):
    """One or more features are declared wrongly; the message lists every problem."""


def discover() -> tuple[Feature, ...]:
    """The `feature` of every package in `cogs`, by name. Raises BadDeclarationsError for a package without one."""
    cogs = importlib.import_module("cogs")
    found: list[Feature] = []
    for module in sorted(pkgutil.iter_modules(cogs.__path__), key=lambda each: each.name):
        package = importlib.import_module(f"cogs.{module.name}")
        feature = getattr(package, "feature", None)
        if not isinstance(feature, Feature):
            raise BadDeclarationsError(f"cogs/{module.name}/__init__.py does not export `feature`")
        found.append(feature)
    return tuple(found)


def collect(features: Sequence[Feature]) -> Features:
    """Puts the features together. Raises BadDeclarationsError with a line for every problem found."""
    problems = [problem for feature in features for problem in _problems(feature)]
    problems += _clashes(features)
    if problems:
        raise BadDeclarationsError("\n".join(problems))
    acts: dict[str, Act[...]] = {}
    jobs: dict[str, Job[...]] = {}
    together = Extensions()
    for feature in features:
        for act in (*feature.commands, *feature.actions):
            acts.update(dict.fromkeys((act.key, *act.formerly), act))
        for job in feature.jobs:
            jobs.update(dict.fromkeys((job.key, *job.formerly), job))
        together.add(feature.extensions)
    return Features(
        tuple(features),
        acts,
        jobs,
        {kind: expand for feature in features for kind, expand in feature.schedules.items()},
        {command.words: _entry(feature, command) for feature in features for command in feature.commands},
        tuple(_offer(feature, command) for feature in features for command in feature.commands),
        together,
    )


def _entry(feature: Feature, command: Command[...]) -> Entry:
    return Entry(
        command.words,
        command.summary,
        command.details,
        command.fields,
        command.needs.role,
        feature.name,
        feature.summary,
    )


def _offer(feature: Feature, command: Command[...]) -> Offer:
    return Offer(
        key=command.key,
        path=command.path,
        summary=command.summary,
        group_summary=feature.summary,
        fields=command.fields,
        admins=command.needs.role is Role.ADMIN,
        moderators=command.needs.role >= Role.FACILITATOR,
        in_direct=command.needs.where is not Where.COMMUNITY,
        in_community=command.needs.where is not Where.DIRECT,
        shortcut=command.shortcut,
    )


def _clashes(features: Sequence[Feature]) -> Iterator[str]:
    acts = [act for feature in features for act in (*feature.commands, *feature.actions)]
    keys = [key for act in acts for key in (act.key, *act.formerly)]
    keys += [key for feature in features for job in feature.jobs for key in (job.key, *job.formerly)]
    keys += [kind for feature in features for kind in feature.schedules]
    paths = [command.path for feature in features for command in feature.commands]
    groups = Counter(path[0] for path in paths)
    for kind, names in (("key", keys), ("feature", [feature.name for feature in features])):
        yield from (f"the {kind} {name!r} is declared {n} times" for name, n in Counter(names).items() if n > 1)
    for path, n in Counter(paths).items():
        if n > 1:
            yield f"the command {' '.join(path)!r} is declared {n} times"
        if len(path) == 1 and groups[path[0]] > n:
            yield f"{path[0]!r} is both a command and the first word of others, which Discord does not allow"
    yield from (f"{word!r} has more than 25 commands" for word, n in groups.items() if n > COMMANDS_IN_A_GROUP)


def _problems(feature: Feature) -> Iterator[str]:
    if not feature.summary or len(feature.summary) > SUMMARY_LIMIT:
        yield f"{feature.name}: needs a summary of at most {SUMMARY_LIMIT} characters"
    for command in feature.commands:
        yield from (f"{command.words}: {problem}" for problem in (*_of_command(command), *_of_act(command)))
    for action in feature.actions:
        yield from (f"{action.key}: {problem}" for problem in _of_act(action))
    for job in feature.jobs:
        yield from (f"{job.key}: {problem}" for problem in _of_packed(job.key, job.bound))


def _of_command(command: Command[...]) -> Iterator[str]:
    if not 1 <= len(command.path) <= PATH_WORDS:
        yield f"has {len(command.path)} words; one or two fit every platform"
    if not command.summary or len(command.summary) > SUMMARY_LIMIT:
        yield f"needs a docstring whose first line is help of at most {SUMMARY_LIMIT} characters"
    for word in (*command.path, *(field.name for field in command.fields)):
        if len(word) > NAME_LIMIT or not word.replace("_", "a").isalnum() or word != word.lower():
            yield f"{word!r} cannot be a command or option name"
    if len(command.fields) > OPTIONS_LIMIT:
        yield f"takes more than {OPTIONS_LIMIT} options"
    if command.shortcut and len(command.shortcut) > TITLE_LIMIT:
        yield f"its shortcut is longer than {TITLE_LIMIT} characters"


def _of_act(act: Act[...]) -> Iterator[str]:
    if act.fields:
        if len(act.fields) > FORM_LIMIT:
            yield f"asks {len(act.fields)} questions; at most {FORM_LIMIT} fit a form"
        if not act.title or len(act.title) > TITLE_LIMIT:
            yield f"needs a form title of at most {TITLE_LIMIT} characters"
    for field in act.fields:
        yield from _of_field(field)
    yield from _of_packed(act.key, act.bound)


def _of_packed(key: str, bound: Sequence[Bound]) -> Iterator[str]:
    length = len(key) + sum(1 + _longest(each.type) for each in bound) + len(IN_PLACE)
    if length > LIMIT:
        yield f"its buttons could be {length} characters long; at most {LIMIT} fit"
    if ":" in key or key.startswith(IN_PLACE):
        yield "its key holds a character that packing needs"


def _of_field(field: Field) -> Iterator[str]:
    if not field.ask.label or len(field.ask.label) > LABEL_LIMIT:
        yield f"{field.name!r} needs a label of at most {LABEL_LIMIT} characters"
    if len(field.ask.hint) > HINT_LIMIT:
        yield f"the hint of {field.name!r} is longer than {HINT_LIMIT} characters"
    if len(field.options) > OPTIONS_LIMIT:
        yield f"{field.name!r} has more than {OPTIONS_LIMIT} choices"
    if field.kind is Kind.CHOICES and len(field.options) > CHOICES_IN_A_FORM:
        yield f"{field.name!r} has more than {CHOICES_IN_A_FORM} boxes to tick"
    if field.ask.complete and field.kind is not Kind.TEXT:
        yield f"{field.name!r} has suggestions but is not a line of text"


def _longest(kind: Any) -> int:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return max(len(str(each.value)) for each in kind)
    return _PACKED_LENGTHS.get(kind, LIMIT)
