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
    whole = {"text": "Hello there, Ada.", "match": "Mind this", "repeat": True}
    doctors = {"doctor": DOCTOR, "doctor_again": DOCTOR}
    for name, replies in {"cut": [whole, {**CUT, "repeat": True}], **doctors}.items():
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
    look = page.get_by_role("button", name="Look for what went wrong")
    shown = page.get_by_test_id("failures")
    expect(look.or_(shown)).to_be_visible(timeout=PATIENCE)
    if look.count():  # not where corrections were tried
        look.click()
    expect(shown).to_be_visible(timeout=PATIENCE)


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


def test_the_fork_that_a_diagnosis_proposes_runs_with_its_feedback(builder: Builder, api: Api, number: str) -> None:
    """One click on what the model blames, one to send: the blamed step is told, and the fork goes well."""
    page = whole_run(builder, number)
    if page.get_by_test_id("ask-model").count():
        api.put("/models/default", {"reference": "scripted:doctor_again"})
        page.get_by_test_id("ask-model").click()
    page.get_by_test_id("diagnosis").get_by_test_id("fork-with-feedback").click()
    page.get_by_test_id("fork-label").fill("told by the diagnosis")
    page.get_by_test_id("fork-send").click()
    expect(page.get_by_test_id("fork")).to_have_count(0)
    (made,) = [each for each in api.get("/runs")["runs"] if each["label"] == "told by the diagnosis"]
    forked = ended(api, made["id"])
    assert (forked["status"], forked["outputs"]) == ("done", {"answer": "Hello there, Ada."})
    spans = api.get(f"/runs/{made['id']}/spans")["spans"]
    (asked,) = [span["input"][-1]["content"] for span in spans if span["operation"] == "chat"]
    assert "Mind this: Answer in three words." in asked


def look_at_corrections(page: Page) -> None:
    page.get_by_test_id("corrections-look").click()
    expect(page.get_by_test_id("corrections-goal")).to_be_visible(timeout=PATIENCE)


def test_corrections_are_tried_until_one_turns_the_outcome(builder: Builder, api: Api, number: str) -> None:
    """The steps and the cost first; then a fork for each; the decisive step is marked on tree and graph for good."""
    page = whole_run(builder, number)
    look_at_corrections(page)
    page.get_by_test_id("corrections-goal").select_option("condition")
    candidate = page.get_by_test_id("candidate")
    expect(candidate).to_have_count(1)
    expect(candidate).to_contain_text("Greet")
    expect(candidate).to_contain_text("is told: Answer in far fewer words")
    expect(candidate).to_contain_text("1 call")
    expect(page.get_by_test_id("corrections-cost")).to_contain_text("One fork, about 1 model call")
    expect(page.get_by_test_id("corrections-begin")).to_be_disabled()
    before = len(api.get("/runs")["runs"])
    page.get_by_test_id("corrections-expect").fill("outputs.answer == 'Hello there, Ada.'")
    page.get_by_test_id("corrections-begin").click()
    expect(page.get_by_test_id("decisive")).to_contain_text("greet decided", timeout=PATIENCE)
    trial = page.get_by_test_id("trial")
    expect(trial).to_contain_text("turned the outcome")
    (made, *_) = runs = api.get("/runs")["runs"]
    assert len(runs) == before + 1 and (made["label"], made["status"]) == ("what if", "done")
    expect(trial).to_contain_text(made["number"])
    expect(page.locator("[role=treeitem] [data-trial=decisive]")).to_have_count(1)
    expect(page.locator("[data-node=greet] [data-trial=decisive]")).to_be_visible()
    page.reload()
    expect(page.locator("[role=treeitem] [data-trial=decisive]")).to_have_count(1, timeout=PATIENCE)
    page.get_by_role("tree", name="Steps of the run").focus()
    page.keyboard.press("Home")
    page.get_by_test_id("trial").get_by_role("button", name=made["number"]).click()
    expect(page.locator(".rh-number")).to_have_text(made["number"], timeout=PATIENCE)


def test_trying_corrections_is_cancelled(builder: Builder, api: Api, app: App) -> None:
    """While a fork works, Cancel stops it and no further one is made."""
    slow = [{"text": "Hello " * 100, "match": "Mind this", "seconds": 60, "repeat": True}, {**CUT, "repeat": True}]
    (app.home / "scripts" / "slow_fork.json").write_text(json.dumps({"name": "slow_fork", "replies": slow}))
    body = {"inputs": {"name": "Ada"}, "model": "scripted:slow_fork"}
    run = ended(api, api.post(f"/workflows/{api.new(GREETING)}/runs", body)["run_id"])
    page = whole_run(builder, str(run["number"]))
    look_at_corrections(page)
    page.get_by_test_id("corrections-expect").fill("outputs.answer == 'never'")
    page.get_by_test_id("corrections-begin").click()
    expect(page.get_by_test_id("trial-now")).to_contain_text("greet", timeout=PATIENCE)
    expect(page.locator("[role=treeitem] [data-trial=trying]")).to_have_count(1)
    page.get_by_test_id("corrections-cancel").click()
    expect(page.get_by_test_id("trials")).to_have_attribute("data-state", "cancelled", timeout=PATIENCE)
    (fork,) = [each for each in api.get("/runs")["runs"] if each["parent_id"] == run["id"]]
    assert ended(api, fork["id"])["status"] == "stopped"
