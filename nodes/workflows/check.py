"""Look for defects in a workflow before it runs: what the diagnostics find, and what is wrong with its words.

Use it behind "Draft", before a run that costs, or to mend workflows in a loop: wire ``text`` into "Mutate" as
feedback. The diagnostics look at the graph, the ports, the settings and the budgets, as the canvas does. With
``words`` the model reads every prompt of a workflow without errors, the descriptions of its tools, and which inputs
come in, and names defects of seven sorts. ``defects`` is the way on where an error was found, or a defect in its words.

Source: Ning et al. 2024, Defining and Detecting the Defects of the Large Language Model-based Autonomous Agents
(Agentable). We deviate: defects in words are told by a prompted model from a list of sorts; those in code are the
diagnostics'.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Inputs, Port, Problem, Route, node
from nodes.views import table_view
from nodes.workflows.documents import document_of, prompts_of

Defect = Literal[
    "ambiguous", "contradictory", "no_output_format", "unused_input", "missing_context", "tool_unclear", "no_end"
]
SORTS: Final[Mapping[Defect, str]] = {
    "ambiguous": "an instruction that can be meant in two ways",
    "contradictory": "instructions that cannot both be followed",
    "no_output_format": "the next step needs a form of answer that is not asked for",
    "unused_input": "something comes in that the instruction does not say what to do with",
    "missing_context": "the instruction speaks of something that does not come in",
    "tool_unclear": "a tool that is not named, or whose use is not clear from its description",
    "no_end": "nothing says when the work is done",
}
READ: Final = """This is one step of a workflow that language models carry out.

Kind: {kind}
Its instruction:
{prompt}

What comes in: {inputs}
Its tools: {tools}
Who reads its answer: {readers}

Which defects has it? The sorts are:
{sorts}
Name only what would make it fail. An empty list means that it is fine."""
NOTHING: Final = "none"


class CheckConfig(Config):
    """How far it looks."""

    words: bool = Field(
        default=False, title="Read its words", description="Whether the model reads prompts and tools; 1 call a step."
    )
    max_steps: int = Field(
        default=30, ge=1, le=300, title="Steps", description="The most whose words are read.",
        json_schema_extra={"unit": "steps", "advanced": True},
    )  # fmt: skip


class Found(BaseModel):
    """One defect."""

    why: str = Field(description="in one sentence", max_length=400)
    sort: Defect = Field(description="which sort it is")
    mend: str = Field(description="how to mend it, in one sentence", max_length=400)


class Defects(BaseModel):
    """What is wrong with a step."""

    defects: list[Found] = Field(max_length=5)


@node(
    kind="workflows.check", family="workflows", title="Check a workflow", summary="Look for defects before it runs",
    config=CheckConfig,
    inputs=(Port("workflow", "any", "A document, its YAML, or the id or title of a saved one."),),
    outputs=(
        Port("findings", "list[record]", "Each: severity, code, place, message, mend."),
        Port("text", "text", "The same as lines; empty where nothing was found."),
        Port("errors", "number", "How many keep it from running."),
    ),
    outcomes=("sound", "defects"), attaches=(Attach("model", "model"),), model_calls="0, or 1 for each step with words",
    source="Ning et al. 2024, Agentable", icon="file-search",
)  # fmt: skip
async def check(inputs: Inputs, config: CheckConfig, ctx: Context) -> Route:
    """Diagnose, read the words, tell."""
    document = document_of(inputs["workflow"], ctx)
    findings = [_finding(each) for each in ctx.workshop.check(document)]
    errors = sum(each["severity"] == "error" for each in findings)
    if config.words and not errors:
        findings += await _read(document, config, ctx)
    rows = [[each["severity"], each["code"], each["place"], each["message"]] for each in findings]
    ctx.show(table_view(["severity", "code", "place", "message"], rows, title=f"{len(findings)} findings"))
    ctx.progress(f"{errors} errors, {len(findings) - errors} other findings")
    text = "\n".join(f"- {each['place']}: {each['message']} {each['mend']}".rstrip() for each in findings)
    bad = errors or any(each["code"] in SORTS for each in findings)
    return Route("defects" if bad else "sound", {"findings": findings, "text": text, "errors": errors})


def _finding(problem: Problem) -> dict[str, str]:
    told = vars(problem)
    return {**{key: told[key] for key in ("severity", "code", "place", "message")}, "mend": problem.remedy}


async def _read(document: Mapping[str, Any], config: CheckConfig, ctx: Context) -> list[dict[str, str]]:
    """What the model finds in the words of each step, in the order of the steps."""
    steps = list(dict.fromkeys(each.node for each in prompts_of(document)))[: config.max_steps]

    async def read(id: str) -> list[dict[str, str]]:
        prompt = _asked(document, id)
        said = await ask_for(ctx.model, [{"role": "user", "content": prompt}], Defects, temperature=0)
        return [
            {"severity": "warning", "code": each.sort, "place": f"node {id}", "message": each.why, "mend": each.mend}
            for each in said.defects
        ]

    return [finding for found in await together(read, steps) for finding in found]


def _asked(document: Mapping[str, Any], id: str) -> str:
    nodes = document["nodes"]
    inputs = [target.partition(".")[2] for _, target in _edges(document, "data") if target.startswith(f"{id}.")]
    readers = [target for source, target in _edges(document, "data") if source.startswith(f"{id}.")]
    attached = [source for source, target in _edges(document, "attach") if target.partition(".")[0] == id]
    tools = [each for each in attached if nodes[each]["kind"].startswith("tool.")]
    return READ.format(
        kind=nodes[id]["kind"], prompt="\n".join(each.text for each in prompts_of(document) if each.node == id),
        inputs=", ".join(inputs) or NOTHING, readers=", ".join(readers) or NOTHING,
        tools="; ".join(_tool(nodes[tool]) for tool in tools) or NOTHING,
        sorts="\n".join(f"- {sort}: {what}" for sort, what in SORTS.items()),
    )  # fmt: skip


def _edges(document: Mapping[str, Any], sort: str) -> list[tuple[str, str]]:
    parts = [edge.partition("->") for edge in document.get("edges", {}).get(sort, ())]
    return [(source.strip(), target.strip()) for source, _, target in parts]


def _tool(node: Mapping[str, Any]) -> str:
    said: Sequence[str] = [node["kind"], node.get("label", ""), str(node.get("config", {}).get("hint", ""))]
    return ", ".join(part for part in said if part)
