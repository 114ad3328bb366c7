"""Feedback on rejections, looking back at them, and lessons on checklists."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for step in ("asked", "answered", "useful"):
        op.add_column("rejections", sa.Column(f"feedback_{step}_at", INSTANT))
    op.create_table(
        "reflections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rejection_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_requirements", sa.LargeBinary()),
        sa.Column("sealed_prepared", sa.LargeBinary()),
        sa.Column("sealed_story", sa.LargeBinary()),
        sa.Column("sealed_unexpected", sa.LargeBinary()),
        sa.Column("sealed_outside", sa.LargeBinary()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_reflections"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reflections_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["rejection_id"], ["rejections.id"], name="fk_reflections_rejection_id", ondelete="CASCADE"
        ),
    )
    for column in ("person_id", "rejection_id", "deleted_at"):
        op.create_index(f"ix_reflections_{column}", "reflections", [column])
    op.create_table(
        "lessons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.Column("deleted_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_lessons"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_lessons_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_lessons_person_id_created_at", "lessons", ["person_id", "created_at"])
    op.create_index("ix_lessons_deleted_at", "lessons", ["deleted_at"])
