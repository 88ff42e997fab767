"""Stop a run, look, change it, go on; fork it, run a part of it, pin a node: by mouse and by keyboard."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.builder import Builder
from tests.e2e.conftest import SERVER_DOWN, serving, signed_in, tab
from tests.e2e.scripts import LETTER, LETTERS, STEPS

pytestmark = pytest.mark.browser

"""What the browser and Streamlit's own script write to the console while no server answers; nothing of ours."""


@pytest.fixture
def letter(builder: Builder, api: Api) -> str:
    """The letter workflow, open on the canvas; its id."""
    return _open_letter(builder, api)


def _open_letter(builder: Builder, api: Api) -> str:
    api.put("/models/default", {"reference": "scripted:letter"})
    workflow = api.new(LETTER)
    builder.open(workflow)
    builder.page.get_by_label("Fit to view").click()
    return workflow


def _runs(api: Api, workflow: str) -> list[dict[str, Any]]:
    """Runs of a workflow, the newest first."""
    return api.get(f"/runs?workflow={workflow}")["runs"]


def _spans(api: Api, run: dict[str, Any]) -> list[dict[str, Any]]:
    """The trace of a run that is done, once it is written: that happens beside the run."""
    for _ in range(100):
        spans: list[dict[str, Any]] = api.get(f"/runs/{run['id']}/spans")["spans"]
        if any(span["parent_id"] is None and span["status"] == "ok" for span in spans):
            return spans
        time.sleep(0.1)
    raise AssertionError(f"the trace of {run['number']} was never finished")


def _asked(api: Api, run: dict[str, Any]) -> list[str]:
    """The nodes that asked a model, in order."""
    return [span["node_id"] for span in _spans(api, run) if span["operation"] == "chat"]


def _dot(builder: Builder, node: str, when: str = "before", **click: Any) -> None:
    """Click the breakpoint dot of a card, which shows when the card is pointed at."""
    builder.node(node).hover()
    builder.page.get_by_test_id(f"break-{when}-{node}").click(**click)


def _menu(builder: Builder, node: str, choice: str) -> None:
    """Choose from a card's context menu."""
    builder.node(node).locator(".nm").click(button="right")
    builder.page.get_by_test_id(choice).click()


def _run(page: Page) -> None:
    page.get_by_test_id("run").click()


def _answers(page: Page, text: str) -> None:
    expect(page.get_by_test_id("answer")).to_have_text(text)


def test_stop_change_the_state_step_and_continue_by_mouse(builder: Builder, api: Api, letter: str) -> None:
    """A run stops at a dot; a state variable changed there counts from then on; a step goes one node further."""
    page = builder.page
    _dot(builder, "draft")
    _run(page)
    builder.ends("draft", "stopped")
    expect(page.get_by_test_id("stop-bar")).to_contain_text("Stopped before Draft")
    expect(page.get_by_test_id("stop-input-name")).to_have_value("Ada")
    page.get_by_test_id("stop-state-tone").fill("rude")
    page.get_by_test_id("debug-over").click()
    builder.ends("draft", "done")
    builder.ends("review", "stopped")
    expect(page.get_by_test_id("stop-input-draft")).to_have_value("Ada, move!")
    expect(page.get_by_test_id("stop-state-tone")).to_have_value("rude")
    page.get_by_test_id("debug-continue").click()
    _answers(page, "It is impolite.")
    expect(page.get_by_test_id("stop-bar")).to_have_count(0)
    assert [run["status"] for run in _runs(api, letter)] == ["done"]


def test_stop_change_the_state_step_and_continue_by_keyboard(builder: Builder, api: Api, letter: str) -> None:
    """F9 sets the breakpoint, Ctrl Enter runs, F10 steps, F5 continues: no pointer is needed."""
    page = builder.page
    builder.go("canvas")
    builder.press("ArrowRight", "ArrowRight", "F9", "Control+Enter")  # nothing is selected yet: the start, the draft
    builder.ends("draft", "stopped")
    builder.go("settings")
    builder.tab_to("stop-state-tone")
    builder.press("Control+A")
    page.keyboard.insert_text("rude")
    builder.press("F10")
    builder.ends("review", "stopped")
    builder.go("canvas")
    builder.press("F5")
    _answers(page, "It is impolite.")
    assert len(_runs(api, letter)) == 1
    builder.press("F9")
    expect(page.get_by_test_id("break-before-draft")).to_have_attribute("aria-pressed", "true")


