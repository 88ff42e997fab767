"""Counterfactual replay: the first step whose correction turns the outcome, found by forks of the failed run."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphs.counterfactual import (
    Verdict,
    first_decisive,
    forker,
    from_diagnosis,
    from_good_run,
    from_oracle,
    meets,
    same_outputs_as,
)
from graphs.diagnosis import read
from graphs.failures.trace import ListSource, Trace
from graphs.models.script import Script
from graphs.models.scripted import ScriptedChat
from nodes.contract import NodeError
from store.spans import Spans
from tests.graphs.engine.fakes import ScriptedModels, workflow
from tests.graphs.engine.saved import Desk
from tests.templates.running import said

DOCUMENT = workflow(
    {"read": ("prompt", {"prompt": "Read {{text}}"}), "double": ("prompt", {"prompt": "Double {{number}}"}),
     "tell": ("prompt", {"prompt": "Tell {{number}}"})},
    "start -> read, read -> double, double -> tell, tell -> finish",
    "start.text -> read.text, read.answer -> double.number, double.answer -> tell.number, tell.answer -> finish.answer",
    inputs={"text": {}},
)  # fmt: skip
INPUTS = {"text": "twenty-one"}
GOOD = [said("read", "21"), said("double", "42", match="21"), said("tell", "It is 42.", match="42")]
REST = [said("tell", f"It is {number}.", match=str(number)) for number in (40, 42, 43)]


class ByName(ScriptedModels):
    """Each reference has a script of its own."""

    def __init__(self, **scripts: list[dict[str, Any]]) -> None:
        super().__init__()
        self.by_name = {
            name: ScriptedChat.of(Script.model_validate({"replies": replies})) for name, replies in scripts.items()
        }

    def chat_model(self, reference: str, **settings: Any) -> Any:
        return self.by_name[reference.partition(":")[2]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.models = ByName(
        good=GOOD,
        misread=[said("read", "20"), said("double", "40", match="20"), said("double", "42", match="21"), *REST],
        twice_wrong=[said("read", "20"), said("double", "40", match="20"), said("double", "43", match="21"), *REST],
        told_wrong=[said("read", "21"), said("double", "42"), said("tell", "It is 24.")],
    )
    made.open()
    yield made
    made.close()


def run(desk: Desk, model: str) -> Any:
    return desk.run(DOCUMENT, INPUTS, model=f"scripted:{model}")


def trace(desk: Desk, row: Any) -> Trace:
    return Trace(ListSource(_all_spans(desk, row.id)), DOCUMENT, row)


def decisive(desk: Desk, failed: Any, good: Any, **more: Any) -> Verdict:
    corrections = list(from_good_run(trace(desk, failed), trace(desk, good)))
    return asyncio.run(
        first_decisive(failed, corrections, forker(desk.runner, failed.id), same_outputs_as(good), **more)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("model", "node", "tried"),
    [("misread", "read", ["read"]), ("twice_wrong", "double", ["read", "double"]), ("told_wrong", "tell", ["tell"])],
)
def test_the_first_step_whose_correction_turns_the_outcome_is_decisive(
    desk: Desk, model: str, node: str, tried: list[str]
):
    """Of one early mistake it is that step; where a later one spoils it again, that one; equal steps are not tried."""
    failed, good = run(desk, model), run(desk, "good")
    verdict = decisive(desk, failed, good)
    assert verdict.decisive and verdict.decisive.node == node
    assert [trial.node for trial in verdict.trials] == tried
    last = desk.runs.get(verdict.trials[-1].run_id)
    assert last.outputs == {"answer": "It is 42."} and last.parent_id == failed.id
    assert verdict.as_dict()["decisive"]["turned"] is True


def test_what_comes_before_the_corrected_step_is_kept(desk: Desk):
    """The trial asked the model only for what came after."""
    failed, good = run(desk, "twice_wrong"), run(desk, "good")
    verdict = decisive(desk, failed, good)
    asked = {
        trial.node: [row["node_id"] for row in _all_spans(desk, trial.run_id) if row["operation"] == "chat"]
        for trial in verdict.trials
    }
    assert asked == {"read": ["double", "tell"], "double": ["tell"]}


def _all_spans(desk: Desk, run_id: str) -> list[dict[str, Any]]:
    desk.writer.flush()
    return [vars(span) for span in Spans(desk.database).list(run_id)]


def test_corrections_by_an_oracle_and_a_condition(desk: Desk):
    """The oracle knows one step; what counts as success is CEL over the outputs."""
    failed = run(desk, "misread")
    corrections = list(
        from_oracle(trace(desk, failed), lambda step, _: {"answer": "21"} if step.node == "read" else None)
    )
    check = meets("outputs.answer.contains('42')")
    verdict = asyncio.run(first_decisive(failed, corrections, forker(desk.runner, failed.id), check))
    assert verdict.decisive and (verdict.decisive.node, verdict.decisive.source) == ("read", "an oracle")


def test_a_diagnosis_is_a_correction_too(desk: Desk):
    """The blamed step runs anew with the feedback; here it does not help, and nothing is decisive."""
    failed = run(desk, "misread")
    verdict = {"step": 1, "reason": "It lost the one.", "feedback": "Mind the one."}
    corrections = list(from_diagnosis(read({"verdict": verdict, "module": "planning"}, trace(desk, failed))))
    check = meets("outputs.answer == 'It is 42.'")
    found = asyncio.run(first_decisive(failed, corrections, forker(desk.runner, failed.id), check))
    assert found.decisive is None and [trial.source for trial in found.trials] == ["a diagnosis"]
    asked = [row for row in _all_spans(desk, found.trials[0].run_id) if row["operation"] == "chat"]
    assert "Mind this: Mind the one." in asked[0]["input"][-1]["content"]


def test_no_more_than_so_many_are_tried(desk: Desk):
    """The budget of trials is kept."""
    failed, good = run(desk, "twice_wrong"), run(desk, "good")
    verdict = decisive(desk, failed, good, most=1)
    assert [trial.node for trial in verdict.trials] == ["read"] and verdict.decisive is None


def test_a_run_that_went_well_and_one_without_corrections_are_refused(desk: Desk):
    """Nothing is forked."""
    good = run(desk, "good")
    with pytest.raises(NodeError, match="came to what it should"):
        decisive(desk, good, good)
    failed = run(desk, "misread")
    with pytest.raises(NodeError, match="no correction to try"):
        asyncio.run(first_decisive(failed, [], forker(desk.runner, failed.id), same_outputs_as(good)))
