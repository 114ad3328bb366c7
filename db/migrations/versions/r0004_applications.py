"""Applications that members log, and the stages they reach."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_company", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_role", sa.LargeBinary()),
        sa.Column("sealed_found", sa.LargeBinary()),
        sa.Column("sealed_contact", sa.LargeBinary()),
        sa.Column("sealed_notes", sa.LargeBinary()),
        sa.Column("method", sa.Text()),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("furthest", sa.Text(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_applications_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_applications_person_id_applied_on", "applications", ["person_id", "applied_on"])
    op.create_index("ix_applications_person_id_stage_moved_on", "applications", ["person_id", "stage", "moved_on"])
    op.create_index("ix_applications_deleted_at", "applications", ["deleted_at"])
    op.create_table(
        "application_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("furthest", sa.Text(), nullable=False),
        sa.Column("is_news", sa.Boolean(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_application_moves"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_application_moves_application_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_application_moves_person_id", ondelete="CASCADE"
        ),
    )
    op.create_index(
        "ix_application_moves_application_id_number", "application_moves", ["application_id", "number"], unique=True
    )
    op.create_index("ix_application_moves_person_id_happened_on", "application_moves", ["person_id", "happened_on"])
