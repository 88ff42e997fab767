"""Small documents and Hypothesis strategies for documents and operations, for everybody's tests."""

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from graphs.document import Document, Edges, InputSpec, Limits, Node, OutputSpec, StateSpec
from graphs.operations import (
    AddNode,
    Connect,
    Disconnect,
    MoveNode,
    Operation,
    RemoveNode,
    SetConfig,
    SetInput,
    SetLimit,
    SetMeta,
    SetNode,
    SetOutput,
    SetState,
)


def document(
    nodes: dict[str, str | dict[str, Any]] | None = None,
    flow: tuple[str, ...] = (),
    data: tuple[str, ...] = (),
    attach: tuple[str, ...] = (),
    **rest: Any,
) -> Document:
    """A document of nodes (id -> kind, or the keys of a node) and edges; ``rest`` are its other keys."""
    made = {id: Node(kind=node) if isinstance(node, str) else Node(**node) for id, node in (nodes or {}).items()}
    return Document.model_validate({"nodes": made, "edges": Edges(flow=flow, data=data, attach=attach), **rest})


def answering(prompt: str = "Answer: {{question}}", **config: Any) -> Document:
    """start -> work (a prompt) -> finish: the smallest workflow without findings."""
    return document(
        {"start": "start", "work": {"kind": "prompt", "config": {"prompt": prompt, **config}}, "finish": "finish"},
        flow=("start -> work", "work -> finish"),
        data=("start.question -> work.question", "work.answer -> finish.answer"),
        inputs={"question": {}},
        outputs={"answer": {}},
    )


def chain(length: int) -> Document:
    """start -> n1 -> ... -> finish, prompts that hand their answers on."""
    ids = [f"n{number}" for number in range(1, length + 1)]
    nodes: dict[str, Any] = {"start": "start", "finish": "finish"}
    nodes |= {id: {"kind": "prompt", "config": {"prompt": "Go on: {{text}}"}} for id in ids}
    way = ["start", *ids, "finish"]
    ports = ["start.text", *(f"{id}.answer" for id in ids)]
    targets = [*(f"{id}.text" for id in ids), "finish.text"]
    return document(
        nodes,
        flow=tuple(f"{a} -> {b}" for a, b in pairwise(way)),
        data=tuple(f"{a} -> {b}" for a, b in zip(ports, targets, strict=True)),
        inputs={"text": {}},
        outputs={"text": {}},
    )


def diamonds(count: int, width: int = 4) -> Document:
    """``count`` times: a fork into ``width`` prompts and a join; ``count * (width + 1) + 2`` nodes."""
    nodes: dict[str, Any] = {"start": "start", "finish": "finish"}
    flow: list[str] = []
    data: list[str] = []
    before = "start"
    for number in range(count):
        join = f"join{number}"
        nodes[join] = "control.join"
        for branch in range(width):
            id = f"n{number}_{branch}"
            nodes[id] = {"kind": "prompt", "config": {"prompt": f"Branch {branch} of {{{{text}}}}"}}
            flow += [f"{before} -> {id}", f"{id} -> {join}"]
            data.append(f"start.text -> {id}.text")
        before = join
    flow.append(f"{before} -> finish")
    data.append(f"n{count - 1}_0.answer -> finish.text")
    return document(nodes, tuple(flow), tuple(data), inputs={"text": {}}, outputs={"text": {}})


# --- strategies -------------------------------------------------------------------------------------------

names = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
few_ids = st.sampled_from(["start", "plan", "work", "check", "join", "finish", "frame", "notes", "calc", "gone"])
texts = st.text(max_size=40) | st.sampled_from(
    [
        "no",
        "1e5",
        "012",
        "~",
        "a: b",
        "- x",
        "{{task}}\n  {{plan}}\n",
        " lead",
        "trail ",
        "\n",
        "x\n\n",
        "#c",
        "é\u2028z",
        "<<",
    ]
)
numbers = st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
positions = st.none() | st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
kinds = st.sampled_from(
    [
        "start",
        "finish",
        "note",
        "prompt",
        "agent",
        "planning.plan",
        "planning.execute",
        "memory.recall",
        "memory.remember",
        "tools.call",
        "reflection.critique",
        "reflection.refine",
        "control.route",
        "control.join",
        "control.for_each",
        "control.loop_limit",
        "control.ask",
        "resource.model",
        "resource.memory_space",
        "tool.calculator",
        "tool.python",
        "tool.file_search",
        "no.such_kind",
    ]
)
config_keys = st.sampled_from(
    ["prompt", "max_steps", "routes", "mode", "space", "reference", "folder", "arguments", "choices", "rubric", "odd"]
)
config_values = json_values | st.sampled_from(
    [[{"name": "yes", "when": "value > state.x"}], {"a": "{{b}}"}, "{{open", "{{x}} {{state.y}}", "any", 3]
)
nodes = st.builds(
    Node,
    kind=kinds,
    version=st.integers(0, 3),
    label=texts,
    note=texts,
    parent=st.none() | few_ids,
    config=st.dictionaries(config_keys, config_values, max_size=3),
    position=positions,
    size=positions,
)
handles = st.sampled_from(
    ["", ".done", ".accept", ".revise", ".error", ".each", ".answer", ".text", ".goal", ".plan", ".x"]
)
edges = st.builds(lambda a, b, c, d: f"{a}{b} -> {c}{d}", few_ids, handles, few_ids, handles) | texts
edge_lists = st.lists(edges, max_size=8).map(tuple)
types = st.sampled_from(["text", "number", "list[text]", "any", "plan", "strng", "list[", ""])
inputs = st.builds(
    InputSpec, type=types, title=texts, required=st.booleans(), default=json_values,
    examples=st.lists(json_values, max_size=2).map(tuple),
)  # fmt: skip
outputs = st.builds(OutputSpec, type=types, title=texts)
state_specs = st.builds(StateSpec, type=types, reducer=st.sampled_from(["last", "append", "merge", "add"]))
limits = st.builds(
    Limits,
    steps=st.none() | st.integers(1, 1000),
    seconds=st.none() | st.floats(1, 1000),
    usd=st.none() | st.floats(0, 9),
)
documents = st.builds(
    Document,
    title=texts,
    summary=texts,
    tags=st.lists(texts, max_size=2).map(tuple),
    inputs=st.dictionaries(names, inputs, max_size=2),
    outputs=st.dictionaries(names, outputs, max_size=2),
    state=st.dictionaries(names, state_specs, max_size=2),
    limits=limits,
    nodes=st.dictionaries(few_ids, nodes, max_size=8),
    edges=st.builds(Edges, flow=edge_lists, data=edge_lists, attach=edge_lists),
)

_sorts = st.sampled_from(["flow", "data", "attach"])
_at = st.none() | st.integers(0, 3)


def operations_on(document: Document) -> st.SearchStrategy[list[Operation]]:
    """Batches, most of whose operations can be applied to ``document``."""
    ids = st.sampled_from([*document.nodes, "gone"])
    choices: list[st.SearchStrategy[Any]] = [
        st.builds(AddNode, id=few_ids | names, node=nodes),
        st.builds(RemoveNode, id=ids),
        st.builds(MoveNode, id=ids, position=positions),
        st.builds(MoveNode, id=ids, position=positions, size=positions),
        st.builds(SetConfig, id=ids, key=config_keys, value=json_values),
        st.builds(SetConfig, id=ids, key=config_keys),
        st.builds(SetNode, id=ids, key=st.sampled_from(["label", "note", "kind"]), value=texts),
        st.builds(SetNode, id=ids, key=st.just("parent"), value=st.none() | few_ids),
        st.builds(SetNode, id=ids, key=st.just("version"), value=st.integers(1, 5)),
        st.builds(Connect, sort=_sorts, edge=edges, at=_at),
        *_disconnects(document),
        st.builds(SetMeta, key=st.sampled_from(["title", "summary"]), value=texts),
        st.builds(SetMeta, key=st.sampled_from(["tags", "authors"]), value=st.lists(texts, max_size=2)),
        st.builds(SetInput, name=names | _of(document.inputs), value=st.none() | inputs),
        st.builds(SetOutput, name=names | _of(document.outputs), value=st.none() | outputs),
        st.builds(SetState, name=names | _of(document.state), value=st.none() | state_specs),
        st.builds(SetLimit, key=st.sampled_from(["steps", "tokens"]), value=st.none() | st.integers(1, 999)),
    ]
    return st.lists(st.one_of(choices), max_size=6)


def _of(section: dict[str, Any]) -> st.SearchStrategy[str]:
    return st.sampled_from(list(section)) if section else st.nothing()


def _disconnects(document: Document) -> list[st.SearchStrategy[Operation]]:
    return [
        st.builds(Disconnect, sort=st.just(sort), edge=st.sampled_from(lines), at=_at)
        for sort, lines in (
            ("flow", document.edges.flow),
            ("data", document.edges.data),
            ("attach", document.edges.attach),
        )
        if lines
    ]
