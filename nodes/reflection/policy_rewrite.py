"""Rewrite the standing policy after an episode, and keep the new one only when it is no worse.

Use it at the end of an episode: the policy is the text every agent reads before it acts. The model analyses the
episode against the policy and writes a new one; the workflow attached at ``evaluate`` scores both, and up to
``variants`` new ones are tried until one is accepted. The policy in force is one record in the memory, with its
version, its score and the versions before it. Without an evaluation a new policy is kept unproven.

Source: Zhang et al. 2024, Agent-Pro: Learning to Evolve via Policy-Level Reflection and Optimization
(https://arxiv.org/abs/2402.17574). We deviate: each variant starts from the policy in force (a search of depth one),
and is scored by the attached workflow instead of replayed games.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import Field

from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, NodeError, Port, Route, Subworkflow, node
from nodes.memory.attached import OWNER, evened, memory_of
from nodes.templating import as_text
from nodes.views import refinement_view

POLICY: Final = "policy"
_MOST: Final = 1_000  # policies looked through for the one of this name
ANALYSE: Final = """The policy in force:
{policy}

What happened under it:
{episode}

{outcome}{rejected}Which rule of the policy helped, which one led wrong or is missing? Answer in a few
sentences. Look at the whole episode, not at single moves."""
REWRITE: Final = """Now write the new policy: short rules for behaviour in any such case, at most {rules}. Keep what
works, mend what does not. Do not speak of this episode. Answer with the rules alone, one a line."""
OUTCOME: Final = "How it ended: {outcome}\n\n"
REJECTED: Final = "These new policies were no better:\n{policies}\n\n"


class PolicyRewriteConfig(Config):
    """Which policy, and when a new one is kept."""

    name: str = Field(
        default="policy", title="Name", description="Of the policy in the memory; each name is a policy of its own.",
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
    )  # fmt: skip
    keep: Literal["better", "not_worse"] = Field(
        default="better", title="Keep when",
        description="better: it scores higher; not_worse: an equal score is enough.",
    )  # fmt: skip
    variants: int = Field(
        default=1, ge=1, le=10, title="Variants", description="New policies tried until one is kept.",
        json_schema_extra={"unit": "policies"},
    )  # fmt: skip
    max_rules: int = Field(
        default=8, ge=1, le=50, title="Rules", description="The most the model is asked for.",
        json_schema_extra={"unit": "rules"},
    )  # fmt: skip
    versions: int = Field(
        default=10, ge=0, le=100, title="Earlier versions", description="How many are kept with the policy.",
        json_schema_extra={"unit": "versions", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A policy and how it scored."""

    text: str
    score: float | None = None
    version: int = 1
    earlier: tuple[dict[str, Any], ...] = ()


@node(
    kind="reflection.policy_rewrite", family="reflection", title="Rewrite the policy",
    summary="Evolve the standing policy by an episode", config=PolicyRewriteConfig,
    inputs=(
        Port("episode", "any", "What happened: messages, moves, results."),
        Port("outcome", "any", "How it ended.", required=False),
        Port("policy", "text", "The first policy, where the memory has none yet.", required=False),
        OWNER,
    ),
    outputs=(
        Port("policy", "text", "The policy in force from now on."),
        Port("version", "number", "Its version; 1 for the first."),
        Port("analysis", "text", "What the model said about the policy and the episode."),
    ),
    outcomes=("kept", "rejected"),
    attaches=(
        Attach("memory", "memory", required=True), Attach("model", "model"),
        Attach("evaluate", "workflow", description="Scores a policy; higher is better.",
               takes=(Port("policy", "text", "The policy."),), gives=(Port("score", "number", "Its score."),)),
    ),
    side_effects=True, model_calls="2 x variants at most, and those of evaluate", icon="scale",
    source="Zhang et al. 2024, Agent-Pro, https://arxiv.org/abs/2402.17574",
)  # fmt: skip
async def policy_rewrite(inputs: Inputs, config: PolicyRewriteConfig, ctx: Context) -> Route:
    """Score the policy in force, then write variants until one is kept."""
    memory, evaluate = memory_of(ctx, inputs), ctx.subworkflow("evaluate")
    record = await _record(memory, config.name)
    now = _standing(record, inputs.get("policy", ""))
    if evaluate and now.text and now.score is None:
        now = Standing(now.text, await _score(evaluate, now.text), now.version, now.earlier)
    analysis, tried = "", list[Standing]()
    while len(tried) < config.variants:
        analysis, new = await _rewritten(now, tried, inputs, config, ctx)
        tried.append(Standing(new, await _score(evaluate, new) if evaluate else None))
        _show(now, analysis, tried, ctx)
        if _accepted(now, tried[-1], config):
            kept = _next(now, tried[-1], config)
            await _store(memory, record, kept, config)
            ctx.progress(f"policy {config.name!r}: version {kept.version} kept, score {_told(kept)} over {_told(now)}")
            return Route("kept", {"policy": kept.text, "version": kept.version, "analysis": analysis})
    if now.text and (record is None or record.data["score"] != now.score):
        await _store(memory, record, now, config)
    ctx.progress(f"policy {config.name!r}: {len(tried)} new ones rejected, version {now.version} stays")
    return Route("rejected", {"policy": now.text, "version": now.version, "analysis": analysis})


