"""Keep a case: the state, what was planned, and the reward it earned.

Use it at the end of an episode, with the reward of a check or a judge; "Case retrieve" brings the case back
when a like state comes. One record holds all plans that were tried in the same state; a plan tried again
counts its mean reward. Calls no model.

Source: Zhou et al. 2025, AgentFly (Memento): Fine-tuning LLM Agents without Fine-tuning LLMs
(https://arxiv.org/abs/2508.16153). We deviate: the value of a plan in a state is its mean reward, where the
paper also trains a small network for it.
"""

from typing import Any, Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.memory.attached import OWNER, evened, memory_of, same_text
from nodes.templating import as_text

CASE: Final = "case"
TEXT: Final = "Case: {state}"
"""Of the record: a space holds a text once, and the bare state may be another record's."""


class CaseKeepConfig(Config):
    """How much a case weighs in other searches, and how many plans it holds."""

    importance: float = Field(
        default=5, ge=1, le=10, title="Importance", description="With which the case is stored, 1 to 10."
    )
    max_attempts: int = Field(
        default=10, ge=1, le=100, title="Plans a case", description="The most a case holds; the oldest goes first.",
        json_schema_extra={"unit": "plans", "advanced": True},
    )  # fmt: skip


@node(
    kind="memory.case_keep", family="memory", title="Keep a case", summary="Keep state, plan and the reward it earned",
    config=CaseKeepConfig,
    inputs=(
        Port("state", "any", "The situation or task, as it will be searched by."),
        Port("plan", "any", "What was planned or done."),
        Port("reward", "number", "What it earned; any scale, the same for all: 0 to 1, or -1 to 1."),
        OWNER,
    ),
    outputs=(
        Port("record", "text", "Id of the case."),
        Port("reward", "number", "Mean reward of this plan in this state so far."),
        Port("attempts", "number", "How many plans the case holds."),
    ),
    attaches=(Attach("memory", "memory", required=True),), side_effects=True, icon="briefcase",
    source="Zhou et al. 2025, AgentFly (Memento), https://arxiv.org/abs/2508.16153",
)  # fmt: skip
async def case_keep(inputs: Inputs, config: CaseKeepConfig, ctx: Context) -> Outputs:
    """Find the case of this state, add the attempt to it."""
    memory, state, plan = memory_of(ctx, inputs), as_text(inputs["state"]).strip(), as_text(inputs["plan"]).strip()
    if not state or not plan:
        raise NodeError(f"The {'plan' if state else 'state'} is empty", mend="Wire in what the case is made of.")
    text = TEXT.format(state=state)
    known = await same_text(memory, text, kind=CASE)
    attempts = _added(known.data.get("attempts", []) if known else [], plan, inputs["reward"])
    data = {"state": state, "attempts": attempts[-config.max_attempts :]}
    if known:
        await memory.update(known.id, data=data)
    record = known.id if known else await memory.add(text, kind=CASE, importance=config.importance, data=data)
    mean = attempts[-1]["reward"]
    ctx.progress(f"case {'enlarged' if known else 'kept'} in {memory.space!r}: reward {mean:g} for {plan[:80]}")
    return {"record": record, "reward": mean, "attempts": len(data["attempts"])}


def _added(attempts: list[dict[str, Any]], plan: str, reward: float) -> list[dict[str, Any]]:
    """The attempts with this one last; a plan that was tried before takes the mean of its rewards."""
    before = next((each for each in attempts if evened(each["plan"]) == evened(plan)), None)
    count = before["count"] if before else 0
    mean = ((before["reward"] if before else 0) * count + reward) / (count + 1)
    return [*(each for each in attempts if each is not before), {"plan": plan, "reward": mean, "count": count + 1}]
