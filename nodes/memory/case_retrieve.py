"""Find cases like the state at hand: what worked there, and what did not.

Use it before planning, and wire ``text`` into the planner's prompt. Cases come from "Keep a case". They are
ranked by likeness of state and by reward, so that a plan that earned much in a fairly like state may stand
before one that earned little in the same. Good and bad cases come apart, for both teach. Calls no model.

Source: Zhou et al. 2025, AgentFly (Memento): Fine-tuning LLM Agents without Fine-tuning LLMs
(https://arxiv.org/abs/2508.16153). We deviate: the case policy is a weighted sum of similarity and mean
reward, where the paper also learns a Q function.
"""

from typing import Any, Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Hit, Inputs, Outputs, Port, node
from nodes.memory.attached import OWNER, alike, as_document, memory_of
from nodes.memory.case_keep import CASE
from nodes.templating import as_text
from nodes.views import table_view

_OVERFETCH: Final = 3  # cases looked at for each plan wanted: the reward reorders them


class CaseRetrieveConfig(Config):
    """How many, and what makes a case good."""

    good: int = Field(
        default=3, ge=0, le=20, title="Good cases", description="The most plans that worked.",
        json_schema_extra={"unit": "cases"},
    )  # fmt: skip
    bad: int = Field(
        default=1, ge=0, le=20, title="Bad cases", description="The most plans that failed.",
        json_schema_extra={"unit": "cases"},
    )  # fmt: skip
    good_from: float = Field(
        default=0.5, ge=-1_000, le=1_000, title="Good from", description="Mean reward from which a case counts as good."
    )
    reward: float = Field(
        default=0.3, ge=0, le=1, title="Reward",
        description="How much reward counts beside likeness: 0 nothing, 1 all.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    min_similarity: float = Field(
        default=0.2, ge=0, le=1, title="Least likeness", description="Cases whose state is less alike are left out.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    only_trusted: bool = Field(
        default=False, title="Only trusted", description="Leave out what came from outside and was not approved."
    )


@node(
    kind="memory.case_retrieve", family="memory", title="Find cases",
    summary="What worked in like states, and what not",
    config=CaseRetrieveConfig,
    inputs=(Port("state", "any", "The situation or task at hand."), OWNER),
    outputs=(
        Port("good", "documents", "Cases that worked, the best first: state, and plan and reward in data."),
        Port("bad", "documents", "Cases that failed, the likest first."),
        Port("text", "text", "Both as a part of a prompt; empty when there are none."),
    ),
    attaches=(Attach("memory", "memory", required=True),), icon="folder-search",
    source="Zhou et al. 2025, AgentFly (Memento), https://arxiv.org/abs/2508.16153",
)  # fmt: skip
async def case_retrieve(inputs: Inputs, config: CaseRetrieveConfig, ctx: Context) -> Outputs:
    """Find like states, rank their plans, part them by reward."""
    memory = memory_of(ctx, inputs)
    wanted = _OVERFETCH * max(config.good + config.bad, 1)
    hits = await alike(
        memory, as_text(inputs["state"]), top_k=wanted, kinds=(CASE,), only_trusted=config.only_trusted
    )  # fmt: skip
    cases = [_case(hit, each) for hit in hits if hit.score >= config.min_similarity for each in hit.data["attempts"]]
    good = [case for case in cases if case["data"]["reward"] >= config.good_from]
    bad = [case for case in cases if case["data"]["reward"] < config.good_from]
    good = sorted(good, key=lambda case: -_rank(case, good, config.reward))[: config.good]
    bad = bad[: config.bad]
    rows = [
        (case["text"], case["data"]["plan"], case["data"]["reward"], round(case["score"], 3)) for case in [*good, *bad]
    ]
    ctx.show(table_view(("state", "plan", "reward", "likeness"), rows, title=f"Cases of {memory.space}"))
    ctx.progress(f"{len(good)} good and {len(bad)} bad cases of {memory.space!r}")
    text = "\n\n".join([*(_told("Worked", case) for case in good), *(_told("Failed", case) for case in bad)])
    return {"good": good, "bad": bad, "text": text}


def _case(hit: Hit, attempt: dict[str, Any]) -> dict[str, Any]:
    return {**as_document(hit), "text": hit.data["state"], "data": attempt}


def _rank(case: dict[str, Any], among: list[dict[str, Any]], weight: float) -> float:
    """Likeness and reward mixed; the reward scaled to 0 to 1 over the candidates."""
    rewards = [each["data"]["reward"] for each in among]
    low, span = min(rewards), max(rewards) - min(rewards)
    scaled = (case["data"]["reward"] - low) / span if span else 1.0
    return (1 - weight) * case["score"] + weight * scaled


def _told(how: str, case: dict[str, Any]) -> str:
    return f"{how} (reward {case['data']['reward']:.2g})\nState: {case['text']}\nPlan: {case['data']['plan']}"
