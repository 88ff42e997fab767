"""Questions to people are kept: until when they wait, what was answered, by whom, and what their node knew by then.

Runs that wait now have their questions in their forms; when they were asked is not known, so the start of the
run stands for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WAITING = """
INSERT INTO question (run_id, interrupt, task, node, label, sort, form, asked_at, status, taken)
SELECT run.id, json_extract(form.value, '$.interrupt'), '', json_extract(form.value, '$.node'),
  json_extract(form.value, '$.node'), 'question', json_extract(form.value, '$.form'),
  coalesce(run.started_at, run.created_at), 'open', 0
FROM run, json_each(run.forms) AS form
WHERE run.status = 'waiting' AND json_type(form.value, '$.stop') IS NULL
"""


def upgrade() -> None:
    """Add the table, with what waits now."""
    op.create_table(
        "question",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("interrupt", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("deadline", sa.Float(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("answered_at", sa.Float(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("journal", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("run_id", "interrupt"),
        sqlite_autoincrement=True,
    )
    unfinished = sa.text("status = 'open' OR taken = 0")
    op.create_index(
        "ix_question_unfinished", "question", ["status"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.execute(_WAITING)