async def _record(memory: Memory, name: str) -> Hit | None:
    records = await memory.records(kinds=(POLICY,), limit=_MOST)
    return next((hit for hit in records if hit.data.get("name") == name), None)


def _standing(record: Hit | None, first: str) -> Standing:
    if record is None:
        return Standing(first.strip())
    data = record.data
    return Standing(data["policy"], data["score"], data["version"], tuple(data["earlier"]))


async def _score(evaluate: Subworkflow, policy: str) -> float:
    return float((await evaluate.run({"policy": policy}))["score"])


async def _rewritten(
    now: Standing, tried: list[Standing], inputs: Inputs, config: PolicyRewriteConfig, ctx: Context
) -> tuple[str, str]:
    """The analysis, and the new policy."""
    outcome = as_text(inputs.get("outcome")).strip()
    asked = ANALYSE.format(
        policy=now.text or "none yet", episode=as_text(inputs["episode"]),
        outcome=OUTCOME.format(outcome=outcome) if outcome else "",
        rejected=REJECTED.format(policies="\n---\n".join(each.text for each in tried)) if tried else "",
    )  # fmt: skip
    messages: list[dict[str, Any]] = [{"role": "user", "content": asked}]
    analysis = (await ctx.model.chat(messages, temperature=config.temperature)).text.strip()
    rewrite = REWRITE.format(rules=config.max_rules)
    messages += [{"role": "assistant", "content": analysis}, {"role": "user", "content": rewrite}]
    policy = (await ctx.model.chat(messages, temperature=config.temperature)).text.strip()
    if not policy:
        raise NodeError("The model wrote an empty policy", mend="Try again, or use a stronger model.", retryable=True)
    return analysis, policy


def _accepted(now: Standing, new: Standing, config: PolicyRewriteConfig) -> bool:
    if evened(new.text) == evened(now.text):
        return False
    if now.score is None or new.score is None:
        return True
    return new.score > now.score or (config.keep == "not_worse" and new.score == now.score)


def _next(now: Standing, new: Standing, config: PolicyRewriteConfig) -> Standing:
    before = {"version": now.version, "policy": now.text, "score": now.score}
    earlier = (*now.earlier, before)[-config.versions :] if now.text and config.versions else ()
    return Standing(new.text, new.score, now.version + 1 if now.text else 1, earlier)


async def _store(memory: Memory, record: Hit | None, kept: Standing, config: PolicyRewriteConfig) -> None:
    """One record for each policy: its text is the policy, under its name."""
    text = f"Policy {config.name}:\n{kept.text}"
    data = {
        "name": config.name, "policy": kept.text, "score": kept.score,
        "version": kept.version, "earlier": list(kept.earlier),
    }  # fmt: skip
    if record:
        await memory.update(record.id, text=text, data=data)
    else:
        await memory.add(text, kind=POLICY, importance=9, data=data)


def _show(now: Standing, analysis: str, tried: list[Standing], ctx: Context) -> None:
    said = [(now, analysis), *((new, "") for new in tried)]
    ctx.show(refinement_view([
        {"draft": each.text, "critique": critique, **({} if each.score is None else {"score": each.score})}
        for each, critique in said
    ]))  # fmt: skip


def _told(policy: Standing) -> str:
    return "unknown" if policy.score is None else f"{policy.score:g}"
