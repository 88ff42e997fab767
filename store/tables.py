"""All tables. Times are seconds since the epoch (UTC), money is US dollars.

Each column's ``description`` gives its meaning, its unit, and what NULL means where it can be NULL.
The tables are made by ``store/migrations``; a test holds the two equal.
"""

import re
from typing import Any, Final

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

_NULLABLE_JSON: Final = JSON(none_as_null=True)
_RUNNING: Final = text("status = 'running'")
_ENDS: Final = text("expires_at IS NOT NULL")
_NOT_INDEXED: Final = text("indexed = 0")
_OWNED: Final = text("owner IS NOT NULL")
_UNFINISHED: Final = text("status = 'open' OR taken = 0")


def _required_json(description: str) -> Any:
    return Field(sa_type=JSON, nullable=False, description=description)


def _optional_json(description: str) -> Any:
    return Field(default=None, sa_type=_NULLABLE_JSON, nullable=True, description=description)  # pyright: ignore[reportArgumentType, reportCallIssue]


def _cascade(target: str, kind: type[Any], description: str) -> Any:
    """A foreign key whose rows go when the row they point at goes."""
    column = Column(kind, ForeignKey(target, ondelete="CASCADE"), nullable=False)
    return Field(sa_column=column, description=description)


class Table(SQLModel):
    """Base of the tables; each is named after its class: ``WorkflowBatch`` is ``workflow_batch``."""

    @declared_attr  # pyright: ignore[reportArgumentType] - as SQLModel's own, which goes by the name in lower case
    def __tablename__(cls) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()


class Workflow(Table, table=True):
    """A workflow as it is now."""

    id: str = Field(primary_key=True, description="12 hex digits, made at creation, never reused")
    revision: int = Field(description="1 at creation, one more for each batch of operations saved")
    document: dict[str, Any] = _required_json("the document, with layout, as the browser sent it")
    created_at: float = Field(description="seconds since the epoch")
    updated_at: float = Field(index=True, description="seconds since the epoch of the last save")


class WorkflowBatch(Table, table=True):
    """The log of edits: what another tab has to apply to catch up."""

    __table_args__ = (UniqueConstraint("workflow_id", "client", "seq"),)

    workflow_id: str = Field(
        sa_column=Column(String, ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True),
        description="the workflow edited",
    )
    revision: int = Field(primary_key=True, description="the workflow's revision once this batch was applied")
    client: str = Field(description="who edited: one id for each tab; '' for an edit by the server itself")
    seq: int = Field(description="number the client gave the batch, rising; with client '' it equals the revision")
    ops: list[dict[str, Any]] = _required_json("the operations in order; empty: the document was replaced whole")
    label: str = Field(description="what the edit is called in the undo list; '' for none")
    saved_at: float = Field(description="seconds since the epoch")


class WorkflowPin(Table, table=True):
    """What a node of a stored workflow comes to in the builder's runs, in place of running it."""

    workflow_id: str = Field(
        sa_column=Column(String, ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True),
        description="the workflow",
    )
    node: str = Field(primary_key=True, description="the node")
    outcome: str | None = Field(description="the flow handle it ends with; NULL: its first one")
    outputs: dict[str, Any] = _required_json("output port -> value")
    span: str | None = Field(description="the visit they were taken from; NULL where they were written by hand")
    pinned_at: float = Field(description="seconds since the epoch")


class WorkflowVersion(Table, table=True):
    """A document as a run used it; never changes."""

    hash: str = Field(primary_key=True, description="content hash of the document, 64 hex digits")
    document: dict[str, Any] = _required_json("the document as it was first pinned under this hash")
    pinned_at: float = Field(description="seconds since the epoch")


