"""Choose the way a problem is solved: weigh how well each suits, how well it did, how little it was tried.

Use it before branches that solve the same problem at different cost: each algorithm is an outcome. In a loop
wire the verifier's ``score`` into ``reward`` and this node's ``trials`` back into ``trials``: a way that
fails loses, one that was never tried gains, and after ``max_tries`` it ends ``exhausted``. With a memory
space attached, rewards are remembered and count for later runs too.

Chosen is the highest of mean reward + exploration x sqrt(2 ln(1 + all trials) / (1 + its trials)) +
suitability weight x suitability; ties go to the algorithm listed first.

Source: Parmar et al. 2025, PlanGEN (https://arxiv.org/abs/2502.16111), its selection agent; Auer et al.
2002, UCB1. We deviate: the paper's bonuses for diversity and recovery are left out, and trials count one
more than they are, so that an algorithm never tried has a finite bound.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log, sqrt
from typing import Any, Final

from pydantic import BaseModel, Field, create_model, model_validator

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, Memory, NodeError, Port, Route, node
from nodes.control.outcomes import OutcomeName, distinct
from nodes.templating import as_text
from nodes.views import table_view

SYSTEM: Final = """You judge which way of solving suits a problem. Easy problems with few constraints need a simple
and cheap way; hard ones with many constraints need one that tries alternatives. Score every way from 1 (unsuited)
to 10 (best suited)."""
ASK: Final = "Problem:\n{problem}\n{constraints}\nWays:\n{ways}\n\nScore each way for this problem."
KIND: Final = "algorithm_reward"


class Algorithm(Config):
    """One way of solving, an outcome."""

    name: OutcomeName = Field(title="Name", description="Name of the outcome: lower-case letters, digits and _.")
    suits: str = Field(default="", title="Suits", description="What it is good for.", max_length=400)


def _default_algorithms() -> tuple[Algorithm, ...]:
    return (
        Algorithm(name="direct", suits="easy problems: one plan, at once"),
        Algorithm(name="best_of_n", suits="middling problems: several plans, the best is kept"),
        Algorithm(name="tree_search", suits="hard problems with many constraints: steps are tried and taken back"),
    )


class SelectAlgorithmConfig(Config):
    """The ways, and how the choice is weighed."""

    algorithms: tuple[Algorithm, ...] = Field(
        default_factory=_default_algorithms, title="Algorithms", description="Each is an outcome.",
        min_length=2, max_length=10,
        json_schema_extra={"default": [each.model_dump() for each in _default_algorithms()]},
    )  # fmt: skip
    exploration: float = Field(
        default=0.5, ge=0, le=10, title="Exploration", description="How much an algorithm gains by not being tried."
    )
    suitability: float = Field(
        default=1.0, ge=0, le=10, title="Suitability", description="How much the model's judgement counts; 0: no call."
    )
    max_tries: int = Field(
        default=4, ge=1, le=50, title="Tries", description="Choices made before it gives up.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    recalled: int = Field(
        default=200, ge=1, le=1_000, title="Recalled", description="Rewards of earlier runs that count.",
        json_schema_extra={"unit": "records", "advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _names(self) -> "SelectAlgorithmConfig":
        distinct([algorithm.name for algorithm in self.algorithms], taken=["exhausted"])
        return self


@node(
    kind="planning.select_algorithm", family="planning", title="Choose the algorithm",
    summary="Route by suitability, rewards and trials", config=SelectAlgorithmConfig,
    inputs=(
        Port("problem", "text", "What is to be solved."),
        Port("constraints", "list[text]", "What a solution must keep.", required=False),
        Port("reward", "number", "How well the last choice did, 0 to 1.", required=False),
        Port("trials", "record", "The trials so far: this node's own output, wired back.", required=False),
    ),
    outputs=(
        Port("algorithm", "text", "The one chosen; '' at the end."),
        Port("trials", "record", "Algorithm -> rewards so far, and which was chosen last."),
    ),
    outcomes=("exhausted",), outcomes_field="algorithms",
    attaches=(Attach("model", "model"), Attach("memory", "memory")), bounds_loop=True, model_calls="0 to 1",
    icon="scale", side_effects=True, source="Parmar et al. 2025, PlanGEN, https://arxiv.org/abs/2502.16111",
)  # fmt: skip
async def select_algorithm(inputs: Inputs, config: SelectAlgorithmConfig, ctx: Context) -> Route:
    """Note the last reward, bound each algorithm, take the highest."""
    problem = as_text(inputs["problem"]).strip()
    if not problem:
        raise NodeError("The problem is empty", mend="Wire a text that says what is to be solved.")
    names = [algorithm.name for algorithm in config.algorithms]
    trials = _noted(inputs, problem, names)
    if ctx.memory is not None:
        trials["rewards"] = await _shared(ctx.memory, trials, names, config, ctx)
    if trials["tries"] >= config.max_tries:
        return Route("exhausted", {"algorithm": "", "trials": {**trials, "chosen": ""}})
    suits = trials["suits"] or await _suitability(problem, inputs.get("constraints", []), config, ctx)
    bounds = {name: _bound(trials["rewards"], name, suits[name], config) for name in names}
    chosen = max(names, key=lambda name: (bounds[name], -names.index(name)))
    _show(trials["rewards"], suits, bounds, chosen, ctx)
    noted = {**trials, "suits": suits, "chosen": chosen, "tries": trials["tries"] + 1}
    return Route(chosen, {"algorithm": chosen, "trials": noted})


def _noted(inputs: Inputs, problem: str, names: Sequence[str]) -> dict[str, Any]:
    """The trials wired back with the last reward in them; fresh ones for another problem or a loop that ended."""
    before: Mapping[str, Any] = inputs.get("trials") or {}
    chosen = before.get("chosen", "")
    if before.get("problem") != problem or chosen not in names:
        return {"problem": problem, "rewards": {name: [] for name in names}, "suits": {}, "chosen": "", "tries": 0}
    rewards = {name: list(before["rewards"].get(name, [])) for name in names}
    reward = inputs.get("reward")
    if reward is not None:
        if not 0 <= reward <= 1:
            raise NodeError(f"The reward is {reward!r}", mend="Wire in a number from 0 to 1, as a verifier's score.")
        rewards[chosen].append(reward)
    return {**before, "rewards": rewards, "reward": reward}


async def _shared(
    memory: Memory, trials: Mapping[str, Any], names: Sequence[str], config: SelectAlgorithmConfig, ctx: Context
) -> dict[str, list[float]]:
    """Remember the last reward; the rewards of all runs."""
    if trials["chosen"] and trials["reward"] is not None:
        text = f"{trials['chosen']} had reward {trials['reward']:g} ({ctx.run_id}, try {trials['tries']})"
        data = {"algorithm": trials["chosen"], "reward": trials["reward"]}
        await memory.add(f"{text}: {trials['problem'][:200]}", kind=KIND, data=data)
    found = [hit.data for hit in await memory.records(kinds=(KIND,), limit=config.recalled)]
    return {name: [each["reward"] for each in found if each.get("algorithm") == name] for name in names}


async def _suitability(
    problem: str, constraints: Sequence[str], config: SelectAlgorithmConfig, ctx: Context
) -> dict[str, float]:
    """Algorithm -> how well it suits, 0 to 1; all alike where the judgement does not count."""
    names = tuple(algorithm.name for algorithm in config.algorithms)
    if config.suitability == 0:
        return dict.fromkeys(names, 0.0)
    listed = "\n".join(f"- {each}" for each in constraints)
    user = ASK.format(
        problem=problem, constraints=f"\nConstraints:\n{listed}\n" if listed else "",
        ways="\n".join(f"- {algorithm.name}: {algorithm.suits}" for algorithm in config.algorithms),
    )  # fmt: skip
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": user}]
    said = await ask_for(ctx.model, messages, scores_schema(names), temperature=0)
    return {name: score / 10 for name, score in said.model_dump().items() if name != "reason"}


def _bound(rewards: Mapping[str, Sequence[float]], name: str, suits: float, config: SelectAlgorithmConfig) -> float:
    """The upper confidence bound."""
    trials, own = sum(map(len, rewards.values())), len(rewards[name])
    width = sqrt(2 * log(1 + trials) / (1 + own))
    return _mean(rewards[name]) + config.exploration * width + config.suitability * suits


def _mean(rewards: Sequence[float]) -> float:
    return sum(rewards) / len(rewards) if rewards else 0.0


def _show(
    rewards: Mapping[str, Sequence[float]], suits: Mapping[str, float], bounds: Mapping[str, float], chosen: str,
    ctx: Context,
) -> None:  # fmt: skip
    rows = [[name, len(rewards[name]), _mean(rewards[name]), suits[name], round(bounds[name], 3)] for name in bounds]
    ctx.show(table_view(["algorithm", "trials", "mean reward", "suits", "bound"], rows, title=f"Chosen: {chosen}"))
    ctx.progress(f"chosen: {chosen}")


@lru_cache(maxsize=64)
def scores_schema(names: tuple[str, ...]) -> type[BaseModel]:
    """``{"reason", name: 1 to 10, ...}``."""
    scores: dict[str, Any] = {name: (int, Field(ge=1, le=10, description="1 unsuited, 10 best")) for name in names}
    return create_model("Scores", reason=(str, Field(description="One sentence: how hard it is.")), **scores)
