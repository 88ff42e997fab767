"""From a blamed step to a fork that tells it something."""

from typing import Any

from graphs.failures.feedback import fork_of, fork_point
from graphs.failures.trace import ListSource, Trace
from tests.graphs.failures.running import Ran, calls, made, said, workflow


def trace_of(ran: Ran) -> Trace:
    return Trace(ListSource(ran.spans), ran.document, ran.row)


def last(ran: Ran, operation: str, node: str) -> str:
    spans = [span for span in ran.spans if span["operation"] == operation and span["node_id"] == node]
    return max(spans, key=lambda span: (span["started_at"], span["id"]))["id"]


def prompt(template: str, **inputs: Any) -> Ran:
    """One prompt whose inputs come from the workflow's."""
    data = "".join(f"start.{name} -> work.{name}, " for name in inputs) + "work.answer -> finish.answer"
    document = workflow(
        {"work": ("prompt", {"prompt": template})}, "start -> work, work -> finish", data,
        inputs={name: {} for name in inputs},
    )  # fmt: skip
    return made(document, said("work", "43"), inputs=inputs)


def test_the_step_is_told_by_an_input_that_its_model_reads():
    """Feedback goes to the input made for it, else to the task; a draft is not touched."""
    ran = prompt("{{task}} {{draft}}", task="Add up.", draft="17 + 26")
    fork = fork_of(last(ran, "chat", "work"), "Use the calculator.", trace_of(ran))
    assert fork and fork["span"] == last(ran, "invoke_node", "work")
    (port, text), = fork["changes"]["inputs"].items()  # fmt: skip
    assert port == "task" and text.startswith("Add up.") and text.endswith("Mind this: Use the calculator.")
    with_place = prompt("{{task}} {{feedback}}", task="Add up.", feedback="none yet")
    fork = fork_of(last(with_place, "invoke_node", "work"), "Use it.", trace_of(with_place))
    assert fork and list(fork["changes"]["inputs"]) == ["feedback"]


def test_without_such_an_input_the_prompt_itself_is_added_to():
    """Braces in what is said make no tags."""
    ran = prompt("Add 17 and 26.")
    fork = fork_of(last(ran, "invoke_node", "work"), "Write {{43}}.", trace_of(ran))
    assert fork
    text = fork["changes"]["config"]["work"]["prompt"]
    assert text.startswith("Add 17 and 26.\n\n") and "{{43}}" not in text and "43" in text


def test_a_node_whose_model_reads_nothing_is_told_nothing():
    """It can be forked from all the same; what belongs to no visit cannot."""
    document = workflow(
        {"go": ("tools.call", {"arguments": {"expression": "1 + 1"}}), "calc": "tool.calculator"},
        "start -> go, go -> finish", "go.result -> finish.answer", "calc -> go.tool",
    )  # fmt: skip
    ran = made(document)
    trace = trace_of(ran)
    assert fork_of(last(ran, "execute_tool", "go"), "Add more.", trace) == {
        "span": last(ran, "invoke_node", "go"), "changes": {},
    }  # fmt: skip
    assert trace.root and fork_of(trace.root.id, "x", trace) is None and fork_of(None, "x", trace) is None


def test_a_visit_inside_a_sub_workflow_is_forked_at_the_visit_that_uses_it():
    """The engine keeps or runs the using node as a whole."""
    document = workflow(
        {"plan": "planning.plan", "do": "planning.execute", "calc": "tool.calculator"},
        "start -> plan, plan -> do, do -> finish",
        "start.goal -> plan.goal, plan.plan -> do.plan, do.answer -> finish.answer", "calc -> do.tools",
        inputs={"goal": {}},
    )  # fmt: skip
    ran = made(
        document, said("plan", {"steps": ["Add"]}), calls("do", "calculator", expression="1 + 1"), said("do", "2"),
        said("do", "It is 2."), inputs={"goal": "1 + 1"},
    )  # fmt: skip
    trace = trace_of(ran)
    rows = [dict(row) for row in ran.spans]
    inner = last(ran, "invoke_node", "do")
    rows.append({**rows[0], "id": "w", "parent_id": inner, "operation": "invoke_workflow", "started_at": 9e9})
    rows.append(
        {**next(row for row in rows if row["id"] == inner), "id": "deep", "parent_id": "w", "started_at": 9e9 + 1}
    )
    nested = Trace(ListSource(rows), ran.document, ran.row)
    point = fork_point("deep", nested)
    assert point and point.id == inner and fork_point(last(ran, "execute_tool", "do"), trace).id == inner  # pyright: ignore
