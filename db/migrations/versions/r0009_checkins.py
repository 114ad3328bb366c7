"""Check-ins: their questions, rounds, answers, and how members want to be asked."""

import sqlalchemy as sa
from alembic import op

from db.migrations.shapes import INSTANT

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "checkins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("window_hours", sa.Integer(), nullable=False),
        sa.Column("summary_to", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checkins"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_checkins_group_id", ondelete="CASCADE"),
        sa.UniqueConstraint("group_id", name="uq_checkins_group_id"),
    )
    op.create_table(
        "checkin_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checkin_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("bank", sa.Text()),
        sa.Column("sealed_words", sa.LargeBinary()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_checkin_questions"),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkins.id"], name="fk_checkin_questions_checkin_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_checkin_questions_checkin_id_kind", "checkin_questions", ["checkin_id", "kind"])
    op.create_table(
        "checkin_rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("slot", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("opens_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("summary_to", sa.Text(), nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.Column("members", sa.Integer()),
        sa.Column("answered", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_checkin_rounds"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_checkin_rounds_group_id", ondelete="SET NULL"),
        sa.UniqueConstraint("group_id", "kind", "slot", name="uq_checkin_rounds_group_id_kind_slot"),
    )
    op.create_index("ix_checkin_rounds_closes_at", "checkin_rounds", ["closes_at"])
    op.create_index("ix_checkin_rounds_group_id_opens_at", "checkin_rounds", ["group_id", "opens_at"])
    op.create_table(
        "checkin_asked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checkin_asked"),
        sa.ForeignKeyConstraint(
            ["round_id"], ["checkin_rounds.id"], name="fk_checkin_asked_round_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_checkin_asked_person_id", ondelete="CASCADE"),
        sa.UniqueConstraint("round_id", "person_id", name="uq_checkin_asked_round_id_person_id"),
    )
    op.create_index("ix_checkin_asked_person_id", "checkin_asked", ["person_id"])
    op.create_table(
        "checkin_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mood", sa.SmallInteger()),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("reminded_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_checkin_answers"),
        sa.ForeignKeyConstraint(
            ["round_id"], ["checkin_rounds.id"], name="fk_checkin_answers_round_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_checkin_answers_person_id", ondelete="CASCADE"),
        sa.UniqueConstraint("round_id", "person_id", name="uq_checkin_answers_round_id_person_id"),
    )
    op.create_index("ix_checkin_answers_created_at_reminded_at", "checkin_answers", ["created_at", "reminded_at"])
    op.create_index("ix_checkin_answers_person_id_created_at", "checkin_answers", ["person_id", "created_at"])
    op.create_table(
        "checkin_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid()),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("bank", sa.Text()),
        sa.Column("sealed_words", sa.LargeBinary(), nullable=False),
        sa.Column("shared_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_checkin_lines"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["checkin_answers.id"], name="fk_checkin_lines_answer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_checkin_lines_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["checkin_questions.id"], name="fk_checkin_lines_question_id", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("answer_id", "number", name="uq_checkin_lines_answer_id_number"),
    )
    op.create_index("ix_checkin_lines_person_id", "checkin_lines", ["person_id"])
    op.create_index("ix_checkin_lines_question_id", "checkin_lines", ["question_id"])
    op.create_table(
        "checkin_helps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checkin_helps"),
        sa.ForeignKeyConstraint(["line_id"], ["checkin_lines.id"], name="fk_checkin_helps_line_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_checkin_helps_person_id", ondelete="CASCADE"),
        sa.UniqueConstraint("line_id", "person_id", name="uq_checkin_helps_line_id_person_id"),
    )
    op.create_index("ix_checkin_helps_person_id", "checkin_helps", ["person_id"])
    op.create_table(
        "checkin_pauses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checkin_pauses"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_checkin_pauses_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_checkin_pauses_group_id", ondelete="CASCADE"),
        sa.UniqueConstraint("person_id", "group_id", name="uq_checkin_pauses_person_id_group_id"),
    )
    op.create_index("ix_checkin_pauses_group_id", "checkin_pauses", ["group_id"])
    op.create_index("ix_checkin_pauses_until", "checkin_pauses", ["until"])
    op.create_table(
        "checkin_wishes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("nudges", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checkin_wishes"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_checkin_wishes_person_id", ondelete="CASCADE"),
        sa.UniqueConstraint("person_id", name="uq_checkin_wishes_person_id"),
    )
