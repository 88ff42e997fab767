"""simulation.survey"""

from typing import Any

import pytest
from pydantic import ValidationError

from nodes.contract import NodeError
from nodes.simulation.survey import survey
from tests.fakes import FakeContext, ModelCall, ScriptedModel, run_node

PEOPLE = [
    {"name": "Ann", "persona": "Drives."},
    {"name": "Bo", "persona": "Cycles."},
    {"name": "Cy", "persona": "Cycles."},
]
LANES = {"name": "lanes", "question": "More cycle lanes?", "choices": ["yes", "no"]}
WHY = {"name": "words", "question": "What else?"}


def reply(call: ModelCall) -> Any:
    if call.schema is None:
        return " Nothing. "
    return {"why": "I cycle.", "choice": "yes"} if "Cycles." in call.text else {"why": "I drive.", "choice": "no"}


def run(calls: int, *questions: dict[str, Any], context: str = "", **config: Any) -> tuple[Any, FakeContext]:
    ctx = FakeContext(model=ScriptedModel(*[reply] * calls))
    inputs = {"population": PEOPLE, "context": context}
    return run_node(survey, inputs, ctx, questions=list(questions), **config), ctx


def test_everyone_answers_as_themselves():
    """Each answer comes from the persona; shares and ballots are counted."""
    result, ctx = run(3, LANES, context="The city plans.")
    assert [each["lanes"] for each in result["answers"]] == ["no", "yes", "yes"]
    assert result["distribution"] == {"lanes": {"yes": 0.6667, "no": 0.3333}}
    assert result["summary"] == "lanes: yes 67%, no 33%"
    assert ctx.views[-1]["winner"] == "yes" and ctx.views[-1]["ballots"][0]["reason"] == "I drive."
    assert "The city plans." in ctx.model.calls[0].text


def test_several_questions_make_a_table():
    """Open questions are answered in words and have no shares; one call for each person and question."""
    result, ctx = run(6, LANES, WHY, reasons=False)
    assert result["answers"][0] == {"name": "Ann", "lanes": "no", "words": "Nothing."}
    assert set(result["distribution"]) == {"lanes"}
    assert ctx.views[-1]["columns"] == ["name", "lanes", "words"] and len(ctx.model.calls) == 6


def test_only_the_choices_are_answers():
    """An answer that is no choice is asked for again."""
    ctx = FakeContext(model=ScriptedModel({"why": "", "choice": "perhaps"}, {"why": "", "choice": "no"}))
    result = run_node(survey, {"population": ["a baker"]}, ctx, questions=[LANES])
    assert result["answers"] == [{"name": "Person 1", "lanes": "no"}]


def test_bounds():
    """Too many people, equal names and lone choices are refused."""
    with pytest.raises(NodeError, match="3 people"):
        run(0, LANES, max_people=2)
    with pytest.raises(ValidationError, match="same name"):
        run(0, LANES, LANES)
    with pytest.raises(ValidationError, match="two or more"):
        run(0, {**LANES, "choices": ["yes"]})
