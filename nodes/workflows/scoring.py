"""Run a workflow on examples and count what it got right. Shared by the nodes that compare workflows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field

from nodes.bounded import together
from nodes.conditions import Condition
from nodes.contract import Config, Context, NodeError, WorkflowResult
from nodes.templating import as_text
from nodes.views import View, table_view
from nodes.workflows.checks import Check, right

EXPECTED: Final = "expected"
SHOWN: Final = 200  # characters of a value in a table or in feedback


class ScoringConfig(Config):
    """How answers are checked, and how much is run."""

    check: Check = Field(
        default="contains", title="Check", description="exact, contains, number (the last one) or cel (a condition)."
    )
    condition: Condition = Field(
        default="answer == expected", title="Condition", description="For the check cel: over answer and expected.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    output: str = Field(
        default="", title="Output", description="Name of the workflow's output that is checked; empty: the first.",
        max_length=64, json_schema_extra={"advanced": True},
    )  # fmt: skip
    max_examples: int = Field(
        default=10, ge=1, le=1_000, title="Examples", description="The most that are run, from the first on.",
        json_schema_extra={"unit": "examples"},
    )  # fmt: skip
    parallel: int = Field(
        default=4, ge=1, le=32, title="At a time", description="Examples run at the same time.",
        json_schema_extra={"unit": "examples", "advanced": True},
    )  # fmt: skip
    max_steps: int = Field(
        default=100, ge=1, le=10_000, title="Steps", description="Node runs a workflow may take on one example.",
        json_schema_extra={"unit": "steps", "advanced": True},
    )  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One example and what came of it."""

    inputs: dict[str, Any]
    expected: Any
    answer: Any
    right: bool
    error: str
    tokens: int
    usd: float
    seconds: float

    def record(self) -> dict[str, Any]:
        """As a value of a port."""
        return dict(vars(self))


@dataclass(frozen=True)
class Score:
    """What a workflow got right."""

    cases: list[Case]

    @property
    def accuracy(self) -> float:
        """Share of the examples, 0 to 1."""
        return sum(case.right for case in self.cases) / len(self.cases)

    @property
    def tokens(self) -> int:
        return sum(case.tokens for case in self.cases)

    @property
    def usd(self) -> float:
        return sum(case.usd for case in self.cases)

    def view(self, title: str) -> View:
        """A row for each example."""
        rows = [
            [_shown(each.inputs), _shown(each.expected), _shown(each.error or each.answer), each.right, each.tokens]
            for each in self.cases
        ]
        return table_view(["inputs", "expected", "answer", "right", "tokens"], rows, title=title)

    def mistakes(self, most: int = 3) -> str:
        """The first examples it got wrong, for a model that is to mend the workflow; '' where none."""
        wrong = [each for each in self.cases if not each.right][:most]
        return "\n\n".join(
            f"Input: {_shown(each.inputs)}\nExpected: {_shown(each.expected)}\n"
            f"{'Failed' if each.error else 'Answered'}: {_shown(each.error or each.answer)}"
            for each in wrong
        )


async def score_workflow(
    document: Mapping[str, Any], examples: Sequence[Any], config: ScoringConfig, ctx: Context
) -> Score:
    """Run every example, several at a time; the order of the cases is that of the examples.

    An example is ``{"inputs": {...}, "expected": ...}``, or has its inputs beside ``expected``.
    """
    if not examples:
        raise NodeError("There are no examples", mend="Wire in a list of records with inputs and expected.")
    pairs = [_example(each, at) for at, each in enumerate(examples[: config.max_examples])]

    async def case(pair: tuple[dict[str, Any], Any]) -> Case:
        result = await ctx.workshop.run(document, pair[0], max_steps=config.max_steps)
        return _case(*pair, result, config)

    return Score(await together(case, pairs, limit=config.parallel))


def _example(example: Any, at: int) -> tuple[dict[str, Any], Any]:
    if not isinstance(example, Mapping) or EXPECTED not in example:
        raise NodeError(
            f"Example {at + 1} has no expected answer: {_shown(example)}",
            mend='Write examples as {"task": "...", "expected": "..."}.',
        )
    inputs = example.get("inputs")
    given = inputs if isinstance(inputs, Mapping) else {k: v for k, v in example.items() if k != EXPECTED}
    return dict(given), example[EXPECTED]


def _case(inputs: dict[str, Any], expected: Any, result: WorkflowResult, config: ScoringConfig) -> Case:
    done = result.status == "done"
    error = "" if done else result.error or f"ended by its {result.status}"
    answer = result.outputs.get(config.output) if config.output else next(iter(result.outputs.values()), None)
    passed = done and right(answer, expected, config.check, config.condition)
    return Case(inputs, expected, answer, passed, error, result.tokens, result.usd, result.seconds)


def _shown(value: Any) -> str:
    text = as_text(next(iter(value.values())) if isinstance(value, Mapping) and len(value) == 1 else value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
