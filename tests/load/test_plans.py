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
from tests.load.walking import Walked, noting, walk

SIZE: Final = Size(communities=4, groups=24)
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
        with explaining() as found:
            await walk(there, walked)
        acts = set(there.app.features.acts)
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
        assert len(found) > 250
        assert not await read_through(there.app.database, found.values(), few=FEW)
    assert not [read for read in found.values() if max(read.in_vain.values(), default=0) > IN_VAIN]
    # What no trail led to was asked for with ids of nothing. Where this fails, give the past what leads there.
    commands = {command.key for feature in discover() for command in feature.commands}
    assert commands <= walked.acts
    assert len(acts - walked.acts) < len(acts) / 10, acts - walked.acts
    jobs = {job.key for feature in discover() for job in feature.jobs}
    assert {kind for feature in discover() for kind in feature.schedules} <= walked.jobs
    assert len(jobs - walked.jobs) < len(jobs) / 5, jobs - walked.jobs


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
