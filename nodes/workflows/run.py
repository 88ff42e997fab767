"""Run a workflow that is a value: drafted, mutated, or loaded by name.

Use it to try a workflow inside a workflow, or to call a saved one whose name is only known at run time.
It runs within this run: its steps stand in the trace below this node, its spending counts. ``failed`` is
the way on when it did not finish. ``steps`` tells what each of its nodes was given and gave, and which tools it
called, for a critic, a judge or a check of the way and not only of the end. Steps wired in as ``kept``, changed or
not, are taken over instead of run, so that it goes on from there. For a fixed part of your own workflow, use
"Sub-workflow".

Source: Nodeloom.
"""

from pydantic import Field

from nodes.contract import Config, Context, Inputs, NodeError, Port, Route, node
from nodes.workflows.documents import document_of


class RunConfig(Config):
    """Which one, where none is wired in, and how many steps it may take."""

    name: str = Field(
        default="", title="Workflow", description="Id or title of a saved one; used where none is wired in.",
        max_length=200, json_schema_extra={"widget": "workflow"},
    )  # fmt: skip
    max_steps: int = Field(
        default=100, ge=1, le=10_000, title="Steps", description="Node runs it may take.",
        json_schema_extra={"unit": "steps"},
    )  # fmt: skip


@node(
    kind="workflows.run", family="workflows", title="Run a workflow", summary="Run a workflow wired in or named",
    config=RunConfig,
    inputs=(
        Port("workflow", "any", "A document, its YAML, or the id or title of a saved one.", required=False),
        Port("inputs", "record", "Its inputs, name -> value.", required=False),
        Port("kept", "list[record]", "Steps of a run of it that are taken over: node, visit, outputs.", required=False),
    ),
    outputs=(
        Port("outputs", "record", "Its outputs, name -> value."),
        Port("answer", "any", "The first of them; null where there is none."),
        Port("error", "text", "Why it did not finish; empty when it did."),
        Port("spent", "record", "steps, tokens, usd, seconds."),
        Port(
            "steps", "list[record]",
            "Visits in order: number, node, kind, inputs, outputs, outcome, error, tools, tokens, seconds.",
        ),
    ),
    outcomes=("done", "failed"), side_effects=True, source="Nodeloom", icon="circle-play",
)  # fmt: skip
async def run(inputs: Inputs, config: RunConfig, ctx: Context) -> Route:
    """Find it, run it, say how it ended."""
    given = inputs.get("workflow") or config.name
    if not given:
        raise NodeError("No workflow is given", mend="Wire one in, or name a saved one in the settings.")
    document = document_of(given, ctx)
    ctx.progress(f"running {document.get('title', 'the workflow')}")
    result = await ctx.workshop.run(
        document, inputs.get("inputs") or {}, max_steps=config.max_steps, trail=True, kept=inputs.get("kept") or ()
    )
    spent = {"steps": result.steps, "tokens": result.tokens, "usd": result.usd, "seconds": result.seconds}
    done = result.status == "done"
    error = "" if done else result.error or f"it ended by its {result.status}"
    answer = next(iter(result.outputs.values()), None)
    outputs = {"outputs": result.outputs, "answer": answer, "error": error, "spent": spent, "steps": result.trail}
    return Route("done" if done else "failed", outputs)
