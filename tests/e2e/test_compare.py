"""Two runs compared in a real browser: picked from the list, on the graph, word by word, by keyboard alone."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from graphs.document import Document, content_hash
from store.database import Database
from store.home import Home
from store.runs import Runs
from store.spans import SpanWriter
from store.workflows import Workflows
from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import Builder, box_of
from tests.e2e.conftest import tab

pytestmark = pytest.mark.browser

PROBES: Final = "/_stcore/(health|host-config)\\]$"
LENIENT: Final = "Check the draft. Reply accept or revise."
STRICT: Final = (
    "Recompute each step from the problem text before you decide. "
    "Reply accept or revise, and name the first wrong step."
)
TUTOR: Final[dict[str, Any]] = {
    "title": "Maths tutor",
    "inputs": {"problem": {"title": "What should I solve?"}},
    "outputs": {"answer": {"type": "text", "title": "Answer"}},
    "limits": {"steps": 40},
    "nodes": {
        "start": {"kind": "start"},
        "plan": {"kind": "planning.plan", "label": "Plan"},
        "solve": {
            "kind": "agent", "label": "Solve",
            "config": {"prompt": "Solve {{problem}}\nPlan: {{plan}}\n{{#feedback}}Mind: {{feedback}}{{/feedback}}"},
        },
        "critique": {"kind": "prompt", "label": "Critique", "config": {"prompt": f"{LENIENT}\n\nDraft: {{{{draft}}}}"}},
        "verdict": {
            "kind": "control.route", "label": "Verdict",
            "config": {"routes": [{"name": "revise", "when": "value.startsWith('revise')"}]},
        },
        "finish": {"kind": "finish", "label": "Finish"},
        "calculator": {"kind": "tool.calculator", "label": "Calculator"},
    },
    "edges": {
        "flow": [
            "start -> plan", "plan -> solve", "solve -> critique", "critique -> verdict",
            "verdict.revise -> solve", "verdict.otherwise -> finish",
        ],
        "data": [
            "start.problem -> plan.goal", "start.problem -> solve.problem", "plan.plan -> solve.plan",
            "critique.answer -> solve.feedback", "solve.answer -> critique.draft", "critique.answer -> verdict.value",
            "solve.answer -> finish.answer",
        ],
        "attach": ["calculator -> solve.tools"],
    },
}  # fmt: skip
WRONG: Final = "(80,000 + 50,000) × 1.5 = 195,000; 195,000 − 130,000. Answer: 65,000"
RIGHT: Final = "150% of 80,000 is 120,000, so the house is worth 200,000; minus 130,000. Answer: 70,000"
OBJECTION: Final = "revise: the 150% is of the price paid, 80,000, not of 130,000."
REPLIES: Final[list[dict[str, Any]]] = [
    {"node": "plan", "data": {"steps": ["Find the value of the house", "Subtract what was paid"]}},
    {"node": "solve", "tool_calls": [{"name": "calculator", "arguments": {"expression": "(80000 + 50000) * 1.5"}}]},
    {"node": "solve", "text": WRONG, "seconds": 0.2},
    {"node": "critique", "match": "(?s)Recompute.*65,000", "text": OBJECTION},
    {"node": "critique", "text": "accept", "repeat": True},
    {"node": "solve", "tool_calls": [{"name": "calculator", "arguments": {"expression": "80000 * 1.5"}}]},
    {"node": "solve", "text": RIGHT, "seconds": 0.3},
]  # fmt: skip
PROBLEM: Final = "A house for $80,000 with $50,000 of repairs rises in value by 150%. What is the profit?"


def run(api: Api, workflow: str) -> str:
    """Run the workflow to its end; the number of the run."""
    given = {"inputs": {"problem": PROBLEM}, "model": "scripted:house"}
    id = api.post(f"/workflows/{workflow}/runs", given)["run_id"]
    for _ in range(400):
        found = api.get(f"/runs/{id}")
        if found["status"] not in ("queued", "running"):
            assert found["status"] == "done", found["error"]
            return str(found["number"])
        time.sleep(0.05)
    raise AssertionError(f"the run is still {found['status']}")


def edit(api: Api, workflow: str, node: str, key: str, value: Any) -> None:
    """Change a setting of the stored workflow."""
    revision = api.get(f"/workflows/{workflow}")["revision"]
    ops = [{"op": "set_config", "id": node, "key": key, "value": value}]
    body = {"client": "test", "batches": [{"seq": revision, "ops": ops, "label": "edit"}]}
    api.call("PATCH", f"/workflows/{workflow}", body, **{"If-Match": str(revision)})


@pytest.fixture(scope="module")
def two(app: App, api: Api) -> Iterator[tuple[str, str]]:
    """A run that is wrong, and one after the critique's prompt was edited, which is right."""
    script = {"name": "house", "replies": REPLIES}
    (app.home / "scripts" / "house.json").write_text(json.dumps(script))
    workflow = api.new(TUTOR)
    wrong = run(api, workflow)
    edit(api, workflow, "critique", "prompt", f"{STRICT}\n\nDraft: {{{{draft}}}}")
    yield wrong, run(api, workflow)


