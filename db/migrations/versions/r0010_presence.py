"""Since when a member is in the place of their group, and whose account has still to leave one."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("group_members", sa.Column("let_in_at", INSTANT))
    op.create_table(
        "removals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("leaving", sa.Uuid(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("sealed_user", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_removals"),
    )
    op.create_index("ix_removals_leaving", "removals", ["leaving"])
    op.create_index("ix_removals_created_at", "removals", ["created_at"])
