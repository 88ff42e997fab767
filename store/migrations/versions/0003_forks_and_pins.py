"""A run may go out from another and can be debugged; a stored workflow may pin outputs of its nodes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = (
    "ALTER TABLE run ADD COLUMN parent_id VARCHAR",
    "ALTER TABLE run ADD COLUMN forked_at VARCHAR",
    "ALTER TABLE run ADD COLUMN changes JSON NOT NULL DEFAULT '{}'",
    "ALTER TABLE run ADD COLUMN label VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE run ADD COLUMN kept INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE run ADD COLUMN debugging JSON",
    "ALTER TABLE run ADD COLUMN interruptions JSON NOT NULL DEFAULT '[]'",
)


def upgrade() -> None:
    """Add what is new."""
    for statement in _COLUMNS:
        op.execute(statement)
    op.create_index("ix_run_parent_id", "run", ["parent_id"])
    op.create_table(
        "workflow_pin",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outputs", sa.JSON(), nullable=False),
        sa.Column("span", sa.String(), nullable=True),
        sa.Column("pinned_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflow.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workflow_id", "node"),
    )
