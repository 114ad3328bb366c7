"""Since when a member is in the place of their group."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("group_members", sa.Column("let_in_at", INSTANT))
