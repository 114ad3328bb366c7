"""The documents: whole, safe in a spreadsheet, safe in a browser."""

import csv
import io
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.applications.proof import HEADERS, Line, write_csv, write_html

TODAY = date(2026, 11, 23)
ACME = Line(
    date(2026, 11, 2),
    "Acme",
    "Shift lead",
    "Their website",
    "E-mail",
    "Ms Reyes, 555-0100",
    "Rejected",
    [(date(2026, 11, 2), "Applied"), (date(2026, 11, 9), "Rejected")],
)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


class Seen(HTMLParser):
    """The elements and the words of a page, as a browser would make them out."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.attributes: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_spreadsheet_has_a_row_for_each_with_its_history() -> None:
    header, row = read(write_csv([ACME]))
    assert tuple(header) == HEADERS
    assert row[:3] == ["2026-11-02", "Acme", "Shift lead"]
    assert row[-2:] == ["Rejected", "2026-11-02 Applied; 2026-11-09 Rejected"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    formula = f'{start}HYPERLINK("http://evil.example","x")'
    line = replace(ACME, employer=formula, role=formula, found=formula, contact=formula)
    row = read(write_csv([line]))[1]
    assert row[1:4] == [f"'{formula}"] * 3
    assert row[5] == f"'{formula}"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_whatever_is_written_stays_in_its_cell(text: str) -> None:
    row = read(write_csv([replace(ACME, employer=text)]))[1]
    assert len(row) == len(HEADERS)
    assert row[1] in {text, f"'{text}"}


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r")))
def test_whatever_is_written_is_words_on_the_page(text: str) -> None:
    plain = Seen(write_html([ACME], since=None, until=None, today=TODAY))
    page = Seen(write_html([replace(ACME, employer=text)], since=None, until=None, today=TODAY))
    assert page.tags == plain.tags
    assert text in "".join(page.words)


def test_the_page_stands_alone_and_runs_nothing() -> None:
    line = replace(ACME, employer="<script>alert(1)</script>", contact='"><img src=x onerror=alert(1)>')
    content = write_html([line], since=None, until=None, today=TODAY)
    page = Seen(content)
    assert not {"script", "img", "link", "iframe", "a"} & set(page.tags)
    assert not {"src", "href", "onerror", "onclick"} & set(page.attributes)
    assert b"default-src 'none'" in content
    assert b"url(" not in content
    assert b"@import" not in content
    assert b"size: A4" in content


def test_the_page_says_its_period_its_count_and_each_step() -> None:
    words = " ".join(Seen(write_html([ACME], since=None, until=None, today=TODAY)).words)
    for each in ("2 Nov 2026 to 23 Nov 2026. Applications: 1.", "9 Nov 2026: Rejected", "Ms Reyes", "Signature"):
        assert each in words
    asked = write_html([], since=date(2026, 11, 1), until=date(2026, 11, 30), today=TODAY)
    assert "1 Nov 2026 to 30 Nov 2026. Applications: 0." in " ".join(Seen(asked).words)