class Run(Table, table=True):
    """One run of a workflow."""

    __table_args__ = {"sqlite_autoincrement": True}  # a number is never given twice

    ordinal: int | None = Field(
        default=None,
        primary_key=True,
        description="counts runs from 1; NULL only before insertion; r-0042 is ordinal 42",
    )
    id: str = Field(unique=True, description="32 hex digits; also the trace id")
    workflow_id: str | None = Field(
        index=True, description="the workflow; NULL for a run of a file; it may be deleted since"
    )
    title: str = Field(description="the workflow's title when the run began")
    version_hash: str = Field(description="content hash of the pinned document")
    revision: int | None = Field(description="revision of the workflow that ran; NULL for a run of a file")
    status: str = Field(index=True, description="queued, running, waiting, done, failed, stopped, limit or lost")
    inputs: dict[str, Any] = _required_json("workflow input -> value")
    outputs: dict[str, Any] | None = _optional_json("workflow output -> value; NULL until there are any")
    error: dict[str, Any] | None = _optional_json("{what, where, mend} of what ended the run; NULL where nothing did")
    model: str | None = Field(description="default model of the run, provider:model; NULL: the workflow names its own")
    limits: dict[str, Any] = _required_json("limits in force: steps, seconds, tokens, usd; absent: none of that kind")
    forms: list[dict[str, Any]] = _required_json("questions now waiting for a person: {interrupt, node, form}")
    created_at: float = Field(index=True, description="seconds since the epoch when it was asked for")
    started_at: float | None = Field(description="seconds since the epoch; NULL while queued")
    ended_at: float | None = Field(description="seconds since the epoch; NULL while it has not ended")
    seconds: float = Field(description="working time in seconds, without waiting for people")
    steps: int = Field(description="node runs so far")
    input_tokens: int = Field(description="tokens sent to models so far")
    output_tokens: int = Field(description="tokens models wrote so far")
    usd: float | None = Field(description="US dollars by list prices so far; NULL where a price is unknown")
    process: str | None = Field(description="mark of the process working on it; NULL while none is")
    parent_id: str | None = Field(
        index=True, description="the run whose visits it keeps; NULL for a run of its own; it may be deleted since"
    )
    forked_at: str | None = Field(
        description="span of the visit of the parent it was forked at; NULL where it was at none"
    )
    changes: dict[str, Any] = _required_json("what a fork was asked to change and to keep; {} for a run of its own")
    label: str = Field(description="name a person gave it; '' for none")
    kept: int = Field(description="visits taken from a trace or a pin; they are among the steps")
    debugging: dict[str, Any] | None = _optional_json("{breakpoints, step}; NULL where it was never debugged")
    interruptions: list[dict[str, Any]] = _required_json("{status, at, resumed_at} of each time it was resumed")


class Span(Table, table=True):
    """One timed piece of a run: the run, a node, a model call, a tool call, a memory access."""

    __table_args__ = (
        Index("ix_span_run", "run_id", "seq"),
        # Only the open ones are ever looked for, and an index over all costs each span that is written.
        Index("ix_span_running", "run_id", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = Field(default=None, primary_key=True, description="order of arrival; NULL only before insertion")
    id: str = Field(unique=True, description="16 hex digits")
    run_id: str = Field(description="the run; its row may not be written yet")
    parent_id: str | None = Field(index=True, description="the span around it; NULL for the run's own span")
    operation: str = Field(
        description="invoke_workflow, invoke_node, chat, execute_tool, retrieve_memory or write_memory"
    )
    name: str = Field(description="what a person reads: the node's label, the model, the tool")
    node_id: str | None = Field(description="the node it belongs to; NULL for the run's own span")
    kind: str | None = Field(description="the node's kind; NULL where there is no node")
    visit: int | None = Field(description="1 for the node's first run in this run; NULL where there is no node")
    item: int | None = Field(description="index in a for-each frame, from 0; NULL outside one")
    attempt: int | None = Field(description="1 for the first try; NULL where nothing is retried")
    step: int | None = Field(description="LangGraph's step, from 0; NULL where there is none")
    status: str = Field(description="running, ok, error, waiting, cancelled or lost")
    started_at: float = Field(description="seconds since the epoch")
    ended_at: float | None = Field(description="seconds since the epoch; NULL while running")
    input: Any = _optional_json("what went in; for chat the messages as sent; NULL for none")
    output: Any = _optional_json("what came out; NULL until there is any")
    outcome: str | None = Field(description="the flow handle a node ended with; NULL for other spans")
    error: dict[str, Any] | None = _optional_json("{what, mend, type}; NULL where nothing failed")
    provider: str | None = Field(description="provider of the model; NULL for spans that are no model call")
    request_model: str | None = Field(description="model asked for; NULL for spans that are no model call")
    response_model: str | None = Field(description="model that answered, as it says; NULL where it does not")
    input_tokens: int | None = Field(description="tokens sent; NULL where not reported")
    output_tokens: int | None = Field(description="tokens written; NULL where not reported")
    usd: float | None = Field(description="US dollars by list prices; NULL where the price is unknown")
    finish_reason: str | None = Field(description="why the model stopped; NULL where not reported")
    attributes: dict[str, Any] | None = _optional_json("anything more: temperature, schema, tools; NULL for nothing")


class Artifact(Table, table=True):
    """A value too long for its column, kept once by its content."""

    sha256: str = Field(primary_key=True, description="SHA-256 of the bytes, 64 hex digits")
    size: int = Field(description="length in bytes")
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False), description="the bytes; UTF-8 JSON for values")
    created_at: float = Field(description="seconds since the epoch when first stored")


class Setting(Table, table=True):
    """A setting of the workspace."""

    key: str = Field(primary_key=True, description="dotted name, such as model.default")
    value: Any = _required_json("any JSON value; JSON null is a value")
    updated_at: float = Field(description="seconds since the epoch")


