"""What a person may ask for, and what is done after it: each has a stable key and a signature.

The signature is the declaration: a plain parameter is bound (it travels in the button), one annotated with
`Annotated[type, Ask(...)]` is asked (it becomes an option, a modal field, an input, a line of help).
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Concatenate, Generic, ParamSpec, get_type_hints
from uuid import UUID

from bot.call import Call, Run
from bot.cards import Button, Card, Option, Select, Style
from bot.options import ASKED, Ask, Field, bare_type, field_of
from bot.outbox import JobCall
from bot.pack import pack, unpack
from db.members import Role

P = ParamSpec("P")


class Where(StrEnum):
    """Where a command may be used."""

    ANYWHERE = "anywhere"
    COMMUNITY = "community"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Working:
    """Shows a card at once; the job that needs the outside then edits it in place."""

    card: Card
    job: JobCall


@dataclass(frozen=True, slots=True)
class Resume:
    """Goes on with what a draft holds, as if it had just been asked."""

    draft_id: UUID
    as_form: bool = False
    """Opens its form again, filled with what was typed, rather than carrying it out."""


Reply = Card | Working | Resume
Handler = Callable[Concatenate[Call, P], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Filling:
    """What a form starts with, known only at run time: values, choices and questions by field name."""

    values: Mapping[str, object] = field(default_factory=dict)
    choices: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    asks: Mapping[str, Ask | None] = field(default_factory=dict)
    """A question in other words; None where it is not asked this time."""


Filler = Callable[..., Awaitable[Filling]]
"""`async (call, *bound) -> Filling`; must finish within the platform's 3 s."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What an act asks of its surroundings."""

    role: Role = Role.MEMBER
    where: Where = Where.ANYWHERE
    reads: bool = False
    """Only reads: takes no write lock."""
    database: bool = True
    """False: answers also while the database is down; the call then has no member row and `call.db` is not used."""
    before_consent: bool = False
    """May be used before a member has chosen what is kept."""
    without_saving: bool = False
    """Answers also for members who keep nothing; the handler looks at `call.member.keeps`."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A parameter that travels in the button."""

    name: str
    type: Any
    required: bool
    optional: bool
    """May be None."""


def unpack_bound(packed: str, bound: Sequence[Bound]) -> list[Any]:
    """The values that travelled, for as many parameters as they are. Raises ValueError for any that do not fit."""
    values = unpack(packed, [each.type for each in bound])
    if any(value is None and not each.optional for value, each in zip(values, bound, strict=False)):
        raise ValueError("nothing, where a value is needed")
    if any(each.required for each in bound[len(values) :]):
        raise ValueError("fewer values than the call needs")
    return values


@dataclass(frozen=True)
class Act(Generic[P]):
    """What commands and actions have in common: something a person may ask for by its stable key."""

    key: str
    handler: Handler[P]
    bound: tuple[Bound, ...]
    fields: tuple[Field, ...]
    needs: Needs
    form: Filler | None
    title: str
    formerly: tuple[str, ...]
    adds: bool
    """Answers with a new message, rather than in place of the one the button is on."""

    @cached_property
    def signature(self) -> inspect.Signature:
        """The handler's, read once."""
        return inspect.signature(self.handler)

    def call(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """The packed call, as `Card.redraw` and drafts keep it."""
        names = [each.name for each in self.bound]
        # Not `Signature.bind`, which for the buttons of a card takes longer than to draw them.
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        given = {name: value for name, value in given.items() if value is not ASKED}
        missing = [each.name for each in self.bound if each.required and each.name not in given]
        if missing:
            raise TypeError(f"{self.key} needs {missing}")
        while names and names[-1] not in given:
            names.pop()
        defaults = self.signature.parameters
        return pack(self.key, [given[name] if name in given else defaults[name].default for name in names])

    def button(self, label: str, style: Style = Style.PLAIN, /, *args: P.args, **kwargs: P.kwargs) -> Button:
        """A button that makes this call. Asked parameters are left to the form it opens."""
        return Button(label, self.call(*args, **kwargs), style)

    def select(
        self, placeholder: str, options: Sequence[Option], /, *bound: object, chosen: str | None = None
    ) -> Select:
        """A choice whose value becomes the last bound parameter; the others are given here."""
        if len(bound) != len(self.bound) - 1:
            raise TypeError(f"{self.key} takes {len(self.bound) - 1} values before the chosen one")
        return Select(placeholder, pack(self.key, bound), tuple(options), chosen)


@dataclass(frozen=True)
class Command(Act[P]):
    """Something people type: `rejection log`."""

    path: tuple[str, ...] = ()
    summary: str = ""
    details: str = ""
    shortcut: str = ""
    """The label of a platform's global shortcut, where it has them."""

    @property
    def words(self) -> str:
        return " ".join(self.path)


@dataclass(frozen=True)
class Action(Act[P]):
    """Something people press."""


@dataclass(frozen=True)
class Job(Generic[P]):
    """Work done after the commit, outside any transaction of a command."""

    key: str
    handler: Callable[Concatenate[Run, P], Awaitable[Card | None]]
    bound: tuple[Bound, ...]
    formerly: tuple[str, ...]

    @cached_property
    def signature(self) -> inspect.Signature:
        """The handler's, read once."""
        return inspect.signature(self.handler)

    def call(self, *args: P.args, **kwargs: P.kwargs) -> JobCall:
        bound = self.signature.bind(None, *args, **kwargs)
        bound.apply_defaults()
        return JobCall(pack(self.key, list(bound.arguments.values())[1:]))


def parameters_of(handler: Callable[..., Any]) -> tuple[tuple[Bound, ...], tuple[Field, ...]]:
    """What travels in the button, and what is asked, as the signature declares it. Raises TypeError."""
    hints = get_type_hints(handler, include_extras=True)
    bound: list[Bound] = []
    fields: list[Field] = []
    for parameter in list(inspect.signature(handler).parameters.values())[1:]:
        required = parameter.default is parameter.empty or parameter.default is ASKED
        asked = field_of(parameter.name, hints[parameter.name], required=required)
        if asked is not None:
            fields.append(asked)
        elif fields:
            raise TypeError(f"{handler.__name__}: bound {parameter.name} must come before what is asked")
        elif parameter.kind is parameter.KEYWORD_ONLY:
            raise TypeError(f"{handler.__name__}: bound {parameter.name} must not stand behind the *")
        else:
            kind = bare_type(hints[parameter.name])
            bound.append(Bound(parameter.name, kind, required, optional=kind is not hints[parameter.name]))
    return tuple(bound), tuple(fields)
