"""Every save is a version: now and then the whole document is kept, the saves between are in the log of edits.

Of workflows there are already, the present state is kept; what came before it cannot be opened again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables, with what each workflow is now."""
    op.create_table(
        "workflow_snapshot",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflow.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workflow_id", "revision"),
    )
    op.create_table(
        "version_mark",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("marked_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflow.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workflow_id", "revision"),
    )
    op.execute("INSERT INTO workflow_snapshot SELECT id, revision, document, updated_at FROM workflow")