def test_a_stop_after_a_node_changes_what_it_gave(builder: Builder, api: Api, letter: str) -> None:
    """After a node its outputs can be changed; the node does not run again for that."""
    page = builder.page
    _menu(builder, "draft", "menu-break-after")
    _run(page)
    builder.ends("draft", "stopped")
    expect(page.get_by_test_id("stop-bar")).to_contain_text("Stopped after Draft")
    expect(page.get_by_test_id("stop-output-answer")).to_have_value("Dear Ada.")
    page.get_by_test_id("stop-output-answer").fill("Please move!")
    page.get_by_test_id("stop-continue").click()
    _answers(page, "It is impolite.")
    (run,) = _runs(api, letter)
    assert _asked(api, run) == ["draft", "review"]


def test_a_node_is_not_run_where_its_outputs_are_given(builder: Builder, api: Api, letter: str) -> None:
    """At a stop before a node, a person may write its outputs; the model is then not asked."""
    page = builder.page
    _dot(builder, "draft")
    _run(page)
    page.get_by_test_id("stop-instead").check()
    page.get_by_test_id("stop-output-answer").fill("Please move!")
    page.get_by_test_id("stop-continue").click()
    _answers(page, "It is impolite.")
    (run,) = _runs(api, letter)
    assert _asked(api, run) == ["review"]


def test_a_condition_decides_whether_a_run_stops(builder: Builder, letter: str) -> None:
    """The small editor takes CEL, refuses what is none, and the run stops only where it holds."""
    page = builder.page
    _dot(builder, "draft")
    _dot(builder, "draft", button="right")
    condition = page.get_by_test_id("break-condition")
    condition.fill("name == 'Eve'")
    expect(page.get_by_test_id("break-editor").get_by_role("alert")).to_contain_text("inputs.name")
    expect(page.get_by_test_id("break-keep")).to_be_disabled()
    condition.fill("inputs.name == 'Eve'")
    page.get_by_test_id("break-keep").click()
    _run(page)
    _answers(page, "It is polite.")
    page.get_by_test_id("input-name").fill("Eve")
    _run(page)
    builder.ends("draft", "stopped")
    page.reload()
    builder.ready()
    builder.ends("draft", "stopped")
    page.get_by_test_id("debug-stop").click()
    expect(page.get_by_test_id("resume")).to_be_visible()
    expect(page.get_by_test_id("break-before-draft")).to_have_attribute("aria-pressed", "true")


def test_a_running_run_pauses_and_takes_new_breakpoints(builder: Builder, api: Api) -> None:
    """While a node works, Pause stops the run before the next one; a dot set meanwhile holds, too."""
    api.put("/models/default", {"reference": "scripted:letter"})
    page = builder.page
    builder.open(api.new({**LETTER, "state": {"tone": {"type": "text", "default": "slow"}}}))
    page.get_by_label("Fit to view").click()
    _run(page)
    builder.ends("draft", "running")
    page.get_by_test_id("pause").click()
    builder.ends("review", "stopped")
    expect(page.get_by_test_id("stop-tab")).to_contain_text("You asked it to pause.")
    page.get_by_test_id("debug-stop").click()
    expect(page.get_by_test_id("resume")).to_be_visible()
    _run(page)
    builder.ends("draft", "running")
    _dot(builder, "review")
    builder.ends("review", "stopped")
    expect(page.get_by_test_id("stop-tab")).to_contain_text("A breakpoint is set here.")
    _dot(builder, "review")
    page.get_by_test_id("debug-continue").click()
    _answers(page, "It is polite.")