class Secret(Table, table=True):
    """A key of a provider, encrypted."""

    name: str = Field(primary_key=True, description="name as in the environment, such as OPENAI_API_KEY")
    token: bytes = Field(sa_column=Column(LargeBinary, nullable=False), description="Fernet token of the value")
    updated_at: float = Field(description="seconds since the epoch")


class FolderGrant(Table, table=True):
    """A folder the user lets workflows read, by name."""

    name: str = Field(primary_key=True, description="name a document may use")
    path: str = Field(description="absolute path of the folder")
    updated_at: float = Field(description="seconds since the epoch")


class Endpoint(Table, table=True):
    """A model server that speaks OpenAI's protocol, by name."""

    name: str = Field(primary_key=True, description="the provider part of provider:model")
    base_url: str = Field(description="address up to and with the version, such as http://127.0.0.1:1234/v1")
    secret: str | None = Field(description="name of the secret sent as its key; NULL: it needs none")
    updated_at: float = Field(description="seconds since the epoch")


class MemorySpace(Table, table=True):
    """A memory space: records that are searched together."""

    __table_args__ = {"sqlite_autoincrement": True}  # the id names a collection

    id: int | None = Field(default=None, primary_key=True, description="number; NULL only before insertion")
    name: str = Field(unique=True, description="name a document uses")
    description: str = Field(description="what it is for; '' for nothing said")
    created_at: float = Field(description="seconds since the epoch")
    policy: dict[str, Any] = _required_json("store.memory_policies.SpacePolicy; absent fields have its defaults")


class Memory(Table, table=True):
    """A remembered text. The truth: Chroma's index and the keyword index are made from it."""

    __table_args__ = (
        UniqueConstraint("space_id", "content_hash"),
        Index("ix_memory_space_updated", "space_id", "updated_at"),
        Index("ix_memory_filter", "space_id", "kind", "layer", "trusted"),
        Index("ix_memory_model", "space_id", "embedding_model"),
        Index("ix_memory_not_indexed", "space_id", sqlite_where=_NOT_INDEXED, postgresql_where=_NOT_INDEXED),
        Index("ix_memory_expires", "space_id", "expires_at", sqlite_where=_ENDS, postgresql_where=_ENDS),
        Index(
            "ix_memory_owner",
            "space_id",
            "owner",
            "kind",
            "layer",
            "trusted",
            sqlite_where=_OWNED,
            postgresql_where=_OWNED,
        ),
    )

    number: int | None = Field(
        default=None, primary_key=True, description="row of the keyword index; NULL only before insertion"
    )
    id: str = Field(unique=True, description="32 hex digits")
    space_id: int = _cascade("memory_space.id", Integer, "the space it belongs to")
    text: str = Field(description="what is remembered")
    kind: str = Field(description="sort of record, such as note, fact, lesson")
    importance: float = Field(description="1 (trifling) to 10 (vital)")
    owner: str | None = Field(description="whose record it is, such as a role's; NULL: the workspace's")
    source: dict[str, Any] = _required_json("where it came from: run, node, workflow; {} where a person wrote it")
    content_hash: str = Field(
        description="SHA-256 of owner, kind and the text with spaces evened out: equals are one record"
    )
    created_at: float = Field(description="seconds since the epoch")
    updated_at: float = Field(description="seconds since the epoch when it was last written; its age counts from here")
    last_used_at: float | None = Field(description="seconds since the epoch of the last recall; NULL: never recalled")
    uses: int = Field(description="how often it was recalled")
    vector: bytes = Field(
        sa_column=Column(LargeBinary, nullable=False), description="embedding, unit length, float32 little-endian"
    )
    embedding_model: str = Field(description="model that made the vector")
    indexed: bool = Field(description="whether Chroma holds this version of it")
    data: dict[str, Any] = _required_json("what it carries beside its text: a snippet, a reward; {} for nothing")
    layer: str = Field(description="the layer it is in, which may fade at its own rate; '' for none")
    trusted: bool = Field(description="false for what came from outside and nobody approved")
    expires_at: float | None = Field(description="seconds since the epoch from when it is forgotten; NULL: kept")


class MemoryUse(Table, table=True):
    """A recall of a record: which span returned it. Filled by triggers from the spans, never by the program."""

    memory_number: int = Field(
        sa_column=Column(Integer, ForeignKey("memory.number", ondelete="CASCADE"), primary_key=True),
        description="the record",
    )
    span_seq: int = Field(
        sa_column=Column(Integer, ForeignKey("span.seq", ondelete="CASCADE"), primary_key=True, index=True),
        description="the retrieve_memory span that returned it",
    )
    place: int = Field(description="its place among the hits, from 1")
    score: float = Field(description="its score there, 0 to 1")
    at: float = Field(description="seconds since the epoch when the search began")


