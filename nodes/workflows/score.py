"""Score a workflow on examples with known answers.

Use it to compare workflows: drafted ones, mutated ones, two of your own. Each example is run within this
run, several at a time, and its answer checked; a run that fails counts as wrong. ``mistakes`` is written
for a model that is to mend the workflow. Wire the score into "Keep in archive" or a route.

Source: Nodeloom; the evaluation step of Hu et al. 2024, Automated Design of Agentic Systems
(https://arxiv.org/abs/2408.08435).
"""

from nodes.contract import Context, Inputs, Outputs, Port, node
from nodes.workflows.documents import document_of
from nodes.workflows.scoring import ScoringConfig, score_workflow


class ScoreConfig(ScoringConfig):
    """How answers are checked, and how much is run."""


@node(
    kind="workflows.score", family="workflows", title="Score a workflow", summary="Run a workflow on examples",
    config=ScoreConfig,
    inputs=(
        Port("workflow", "any", "A document, its YAML, or the id or title of a saved one."),
        Port("examples", "list[record]", "Each with its inputs and `expected`."),
    ),
    outputs=(
        Port("score", "number", "Share of the examples that were right, 0 to 1."),
        Port("results", "list[record]", "For each: inputs, expected, answer, right, error, tokens, usd, seconds."),
        Port("mistakes", "text", "The first that were wrong, in words; empty where none was."),
        Port("tokens", "number", "Model tokens of all examples."),
        Port("usd", "number", "US dollars of all examples."),
    ),
    side_effects=True, source="Hu et al. 2024, Automated Design of Agentic Systems, https://arxiv.org/abs/2408.08435",
    icon="clipboard-check",
)  # fmt: skip
async def score(inputs: Inputs, config: ScoreConfig, ctx: Context) -> Outputs:
    """Run, check, count."""
    document = document_of(inputs["workflow"], ctx)
    found = await score_workflow(document, inputs["examples"], config, ctx)
    right = sum(case.right for case in found.cases)
    ctx.show(found.view(f"{right} of {len(found.cases)} right"))
    return {
        "score": found.accuracy, "results": [case.record() for case in found.cases], "mistakes": found.mistakes(),
        "tokens": found.tokens, "usd": found.usd,
    }  # fmt: skip
