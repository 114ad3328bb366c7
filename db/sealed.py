"""Sealed text in tables: a column that takes nothing but sealed bytes, and a property that seals and opens."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Any, Generic, Literal, Self, TypeVar, cast, overload
from uuid import UUID

from sqlalchemy import Column, Dialect, LargeBinary, event, inspect
from sqlalchemy.orm import Mapper, Session, object_mapper, object_session
from sqlalchemy.types import TypeDecorator

from db.keyring import Keyring, Sealed, Unopenable, place

__all__ = ["Keyring", "Sealed", "SealedProperty", "SealedText", "SealingSession", "Unopenable", "sealed_text"]

Opened = TypeVar("Opened", bound=str | None)


class SealedText(TypeDecorator[Sealed]):
    """Holds `Sealed` and nothing else: a bulk write of plain text fails with a TypeError instead of storing it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - SQLAlchemy's
        if value is None:
            return None
        if not isinstance(value, Sealed):
            message = f"a sealed column takes Sealed, not {type(value).__name__}: set it through its sealed_text"
            raise TypeError(message)
        return bytes(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Sealed | None:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else Sealed(value)


@overload
def sealed_text(column: str) -> SealedProperty[str]: ...
@overload
def sealed_text(column: str, *, optional: Literal[True]) -> SealedProperty[str | None]: ...
def sealed_text(column: str, *, optional: bool = False) -> SealedProperty[Any]:
    """The text of the SealedText attribute named `column`, sealed for its row and its owner when flushed.

    A table says whose rows these are by `__owner__`, the name of an attribute (`person_id` when not given);
    None for rows that belong to no member. A value does not open once its row's id or owner has changed.
    """
    return SealedProperty(column, optional=optional)


class SealedProperty(Generic[Opened]):
    """What `sealed_text` makes: reads and writes `str` on a row."""

    def __init__(self, column: str, *, optional: bool) -> None:
        self._column = column
        self._optional = optional

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: object, owner: type) -> Opened: ...
    def __get__(self, row: object | None, owner: type) -> Self | Opened:
        if row is None:
            return self
        value = getattr(row, self._column)
        if isinstance(value, Sealed):
            value = _open(row, self._column, value)
        elif isinstance(value, Unsealed):
            value = value.text
        elif not self._optional:
            message = f"{type(row).__name__}.{self._column} has no text yet"
            raise ValueError(message)
        return cast("Opened", value)

    def __set__(self, row: object, value: Opened) -> None:
        if value is None and self._optional:
            setattr(row, self._column, None)
        elif isinstance(value, str):
            setattr(row, self._column, Unsealed(value))
        else:
            message = f"{type(row).__name__}.{self._column} takes text, not {type(value).__name__}"
            raise TypeError(message)


class Unsealed:
    """Text on its way to the flush that seals it; its repr shows none of it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "<unsealed>"


class SealingSession(Session):
    """A session that seals the text of every row it flushes with the keyring in its `info`."""


@event.listens_for(SealingSession, "before_flush")
def _seal_rows(session: Session, _context: object, _rows: object) -> None:
    for row in chain(session.new, session.dirty):
        state = inspect(row)
        for name, column in sealed_columns(state.mapper).items():
            value = state.dict.get(name)  # never loads what is not there
            if isinstance(value, Unsealed):
                setattr(row, name, _keyring(session).seal(value.text, place=_place(row, column)))


@cache  # by class: asked for every row that is written or read
def sealed_columns(mapper: Mapper[Any]) -> Mapping[str, Column[Any]]:
    """The sealed columns of a mapped class, by the names of their attributes."""
    columns = {attribute.key: attribute.columns[0] for attribute in mapper.column_attrs}
    return {
        name: column
        for name, column in columns.items()
        if isinstance(column, Column) and isinstance(column.type, SealedText)
    }


def owner_attribute(mapped: type) -> str | None:
    """The attribute that says whose rows these are."""
    return cast("str | None", getattr(mapped, "__owner__", "person_id"))


def place_of(column: Column[Any], *, row: UUID | bytes, owner: UUID | bytes | None) -> bytes:
    """Where a value of `column` lives. Renaming a table or a column therefore needs a migration that re-seals."""
    return place(table=column.table.name, column=column.name, owner=_word(owner), row=_word(row))


def _place(row: object, column: Column[Any]) -> bytes:
    attribute = owner_attribute(type(row))
    owner = None if attribute is None else getattr(row, attribute)
    if attribute is not None and owner is None:
        message = f"{type(row).__name__}.{attribute} must be set before its text can be sealed or read"
        raise ValueError(message)
    return place_of(column, row=row.id, owner=owner)  # type: ignore[attr-defined]  # sealed rows are keyed by id


def _open(row: object, attribute: str, value: Sealed) -> str:
    session = object_session(row)
    if session is None:
        message = "Sealed text is read while its row's session is open."
        raise Unopenable(message)
    return _keyring(session).open(value, place=_place(row, sealed_columns(object_mapper(row))[attribute]))


def _keyring(session: Session) -> Keyring:
    return cast("Keyring", session.info["keyring"])


def _word(value: UUID | bytes | None) -> str:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else str(value)
