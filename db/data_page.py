"""docs/data.md: what is kept, why, who sees it and how long, from the declarations on the columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, MetaData, Table

from db.base import Kept, declaration
from db.sealed import SealedText


def data_page(metadata: MetaData) -> str:
    """The page, as Markdown, for all tables of `metadata`. LookupError when a column declares nothing."""
    tables = sorted(metadata.tables.values(), key=lambda table: table.name)
    return "\n\n".join([_INTRODUCTION, *map(_section, tables)]) + "\n"


def _section(table: Table) -> str:
    declared = [(column, declaration(column)) for column in table.columns]
    lines = [f"## {table.name}"]
    rows = [_row(column, kept) for column, kept in declared if kept is not None]
    if rows:
        head = ["| Column | Why it is kept | Who sees it | How long | Sealed |", "| --- | --- | --- | --- | --- |"]
        lines.append("\n".join(head + rows))
    structural = ", ".join(f"`{column.name}`" for column, kept in declared if kept is None)
    if structural:
        lines.append(f"Besides, references and counters: {structural}.")
    return "\n\n".join(lines)


def _row(column: Column[Any], kept: Kept) -> str:
    sealed = "yes" if isinstance(column.type, SealedText) else "no"
    return f"| `{column.name}` | {kept.why} | {kept.seen_by} | {kept.until} | {sealed} |"


_INTRODUCTION = """\
# What is kept

This page is made from the declarations in the code; a column without one fails the tests. *Sealed* columns hold what
people write: it is encrypted (AES-256-GCM) before it reaches the database, and opens in no other row, for no other
member."""
