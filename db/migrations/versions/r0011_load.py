"""Indexes for what was found by reading through a table."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_groups_destination", "groups", ["destination"])
    op.create_index("ix_join_requests_group_id_person_id", "join_requests", ["group_id", "person_id"])
    op.create_index("ix_join_requests_decided_at", "join_requests", ["decided_at"])
    op.create_index("ix_posts_state", "posts", ["state"])
    op.create_index("ix_rejections_community_id", "rejections", ["community_id"])
