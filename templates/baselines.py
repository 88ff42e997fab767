"""What a workflow has to beat: one prompt, and a lean agent, made from the workflow's own inputs.

Both answer what the workflow's first output answers, within the workflow's own limits. A single prompt is told the
inputs by their titles and asked once. The lean agent is one model in a loop with the workflow's own tools (and the
policies around them); where the workflow has none, with a calculator and Python, which reach nothing outside.

Source: Lita: Light Agent Uncovers the Agentic Coding Capabilities of LLMs, 2025, and Wang et al. 2025, Efficient
Agents (https://arxiv.org/abs/2508.02694): an elaborate system is to be held against an agent with the least of
structure, and judged by what it spends too. We deviate: their agents have file and shell tools, ours the
workflow's.
"""

from collections.abc import Mapping, Set
from typing import Any, Final, get_args

from graphs.document import Document, Edges, InputSpec, Node, OutputSpec
from nodes.answers import AnswerType
from nodes.registry import KINDS

SINGLE_PROMPT: Final = "single prompt"
LEAN_AGENT: Final = "lean agent"
MAX_CALLS: Final = 12
"""Tool calls of the lean agent; the limits of the workflow end it sooner."""
GENERIC: Final = ("tool.calculator", "tool.python")
"""Tools of a lean agent whose workflow has none."""
TYPED: Final = frozenset(get_args(AnswerType)) - {"record"}
"""Answer types that need no more than their name."""
ASK: Final = "Give: {wanted}."


def baselines(document: Document) -> dict[str, Document]:
    """Name -> baseline. Raises ValueError for a workflow that gives out nothing."""
    return {SINGLE_PROMPT: single_prompt(document), LEAN_AGENT: lean_agent(document)}


def single_prompt(document: Document) -> Document:
    """One model call that is told the inputs and asked for the first output. Raises ValueError without an output."""
    return _around(document, Node(kind="prompt", label="Answer", config=_config(document)), SINGLE_PROMPT, {}, ())


def lean_agent(document: Document) -> Document:
    """One agent with the workflow's tools, told the same. Raises ValueError without an output."""
    resources = _resources(document)
    tools = [id for id, node in resources.items() if KINDS[node.kind].provides == "tool" and not _wrapped(id, document)]
    if not tools:
        generic = {kind.partition(".")[2]: Node(kind=kind) for kind in GENERIC}
        resources, tools = {**resources, **generic}, list(generic)
    policies = [id for id, node in resources.items() if KINDS[node.kind].provides == "policy"]
    inner = [str(edge) for edge in document.parsed("attach") if edge.source in resources and edge.target in resources]
    attach = (*inner, *(f"{id} -> answer.tools" for id in tools), *(f"{id} -> answer.policies" for id in policies))
    agent = Node(kind="agent", label="Lean agent", config=_config(document) | {"max_calls": MAX_CALLS})
    return _around(document, agent, LEAN_AGENT, resources, attach)


def tools_of(baseline: Document) -> list[str]:
    """What the tools of a baseline are called, for display."""
    return [KINDS[node.kind].title for node in baseline.nodes.values() if KINDS[node.kind].provides == "tool"]


def _around(
    document: Document, answer: Node, name: str, resources: Mapping[str, Node], attach: tuple[str, ...]
) -> Document:
    """Start, the one node, finish, and what is attached to it."""
    output, spec = _first_output(document)
    told = _told(document)
    nodes = {
        "start": Node(kind="start", position=(0, 0)), "answer": answer.model_copy(update={"position": (280, 0)}),
        "finish": Node(kind="finish", position=(560, 0)),
    }  # fmt: skip
    nodes |= {
        id: node.model_copy(update={"position": (280 * at, 260)}) for at, (id, node) in enumerate(resources.items())
    }
    data = (*(f"start.{each} -> answer.{each}" for each in told), f"answer.answer -> finish.{output}")
    return Document(
        title=f"{document.title}: {name}",
        summary=f"What {document.title} is compared with.",
        inputs=told,
        outputs={output: spec},
        limits=document.limits,
        state=document.state,
        nodes=nodes,
        edges=Edges(flow=("start -> answer", "answer -> finish"), data=data, attach=attach),
    )


def _first_output(document: Document) -> tuple[str, OutputSpec]:
    """What is answered. A type that no model can be held to (a plan, documents) is answered in text."""
    found = next(iter(document.outputs.items()), None)
    if found is None:
        raise ValueError(f"{document.title!r} has no output, so there is nothing a baseline could answer")
    name, spec = found
    return name, spec if spec.type in TYPED else spec.model_copy(update={"type": "any"})


def _config(document: Document) -> dict[str, Any]:
    """The prompt: each input under its title, then what is wanted."""
    _, output = _first_output(document)
    parts = [
        f"{{{{#{name}}}}}{_plain(spec.title or name)}\n{{{{{name}}}}}\n\n{{{{/{name}}}}}"
        if not spec.required
        else f"{_plain(spec.title or name)}\n{{{{{name}}}}}\n\n"
        for name, spec in _told(document).items()
    ]
    wanted = _plain(output.title or next(iter(document.outputs)))
    typed = {"answer_type": output.type} if output.type in TYPED and output.type != "text" else {}
    return {"prompt": "".join(parts) + ASK.format(wanted=wanted), **typed}


def _told(document: Document) -> dict[str, InputSpec]:
    """The inputs a baseline has: not the switches and numbers that only steer the workflow itself."""
    return {
        name: spec for name, spec in document.inputs.items() if spec.required or spec.type not in ("boolean", "number")
    }


def _plain(text: str) -> str:
    """A title as it may stand in a template."""
    return text.replace("{{", "{ {").strip()


def _resources(document: Document) -> dict[str, Node]:
    """The tools and policies of the workflow, with all that is attached to them."""
    wanted = {
        id for id, node in document.nodes.items()
        if node.kind in KINDS and KINDS[node.kind].provides in ("tool", "policy")
    }  # fmt: skip
    every = _with_attached(document, wanted)
    return {id: node.model_copy(update={"parent": None}) for id, node in document.nodes.items() if id in every}


def _with_attached(document: Document, wanted: Set[str]) -> set[str]:
    """``wanted`` and what is attached to them, and to that."""
    found = set(wanted)
    while more := {edge.source for edge in document.parsed("attach") if edge.target in found} - found:
        found |= more
    return found


def _wrapped(id: str, document: Document) -> bool:
    """Whether the tool is attached to another tool alone, which stands for it."""
    users = [edge.target for edge in document.parsed("attach") if edge.source == id]
    return bool(users) and all(_is_tool(document, user) for user in users)


def _is_tool(document: Document, id: str) -> bool:
    node = document.nodes.get(id)
    return node is not None and node.kind in KINDS and KINDS[node.kind].provides == "tool"
