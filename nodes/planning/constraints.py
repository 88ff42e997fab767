"""Find the constraints a solution must keep: limits, times, amounts, orders, what is forbidden.

Use it before planning, and wire ``constraints`` into the planner and into "Verify a plan": a planner told
the constraints one by one breaks fewer of them, and a verifier can check them one by one. Constraints you
know yourself stand first, word for word.

Source: Parmar et al. 2025, PlanGEN (https://arxiv.org/abs/2502.16111), its constraint agent. We deviate: the
constraints are a list held by schema, so that each can be checked by itself.
"""

from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.planning.plan import NUMBERED
from nodes.templating import as_text
from nodes.views import table_view

SYSTEM: Final = """You find the constraints in a problem: everything a solution must keep, such as limits, times,
amounts, orders, what must be included and what is forbidden. Each constraint is one short sentence that can be
checked by itself. Copy numbers and names exactly. Do not solve the problem and do not invent constraints.
Example: "Meet Ann at 9 for an hour and leave by noon" has the constraints "The meeting with Ann begins at 9",
"The meeting with Ann lasts an hour", "The leaving is at noon or before"."""
ASK: Final = "Problem:\n{problem}\n\nList its constraints."


class ConstraintsConfig(Config):
    """What is known already, and how many there may be."""

    always: tuple[str, ...] = Field(
        default=(), title="Always", description="Constraints that hold for every problem; they stand first.",
        max_length=30,
    )  # fmt: skip
    max_constraints: int = Field(
        default=8, ge=1, le=30, title="Constraints", description="The most that are taken from the problem.",
        json_schema_extra={"unit": "constraints"},
    )  # fmt: skip
    system: str = Field(
        default=SYSTEM, title="System", description="What counts as a constraint.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


@node(
    kind="planning.constraints", family="planning", title="Find the constraints",
    summary="What a solution must keep, one by one", config=ConstraintsConfig,
    inputs=(Port("problem", "text", "The problem in words."),),
    outputs=(
        Port("constraints", "list[text]", "The constraints, a sentence each."),
        Port("text", "text", "The same as a numbered list."),
    ),
    attaches=(Attach("model", "model"),), model_calls="1", icon="ruler",
    source="Parmar et al. 2025, PlanGEN, https://arxiv.org/abs/2502.16111",
)  # fmt: skip
async def constraints(inputs: Inputs, config: ConstraintsConfig, ctx: Context) -> Outputs:
    """Ask for them; each is kept once."""
    problem = as_text(inputs["problem"]).strip()
    if not problem:
        raise NodeError("The problem is empty", mend="Wire a text that says what is to be solved.")
    user = {"role": "user", "content": ASK.format(problem=problem)}
    messages = [{"role": "system", "content": config.system}, user]
    answer: Any = await ask_for(ctx.model, messages, constraints_schema(config.max_constraints), temperature=0)
    said = [NUMBERED.sub("", each.strip()) for each in answer.constraints[: config.max_constraints]]
    found = list(dict.fromkeys(each for each in (*config.always, *said) if each))
    ctx.progress(f"{len(found)} constraints")
    ctx.show(table_view(["constraint"], [[each] for each in found], title="Constraints"))
    return {"constraints": found, "text": "\n".join(f"{number}. {each}" for number, each in enumerate(found, 1))}


@lru_cache(maxsize=32)
def constraints_schema(count: int) -> type[BaseModel]:
    """``{"constraints": [...]}``. The bound guides the grammar; a longer list is cut."""
    each = Field(description="One short sentence each.", json_schema_extra={"maxItems": count})
    return create_model("Constraints", constraints=(list[str], each))
