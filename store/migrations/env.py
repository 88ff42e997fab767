"""Alembic's entry: migrates the connection that ``migrate.upgrade`` hands over."""

from alembic import context
from sqlmodel import SQLModel

from store import tables

assert tables.Workflow.metadata is SQLModel.metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,  # SQLite can; a step that fails half-way leaves nothing behind
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
