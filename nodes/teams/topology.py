"""The same team, wired as a star, a chain, a tree or any graph: who reads whom before speaking.

Use it to see whether the shape of a team matters. Every member speaks once, after those it reads; so every
shape costs the same number of calls, and ``compare`` can run all of them over the same members for a fair
comparison. The last member of the order gives the answer.

- chain: each reads the one before;
- star: all speak alone, the last reads all;
- tree: each reads its two children, the last is the root;
- complete: each reads all before it;
- graph: as the edges of the settings say (``Ann -> Bob``: Bob reads Ann).

Source: Qian et al. 2024, Scaling Large Language Model-based Multi-Agent Collaboration (MacNet,
https://arxiv.org/abs/2406.07155). We deviate: members stand on the nodes only; MacNet also puts critics on
the edges.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field

from nodes.bounded import together
from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.teams.members import MEMBERS, TEAM, WITH_TOOLS, MemberSpec, ask, members_of, user
from nodes.teams.shapes import SHAPES, readers, waves
from nodes.templating import as_text
from nodes.views import graph_view

Reads = Mapping[str, Sequence[str]]
FIRST: Final = "Task:\n{task}\n\nGive your result for this task."
AFTER: Final = """Task:
{task}

Results of others:
{results}

Use what is right in them, mend what is wrong, and give your own result for the task."""


class TopologyConfig(Config):
    """The shape and the team."""

    shape: Literal["chain", "star", "tree", "complete", "graph"] = Field(
        default="star", title="Shape", description="Who reads whom; graph: by the edges below."
    )
    edges: tuple[str, ...] = Field(
        default=(),
        title="Edges",
        description="For graph, each 'Ann -> Bob': Bob reads Ann. No circles.",
        max_length=100,
    )
    compare: bool = Field(
        default=False, title="Compare shapes",
        description="Also run the other shapes over the same members; costs as much again for each.",
    )  # fmt: skip
    members: tuple[MemberSpec, ...] = Field(
        default=(
            MemberSpec(name="Starter", persona="You give a first solution, step by step."),
            MemberSpec(name="Checker", persona="You check every step and correct mistakes."),
            MemberSpec(name="Doubter", persona="You look for another way to solve it."),
            MemberSpec(name="Finisher", persona="You weigh the results and settle the answer."),
        ),
        title="Members", description="The team where no role is attached; the last gives the answer.", max_length=16,
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="teams.topology", family="teams", title="Topology", summary="One team as star, chain, tree or graph",
    config=TopologyConfig,
    inputs=(
        Port("task", "any", "What is to be done."),
        MEMBERS,
        Port("edges", "list[text]", "For graph, before those of the settings: 'Ann -> Bob'.", required=False),
    ),
    outputs=(
        Port("answer", "text", "What the last member of the chosen shape says."),
        Port("results", "list[record]", "Each member in the chosen shape: member, reads, text."),
        Port("shapes", "list[record]", "Each shape that was run: shape, answer, calls."),
    ),
    attaches=TEAM, model_calls=f"1 x members; up to 5 x members with the comparison{WITH_TOOLS}", icon="waypoints",
    source="Qian et al. 2024, MacNet, https://arxiv.org/abs/2406.07155",
)  # fmt: skip
async def topology(inputs: Inputs, config: TopologyConfig, ctx: Context) -> Outputs:
    """Let the members speak in the shape's order; run the other shapes beside it where asked."""
    task = as_text(inputs["task"])
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in what is to be done.")
    members = members_of(ctx, config.members, inputs.get("members"))
    others = [shape for shape in SHAPES if config.compare and shape != config.shape]
    results: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for shape in [config.shape, *others]:
        reads = readers(shape, [each.name for each in members], inputs.get("edges") or config.edges)
        said = await _run(shape, task, members, reads, config, ctx)
        final = waves(reads)[-1][-1]
        shapes.append({"shape": shape, "answer": said[final], "calls": len(said)})
        if shape == config.shape:
            results = [{"member": name, "reads": list(reads[name]), "text": text} for name, text in said.items()]
    return {"answer": shapes[0]["answer"], "results": results, "shapes": shapes}


async def _run(
    shape: str,
    task: str,
    members: Sequence[Role],
    reads: Mapping[str, Sequence[str]],
    config: TopologyConfig,
    ctx: Context,
) -> dict[str, str]:
    """Member -> what it says, wave after wave; those of a wave speak at the same time."""
    by_name, said = {member.name: member for member in members}, dict[str, str]()

    async def speak(name: str) -> str:
        heard = "\n\n".join(f"{other}: {said[other]}" for other in reads[name])
        prompt = AFTER.format(task=task, results=heard) if heard else FIRST.format(task=task)
        return await ask(ctx, by_name[name], user(prompt), temperature=config.temperature)

    for wave in waves(reads):
        ctx.progress(f"{shape}: {', '.join(wave)}")
        said |= dict(zip(wave, await together(speak, wave), strict=True))
        _show(shape, reads, said, ctx)
    return said


def _show(shape: str, reads: Reads, said: Mapping[str, str], ctx: Context) -> None:
    nodes = [{"id": name, "label": name, "group": "spoken" if name in said else "waiting"} for name in reads]
    edges = [
        {"source": other, "target": name, "label": said.get(other, "")[:60]}
        for name, others in reads.items()
        for other in others
    ]
    ctx.show(graph_view(nodes, edges, title=shape))
