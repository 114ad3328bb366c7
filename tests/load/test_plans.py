"""No query of any feature reads through a table: all that is declared is walked through, and each query explained."""

import logging
from typing import Final

import pytest
from sqlalchemy import MetaData, Table, UniqueConstraint

from bot.loader import discover
from db.keyring import Keyring
from db.url import SQLITE
from tests.load.people import Size
from tests.load.plans import explaining, never_through, read_through
from tests.load.population import populate
from tests.load.town import town
from tests.load.walking import Walked, make_up, noting, walk

SIZE: Final = Size(communities=2, groups=14)
FEW: Final = 25
"""A table of so many rows may be read through. In `SIZE` the tables that stay small for ever have as many at most."""
IN_VAIN: Final = 1_000
"""An index may lead past so many rows that are not wanted."""


@pytest.mark.usefixtures("metadata")
async def test_no_query_of_a_feature_reads_through_a_table(
    database_url: str, keyring: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    circles = await populate(database_url, keyring, SIZE)
    walked = Walked()
    url = database_url if database_url.startswith(SQLITE) else never_through(database_url)
    async with town(url, keyring, circles, features=noting(walked)) as there:
        features = there.app.features
        with explaining() as found:
            await walk(there, walked)
            assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
            missed = {*features.acts, *features.jobs} - walked.acts - walked.jobs
            await make_up(there, missed)
        assert len(found) > 250
        assert not await read_through(there.app.database, found.values(), few=FEW)
    assert not [read for read in found.values() if max(read.in_vain.values(), default=0) > IN_VAIN]
    # Where this fails, give the past what leads there.
    assert not missed & {command.key for feature in discover() for command in feature.commands}
    assert features.schedules.keys() <= walked.jobs
    assert len(missed) < len(features.keys) / 8, missed


def test_every_foreign_key_has_an_index(metadata: MetaData) -> None:
    """What it leads to is looked for here when that is deleted, and no plan of the deletion tells how."""
    keys = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.ondelete for key in column.foreign_keys)
    }
    assert len(keys) > 30
    assert not {(table, column) for table, column in keys if not has_index(metadata.tables[table], column)}


def has_index(table: Table, column: str) -> bool:
    """Whether all rows are in an index that begins with the column."""
    whole = [[*each.columns] for each in table.indexes if each.dialect_options["postgresql"]["where"] is None]
    unique = [[*each.columns] for each in table.constraints if isinstance(each, UniqueConstraint)]
    return any(columns[0].name == column for columns in [*whole, *unique])
