"""Equal texts of two kinds, or of two owners, are two memories; a space is searched by owner.

The content hash was of the text alone; now it is of owner, kind and text, so that the uniqueness there is holds
for these. Every hash is made anew.
"""

import hashlib
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000


def upgrade() -> None:
    """Give every record its hash, and owned ones an index."""
    connection = op.get_bind()
    last = 0
    while True:
        rows = connection.execute(
            sa.text("SELECT number, owner, kind, text FROM memory WHERE number > :last ORDER BY number LIMIT :most"),
            {"last": last, "most": _AT_ONCE},
        ).all()
        if not rows:
            break
        made = [{"number": row.number, "same": _hash(row.owner, row.kind, row.text)} for row in rows]
        connection.execute(sa.text("UPDATE memory SET content_hash = :same WHERE number = :number"), made)
        last = rows[-1].number
    owned = sa.text("owner IS NOT NULL")
    columns = ["space_id", "owner", "kind", "layer", "trusted"]
    op.create_index("ix_memory_owner", "memory", columns, sqlite_where=owned, postgresql_where=owned)


def _hash(owner: str | None, kind: str, text: str) -> str:
    even = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256("\0".join((owner or "", kind, even)).encode("utf-8", "replace")).hexdigest()
