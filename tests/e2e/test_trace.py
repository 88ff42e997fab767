"""The inspector in a real Chromium: replayed on the graph, searched, commented on, linked to."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import PATIENCE, Builder
from tests.e2e.conftest import tab

pytestmark = pytest.mark.browser

ROUNDS: dict[str, Any] = {
    "title": "Rounds",
    "inputs": {"topic": {"title": "Topic", "examples": ["apples"]}},
    "outputs": {"answer": {"type": "text", "title": "Answer"}},
    "state": {"drafts": {"type": "list[text]", "reducer": "append"}},
    "nodes": {
        "start": {"kind": "start"},
        "draft": {"kind": "prompt", "label": "Draft", "config": {"prompt": "Draft on {{topic}}."}},
        "keep": {"kind": "control.set_state", "label": "Keep", "config": {"values": {"drafts": "{{draft}}"}}},
        "polish": {"kind": "prompt", "label": "Polish", "config": {"prompt": "Polish: {{text}}"}},
        "finish": {"kind": "finish"},
    },
    "edges": {
        "flow": ["start -> draft", "draft -> keep", "keep -> polish", "polish -> finish"],
        "data": [
            "start.topic -> draft.topic", "draft.answer -> polish.text", "draft.answer -> keep.draft",
            "polish.answer -> finish.answer",
        ],
    },
}  # fmt: skip


@pytest.fixture
def builder(browser: Browser, app: App) -> Iterator[Builder]:
    """A tab whose errors fail the test. Streamlit asks below the page's own address first, and finds nothing there."""
    with tab(browser, app, expected=r"/runs/_stcore/|/spans/0{16}/") as opened:
        yield opened


@pytest.fixture(scope="module")
def number(app: App, api: Api) -> str:
    """The number of a run that has ended."""
    workflow = api.new(ROUNDS)
    run = api.post(f"/workflows/{workflow}/runs", {"inputs": {"topic": "apples"}, "model": "scripted:hello"})["run_id"]
    return str(ended(api, run)["number"])


def ended(api: Api, run: str) -> dict[str, Any]:
    """The run once it has ended well and its trace is written."""
    for _ in range(200):
        found = api.get(f"/runs/{run}")
        if found["status"] not in ("queued", "running") and api.get(f"/runs/{run}/overview")["steps"] == 5:
            break
        time.sleep(0.1)
    assert (found["status"], found["error"]) == ("done", None)
    return found


def opened(builder: Builder, run: str, span: str | None = None) -> Page:
    """The trace page of a run, once its steps are there."""
    builder.page.goto(f"{builder.url}/runs?run={run}" + (f"&span={span}" if span else ""))
    expect(builder.page.locator("[data-span]").first).to_be_visible(timeout=PATIENCE)
    return builder.page


def node(page: Page, id: str) -> Locator:
    return page.locator(f"[data-node={id}]")


def test_a_run_is_replayed_on_its_graph(builder: Builder, number: str) -> None:
    """Step by step, by the handle and by playing: the graph shows what had run by then, the tree follows."""
    page = opened(builder, number)
    words = page.get_by_test_id("step-words")
    expect(node(page, "finish")).to_have_attribute("data-state", "ok")
    page.get_by_label("One step on").click()
    expect(words).to_contain_text("Step 1 of 5 · Start")
    expect(node(page, "draft")).to_have_attribute("data-state", "never")
    page.keyboard.press("j")
    expect(words).to_contain_text("Step 2 of 5 · Draft")
    expect(node(page, "draft")).to_have_attribute("data-state", "ok")
    expect(node(page, "polish")).to_contain_text("not yet")
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_contain_text("Draft")
    page.get_by_test_id("scrubber").focus()
    page.keyboard.press("End")
    expect(words).to_contain_text("Step 5 of 5 · Finish")
    page.keyboard.press("Home")
    expect(words).to_contain_text("Step 1 of 5")
    page.get_by_role("tree", name="Steps of the run").focus()
    page.keyboard.press("Space")
    expect(words).to_contain_text("Step 5 of 5")
    expect(page.get_by_test_id("replay-play")).to_have_attribute("aria-label", "Play")


