"""workflows.optimise_prompts"""

from typing import Any

from nodes.workflows.documents import prompts_of
from nodes.workflows.optimise_prompts import optimise_prompts
from tests.fakes import FakeContext, ScriptedModel, run_node
from tests.nodes.workflows.shop import Shop, workflow

EXAMPLES = [{"task": "6 x 7", "expected": "42"}, {"task": "1 + 1", "expected": "2"}]


def answer(document: Any, inputs: Any) -> str:
    """Right on both with 'steps' in the prompt, on the first with 'care', on none otherwise."""
    prompt = document["nodes"]["solve"]["config"]["prompt"]
    right = {"6 x 7": "42", "1 + 1": "2"}[inputs["task"]]
    return right if "steps" in prompt or ("care" in prompt and right == "42") else "?"


def proposal(text: str) -> dict[str, str]:
    return {"why": "better", "prompt": text + " {{task}}"}


def run(*proposals: Any, **config: Any) -> tuple[Any, FakeContext]:
    ctx = FakeContext(model=ScriptedModel(*proposals), shop=Shop(answer))
    return run_node(optimise_prompts, {"workflow": workflow(), "examples": EXAMPLES}, ctx, **config), ctx


def test_keeps_what_scores_better():
    """The worse variant is dropped, the better kept, and the next one starts from it; it stops when all is right."""
    result, ctx = run(proposal("bad"), proposal("care"), proposal("steps"), variants=5)
    assert (result["before"], result["score"]) == (0, 1)
    assert [(each["score"], each["kept"]) for each in result["tried"]] == [(0, False), (0.5, True), (1, True)]
    assert prompts_of(result["workflow"])[0].text == "steps {{task}}"
    assert "care" in ctx.model.calls[2].text and "Expected: 42" in ctx.model.calls[0].text
    assert [node["parent"] for node in ctx.views[-1]["nodes"]] == [None, "0", "0", "2"]


def test_runs_are_bounded():
    """No version is begun that would go beyond the runs."""
    result, ctx = run(proposal("bad"), variants=5, max_runs=4)
    assert len(result["tried"]) == 1 and len(ctx.shop.runs) == 4  # type: ignore[union-attr]


def test_unusable_proposals_are_passed_over():
    """A prompt with a foreign variable is not run."""
    result, ctx = run(proposal("{{other}}"), proposal("steps"))
    assert result["score"] == 1 and any("no usable" in line for line in ctx.lines)


def test_rounds_go_through_again():
    """A second round tries the prompts again, from what is best."""
    result, _ = run(proposal("care"), proposal("steps"), variants=1, rounds=2)
    assert result["score"] == 1 and len(result["tried"]) == 2
