"""Versions compared on the graph, other people's edits merged, permissions changed later, the way back."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from graphs.document import Document
from graphs.yaml_format import dump
from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import Builder, box_of
from tests.e2e.conftest import tab
from tests.e2e.scripts import GREETING

pytestmark = pytest.mark.browser

PROMPT: Final = "Greet {{name}} as an old friend.\nKeep it short.\nEnd with a question."
PLACES: Final = {"start": [0, 0], "greet": [260, 0], "finish": [560, 0]}
PROBES: Final = "/_stcore/(health|host-config)\\]$"


def _greeting(title: str, prompt: str = PROMPT, **label: str) -> dict[str, Any]:
    nodes = {id: {**node, "position": PLACES[id]} for id, node in GREETING["nodes"].items()}
    nodes["greet"] = {**nodes["greet"], "config": {"prompt": prompt}, **label}
    return {**GREETING, "title": title, "nodes": nodes}


def _edit(api: Api, workflow: str, revision: int, *ops: dict[str, Any]) -> None:
    body = {"client": "somebody", "batches": [{"seq": revision, "ops": [*ops], "label": "Edit"}]}
    api.call("PATCH", f"/workflows/{workflow}", body, **{"If-Match": str(revision)})


def _config(key: str, value: Any) -> dict[str, Any]:
    return {"op": "set_config", "id": "greet", "key": key, "value": value}


def _file(folder: Path, name: str, document: dict[str, Any]) -> Path:
    path = folder / name
    path.write_text(dump(Document.model_validate({"nodeloom": 1, **document})))
    return path


def test_two_versions_are_compared_on_the_graph(builder: Builder, api: Api) -> None:
    """New, gone and changed nodes and moved edges have signs and words; a click shows the words that changed."""
    workflow = api.new(_greeting("Drawn versions"))
    _edit(
        api, workflow, 1, _config("prompt", PROMPT.replace("old friend", "honoured guest")),
        {"op": "add_node", "id": "check", "node": {"kind": "prompt", "label": "Check it", "position": [420, 200]}},
        {"op": "disconnect", "sort": "flow", "edge": "greet -> finish"},
        {"op": "connect", "sort": "flow", "edge": "greet -> check"},
        {"op": "connect", "sort": "flow", "edge": "check -> finish"},
    )  # fmt: skip
    builder.open(workflow)
    page = builder.page
    page.get_by_test_id("history-open").click()
    page.get_by_test_id("history-draw").click()
    diff = page.get_by_test_id("version-diff")
    expect(page.get_by_test_id("diff-check")).to_have_attribute("data-mark", "added")
    expect(page.get_by_test_id("diff-check")).to_contain_text("new")
    expect(page.get_by_test_id("diff-greet")).to_contain_text("changes")
    expect(page.get_by_test_id("diff-finish")).to_have_attribute("data-mark", "same")
    expect(diff.locator("path[data-mark=moved]")).to_have_count(1)
    page.get_by_test_id("diff-greet").click()
    side = page.get_by_test_id("diff-side")
    expect(side.locator("ins")).to_contain_text("honoured guest")
    expect(side.locator("del")).to_contain_text("old friend")
    builder.press("ArrowRight")
    expect(page.get_by_test_id("diff-greet")).to_have_attribute("aria-pressed", "false")
    page.get_by_test_id("diff-since").select_option("2")
    expect(page.get_by_test_id("diff-since"), "a version is not compared with itself").to_have_value("1")
    builder.press("Escape")
    expect(diff).to_have_count(0)


def test_a_changed_copy_is_merged_with_mine(builder: Builder, api: Api, tmp_path: Path) -> None:
    """A file made from an older version is recognised; what clashes is chosen; one undo takes the merge back."""
    workflow, other = api.new(_greeting("Shared greeting")), api.new(GREETING)
    mine = PROMPT.replace("old friend", "dear friend").replace("Keep it short.", "Keep it very short.")
    _edit(api, workflow, 1, _config("prompt", mine))
    theirs = _greeting("Shared greeting", PROMPT.replace("old friend", "good neighbour"), label="Welcome")
    builder.open(other)
    page = builder.page
    page.get_by_label("Workflow file").set_input_files(_file(tmp_path, "from-ada.yaml", theirs))
    expect(page.get_by_test_id("import-origin")).to_contain_text("made from v1 of 2")
    page.get_by_test_id("import-merge").click()
    merge = page.get_by_test_id("merge")
    expect(merge).to_contain_text("from-ada.yaml into yours; both began with v1")
    assert builder.workflow == workflow
    expect(page.get_by_test_id("merge-apply")).to_be_disabled()
    conflict = page.get_by_test_id("conflict-field:greet.config.prompt")
    expect(conflict).to_contain_text("good neighbour")
    expect(page.get_by_test_id("diff-greet")).to_contain_text("to decide")
    conflict.get_by_test_id("choose-theirs").click()
    expect(page.get_by_test_id("merge-count")).to_contain_text("all decided")
    page.get_by_test_id("merge-apply").click()
    expect(merge).to_have_count(0)
    builder.saved()
    greet = api.nodes(workflow)["greet"]
    assert (greet["label"], "good neighbour" in greet["config"]["prompt"]) == ("Welcome", True)
    assert api.get(f"/workflows/{workflow}/versions")["versions"][0]["label"] == "Merge from-ada.yaml into yours"
    builder.go("canvas")
    builder.press("Control+z")
    builder.saved()
    assert api.nodes(workflow)["greet"]["config"]["prompt"] == mine
    assert "label" not in api.nodes(workflow)["greet"] or api.nodes(workflow)["greet"]["label"] != "Welcome"


def _without_saving(route: Route) -> None:
    if route.request.method == "PATCH":
        route.abort()
    else:
        route.fallback()


@pytest.fixture
def cut_off(browser: Browser, app: App) -> Iterator[Builder]:
    """A tab in which saving may fail."""
    with tab(browser, app, expected="ERR_FAILED|409|Failed to load resource") as opened:
        yield opened


def test_edits_of_two_tabs_that_clash_are_merged(cut_off: Builder, api: Api) -> None:
    """What the other tab did elsewhere is kept, what both did is chosen, and nothing of mine is lost unseen."""
    workflow = api.new(_greeting("Both tabs"))
    cut_off.open(workflow)
    page = cut_off.page
    page.route(
        "**/api/workflows/*", lambda route: route.abort() if route.request.method == "PATCH" else route.fallback()
    )
    page.get_by_test_id("title").fill("My title")
    page.get_by_test_id("title").press("Enter")
    expect(page.get_by_test_id("notice")).to_contain_text("Not saved")
    label = {"op": "set_node", "id": "greet", "key": "label", "value": "Theirs"}
    _edit(api, workflow, 1, {"op": "set_meta", "key": "title", "value": "Their title"}, label)
    page.get_by_test_id("notice-merge").click()
    conflict = page.get_by_test_id("conflict-field:title")
    expect(conflict).to_contain_text("My title")
    expect(conflict).to_contain_text("Their title")
    page.unroute("**/api/workflows/*")
    conflict.get_by_test_id("choose-theirs").click()
    page.get_by_test_id("merge-apply").click()
    cut_off.saved()
    expect(page.get_by_test_id("title")).to_have_value("My title")
    assert api.document(workflow)["title"] == "My title"
    assert api.nodes(workflow)["greet"]["label"] == "Theirs"


def test_what_a_workflow_may_do_is_changed_later(builder: Builder, api: Api) -> None:
    """Under Share: refused, the workflow shows an error and does not run; granted again, it does."""
    nodes = {**GREETING["nodes"], "page": {"kind": "tool.web_fetch", "config": {"allowed_hosts": ["news.example"]}}}
    nodes["greet"] = {"kind": "agent", "config": {"prompt": "Greet {{name}}."}}
    edges = {**GREETING["edges"], "attach": ["page -> greet.tools"]}
    workflow = api.new({**GREETING, "title": "Reader", "nodes": nodes, "edges": edges})
    builder.open(workflow)
    page = builder.page
    for choice, refused in (("Refuse", ["host:news.example"]), ("Allow", [])):
        page.get_by_test_id("share").click()
        page.get_by_test_id("share-permissions").click()
        asked = page.get_by_test_id("permission-host:news.example")
        expect(asked).to_contain_text("news.example")
        asked.get_by_role("button", name=choice).click()
        if refused:
            expect(page.get_by_test_id("granted")).to_contain_text("It does not run as long as page")
        page.get_by_test_id("granted-save").click()
        expect(page.get_by_test_id("granted")).to_have_count(0)
        assert api.get(f"/workflows/{workflow}/permissions")["refused"] == refused
        found = [each["code"] for each in api.get(f"/workflows/{workflow}")["diagnostics"]]
        assert ("SEC105" in found) is bool(refused)
        expect(builder.node("page").get_by_text("refused")).to_have_count(1 if refused else 0)


@pytest.fixture
def two_runs(app: App, api: Api, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A tab on any page, and two runs that are done."""
    workflow = api.new({**GREETING, "title": "Run twice"})
    body = {"inputs": {"name": "Ada"}, "model": "scripted:hello"}
    ids = [api.post(f"/workflows/{workflow}/runs", body)["run_id"] for _ in range(2)]
    until = time.monotonic() + 30
    while any(api.get(f"/runs/{id}")["status"] != "done" for id in ids):
        assert time.monotonic() < until, "the runs did not end"
        time.sleep(0.1)
    with tab(browser, app, expected=PROBES) as opened:
        yield opened.page, [api.get(f"/runs/{id}")["number"] for id in ids]