def test_the_handle_is_dragged(builder: Builder, number: str) -> None:
    """Dragging the handle to the start shows the first step."""
    page = opened(builder, number)
    box: Any = page.get_by_test_id("scrubber").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 14)
    page.mouse.down()
    page.mouse.move(box["x"] + 1, box["y"] + 14, steps=5)
    page.mouse.up()
    expect(page.get_by_test_id("step-words")).to_contain_text("Step 1 of 5")


def test_the_tree_is_walked_with_the_keyboard(builder: Builder, number: str) -> None:
    """Arrows, Home and End move; left closes, right opens."""
    page = opened(builder, number)
    page.get_by_role("tree", name="Steps of the run").focus()
    selected = page.locator("[role=treeitem][aria-selected=true]")
    page.keyboard.press("Home")
    expect(selected).to_contain_text("Rounds")
    rows = page.locator("[role=treeitem]")
    all_rows = rows.count()
    page.keyboard.press("ArrowLeft")
    expect(rows).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(rows).to_have_count(all_rows)
    page.keyboard.press("ArrowDown")
    expect(selected).to_contain_text("Start")
    page.keyboard.press("End")
    expect(selected).to_contain_text("Finish")


def test_words_are_found_in_the_run_and_in_all_runs(builder: Builder, number: str) -> None:
    """Slash goes to the field; what is found stands alone, marked; Enter walks; all runs have it too."""
    page = opened(builder, number)
    page.keyboard.press("/")
    page.keyboard.type("draft on apples")
    expect(page.get_by_test_id("found")).to_contain_text("1 found")
    hit = page.locator(".hit-row")
    expect(hit).to_have_count(1)
    expect(hit.locator("mark").first).to_have_text("Draft")
    page.keyboard.press("Enter")
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_have_attribute("data-operation", "chat")
    page.get_by_role("radio", name="All runs").click()
    expect(page.get_by_test_id("found-span").first).to_contain_text(number)
    page.get_by_role("radio", name="Waterfall").click()
    page.get_by_label("Search in this run").press("Escape")
    expect(page.locator("[role=treeitem]").first).to_contain_text("Rounds")


def test_a_step_is_commented_on(builder: Builder, number: str) -> None:
    """The comment stays after a reload, counted in the tree, with its author; it can be edited and removed."""
    page = opened(builder, number)
    page.locator("[data-operation=invoke_node]", has_text="Draft").click()
    expect(page.locator("[data-panel]")).to_contain_text("Draft on apples")
    page.keyboard.press("c")
    page.get_by_test_id("comment-text").fill("This draft is too short.")
    page.get_by_test_id("comment-author").fill("Ada")
    page.get_by_test_id("comment-send").click()
    expect(page.get_by_test_id("comment")).to_contain_text("Ada")
    page.reload()
    expect(page.locator("[data-operation=invoke_node]", has_text="Draft").locator(".said")).to_have_text("1")
    comment = page.get_by_test_id("comment")
    expect(comment).to_contain_text("This draft is too short.")
    comment.hover()
    comment.get_by_label("Edit the comment").click()
    page.get_by_label("Edit the comment").last.fill("It is fine.")
    page.get_by_role("button", name="Save").click()
    expect(comment).to_contain_text("It is fine.")
    expect(comment).to_contain_text("edited")
    comment.hover()
    comment.get_by_label("Remove the comment").click()
    expect(comment).to_have_count(0)


def test_a_link_leads_to_the_span(builder: Builder, number: str, api: Api) -> None:
    """The copied link, opened anew, shows the same span with its prompt as it was sent, its state beside it."""
    page = opened(builder, number)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-operation=invoke_node]", has_text="Keep").click()
    panel = page.locator("[data-panel]")
    expect(panel.locator("[data-variable=drafts] ins")).to_contain_text("Hello there, Ada.")
    page.locator("[data-operation=chat]").first.click()
    expect(panel).to_contain_text("Draft on apples.")
    page.get_by_test_id("copy-link").click()
    link = page.evaluate("() => navigator.clipboard.readText()")
    span = re.search(r"span=([0-9a-f]{16})", link)
    assert span and f"run={number}" in link
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("[data-panel]")).to_have_attribute("data-of", span.group(1))
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_have_attribute("data-span", span.group(1))
    expect(page.locator("[data-panel]")).to_contain_text("Draft on apples.")


