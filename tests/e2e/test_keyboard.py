"""The main job with the keyboard alone: no call of the mouse in this file."""

import pytest
from playwright.sync_api import expect

from tests.e2e.api import Api
from tests.e2e.builder import Builder
from tests.e2e.scripts import ANSWER, PROMPT, QUESTION

pytestmark = pytest.mark.browser


def test_build_run_and_trace_by_keyboard(builder: Builder, api: Api) -> None:
    """Everything of the main job can be done without a pointer."""
    api.put("/models/default", {"reference": "scripted:tutor"})
    _new_workflow(builder)
    builder.go("canvas")
    builder.press("ArrowRight")  # nothing is selected yet: the start
    _add(builder, "Plan", "plan")
    _add(builder, "Recall", "recall")
    _add(builder, "Memory space", "memory_space")
    builder.go("canvas")
    builder.press("ArrowUp")  # from the resource to the node above it
    _add(builder, "Agent", "agent")
    _write_prompt(builder)
    _join(builder, "steps ← Plan")
    _add(builder, "Calculator", "calculator")
    builder.go("canvas")
    builder.press("ArrowUp")
    _add(builder, "Critique", "critique")
    _join(builder, "accept → Finish", "revise → Agent")
    _is_whole(builder, api)
    _runs(builder)
    _shows_the_trace(builder)


def _new_workflow(builder: Builder) -> None:
    builder.open()
    builder.go("bar")
    builder.press("Enter")  # the list of workflows; its first entry makes a new one
    expect(builder.page.get_by_test_id("workflow-new")).to_be_focused()
    builder.press("Enter")
    expect(builder.canvas).to_have_attribute("aria-label", "Workflow canvas, 2 nodes")


def _add(builder: Builder, title: str, id: str) -> None:
    """Find a kind by its name and add it after the selected node; it is then the selected one."""
    builder.go("palette")
    builder.press("Control+A")
    builder.page.keyboard.type(title)
    builder.press("Enter")
    expect(builder.node(id)).to_be_attached()
    expect(builder.page.get_by_test_id("panel").locator(".nm")).to_have_text(title)


def _write_prompt(builder: Builder) -> None:
    builder.go("canvas")
    builder.press("Enter")  # the settings of the selected node
    builder.tab_to("field-prompt")
    builder.press("Control+A")
    builder.page.keyboard.insert_text(PROMPT)
    expect(builder.handle("agent-data-in-steps")).to_be_attached()


def _join(builder: Builder, *sentences: str) -> None:
    """E lists what the selected node can be joined to; the words choose, Enter joins."""
    for words in sentences:
        builder.go("canvas")
        builder.press("e")
        expect(builder.page.get_by_test_id("wire-list")).to_be_visible()
        builder.page.keyboard.insert_text(words)
        expect(builder.page.get_by_test_id("wire-list").get_by_role("option").first).to_contain_text(words)
        builder.press("Enter")
        expect(builder.page.get_by_test_id("wire-list")).to_have_count(0)


def _is_whole(builder: Builder, api: Api) -> None:
    builder.saved()
    assert set(api.edges(builder.workflow, "flow")) >= {
        "start -> plan", "plan -> recall", "recall -> agent", "agent -> critique",
        "critique.accept -> finish", "critique.revise -> agent",
    }  # fmt: skip
    assert set(api.edges(builder.workflow, "attach")) == {"calculator -> agent.tools", "memory_space -> recall.memory"}
    found = api.get(f"/workflows/{builder.workflow}")["diagnostics"]
    assert [each for each in found if each["severity"] == "error"] == []


def _runs(builder: Builder) -> None:
    builder.press("Control+Enter")  # opens the drawer: an input is missing
    builder.go("drawer")
    builder.tab_to("input-question", 4)
    builder.page.keyboard.insert_text(QUESTION)
    builder.press("Control+Enter")
    builder.ends("agent", "running")
    expect(builder.page.get_by_test_id("answer")).to_have_text(ANSWER)
    builder.ends("critique", "done")


def _shows_the_trace(builder: Builder) -> None:
    """J and K step through the nodes."""
    page = builder.page
    builder.go("drawer")
    builder.tab_to("open-trace")
    builder.press("Enter")
    expect(page.get_by_role("tree", name="Steps of the run")).to_be_visible()
    for _ in range(20):
        builder.press("k")
    expect(page.locator("[data-node=start]")).to_have_attribute("aria-pressed", "true")
    builder.press("j")
    expect(page.locator("[data-node=plan]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-panel]")).to_contain_text(QUESTION)