def test_back_leads_from_a_comparison_to_the_list_of_the_page(two_runs: tuple[Page, list[str]], app: App) -> None:
    """Two runs chosen on the Compare page are one step: Back shows the list again, Forward the comparison."""
    page, (one, two) = two_runs
    page.goto(f"{app.url}/compare")
    page.get_by_test_id("choose-left").get_by_test_id(f"choose-{one}").click()
    page.get_by_test_id("choose-right").get_by_test_id(f"choose-{two}").click()
    expect(page.get_by_test_id("run-a")).to_contain_text(one)
    page.go_back()
    expect(page.get_by_text("Compare two runs")).to_be_visible()
    expect(page.get_by_test_id("choose-left")).to_contain_text("no run yet")
    page.go_forward()
    expect(page.get_by_test_id("run-b")).to_contain_text(two)


def test_back_leads_from_a_comparison_to_the_list_of_runs(two_runs: tuple[Page, list[str]], app: App) -> None:
    """Where two rows of the Runs page were compared, one Back shows the table again."""
    page, _ = two_runs
    page.goto(f"{app.url}/runs")
    page.get_by_text("Pick two to compare").click()
    expect(page.get_by_text("0 of 2 chosen")).to_be_visible()
    box = box_of(page.get_by_test_id("stDataFrame").locator("canvas").first)
    page.mouse.click(box["x"] + 16, box["y"] + 53)
    expect(page.get_by_text("1 of 2 chosen")).to_be_visible()
    page.mouse.click(box["x"] + 16, box["y"] + 83)
    page.get_by_role("button", name="Compare r-").click()
    expect(page.get_by_test_id("run-a")).to_be_visible()
    page.go_back()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.get_by_test_id("run-a")).to_have_count(0)
