"""The first tables, and the keyword index of the memories."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _column(name: str, type: sa.types.TypeEngine[Any], *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, type, nullable=null)


def upgrade() -> None:
    """Make everything."""
    _workflows()
    _runs()
    _workspace()
    _memories()
    _keywords()


def _workflows() -> None:
    op.create_table(
        "workflow",
        _column("id", sa.String()),
        _column("revision", sa.Integer()),
        _column("document", sa.JSON()),
        _column("created_at", sa.Float()),
        _column("updated_at", sa.Float()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_workflow_updated_at", "workflow", ["updated_at"])
    op.create_table(
        "workflow_batch",
        _column("workflow_id", sa.String()),
        _column("revision", sa.Integer()),
        _column("client", sa.String()),
        _column("seq", sa.Integer()),
        _column("ops", sa.JSON()),
        _column("label", sa.String()),
        _column("saved_at", sa.Float()),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflow.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workflow_id", "revision"),
        sa.UniqueConstraint("workflow_id", "client", "seq"),
    )
    op.create_table(
        "workflow_version",
        _column("hash", sa.String()),
        _column("document", sa.JSON()),
        _column("pinned_at", sa.Float()),
        sa.PrimaryKeyConstraint("hash"),
    )


def _runs() -> None:
    op.create_table(
        "run",
        _column("ordinal", sa.Integer()),
        _column("id", sa.String()),
        _column("workflow_id", sa.String(), null=True),
        _column("title", sa.String()),
        _column("version_hash", sa.String()),
        _column("revision", sa.Integer(), null=True),
        _column("status", sa.String()),
        _column("inputs", sa.JSON()),
        _column("outputs", sa.JSON(), null=True),
        _column("error", sa.JSON(), null=True),
        _column("model", sa.String(), null=True),
        _column("limits", sa.JSON()),
        _column("forms", sa.JSON()),
        _column("created_at", sa.Float()),
        _column("started_at", sa.Float(), null=True),
        _column("ended_at", sa.Float(), null=True),
        _column("seconds", sa.Float()),
        _column("steps", sa.Integer()),
        _column("input_tokens", sa.Integer()),
        _column("output_tokens", sa.Integer()),
        _column("usd", sa.Float(), null=True),
        _column("process", sa.String(), null=True),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    for name in ("workflow_id", "status", "created_at"):
        op.create_index(f"ix_run_{name}", "run", [name])
    op.create_table(
        "span",
        _column("seq", sa.Integer()),
        _column("id", sa.String()),
        _column("run_id", sa.String()),
        _column("parent_id", sa.String(), null=True),
        _column("operation", sa.String()),
        _column("name", sa.String()),
        _column("node_id", sa.String(), null=True),
        _column("kind", sa.String(), null=True),
        *(_column(name, sa.Integer(), null=True) for name in ("visit", "item", "attempt", "step")),
        _column("status", sa.String()),
        _column("started_at", sa.Float()),
        _column("ended_at", sa.Float(), null=True),
        _column("input", sa.JSON(), null=True),
        _column("output", sa.JSON(), null=True),
        _column("outcome", sa.String(), null=True),
        _column("error", sa.JSON(), null=True),
        *(_column(name, sa.String(), null=True) for name in ("provider", "request_model", "response_model")),
        _column("input_tokens", sa.Integer(), null=True),
        _column("output_tokens", sa.Integer(), null=True),
        _column("usd", sa.Float(), null=True),
        _column("finish_reason", sa.String(), null=True),
        _column("attributes", sa.JSON(), null=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_span_run", "span", ["run_id", "seq"])
    op.create_index("ix_span_parent_id", "span", ["parent_id"])
    running = sa.text("status = 'running'")
    op.create_index("ix_span_running", "span", ["run_id"], sqlite_where=running, postgresql_where=running)
    op.create_table(
        "artifact",
        _column("sha256", sa.String()),
        _column("size", sa.Integer()),
        _column("data", sa.LargeBinary()),
        _column("created_at", sa.Float()),
        sa.PrimaryKeyConstraint("sha256"),
    )


def _workspace() -> None:
    op.create_table(
        "setting",
        _column("key", sa.String()),
        _column("value", sa.JSON()),
        _column("updated_at", sa.Float()),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "secret",
        _column("name", sa.String()),
        _column("token", sa.LargeBinary()),
        _column("updated_at", sa.Float()),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "folder_grant",
        _column("name", sa.String()),
        _column("path", sa.String()),
        _column("updated_at", sa.Float()),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "endpoint",
        _column("name", sa.String()),
        _column("base_url", sa.String()),
        _column("secret", sa.String(), null=True),
        _column("updated_at", sa.Float()),
        sa.PrimaryKeyConstraint("name"),
    )


def _memories() -> None:
    op.create_table(
        "memory_space",
        _column("id", sa.Integer()),
        _column("name", sa.String()),
        _column("description", sa.String()),
        _column("created_at", sa.Float()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "memory",
        _column("number", sa.Integer()),
        _column("id", sa.String()),
        _column("space_id", sa.Integer()),
        _column("text", sa.String()),
        _column("kind", sa.String()),
        _column("importance", sa.Float()),
        _column("owner", sa.String(), null=True),
        _column("source", sa.JSON()),
        _column("content_hash", sa.String()),
        _column("created_at", sa.Float()),
        _column("updated_at", sa.Float()),
        _column("last_used_at", sa.Float(), null=True),
        _column("uses", sa.Integer()),
        _column("vector", sa.LargeBinary()),
        _column("embedding_model", sa.String()),
        _column("indexed", sa.Boolean()),
        sa.ForeignKeyConstraint(["space_id"], ["memory_space.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("space_id", "content_hash"),
    )
    op.create_index("ix_memory_space_updated", "memory", ["space_id", "updated_at"])


def _keywords() -> None:
    """An FTS5 index over (space, text), kept by triggers so that it can never lag behind.

    The space is a word of the index (``s12``), so that a query within one space touches no other row.
    """
    op.execute("CREATE VIEW memory_words AS SELECT number, 's' || space_id AS space, text FROM memory")
    op.execute(
        "CREATE VIRTUAL TABLE memory_fts USING fts5 (space, text, content='memory_words', content_rowid='number',"
        " tokenize='porter unicode61 remove_diacritics 2')"
    )
    added = "INSERT INTO memory_fts (rowid, space, text) VALUES (new.number, 's' || new.space_id, new.text);"
    removed = (
        "INSERT INTO memory_fts (memory_fts, rowid, space, text)"
        " VALUES ('delete', old.number, 's' || old.space_id, old.text);"
    )
    op.execute(f"CREATE TRIGGER memory_added AFTER INSERT ON memory BEGIN {added} END")
    op.execute(f"CREATE TRIGGER memory_removed AFTER DELETE ON memory BEGIN {removed} END")
    op.execute(f"CREATE TRIGGER memory_changed AFTER UPDATE OF text, space_id ON memory BEGIN {removed} {added} END")
