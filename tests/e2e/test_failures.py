"""What went wrong, in a real Chromium: read in the trace, followed to its span, forked with the feedback."""

import json
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import PATIENCE, Builder
from tests.e2e.conftest import tab
from tests.e2e.scripts import GREETING

pytestmark = pytest.mark.browser

TOLD = "Ada\n\nAn earlier attempt went wrong here. Mind this:"
CUT = {"text": "Hello there, A", "finish_reason": "length"}
VERDICT = {"step": 1, "reason": "It broke off in the middle.", "feedback": "Answer in three words."}
DOCTOR = [
    {"node": "think", "text": "Step 1 broke off."}, {"node": "module", "data": {"label": "system"}},
    {"node": "verdict", "data": {"answer": VERDICT}},
]  # fmt: skip


@pytest.fixture
def builder(browser: Browser, app: App) -> Iterator[Builder]:
    """A tab whose errors fail the test."""
    with tab(browser, app, expected=r"/runs/_stcore/") as opened:
        yield opened


@pytest.fixture(scope="module")
def number(app: App, api: Api) -> str:
    """A run whose first answer was cut; forked, the same model answers in full."""
    whole = {"text": "Hello there, Ada.", "match": "Mind this"}
    for name, replies in {"cut": [whole, {**CUT, "repeat": True}], "doctor": DOCTOR}.items():
        (app.home / "scripts" / f"{name}.json").write_text(json.dumps({"name": name, "replies": replies}))
    workflow = api.new(GREETING)
    run = api.post(f"/workflows/{workflow}/runs", {"inputs": {"name": "Ada"}, "model": "scripted:cut"})["run_id"]
    return str(ended(api, run)["number"])


def ended(api: Api, run: str) -> dict[str, object]:
    for _ in range(200):
        found = api.get(f"/runs/{run}")
        if found["status"] not in ("queued", "running"):
            return found
        time.sleep(0.1)
    raise AssertionError(f"the run {run} did not end")


def whole_run(builder: Builder, number: str) -> Page:
    """The trace with the run itself chosen."""
    page = builder.page
    page.goto(f"{builder.url}/runs?run={number}")
    expect(page.locator("[data-span]").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("tree", name="Steps of the run").focus()
    page.keyboard.press("Home")
    look_for_it(page)
    return page


def look_for_it(page: Page) -> None:
    """Of a run that is done it is only said when asked for."""
    page.get_by_role("button", name="Look for what went wrong").click()
    expect(page.get_by_test_id("failures")).to_be_visible(timeout=PATIENCE)


def test_a_finding_leads_to_its_span_and_to_a_fork_that_is_told_of_it(builder: Builder, api: Api, number: str) -> None:
    """The cut answer is named; a click shows the call; the fork dialog has the feedback, and the fork goes well."""
    page = whole_run(builder, number)
    finding = page.locator("[data-finding=truncated_answer]")
    expect(finding).to_contain_text("The answer was cut after")
    finding.get_by_test_id("finding-span").click()
    selected = page.locator("[role=treeitem][aria-selected=true]")
    expect(selected).to_have_attribute("data-operation", "chat")
    page.get_by_role("tree", name="Steps of the run").focus()
    page.keyboard.press("Home")
    look_for_it(page)
    page.get_by_test_id("fork-with-feedback").first.click()
    told = "Answer in far fewer words: the last answer was cut off in the middle."
    expect(page.get_by_test_id("fork-input-name")).to_have_value(f"{TOLD} {told}")
    page.get_by_test_id("fork-send").click()
    expect(page.get_by_test_id("fork")).to_have_count(0)
    parent = api.get(f"/runs/{number}")["id"]
    (made,) = [each for each in api.get("/runs")["runs"] if each["parent_id"] == parent]
    forked = ended(api, made["id"])
    assert (forked["status"], forked["outputs"]) == ("done", {"answer": "Hello there, Ada."})


def test_a_model_says_what_went_wrong(builder: Builder, api: Api, number: str) -> None:
    """Asked for it, the default model names module, reason and feedback, with a fork of its own."""
    api.put("/models/default", {"reference": "scripted:doctor"})
    page = whole_run(builder, number)
    page.get_by_test_id("ask-model").click()
    said = page.get_by_test_id("diagnosis")
    expect(said).to_contain_text("It broke off in the middle.", timeout=PATIENCE)
    expect(said).to_contain_text("system")
    said.get_by_test_id("fork-with-feedback").click()
    expect(page.get_by_test_id("fork-input-name")).to_have_value(f"{TOLD} Answer in three words.")
