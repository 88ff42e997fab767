"""Change a workflow a little: another prompt, a critique put in, a step taken out, another model.

Use it in a loop with "Score" and "Keep in archive", so that workflows get better by trial. Each change is a
batch of the same operations the canvas uses; one that does not apply, changes nothing, or makes a workflow that
cannot run is refused, and another is tried. All choices come from the seed, unless the model chooses the change and
the node by the feedback; only then and for ``reword`` it is asked. ``cross`` takes a prompt from the workflow at
``other``. ``unchanged`` is the way on when no change was found.

Source: Zhang et al. 2025, Darwin Gödel Machine (https://arxiv.org/abs/2505.22954); ``cross`` after the
recombination of Lin et al. 2025, SE-Agent. We deviate: what is changed is a workflow document by typed
operations, never the code of an agent.
"""

import random
from typing import Any, Final, Literal

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.templating import as_text
from nodes.workflows.choosing import choose_change
from nodes.workflows.documents import document_of, errors_of, prompts_of, short_hash
from nodes.workflows.mutations import MECHANICAL, Change, Place
from nodes.workflows.reword import ADVICE, reword

Name = Literal["reword", "insert_critique", "insert_step", "remove_step", "change_temperature", "swap_model", "cross"]
DEFAULT: Final[tuple[Name, ...]] = ("reword", "insert_critique", "insert_step", "remove_step", "cross")


class MutateConfig(Config):
    """Which changes there are, and how often one is tried."""

    changes: tuple[Name, ...] = Field(
        default=DEFAULT, title="Changes", description="One of these is chosen by chance.", min_length=1, max_length=20
    )
    choose: Literal["chance", "model"] = Field(
        default="chance", title="Chosen by", description="chance: by the seed; model: by the feedback, one call a try."
    )
    seed: int = Field(
        default=1, ge=0, le=2**31, title="Seed", description="The same seed and workflow give the same choices."
    )
    max_tries: int = Field(
        default=6, ge=1, le=50, title="Tries", description="How many changes are tried until one holds.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    models: tuple[str, ...] = Field(
        default=(), title="Models", description="References that swap_model chooses from, such as openai:gpt-5-mini.",
        max_length=20,
    )  # fmt: skip
    advice: str = Field(
        default=ADVICE, title="Advice", description="For reword: what a good prompt is like.", max_length=4_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0.7, ge=0, le=2, title="Temperature", description="For reword; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="workflows.mutate", family="workflows", title="Mutate a workflow", summary="Change a workflow a little",
    config=MutateConfig,
    inputs=(
        Port("workflow", "any", "A document, its YAML, or the id or title of a saved one."),
        Port("feedback", "any", "What went wrong with it, for reword and for the model's choice.", required=False),
        Port("other", "any", "A second workflow, for cross.", required=False),
    ),
    outputs=(
        Port("workflow", "record", "The changed workflow document."),
        Port("yaml", "text", "The same as YAML."),
        Port("change", "text", "What was changed; empty where nothing was."),
    ),
    outcomes=("done", "unchanged"), attaches=(Attach("model", "model"),), model_calls="0 to 2 x max_tries", icon="dna",
    source="Zhang et al. 2025, Darwin Gödel Machine, https://arxiv.org/abs/2505.22954",
)  # fmt: skip
async def mutate(inputs: Inputs, config: MutateConfig, ctx: Context) -> Route:
    """Try changes by chance until one makes another workflow that can run."""
    document = document_of(inputs["workflow"], ctx)
    other = document_of(inputs["other"], ctx) if inputs.get("other") else None
    # The visit is part of the seed, or a loop would make the same choice each time.
    dice = random.Random(f"{config.seed}:{ctx.visit}:{short_hash(document)}")  # noqa: S311 - chance, not secrecy
    place = Place(document, dice, config.models, other)
    feedback, tried = as_text(inputs.get("feedback")), list[str]()
    for _ in range(config.max_tries):
        name: Name = dice.choice(config.changes)
        if config.choose == "model":
            name, at = await choose_change(place, config.changes, feedback, tried, ctx)
            place = place._replace(at=at)
            tried.append(f"{name} at {at}")
        change = await _change(name, place, feedback, config, ctx)
        changed = _applied(change, document, ctx) if change else None
        if change and changed:
            ctx.progress(change.told)
            return Route("done", {"workflow": changed, "yaml": ctx.workshop.text(changed), "change": change.told})
        ctx.progress(f"{name} found no place, or made no workflow that can run")
    return Route("unchanged", {"workflow": document, "yaml": ctx.workshop.text(document), "change": ""})


async def _change(name: Name, place: Place, feedback: str, config: MutateConfig, ctx: Context) -> Change | None:
    if name != "reword":
        return MECHANICAL[name](place)
    prompts = prompts_of(place.document)
    if not prompts:
        return None
    chosen = place.dice.choice([each for each in prompts if each.node == place.at] or prompts)
    text = await reword(place.document, chosen, feedback, ctx, advice=config.advice, temperature=config.temperature)
    operation: dict[str, Any] = {"op": "set_config", "id": chosen.node, "key": chosen.key, "value": text}
    return Change([operation], f"the {chosen.key} of {chosen.node} written anew") if text else None


def _applied(change: Change, document: dict[str, Any], ctx: Context) -> dict[str, Any] | None:
    """The changed document; None where the change does not apply, changes nothing, or breaks it."""
    try:
        changed = ctx.workshop.apply(document, change.operations)
    except NodeError as error:
        ctx.progress(f"{change.told}: {error.what}")
        return None
    return None if short_hash(changed) == short_hash(document) or errors_of(changed, ctx) else changed
