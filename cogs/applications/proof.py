"""Applications as documents that prove a search for work: CSV for spreadsheets, HTML to read and print.

Both are pure, and take a moment where there are many: call them in a thread.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

HEADERS: Final = ("Date", "Employer", "Role", "Found", "How", "Contact", "Status", "History")


@dataclass(frozen=True, slots=True)
class Line:
    """One application, in words."""

    applied_on: date
    employer: str = field(repr=False)
    role: str = field(repr=False)
    found: str = field(repr=False)
    method: str
    contact: str = field(repr=False)
    status: str
    history: Sequence[tuple[date, str]]
    """The day and the name of each step, in order."""


def write_csv(lines: Sequence[Line]) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by. No cell begins like a formula."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADERS)
    for line in lines:
        writer.writerow([_safe(cell) for cell in (line.applied_on.isoformat(), *_cells(line), _steps(line, "; "))])
    return text.getvalue().encode("utf-8-sig")


def write_html(lines: Sequence[Line], *, since: date | None, until: date | None, today: date) -> bytes:
    """One page that needs nothing else, for A4. It is built as a tree, which escapes what people wrote."""
    html = ET.Element("html", lang="en")
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "meta", charset="utf-8")
    policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    ET.SubElement(head, "meta", policy)
    ET.SubElement(head, "meta", name="viewport", content="width=device-width")
    ET.SubElement(head, "title").text = _TITLE
    ET.SubElement(head, "style").text = _STYLE
    body = ET.SubElement(html, "body")
    ET.SubElement(body, "h1").text = _TITLE
    ET.SubElement(body, "p").text = f"{_period(lines, since, until, today)}. Applications: {len(lines)}."
    _table(body, lines)
    signed = ET.SubElement(body, "div", {"class": "signed"})
    for label in ("Name", "Date", "Signature"):
        ET.SubElement(signed, "p").text = label
    ET.SubElement(body, "footer").text = f"Made on {_day(today)} from the applicant’s own record."
    page: bytes = ET.tostring(html, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + page


def _table(body: ET.Element, lines: Sequence[Line]) -> None:
    table = ET.SubElement(body, "table")
    _row(ET.SubElement(table, "thead"), "th", HEADERS, scope="col")
    rows = ET.SubElement(table, "tbody")
    for line in lines:
        cells = _row(rows, "td", (_day(line.applied_on), *_cells(line)))
        steps = ET.SubElement(ET.SubElement(cells, "td"), "ol")
        for day, name in line.history:
            ET.SubElement(steps, "li").text = f"{_day(day)}: {name}"


def _row(parent: ET.Element, kind: str, texts: Iterable[str], **attributes: str) -> ET.Element:
    row = ET.SubElement(parent, "tr")
    for text in texts:
        ET.SubElement(row, kind, attributes).text = text
    return row


def _cells(line: Line) -> Sequence[str]:
    return (line.employer, line.role, line.found, line.method, line.contact, line.status)


def _steps(line: Line, separator: str) -> str:
    return separator.join(f"{day.isoformat()} {name}" for day, name in line.history)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _period(lines: Sequence[Line], since: date | None, until: date | None, today: date) -> str:
    first = since or min((line.applied_on for line in lines), default=today)
    return f"{_day(first)} to {_day(until or today)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


# The wide ones too: spreadsheets of some languages read them as the narrow ones.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TITLE: Final = "Record of job applications"
_STYLE: Final = """
@page { size: A4 landscape; margin: 14mm; }
body { font: 10pt/1.4 system-ui, sans-serif; color: #111; background: #fff; }
body { margin: auto; max-width: 270mm; padding: 1.5em; }
h1 { font-size: 16pt; margin: 0 0 .2em; }
table { border-collapse: collapse; width: 100%; min-width: 220mm; table-layout: fixed; }
th:first-child { width: 9%; }
th:last-child { width: 24%; }
th, td { border: 1px solid #999; padding: .3em .4em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eee; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
ol { margin: 0; padding: 0; list-style: none; }
.signed { display: flex; gap: 2em; margin-top: 3em; break-inside: avoid; }
.signed p { flex: 1; border-top: 1px solid #111; padding-top: .3em; }
footer { margin-top: 1em; color: #555; font-size: 8pt; }
@media print { body { padding: 0; max-width: none; } table { min-width: 0; } }
"""
