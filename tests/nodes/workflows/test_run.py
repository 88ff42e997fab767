"""workflows.run"""

import pytest

from nodes.contract import NodeError, WorkflowResult
from nodes.workflows.run import run
from tests.fakes import FakeContext, run_node
from tests.nodes.workflows.shop import Shop, workflow


def test_runs_a_document():
    """It is run with its inputs, and its first output is the answer."""
    shop = Shop()
    result = run_node(run, {"workflow": workflow(), "inputs": {"task": "x"}}, FakeContext(shop=shop))
    assert (result.outcome, result.outputs["answer"], result.outputs["spent"]["tokens"]) == ("done", "42", 10)
    assert shop.runs[0][1] == {"task": "x"}


def test_runs_yaml_and_saved_ones():
    """YAML is read, a name is looked up, wired in or set."""
    shop = Shop(None, mine=workflow(title="Mine"))
    for inputs, config in [
        ({"workflow": shop.text(workflow())}, {}),
        ({"workflow": "mine"}, {}),
        ({}, {"name": "mine"}),
    ]:
        run_node(run, inputs, FakeContext(shop=shop), **config)
    assert [document["title"] for document, _ in shop.runs] == ["Solver", "Mine", "Mine"]


@pytest.mark.parametrize(("error", "told"), [("it broke", "it broke"), ("", "it ended by its limit")])
def test_failure_leads_on(error: str, told: str):
    """A workflow that does not finish is an outcome, not an error."""
    shop = Shop(lambda document, inputs: WorkflowResult("limit", {}, error))
    result = run_node(run, {"workflow": workflow()}, FakeContext(shop=shop))
    assert (result.outcome, result.outputs["error"], result.outputs["answer"]) == ("failed", told, None)


def test_nothing_to_run():
    """No workflow, and what is none, are errors."""
    with pytest.raises(NodeError, match="No workflow is given"):
        run_node(run, {}, FakeContext(shop=Shop()))
    with pytest.raises(NodeError, match="7 is no workflow"):
        run_node(run, {"workflow": 7}, FakeContext(shop=Shop()))
    with pytest.raises(NodeError, match="no workflow 'yours'"):
        run_node(run, {"workflow": "yours"}, FakeContext(shop=Shop()))


def test_steps_come_out():
    """What each node did is asked for and handed on."""
    trail = [{"number": 1, "node": "solve", "outputs": {"answer": "42"}}]
    shop = Shop(lambda document, inputs: WorkflowResult("done", {"answer": "42"}, trail=trail))
    assert run_node(run, {"workflow": workflow()}, FakeContext(shop=shop)).outputs["steps"] == trail