def test_a_value_of_another_type_is_not_sent(builder: Builder, letter: str) -> None:
    """A box that cannot be read says why and holds the command back."""
    page = builder.page
    _dot(builder, "review")
    _run(page)
    builder.ends("review", "stopped")
    page.get_by_test_id("stop-tab").get_by_role("button", name="JSON").first.click()
    page.get_by_test_id("stop-input-draft").fill('{"a": ')
    expect(page.get_by_test_id("stop-tab").get_by_role("alert")).to_contain_text("Not JSON")
    expect(page.get_by_test_id("stop-continue")).to_be_disabled()
    page.get_by_role("button", name="as it was").click()
    page.get_by_test_id("stop-continue").click()
    _answers(page, "It is polite.")


def test_fork_an_earlier_step_with_another_prompt(builder: Builder, api: Api, letter: str) -> None:
    """From a node's last run: another prompt there makes a run of its own, and the first stays as it was."""
    page = builder.page
    _run(page)
    _answers(page, "It is polite.")
    builder.select("draft")
    page.get_by_test_id("tab-run").click()
    page.get_by_test_id("live-fork").click()
    dialog = page.get_by_test_id("fork")
    expect(dialog).to_contain_text("at Draft")
    expect(page.get_by_test_id("fork-input-name")).to_have_value("Ada")
    page.get_by_test_id("fork-config-prompt").fill("Write to {{name}}, be rude.")
    page.get_by_test_id("fork-label").fill("ruder")
    page.get_by_test_id("fork-send").click()
    expect(dialog).to_have_count(0)
    _answers(page, "It is impolite.")
    expect(builder.node("start")).to_have_attribute("data-kept", "true")
    fork, first = _runs(api, letter)
    assert fork["parent_id"] == first["id"]
    assert (fork["label"], fork["outputs"]["answer"]) == ("ruder", "It is impolite.")
    assert (first["status"], first["outputs"]["answer"]) == ("done", "It is polite.")
    assert api.nodes(letter)["draft"]["config"]["prompt"] == LETTER["nodes"]["draft"]["config"]["prompt"]


def test_fork_from_the_trace_with_other_outputs(builder: Builder, api: Api, letter: str) -> None:
    """From a step of the trace: the node does not run, its outputs are written; the canvas shows the new run."""
    page = builder.page
    _run(page)
    _answers(page, "It is polite.")
    page.get_by_test_id("open-trace").click()
    page.locator("[data-operation=invoke_node]", has_text="Draft").last.click()
    page.get_by_test_id("fork-here").click()
    page.get_by_test_id("fork-instead").check()
    page.get_by_test_id("fork-output-answer").fill("Please move!")
    page.get_by_test_id("fork-send").click()
    builder.ready()
    _answers(page, "It is impolite.")
    assert _runs(api, letter)[0]["changes"]["outputs"] == {"draft": {"answer": "Please move!"}}


def test_fork_by_keyboard_with_another_state(builder: Builder, letter: str) -> None:
    """The context menu opens by Shift F10; the dialog is filled in and sent without a pointer."""
    page = builder.page
    builder.go("canvas")
    builder.press("ArrowRight", "ArrowRight", "Control+Enter")
    _answers(page, "It is polite.")
    builder.go("canvas")
    builder.press("Shift+F10")
    _choose(builder, "menu-fork")
    expect(page.get_by_test_id("fork-send")).to_be_visible()
    builder.tab_to("fork-state-tone")
    builder.press("Control+A")
    page.keyboard.insert_text("rude")
    builder.tab_to("fork-send")
    builder.press("Enter")
    _answers(page, "It is impolite.")


def _choose(builder: Builder, testid: str) -> None:
    """Go down an open menu to a line and press Enter."""
    for _ in range(20):
        if builder.focused_testid() == testid:
            return builder.press("Enter")
        builder.press("ArrowDown")
    raise AssertionError(f"the menu has no {testid}")


