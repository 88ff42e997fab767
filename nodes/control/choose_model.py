"""Ask the model that is worth its price for this task; a stronger one where the answer fails a check.

Use it where some tasks are easy and some hard, with several models attached at ``models``. The model at
``model`` rates the task; the chance of each candidate is its quality to the power of the difficulty
(0.5 low, 1 medium, 2 high), and its price is set against that by ``thrift``. The best value answers. When
its answer fails the check, the next stronger one is asked, at most ``max_tries`` in all. Without models at
``models`` the node's own answers.

Source: Yue et al. 2025, MasRouter: Learning to Route LLMs for Multi-Agent Systems; the fallback is the
cascade of Chen, Zaharia & Zou 2023, FrugalGPT (https://arxiv.org/abs/2305.05176). We deviate: the router
is a visible formula over a table the designer fills in, not a trained network.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field

from nodes.conditions import Condition, holds
from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.control.effort import EffortConfig, rate
from nodes.control.model_offers import Candidate, Difficulty, ModelOffer, candidates, fallbacks
from nodes.templating import Template, render
from nodes.views import table_view

CHECK: Final = "size(answer) > 0"


class ChooseModelConfig(Config):
    """The prompt, the table of models, and when an answer will do."""

    prompt: Template = Field(
        default="{{task}}", title="Prompt", description="What is asked; {{name}} makes an input.", max_length=20_000,
        json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    offers: tuple[ModelOffer, ...] = Field(
        default=(), title="Models", description="Quality and price of each; one not listed is middling and free.",
        max_length=50,
    )  # fmt: skip
    thrift: float = Field(
        default=0.3, ge=0, le=1, title="Thrift", description="How much the price counts: 0 not at all, 1 most."
    )
    check: Condition = Field(
        default=CHECK, title="Check", description="CEL over answer, task inputs and state: whether the answer will do.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    max_tries: int = Field(
        default=2, ge=1, le=10, title="Models asked", description="The most that are asked one after another.",
        json_schema_extra={"unit": "models"},
    )  # fmt: skip
    rate_task: bool = Field(
        default=True, title="Rate the task", description="Whether difficulty is rated first; else it is medium.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="control.choose_model", family="control", title="Choose a model",
    summary="Ask the model worth its price for the task", config=ChooseModelConfig,
    outputs=(
        Port("answer", "text", "The last answer."),
        Port("model", "text", "Reference of the model that gave it."),
        Port("difficulty", "text", "low, medium or high."),
        Port("tries", "number", "How many models were asked."),
    ),
    outcomes=("done", "unchecked"),
    attaches=(
        Attach("model", "model", description="Rates the task."),
        Attach("models", "model", many=True, description="Those to choose from."),
    ),
    template_fields=("prompt",), model_calls="1 to 1 + max_tries", icon="scale",
    source="Yue et al. 2025, MasRouter; Chen et al. 2023, FrugalGPT, https://arxiv.org/abs/2305.05176",
)  # fmt: skip
async def choose_model(inputs: Inputs, config: ChooseModelConfig, ctx: Context) -> Route:
    """Rate, rank by value, ask; go to a stronger one while the check fails. ``unchecked``: none passed it."""
    prompt = render(config.prompt, inputs)
    difficulty = (await rate(prompt, EffortConfig(), ctx)).difficulty if config.rate_task else "medium"
    ranked = candidates(ctx.models("models") or (ctx.model,), config.offers, difficulty, config.thrift)
    order = [ranked[0], *fallbacks(ranked[0], ranked)][: config.max_tries]
    fates: dict[str, str] = {}
    answer, passed = "", False
    for candidate in order:
        if fates:
            ctx.progress(f"the answer failed the check; asking {candidate.model.reference}")
        _show(ranked, {**fates, candidate.model.reference: "asked"}, difficulty, ctx)
        answer = (await candidate.model.chat([{"role": "user", "content": prompt}])).text
        passed = _passes(config.check, answer, inputs)
        fates[candidate.model.reference] = "passed" if passed else "failed the check"
        _show(ranked, fates, difficulty, ctx)
        if passed:
            break
    outputs = {"answer": answer, "model": list(fates)[-1], "difficulty": difficulty, "tries": len(fates)}
    return Route("done" if passed else "unchecked", outputs)


def _passes(condition: str, answer: str, inputs: Mapping[str, Any]) -> bool:
    return holds(condition, {"state": {}, **inputs, "answer": answer})


def _show(ranked: list[Candidate], fates: Mapping[str, str], difficulty: Difficulty, ctx: Context) -> None:
    rows = [
        [each.model.reference, each.quality, each.price, round(each.chance, 2), round(each.value, 2),
         fates.get(each.model.reference, "")]
        for each in ranked
    ]  # fmt: skip
    columns = ["model", "quality", "usd / 1M", "chance", "value", ""]
    ctx.show(table_view(columns, rows, title=f"A task of {difficulty} difficulty"))
