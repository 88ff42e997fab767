"""Improve the prompts of a workflow, one after another, by trial on examples.

Use it when the shape of a workflow is right and its words are not. For each prompt the model proposes
variants, knowing what went wrong; each is scored on the examples, and the best is kept before the next
prompt is looked at. It stops when all examples are right or ``max_runs`` runs of the workflow are spent.
What it costs: variants x prompts x examples runs, so begin with few examples.

Source: Zhou et al. 2025, Multi-Agent Design: Optimizing Agents with Better Prompts and Topologies (MASS,
https://arxiv.org/abs/2502.02533), its stages of block-level and workflow-level prompt optimisation. We
deviate: prompts are only reworded, no examples are put into them, and a block is scored within the whole.
"""

from typing import Any

from pydantic import Field

from nodes.contract import Attach, Context, Inputs, Outputs, Port, node
from nodes.views import search_view
from nodes.workflows.documents import PromptPlace, document_of, errors_of, prompts_of
from nodes.workflows.reword import ADVICE, reword
from nodes.workflows.scoring import Score, ScoringConfig, score_workflow


class OptimisePromptsConfig(ScoringConfig):
    """How much is tried."""

    variants: int = Field(
        default=2, ge=1, le=10, title="Variants", description="New versions tried for each prompt.",
        json_schema_extra={"unit": "variants"},
    )  # fmt: skip
    rounds: int = Field(
        default=1, ge=1, le=10, title="Rounds", description="How often it goes through all prompts.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    max_runs: int = Field(
        default=60, ge=1, le=10_000, title="Runs", description="Runs of the workflow in all, then it stops.",
        json_schema_extra={"unit": "runs"},
    )  # fmt: skip
    advice: str = Field(
        default=ADVICE, title="Advice", description="What a good prompt is like.", max_length=4_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


@node(
    kind="workflows.optimise_prompts", family="workflows", title="Optimise prompts",
    summary="Improve a workflow's prompts by trial", config=OptimisePromptsConfig,
    inputs=(
        Port("workflow", "any", "A document, its YAML, or the id or title of a saved one."),
        Port("examples", "list[record]", "Each with its inputs and `expected`."),
    ),
    outputs=(
        Port("workflow", "record", "The workflow with the best prompts."),
        Port("yaml", "text", "The same as YAML."),
        Port("score", "number", "Share of the examples it gets right, 0 to 1."),
        Port("before", "number", "Share the given workflow got right."),
        Port("tried", "list[record]", "Each version: node, key, prompt, score, kept."),
    ),
    attaches=(Attach("model", "model"),), side_effects=True,
    model_calls="1 to rounds x prompts x variants, and those of the runs", icon="sliders-horizontal",
    source="Zhou et al. 2025, Multi-Agent Design (MASS), https://arxiv.org/abs/2502.02533",
)  # fmt: skip
async def optimise_prompts(inputs: Inputs, config: OptimisePromptsConfig, ctx: Context) -> Outputs:
    """Go through the prompts; keep each version that is better than what there is."""
    document = document_of(inputs["workflow"], ctx)
    score = first = await score_workflow(document, inputs["examples"], config, ctx)
    tried: list[dict[str, Any]] = []
    _show(tried, first, ctx)
    for place in prompts_of(document) * config.rounds:
        for _ in range(config.variants):
            spent = (len(tried) + 1) * len(first.cases)
            if score.accuracy == 1 or spent + len(first.cases) > config.max_runs:
                break
            version = await _version(document, place, score, config, ctx)
            if version is None:
                ctx.progress(f"{place.node}: no usable new {place.key}")
                continue
            found = await score_workflow(version, inputs["examples"], config, ctx)
            better = found.accuracy > score.accuracy
            tried.append(_trial(version, place, found, better))
            document, score = (version, found) if better else (document, score)
            _show(tried, first, ctx)
    return {
        "workflow": document, "yaml": ctx.workshop.text(document), "score": score.accuracy, "before": first.accuracy,
        "tried": tried,
    }  # fmt: skip


async def _version(
    document: dict[str, Any], place: PromptPlace, score: Score, config: OptimisePromptsConfig, ctx: Context
) -> dict[str, Any] | None:
    """The workflow with a new prompt at ``place``; None where the model's proposal cannot be used."""
    now = next(each for each in prompts_of(document) if (each.node, each.key) == (place.node, place.key))
    text = await reword(document, now, score.mistakes(), ctx, advice=config.advice)
    if text is None:
        return None
    operation = {"op": "set_config", "id": place.node, "key": place.key, "value": text}
    version = ctx.workshop.apply(document, [operation])
    return None if errors_of(version, ctx) else version


def _trial(version: dict[str, Any], place: PromptPlace, found: Score, better: bool) -> dict[str, Any]:
    prompt = version["nodes"][place.node]["config"][place.key]
    return {"node": place.node, "key": place.key, "prompt": prompt, "score": found.accuracy, "kept": better}


def _show(tried: list[dict[str, Any]], first: Score, ctx: Context) -> None:
    """A tree: each version below the one it was made of."""
    nodes: list[dict[str, Any]] = [
        {"id": "0", "parent": None, "label": "as given", "value": first.accuracy, "status": "expanded"}
    ]
    best = "0"
    for number, trial in enumerate(tried, start=1):
        status = "expanded" if trial["kept"] else "pruned"
        label = f"{trial['node']}: {trial['prompt'][:60]}"
        nodes.append({"id": str(number), "parent": best, "label": label, "value": trial["score"], "status": status})
        best = str(number) if trial["kept"] else best
    ctx.show(search_view(nodes, best=best, summary=f"{len(tried)} versions tried"))
