"""Events that members went to, and courses that they finished."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_people", sa.LargeBinary()),
        sa.Column("sealed_following", sa.LargeBinary()),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_steps"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_steps_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_steps_person_id_kind_happened_on", "steps", ["person_id", "kind", "happened_on"])
    op.create_index("ix_steps_deleted_at", "steps", ["deleted_at"])