@pytest.fixture
def builder(browser: Browser, app: App) -> Iterator[Builder]:
    """A tab on any page: Streamlit looks for its own addresses below the page's path first, and finds none there."""
    with tab(browser, app, expected=PROBES) as opened:
        yield opened


def open_comparison(builder: Builder, left: str, right: str) -> Page:
    """The page by its address."""
    builder.page.goto(f"{builder.url}/compare?left={left}&right={right}")
    expect(builder.page.get_by_test_id("visit-panel")).to_be_visible()
    return builder.page


def test_two_rows_of_the_list_are_compared(builder: Builder, two: tuple[str, str]) -> None:
    """Switch, two rows, one button: the comparison opens, and its address says which runs it is of."""
    page = builder.page
    page.goto(f"{builder.url}/runs")
    page.get_by_text("Pick two to compare").click()
    expect(page.get_by_text("0 of 2 chosen")).to_be_visible()
    # The table is a canvas; its first column, 30 px a row below a head of 38, holds the boxes.
    box = box_of(page.get_by_test_id("stDataFrame").locator("canvas").first)
    page.mouse.click(box["x"] + 16, box["y"] + 53)
    expect(page.get_by_text("1 of 2 chosen")).to_be_visible()
    page.mouse.click(box["x"] + 16, box["y"] + 83)
    page.get_by_role("button", name=f"Compare {two[0]} with {two[1]}").click()
    expect(page.get_by_test_id("run-a")).to_contain_text(two[0])
    expect(page.get_by_test_id("run-b")).to_contain_text(two[1])
    expect(page).to_have_url(re.compile(rf"/compare\?left={two[0]}&right={two[1]}"))


def test_the_first_difference_is_marked_and_opened(builder: Builder, two: tuple[str, str]) -> None:
    """The graph flags the edited critique; its panel has the words that changed and what they led to."""
    page = open_comparison(builder, *two)
    expect(page.get_by_test_id("first-flag")).to_have_text("First difference · Critique")
    tones = {
        node: page.get_by_test_id(f"cmp-{node}").get_attribute("data-tone")
        for node in ("start", "plan", "solve", "critique", "verdict", "finish")
    }
    assert tones == {
        "start": "same", "plan": "same", "solve": "changed", "critique": "changed", "verdict": "changed",
        "finish": "changed",
    }  # fmt: skip
    panel = page.get_by_test_id("visit-panel")
    expect(panel.get_by_role("heading", name="Critique visit 1")).to_be_visible()
    expect(panel).to_contain_text(
        "First difference. Input equal, prompt changed, calls answered otherwise, output differs."
    )
    expect(panel.locator("del").first).to_contain_text("Check the draft")
    expect(panel.locator("ins").first).to_contain_text("Recompute each step from the problem text before you")
    expect(panel.locator("section", has_text="What it led to")).to_contain_text("65,000")
    expect(panel.locator("section", has_text="What it led to")).to_contain_text("70,000")
    only_right = page.locator("path.p-b[data-edge='verdict.revise -> solve']")
    expect(only_right).to_have_count(1)
    expect(page.locator("path.p-a[data-edge='verdict.revise -> solve']")).to_have_count(0)
    expect(page.get_by_text("B: revise", exact=True)).to_be_visible()


