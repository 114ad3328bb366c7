from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, Text

import db
from db.base import Kept, declaration, kept
from db.data_page import data_page

PAGE = Path(db.__file__).parents[1] / "docs" / "data.md"


def test_every_column_says_why_it_is_there(metadata: MetaData) -> None:
    columns = [column for table in metadata.tables.values() for column in table.columns]

    assert len(columns) > 50
    for column in columns:
        declared = declaration(column)
        assert declared is None or all((declared.why, declared.seen_by, declared.until)), column


def test_a_column_that_declares_nothing_is_an_error() -> None:
    table = Table("guests", MetaData(), Column("shoe_size", Text()))

    for read in (lambda: declaration(table.c.shoe_size), lambda: data_page(table.metadata)):
        with pytest.raises(LookupError, match=r"guests\.shoe_size"):
            read()


def test_a_declaration_is_read_from_its_column() -> None:
    column = kept(Text(), why="to play", seen_by="everybody", until="the evening").column

    assert declaration(column) == Kept("to play", "everybody", "the evening")


def test_the_page_says_why_for_whom_how_long_and_whether_sealed(metadata: MetaData) -> None:
    page = data_page(metadata)
    until = "until the member deletes their data"

    assert f"| `sealed_looking_for` | what the member is looking for | the member | {until} | yes |" in page
    assert f"| `zone` | to show times and to write at a fitting hour | the member | {until} | no |" in page
    assert "references and counters: `id`, `version`." in page


def test_the_page_in_the_documents_is_fresh(metadata: MetaData) -> None:
    assert PAGE.read_text() == data_page(metadata), "docs/data.md is old: write data_page(metadata) to it again"
