"""A model writes a workflow for a kind of task.

Use it to let a workflow design another one: draft, score, mutate, keep. The model writes an outline (which
bricks, with which instruction), held by schema; the document with its nodes and edges is built from that
without a model, so it is valid as a rule. With ``form`` yaml it writes the whole document from the
catalogue of kinds instead, which needs a strong model. Errors the check finds are given back to the model,
at most ``max_repairs`` times; ``invalid`` is the way on when they stay. With a memory space attached the designer is
told of the tools kept there, and the agents of its outline are given them.

Source: Hu, Lu & Clune 2024, Automated Design of Agentic Systems (https://arxiv.org/abs/2408.08435), whose
meta agent sees the archive of earlier designs; Ke et al. 2025, MAS-ZERO, for designing per task with
feedback. We deviate: a workflow is a document, never code, and the outline keeps small models in bounds.
"""

from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.templating import as_text
from nodes.tools.as_functions import signatures
from nodes.tools.snippet_tool import kept_tools
from nodes.views import graph_view
from nodes.workflows.bricks import BRICKS, KEPT, Outline, document_of_outline
from nodes.workflows.documents import errors_of, told

OUTLINE: Final = """Design a workflow of AI steps that solves tasks like the one below. Do not solve the task itself.
Each step is one of these bricks:
{bricks}

Rules: 1 to {max_steps} steps. Each step sees the task and the work of the step before it. A critique comes
after a step that writes. Give each step its own, concrete instruction. {advice}
{known}
Task:
{task}"""
YAML: Final = """Write a workflow document in YAML for tasks like the one below. Do not solve the task itself.
It has one input, task (type text), and one output, answer (type text). Form:

nodeloom: 1
title: ...
inputs: {{task: {{type: text}}}}
outputs: {{answer: {{type: text}}}}
nodes:
  start: {{kind: start}}
  solve: {{kind: prompt, config: {{prompt: "... {{{{task}}}}"}}}}
  finish: {{kind: finish}}
edges:
  flow: [start -> solve, solve -> finish]
  data: [start.task -> solve.task, solve.answer -> finish.answer]

The kinds there are:
{catalogue}

Use at most {max_steps} nodes beside start and finish. {advice}
{known}
Task:
{task}"""
KNOWN: Final = "\nKnown designs and what came of them; make something better or new:\n{known}\n"
REPAIR: Final = "The workflow made of this cannot run:\n{problems}\nWrite it again without these mistakes."


class DraftConfig(Config):
    """How large, in which form, and how often mended."""

    max_steps: int = Field(
        default=4, ge=1, le=12, title="Steps", description="The most the workflow may have.",
        json_schema_extra={"unit": "steps"},
    )  # fmt: skip
    advice: str = Field(
        default="Prefer few steps.", title="Advice", description="What the designer shall mind.", max_length=4_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    form: Literal["outline", "yaml"] = Field(
        default="outline", title="Written as", description="outline: bricks, for any model; yaml: the whole document.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    max_repairs: int = Field(
        default=2, ge=0, le=10, title="Repairs", description="How often mistakes are given back to the model.",
        json_schema_extra={"unit": "times", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0.7, ge=0, le=2, title="Temperature", description="Higher: more varied; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Written(BaseModel):
    """A document as the model wrote it."""

    yaml: str = Field(description="The whole document.")


@node(
    kind="workflows.draft", family="workflows", title="Draft a workflow", summary="A model designs a workflow",
    config=DraftConfig,
    inputs=(
        Port("task", "any", "A task, or a description of the tasks, the workflow is for."),
        Port("known", "any", "Earlier designs with scores or feedback, to learn from.", required=False),
    ),
    outputs=(
        Port("workflow", "record", "The workflow document."),
        Port("yaml", "text", "The same as YAML."),
        Port("idea", "text", "How it solves such tasks."),
        Port("problems", "text", "What keeps it from running; empty when it is valid."),
    ),
    outcomes=("done", "invalid"), model_calls="1 to 1 + max_repairs",
    attaches=(Attach("model", "model"), Attach("memory", "memory", description="Kept tools for its agents.")),
    source="Hu et al. 2024, Automated Design of Agentic Systems, https://arxiv.org/abs/2408.08435",
    icon="drafting-compass",
)  # fmt: skip
async def draft(inputs: Inputs, config: DraftConfig, ctx: Context) -> Route:
    """Ask, build, check; give the mistakes back while repairs are left."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": await _prompt(inputs, config, ctx)}]
    idea, document, problems = "", dict[str, Any](), ""
    for attempt in range(config.max_repairs + 1):
        ctx.progress("designing" if attempt == 0 else f"mending, {attempt} of {config.max_repairs}")
        said, idea, document, problems = await _attempt(messages, config, ctx)
        if document:
            ctx.show(_view(document))
        if not problems:
            outputs = {"workflow": document, "yaml": ctx.workshop.text(document), "idea": idea, "problems": ""}
            return Route("done", outputs)
        repair = {"role": "user", "content": REPAIR.format(problems=problems)}
        messages = [messages[0], {"role": "assistant", "content": said}, repair]
    return Route("invalid", {"workflow": document, "yaml": "", "idea": idea, "problems": problems})


async def _prompt(inputs: Inputs, config: DraftConfig, ctx: Context) -> str:
    task, known = as_text(inputs["task"]).strip(), as_text(inputs.get("known")).strip()
    if not task:
        raise NodeError("The task is empty", mend="Wire in a task or a description of the tasks.")
    common = {"task": task, "known": KNOWN.format(known=known) if known else "", "advice": config.advice}
    if config.form == "yaml":
        return YAML.format(catalogue=ctx.workshop.catalogue(), max_steps=config.max_steps, **common)
    kept = signatures(await kept_tools(ctx.memory, only_trusted=True)) if ctx.memory else ""
    offered = {**BRICKS, "tools": KEPT.format(tools=kept.replace("\n", "; "))} if kept else BRICKS
    bricks = "\n".join(f"- {name}: {what}" for name, what in offered.items())
    return OUTLINE.format(bricks=bricks, max_steps=config.max_steps, **common)


async def _attempt(
    messages: list[dict[str, Any]], config: DraftConfig, ctx: Context
) -> tuple[str, str, dict[str, Any], str]:
    """What the model said, its idea, the document, and what is wrong with it."""
    if config.form == "yaml":
        written = await ask_for(ctx.model, messages, Written, temperature=config.temperature)
        try:
            document = ctx.workshop.parse(written.yaml)
        except NodeError as error:
            return written.yaml, "", {}, error.what
        return written.yaml, str(document.get("summary", "")), document, told(errors_of(document, ctx))
    outline = await ask_for(ctx.model, messages, Outline, temperature=config.temperature)
    # A longer outline is cut, not refused: small models do not count.
    kept = outline.model_copy(update={"steps": outline.steps[: config.max_steps]})
    document = document_of_outline(kept, tools_space=ctx.memory.space if ctx.memory else "")
    return outline.model_dump_json(), outline.idea, document, told(errors_of(document, ctx))


def _view(document: dict[str, Any]) -> dict[str, Any]:
    nodes = [
        {"id": id, "label": node.get("label") or id, "group": node["kind"]} for id, node in document["nodes"].items()
    ]
    edges = [edge.split(" -> ") for edge in document.get("edges", {}).get("flow", ())]
    lines = [{"source": a.split(".")[0], "target": b, "label": ".".join(a.split(".")[1:])} for a, b in edges]
    return graph_view(nodes, lines, title=str(document.get("title", "")))