def test_run_changed_runs_only_what_changed(builder: Builder, api: Api, letter: str) -> None:
    """After an edit of the last prompt, the draft is kept and marked so, and only the review runs."""
    page = builder.page
    _run(page)
    _answers(page, "It is polite.")
    builder.select("review")
    page.get_by_test_id("tab-settings").click()
    page.get_by_test_id("field-prompt").fill("Is this short? {{draft}}")
    builder.saved()
    page.get_by_test_id("run-menu").click()
    page.get_by_test_id("run-changed").click()
    _answers(page, "Short enough.")
    expect(builder.node("draft")).to_have_attribute("data-kept", "true")
    expect(builder.node("review")).not_to_have_attribute("data-kept", "true")
    expect(page.get_by_test_id("kept")).to_contain_text("kept")
    newest = _runs(api, letter)[0]
    assert _asked(api, newest) == ["review"]


def test_run_changed_by_keyboard_where_nothing_changed(builder: Builder, api: Api, letter: str) -> None:
    """Ctrl Shift Enter: every node is kept, the model is asked nothing, and the answer is the same."""
    page = builder.page
    builder.go("canvas")
    builder.press("Control+Enter")
    _answers(page, "It is polite.")
    builder.go("canvas")
    builder.press("Control+Shift+Enter")
    expect(page.get_by_test_id("kept")).to_contain_text("kept")
    expect(builder.node("review")).to_have_attribute("data-kept", "true")
    _answers(page, "It is polite.")
    newest, first = _runs(api, letter)
    assert newest["parent_id"] == first["id"]
    assert newest["input_tokens"] == 0


def test_run_from_a_node_and_run_it_alone(builder: Builder, api: Api, letter: str) -> None:
    """From here: what came before is kept. Alone: nothing else runs."""
    page = builder.page
    _run(page)
    _answers(page, "It is polite.")
    _menu(builder, "review", "menu-run-from")
    expect(builder.node("draft")).to_have_attribute("data-kept", "true")
    _answers(page, "It is polite.")
    _menu(builder, "draft", "menu-run-alone")
    builder.ends("draft", "done")
    builder.ends("review", "idle")
    _answers(page, "Dear Ada.")
    assert len(_runs(api, letter)) == 3


def test_pin_an_output_and_unpin_it(builder: Builder, api: Api, letter: str) -> None:
    """A pinned node is not run again by the builder, but by a run of the API; unpinned, it runs."""
    page = builder.page
    _run(page)
    _answers(page, "It is polite.")
    _menu(builder, "draft", "menu-pin")
    expect(page.get_by_test_id("pin-draft")).to_be_visible()
    page.reload()
    builder.ready()
    expect(page.get_by_test_id("pin-draft")).to_be_visible()
    _run(page)
    expect(builder.node("draft")).to_have_attribute("data-kept", "true")
    _answers(page, "It is polite.")
    page.get_by_test_id("pin-draft").click()
    page.get_by_test_id("menu-unpin").click()
    expect(page.get_by_test_id("pin-draft")).to_have_count(0)
    assert api.get(f"/workflows/{letter}/pins") == []


def test_step_into_a_frame_and_out_of_it(builder: Builder, api: Api) -> None:
    """F11 goes to the first item inside the frame, Shift F11 to what follows the frame."""
    api.put("/models/default", {"reference": "scripted:letter"})
    builder.open(api.new(LETTERS))
    page, bar = builder.page, builder.page.get_by_test_id("stop-bar")
    page.get_by_label("Fit to view").click()
    _menu(builder, "each", "menu-break-before")
    _run(page)
    builder.ends("each", "stopped")
    builder.press("F11")
    expect(bar).to_contain_text("before Draft, item 1")
    expect(page.get_by_test_id("stop-input-name")).to_have_value("Ada")
    builder.press("F10")
    expect(bar).to_contain_text("before Draft, item 2")
    page.get_by_test_id("stop-input-name").fill("Bob")
    builder.press("Shift+F11")
    expect(bar).to_contain_text("before Finish")
    builder.ends("each", "done")
    page.get_by_test_id("debug-continue").click()
    expect(page.get_by_test_id("answer")).to_contain_text("Dear Ada.")


