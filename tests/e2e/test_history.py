"""The history of versions: opened, named, restored by keyboard and by mouse, published."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.api import Api
from tests.e2e.builder import Builder
from tests.e2e.scripts import GREETING

pytestmark = pytest.mark.browser


def _edited(builder: Builder, api: Api) -> str:
    """A workflow open in the builder, its title changed twice: versions 1, 2 and 3."""
    workflow = api.new(GREETING)
    builder.open(workflow)
    for title in ("Second title", "Third title"):
        _rename(builder, title)
    assert api.get(f"/workflows/{workflow}")["revision"] == 3
    return workflow


def _rename(builder: Builder, title: str) -> None:
    box = builder.page.get_by_test_id("title")
    box.fill(title)
    box.press("Enter")
    builder.saved()


def _version(builder: Builder, revision: int) -> Locator:
    return builder.page.get_by_test_id(f"version-{revision}")


def _chosen_after(builder: Builder, keys: dict[str, int]) -> None:
    """Each key chooses its version."""
    for key, revision in keys.items():
        builder.press(key.strip())
        expect(_version(builder, revision)).to_have_attribute("aria-selected", "true")


def _titles(api: Api, workflow: str) -> list[str]:
    """The title in each version, oldest first."""
    path = f"/workflows/{workflow}/versions"
    revisions = sorted(each["revision"] for each in api.get(path)["versions"])
    return [api.get(f"{path}/{revision}")["document"]["title"] for revision in revisions]


def test_a_burst_of_edits_is_one_line_that_opens(builder: Builder, api: Api) -> None:
    """Newest first, folded, with what was done, how many edits and what changed since in words."""
    _edited(builder, api)
    page = builder.page
    page.get_by_test_id("history-open").click()
    burst = page.get_by_test_id("burst-2")
    expect(burst).to_contain_text("v2 – v3")
    expect(burst).to_contain_text("Rename the workflow")
    expect(burst).to_contain_text("2 edits")
    expect(_version(builder, 1)).to_contain_text("Created")
    expect(_version(builder, 2)).to_have_count(0)
    burst.get_by_role("button").click()
    _version(builder, 2).click()
    changes = page.get_by_test_id("history-changes")
    expect(changes).to_contain_text("'Second title'")
    expect(changes).to_contain_text("'Third title'")
    expect(page.get_by_test_id("history-detail").locator("svg[role=img]")).to_have_attribute("aria-label", "3 nodes")
    page.get_by_test_id("history-list").focus()
    _chosen_after(builder, {"ArrowDown": 1, "ArrowUp": 2, "Home": 3, "ArrowUp ": 3})
    builder.press("ArrowLeft")
    expect(_version(builder, 2)).to_have_count(0)
    expect(burst).to_have_attribute("aria-selected", "true")
    page.get_by_label("Close the history").click()
    expect(page.get_by_test_id("history")).to_have_count(0)
    page.get_by_test_id("workflows").click()
    page.get_by_test_id("workflow-history").click()
    expect(page.get_by_test_id("history")).to_be_visible()


def test_changed_words_are_marked(builder: Builder, api: Api) -> None:
    """Of a long text only the words that changed are shown as gone and new."""
    prompt = "Greet {{name}} as an old friend whom you have not seen for years."
    greet: dict[str, Any] = GREETING["nodes"]["greet"]
    nodes = {**GREETING["nodes"], "greet": {**greet, "config": {"prompt": prompt}}}
    workflow = api.new({**GREETING, "nodes": nodes})
    ops = [
        {"op": "set_config", "id": "greet", "key": "prompt", "value": prompt.replace("old friend", "honoured guest")}
    ]
    body = {"client": "test", "batches": [{"seq": 1, "ops": ops, "label": "Reword"}]}
    api.call("PATCH", f"/workflows/{workflow}", body, **{"If-Match": "1"})
    builder.open(workflow)
    builder.page.get_by_test_id("history-open").click()
    _version(builder, 1).click()
    changes = builder.page.get_by_test_id("history-changes")
    expect(changes.locator("ins")).to_contain_text("guest")
    expect(changes.locator("del")).to_contain_text("friend")


def test_a_version_is_restored_by_keyboard_alone(builder: Builder, api: Api) -> None:
    """H, arrows, Tab and Enter; it asks once; undo takes it back and redo does it again."""
    workflow = _edited(builder, api)
    page = builder.page
    builder.go("canvas")
    builder.press("h")
    expect(page.get_by_test_id("history-list")).to_be_focused()
    builder.press("End")
    expect(page.get_by_test_id("history-detail")).to_contain_text("What changed since, until v3")
    builder.tab_to("history-restore")
    builder.press("Enter")
    expect(page.get_by_test_id("history-restore-yes")).to_be_focused()
    builder.press("Enter")
    expect(page.get_by_test_id("title")).to_have_value("Greeting")
    expect(_version(builder, 4)).to_contain_text("Restore v1")
    assert _titles(api, workflow) == ["Greeting", "Second title", "Third title", "Greeting"]
    builder.press("Escape")
    expect(page.get_by_test_id("history")).to_have_count(0)
    assert builder.focused_testid() == "canvas"
    builder.press("Control+z")
    expect(page.get_by_test_id("title")).to_have_value("Third title")
    builder.press("Control+z")
    expect(page.get_by_test_id("title")).to_have_value("Second title")
    builder.press("Control+Shift+z", "Control+Shift+z")
    expect(page.get_by_test_id("title")).to_have_value("Greeting")
    builder.saved()
    assert api.document(workflow)["title"] == "Greeting"


def test_a_version_is_restored_by_mouse_in_both_tabs(new_tab: Callable[[], Builder], api: Api) -> None:
    """The other tab shows the restored document too, and edits of it come on top."""
    one, two = new_tab(), new_tab()
    workflow = _edited(one, api)
    two.open(workflow)
    expect(two.page.get_by_test_id("title")).to_have_value("Third title")
    one.page.get_by_test_id("history-open").click()
    _version(one, 1).click()
    one.page.get_by_test_id("history-restore").click()
    one.page.get_by_role("button", name="Leave it").click()
    assert len(_titles(api, workflow)) == 3
    one.page.get_by_test_id("history-restore").click()
    one.page.get_by_test_id("history-restore-yes").click()
    for each in (one, two):
        expect(each.page.get_by_test_id("title")).to_have_value("Greeting")
    _rename(two, "From the other tab")
    expect(one.page.get_by_test_id("title")).to_have_value("From the other tab")
    assert _titles(api, workflow)[3:] == ["Greeting", "From the other tab"]


def test_a_version_is_named_noted_and_published(builder: Builder, api: Api) -> None:
    """Edited in place and kept; a long name stays inside its line; a publication can be taken back."""
    workflow = _edited(builder, api)
    page, path = builder.page, f"/workflows/{workflow}/versions"
    name = "As shown at the fair " * 4
    page.get_by_test_id("history-open").click()
    _version(builder, 1).click()
    page.get_by_test_id("history-name").fill(name)
    page.get_by_test_id("history-name").press("Enter")
    expect(_version(builder, 1)).to_contain_text("As shown at the fair")
    assert _version(builder, 1).evaluate("line => line.scrollWidth <= line.clientWidth")
    page.get_by_test_id("history-note").fill("With the short greeting.")
    page.get_by_test_id("history-note").press("Tab")
    expect(_version(builder, 1)).to_contain_text("With the short greeting.")
    first = api.get(path)["versions"][-1]
    assert (first["name"], first["note"]) == (name.strip(), "With the short greeting.")
    page.get_by_test_id("history-publish").click()
    expect(_version(builder, 1).get_by_test_id("published-mark")).to_be_visible()
    assert api.get(path)["published"] == 1
    page.get_by_test_id("history-publish").click()
    expect(page.get_by_test_id("published-mark")).to_have_count(0)
    assert api.get(path)["published"] is None


def test_a_new_workflow_has_one_version(builder: Builder, api: Api) -> None:
    """Nothing to restore yet; it says what will stand here."""
    builder.open(api.new(GREETING))
    builder.page.get_by_test_id("history-open").click()
    expect(builder.page.get_by_test_id("history")).to_contain_text("One version so far")
    expect(builder.page.get_by_test_id("history-restore")).to_have_count(0)
