"""The main job by mouse: drag in nodes, wire them, set a prompt, run, watch, read the answer and the trace."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.api import Api
from tests.e2e.builder import Builder
from tests.e2e.scripts import ANSWER, PROMPT, QUESTION

pytestmark = pytest.mark.browser

PLACES = {
    "planning.plan": (200, 70), "memory.recall": (560, 70), "agent": (240, 620), "reflection.critique": (560, 620),
    "tool.calculator": (780, 640), "resource.memory_space": (860, 250),
}  # fmt: skip
WIRES = (
    ("start-data-out-question", "plan-data-in-goal"),
    ("start-data-out-question", "agent-data-in-task"),
    ("start-flow-out-done", "plan-flow-in-in"),
    ("plan-flow-out-done", "recall-flow-in-in"),
    ("recall-flow-out-done", "agent-flow-in-in"),
    ("agent-data-out-answer", "critique-data-in-draft"),
    ("agent-flow-out-done", "critique-flow-in-in"),
    ("critique-flow-out-accept", "finish-flow-in-in"),
    ("critique-flow-out-revise", "agent-flow-in-in"),
    ("calculator-attach-out-self", "agent-attach-in-tools"),
    ("memory_space-attach-out-self", "recall-attach-in-memory"),
)


def test_build_run_and_trace_by_mouse(builder: Builder, api: Api) -> None:
    """A person drags, wires, runs and traces a workflow of four mechanisms, from an empty one."""
    api.put("/models/default", {"reference": "scripted:tutor"})
    _new_workflow(builder)
    for kind, place in PLACES.items():
        assert kind.rsplit(".", 1)[-1] == builder.drag_in(kind, *place)
    builder.select("agent")
    builder.page.get_by_test_id("field-prompt").fill(PROMPT)
    expect(builder.handle("agent-data-in-steps")).to_be_visible()
    for source, target in WIRES:
        builder.wire(source, target)
    _has_been_wired(builder, api)
    _runs(builder)
    _shows_the_trace(builder)


def _new_workflow(builder: Builder) -> None:
    builder.open()
    builder.page.get_by_test_id("workflows").click()
    builder.page.get_by_test_id("workflow-new").click()
    expect(builder.canvas).to_have_attribute("aria-label", "Workflow canvas, 2 nodes")
    builder.page.get_by_label("Close the run drawer").click()
    builder.page.get_by_label("Fold the problems").click()
    builder.canvas.click(position={"x": 30, "y": 30})  # from now on the view stays where it is
    builder.page.get_by_role("button", name=re.compile("^Zoom .* Back to 100")).click()
    for _ in range(2):
        builder.page.get_by_label("Zoom out").click()
        builder.page.wait_for_timeout(300)


def _has_been_wired(builder: Builder, api: Api) -> None:
    """The server has every wire that was drawn, and those that Nodeloom proposed by name and type."""
    builder.saved()
    assert set(api.edges(builder.workflow, "flow")) == {
        "start -> plan", "plan -> recall", "recall -> agent", "agent -> critique",
        "critique.accept -> finish", "critique.revise -> agent",
    }  # fmt: skip
    assert set(api.edges(builder.workflow, "attach")) == {"calculator -> agent.tools", "memory_space -> recall.memory"}
    assert {"start.question -> plan.goal", "agent.answer -> critique.draft"} <= set(api.edges(builder.workflow, "data"))
    assert {"plan.steps -> agent.steps", "agent.answer -> finish.answer"} <= set(api.edges(builder.workflow, "data"))


def _runs(builder: Builder) -> None:
    """Nodes light up one after the other, the answer grows, and stands there in the end."""
    page = builder.page
    page.get_by_test_id("run").click()  # opens the drawer: an input is missing
    page.get_by_test_id("input-question").fill(QUESTION)
    builder.watch()
    page.get_by_test_id("run").click()
    expect(builder.node("agent").locator(".live")).to_contain_text("17 plus")
    expect(page.locator(".answers .ans")).to_contain_text("17 plus")
    expect(page.get_by_test_id("answer")).to_have_text(ANSWER)
    for id in ("start", "plan", "recall", "agent", "critique", "finish"):
        builder.ends(id, "done")
    for id in ("plan", "agent", "critique"):
        assert "running" in builder.seen(id)


def _shows_the_trace(builder: Builder) -> None:
    """A click on a step shows its prompt and lights its node up on the graph."""
    page = builder.page
    page.get_by_test_id("open-trace").click()
    expect(page.get_by_role("tree", name="Steps of the run")).to_be_visible()
    page.locator("[data-operation=invoke_node]", has_text="Agent").last.click()
    panel = page.locator("[data-panel]")
    expect(panel.get_by_role("heading", name="Prompt as sent")).to_be_visible()
    expect(panel).to_contain_text(f"Solve: {QUESTION}")
    expect(panel).to_contain_text("Mind: 43 doubled is 86")
    expect(page.locator("[data-node=agent]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-operation=invoke_node]", has_text="Plan").first.click()
    expect(page.locator("[data-node=plan]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-node=agent]")).to_have_attribute("aria-pressed", "false")