def test_step_into_a_sub_workflow_and_out_of_it(builder: Builder, api: Api) -> None:
    """F11 goes into the body of an attached sub-workflow, which shows the stop; what is changed there counts."""
    api.put("/models/default", {"reference": "scripted:letter"})
    builder.open(api.new(STEPS))
    page, bar = builder.page, builder.page.get_by_test_id("stop-bar")
    page.get_by_label("Fit to view").click()
    _dot(builder, "work")
    _run(page)
    builder.ends("work", "stopped")
    builder.press("F11")
    expect(bar).to_contain_text("before Draft")
    builder.ends("draft", "stopped")
    expect(page.get_by_test_id("stop-input-step")).to_have_value("Write to Ada")
    page.get_by_test_id("stop-input-step").fill("Write to Eve")
    builder.press("Shift+F11")
    expect(bar).to_contain_text("before Finish")
    page.get_by_test_id("debug-continue").click()
    _answers(page, "All is done.")
    (run,) = api.get(f"/runs?workflow={builder.workflow}")["runs"]
    (draft,) = (span for span in _spans(api, run) if span["node_id"] == "draft" and span["operation"] == "invoke_node")
    assert draft["input"]["step"] == "Write to Eve"


def test_a_stopped_run_outlives_the_server(browser: Browser, tmp_path: Path) -> None:
    """The server is killed while a run is stopped: afterwards it still stands there, and goes on."""
    with (
        serving(tmp_path) as app,
        tab(browser, app, expected=SERVER_DOWN) as builder,
    ):
        page = builder.page
        _open_letter(builder, signed_in(app, browser))
        _dot(builder, "review")
        _run(page)
        builder.ends("review", "stopped")
        app.kill()
        app.start()
        page.reload()
        builder.ready()
        builder.ends("review", "stopped")
        builder.ends("draft", "done")  # its events are gone: the trace tells
        page.get_by_test_id("stop-input-draft").fill("Please move!")
        page.get_by_test_id("debug-continue").click()
        _answers(page, "It is impolite.")


@pytest.mark.parametrize(
    ("choice", "answer"),
    [("pinned", "It is polite."), ("fork", "Short enough."), ("map", "Short enough.")],
    ids=["as it was", "forked", "mapped"],
)
def test_the_next_node_is_gone(browser: Browser, app: App, api: Api, choice: str, answer: str) -> None:
    """A run stopped before a node that was deleted meanwhile asks how to go on, and does what is chosen."""
    with tab(browser, app, expected="409") as builder:
        page = builder.page
        workflow = _open_letter(builder, api)
        _stop_before_review(builder)
        _replace_review(builder, api, workflow)
        page.get_by_test_id("debug-continue").click()
        dialog = page.get_by_test_id("changed")
        expect(dialog).to_contain_text(re.compile("review", re.IGNORECASE))
        if choice == "map":
            page.get_by_test_id("changed-map-review").select_option("verdict")
        page.get_by_test_id(f"changed-{choice}").click()
        expect(dialog).to_have_count(0)
        _answers(page, answer)
        if choice == "pinned":
            assert [run["status"] for run in _runs(api, workflow)] == ["done"]
        else:
            _forked_with_the_draft_kept(builder, api, workflow)


