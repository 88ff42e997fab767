"""Score a candidate by a rubric of named criteria; pass it or fail it.

Use it as a gate after a step whose result has several sides: right, complete, well put. The judge reasons in
prose first and gives a score for each criterion after, from 1 to 10; the weighted mean is held against the
threshold. Where the task is wired in, it is solved once without the candidate in sight, and the judge has that
to compare with: shown a wrong sum first, a small model finds it right. To choose between two candidates use
"Compare", to send a draft back in a loop "Critique".

Source: Zheng et al. 2023, Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena
(https://arxiv.org/abs/2306.05685), single answer grading guided by a reference; Liu et al. 2023, G-Eval
(https://arxiv.org/abs/2303.16634), named criteria. We deviate: scores are asked for by schema, not read
from token probabilities.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, Field, create_model, model_validator

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.teams.members import assistant, user
from nodes.templating import as_text
from nodes.views import table_view

SYSTEM: Final = """You are a fair and strict judge. You trust nothing you have not checked.
Hold the candidate against the task and, where one is given, against the other solution: where the two differ,
work it out anew and say which is right. Then go through the criteria one after another and say in a sentence
or two how well the candidate meets each. Give no scores yet."""
ASKED: Final = "{task}{own}Criteria:\n{criteria}\n\nCandidate:\n{candidate}\n\n{compare}Judge it by each criterion."
TASK: Final = "Task:\n{task}\n\n"
COMPARE: Final = """First write the result of the candidate and the result of the solution side by side, and say whether
they are equal. Where they differ, work out which is right. Then: """
OWN: Final = "A solution to compare with (it may be wrong too):\n{own}\n\n"
SCORES: Final = "Now give each criterion its score, from 1 (not met at all) to 10 (fully met)."


class Criterion(Config):
    """One side of the rubric."""

    name: str = Field(title="Name", description="Lower-case letters, digits and _.", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    description: str = Field(default="", title="Description", description="When it is met.", max_length=1_000)
    weight: float = Field(default=1, gt=0, le=100, title="Weight", description="Its share of the score.")


class JudgeConfig(Config):
    """The rubric and what passes."""

    criteria: tuple[Criterion, ...] = Field(
        default=(
            Criterion(name="correct", description="Everything in it is true and nothing is miscalculated.", weight=2),
            Criterion(name="complete", description="It answers all that was asked."),
            Criterion(name="clear", description="It is easy to follow."),
        ),
        title="Criteria", description="Each is scored from 1 to 10.", min_length=1, max_length=12,
    )  # fmt: skip
    threshold: float = Field(
        default=7, ge=1, le=10, title="Threshold", description="The weighted mean from which a candidate passes."
    )
    solve_first: bool = Field(
        default=True,
        title="Solve first",
        description="A task that is wired in is solved before the candidate is seen.",
    )
    system: str = Field(
        default=SYSTEM, title="System", description="How the judge works.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _names(self) -> "JudgeConfig":
        names = [each.name for each in self.criteria]
        if len(set(names)) < len(names):
            raise ValueError(f"two criteria have the same name, among {', '.join(names)}")
        return self


@node(
    kind="deliberation.judge", family="deliberation", title="Judge", summary="Score by named criteria; pass or fail",
    config=JudgeConfig,
    inputs=(
        Port("candidate", "any", "What is judged."),
        Port("task", "any", "What it was to do.", required=False),
    ),
    outputs=(
        Port("score", "number", "Weighted mean of the criteria, 1 to 10."),
        Port("reasons", "text", "The judge's reasons in prose."),
        Port("scores", "list[record]", "Each criterion: criterion, score, weight."),
    ),
    outcomes=("pass", "fail"), attaches=(Attach("model", "model"),), icon="gavel",
    model_calls="2, or 3 with a task to solve first",
    source="Zheng et al. 2023, Judging LLM-as-a-Judge, https://arxiv.org/abs/2306.05685",
)  # fmt: skip
async def judge(inputs: Inputs, config: JudgeConfig, ctx: Context) -> Route:
    """Reason in prose, score each criterion, hold the weighted mean against the threshold."""
    candidate, task = as_text(inputs["candidate"]), as_text(inputs.get("task"))
    if not candidate.strip():
        raise NodeError("The candidate is empty", mend="Wire in what is to be judged.")
    listed = "\n".join(f"- {each.name}: {each.description}" for each in config.criteria)
    told, own = TASK.format(task=task) if task else "", await _own(task, config, ctx)
    asked = ASKED.format(task=told, own=own, criteria=listed, candidate=candidate, compare=COMPARE if own else "")
    messages = [{"role": "system", "content": config.system}, user(asked)]
    reasons = (await ctx.model.chat(messages, temperature=config.temperature)).text.strip()
    schema = scores_schema(tuple(each.name for each in config.criteria))
    given = await ask_for(ctx.model, [*messages, assistant(reasons), user(SCORES)], schema, temperature=0)
    scores: list[dict[str, Any]] = [
        {"criterion": each.name, "score": getattr(given, each.name), "weight": each.weight} for each in config.criteria
    ]
    score = sum(each["score"] * each["weight"] for each in scores) / sum(each["weight"] for each in scores)
    outcome = "pass" if score >= config.threshold else "fail"
    _show(scores, score, outcome, ctx)
    return Route(outcome, {"score": round(score, 2), "reasons": reasons, "scores": scores})


async def _own(task: str, config: JudgeConfig, ctx: Context) -> str:
    """The judge's own solution, made before it sees the candidate; '' where none is asked for."""
    if not task.strip() or not config.solve_first:
        return ""
    ctx.progress("the judge solves the task itself")
    return OWN.format(own=(await ctx.model.chat([user(task)], temperature=config.temperature)).text.strip())


@lru_cache(maxsize=64)
def scores_schema(names: tuple[str, ...]) -> type[BaseModel]:
    """``{name: 1 to 10}`` for each criterion."""
    entries: dict[str, Any] = {name: (int, Field(ge=1, le=10, description=f"Score of {name}")) for name in names}
    return create_model("Scores", **entries)


def _show(scores: Sequence[dict[str, Any]], score: float, outcome: str, ctx: Context) -> None:
    rows = [[each["criterion"], each["weight"], each["score"]] for each in scores]
    ctx.show(
        table_view(["criterion", "weight", "score"], [*rows, ["weighted mean", "", round(score, 2)]], title=outcome)
    )
    ctx.progress(f"{outcome}: {score:.1f} of 10")
