"""The trace of a run without its values: who asked whom, when, and a mark of what went in and came out.

Two values are the same where their marks are. A mark is taken of the JSON as it is stored, so a trace of
100,000 spans is read without parsing it; only the settings of model calls are looked into.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import String, type_coerce
from sqlmodel import col, select

from store import artifacts
from store.database import Database
from store.tables import Span

BATCH: Final = 2_000
"""Rows held at once while reading."""
SETTINGS: Final = ("temperature", "max_tokens", "tools", "schema")
"""Attributes that are part of what a model is asked."""
BY_HAND: Final = ("edited", "pinned")
"""Attributes of a visit whose values a person or a pin set."""


class Mark(NamedTuple):
    """Of a JSON value: unequal sizes mean unequal values; of equal size, key order may still be all that differs."""

    digest: bytes
    size: int
    """Bytes of the JSON."""


@dataclass(frozen=True)
class LightSpan:
    """A span; times are seconds since the epoch, money is US dollars."""

    id: str
    parent_id: str | None
    operation: str
    name: str
    node_id: str | None
    kind: str | None
    visit: int | None
    item: int | None
    status: str
    outcome: str | None
    started_at: float
    ended_at: float | None
    tokens: int
    """Sent and written."""
    usd: float | None
    """None where there was no model call, or the price is unknown."""
    error: str | None
    """What went wrong."""
    input: Mark | None
    output: Mark | None
    settings: Mark | None
    """Of a model call: temperature, max_tokens, tools and schema."""
    kept_from: str | None
    """Id of the span of another run whose result was taken over."""
    by_hand: Mark | None
    """Of what a person or a pin put in the place of the node's own values; None where nobody did."""


def light_spans(database: Database, run_id: str) -> list[LightSpan]:
    """All spans of a run, in the order they began."""
    # The columns as text, as they are stored.
    values = [type_coerce(column, String) for column in (Span.input, Span.output, Span.attributes, Span.error)]
    query = select(*_PLAIN, *values).where(col(Span.run_id) == run_id)  # pyright: ignore[reportCallIssue, reportArgumentType]
    reader = _Reader(database)
    with database.session() as session:
        rows = session.connection().execute(query.execution_options(yield_per=BATCH))
        found = [reader.span(row) for row in rows]
    return sorted(found, key=lambda span: (span.started_at, span.id))


_NAMES: Final = (
    "id", "parent_id", "operation", "name", "node_id", "kind", "visit", "item", "status", "outcome", "started_at",
    "ended_at",
)  # fmt: skip
_PLAIN: Final = tuple(getattr(Span, name) for name in (*_NAMES, "input_tokens", "output_tokens", "usd"))


class _Reader:
    """Makes light spans of rows. Attributes that many spans share, such as a model's tools, are parsed once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._parsed = lru_cache(maxsize=256)(self._parse)

    def span(self, row: Sequence[Any]) -> LightSpan:
        *plain, sent, written, usd, given, gave, attributes, error = row
        columns: dict[str, Any] = dict(zip(_NAMES, plain, strict=True))
        chat = columns["operation"] == "chat"
        looked_into = chat or columns["operation"] == "invoke_node"
        settings, kept_from, by_hand = self._parsed(attributes) if attributes and looked_into else (None, None, None)
        return LightSpan(
            **columns, tokens=(sent or 0) + (written or 0), usd=usd,
            error=json.loads(error)["what"] if error else None,
            input=_mark(given), output=_mark(gave), settings=settings if chat else None, kept_from=kept_from,
            by_hand=by_hand,
        )  # fmt: skip

    def _parse(self, attributes: str) -> tuple[Mark | None, str | None, Mark | None]:
        """The mark of a model's settings, the span a visit was taken over from, and what was put in by hand."""
        more: dict[str, Any] = artifacts.whole(self._database, json.loads(attributes))
        settings = {key: more[key] for key in SETTINGS if key in more}
        by_hand = {key: more[key] for key in BY_HAND if key in more}
        return (
            _mark(json.dumps(settings, sort_keys=True)), more.get("kept_from"),
            _mark(json.dumps(by_hand, sort_keys=True)) if by_hand else None,
        )  # fmt: skip


def _mark(text: str | None) -> Mark | None:
    if text is None:
        return None
    data = text.encode()
    size = len(data)
    if text.startswith('{"$artifact"') and size <= artifacts.LONGEST:
        size = json.loads(text)["bytes"]
    return Mark(hashlib.blake2b(data, digest_size=16).digest(), size)
