"""Goals that members set, what they do for them, and their pauses."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "goals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_verb", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_thing", sa.LargeBinary(), nullable=False),
        sa.Column("deed", sa.Text()),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("upper", sa.Integer()),
        sa.Column("bound", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("paused_on", sa.Date()),
        sa.Column("finished_on", sa.Date()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_goals"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_goals_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_goals_person_id_created_at", "goals", ["person_id", "created_at"])
    op.create_index("ix_goals_deleted_at", "goals", ["deleted_at"])
    op.create_table(
        "goal_progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Uuid()),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_goal_progress"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_goal_progress_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name="fk_goal_progress_goal_id", ondelete="CASCADE"),
        sa.UniqueConstraint("goal_id", "source", name="uq_goal_progress_goal_id_source"),
    )
    op.create_index("ix_goal_progress_goal_id_on", "goal_progress", ["goal_id", "on"])
    op.create_index("ix_goal_progress_person_id", "goal_progress", ["person_id"])
    op.create_table(
        "goal_pauses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_goal_pauses"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_goal_pauses_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name="fk_goal_pauses_goal_id", ondelete="CASCADE"),
        sa.UniqueConstraint("goal_id", "begins", name="uq_goal_pauses_goal_id_begins"),
    )
    op.create_index("ix_goal_pauses_person_id", "goal_pauses", ["person_id"])
