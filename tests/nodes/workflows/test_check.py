"""workflows.check"""

from typing import Any

from nodes.workflows.check import check
from tests.fakes import FakeContext, ScriptedModel, run_node
from tests.nodes.workflows.shop import Shop, workflow

VAGUE = {"why": "It does not say in which unit.", "sort": "ambiguous", "mend": "Ask for metres."}


def checked(document: Any, *answers: Any, **config: Any) -> Any:
    ctx = FakeContext(model=ScriptedModel(*answers), shop=Shop())
    return run_node(check, {"workflow": document}, ctx, **config), ctx


def broken() -> dict[str, Any]:
    document = workflow()
    document["edges"]["data"].remove("start.task -> solve.task")
    return document


def test_a_sound_workflow_passes():
    """No error, no defect: no model is asked."""
    out, ctx = checked(workflow())
    assert (out.outcome, out.outputs["errors"], ctx.model.calls) == ("sound", 0, [])


def test_what_keeps_it_from_running_is_found():
    """The diagnostics' findings come out as records and as text for a model that mends; words are not read then."""
    out, ctx = checked(broken(), words=True)
    assert out.outcome == "defects" and out.outputs["errors"] >= 1
    first = next(each for each in out.outputs["findings"] if each["severity"] == "error")
    assert first["code"] and first["message"] in out.outputs["text"] and not ctx.model.calls
    assert ctx.views[-1]["type"] == "table"


def test_defects_in_its_words_are_found():
    """The model reads each prompt with what comes in, who reads it and its tools; what it names is a finding."""
    document = workflow()
    document["nodes"]["solve"]["kind"] = "agent"
    document["nodes"]["calc"] = {"kind": "tool.calculator", "label": "Sums", "config": {"hint": "For money."}}
    document["edges"]["attach"] = ["calc -> solve.tools"]
    out, ctx = checked(document, {"defects": [VAGUE]}, words=True)
    assert (out.outcome, out.outputs["errors"]) == ("defects", 0)
    assert out.outputs["findings"][-1] == {
        "severity": "warning", "code": "ambiguous", "place": "node solve", "message": VAGUE["why"],
        "mend": VAGUE["mend"],
    }  # fmt: skip
    asked = ctx.model.calls[0].text
    assert "What comes in: task" in asked and "Its tools: tool.calculator, Sums, For money." in asked
    assert "finish.answer" in asked and "Solve:" in asked


def test_words_without_a_defect_pass():
    """An empty list is fine."""
    out, ctx = checked(workflow(), {"defects": []}, words=True)
    assert out.outcome == "sound" and len(ctx.model.calls) == 1
