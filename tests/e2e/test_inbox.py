"""The inbox: what waits for a person is listed, answered in place, and outlives the server."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.conftest import signed_in, tab
from tests.e2e.test_pages import PROBES

pytestmark = pytest.mark.browser

GONE: Final = PROBES + r"|WebSocket|ERR_CONNECTION|Failed to (load|fetch)"
"""What a page says while its server is away."""
FIELDS: Final = [
    {"name": "who", "title": "Who", "help": "As it stands on the list"},
    {"name": "seats", "title": "Seats", "type": "number", "minimum": 1, "maximum": 4, "whole": True},
    {"name": "day", "title": "Day", "type": "date", "required": False, "latest": "2026-12-31"},
    {"name": "extras", "title": "Extras", "type": "choices", "choices": ["Bread", "Wine"], "required": False},
    {"name": "child", "title": "With a child", "type": "boolean", "required": False},
    {"name": "note", "title": "Note", "type": "long_text", "required": False},
]


def asking(title: str, **config: Any) -> dict[str, Any]:
    """A workflow that asks, and whose answer is what was said."""
    return {
        "title": title,
        "outputs": {"answer": {"type": "text"}},
        "nodes": {
            "start": {"kind": "start", "position": [0, 0]},
            "ask": {"kind": "control.ask", "label": "Booking", "config": config, "position": [240, 0]},
            "finish": {"kind": "finish", "position": [520, 0]},
        },
        "edges": {"flow": ["start -> ask", "ask -> finish"], "data": ["ask.text -> finish.answer"]},
    }


def waiting(api: Api, document: dict[str, Any]) -> str:
    """The id of a run of a new workflow, once it waits."""
    run = str(api.post(f"/workflows/{api.new(document)}/runs", {"inputs": {}})["run_id"])
    until(api, run, "waiting")
    return run


def until(api: Api, run: str, status: str) -> dict[str, Any]:
    """The run, once it has that status."""
    for _ in range(150):
        row = api.get(f"/runs/{run}")
        if row["status"] == status:
            return row
        time.sleep(0.1)
    raise AssertionError(f"the run is {row['status']}, not {status}: {row['error']}")


def trace(api: Api, run: str) -> list[dict[str, Any]]:
    """The spans of a run that has ended, once all are written."""
    for _ in range(100):
        spans: list[dict[str, Any]] = api.get(f"/runs/{run}/spans")["spans"]
        if any(span["parent_id"] is None and span["status"] == "ok" for span in spans):
            return spans
        time.sleep(0.1)
    raise AssertionError("the trace is not whole")


def answered(api: Api, run: str) -> dict[str, Any]:
    """Who answered, as the trace has it."""
    (said,) = [span["attributes"]["answered"] for span in trace(api, run) if (span["attributes"] or {}).get("answered")]
    return said


def inbox(page: Page, url: str) -> Locator:
    """The inbox page."""
    page.goto(f"{url}/inbox")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    return page.locator(".st-key-inbox")


def link(page: Page) -> Locator:
    return page.get_by_role("link", name=re.compile("^Inbox")).first


def test_an_answer_after_the_server_was_killed(fresh: App, browser: Browser) -> None:
    """A run asks; the server is killed and started again; the answer in the inbox lets the run finish."""
    api = signed_in(fresh, browser)
    api.put("/settings/people.name", {"value": "Ann"})
    run = waiting(api, asking("Table for two", question="Under which name?", fields=FIELDS[:1]))
    fresh.kill()
    fresh.start()
    api = signed_in(fresh, browser)
    with tab(browser, fresh, expected=GONE) as opened:
        page = opened.page
        box = inbox(page, fresh.url)
        expect(link(page)).to_have_text("Inbox (1)")
        expect(box).to_contain_text("Table for two")
        expect(box).to_contain_text("Under which name?")
        page.get_by_label("Who").fill("Ada")
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
        expect(link(page)).to_have_text("Inbox")
    assert until(api, run, "done")["outputs"] == {"answer": "Ada"}
    said = answered(api, run)
    assert (said["by"], said["channel"]) == ("Ann", "browser") and said["asked_at"] < said["at"]


def test_a_form_with_every_type_of_field(app: App, api: Api, browser: Browser) -> None:
    """Wrong answers are told at their fields and lose nothing; the right ones arrive in their types."""
    run = waiting(api, asking("Every field", question="Book a table", fields=FIELDS))
    with tab(browser, app, expected=PROBES) as opened:
        page = opened.page
        box = inbox(page, app.url)
        page.get_by_label("Seats").fill("9")
        page.get_by_label("Note").fill("By the window")
        page.get_by_role("button", name="Send the answer").click()
        expect(box.locator(".fault")).to_have_count(2)
        expect(box).to_contain_text("Was not answered. Fill it in.")
        expect(box).to_contain_text("Must be 1 to 4, and is 9.")
        expect(page.get_by_label("Note")).to_have_value("By the window")
        page.get_by_label("Who").fill("Ada")
        page.get_by_label("Seats").fill("3")
        page.get_by_role("button", name="Wine").click()
        page.locator("label").filter(has_text=re.compile("^Yes$")).click()
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
    assert until(api, run, "done")["outputs"]["answer"].splitlines() == [
        "Who: Ada", "Seats: 3", "Day: ", "Extras: - Wine", "With a child: yes", "Note: By the window",
    ]  # fmt: skip


def test_two_questions_and_the_number_in_the_navigation(app: App, api: Api, browser: Browser) -> None:
    """The number is on every page and follows by itself; each question opens in place, choices are its buttons."""
    with tab(browser, app, expected=PROBES) as opened:
        page = opened.page
        page.goto(f"{app.url}/settings")
        expect(link(page)).to_have_text("Inbox")
        choices = [{"name": "yes", "title": "Book it"}, {"name": "no", "title": "Leave it"}]
        first = waiting(api, asking("First", question="One?", fields=FIELDS[:1]))
        document = asking("Second", question="Two?", fields=[], choices=choices)
        document["edges"]["flow"] = ["start -> ask", "ask.yes -> finish", "ask.no -> finish"]
        second = waiting(api, document)
        expect(link(page)).to_have_text("Inbox (2)")
        link(page).click()
        box = page.locator(".st-key-inbox")
        expect(box.get_by_role("heading", level=3)).to_have_count(2)
        box.get_by_role("button", name="Answer", exact=True).click()
        box.get_by_role("button", name="Leave it").click()
        expect(link(page)).to_have_text("Inbox (1)")
        until(api, second, "done")
        page.get_by_label("Who").fill("Ada")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
    until(api, first, "done")


def test_a_question_times_out_though_the_server_was_away(fresh: App, browser: Browser) -> None:
    """The time is over while no server runs: the next one ends the question by ``timed_out``, with nobody there."""
    api = signed_in(fresh, browser)
    document = asking("Hurry", question="Quick?", fields=FIELDS[:1], answer_within="2 s")
    document["edges"]["flow"].append("ask.timed_out -> finish")
    run = waiting(api, document)
    fresh.kill()
    time.sleep(2.5)
    fresh.start()
    api = signed_in(fresh, browser)
    assert until(api, run, "done")["outputs"] == {"answer": ""}
    assert answered(api, run)["channel"] == "timer"


def test_the_terminal_answers_beside_a_running_server(app: App, api: Api, tmp_path: Path) -> None:
    """``nodeloom inbox`` lists it, ``nodeloom answer`` hands the answer in; the server goes on with the run."""
    run = waiting(api, asking("From the terminal", question="Under which name?", fields=FIELDS[:2]))
    number = api.get(f"/runs/{run}")["number"]

    def nodeloom(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(Path(sys.executable).with_name("nodeloom")), *arguments], cwd=tmp_path, capture_output=True, text=True,
            timeout=60, env={"NODELOOM_HOME": str(app.home), "PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    assert number in nodeloom("inbox").stdout
    wrong = nodeloom("answer", number, "--field", "seats=9")
    assert (
        wrong.returncode == 2 and "'seats' must be 1 to 4" in wrong.stderr and "'who' was not answered" in wrong.stderr
    )
    done = nodeloom("answer", number, "--field", "who=Ada", "--field", "seats=3", "--by", "Bo")
    assert done.returncode == 0 and "Who: Ada" in done.stdout, done.stderr
    until(api, run, "done")
    said = answered(api, run)
    assert (said["by"], said["channel"]) == ("Bo", "terminal")


BUYER: Final[dict[str, Any]] = {
    "title": "Sums",
    "outputs": {"answer": {"type": "text"}},
    "nodes": {
        "start": {"kind": "start", "position": [0, 0]},
        "work": {"kind": "agent", "label": "Clerk", "config": {"prompt": "Add up."}, "position": [240, 0]},
        "finish": {"kind": "finish", "position": [620, 0]},
        "calc": {"kind": "tool.calculator", "position": [200, 260]},
        "guard": {"kind": "guards.approval", "config": {"question": "Check the sum."}, "position": [420, 260]},
    },
    "edges": {
        "flow": ["start -> work", "work -> finish"], "data": ["work.answer -> finish.answer"],
        "attach": ["calc -> work.tools", "guard -> work.policies"],
    },
}  # fmt: skip


def test_a_tool_call_is_allowed_after_the_server_was_killed(fresh: App, browser: Browser) -> None:
    """A person sees tool and arguments, changes them and allows the call; the model is not asked again for it."""
    # By what was said, not in order: another process begins the script anew.
    call = {"name": "calculator", "arguments": {"expression": "17+26"}}
    replies = [{"match": "44", "text": "It is done."}, {"tool_calls": [call]}]
    (fresh.home / "scripts" / "clerk.json").write_text(json.dumps({"name": "clerk", "replies": replies}))
    api = signed_in(fresh, browser)
    api.put("/models/default", {"reference": "scripted:clerk"})
    run = waiting(api, BUYER)
    fresh.kill()
    fresh.start()
    api = signed_in(fresh, browser)
    with tab(browser, fresh, expected=GONE) as opened:
        page = opened.page
        box = inbox(page, fresh.url)
        expect(box).to_contain_text("May calculator be called?")
        expect(box).to_contain_text("Check the sum.")
        field = page.get_by_label("expression")
        expect(field).to_have_value("17+26")
        field.fill("17+27")
        page.keyboard.press("Enter")
        page.wait_for_timeout(800)
        assert api.get(f"/runs/{run}")["status"] == "waiting", "Enter in a field allows nothing"
        box.get_by_role("button", name="Allow once").click()
        expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
    assert until(api, run, "done")["outputs"] == {"answer": "It is done."}
    spans = trace(api, run)
    assert [span["operation"] for span in spans].count("chat") == 2
    (made,) = [span for span in spans if span["operation"] == "execute_tool"]
    assert made["input"] == {"expression": "17+26"} and "44" in str(made["output"])
    assert made["attributes"]["approval"]["arguments"] == {"expression": "17+27"}
    assert made["attributes"]["approval"]["decision"] == "allowed"


def test_an_answer_given_just_before_a_crash_counts(fresh: App, browser: Browser) -> None:
    """The server dies the moment it has taken the answer: nobody is asked again, the run ends with that answer."""
    api = signed_in(fresh, browser)
    run = waiting(api, asking("Crash", question="Under which name?", fields=FIELDS[:1]))
    api.post(f"/runs/{run}/answer", {"answer": {"who": "Ada"}, "by": "Ann"})
    fresh.kill()
    fresh.start()
    api = signed_in(fresh, browser)
    for _ in range(100):
        row = api.get(f"/runs/{run}")
        if row["status"] == "lost":
            api.post(f"/runs/{run}/resume", {})
        assert api.get("/inbox")["count"] == 0
        if row["status"] == "done":
            break
        time.sleep(0.1)
    assert (row["status"], row["outputs"]) == ("done", {"answer": "Ada"})
