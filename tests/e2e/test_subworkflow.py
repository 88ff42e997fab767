"""A sub-workflow drawn on the canvas: pulled out of a socket, with its ports, filled and taken back."""

import re

import pytest
from playwright.sync_api import expect

from nodes.registry import KINDS
from tests.e2e.api import Api
from tests.e2e.builder import Builder, box_of, middle_of
from tests.e2e.scripts import GREETING

pytestmark = pytest.mark.browser

PROPOSE = next(socket for socket in KINDS["search.best_first"].attaches if socket.name == "propose")


def test_a_frame_is_pulled_out_of_a_search_socket(builder: Builder, api: Api) -> None:
    """A wire from the socket to empty canvas offers a sub-workflow: chosen, it is attached and has its ports."""
    builder.open(api.new({"title": "Search", "nodes": {"start": {"kind": "start", "position": [0, 0]}}}))
    page = builder.page
    page.get_by_label("Close the run drawer").click()
    assert builder.drag_in("search.best_first", 420, 60) == "best_first_search"
    builder.saved()
    page.mouse.move(*middle_of(builder.handle("best_first_search-attach-in-propose")))
    page.mouse.down()
    corner = box_of(builder.canvas)
    page.mouse.move(corner["x"] + 150, corner["y"] + 560, steps=10)
    expect(page.locator(".react-flow__connection")).to_be_visible()
    page.mouse.up()
    page.get_by_role("dialog", name="Nodes that fit").get_by_role("button", name="Sub-workflow").click()
    expect(builder.node("sub_workflow")).to_be_visible()
    builder.saved()
    assert api.edges(builder.workflow, "attach") == ["sub_workflow -> best_first_search.propose"]
    config = api.nodes(builder.workflow)["sub_workflow"]["config"]
    assert [port["name"] for port in config["takes"]] == [port.name for port in PROPOSE.takes]
    assert [port["type"] for port in config["gives"]] == [port.type for port in PROPOSE.gives]
    for port in PROPOSE.takes:
        expect(builder.handle(f"sub_workflow-data-out-{port.name}")).to_be_attached()
    for port in PROPOSE.gives:
        expect(builder.handle(f"sub_workflow-data-in-{port.name}")).to_be_attached()
    builder.go("canvas")
    builder.press("Control+z")
    expect(builder.node("sub_workflow")).to_have_count(0)


def test_a_list_in_the_settings_is_edited_by_keyboard(builder: Builder, api: Api) -> None:
    """Rows of a frame's ports are added, named, moved and removed; the handles follow."""
    workflow = api.new({"title": "Frame", "nodes": {"part": {"kind": "resource.subworkflow", "position": [0, 0]}}})
    builder.open(workflow)
    builder.select("part")
    page = builder.page
    page.get_by_test_id("add-takes").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("situation")
    page.keyboard.press("Alt+ArrowUp")
    expect(builder.handle("part-data-out-situation")).to_be_attached()
    builder.saved()
    assert [port["name"] for port in api.nodes(workflow)["part"]["config"]["takes"]] == ["situation", "input"]
    page.get_by_test_id("field-takes").get_by_label("Remove 2").click()
    expect(builder.handle("part-data-out-input")).to_have_count(0)
    builder.saved()
    assert [port["name"] for port in api.nodes(workflow)["part"]["config"]["takes"]] == ["situation"]


def test_every_kind_has_a_form_and_a_reference(builder: Builder, api: Api) -> None:
    """Each kind the server knows draws its card and a box for each of its settings, without an error on the page."""
    kinds = api.get("/kinds")
    nodes = {
        f"n{at}": {"kind": kind["kind"], "position": [at % 12 * 260, at // 12 * 340]} for at, kind in enumerate(kinds)
    }
    workflow = api.new({"title": "All kinds", "state": {"notes": {"type": "text"}}, "nodes": nodes})
    builder.page.goto(f"{builder.url}/?workflow={workflow}&debug=1")
    builder.ready()
    panel = builder.page.get_by_test_id("panel")
    for id, kind in zip(nodes, kinds, strict=True):
        builder.page.evaluate("id => nodeloom.select([id])", id)
        expect(panel.locator(".head .nm")).to_have_text(kind["title"])
        drawn = panel.locator("[data-field]").evaluate_all("all => all.map(each => each.dataset.field)")
        assert set(kind["config_schema"].get("properties", {})) <= set(drawn), kind["kind"]
    panel.get_by_test_id("reference-open").click()
    sheet = builder.page.get_by_test_id("reference")
    expect(sheet).to_contain_text(kinds[-1]["doc"].strip().splitlines()[0].replace("``", ""))
    builder.press("Escape")
    expect(sheet).to_have_count(0)


def test_the_palette_finds_by_paper_and_folds(builder: Builder, api: Api) -> None:
    """A kind is found by an author of its paper; a family folds away and stays so; what was used is first."""
    builder.open(api.new(GREETING))
    page = builder.page
    source = KINDS["search.best_first"].source
    author = re.split(r"\W", source)[0]
    page.get_by_test_id("palette-search").fill(f"{author} {source.split()[3]}")
    expect(page.get_by_test_id("palette-search.best_first")).to_contain_text(author)
    page.keyboard.press("Enter")
    expect(builder.node("best_first_search")).to_be_visible()
    page.get_by_test_id("palette-search").fill("")
    expect(page.get_by_test_id("recent-search.best_first")).to_be_visible()
    family = page.get_by_test_id("family-planning")
    family.focus()
    builder.press("Enter")
    expect(page.get_by_test_id("palette-planning.plan")).to_have_count(0)
    page.reload()
    builder.ready()
    expect(page.get_by_test_id("family-planning")).to_have_attribute("aria-expanded", "false")
