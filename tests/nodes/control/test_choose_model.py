"""control.choose_model"""

from typing import Any

import pytest
from pydantic import ValidationError

from nodes.control.choose_model import choose_model
from tests.fakes import FakeContext, ScriptedModel, run_node

OFFERS = [
    {"model": "x:small", "quality": 0.5, "price": 0.1},
    {"model": "x:big", "quality": 0.9, "price": 10},
    {"model": "x:mid*", "quality": 0.7, "price": 5},
]


def model(reference: str, *answers: Any) -> ScriptedModel:
    scripted = ScriptedModel(*answers)
    scripted.reference = reference
    return scripted


def context(difficulty: str, **answers: str) -> FakeContext:
    rated = ScriptedModel({"needs": "something", "difficulty": difficulty})
    return FakeContext(
        model=rated, at={"models": [model(f"x:{name}", *([text] if text else [])) for name, text in answers.items()]}
    )


def run(ctx: FakeContext, **config: Any) -> Any:
    return run_node(choose_model, {"task": "2 + 2"}, ctx, **{"offers": OFFERS, **config})


def test_easy_task_goes_to_the_cheap_model():
    """With a price that counts, the cheap one is the best value for an easy task."""
    ctx = context("low", big="", small="4")
    result = run(ctx, thrift=0.5)
    assert result.outcome == "done"
    assert result.outputs == {"answer": "4", "model": "x:small", "difficulty": "low", "tries": 1}


def test_hard_task_goes_to_the_strong_model():
    """The same models, a hard task: the strong one is worth its price."""
    assert run(context("high", small="", big="4"), thrift=0.3).outputs["model"] == "x:big"


def test_failed_check_falls_back_to_the_next_stronger():
    """The answer that fails is not kept: the next stronger model is asked, not the strongest."""
    ctx = context("low", big="", small="dunno", mid_1="4")
    result = run(ctx, thrift=1, check="answer.matches('[0-9]+')")
    assert (result.outcome, result.outputs["model"], result.outputs["tries"]) == ("done", "x:mid_1", 2)
    assert [row[-1] for row in ctx.views[-1]["rows"] if row[0] != "x:big"] == ["failed the check", "passed"]


def test_tries_end():
    """When no answer passes within the tries, the last one goes on by unchecked."""
    ctx = context("low", small="no", mid_1="nor this", big="")
    result = run(ctx, thrift=1, check="answer == '4'")
    assert (result.outcome, result.outputs["answer"], result.outputs["tries"]) == ("unchecked", "nor this", 2)


def test_works_with_nothing_attached():
    """Without models to choose from the node's own answers; without rating a task is middling."""
    ctx = FakeContext(model=ScriptedModel("4"))
    result = run_node(choose_model, {"task": "2 + 2"}, ctx, rate_task=False)
    assert (result.outcome, result.outputs["model"], result.outputs["difficulty"]) == (
        "done",
        "scripted:fake",
        "medium",
    )


def test_check_is_read_in_the_settings():
    """A check that is no CEL is refused where it is written."""
    with pytest.raises(ValidationError, match="check"):
        run(FakeContext(), check="answer ==")
