"""Comments on spans, and a full-text index of spans that is filled when something is searched for.

The index holds its own copy of the text, so that a span can be taken out of it again by its number, and so that
excerpts need no second look. Writing a span does not touch it; only removing one does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new; nothing is indexed yet."""
    op.create_table(
        "comment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("span_seq", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("edited_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["span_seq"], ["span.seq"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_comment_span_seq", "comment", ["span_seq"])
    op.create_index("ix_comment_run_id", "comment", ["run_id"])
    op.create_table(
        "searched_run",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id"),
    )
    op.create_table(
        "searched_open",
        sa.Column("span_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["span_seq"], ["span.seq"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("span_seq"),
    )
    op.create_index("ix_searched_open_run_id", "searched_open", ["run_id"])
    op.execute("CREATE VIRTUAL TABLE span_fts USING fts5 (name, text, tokenize='unicode61 remove_diacritics 2')")
    op.execute("CREATE TRIGGER span_removed AFTER DELETE ON span BEGIN DELETE FROM span_fts WHERE rowid = old.seq; END")
