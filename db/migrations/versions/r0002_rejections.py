"""Rejections that members log."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "rejections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid()),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("sealed_company", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_role", sa.LargeBinary()),
        sa.Column("sealed_feelings", sa.LargeBinary()),
        sa.Column("sealed_note", sa.LargeBinary()),
        sa.Column("sealed_lesson", sa.LargeBinary()),
        sa.Column("intensity", sa.SmallInteger()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_rejections"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_rejections_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_rejections_community_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_rejections_person_id_created_at", "rejections", ["person_id", "created_at"])
    op.create_index("ix_rejections_deleted_at", "rejections", ["deleted_at"])
