"""Memories carry data, a layer, trust and an end; spaces have policies; recalls are found by their record.

``memory_use`` is filled by triggers from the spans of recalls, so that it can never lag behind the trace,
and goes with the span or the record. A hit list too long for its column is read from its artifact.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COLUMNS = (
    "ALTER TABLE memory_space ADD COLUMN policy JSON NOT NULL DEFAULT '{}'",
    "ALTER TABLE memory ADD COLUMN data JSON NOT NULL DEFAULT '{}'",
    "ALTER TABLE memory ADD COLUMN layer VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE memory ADD COLUMN trusted BOOLEAN NOT NULL DEFAULT 1",
    "ALTER TABLE memory ADD COLUMN expires_at FLOAT",
)
# The type is asked first: json_extract of a value that is no object would fail the span's own write.
_HITS = """
INSERT OR REPLACE INTO memory_use (memory_number, span_seq, place, score, at)
SELECT memory.number, {span}.seq, hit.key + 1,
  CASE WHEN hit.type = 'object' THEN coalesce(json_extract(hit.value, '$.score'), 0) END, {span}.started_at
FROM {source} json_each(CASE
    WHEN json_type({span}.output) = 'array' THEN {span}.output
    WHEN json_type({span}.output, '$."$artifact"') = 'text' THEN
      (SELECT CAST(data AS TEXT) FROM artifact WHERE sha256 = json_extract({span}.output, '$."$artifact"'))
    ELSE '[]' END) AS hit
JOIN memory ON memory.id = CASE WHEN hit.type = 'object' THEN json_extract(hit.value, '$.id') END
"""
_RECALLED = "{span}.operation = 'retrieve_memory' AND {span}.output IS NOT NULL"


def upgrade() -> None:
    """Add what is new, and find the uses in the spans there are."""
    for statement in _COLUMNS:
        op.execute(statement)
    op.create_index("ix_memory_filter", "memory", ["space_id", "kind", "layer", "trusted"])
    op.create_index("ix_memory_model", "memory", ["space_id", "embedding_model"])
    left = sa.text("indexed = 0")
    op.create_index("ix_memory_not_indexed", "memory", ["space_id"], sqlite_where=left, postgresql_where=left)
    ends = sa.text("expires_at IS NOT NULL")
    op.create_index("ix_memory_expires", "memory", ["space_id", "expires_at"], sqlite_where=ends, postgresql_where=ends)
    op.create_table(
        "memory_use",
        sa.Column("memory_number", sa.Integer(), nullable=False),
        sa.Column("span_seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["memory_number"], ["memory.number"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["span_seq"], ["span.seq"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("memory_number", "span_seq"),
    )
    op.create_index("ix_memory_use_span_seq", "memory_use", ["span_seq"])
    op.execute(_HITS.format(span="span", source="span,") + " WHERE " + _RECALLED.format(span="span"))
    new, recalled = _HITS.format(span="new", source=""), _RECALLED.format(span="new")
    op.execute(f"CREATE TRIGGER span_recalled AFTER INSERT ON span WHEN {recalled} BEGIN {new}; END")
    op.execute(f"CREATE TRIGGER span_recalled_later AFTER UPDATE OF output ON span WHEN {recalled} BEGIN {new}; END")
