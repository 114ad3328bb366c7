"""Duties: what one process at a time may do."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "duties",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_duties"),
    )
