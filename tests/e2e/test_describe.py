"""Describe it in a real browser: type a wish, see what is proposed, refuse one, accept the rest, undo."""

import json
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import Builder
from tests.e2e.scripts import GREETING

pytestmark = pytest.mark.browser

WISH: Final = "add a critic that sends the answer back, and rename Greet to Welcome"


def edit(op: str, **fields: Any) -> dict[str, Any]:
    return {"op": op, **fields}


EDITS: Final = [
    edit("add_node", id="critic", kind="reflection.critique", label="Critic", parent="",
         settings=[{"key": "max_revisions", "value": 3}]),
    edit("disconnect", sort="flow", edge="greet -> finish"),
    edit("connect", sort="flow", edge="greet -> critic"),
    edit("connect", sort="flow", edge="critic.accept -> finish"),
    edit("connect", sort="flow", edge="critic.revise -> greet"),
    edit("connect", sort="data", edge="greet.answer -> critic.draft"),
    edit("rename_node", id="greet", label="Welcome"),
    edit("set_config", id="greet", key="prompt", value="Greet {{name}} warmly.\n{{#hint}}{{hint}}{{/hint}}"),
    edit("connect", sort="data", edge="critic.feedback -> greet.hint"),
]  # fmt: skip
FAULTY: Final = [edit("set_config", id="nobody", key="prompt", value="Hello")]


@pytest.fixture(scope="module", autouse=True)
def model(app: App, api: Api) -> None:
    """The model of the workspace answers from a script: the edits, then for another wish what cannot be made."""
    said = "I add a critic and rename the greeting."
    replies = [
        {"match": "nobody", "data": {"said": "", "edits": FAULTY}, "repeat": True},
        {"match": "nobody|do not hold", "data": {"said": "", "edits": FAULTY}, "repeat": True},
        {"match": "slowly", "data": {"said": "", "edits": []}, "seconds": 60, "repeat": True},
        {"data": {"said": said, "edits": EDITS}, "seconds": 0.5, "repeat": True},
    ]
    (app.home / "scripts" / "editor.json").write_text(json.dumps({"name": "editor", "replies": replies}))
    api.put("/models/default", {"reference": "scripted:editor"})


def wish(page: Page, text: str) -> None:
    page.get_by_test_id("describe-wish").fill(text)
    page.get_by_test_id("describe-send").click()


def test_a_wish_is_proposed_on_the_canvas_and_each_change_decided(builder: Builder, api: Api) -> None:
    """The new node is drawn as proposed; one change is refused and vanishes, the rest is made, undo takes it back."""
    id = api.new(GREETING)
    builder.open(id)
    page = builder.page
    page.get_by_test_id("describe-open").click()
    wish(page, WISH)

    expect(page.get_by_test_id("proposed-node-critic")).to_be_visible()
    expect(page.get_by_test_id("proposed-changed-greet")).to_be_visible()
    expect(page.locator(".prop-edge")).to_have_count(5)
    expect(page.locator(".react-flow__edge.struck")).to_have_count(1)
    assert "critic" not in builder.node_ids()
    assert len(api.get(f"/workflows/{id}")["document"]["nodes"]) == 3
    expect(page.get_by_test_id("describe-items").locator("ins").first).to_contain_text("warmly")
    expect(page.get_by_test_id("describe-cost")).to_contain_text("1 call")

    page.get_by_role("button", name="Refuse: Rename Greet to Welcome").click()
    expect(page.get_by_test_id("describe-items").get_by_text("Rename Greet")).to_have_count(0)
    page.get_by_test_id("describe-accept-all").click()
    expect(builder.node("critic")).to_be_visible()
    expect(page.get_by_test_id("proposed")).to_have_count(0)
    expect(builder.node("greet").locator(".nm")).to_have_text("Greet")
    builder.saved()
    saved = api.get(f"/workflows/{id}")
    assert saved["document"]["nodes"]["critic"]["config"] == {"max_revisions": 3}
    assert [each for each in saved["diagnostics"] if each["severity"] != "info"] == []

    page.get_by_test_id("undo").click()
    expect(builder.node("critic")).to_have_count(0)
    builder.saved()
    assert api.get(f"/workflows/{id}")["document"]["edges"] == GREETING["edges"]


