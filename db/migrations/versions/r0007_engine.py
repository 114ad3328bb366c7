"""The engine: schedules and their occurrences, jobs, destinations and lanes; where a member is written to first."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("people", sa.Column("direct", sa.Text()))
    op.create_table(
        "schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("own_hour", sa.Boolean(), nullable=False),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("next_slot", sa.Date()),
        sa.Column("next_due_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_schedules_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_schedules_subject", "schedules", ["subject", "kind"])
    op.create_index("ix_schedules_person_id", "schedules", ["person_id"])
    op.create_index("ix_schedules_next_due_at", "schedules", ["next_due_at"])
    op.create_table(
        "occurrences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Date(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_occurrences"),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name="fk_occurrences_schedule_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("schedule_id", "slot", name="uq_occurrences_schedule_id_slot"),
    )
    _partial("ix_occurrences_due", "occurrences", ["not_before"], "state = 'due'")
    op.create_table(
        "lanes",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("free_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_lanes"),
    )
    op.create_table(
        "destinations",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("free_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.PrimaryKeyConstraint("key", name="pk_destinations"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("lease_until", INSTANT),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("sending_at", INSTANT),
        sa.Column("done_at", INSTANT),
        sa.Column("error", sa.Text()),
        sa.Column("reference", sa.Text()),
        sa.Column("seen_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_jobs_post_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_jobs_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["lane"], ["lanes.key"], name="fk_jobs_lane"),
        sa.ForeignKeyConstraint(["destination"], ["destinations.key"], name="fk_jobs_destination"),
    )
    _partial("ix_jobs_ready", "jobs", ["lane", "not_before", "id"], "state = 'ready'")
    _partial("ix_jobs_expiring", "jobs", ["expires_at"], "state = 'ready'")
    _partial("ix_jobs_leased", "jobs", ["lease_until"], "state = 'leased'")
    op.create_index("ix_jobs_state_due_at", "jobs", ["state", "due_at"])
    for column in ("post_id", "person_id", "destination"):
        op.create_index(f"ix_jobs_{column}", "jobs", [column])


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