def test_the_next_node_is_gone_and_nothing_is_in_its_place(browser: Browser, app: App, api: Api) -> None:
    """There is nothing to map it to; left alone the run stays stopped, and a fork runs what is left."""
    with tab(browser, app, expected="409") as builder:
        page = builder.page
        workflow = _open_letter(builder, api)
        _stop_before_review(builder)
        gone = {"op": "remove_node", "id": "review"}
        connect = [
            {"op": "connect", "sort": "flow", "edge": "draft -> finish"},
            {"op": "connect", "sort": "data", "edge": "draft.answer -> finish.answer"},
        ]
        _edited_elsewhere(api, workflow, [*_disconnect_review(), gone, *connect])
        expect(builder.node("review")).to_have_count(0)
        page.get_by_test_id("debug-continue").click()
        dialog = page.get_by_test_id("changed")
        expect(page.get_by_test_id("changed-fork")).to_be_visible()
        expect(page.get_by_test_id("changed-map")).to_have_count(0)
        page.get_by_test_id("changed-leave").click()
        expect(dialog).to_have_count(0)
        assert [run["status"] for run in _runs(api, workflow)] == ["waiting"]
        page.get_by_test_id("debug-continue").click()
        page.get_by_test_id("changed-fork").click()
        expect(dialog).to_have_count(0)
        _answers(page, "Dear Ada.")
        _forked_with_the_draft_kept(builder, api, workflow)


def test_the_next_node_was_renamed(browser: Browser, app: App, api: Api) -> None:
    """A node of another name with the same kind and settings is proposed: one click goes on with it."""
    with tab(browser, app, expected="409") as builder:
        page = builder.page
        workflow = _open_letter(builder, api)
        _stop_before_review(builder)
        _replace_review(builder, api, workflow, prompt=LETTER["nodes"]["review"]["config"]["prompt"])
        page.get_by_test_id("debug-continue").click()
        expect(page.get_by_test_id("changed-map-review")).to_have_value("verdict")
        page.get_by_test_id("changed-map").click()
        expect(page.get_by_test_id("changed")).to_have_count(0)
        _answers(page, "It is polite.")
        _forked_with_the_draft_kept(builder, api, workflow)
        assert _runs(api, workflow)[0]["changes"]["map"] == {"review": "verdict"}


def _stop_before_review(builder: Builder) -> None:
    _dot(builder, "review")
    _run(builder.page)
    builder.ends("review", "stopped")


def _forked_with_the_draft_kept(builder: Builder, api: Api, workflow: str) -> None:
    """A run of its own goes out from the stopped one, which still stands; the draft was not asked for again."""
    expect(builder.node("draft")).to_have_attribute("data-kept", "true")
    fork, first = _runs(api, workflow)
    assert (fork["parent_id"], fork["status"], first["status"]) == (first["id"], "done", "waiting")
    assert "draft" not in _asked(api, fork)


def _disconnect_review() -> list[dict[str, Any]]:
    flow = ("draft -> review", "review -> finish")
    data = ("draft.answer -> review.draft", "review.answer -> finish.answer")
    return [
        *({"op": "disconnect", "sort": "flow", "edge": edge} for edge in flow),
        *({"op": "disconnect", "sort": "data", "edge": edge} for edge in data),
    ]  # fmt: skip


def _replace_review(
    builder: Builder, api: Api, workflow: str, prompt: str = "Is this short? {{draft}}"
) -> None:  # fmt: skip
    """Somebody else deletes the node that comes next and puts another in its place."""
    node = {"kind": "prompt", "config": {"prompt": prompt}, "position": [480, 0]}
    flow = ("draft -> verdict", "verdict -> finish")
    data = ("draft.answer -> verdict.draft", "verdict.answer -> finish.answer")
    ops = [
        *_disconnect_review(), {"op": "remove_node", "id": "review"}, {"op": "add_node", "id": "verdict", "node": node},
        *({"op": "connect", "sort": "flow", "edge": edge} for edge in flow),
        *({"op": "connect", "sort": "data", "edge": edge} for edge in data),
    ]  # fmt: skip
    _edited_elsewhere(api, workflow, ops)
    expect(builder.node("verdict")).to_be_visible()


def _edited_elsewhere(api: Api, workflow: str, ops: list[dict[str, Any]]) -> None:
    given = api.get(f"/workflows/{workflow}")
    batch = {"client": "other", "batches": [{"seq": 1, "ops": ops, "label": "Edit beside it"}]}
    api.call("PATCH", f"/workflows/{workflow}", batch, **{"If-Match": str(given["revision"])})