def test_accepting_one_takes_what_it_needs_and_refusing_one_what_needs_it(builder: Builder, api: Api) -> None:
    """An edge to a proposed node brings the node; without the node its edges go."""
    builder.open(api.new(GREETING))
    page = builder.page
    page.get_by_test_id("describe-open").click()
    wish(page, WISH)
    page.get_by_role("button", name="Accept: Greet leads to Critic, not Finish", exact=True).click()
    expect(builder.node("critic")).to_be_visible()
    expect(page.get_by_test_id("describe-left")).to_have_count(0)
    expect(page.get_by_test_id("describe-decided")).to_contain_text("2 made")

    page.get_by_test_id("undo").click()
    wish(page, WISH)
    pill = page.get_by_test_id("proposed-node-critic").get_by_role("button", name="Refuse")
    pill.click()
    expect(page.locator(".prop-edge")).to_have_count(0)
    expect(page.get_by_test_id("describe-items").locator("li")).to_have_count(2)


def test_by_the_keyboard_alone(builder: Builder, api: Api) -> None:
    """D opens, Enter proposes, Shift Tab comes to the answers, Escape closes and gives the canvas its focus back."""
    builder.open(api.new(GREETING))
    page = builder.page
    builder.canvas.focus()
    builder.press("d")
    expect(page.get_by_test_id("describe-wish")).to_be_focused()
    page.keyboard.type(WISH)
    builder.press("Enter")
    expect(page.get_by_test_id("describe-accept-all")).to_be_visible()
    expect(page.get_by_test_id("describe-wish")).to_be_focused()
    for _ in range(2):  # back over Refuse all
        builder.press("Shift+Tab")
    assert builder.focused_testid() == "describe-accept-all"
    builder.press("Enter")
    expect(builder.node("critic")).to_be_visible()
    builder.press("Escape")
    expect(page.get_by_test_id("describe")).to_have_count(0)
    expect(page.get_by_test_id("panel")).to_be_visible()


def test_what_cannot_be_made_is_shown_with_the_reason(builder: Builder, api: Api) -> None:
    """A change of a node that is not there stays in the list, said to be wrong, and cannot be accepted."""
    builder.open(api.new(GREETING))
    page = builder.page
    page.get_by_test_id("describe-open").click()
    wish(page, "change nobody")
    expect(page.get_by_text("there is no node 'nobody'")).to_be_visible()
    expect(page.get_by_test_id("describe-accept-all")).to_have_count(0)
    page.get_by_test_id("describe-refuse-all").click()
    expect(page.get_by_test_id("describe-items")).to_have_count(0)


def test_asking_can_be_cancelled(builder: Builder, api: Api) -> None:
    """Cancel ends the call, changes nothing, and gives the words back."""
    builder.open(api.new(GREETING))
    page = builder.page
    page.get_by_test_id("describe-open").click()
    wish(page, "do it slowly")
    page.get_by_test_id("describe-cancel").click()
    expect(page.get_by_text("Cancelled. Nothing was changed.")).to_be_visible()
    expect(page.get_by_test_id("describe-wish")).to_have_value("do it slowly")


def test_a_model_that_is_absent_is_told_before_it_is_asked(builder: Builder, api: Api) -> None:
    """The built-in model that was never fetched: the panel says so and offers the download; nothing can be sent."""
    builder.open(api.new(GREETING))
    page = builder.page
    page.get_by_test_id("describe-open").click()
    page.get_by_test_id("describe-model").select_option("builtin:qwen2.5-coder-1.5b")
    expect(page.get_by_test_id("describe-needs")).to_contain_text("not on this machine yet")
    expect(page.get_by_test_id("describe-needs").get_by_role("button", name="Download")).to_be_visible()
    page.get_by_test_id("describe-wish").fill(WISH)
    expect(page.get_by_test_id("describe-send")).to_be_disabled()