def test_everything_goes_by_keyboard(builder: Builder, two: tuple[str, str]) -> None:
    """J and K go from difference to difference, F to the first, arrows along the graph, W turns the texts."""
    page = open_comparison(builder, *two)
    heading = page.get_by_test_id("visit-panel").get_by_role("heading", level=2)
    expect(heading).to_have_text("Critique visit 1")
    page.keyboard.press("j")
    expect(heading).to_have_text("Verdict visit 1")
    page.keyboard.press("j")
    expect(heading).to_have_text("Solve visit 2")
    expect(page.get_by_test_id("visit-panel")).to_contain_text("Only B has this visit.")
    page.keyboard.press("k")
    expect(heading).to_have_text("Verdict visit 1")
    page.keyboard.press("f")
    expect(heading).to_have_text("Critique visit 1")
    page.get_by_test_id("cmp-critique").focus()
    page.keyboard.press("ArrowLeft")
    expect(heading).to_have_text("Solve visit 2")  # its first visit is equal: the one that differs is shown
    expect(page.get_by_test_id("cmp-solve")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(heading).to_have_text("Critique visit 1")
    expect(page.locator(".beside")).to_have_count(0)
    page.keyboard.press("w")
    expect(page.locator(".beside").first).to_be_visible()
    builder.go("lists")
    builder.go("panel")
    builder.go("graph")


def test_tables_list_nodes_steps_and_edits(builder: Builder, two: tuple[str, str]) -> None:
    """By node with figures, by step in order, the workflow's edits in words; equal ones leave on demand."""
    page = open_comparison(builder, *two)
    solve = page.get_by_test_id("row-solve")
    expect(solve).to_contain_text("1 → 2")
    expect(page.get_by_test_id("row-start")).to_contain_text("same")
    page.get_by_test_id("only-changed").click()
    expect(page.get_by_test_id("row-start")).to_have_count(0)
    expect(solve).to_be_visible()
    page.get_by_test_id("tab-steps").click()
    steps = page.get_by_test_id("steps")
    expect(steps.get_by_role("option")).to_have_count(6)
    expect(steps.get_by_role("option").first).to_contain_text("Critique visit 1")
    steps.focus()
    page.keyboard.press("End")
    expect(page.get_by_test_id("visit-panel").get_by_role("heading", level=2)).to_have_text("Finish visit 1")
    page.get_by_test_id("tab-workflow").click()
    changes = page.get_by_test_id("changes")
    expect(changes).to_contain_text("critique: prompt changed")
    expect(changes.locator("ins").first).to_be_visible()


def test_runs_are_swapped_and_chosen_in_place(builder: Builder, two: tuple[str, str]) -> None:
    """S swaps; a click on a card's arrow lists runs to choose from; without runs both are asked for."""
    page = open_comparison(builder, *two)
    page.keyboard.press("s")
    expect(page.get_by_test_id("run-a")).to_contain_text(two[1])
    expect(page).to_have_url(re.compile(rf"left={two[1]}&right={two[0]}"))
    page.get_by_test_id("pick-b").click()
    page.get_by_test_id(f"choose-{two[1]}").click()
    expect(page.get_by_text("Both runs did the same.")).to_be_visible()
    page.goto(f"{builder.url}/compare")
    page.get_by_test_id("choose-left").get_by_test_id(f"choose-{two[0]}").click()
    page.get_by_test_id("choose-right").get_by_test_id(f"choose-{two[1]}").click()
    expect(page.get_by_test_id("visit-panel")).to_be_visible()


def test_a_step_leads_to_its_trace(builder: Builder, two: tuple[str, str]) -> None:
    """The panel's button opens the run on that very step."""
    page = open_comparison(builder, *two)
    page.get_by_role("button", name="Trace of B").click()
    expect(page).to_have_url(re.compile(rf"/runs\?run={two[1]}&span="))


def test_a_fork_is_made_here_and_compared_with_its_parent(builder: Builder, two: tuple[str, str]) -> None:
    """Forked at the critique with the other prompt: what came before is taken over, and equal."""
    page = open_comparison(builder, two[1], two[0])
    page.get_by_test_id("fork-here").click()
    page.get_by_test_id("fork-config-prompt").fill(f"{STRICT}\n\nDraft: {{{{draft}}}}")
    page.get_by_test_id("fork-send").click()
    expect(page.get_by_test_id("run-a")).to_contain_text(two[0])
    expect(page.get_by_test_id("run-b")).not_to_contain_text(two[0])
    expect(page.get_by_test_id("cmp-solve")).to_contain_text("×2")
    expect(page.get_by_test_id("cmp-plan")).to_contain_text("taken over")
    expect(page.get_by_test_id("first-flag")).to_have_text("First difference · Critique")
    page.get_by_test_id("cmp-plan").click()
    expect(page.get_by_test_id("visit-panel")).to_contain_text("Taken over from the other run.")


def test_a_setting_of_either_run_goes_into_the_workflow(builder: Builder, api: Api, two: tuple[str, str]) -> None:
    """One click puts the prompt of the other run into the stored workflow, and one puts it back."""
    page = open_comparison(builder, *two)
    workflow = api.get(f"/runs/{two[0]}")["workflow_id"]
    for letter, prompt in (("A", LENIENT), ("B", STRICT)):
        page.get_by_role("button", name=f"Use {letter}’s in the workflow").click()
        expect(page.get_by_text(f"The workflow now has {letter}’s.")).to_be_visible()
        assert api.nodes(workflow)["critique"]["config"]["prompt"].startswith(prompt)


def test_long_runs_are_read_in_windows(builder: Builder, app: App) -> None:
    """Of 5,000 steps only those in sight are read, at the start and at the end; the last difference is reached."""
    left, right = (long_run(app, name, 5_000) for name in ("left", "right"))
    asked: list[str] = []
    builder.page.on("request", lambda request: asked.append(request.url))
    page = open_comparison(builder, left, right)
    expect(page.get_by_test_id("visit-panel").get_by_role("heading", level=2)).to_have_text("Work visit 100")
    page.get_by_test_id("tab-steps").click()
    steps = page.get_by_test_id("steps")
    expect(steps.get_by_role("option").first).to_contain_text("Work visit 1")
    steps.focus()
    page.keyboard.press("End")
    expect(steps.get_by_role("option").last).to_contain_text("Work visit 5000")
    page.keyboard.press("End")
    expect(page.get_by_test_id("visit-panel").get_by_role("heading", level=2)).to_have_text("Work visit 5000")
    windows = [url for url in asked if "/compare/visits?" in url]
    assert 2 <= len(windows) <= 4
    assert not [url for url in asked if "/spans" in url]


def long_run(app: App, name: str, steps: int) -> str:
    """A run with a trace of so many visits of one node, every hundredth of which names the run; its number."""
    database = Database(Home(app.home).database)
    document = Document.model_validate({"nodes": {"work": {"kind": "prompt", "label": "Work"}}})
    hash = content_hash(document)
    Workflows(database).pin(document.model_dump(mode="json"), hash)
    runs, writer = Runs(database, Home(app.home).run_folder), SpanWriter(database)
    run = runs.create(title="Long", version_hash=hash, inputs={})
    base = {"run_id": run.id, "status": "ok"}
    root = f"{run.id[:8]}{0:08x}"
    writer.put({**base, "id": root, "operation": "invoke_workflow", "name": "Long", "started_at": 1.0, "ended_at": 1e5})
    for visit in range(1, steps + 1):
        writer.put({
            **base, "id": f"{run.id[:8]}{visit:08x}", "parent_id": root, "operation": "invoke_node", "name": "Work",
            "node_id": "work", "kind": "prompt", "visit": visit, "started_at": 1.0 + visit, "ended_at": 1.5 + visit,
            "outcome": "done", "output": {"answer": name if visit % 100 == 0 else "the same"},
        })  # fmt: skip
        if visit % 1_000 == 0:
            writer.flush()
    writer.close()
    runs.update(run.id, status="done", started_at=1.0, ended_at=1e5, outputs={})
    database.close()
    return run.number


def test_an_unknown_run_is_said(builder: Builder, two: tuple[str, str]) -> None:
    """In words, with a way on."""
    page = builder.page
    page.goto(f"{builder.url}/compare?left={two[0]}&right=r-9999")
    expect(page.get_by_text("There is no run")).to_be_visible()
    page.get_by_role("button", name="Choose other runs").click()
    expect(page.get_by_test_id("choose-left")).to_be_visible()
