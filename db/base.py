"""What every table is made of: ids, instants, versions, and a declared reason for every column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
    Time,
    Uuid,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

Code = TypeVar("Code", bound=StrEnum | IntEnum)

DECLARATION = "declaration"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """Why a column with a member's data exists, who sees it, and until when it is kept; docs/data.md says it."""

    why: str
    seen_by: str
    until: str


def kept(*args: Any, why: str, seen_by: str, until: str, **options: Any) -> MappedColumn[Any]:
    """A mapped column that holds something of a member or of a community. `options` are mapped_column's."""
    return mapped_column(*args, info={DECLARATION: Kept(why, seen_by, until)}, **options)


def structural(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A mapped column that says nothing of anyone: ids, references, versions, counters."""
    return mapped_column(*args, info={DECLARATION: None}, **options)


def declaration(column: Column[Any]) -> Kept | None:
    """What a column declares; None when it is structural. LookupError when it declares nothing."""
    if DECLARATION not in column.info:
        message = f"{column.table.name}.{column.name} declares nothing: make it with kept(...) or structural(...)"
        raise LookupError(message)
    found: Kept | None = column.info[DECLARATION]
    return found


class Instant(TypeDecorator[datetime]):
    """A moment: timestamptz on PostgreSQL, microseconds since 1970 in an integer on SQLite, UTC in Python.

    Naive values are refused both ways: DateTime(timezone=True) silently returns naive ones on SQLite.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        moment = _aware(value).astimezone(UTC)
        return (moment - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + int(value) * _MICROSECOND
        return _aware(value).astimezone(UTC)


class Coded(TypeDecorator[Code]):
    """An enum stored by its value: text for a StrEnum, a small integer for an IntEnum."""

    impl: type[TypeEngine[Any]] | TypeEngine[Any] = Text
    cache_ok = True

    def __init__(self, codes: type[Code]) -> None:
        super().__init__()
        self.codes: Callable[[Any], Code] = codes
        if issubclass(codes, int):
            self.impl = SmallInteger()

    def process_bind_param(self, value: Code | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else self.codes(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> Code | None:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else self.codes(value)


class Table(DeclarativeBase):
    """The root of all tables, for the few whose key is not a random id; everything else is a Base."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it under this name and only once
        datetime: Instant,
        time: Time,
        UUID: Uuid,
        str: Text,
        bytes: LargeBinary,
    }


class Base(Table):
    """A table whose rows have a random id, made when the row is constructed: sealing needs it before the flush."""

    __abstract__ = True

    id: Mapped[UUID] = structural(primary_key=True, default=uuid4, sort_order=-2)


class Versioned:
    """Counts a row's changes from 1 and refuses to write over somebody else's (StaleDataError)."""

    version: Mapped[int] = structural(default=1, sort_order=-1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a directive is given the class
        return {"version_id_col": cls.version}


@event.listens_for(Base, "init", propagate=True)
def _give_id(_row: Base, _args: tuple[Any, ...], values: dict[str, Any]) -> None:
    values.setdefault("id", uuid4())


def _aware(value: datetime) -> datetime:
    if not isinstance(value, datetime):
        message = f"an instant is a datetime, not {type(value).__name__}"
        raise TypeError(message)
    if value.utcoffset() is None:
        message = "an instant has a time zone; this datetime has none"
        raise ValueError(message)
    return value
