"""Which helplines may be shown."""

import json
import warnings
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.countries import COUNTRIES
from cogs.support import service

CHECKED = date(2026, 11, 23)
GIVEN = json.loads((Path(service.__file__).with_name("helplines.json")).read_text(encoding="utf-8"))


def test_every_line_is_shown_as_it_was_given() -> None:
    for row in GIVEN["lines"]:
        (line,) = service.find_helplines(row["country"], today=CHECKED)
        assert (line.name, line.call, line.text, line.chat) == (row["name"], row["call"], row["text"], row["chat"])
        assert row["sources"], "nobody invents a number"


def test_every_country_with_lines_can_be_chosen_and_no_other() -> None:
    assert service.find_countries() == set(COUNTRIES)


def test_a_row_is_hidden_when_nobody_has_checked_it_for_180_days() -> None:
    assert service.find_helplines("US", today=CHECKED + timedelta(days=180))
    assert not service.find_helplines("US", today=CHECKED + timedelta(days=181))


def test_a_row_is_due_after_150_days() -> None:
    assert not service.find_due(today=CHECKED + timedelta(days=150))
    assert len(service.find_due(today=CHECKED + timedelta(days=151))) == len(GIVEN["lines"])


@pytest.mark.filterwarnings("default")  # it warns who runs the tests, and must not stop them
def test_somebody_is_told_when_lines_are_due_to_be_checked() -> None:
    due = service.find_due(today=datetime.now(UTC).date())
    if due:
        names = ", ".join(f"{line.name} ({line.country})" for line in due)
        warnings.warn(f"check these helplines again, and date them: {names}", stacklevel=1)
