"""The rules about sub-workflows and resources of resources, beyond one bad document each."""
# ruff: noqa: E501 - what is told is easier to read on one line

from dataclasses import replace

import pytest

from graphs.document import Document
from graphs.operations import apply
from graphs.validate import validate
from graphs.yaml_format import parse
from nodes.contract import Attach
from nodes.registry import KINDS
from tests.graphs.rules.test_rules import HERE, Workspace

GOOD = (HERE / "documents" / "ATT106.good.yaml").read_text(encoding="utf-8")


def found(*changes: tuple[str, str]) -> list[str]:
    """``code severity place: message`` of what is wrong with the good document after replacing texts."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [f"{each.code} {each.severity} {each.place}: {each.message}" for each in validate(parse(text))]


def test_the_unchanged_document_is_clean():
    """Bodies are reached, fed and joined like any other flow."""
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ((("step.goal -> answer.goal", "start.question -> answer.goal"),),
         "FLW109 error edge start.question -> answer.goal: start.question -> answer.goal: start is outside of the "
         "sub-workflow step"),
        ((("  - step.each -> answer\n", "  - start -> answer\n"),),
         "FLW108 error node step, port each: step leads to none of the nodes in it"),
        ((("  - step.each -> answer\n", "  - step.each -> answer\n  - work -> step\n"),),
         "EDG103 error edge work -> step: work -> step: step never runs, so no flow can pass it"),
        ((("  - step.each -> answer\n", "  - step -> answer\n"),),
         "EDG103 error edge step -> answer: step -> answer: step never ends with 'done'"),
        ((("  - answer.answer -> step.result\n", ""),),
         "DAT110 error node step, port result: no node in step gives its result, so it would give nothing"),
        ((("  - answer.answer -> step.result\n", "  - answer.answer -> finish.answer\n  - judge.answer -> step.result\n"),),
         "FLW109 error edge answer.answer -> finish.answer: answer.answer -> finish.answer: answer is in the frame step, "
         "finish is not"),
        ((("name: goal, type: text", "name: goal, type: txt"),),
         "CFG101 error node step, setting takes.0.type: "),
        ((("  - step -> work.act\n", "  - step -> work.act\n  - step -> plan.model\n"),),
         "ATT101 error edge step -> plan.model: step -> plan.model: the socket model takes a model, step is a workflow"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(changes, told):
    """Each fault is named, with its place."""
    assert any(each.startswith(told) for each in found(*changes)), "\n".join(found(*changes))


def test_an_optional_result_may_stay_open():
    """What the socket does not insist on need not be fed."""
    assert found(("  - judge.answer -> step.failed\n", "")) == []


def test_an_unattached_sub_workflow_is_unused():
    """It says so, and nothing else is wrong."""
    assert [each[:6] for each in found(("  attach:\n  - step -> work.act\n", ""))] == ["ATT103"]


def test_the_fix_takes_over_the_ports():
    """Settings from the socket."""
    bad = parse((HERE / "documents" / "ATT106.bad.yaml").read_text(encoding="utf-8"))
    fix = next(each.fix for each in validate(bad) if each.code == "ATT106")
    config = apply(bad, fix.ops).nodes["step"].config
    assert [port["name"] for port in config["takes"]] == ["goal", "step", "done", "context"]
    assert config["gives"] == [{"name": "result", "type": "text"}, {"name": "failed", "type": "boolean"}]


def test_a_missing_input_inside_is_taken_from_the_frame():
    """The fix wires the frame's port of that name."""
    text = GOOD.replace("  - step.goal -> answer.goal\n", "")
    fixes = [each.fix.title for each in validate(parse(text)) if each.code == "DAT101" and each.fix]
    assert fixes == ["Wire step.goal -> answer.goal"]


def _writers(reducer: str):
    nodes = {
        "a": {"kind": "control.set_state", "config": {"values": {"x": "1"}}},
        "b": {"kind": "control.set_state", "config": {"values": {"x": "2", "notez": "y"}}},
        "start": {"kind": "start"}, "finish": {"kind": "finish"},
    }  # fmt: skip
    flow = ("start -> a", "start -> b", "a -> finish", "b -> finish")
    state = {"x": {"reducer": reducer}, "notes": {}}
    return validate(Document.model_validate({"nodes": nodes, "edges": {"flow": flow}, "state": state}))


def test_parallel_writers_of_a_state_variable():
    """Only of one that keeps the last value, and it is an error: the step could not be merged."""
    racing = [(each.severity, each.message) for each in _writers("last") if each.code == "DAT106"]
    assert racing == [("error", "a and b run side by side and both write the state variable x")]
    assert "DAT106" not in [each.code for each in _writers("append")]


def test_an_undeclared_state_variable_is_not_written():
    """The nearest name is told."""
    (told,) = [each for each in _writers("append") if each.code == "CFG104"]
    assert told.severity == "error" and told.message.startswith("b writes the state variable 'notez'")
    assert told.remedy == "Did you mean 'notes'?"


def test_a_judge_does_not_replace_a_nodes_own_model():
    """Without a default model, a node whose socket ``model`` is empty is told though another socket is filled."""
    spec = replace(KINDS["prompt"], kind="t.judged", attaches=(Attach("model", "model"), Attach("judge", "model")))
    nodes = {
        "start": {"kind": "start"}, "n": {"kind": "t.judged", "config": {"prompt": "hi"}}, "finish": {"kind": "finish"},
        "m": {"kind": "resource.model", "config": {"reference": "scripted:m"}},
    }  # fmt: skip
    edges = {"flow": ["start -> n", "n -> finish"], "attach": ["m -> n.judge"]}
    document = Document.model_validate({"nodes": nodes, "edges": edges})
    found = validate(document, kinds={**KINDS, "t.judged": spec}, workspace=Workspace(default=None))
    assert [each.place.node for each in found if each.code == "SEC101"] == ["n"]
