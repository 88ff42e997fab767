"""What the canvas refuses it explains, and what a mouse can drag a finger can drag too."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import Builder, box_of, middle_of
from tests.e2e.conftest import tab
from tests.e2e.scripts import GREETING

pytestmark = pytest.mark.browser

MIXED = {
    **GREETING,
    "nodes": {**GREETING["nodes"], "plan": {"kind": "planning.plan", "position": [240, 240]}},
    "edges": {"flow": ["start -> plan"], "data": ["start.name -> greet.name"]},
}


def test_a_refused_wire_says_why(builder: Builder, api: Api) -> None:
    """Over a handle that does not fit, the reason stands at the pointer; dropped there, nothing is joined."""
    workflow = api.new(MIXED)
    builder.open(workflow)
    builder.pull("plan-data-out-plan", "finish-data-in-answer")
    expect(builder.page.get_by_test_id("refusal")).to_contain_text("Plan gives a plan, Finish takes text.")
    builder.page.mouse.up()
    expect(builder.page.get_by_test_id("toast")).to_contain_text("Plan gives a plan, Finish takes text.")
    builder.pull("start-flow-out-done", "greet-data-in-name")
    expect(builder.page.get_by_test_id("refusal")).to_contain_text("wants data")
    builder.page.mouse.up()
    assert api.edges(workflow, "data") == MIXED["edges"]["data"]
    assert api.edges(workflow, "flow") == MIXED["edges"]["flow"]


def test_the_mend_of_a_refusal_joins_the_two(builder: Builder, api: Api) -> None:
    """A refusal that can be mended offers it: here, a Prompt between a plan and a text."""
    workflow = api.new(MIXED)
    builder.open(workflow)
    builder.wire("plan-data-out-plan", "finish-data-in-answer")
    builder.page.get_by_test_id("toast-offer").click()
    expect(builder.node("plan_as_text")).to_be_visible()
    builder.saved()
    assert "plan_as_text.answer -> finish.answer" in api.edges(workflow, "data")


def test_a_finger_drags_from_the_palette(browser: Browser, app: App, api: Api) -> None:
    """A touch that starts on a palette item and ends on the canvas adds the node there."""
    workflow = api.new(GREETING)
    with tab(browser, app, has_touch=True) as builder:
        builder.open(workflow)
        before = builder.node_ids()
        corner = box_of(builder.canvas)
        start = middle_of(builder.page.get_by_test_id("palette-planning.plan"))
        _swipe(builder, start, (corner["x"] + 300, corner["y"] + 80))
        assert builder.added(before) == "plan"
        x, y = middle_of(builder.node("plan"))
        assert abs(x - corner["x"] - 300) < 40
        assert y > corner["y"]
        builder.saved()
        assert api.nodes(workflow)["plan"]["kind"] == "planning.plan"


def _swipe(builder: Builder, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Touch down, move, and lift, as the browser gets it from a touch screen."""
    session = builder.page.context.new_cdp_session(builder.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    touch("touchStart", start)
    for part in range(1, 11):
        share = part / 10
        touch("touchMove", (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share))
    touch("touchEnd")