def test_heat_is_switched(builder: Builder, number: str) -> None:
    """Nodes say seconds, tokens or dollars, or nothing of the kind."""
    page = opened(builder, number)
    page.get_by_role("radio", name="Tokens").click()
    expect(node(page, "draft")).to_contain_text("tok")
    page.get_by_role("radio", name="Cost").click()
    expect(node(page, "start")).to_contain_text("$0")
    page.get_by_role("radio", name="Time").click()
    expect(node(page, "draft")).to_contain_text(" s")


def test_the_conversation_and_the_runs_to_compare_with(builder: Builder, number: str) -> None:
    """The model calls read as a talk; the button offers other runs of the workflow."""
    page = opened(builder, number)
    page.get_by_role("radio", name="Conversation").first.click()
    talk = page.get_by_role("region", name="Conversation of the run")
    expect(talk.locator(".bubble.user").first).to_contain_text("Draft on apples.")
    expect(talk.locator(".bubble.assistant").first).to_contain_text("Hello there, Ada.")
    page.get_by_test_id("compare-with").click()
    expect(page.get_by_role("menu", name="Compare with")).to_contain_text("no other run")


def test_a_span_that_is_gone_is_said(builder: Builder, number: str) -> None:
    """A link to an unknown span shows the run, and what is wrong with the link."""
    page = opened(builder, number, "0" * 16)
    expect(page.get_by_role("alert")).to_contain_text("no span")
    expect(page.locator("[data-panel]")).to_contain_text("Hello there, Ada.")


def test_a_fork_shows_where_it_comes_from(builder: Builder, number: str, api: Api) -> None:
    """The header draws the line of runs, kept steps are marked, and the two are compared with a click."""
    spans = api.get(f"/runs/{number}/spans")["spans"]
    polish = next(each for each in spans if each["node_id"] == "polish" and each["operation"] == "invoke_node")
    changes = {"config": {"polish": {"prompt": "Polish well: {{text}}"}}}
    made = api.post(f"/runs/{number}/fork", {"span": polish["id"], "changes": changes})
    ended(api, made["run_id"])
    page = opened(builder, made["number"])
    lineage = page.get_by_role("navigation", name="Forks")
    expect(lineage).to_contain_text("at polish, other settings")
    expect(page.locator("[data-operation=invoke_node]", has_text="Draft")).to_contain_text("kept")
    lineage.get_by_role("button", name=number).click()
    expect(page.locator(".rh-number")).to_have_text(number, timeout=PATIENCE)
    page.get_by_test_id("compare-with").click()
    page.get_by_role("menuitem", name=made["number"]).click()
    expect(page).to_have_url(re.compile(f"/compare.*left={number}.*right={made['number']}"), timeout=PATIENCE)


def test_a_run_is_followed_while_it_goes_on(builder: Builder, app: App, api: Api) -> None:
    """Steps come in as they are written; the graph shows what runs; in the end all is done."""
    slow = [{"node": "draft", "text": "Pears."}, {"node": "polish", "text": "Ripe pears.", "seconds": 8}]
    (app.home / "scripts" / "pace.json").write_text(json.dumps({"replies": slow}))
    workflow = api.new(ROUNDS)
    run = api.post(f"/workflows/{workflow}/runs", {"inputs": {"topic": "pears"}, "model": "scripted:pace"})["run_id"]
    page = opened(builder, api.get(f"/runs/{run}")["number"])
    expect(node(page, "polish")).to_have_attribute("data-state", "running", timeout=PATIENCE)
    expect(page.locator("[data-operation=invoke_node]", has_text="Finish")).to_have_count(0)
    expect(page.locator("[data-operation=invoke_node]", has_text="Finish")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator(".rh .chip")).to_contain_text("Done")
    expect(node(page, "finish")).to_have_attribute("data-state", "ok")