class Comment(Table, table=True):
    """What a person said about a span."""

    id: str = Field(primary_key=True, description="32 hex digits")
    span_seq: int = Field(
        sa_column=Column(Integer, ForeignKey("span.seq", ondelete="CASCADE"), nullable=False, index=True),
        description="the span it is about",
    )
    run_id: str = Field(index=True, description="the span's run")
    author: str = Field(description="who wrote it, as they call themselves")
    text: str = Field(description="what they wrote")
    created_at: float = Field(description="seconds since the epoch")
    edited_at: float | None = Field(description="seconds since the epoch of the last edit; NULL: never edited")


class SearchedRun(Table, table=True):
    """How far the spans of a run are in the search index, which is made when something is searched for."""

    run_id: str = Field(
        sa_column=Column(String, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True), description="the run"
    )
    upto: int = Field(description="its spans up to this number are in the index")


class SearchedOpen(Table, table=True):
    """A span that was indexed before it had ended, and has to be indexed again."""

    span_seq: int = Field(
        sa_column=Column(Integer, ForeignKey("span.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False),
        description="the span",
    )
    run_id: str = Field(index=True, description="the span's run")


class Question(Table, table=True):
    """A question to a person: what a run waits for, or waited for."""

    __table_args__ = (
        UniqueConstraint("run_id", "interrupt"),
        # Only those that somebody still has to look at are ever searched for.
        Index("ix_question_unfinished", "status", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True, description="order asked; NULL only before insertion")
    run_id: str = _cascade("run.id", String, "the run that asks")
    interrupt: str = Field(description="the question's id within the run")
    task: str = Field(description="LangGraph's id of the node's visit; '' where it is not known")
    node: str = Field(description="the node that asks")
    label: str = Field(description="its label, as it was then")
    sort: str = Field(description="question, or approval of a tool call")
    form: dict[str, Any] = _required_json("what is asked: {title, text, fields, decide?, call?, deadline?, error?}")
    asked_at: float = Field(description="seconds since the epoch")
    deadline: float | None = Field(description="seconds since the epoch when it is too late; NULL: it waits for ever")
    status: str = Field(description="open, answered, timed_out or withdrawn (the run ended without an answer)")
    answer: dict[str, Any] | None = _optional_json("field -> value; NULL until there is one")
    answered_at: float | None = Field(description="seconds since the epoch; NULL while it is open")
    answered_by: str | None = Field(description="who answered, as they call themselves; NULL: nobody did")
    channel: str | None = Field(description="where: browser, terminal, api or timer; NULL while it is open")
    taken: bool = Field(description="whether the run has gone on with the answer")
    journal: dict[str, Any] | None = _optional_json("what the node's calls had answered by then; NULL: nothing to keep")


class TrustedKey(Table, table=True):
    """A key whose signature on a bundle the user trusts."""

    fingerprint: str = Field(primary_key=True, description="what people compare: 8 groups of 4 hex digits")
    public_key: bytes = Field(
        sa_column=Column(LargeBinary, nullable=False), description="Ed25519, the 32 bytes of the key"
    )
    name: str = Field(description="who it belongs to, as the user calls them")
    added_at: float = Field(description="seconds since the epoch")


class Refusal(Table, table=True):
    """Something a workflow asked for and may not do; what is not refused is granted."""

    workflow_id: str = Field(
        sa_column=Column(String, ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True),
        description="the workflow it is refused to",
    )
    permission: str = Field(primary_key=True, description="its key, such as host:api.example.org")
    refused_at: float = Field(description="seconds since the epoch")


class WorkflowSnapshot(Table, table=True):
    """A workflow whole, as it was at a revision: from one to the next lead the batches of the log."""

    workflow_id: str = Field(
        sa_column=Column(String, ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True),
        description="the workflow",
    )
    revision: int = Field(primary_key=True, description="the revision it was taken at")
    document: dict[str, Any] = _required_json("the document, with layout")
    taken_at: float = Field(description="seconds since the epoch")


class VersionMark(Table, table=True):
    """What somebody said of a version."""

    workflow_id: str = Field(
        sa_column=Column(String, ForeignKey("workflow.id", ondelete="CASCADE"), primary_key=True),
        description="the workflow",
    )
    revision: int = Field(primary_key=True, description="the version: a revision of the workflow")
    name: str = Field(description="what it is called; '' for no name")
    note: str = Field(description="anything more; '' for nothing")
    published: bool = Field(description="whether other workflows run this version of it; at most one is")
    marked_at: float = Field(description="seconds since the epoch")
