"""Reload, a second tab, a killed server: no edit is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import Builder
from tests.e2e.conftest import SERVER_DOWN, signed_in, tab
from tests.e2e.scripts import GREETING, chain

pytestmark = pytest.mark.browser

"""What the browser and Streamlit's own script write to the console while no server answers; nothing of ours."""


def test_a_reload_at_once_keeps_the_edit(builder: Builder, api: Api) -> None:
    """An edit made right before a reload, before it was sent, is there after it."""
    workflow = api.new(GREETING)
    builder.open(workflow)
    builder.drag_in("planning.plan", 300, 80)
    builder.page.reload()
    builder.ready()
    expect(builder.node("plan")).to_be_visible()
    builder.saved()
    assert "plan" in api.nodes(workflow)


def test_two_tabs_see_each_others_edits(new_tab: Callable[[], Builder], api: Api) -> None:
    """Edits of two tabs on one workflow appear in both, and both are saved."""
    workflow = api.new(GREETING)
    one, two = new_tab(), new_tab()
    one.open(workflow)
    two.open(workflow)
    one.drag_in("planning.plan", 300, 80)
    expect(two.node("plan")).to_be_visible()
    two.drag_in("memory.recall", 300, 400)
    expect(one.node("recall")).to_be_visible()
    one.saved()
    two.saved()
    assert {"plan", "recall"} <= set(api.nodes(workflow))


def test_two_tabs_editing_at_the_same_time(new_tab: Callable[..., Builder], api: Api) -> None:
    """Edits that cross on their way are put one on top of the other."""
    workflow = api.new(GREETING)
    one, two = (new_tab(expected=rf"409.*/api/workflows/{workflow}\b") for _ in range(2))  # where they do cross
    one.open(workflow)
    two.open(workflow)
    for each, name in ((one, "Plan"), (two, "Recall")):  # the second before the first has arrived, or right after
        each.page.get_by_test_id("palette-search").fill(name)
        each.press("Enter")
    for each in (one, two):
        expect(each.node("plan")).to_be_visible()
        expect(each.node("recall")).to_be_visible()
        each.saved()
    assert {"plan", "recall"} <= set(api.nodes(workflow))


def test_a_killed_server_loses_nothing(browser: Browser, fresh: App) -> None:
    """Edits before, during and after a crash of the server are all there when it is back."""
    workflow = signed_in(fresh, browser).new(chain(3))
    with tab(browser, fresh, expected=SERVER_DOWN) as builder:
        builder.open(workflow)
        _name(builder, "step_1", "before the crash")
        fresh.kill()  # the edit may or may not have been sent
        _name(builder, "step_2", "while it is down")
        expect(builder.page.get_by_test_id("save-state")).to_have_attribute("data-sync", "offline")
        expect(builder.page.get_by_test_id("notice")).to_contain_text("Not saved: the server does not answer")
        fresh.start()
        builder.saved()
        _name(builder, "step_3", "after the crash")
        builder.saved()
    names = {id: node.get("label") for id, node in signed_in(fresh, browser).nodes(workflow).items()}
    assert names == {
        "start": None, "step_1": "before the crash", "step_2": "while it is down", "step_3": "after the crash",
    }  # fmt: skip


def test_a_page_closed_while_the_server_is_down_loses_nothing(browser: Browser, fresh: App) -> None:
    """What could not be sent waits in the browser, also over a reload, and arrives with the next page."""
    workflow = signed_in(fresh, browser).new(chain(3))
    with tab(browser, fresh, expected=SERVER_DOWN) as builder:
        builder.open(workflow)
        builder.saved()
        fresh.kill()
        _name(builder, "step_2", "while it is down")
        expect(builder.page.get_by_test_id("save-state")).to_have_attribute("data-sync", "offline")
        builder.page.goto("about:blank")
        fresh.start()
        builder.open(workflow)
        expect(builder.node("step_2")).to_contain_text("while it is down")
        builder.saved()
    assert signed_in(fresh, browser).nodes(workflow)["step_2"]["label"] == "while it is down"


def _name(builder: Builder, id: str, name: str) -> None:
    """Give a node a name in the settings panel."""
    builder.select(id)
    builder.page.get_by_test_id("field-label").fill(name)
    expect(builder.node(id)).to_contain_text(name)
