"""The model's diagnosis: what it is asked, what is read from its answer, and the workflow that asks."""

import pytest

from graphs.diagnosis import CHARACTERS, FIRST_STEPS, MOST_STEPS, question, read, steps_of, workflow
from graphs.failures.registry import findings_of
from graphs.failures.trace import ListSource, Trace
from graphs.validate import validate
from nodes.contract import NodeError
from tests.graphs.engine.fakes import workflow as short
from tests.graphs.failures.running import Ran, calls, made, said

ADD = short(
    {"work": ("agent", {"prompt": "{{task}}"}), "calc": "tool.calculator"}, "start -> work, work -> finish",
    "start.task -> work.task, work.answer -> finish.answer", "calc -> work.tools", inputs={"task": {}},
)  # fmt: skip


def trace_of(ran: Ran) -> Trace:
    return Trace(ListSource(ran.spans), ran.document, ran.row)


@pytest.fixture
def wrong() -> Trace:
    """An agent that does not believe its calculator."""
    call = calls("work", "calculator", expression="17 + 26")
    return trace_of(made(ADD, call, said("work", "It is 450."), inputs={"task": "17 + 26"}))


def test_the_workflow_that_asks_is_clean():
    """No diagnostic at all."""
    assert validate(workflow()) == []


def test_the_model_reads_task_steps_findings_and_ending(wrong: Trace):
    """One line for each visit that decides something, with its calls; what rules found names the step."""
    asked = question(wrong, findings_of(wrong))
    assert asked["task"] == '{"task": "17 + 26"}'
    assert asked["steps"].startswith("1. Agent. Given: task=17 + 26; called calculator(")
    assert "-> 43. Gave: answer: It is 450." in asked["steps"]
    assert asked["findings"].startswith("- Step 1: The answer says 450")
    assert asked["ending"] == 'done; it gave out {"answer": "It is 450."}'


def test_the_answer_names_a_step_of_the_run_and_a_fork(wrong: Trace):
    """The feedback is told to the blamed step by an input that it reads."""
    verdict = {"step": 1, "reason": "It misread the result.", "feedback": "Repeat the tool's number."}
    said = read({"verdict": verdict, "module": "tool"}, wrong)
    assert (said.module, said.node, said.visit, said.reason) == ("tool", "work", 1, "It misread the result.")
    assert said.fork and said.fork["span"] == said.span
    assert said.fork["changes"]["inputs"]["task"].endswith("Mind this: Repeat the tool's number.")


@pytest.mark.parametrize("step", [0, 2, None, "one"])
def test_a_step_that_is_none_is_refused(wrong: Trace, step: object):
    """The offending value is named, and a stronger model proposed."""
    with pytest.raises(NodeError, match="there are steps 1 to 1"):
        read({"verdict": {"step": step, "feedback": "x"}, "module": "tool"}, wrong)


def test_a_module_that_is_none_is_refused(wrong: Trace):
    """It may come from another model than the label was asked of."""
    with pytest.raises(NodeError, match="'weather'"):
        read({"verdict": {"step": 1, "feedback": "x"}, "module": "weather"}, wrong)


def test_of_a_long_run_the_beginning_the_end_and_what_rules_found_are_shown():
    """Sixty rounds and a cut answer in the middle."""
    document = short(
        {"draft": ("prompt", {"prompt": "Write."}), "turns": ("control.loop_limit", {"max_turns": 60})},
        "start -> draft, draft -> turns, turns.again -> draft, turns.exhausted -> finish",
        "draft.answer -> finish.answer",
    )  # fmt: skip
    replies = [said("draft", f"Draft {n}.", finish_reason="length" if n == 30 else "stop") for n in range(61)]
    trace = trace_of(made(document, *replies))
    findings = findings_of(trace)
    assert [each.detector for each in findings] == ["truncated_answer"]
    shown = steps_of(trace, findings)
    visits = [step.visit for step in shown if step.node == "draft"]
    assert visits[: FIRST_STEPS // 2] == list(range(1, FIRST_STEPS // 2 + 1)) and visits[-1] == 61 and 31 in visits
    assert len(shown) == MOST_STEPS + 1
    assert len(question(trace, findings)["steps"]) <= CHARACTERS + len(shown)


def test_a_run_without_a_step_cannot_be_diagnosed():
    """There is nobody to blame."""
    ran = made(short({}, "start -> finish"))
    with pytest.raises(NodeError, match="no step to blame"):
        question(trace_of(ran))
